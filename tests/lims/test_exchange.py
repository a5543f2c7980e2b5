"""Tables in and out: a file that was exported is read back as it was, wrong lines are told and nothing is written."""
from __future__ import annotations

import csv
import io
import string
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from lims.customers.models import Customer, Instrument
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.audit import AuditTransaction
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.exchange import KINDS, _harmless, put_out, take_in
from lims.shared.word_index import SearchWord
from tests.lims import factories
from tests.lims.people import person
from tests.lims.standards import certified, registered

LETTERS = string.ascii_letters + "ạđƯỹÂ0123456789 .,;'\"()/=+-@"
TEXT = st.text(LETTERS, max_size=30).map(lambda text: " ".join(text.split()))
NAMED = TEXT.filter(bool)
SERIAL = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)
CUSTOMERS = st.lists(st.fixed_dictionaries({
    "name": NAMED, "address": NAMED, "note": TEXT, "contact": TEXT, "sector": st.sampled_from(["", "food", "petrol"]),
    "active": st.booleans()}), min_size=1, max_size=5, unique_by=lambda row: row["name"])
NUMBER = st.decimals(-9999, 9999, places=3)


def loaded(kind: str, content: bytes, by: Any, **how: Any) -> Any:
    return take_in(KINDS[kind], content, by, **how)


def as_csv(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def cells(content: bytes) -> list[list[str]]:
    return [list(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")]


def emptied(*models: Any) -> None:
    with write("test.empty", actor=factories.ACTOR) as current:
        for model in (*models, SearchWord):
            current.execute(sa.delete(model))
    session().expire_all()


@pytest.mark.parametrize("name", ["tep.csv", "tep.xlsx"])
def test_customers_and_instruments_come_back_as_they_went(app: Any, name: str) -> None:
    by = person("reception")

    @settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CUSTOMERS, st.lists(st.tuples(SERIAL, TEXT), min_size=1, max_size=4, unique_by=lambda row: row[0]))
    def there_and_back(customers: list[dict[str, Any]], instruments: list[tuple[str, str]]) -> None:
        emptied(Instrument, Customer)
        rows = [factories.customer(code=f"KH-{at:04d}", **row) for at, row in enumerate(customers, start=1)]
        for serial, tag in instruments:
            factories.instrument(owner=rows[-1], serial=serial, note=tag, serial_key=serial.casefold())
        files = {kind: put_out(KINDS[kind], name) for kind in ("customers", "instruments")}
        again = {kind: loaded(kind, content, by) for kind, content in files.items()}
        assert [outcome.faults for outcome in again.values()] == [[], []]
        assert set(again["customers"].counts) | set(again["instruments"].counts) <= {"same"}
        emptied(Instrument, Customer)
        assert loaded("customers", files["customers"], by).counts == {"new": len(rows)}
        assert loaded("instruments", files["instruments"], by).counts["new"] == len(instruments)
        for kind, first in (("customers", 1), ("instruments", 1)):  # the codes are given anew
            before, after = (cells(content) for content in (
                put_csv(kind, files[kind], name), put_out(KINDS[kind], "tep.csv")))
            assert [row[first:] for row in after] == [row[first:] for row in before]

    there_and_back()


@pytest.mark.parametrize("name", ["tep.csv", "tep.xlsx"])
def test_an_apostrophe_before_a_sign_comes_back_as_it_went(app: Any, name: str) -> None:
    by, row = person("reception"), factories.instrument(note="'-5 đến 5")
    assert loaded("instruments", put_out(KINDS["instruments"], name), by).counts == {"same": 1}
    assert row.note == "'-5 đến 5"


def test_an_instrument_whose_paper_was_withdrawn_comes_back_as_it_went(app: Any) -> None:
    by, row = person("reception"), factories.instrument(last_service="verification", last_verdict="withdrawn",
                                                        last_on=date(2026, 11, 2), last_number="KD26-0002")
    content = put_out(KINDS["instruments"], "tep.csv")
    again = loaded("instruments", content, by)
    assert (again.faults, again.counts) == ([], {"same": 1})
    assert (row.last_verdict, row.due_on) == ("withdrawn", None)


def put_csv(kind: str, content: bytes, name: str) -> bytes:
    """The cells of an exported file as CSV, whatever it is."""
    if name.endswith(".csv"):
        return content
    rows = [[_harmless(str(cell or ""), column) for cell, column in zip(row, KINDS[kind].columns, strict=True)]
            for row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()]
    return as_csv(*(tuple(row) for row in rows))


def test_standards_and_certificates_come_back_in_an_empty_laboratory(app: Any) -> None:
    by = person("quality_manager", "qlcl")

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(SERIAL, TEXT, NUMBER, st.decimals(0, 5, places=4)), min_size=1, max_size=3,
                    unique_by=lambda row: row[0]))
    def there_and_back(rows: list[tuple[str, str, Decimal, Decimal]]) -> None:
        wiped()
        for serial, note, low, drift in rows:
            row = registered(by, f"CH-{serial}", note=note, range_low=low, drift_half_width=drift,
                             custodian_id=by.id, expires_on=date(2030, 1, 31))
            certified(row, by, date(2026, 3, 1), number=f"G {serial}", correlation=Decimal("0.5"))
        files = [(kind, put_out(KINDS[kind], "tep.csv")) for kind in ("standards", "standard-certificates")]
        for kind, content in files:
            outcome = loaded(kind, content, by)
            assert (outcome.faults, set(outcome.counts)) == ([], {"same"})
        wiped()
        for kind, content in files:
            outcome = loaded(kind, content, by)
            assert (outcome.faults, outcome.counts) == ([], {"new": len(rows)})
        assert [(kind, put_out(KINDS[kind], "tep.csv")) for kind, _content in files] == files

    there_and_back()


