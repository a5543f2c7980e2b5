"""Alerts: which stage is announced when, to whom, once; and what a person can do with one."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from lims.alerts import service
from lims.alerts.models import Alert, OutboxMessage
from lims.alerts.planning import plan
from lims.auth.models import User
from lims.auth.service import set_active
from lims.equipment import schedules
from lims.equipment.service import change_state
from lims.shared import clock as lims_clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from tests.lims.people import person
from tests.lims.standards import certified, registered

TODAY = date(2026, 11, 23)
CALIBRATED = {60: date(2026, 1, 22), 30: date(2025, 12, 23), 7: date(2025, 11, 30), 0: date(2025, 11, 23),
              -1: date(2025, 11, 22)}
"""Stage reached on TODAY -> day of the last yearly calibration."""


def due_in_stage(by: User, stage: int, **other: Any) -> Any:
    standard = registered(by, f"CH-{stage + 1}", **other)
    certified(standard, by, CALIBRATED[stage])
    return standard


def announced() -> list[tuple[str, int]]:
    rows = session().scalars(sa.select(Alert).order_by(Alert.id)).unique()
    return [(row.standard.asset_number, row.stage) for row in rows]


def messages() -> list[OutboxMessage]:
    return list(session().scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.mark.parametrize("stage", CALIBRATED)
def test_each_stage_is_announced_on_its_first_day_and_not_before(app: Any, clock: Any, stage: int) -> None:
    by = person("quality_manager")
    due_in_stage(by, stage)
    plan(TODAY - timedelta(days=1))
    before = announced()
    plan(TODAY)
    assert announced()[len(before):] == [(f"CH-{stage + 1}", stage)]


def test_planning_again_announces_nothing_twice(app_on_both: Any) -> None:
    by = person("quality_manager")
    due_in_stage(by, 7)
    assert [plan(TODAY), plan(TODAY), plan(TODAY + timedelta(days=1))] == [1, 0, 0]
    assert len(messages()) == 1


def test_planners_at_the_same_instant_make_each_alert_once(app_on_both: Any) -> None:
    by = person("quality_manager")
    for stage in CALIBRATED:
        due_in_stage(by, stage)
    together = Barrier(4)

    def planner(_number: int) -> int:
        with app_on_both.app_context():
            together.wait(30)
            return plan(TODAY)

    with ThreadPoolExecutor(4) as pool:
        planned = list(pool.map(planner, range(4)))
    session().rollback()
    assert sum(planned) == 5
    assert (len(announced()), len(messages())) == (5, 1)


def test_the_alert_and_its_message_come_together_or_not_at_all(app_on_both: Any,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    by = person("quality_manager")
    due_in_stage(by, 7)
    monkeypatch.setattr("lims.alerts.planning.body", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plan(TODAY)
    assert (announced(), messages()) == ([], [])


def test_mail_goes_to_the_custodian(app: Any) -> None:
    by, custodian = person("quality_manager"), person("technician")
    due_in_stage(by, 30, custodian_id=custodian.id)
    plan(TODAY)
    assert [row.recipient for row in messages()] == [custodian.email]


@pytest.mark.parametrize("leaves", [True, False])
def test_without_an_active_custodian_mail_goes_to_every_quality_manager(app: Any, leaves: bool) -> None:
    first, second, custodian = person("quality_manager", "thu"), person("quality_manager", "ha"), person("technician")
    due_in_stage(first, 30, custodian_id=custodian.id if leaves else None)
    set_active(custodian.id, False, "nghỉ việc")
    plan(TODAY)
    assert {row.recipient for row in messages()} == {first.email, second.email}


def test_an_alert_that_nobody_could_get_is_written_when_somebody_can(app_on_both: Any) -> None:
    by = person("head")
    due_in_stage(by, 7)
    plan(TODAY)
    assert (len(announced()), messages()) == (1, [])
    manager = person("quality_manager")
    plan(TODAY)
    assert [row.recipient for row in messages()] == [manager.email]


def test_the_message_says_what_where_when_in_the_language_of_the_person(app: Any) -> None:
    by = person("quality_manager")
    standard = due_in_stage(by, -1)
    plan(TODAY)
    (message,) = messages()
    assert message.subject == "CH-0: hiệu chuẩn QUÁ HẠN (22/11/2026)"
    assert f"http://127.0.0.1:8000/standards/{standard.id}" in message.body
    assert all(word in message.body for word in ("Áp kế chuẩn hiện số", "S-CH-0", "Tủ chuẩn 2", "22/11/2026"))


def test_a_retired_standard_is_not_announced(app: Any) -> None:
    by = person("quality_manager")
    change_state(due_in_stage(by, -1).id, "retired", "hỏng", expected="in_use", by=by)
    assert plan(TODAY) == 0


def test_a_standard_never_calibrated_is_announced_as_due_from_its_first_day(app: Any) -> None:
    registered(person("quality_manager"))
    plan(TODAY)
    plan(TODAY + timedelta(days=1))
    assert announced() == [("CH-AS-014", 0), ("CH-AS-014", -1)]


def test_checks_and_maintenance_are_announced_beside_the_calibration(app: Any) -> None:
    by = person("quality_manager")
    standard = due_in_stage(by, 60)
    schedules.set_schedule(standard.id, "intermediate_check", interval_count=3, interval_unit="months",
                           last_done_on=date(2026, 8, 30))
    plan(TODAY)
    assert sorted((row.duty, row.stage) for row in service.open_alerts(by)) == [
        ("calibration", 60), ("intermediate_check", 7)]


def test_an_alert_settles_itself_when_the_duty_is_done_or_a_nearer_stage_comes(app_on_both: Any) -> None:
    by = person("quality_manager")
    standard = due_in_stage(by, 60)
    plan(TODAY)
    plan(TODAY + timedelta(days=30))
    assert [row.stage for row in service.open_alerts(by)] == [30]
    certified(standard, by, TODAY)
    assert (service.open_alerts(by), service.count_open(by)) == ([], 0)


def test_an_acknowledged_alert_is_closed_and_the_next_stage_opens_again(app_on_both: Any) -> None:
    by, technician = person("quality_manager"), person("technician")
    due_in_stage(by, 30, custodian_id=technician.id)
    plan(TODAY)
    (alert,) = service.open_alerts(technician)
    service.acknowledge(alert.id, by=technician)
    assert service.count_open(technician) == 0
    with pytest.raises(Conflict):
        service.acknowledge(alert.id, by=by)
    plan(TODAY + timedelta(days=23))
    assert [row.stage for row in service.open_alerts(technician)] == [7]


def test_a_snoozed_alert_comes_back_on_its_day(app_on_both: Any, clock: Any) -> None:
    by = person("quality_manager")
    due_in_stage(by, 30)
    plan(TODAY)
    (alert,) = service.open_alerts(by)
    service.snooze(alert.id, TODAY + timedelta(days=3), reason="chờ VMI báo lịch", by=by)
    assert (service.count_open(by), len(service.open_alerts(by, snoozed=True))) == (0, 1)
    clock.advance(days=3)
    assert service.count_open(by) == 1


def test_an_alert_is_not_put_off_to_the_past_or_for_ever(app: Any) -> None:
    by = person("quality_manager")
    due_in_stage(by, 30)
    plan(TODAY)
    (alert,) = service.open_alerts(by)
    alert_id = alert.id
    for days in (0, -1, 91):
        with pytest.raises(Invalid):
            service.snooze(alert_id, lims_clock.today() + timedelta(days=days), reason="x", by=by)


def test_everybody_sees_the_alerts_in_their_care_and_overseers_all(app: Any) -> None:
    by, hanh, toan = person("quality_manager"), person("technician", "hanh"), person("technician", "toan")
    due_in_stage(by, 30, custodian_id=hanh.id)
    plan(TODAY)
    assert [service.count_open(one) for one in (by, hanh, toan)] == [1, 1, 0]
    assert len(service.open_alerts(toan, everybody=True)) == 1
