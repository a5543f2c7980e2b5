"""The calendar feed: who holds the address sees the due dates of its owner, nobody else sees anything."""
from __future__ import annotations

import re
from datetime import date
from typing import Any

from icalendar import Calendar

from lims.alerts.calendar import new_address
from lims.auth.models import User
from lims.auth.service import set_active
from lims.shared.db import session
from lims.staff import overview, records
from lims.staff.service import add_card
from tests.lims import factories
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered


def events(app: Any, token: str) -> list[tuple[str, date]]:
    response = app.test_client().get(f"/calendar/{token}.ics")
    assert (response.status_code, response.mimetype) == (200, "text/calendar")
    found = Calendar.from_ical(response.data)
    return [(str(event["summary"]), event.decoded("dtstart")) for event in found.walk("VEVENT")]


def two_custodians() -> tuple[User, User]:
    by, hanh, toan = person("quality_manager"), person("technician", "hanh"), person("technician", "toan")
    for number, owner, day in (("CH-ĐN-1", hanh, date(2025, 12, 1)), ("CH-2", toan, date(2025, 11, 1))):
        certified(registered(by, number, custodian_id=owner.id), by, day)
    registered(by, "CH-3")
    return by, hanh


def test_a_custodian_gets_their_own_due_dates_and_the_quality_manager_all(app: Any) -> None:
    by, hanh = two_custodians()
    assert events(app, new_address(hanh)) == [("CH-ĐN-1 Áp kế chuẩn hiện số: hiệu chuẩn", date(2026, 12, 1))]
    assert [day for _summary, day in events(app, new_address(by))] == [date(2026, 11, 1), date(2026, 12, 1)]


def test_dates_of_people_come_along_for_the_person_and_for_who_oversees_all(app: Any, clock: Any) -> None:
    by, hanh, toan = person("quality_manager"), person("technician", "hanh"), person("technician", "toan")
    for user, number in ((hanh, "01"), (toan, "02")):
        add_card(user_id=user.id, number=number, field="Áp suất", issued_by="Sở", valid_from=date(2024, 1, 1),
                 valid_to=date(2028, 12, 31))
    factories.authorise(hanh, "QT-AS-01", valid_to=date(2027, 6, 30))
    factories.authorise(hanh, "QT-AS-02")
    records.add_need(hanh.id, text="Kiểm định cân ô tô", procedure_code="", target_on=date(2027, 3, 1), by=by)
    records.end_card(overview.personal(toan, date(2026, 11, 23)).cards[0].id, "nghỉ", by=by)
    own = [("Nhu cầu đào tạo: Kiểm định cân ô tô", date(2027, 3, 1)), ("Ủy quyền: QT-AS-01", date(2027, 6, 30)),
           ("Thẻ kiểm định viên: 01 (Áp suất)", date(2028, 12, 31))]
    assert events(app, new_address(hanh)) == own
    assert events(app, new_address(by)) == [(f"Nguyễn hanh – {text}", on) for text, on in own]
    assert events(app, new_address(toan)) == []


def test_a_new_address_ends_the_one_before_and_a_locked_account_ends_both(app: Any) -> None:
    _by, hanh = two_custodians()
    first, second = new_address(hanh), new_address(hanh)
    client = app.test_client()
    assert [client.get(f"/calendar/{token}.ics").status_code for token in (first, second)] == [404, 200]
    set_active(hanh.id, False, "nghỉ việc")
    session().rollback()
    assert client.get(f"/calendar/{second}.ics").status_code == 404


def test_a_guessed_address_is_not_found(app: Any) -> None:
    assert app.test_client().get("/calendar/abc.ics").status_code == 404


def test_the_address_is_shown_once(app: Any) -> None:
    client = logged_in(app, person("technician"))
    shown = client.post("/alerts/calendar", follow_redirects=True).text
    found = re.search(r"/calendar/([\w-]{32})\.ics", shown)
    assert found is not None
    assert events(app, found[1]) == []
    assert found[1] not in client.get("/alerts").text
