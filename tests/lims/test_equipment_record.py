"""The record of a standard: check before first use, events and documents, functions, parts, reservations, files."""
from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from instruments.sheet import SlotNeed
from instruments.words import Words
from lims.equipment import functions, records, reservations, service
from lims.equipment.functions import FunctionDetails
from lims.equipment.models import Schedule, Standard, StandardCertificate
from lims.equipment.records import Event
from lims.equipment.selection import Circumstances, assess, candidates
from lims.equipment.table import TypedRow
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from lims.shared.files import StoredFile
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, details, registered

TODAY = date(2026, 11, 23)
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n"
DCC = (Path(__file__).parents[1] / "certificates" / "dcc_examples" / "valid.xml").read_bytes()


def need(quantity: str = "pressure", unit: str = "bar", lower: float | None = 0, upper: float | None = 10) -> SlotNeed:
    return SlotNeed("ref", Words("Chuẩn", "Standard"), quantity, unit, lower, upper, None, 1, 1)


def codes(standard_id: int, slot: SlotNeed | None = None, on: date = TODAY, **around: Any) -> list[str]:
    session().expire_all()
    return [reason.code for reason in assess([standard_id], slot or need(), on, Circumstances(**around))[
        standard_id].reasons]


def again(standard: Standard) -> Standard:
    session().expire_all()
    return session().get_one(Standard, standard.id)


def test_a_new_standard_is_not_selectable_until_its_check_has_passed(app_on_both: Any) -> None:
    by = person("quality_manager")
    standard = service.register_standard(details(), interval_count=12, interval_unit="months", by=by, awaits_check=True)
    certified(standard, by, date(2026, 6, 1))
    assert codes(standard.id) == ["state"]
    with pytest.raises(Conflict):
        service.change_state(standard.id, "in_use", "cứ dùng", expected="out_of_service", by=by)
    records.commission(standard.id, on=TODAY, passed=False, text="Lệch 0,3 bar ở 10 bar", by=by)
    assert codes(standard.id) == ["state"]
    records.commission(standard.id, on=TODAY, passed=True, text="So với CH-AS-003, lệch 0,01 bar", by=by)
    assert codes(standard.id) == []
    with pytest.raises(Conflict):
        records.commission(standard.id, on=TODAY, passed=True, text="lần nữa", by=by)
    assert [event.passed for event in records.events(standard.id)] == [True, False]


def test_damage_quarantines_and_a_move_keeps_where_it_was(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by)
    certified(standard, by, date(2026, 6, 1))
    records.add_event(standard.id, Event(kind="moved", on=TODAY, text="Ra phòng Áp suất", place="Phòng Áp suất"), by=by)
    records.add_event(standard.id, Event(kind="modification", on=TODAY, text="Nâng cấp", software="2.1",
                                         cost=Decimal(500000), file=("a.pdf", PDF)), by=by)
    row = again(standard)
    assert (row.location, row.software, row.state) == ("Phòng Áp suất", "2.1", "in_use")
    records.add_event(standard.id, Event(kind="damage", on=TODAY, text="Rơi"), by=by)
    assert (again(standard).state, codes(standard.id)) == ("quarantined", ["state"])
    service.change_standard(standard.id, details(location="Kho B", software="2.2"), 0, by=person("technician", "ktv"))
    service.change_standard(standard.id, details(location="Kho B", software="2.2", note="x"), 0, by=by)
    told = [(one.kind, one.text, one.place, one.software, one.by.username) for one in records.events(standard.id)[:2]]
    assert told == [("modification", "2.1 → 2.2", "", "2.2", "ktv"),
                    ("moved", "Phòng Áp suất → Kho B", "Kho B", "", "ktv")]
    with pytest.raises(Exception, match="append-only"), app.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(sa.text("UPDATE standard_event SET text = 'x'"))