def wiped() -> None:
    """A register without rows: the guards of the database are put aside for the test."""
    with write("test.wipe", actor=factories.ACTOR) as current:
        triggers = current.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _sql in triggers:
            current.execute(sa.text(f"DROP TRIGGER {name}"))
        for table in ("standard_certificate_parent", "standard_value", "standard_certificate", "standard_state_change",
                      "schedule", "duty_line", "recall_tally", "plan_tally", "alert", "standard", "search_word"):
            current.execute(sa.text(f"DELETE FROM {table}"))
        for _name, sql in triggers:
            current.execute(sa.text(sql))
    session().expire_all()


def test_every_wrong_line_is_told_at_its_column_and_nothing_is_written(app_on_both: Any) -> None:
    by = person("reception")
    content = as_csv(("Tên doanh nghiệp", "Địa chỉ", "Mã số thuế", "Thư điện tử"),
                     ("Công ty A", "Vinh", "0100109106", "a@example.test"), ("", "Huế", "", ""),
                     ("Công ty C", "Đà Nẵng", "12", "khong-phai-thu"), ("Công ty D", "Cần Thơ", "0100109106", ""))
    before = session().scalar(sa.select(sa.func.count()).select_from(AuditTransaction))
    outcome = loaded("customers", content, by)
    assert [(fault.line, fault.head) for fault in outcome.faults] == [
        (3, "Tên doanh nghiệp"), (4, "Mã số thuế"), (4, "Thư điện tử")]
    assert str(outcome.faults[0]) == "dòng 3, «Tên doanh nghiệp»: Hãy điền ô này."
    assert session().scalars(sa.select(Customer)).all() == []
    assert session().scalar(sa.select(sa.func.count()).select_from(AuditTransaction)) == before


