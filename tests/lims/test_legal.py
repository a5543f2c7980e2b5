"""The legal catalogue: rows are read one by one, an edition is imported whole, and the day of verification decides."""
from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from instruments.legal import Reading, legal_rows
from instruments.recall import add_months
from lims.auth.models import User
from lims.customers import checks
from lims.customers.checks import Check
from lims.customers.legal_duty import legal_row, unconfirmed
from lims.jobs import procedures
from lims.legal import catalogue, changes, documents, importing, readings
from lims.legal.documents import NewDocument
from lims.legal.importing import NewEdition
from lims.legal.models import LegalDocument
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from lims.shared.table_file import read_table
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person

ROW = "31@2026-04-15"
FULL = Reading(False, ("initial", "periodic", "after_repair"), 12)
HEAD = "Mục;Tên;Lĩnh vực;Phê duyệt mẫu;Ban đầu;Định kỳ;Sau sửa chữa;Chu kỳ"
TABLE = f"{HEAD}\n31;Áp kế;pressure;-;x;x;x;18\n1a;Thước cuộn;length;-;x;-;-;\n".encode()


@pytest.fixture
def administrator(app: Any) -> User:
    laboratory.opened()
    return person("administrator", "quantri")


def test_the_database_holds_every_shipped_row(app_on_both: Any) -> None:
    for on in (date(2014, 1, 1), date(2020, 1, 1), date(2024, 10, 15), date(2026, 4, 14), date(2026, 4, 15)):
        held = {basis.row.item: basis.row for basis in catalogue.in_force(on)}
        shipped = {row.item: row for row in legal_rows() if row.in_force(on)}
        assert {item: (row.name.vi, row.cycle_months, row.regimes) for item, row in held.items()} == {
            item: (row.name.vi, row.cycle_months, row.regimes) for item, row in shipped.items()}
    assert len(readings.documents()) > 40


def test_a_row_carries_a_verdict_from_its_reading_on(app_on_both: Any) -> None:
    laboratory.opened()
    by = person("administrator")
    day = date(2026, 11, 23)
    before = catalogue.basis_on("31", day)
    assert before is not None
    assert not before.may_carry_verdict
    readings.confirm(ROW, FULL, "Công báo số 12", by)
    after = catalogue.basis_on("31", day)
    assert after is not None
    assert (after.may_carry_verdict, after.confirmed_by, after.row.type_approval) == (True, "Công báo số 12", False)
    assert not catalogue.by_key("32@2026-04-15").may_carry_verdict
    assert catalogue.basis_on("31", date(2026, 4, 14)).row.key == "31@2020-01-01"  # type: ignore[union-attr]


def test_a_shipped_row_without_its_marks_waits_too(app: Any) -> None:
    assert not catalogue.by_key("69a@2024-10-15").may_carry_verdict


def test_a_further_reading_needs_its_reason_and_the_newest_counts(administrator: User) -> None:
    readings.confirm(ROW, FULL, "Công báo số 12", administrator)
    with pytest.raises(Conflict):
        readings.confirm(ROW, FULL, "Công báo số 12", administrator)
    longer = Reading(False, ("periodic",), 24)
    with pytest.raises(Invalid):
        readings.confirm(ROW, longer, "bản ký", administrator, seen=1)
    readings.confirm(ROW, longer, "bản ký", administrator, seen=1, reason="đọc nhầm dòng")
    assert catalogue.by_key(ROW).row.cycle_months == 24
    assert [one.document for one in readings.history(ROW)] == ["bản ký", "Công báo số 12"]