@pytest.mark.parametrize(("event", "field"), [
    (Event(kind="moved", on=TODAY, text="x"), "place"), (Event(kind="document", on=TODAY, text="x"), "file"),
    (Event(kind="note", on=TODAY, text=" "), "text"), (Event(kind="rumour", on=TODAY, text="x"), "kind"),
    (Event(kind="note", on=date(2026, 11, 24), text="x"), "on"),
    (Event(kind="repair", on=TODAY, text="x", cost=Decimal(-1)), "cost"),
    (Event(kind="document", on=TODAY, text="x", file=("x.pdf", b"MZ")), "file")])
def test_a_wrong_event_is_refused_at_its_field(app: Any, event: Event, field: str) -> None:
    by = person("quality_manager")
    with pytest.raises(Invalid) as wrong:
        records.add_event(registered(by).id, event, by=by)
    assert wrong.value.field == field


def calibrator(by: Any) -> Standard:
    """DC voltage as its own columns, resistance and a second range of DC voltage as further functions."""
    standard = registered(by, "CH-DA-001", quantity="dc_voltage", unit="V", range_low=Decimal(0),
                          range_high=Decimal(10))
    functions.save_function(standard.id, FunctionDetails(name="Điện trở", quantity="resistance", unit="Ω"), by=by)
    functions.save_function(standard.id, FunctionDetails(name="DCV 1000 V", quantity="dc_voltage", unit="V"), by=by)
    return again(standard)


def table(low: str, high: str) -> tuple[TypedRow, ...]:
    return TypedRow(low, low, "0,001", "2"), TypedRow(high, high, "0,001", "2")


def test_each_function_has_its_own_values_dates_and_eligibility(app_on_both: Any) -> None:
    by = person("quality_manager")
    standard = calibrator(by)
    ohms, volts = standard.functions
    certified(standard, by, date(2026, 9, 1), number="V1", unit="V", rows=table("0", "10"))
    certified(standard, by, date(2026, 9, 1), number="V1", unit="V", rows=table("10", "1000"), function_id=volts.id)
    assert codes(standard.id, need("resistance", "Ω", 10, 100)) == ["uncertified"]
    certified(standard, by, date(2026, 3, 1), number="R1", unit="Ω", rows=table("1", "1000"), function_id=ohms.id)
    assert codes(standard.id, need("resistance", "Ω", 10, 100)) == []
    assert codes(standard.id, need("resistance", "Ω", 10, 9999)) == ["out_of_range"]
    assert codes(standard.id, need("dc_voltage", "V", 0, 5)) == []
    (found,) = candidates(need("dc_voltage", "V", 100, 900), TODAY)
    assert (found.function and found.function.name, found.certificate and found.certificate.unit) == ("DCV 1000 V", "V")
    assert codes(standard.id, need("resistance", "Ω", 10, 100), date(2027, 3, 2)) == ["overdue"]
    assert codes(standard.id, need("dc_voltage", "V", 0, 5), date(2027, 3, 2)) == []
    assert again(standard).schedules[0].due_on == date(2027, 3, 1)
    with pytest.raises(Invalid):
        certified(standard, by, date(2026, 9, 1), number="V1", unit="V", rows=table("0", "10"))


def main_due(standard: Standard) -> date | None:
    return session().scalar(sa.select(Schedule.due_on).where(
        Schedule.standard_id == standard.id, Schedule.duty == "calibration", Schedule.label == ""))


def test_a_set_is_due_when_its_first_part_is_and_bad_when_a_part_is(app: Any) -> None:
    by = person("quality_manager")
    whole, probe, readout = registered(by, "HT-1"), registered(by, "HT-1/1"), registered(by, "HT-1/2", months=6)
    certified(whole, by, date(2026, 9, 1))
    for part in (probe, readout):
        functions.add_part(whole.id, part.asset_number, by=by)
    certified(probe, by, date(2026, 10, 1))
    certified(readout, by, date(2026, 8, 1))
    assert main_due(whole) == date(2027, 2, 1)
    assert codes(whole.id) == []
    assert codes(whole.id, on=date(2027, 2, 2)) == ["part"]
    service.change_state(probe.id, "quarantined", "nghi ngờ", expected="in_use", by=by)
    assert codes(whole.id) == ["part"]
    with pytest.raises(Invalid):
        functions.add_part(probe.id, "HT-1", by=by)
    with pytest.raises(Invalid):
        functions.add_part(whole.id, "không có", by=by)
    functions.remove_part(whole.id, readout.id, by=by)
    assert main_due(whole) == date(2027, 9, 1)