def test_a_preview_says_what_the_import_does_and_writes_nothing(app_on_both: Any) -> None:
    by = person("quality_manager")
    registered(by, "CH-1")
    content = as_csv(("Mã quản lý", "Tên chuẩn", "Đại lượng", "Số chế tạo", "Đơn vị", "Độ chia, độ phân giải"),
                     ("ch-1", "Áp kế", "Áp suất", "S1", "bar", "0,01"), ("CH-2", "Cân", "mass", "S2", "g", ""))
    preview = loaded("standards", content, by, dry_run=True)
    assert (preview.faults, preview.counts) == ([], {"changed": 1, "new": 1})
    assert session().scalars(sa.select(Standard.asset_number)).all() == ["CH-1"]
    assert loaded("standards", content, by).lines == preview.lines
    assert session().scalars(sa.select(Standard.asset_number).order_by(Standard.id)).all() == ["ch-1", "CH-2"]
    assert session().scalar(sa.select(Standard.resolution).where(Standard.asset_number == "ch-1")) == Decimal("0.01")


def test_lines_of_one_certificate_make_one_and_its_faults_stand_at_their_lines(app: Any) -> None:
    by = person("quality_manager")
    registered(by, "CH-1")
    head = ("Mã chuẩn", "Số giấy", "Nơi cấp", "Ngày hiệu chuẩn", "Liên kết chuẩn qua", "Đơn vị của điểm đo", "Điểm đo",
            "Giá trị hoặc số hiệu chính", "U")
    first = ("CH-1", "G 1", "VMI", "05/09/2026", "cipm_mra", "bar")
    wrong = loaded("standard-certificates", as_csv(
        head, (*first, "0", "0,001", "0,004"), ("", "", "", "", "", "", "8", "tám", "0,004"),
        ("CH-9", "G 2", "VMI", "05/09/2026", "cipm_mra", "bar", "0", "0", "0,1")), by)
    assert [(fault.line, fault.head) for fault in wrong.faults] == [(3, "Giá trị hoặc số hiệu chính"), (4, "Mã chuẩn")]
    good = loaded("standard-certificates", as_csv(
        head, (*first, "0", "0,001", "0,004"), ("", "", "", "", "", "", "8", "8,002", "0,004")), by)
    assert (good.faults, good.counts) == ([], {"new": 1})
    (row,) = session().scalars(sa.select(StandardCertificate)).unique()
    assert [(one.nominal_text, one.stated_text) for one in row.values] == [("0", "0,001"), ("8", "8,002")]
    other = loaded("standard-certificates", as_csv(head, (*first, "0", "0,002", "0,004")), by)
    assert [fault.head for fault in other.faults] == ["Số giấy"]


@pytest.mark.parametrize("name", ["=1+1", "+84 912", "-cmd", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text(app: Any, name: str) -> None:
    factories.customer(name=name)
    assert cells(put_out(KINDS["customers"], "a.csv"))[1][1] == f"'{name}"
    with zipfile.ZipFile(io.BytesIO(put_out(KINDS["customers"], "a.xlsx"))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert name.encode() in book.read("xl/sharedStrings.xml")


@pytest.mark.parametrize("content", [
    b"", b"PK\x03\x04not a zip", b"\xff\xfe\x00", b"\x00" * 100, b"a;b\n1;2\n", b"x" * (9 * 1024 * 1024),
    b"ten doanh nghiep;ten doanh nghiep;dia chi\na;b;c\n", b"name;address\n"])
def test_files_that_are_no_such_table_are_refused(app: Any, content: bytes) -> None:
    by = person("reception")
    if content.count(b";") > 1:
        assert loaded("customers", content, by).faults
    else:
        with pytest.raises(Invalid, match=r"file|workbook") as refused:
            loaded("customers", content, by)
        assert refused.value.field == "file"
    assert session().scalars(sa.select(Customer)).all() == []


def test_a_template_names_every_column_and_its_example_can_be_taken_in(app: Any) -> None:
    by = person("quality_manager")
    for kind in ("standards", "standard-certificates"):
        outcome = loaded(kind, put_out(KINDS[kind], "mau.xlsx", empty=True), by)
        assert (outcome.faults, outcome.counts) == ([], {"new": 1})