def test_an_imported_table_replaces_the_list_from_its_day(administrator: User) -> None:
    first = date(2027, 1, 1)
    file_id = importing.hold("bang.csv", TABLE, administrator)
    made = importing.keep(file_id, NewEdition("99/2026/TT-BKHCN", first, True, True), administrator)
    assert {basis.row.item for basis in catalogue.in_force(first)} == {"1a", "31"}
    assert len(catalogue.in_force(first - timedelta(days=1))) == 90
    new = catalogue.basis_on("31", first)
    assert new is not None
    assert (new.row.cycle_months, new.may_carry_verdict, new.document) == (18, True, "99/2026/TT-BKHCN")
    found = {line.change.item: line.change.what for line in changes.against_the_one_before(made)}
    assert "cycle" in found["31"]
    assert found["32"] == ("removed",)
    with pytest.raises(Conflict):
        importing.keep(file_id, NewEdition("100/2026", first, True, False), administrator)


def test_a_change_names_the_instruments_of_customers(administrator: User) -> None:
    factories.instrument(factories.GAUGE)
    importing.keep(importing.hold("bang.csv", TABLE, administrator),
                   NewEdition("99/2026", date(2027, 1, 1), True, False), administrator)
    made = catalogue.editions()[0]
    touched = {line.change.item: line.owned for line in changes.against_the_one_before(made)}
    assert (touched["31"], touched["32"]) == (1, 0)
    assert [one.name for one in changes.instruments_under("31")] == ["Áp kế lò xo"]


def test_due_dates_follow_what_was_read_and_imported(administrator: User) -> None:
    row = factories.instrument(factories.GAUGE)
    done = clock.today() - timedelta(days=30)
    checks.record(row.id, Check("verification", "pass", done, body="nơi khác", number="1", sticker="",
                                valid_until=None))
    assert row.due_on == add_months(done, 12)
    assert unconfirmed(legal_row(row.kind, done))  # type: ignore[arg-type]
    readings.confirm(ROW, Reading(False, ("periodic",), 24), "bản ký", administrator)
    assert row.due_on == add_months(done, 24)
    assert not unconfirmed(legal_row(row.kind, done))  # type: ignore[arg-type]
    importing.keep(importing.hold("bang.csv", TABLE, administrator),
                   NewEdition("99/2026", done, True, True), administrator)
    assert row.due_on == add_months(done, 18)


@pytest.mark.parametrize(("line", "word"), [
    ("31;Áp kế;p;-;x;x;y;12", "Sau sửa chữa"), ("31;Áp kế;p;-;x;x;x;mười hai", "Chu kỳ"),
    (";Áp kế;p;-;x;x;x;12", "mục"), ("31;;p;-;x;x;x;12", "tên"), ("31;A;p;-;x;x;x;-3", "Chu kỳ"),
    ("31;A;p;-;x;x;x;1e9", "Chu kỳ")])
def test_every_fault_names_its_line(line: str, word: str) -> None:
    table = importing.parse(f"{HEAD}\n31b;Áp kế khác;p;-;x;x;x;12\n\n{line}\n".encode())
    (fault,) = table.faults
    assert fault.line == 4
    assert word.casefold() in fault.text.vi.casefold()


def test_an_item_stands_in_one_line_and_the_columns_are_named() -> None:
    (double,) = importing.parse(f"{HEAD}\n31;A;p;-;x;x;x;12\n31;B;p;-;x;x;x;12\n".encode()).faults
    assert double.line == 3
    (missing,) = importing.parse(b"Ten;Chu ky\nx;12\n").faults
    assert missing.line == 0


def workbook(*rows: tuple[Any, ...], far: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    if far:
        sheet.write(1_048_575, 16_383, "x")
    book.close()
    return out.getvalue()


def test_an_excel_file_gives_the_same_table() -> None:
    content = workbook(tuple(HEAD.split(";")), ("31", "Áp kế", "pressure", "-", "x", "x", "x", 18), (),
                       ("1a", "Thước cuộn", "length", "-", "x", "-", "-", ""))
    assert [values for _line, values in importing.parse(content).rows] == [
        values for _line, values in importing.parse(TABLE).rows]
    assert [line for line, _values in importing.parse(content).rows] == [2, 4]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"<a>" + b" " * 40_000_000 + b"</a>")
    return out.getvalue()


