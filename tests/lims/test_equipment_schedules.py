"""Schedules of a standard: several at once, by the calendar or by use; their calendar, plan and costs."""
from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import python_calamine

from lims.equipment import facts, plan, schedules, uses
from lims.equipment.models import Schedule, Standard, UseRecord
from lims.equipment.recall import due_list
from lims.equipment.schedules import Terms
from lims.jobs import standard_uses
from lims.shared import clock
from lims.shared.clock import LOCAL_ZONE
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from tests.lims.factories import filled
from tests.lims.laboratory import opened, reopen, submit_again
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

TODAY = date(2026, 11, 23)


def of(standard: Standard, duty: str, label: str = "") -> Schedule:
    session().expire_all()
    return next(row for row in session().get_one(Standard, standard.id).schedules
                if (row.duty, row.label) == (duty, label))


def test_one_standard_has_several_independent_schedules(app_on_both: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    certified(standard, by, date(2026, 2, 28))
    schedules.set_schedule(standard.id, "maintenance", interval_count=2, interval_unit="weeks",
                           last_done_on=date(2026, 11, 16))
    schedules.set_schedule(standard.id, "maintenance", label="thay pin", interval_count=1, interval_unit="years",
                           last_done_on=date(2024, 2, 29))
    dues = {(row.duty, row.label): row.due_on for row in of(standard, "calibration").standard.schedules}
    assert dues == {("calibration", ""): date(2027, 2, 28), ("maintenance", ""): date(2026, 11, 30),
                    ("maintenance", "thay pin"): date(2025, 2, 28)}
    schedules.record_duty(standard.id, "maintenance", label="thay pin", done_on=TODAY, passed=True, note="", by=by)
    assert of(standard, "maintenance", "thay pin").due_on == date(2027, 11, 23)
    assert of(standard, "maintenance").due_on == date(2026, 11, 30)


def test_a_calibration_by_use_ends_the_certificate_on_the_day_the_log_reaches_it(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    certificate = certified(standard, by, date(2026, 6, 1))
    schedules.set_schedule(standard.id, "calibration", label="theo lần dùng", interval_count=3, interval_unit="uses")
    uses.log_use(standard.id, unit="uses", amount=Decimal(2), used_on=date(2026, 7, 1), note="", by=by)
    assert of(standard, "calibration").due_on == date(2027, 6, 1)
    uses.log_use(standard.id, unit="uses", amount=Decimal(1), used_on=date(2026, 8, 1), note="", by=by)
    assert of(standard, "calibration").due_on == date(2026, 8, 1)
    session().expire_all()
    row = session().get_one(Standard, standard.id)
    assert facts.valid_through(row, row.certificates[0]) == date(2026, 8, 1)
    certified(standard, by, date(2026, 9, 1))
    assert of(standard, "calibration").due_on == date(2027, 9, 1)
    assert of(standard, "calibration", "theo lần dùng").used == 0
    assert certificate.calibrated_on == date(2026, 6, 1)


def test_a_submitted_sheet_is_one_use_of_its_standards_and_the_hours_it_took(app_on_both: Any) -> None:
    sheet = filled()
    standard, by = sheet.standards[0].standard, sheet.performed_by
    for unit, limit in (("uses", 2), ("hours", 100)):
        schedules.set_schedule(standard.id, "maintenance", label=unit, interval_count=limit, interval_unit=unit,
                               last_done_on=date(2026, 7, 1))
    assert of(standard, "maintenance", "uses").used == 0
    submit_again(sheet.item, by)
    counted = uses.sheets_of(of(standard, "maintenance", "uses").standard)
    assert [one.code for one in counted.newest] == [sheet.item.code]
    assert of(standard, "maintenance", "uses").used == counted.number == 1
    assert of(standard, "maintenance", "hours").used == counted.hours
    reopen(sheet.item)
    submit_again(sheet.item, by)
    assert of(standard, "maintenance", "uses").used == 1
    with pytest.raises(Invalid) as twice:
        uses.log_use(standard.id, unit="uses", amount=Decimal(1), used_on=sheet.performed_on, note="", by=by)
    assert twice.value.field == "note"
    assert sheet.item.code in str(twice.value)
    uses.log_use(standard.id, unit="uses", amount=Decimal(1), used_on=sheet.performed_on, note="đào tạo", by=by)
    assert of(standard, "maintenance", "uses").due_on == sheet.performed_on
    page = logged_in(app_on_both, person("quality_manager")).get(f"/standards/{standard.id}/uses").text
    assert sheet.item.code in page
    assert by.full_name in page


def test_a_use_typed_before_sheets_counted_by_themselves_does_not_count_twice(app: Any) -> None:
    sheet = filled()
    standard, by = sheet.standards[0].standard, sheet.performed_by
    schedules.set_schedule(standard.id, "maintenance", interval_count=9, interval_unit="uses",
                           last_done_on=date(2026, 7, 1))
    with write("test", actor=("", "")) as current:
        current.add(UseRecord(standard_id=standard.id, used_on=sheet.performed_on, unit="uses", amount=Decimal(3),
                              beside_sheets=False, at=clock.now(), by_id=by.id))
    submit_again(sheet.item, by)
    assert of(standard, "maintenance").used == 3
    uses.log_use(standard.id, unit="uses", amount=Decimal(1), used_on=sheet.performed_on, note="đào tạo", by=by)
    assert of(standard, "maintenance").used == 4


@pytest.mark.parametrize(("ended", "hours"), [((19, 11, 0), "02:00"), ((20, 9, 0), "08:30")])
def test_a_sheet_handed_in_on_another_day_used_its_standard_to_the_end_of_the_working_day(
        app: Any, ended: tuple[int, int, int], hours: str) -> None:
    begun = datetime(2026, 11, 19, 9, 0, tzinfo=LOCAL_ZONE)
    day, hour, minute = ended
    begin, end = standard_uses._measured(begun.date(), begun, datetime(2026, 11, day, hour, minute, tzinfo=LOCAL_ZONE))
    assert begin == begun
    assert f"{(end - begin).seconds // 3600:02d}:{(end - begin).seconds % 3600 // 60:02d}" == hours


def test_an_hour_meter_goes_before_what_was_counted_and_a_lower_readout_says_why(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    schedules.set_schedule(standard.id, "maintenance", interval_count=100, interval_unit="hours",
                           last_done_on=date(2026, 7, 1))
    def readout(value: str, day: int, note: str = "") -> None:
        uses.log_readout(standard.id, readout=Decimal(value), used_on=date(2026, 8, day), note=note, by=by)
    readout("1200", 1)
    uses.log_use(standard.id, unit="hours", amount=Decimal(9), used_on=date(2026, 8, 3), note="", by=by)
    readout("1230", 5)
    assert of(standard, "maintenance").used == 30
    with pytest.raises(Invalid) as wrong:
        readout("3", 9)
    assert wrong.value.field == "amount"
    readout("3", 9, "thay đồng hồ")
    readout("8", 11)
    assert of(standard, "maintenance").used == 35
    with pytest.raises(Invalid) as early:
        readout("50", 11)
    assert early.value.field == "used_on"


def test_the_main_calibration_is_one_of_the_calendar_and_never_stops(app: Any) -> None:
    standard = registered(person("quality_manager"))
    with pytest.raises(Invalid) as wrong:
        schedules.set_schedule(standard.id, "calibration", interval_count=5, interval_unit="uses")
    assert wrong.value.field == "interval_unit"
    with pytest.raises(Invalid):
        schedules.set_schedule(standard.id, "calibration", interval_count=5, interval_unit="months", active=False)


@pytest.mark.parametrize(("amount", "unit", "used_on", "note", "field"), [
    (Decimal(0), "hours", TODAY, "", "amount"), (Decimal("1.5"), "uses", TODAY, "", "amount"),
    (Decimal(1), "uses", date(2026, 11, 24), "", "used_on"), (Decimal(-1), "uses", TODAY, "", "note"),
    (Decimal(1), "months", TODAY, "", "unit")])
def test_a_wrong_entry_of_the_log_is_refused_at_its_field(app: Any, amount: Decimal, unit: str, used_on: date,
                                                          note: str, field: str) -> None:
    by = person("quality_manager")
    with pytest.raises(Invalid) as wrong:
        uses.log_use(registered(by).id, unit=unit, amount=amount, used_on=used_on, note=note, by=by)
    assert wrong.value.field == field


@pytest.fixture
def laboratory(app: Any) -> tuple[Any, Standard]:
    """Two gauges: one calibrated outside for 3,200,000 đồng and checked quarterly by somebody else, one overdue."""
    opened()
    by = person("quality_manager")
    other = person("technician", "ktv")
    standard = registered(by, custodian_id=by.id)
    certified(standard, by, date(2026, 1, 31))
    schedules.set_schedule(standard.id, "calibration", interval_count=12, interval_unit="months",
                           terms=Terms(provider="Viện Đo lường", cost=Decimal(3_200_000), team="Tổ Áp suất"))
    schedules.set_schedule(standard.id, "intermediate_check", interval_count=3, interval_unit="months",
                           last_done_on=date(2026, 10, 31), terms=Terms(responsible_id=other.id))
    late = registered(by, "CH-AS-009", custodian_id=by.id)
    certified(late, by, date(2025, 10, 1))
    return logged_in(app, by), standard


def test_the_plan_repeats_from_the_origin_and_puts_what_is_late_on_today(laboratory: tuple[Any, Standard]) -> None:
    lines = plan.planned(date(2026, 1, 1), date(2027, 12, 31), TODAY)
    told = [(line.on, line.asset_number, line.duty, line.late, line.repeated) for line in lines]
    check = "intermediate_check"
    assert told == [
        (date(2026, 11, 23), "CH-AS-009", "calibration", True, False),
        (date(2027, 1, 31), "CH-AS-014", "calibration", False, False),
        (date(2027, 1, 31), "CH-AS-014", check, False, False),
        (date(2027, 4, 30), "CH-AS-014", check, False, True),
        (date(2027, 7, 31), "CH-AS-014", check, False, True),
        (date(2027, 10, 31), "CH-AS-014", check, False, True),
        (date(2027, 11, 23), "CH-AS-009", "calibration", False, True)]
    (january,) = [month for month in plan.months(lines, date(2027, 1, 1), 12) if month.cost]
    assert (january.first, january.cost, january.number) == (date(2027, 1, 1), Decimal(3_200_000), 2)
    assert plan.by_provider(lines) == [("Viện Đo lường", 1, Decimal(3_200_000))]


def test_the_due_list_of_a_person_holds_what_that_person_must_act_on(laboratory: tuple[Any, Standard]) -> None:
    session().expire_all()
    checker = of(laboratory[1], "intermediate_check").responsible_id
    own = due_list(TODAY, 400, acts_id=checker)
    assert [(line.standard.asset_number, line.schedule.duty) for line in own] == [("CH-AS-014", "intermediate_check")]
    keeper = laboratory[1].custodian_id
    assert [line.schedule.duty for line in due_list(TODAY, 400, acts_id=keeper)] == ["calibration", "calibration"]


@pytest.mark.parametrize(("address", "told"), [
    ("/standards/calendar?month=2027-01", "CH-AS-014"),
    ("/standards/calendar?month=2027-02&view=quarter", "31/01/2027"),
    ("/standards/plan?year=2027&of=1", "3.200.000"), ("/standards/plan?year=2026", "quá hạn"),
    ("/standards/calendar?month=2027-99&person=x", "hôm nay"), ("/standards/plan?year=1&of=44", "2026"),
    ("/standards/due?within=90", "Nguyễn ktv")])
def test_calendar_and_plan_show_the_duties(laboratory: tuple[Any, Standard], address: str, told: str) -> None:
    page = laboratory[0].get(address)
    assert page.status_code == 200
    assert told in page.text


def test_the_plan_is_printed_and_exported(laboratory: tuple[Any, Standard]) -> None:
    client, _standard = laboratory
    assert client.get("/standards/plan.pdf?year=2027").data.startswith(b"%PDF-")
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(client.get("/standards/plan.xlsx?year=2027").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 6
    assert 3_200_000 in rows[1]


def test_a_schedule_of_its_own_is_set_and_used_on_the_pages(laboratory: tuple[Any, Standard]) -> None:
    client, standard = laboratory
    address = f"/standards/{standard.id}/schedules/maintenance"
    wrong = client.post(f"{address}?new=1", data={"label": "", "interval_count": "0", "interval_unit": "hours"})
    assert wrong.status_code == 422
    client.post(f"{address}?new=1", data={
        "label": "thay dầu", "interval_count": "300", "interval_unit": "hours", "last_done_on": "01/11/2026",
        "active": "y", "cost": "250 000"})
    row = of(standard, "maintenance", "thay dầu")
    assert (row.interval_count, row.cost) == (300, Decimal(250000))
    client.post(f"/standards/{standard.id}/uses", data={"used_on": "20/11/2026", "amount": "12,5", "unit": "hours"})
    assert of(standard, "maintenance", "thay dầu").used == Decimal("12.5")
    assert "12,5 / 300" in client.get(f"/standards/{standard.id}/uses").text
    assert client.get(f"{address}?label=khác").status_code == 404
    done = client.post(f"{address}/done?label=thay+dầu", data={"done_on": "22/11/2026", "passed": "y"})
    assert done.status_code == 303
    assert of(standard, "maintenance", "thay dầu").used == 0


def test_only_who_keeps_the_register_changes_schedules(laboratory: tuple[Any, Standard], app: Any) -> None:
    for client, status in ((app.test_client(), 302), (logged_in(app, person("reception")), 403)):
        assert client.get(f"/standards/{laboratory[1].id}/uses").status_code == status


@pytest.mark.parametrize("duty", ["calibration", "intermediate_check", "maintenance"])
def test_the_form_of_every_duty_opens(laboratory: tuple[Any, Standard], duty: str) -> None:
    for address in (f"schedules/{duty}", f"schedules/{duty}?new=1", "edit"):
        assert laboratory[0].get(f"/standards/{laboratory[1].id}/{address}").status_code == 200