def test_a_lot_of_reference_material_ends_on_its_day(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by, lot="L-17", expires_on=date(2026, 12, 1))
    certified(standard, by, date(2026, 6, 1))
    assert main_due(standard) == date(2026, 12, 1)
    assert (codes(standard.id, on=date(2026, 12, 1)), codes(standard.id, on=date(2026, 12, 2))) == ([], ["overdue"])
    service.change_standard(standard.id, details(lot="L-17", expires_on=None), 0, by=by)
    assert main_due(standard) == date(2027, 6, 1)


def test_reservations_warn_of_clashes_and_stand_in_others_way(app_on_both: Any) -> None:
    by, other = person("quality_manager"), person("technician", "ktv")
    standard = registered(by)
    certified(standard, by, date(2026, 6, 1))
    asked = {"first_on": TODAY, "last_on": TODAY + timedelta(days=2), "purpose": "Bình An", "by": by}
    kept = reservations.reserve(standard.id, user_id=other.id, despite=False, **asked)
    with pytest.raises(Conflict, match="Nguyễn ktv") as clash:
        reservations.reserve(standard.id, user_id=by.id, despite=False, **asked)
    assert clash.value.field == "despite"
    second = reservations.reserve(standard.id, user_id=by.id, despite=True, **asked)
    assert reservations.clashes(reservations.upcoming()) == {kept.id, second.id}
    reservations.cancel(second.id, by=by)
    found = assess([standard.id], need(), TODAY, Circumstances(user_id=by.id))[standard.id]
    assert ([reason.code for reason in found.reasons], found.selectable, found.needs_override) == (
        ["reserved"], True, True)
    assert codes(standard.id, user_id=other.id) == []
    assert codes(standard.id, on=TODAY + timedelta(days=3), user_id=by.id) == []


def test_conditions_outside_those_of_the_standard_are_a_soft_reason(app: Any) -> None:
    by = person("quality_manager")
    standard = registered(by, temperature_low=Decimal(18), temperature_high=Decimal(23), humidity_high=Decimal(70))
    certified(standard, by, date(2026, 6, 1))
    for conditions, expected in (({"temperature": [Decimal(18), Decimal(23)]}, []),
                                 ({"temperature": [Decimal("23.1")]}, ["environment"]),
                                 ({"humidity": [Decimal(71)]}, ["environment"])):
        assert codes(standard.id, conditions=conditions) == expected


@pytest.fixture
def manager(app: Any) -> Any:
    return logged_in(app, person("quality_manager"))


def test_a_dcc_is_shown_before_it_is_saved_and_kept_with_the_entry(manager: Any) -> None:
    standard = registered(person("head"), "CH-ND-001", quantity="temperature", unit="°C")
    sent = manager.post(f"/standards/{standard.id}/certificates/dcc", data={"file": (io.BytesIO(DCC), "pt100.xml")})
    assert sent.status_code == 303
    page = manager.get(sent.location).text
    assert session().query(StandardCertificate).count() == 0
    for text in ('value="33,17"', 'value="33,098"', 'value="0,061"', "Kalibrierfirma GmbH", "string-manufacturer-item"):
        assert text in page
    file_id = session().scalar(sa.select(StoredFile.id))
    data = {"number": "1234", "issuer": "Kalibrierfirma GmbH", "calibrated_on": "13/08/1957", "route": "ilac_mra",
            "accreditation": "D-K-1", "unit": "°C", "spread_unit": "K", "stated": "value", "coverage": "2",
            "stored_file_id": str(file_id), "rows-0-nominal": "33,17", "rows-0-stated": "33,098",
            "rows-0-uncertainty": "0,061"}
    assert manager.post(f"/standards/{standard.id}/certificates/new", data=data).status_code == 303
    (row,) = session().scalars(sa.select(StandardCertificate))
    assert (row.file_id, row.file and row.file.content, row.spread_unit) == (file_id, DCC, "K")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7",
                                     b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_what_is_no_dcc_changes_nothing(manager: Any, content: bytes) -> None:
    standard = registered(person("head"))
    page = manager.post(f"/standards/{standard.id}/certificates/dcc", data={"file": (io.BytesIO(content), "x.xml")})
    assert page.status_code == 422
    assert session().query(StoredFile).count() == 0