ENTITY = (b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><sheetData>'
          b'<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>')


def entity() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", ENTITY)
    return out.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\xff\xfe\x00", b"a\x00b;c", bomb(), b"x" * 3_000_000,
                                     workbook(("a",), far=True), b"\n\n"])
def test_a_hostile_file_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        read_table(content)


def test_an_entity_brings_no_file_in() -> None:
    try:
        found = str(read_table(entity()))
    except Invalid:
        return
    assert "root" not in found


def test_the_rows_that_wait_cost_no_questions_of_their_own(app: Any, administrator: User) -> None:
    client = logged_in(app, administrator)
    assert client.get("/legal?all=1").text.count("<tr id=") > 80
    assert statements_of(lambda: client.get("/legal?all=1")) < 30


def test_the_pages_lead_from_a_waiting_row_to_its_reading(app: Any, administrator: User) -> None:
    factories.published("dial-pressure-gauge")
    client = logged_in(app, administrator)
    assert ROW in client.get("/legal").text
    address, read = f"/legal/rows/{ROW}", {
        "name": "Áp kế", "type_approval": "-", "regimes": ["initial", "periodic"], "cycle_months": "12", "seen": "0",
        "evidence": ["certificate", "sticker"], "document": "Công báo số 12"}
    assert client.post(address, data={**read, "document": " "}).status_code == 422
    assert client.post(address, data={**read, "type_approval": ""}).status_code == 422
    assert client.post(address, data={**read, "regimes": []}).status_code == 422
    assert client.post("/legal/rows/99@", data=read).status_code == 404
    assert client.post(address, data=read).status_code == 303
    assert "Công báo số 12" in client.get("/legal").text
    assert client.post(address, data=read).status_code == 422
    assert client.get("/legal/list?on=14/04/2026").status_code == 200
    assert "Áp kế" in client.get("/legal/items/31").text


def test_a_table_is_looked_at_before_it_is_kept(app: Any, administrator: User) -> None:
    client = logged_in(app, administrator)
    wrong = client.post("/legal/import", data={"file": (io.BytesIO(TABLE + b"7;x;p;-;x;x;q;12\n"), "b.csv")})
    assert wrong.status_code == 422
    assert "không phải «q»" in wrong.text
    shown = client.post("/legal/import", data={"file": (io.BytesIO(TABLE), "b.csv")})
    file_id = shown.text.split('name="file_id"')[1].split('value="')[1].split('"')[0]
    assert "12 → 18" in shown.text
    kept = {"file_id": file_id, "document": "99/2026", "in_force_from": "01/01/2027", "whole": "y"}
    assert client.post("/legal/import/keep", data={**kept, "in_force_from": "32/01/2027"}).status_code == 422
    assert client.post("/legal/import/keep", data=kept).status_code == 303
    assert "99/2026" in client.get("/legal").text
    exported = client.get("/legal/list.xlsx?on=01/01/2027").data
    assert [values["item"] for _line, values in importing.parse(exported).rows] == ["1a", "31"]
    assert not importing.parse(exported).faults


# ---- laws, forms and ĐLVN as dated data ----


def form_19(**other: Any) -> NewDocument:
    old = session().scalars(sa.select(LegalDocument).where(LegalDocument.number == "18.GCNKĐ")).one()
    return NewDocument(**{"kind": "form", "number": "18.GCNKĐ (54/2025/TT-BKHCN)", "title_vi": "Giấy chứng nhận",
                          "title_en": "", "issued_on": date(2025, 12, 1), "in_force_from": date(2026, 12, 1),
                          "status": "", "source": "Công báo số 9", "replaces": old.id, **other})


