"""One message per person and day; what is not done is told to those above; putting off says who and why."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lims.alerts import calendar, service
from lims.alerts.models import Alert, AlertNotice, OutboxMessage
from lims.alerts.planning import plan
from lims.equipment import schedules
from lims.equipment.schedules import Terms
from lims.equipment.selection import assess
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.web.home import due_schedules
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered
from tests.lims.test_equipment_record import need

TODAY = date(2026, 11, 23)
YEAR_AND_A_DAY = date(2025, 11, 22)


def messages() -> list[tuple[str, str]]:
    rows = session().scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.recipient, row.subject) for row in rows]


def test_everything_of_a_day_comes_in_one_message_and_the_rest_on_the_next(app_on_both: Any) -> None:
    by, keeper = person("quality_manager"), person("technician", "ktv")
    for number in range(3):
        certified(registered(by, f"CH-{number}", custodian_id=keeper.id), by, YEAR_AND_A_DAY)
    assert (plan(TODAY), messages()) == (3, [(keeper.email, "Chuẩn: 3 việc cần làm, 3 QUÁ HẠN")])
    body = session().scalars(sa.select(OutboxMessage.body)).one()
    assert [f"CH-{number} – " in body for number in range(3)] == [True] * 3
    certified(registered(by, "CH-9", custodian_id=keeper.id), by, YEAR_AND_A_DAY)
    assert (plan(TODAY), len(messages())) == (1, 1)
    assert (plan(TODAY + timedelta(days=1)), len(messages())) == (0, 2)
    assert (plan(TODAY + timedelta(days=1)), len(messages())) == (0, 2)
    assert session().scalar(sa.select(sa.func.count()).select_from(AlertNotice)) == 4


def test_who_is_named_in_the_schedule_gets_the_message_and_finds_it_in_every_list(app: Any) -> None:
    by, keeper, other = person("quality_manager"), person("technician", "ktv"), person("technician", "ktv2")
    standard = registered(by, custodian_id=keeper.id)
    certified(standard, by, TODAY)
    schedules.set_schedule(standard.id, "maintenance", label="thay pin", interval_count=1, interval_unit="weeks",
                           last_done_on=TODAY - timedelta(days=8), terms=Terms(responsible_id=other.id))
    plan(TODAY)
    assert messages() == [(other.email, "CH-AS-014: bảo dưỡng (thay pin) QUÁ HẠN (22/11/2026)")]
    assert [len(service.open_alerts(one)) for one in (by, keeper, other)] == [1, 0, 1]
    assert [one.stage for one in session().scalars(service.found(other, "", everybody=False))] == [-1]
    assert [due_schedules(TODAY, one.id)[:1] != [] for one in (keeper, other)] == [False, True]
    shown = logged_in(app, other).get("/alerts").text
    assert ">Nguyễn ktv2</td>" in shown
    assert "Bảo dưỡng (thay pin)" in logged_in(app, other).get("/").text
    assert "bảo dưỡng (thay pin)".encode() in calendar.due_dates(other)
    assert "bảo dưỡng".encode() not in calendar.due_dates(keeper)


def test_what_is_not_done_is_told_to_those_above_once_even_when_put_off(app_on_both: Any, clock: Any) -> None:
    by, head, keeper = person("quality_manager"), person("head"), person("technician", "ktv")
    standard = registered(by, custodian_id=keeper.id)
    certified(standard, by, YEAR_AND_A_DAY)
    plan(TODAY)
    (alert,) = session().scalars(sa.select(Alert)).unique()
    service.snooze(alert.id, TODAY + timedelta(days=60), reason="bận", by=keeper)
    (told,) = assess([standard.id], need(), TODAY)[standard.id].reasons
    assert (told.code, told.hard) == ("overdue", True)
    assert plan(TODAY + timedelta(days=6)) == 0
    assert plan(TODAY + timedelta(days=7)) == 1
    assert [plan(TODAY + timedelta(days=days)) for days in (7, 8, 30)] == [0, 0, 0]
    assert sorted(recipient for recipient, _subject in messages()[1:]) == sorted([by.email, head.email])
    assert {subject for _to, subject in messages()[1:]} == {
        "CH-AS-014: hiệu chuẩn QUÁ HẠN, CHƯA AI LÀM (22/11/2026)"}


def test_done_in_time_nobody_above_is_told(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    certified(standard, by, YEAR_AND_A_DAY)
    plan(TODAY)
    certified(standard, by, TODAY)
    assert plan(TODAY + timedelta(days=30)) == 0


def test_putting_off_needs_a_reason(app: Any) -> None:
    by = person("quality_manager")
    certified(registered(by), by, YEAR_AND_A_DAY)
    plan(TODAY)
    with pytest.raises(Invalid) as wrong:
        service.snooze(1, TODAY + timedelta(days=3), reason=" ", by=by)
    assert wrong.value.field == "reason"
    page = logged_in(app, by).post("/alerts/1/snooze", data={"days": "3"}, follow_redirects=True)
    assert "Hãy ghi lý do." in page.text
