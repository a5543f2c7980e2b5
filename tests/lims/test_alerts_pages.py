"""Pages of alerts: what waits, taking it, putting it off; and an outbox that hides nothing."""
from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any

import pytest

from lims.alerts import service
from lims.alerts.models import OutboxMessage, PersonAlert
from lims.alerts.planning import plan
from lims.equipment.models import Standard
from lims.shared.clock import now, today
from lims.shared.db import session, write
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered


def overdue() -> Standard:
    by, custodian = person("head"), person("technician", "hanh")
    row = registered(by, custodian_id=custodian.id)
    certified(row, by, date(2025, 11, 1))
    plan(today())
    return row


@pytest.fixture
def manager(app: Any) -> Any:
    return logged_in(app, person("quality_manager"))


def test_an_alert_is_shown_taken_and_gone_from_the_list(manager: Any) -> None:
    row = overdue()
    assert row.asset_number in manager.get("/alerts").text
    page = manager.post("/alerts/1/acknowledge", data={"whose": "all"}, follow_redirects=True)
    assert row.asset_number not in page.text
    assert "Nguyễn qualitymanager đã nhận" in manager.get(f"/standards/{row.id}").text
    again = manager.post("/alerts/1/acknowledge", follow_redirects=True)
    assert "Đã có người nhận nhắc hạn này." in again.text


def test_an_alert_is_put_off_and_found_among_those_put_off(manager: Any) -> None:
    row = overdue()
    manager.post("/alerts/1/snooze", data={"days": "7", "reason": "chờ lịch VMI"})
    assert row.asset_number not in manager.get("/alerts").text
    page = manager.get("/alerts?show=snoozed").text
    assert "hoãn đến 30/11/2026" in page
    assert "chờ lịch VMI" in page


def test_putting_off_to_nowhere_is_refused(manager: Any) -> None:
    number = overdue().asset_number
    for typed in ({"days": ""}, {"days": "0"}, {"days": "999"}, {"until": "31/02/2027"}):
        page = manager.post("/alerts/1/snooze", data=typed | {"reason": "x"}, follow_redirects=True)
        assert "không quá 90 ngày" in page.text
        assert number in page.text


def test_a_custodian_sees_their_own_alerts_and_others_none(app: Any) -> None:
    row = overdue()
    other = logged_in(app, person("technician", "toan"))
    assert row.asset_number not in other.get("/alerts").text
    assert row.asset_number in other.get("/alerts?whose=all").text


def test_what_ends_for_another_person_is_taken_by_them_or_by_who_answers_for_competence(app: Any, manager: Any) -> None:
    minh, hanh = person("technician", "minh"), person("technician", "hanh")
    with write("alerts.plan", actor=("", "test")) as current:
        current.add_all(PersonAlert(user_id=minh.id, kind="need", subject_id=at, label="An toàn", stage=30,
                                    due_on=date(2026, 12, 20), created_at=now()) for at in (1, 2))
    for window, taken in ((logged_in(app, hanh), []), (logged_in(app, minh), [1]), (manager, [1, 2])):
        window.post(f"/alerts/people/{len(taken) or 1}/acknowledge")
        session().rollback()
        assert [row.id for row in session().query(PersonAlert).order_by(PersonAlert.id) if row.acknowledged_at] == taken


def test_the_outbox_says_that_nothing_was_sent_without_a_server(app: Any, manager: Any) -> None:
    overdue()
    service.send_due()
    page = manager.get("/alerts/outbox").text
    assert "chưa thư nào được gửi" in page
    assert "hanh@example.test" in page
    assert "Đã gửi" not in page


def test_the_outbox_shows_why_a_message_was_not_taken(app: Any, manager: Any) -> None:
    overdue()
    with write("test", actor=("", "test")):
        session().get_one(OutboxMessage, 1).last_error = "SMTPDataError: (451, b'try again')"
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], smtp_url="smtp://127.0.0.1:1")
    page = manager.get("/alerts/outbox?show=waiting").text
    assert "451" in page
    assert "Chưa đặt máy chủ thư" not in page