def test_a_new_edition_of_a_form_ends_the_one_before_on_the_day_before(administrator: User) -> None:
    made = documents.enter(form_19(), administrator)
    old = session().scalars(sa.select(LegalDocument).where(LegalDocument.number == "18.GCNKĐ")).one()
    assert (old.in_force_to, old.replaced_by) == (date(2026, 11, 30), made.number)
    assert [documents.in_force(old, on) for on in (date(2026, 11, 30), date(2026, 12, 1))] == [True, False]
    assert [documents.in_force(made, on) for on in (date(2026, 11, 30), date(2026, 12, 1))] == [False, True]
    assert made.state == "unconfirmed"
    readings.confirm_document(made.id, "bản ký số", administrator)
    assert dict(readings.documents())[made] is not None
    with pytest.raises(Conflict):
        documents.enter(form_19(number="18.GCNKĐ, lần 3"), administrator)


@pytest.mark.parametrize(("wrong", "at"), [
    ({"number": "18.GCNKĐ"}, "number"), ({"kind": "letter"}, "kind"), ({"in_force_from": None}, "in_force_from"),
    ({"in_force_from": date(2025, 11, 30)}, "in_force_from"), ({"kind": "law"}, "replaces")])
def test_a_document_that_cannot_be_is_told_at_its_field(administrator: User, wrong: dict[str, Any], at: str) -> None:
    with pytest.raises(Invalid) as refused:
        documents.enter(form_19(**wrong), administrator)
    assert refused.value.field == at


def test_the_page_enters_and_ends_documents_and_shows_those_of_a_day(app: Any, administrator: User) -> None:
    client = logged_in(app, administrator)
    typed = {"kind": "dlvn", "number": "QT tạm thời 05/2026", "title_vi": "Cân kỹ thuật số kiểu mới", "source": "QĐ 88",
             "in_force_from": "01/06/2026", "status": "Quy trình tạm thời, QĐ 88/QĐ-TĐC"}
    refused = client.post("/legal/documents", data={**typed, "source": ""})
    assert (refused.status_code, "QT tạm thời 05/2026" in refused.text) == (422, True)
    assert client.post("/legal/documents", data=typed).status_code == 303
    made = session().scalars(sa.select(LegalDocument).where(LegalDocument.number == typed["number"])).one()
    ending = f"/legal/documents/{made.id}/end"
    assert client.post(ending, data={"last_on": "31/05/2026", "reason": "hết hạn"}).status_code == 422
    assert client.post(ending, data={"last_on": "31/10/2026", "reason": "hết hạn"}).status_code == 303
    shown = [typed["number"] + "</b>" in client.get(f"/legal/documents?on={on}").text
             for on in ("31/05/2026", "31/10/2026", "01/11/2026")]
    assert shown == [False, True, False]
    assert logged_in(app, person("technician", "ktv9")).post("/legal/documents", data=typed).status_code == 403


def test_an_imported_table_says_what_tells_of_a_pass(administrator: User) -> None:
    table = f"{HEAD};khi đạt\n31;Áp kế;p;-;x;x;x;12;tem, giấy\n32;Thước;p;-;x;x;x;12;\n".encode()
    rows = importing.parse(table).rows
    assert [values["evidence"] for _line, values in rows] == ["certificate,sticker", ""]
    (fault,) = importing.parse(table.replace("giấy".encode(), "chì".encode())).faults
    assert (fault.line, "chì" in fault.text.vi) == (2, True)
    importing.keep(importing.hold("bang.csv", table, administrator),
                   NewEdition("99/2026", date(2026, 12, 1), True, True), administrator)
    basis = catalogue.basis_on("31", date(2026, 12, 1))
    assert basis is not None
    assert basis.row.told_by == ("certificate", "sticker")


def test_the_texts_of_all_procedures_cost_one_question(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    procedures.publish_shipped()
    session().expunge_all()
    monkeypatch.setattr(procedures, "_PARSED", {})
    assert statements_of(procedures.current) == 3  # the transaction, the rows, their texts
    assert statements_of(procedures.current) == 2