def test_a_pasted_block_fills_the_table_and_saves_nothing_yet(manager: Any) -> None:
    standard = registered(person("head"))
    address = f"/standards/{standard.id}/certificates/new"
    block = "Điểm đo (bar)\tSai số (mbar)\tU (mbar)\tk\n0\t1,5\t4\t2\n16\t-2\t4\t2"
    page = manager.post(address, data={"take": "1", "block": block, "number": "AS.1", "unit": "bar", "coverage": "2"})
    assert page.status_code == 200
    for text in ('value="-1,5"', 'value="mbar"', 'value="AS.1"', '<option selected value="correction">'):
        assert text in page.text
    same = manager.post(address, data={"take": "1", "block": "Điểm đo (mm);Giá trị (mm);U (mm)\n0;1;0,1", "unit": "mm",
                                       "spread_unit": "µm", "coverage": "2"})
    assert 'value="µm"' not in same.text  # the head says that U is in mm
    wrong = manager.post(address, data={"take": "1", "block": "Điểm đo;Giá trị;U\n0;1", "unit": "bar"})
    assert (wrong.status_code, "Dòng 2" in wrong.text) == (422, True)
    assert session().query(StandardCertificate).count() == 0


def test_the_pages_of_the_record_do_the_whole_job(manager: Any, app: Any) -> None:
    new = {"asset_number": "CH-9", "name": "Nguồn chuẩn đa năng", "quantity": "dc_voltage", "level": "working",
           "serial": "1", "unit": "V", "interval_count": "12", "interval_unit": "months", "awaits_check": "y"}
    assert manager.post("/standards/new", data=new).status_code == 303
    standard_id = session().scalar(sa.select(Standard.id))
    page = f"/standards/{standard_id}"
    assert "chờ kiểm tra" in manager.get(page).text
    posts = [("commission", {"on": "23/11/2026", "passed": "y", "text": "Đủ"}),
             ("functions/new", {"name": "Điện trở", "quantity": "resistance", "unit": "Ω", "active": "y"}),
             ("events/new", {"kind": "document", "on": "23/11/2026", "text": "Sổ tay",
                             "file": (io.BytesIO(PDF), "so-tay.pdf")}),
             ("reserve", {"first_on": "24/11/2026", "last_on": "25/11/2026", "purpose": "Cân ô tô",
                          "user_id": str(session().scalar(sa.text("SELECT id FROM user_account")))})]
    for path, data in posts:
        assert manager.post(f"{page}/{path}", data=data).status_code == 303, path
    text = manager.get(page).text
    for told in ("Điện trở", "Sổ tay", "so-tay.pdf", "Cân ô tô", "Kiểm tra trước khi dùng"):
        assert told in text
    assert "Cân ô tô" in manager.get("/standards/reservations").text
    assert manager.post(f"{page}/reserve", data=posts[3][1]).status_code == 422
    assert manager.post("/standards/window", data={"window": "45"}).status_code == 303
    assert '<option value="45" selected>' in manager.get("/standards").text
    clerk = logged_in(app, person("reception"))
    for path in ("events/new", "commission", "functions/new", "certificates/dcc"):
        assert clerk.get(f"{page}/{path}").status_code == 403
        assert app.test_client().get(f"{page}/{path}").status_code == 302
        assert manager.get(f"/standards/999/{path}").status_code == 404
