"""Pages of the register: they show what is there, refuse what is wrong at its field, and keep what was typed."""
from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import python_calamine
import sqlalchemy as sa

from lims.alerts.planning import plan
from lims.equipment import certificates, listing, service
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.clock import today
from lims.shared.db import session, write
from lims.shared.organisation import Organisation
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, details, entry, registered

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n"
NEW = {"asset_number": "CH-ĐN-006", "name": "Hợp bộ kiểm công tơ", "quantity": "energy", "level": "working",
       "serial": "77120", "unit": "kWh", "range_low": "0", "range_high": "1 200,5", "interval_count": "12",
       "interval_unit": "months"}
CERTIFICATE = {"number": "AS.0417.26", "issuer": "Phòng hiệu chuẩn Sông Hồng", "calibrated_on": "14/08/2026",
               "route": "ilac_mra", "accreditation": "VILAS 9001", "unit": "bar", "stated": "value", "coverage": "2",
               "rows-0-nominal": "0", "rows-0-stated": "0,000", "rows-0-uncertainty": "0,004",
               "rows-1-nominal": "16", "rows-1-stated": "16,001", "rows-1-uncertainty": "0,004",
               "rows-1-coverage": "2,02"}


@pytest.fixture
def manager(app: Any) -> Any:
    return logged_in(app, person("quality_manager"))


def gauge() -> Standard:
    return registered(person("head"), accuracy="0,05 %")


def standards() -> list[Standard]:
    session().expire_all()
    return list(session().scalars(sa.select(Standard)).unique())


def test_a_standard_is_registered_and_its_page_opens(manager: Any) -> None:
    response = manager.post("/standards/new", data=NEW, follow_redirects=True)
    (row,) = standards()
    assert (row.asset_number, str(row.range_high)) == ("CH-ĐN-006", "1200.5")
    assert response.status_code == 200
    assert "Hợp bộ kiểm công tơ" in response.text


WRONG = {"asset_number": "", "name": "", "quantity": "hearsay", "serial": "a\u200bb", "unit": "", "range_low": "nan",
         "range_high": "1e400", "resolution": "１２", "mpe": "1.400", "drift_half_width": "-1", "interval_count": "0",
         "custodian_id": "999"}


def test_a_wrong_field_has_its_message_and_nothing_typed_is_lost(manager: Any) -> None:
    kept = {}
    for field, text in WRONG.items():
        response = manager.post("/standards/new", data=NEW | {"location": "Phòng Điện", field: text})
        shown = text in response.text or field in ("quantity", "custodian_id")  # a select shows only what it has
        kept[field] = (response.status_code, f'href="#{field}"' in response.text,
                       'value="Phòng Điện"' in response.text and shown)
    assert kept == dict.fromkeys(WRONG, (422, True, True))
    assert standards() == []


def test_a_number_in_use_is_refused_whatever_its_case(manager: Any) -> None:
    manager.post("/standards/new", data=NEW)
    response = manager.post("/standards/new", data=NEW | {"asset_number": "ch-đn-006"})
    assert response.status_code == 422
    assert "Đã có chuẩn mang mã này." in response.text


def test_a_change_made_on_an_old_page_is_refused(manager: Any) -> None:
    row = gauge()
    form = {**NEW, "asset_number": row.asset_number, "version": "1"}
    assert manager.post(f"/standards/{row.id}/edit", data=form).status_code == 303
    response = manager.post(f"/standards/{row.id}/edit", data=form | {"name": "tên khác"})
    assert (response.status_code, "Người khác vừa sửa" in response.text) == (422, True)


def test_a_state_is_changed_with_a_reason_and_shown(manager: Any) -> None:
    row = gauge()
    without = manager.post(f"/standards/{row.id}/state", data={"state": "quarantined", "expected": "in_use"})
    assert (without.status_code, 'href="#reason"' in without.text) == (422, True)
    page = manager.post(f"/standards/{row.id}/state", follow_redirects=True, data={
        "state": "quarantined", "expected": "in_use", "reason": "Rơi từ bàn xuống sàn"})
    assert "Rơi từ bàn xuống sàn" in page.text
    assert "không chọn được vào phiếu đo" in page.text


def test_a_certificate_is_entered_with_its_pdf_and_its_table_is_shown_as_typed(manager: Any) -> None:
    row = gauge()
    data = CERTIFICATE | {"file": (io.BytesIO(PDF), "../AS.0417.26.pdf")}
    page = manager.post(f"/standards/{row.id}/certificates/new", data=data, follow_redirects=True)
    assert all(text in page.text for text in ("AS.0417.26", "16,001", "2,02", "14/08/2027"))
    (kept,) = standards()[0].certificates
    shown = manager.get(f"/standards/{row.id}/certificates/{kept.id}")
    assert kept.file is not None
    assert kept.file.sha256 in shown.text
    download = manager.get(f"/standards/{row.id}/certificates/{kept.id}/file")
    assert (download.data, download.mimetype) == (PDF, "application/pdf")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert "/" not in download.headers["Content-Disposition"].split("filename")[1]


WRONG_CELLS = {"rows-0-uncertainty": "0", "rows-0-nominal": "-", "rows-1-stated": "x" * 5000, "rows-1-coverage": "0,5"}


def test_a_wrong_cell_has_its_message_and_the_table_stays(manager: Any) -> None:
    row_id, kept = gauge().id, {}
    for cell, text in WRONG_CELLS.items():
        response = manager.post(f"/standards/{row_id}/certificates/new", data=CERTIFICATE | {cell: text})
        kept[cell] = (response.status_code, f'id="{cell}-e"' in response.text,
                      'value="0,000"' in response.text and text in response.text)
    assert kept == dict.fromkeys(WRONG_CELLS, (422, True, True))
    assert session().scalar(sa.select(sa.func.count()).select_from(StandardCertificate)) == 0


def test_an_ambiguous_dot_is_asked_about_once_for_the_table(manager: Any) -> None:
    row = gauge()
    data = CERTIFICATE | {"rows-0-nominal": "1.400", "rows-1-nominal": "1.500"}
    asked = manager.post(f"/standards/{row.id}/certificates/new", data=data)
    assert (asked.status_code, 'name="dot_means"' in asked.text) == (422, True)
    manager.post(f"/standards/{row.id}/certificates/new", data=data | {"dot_means": "decimal"})
    (kept,) = standards()[0].certificates
    assert (kept.dot_means, [str(one.nominal) for one in kept.values]) == ("decimal", ["1.400", "1.500"])
    assert kept.values[0].nominal_text == "1.400"


def test_what_is_no_pdf_is_refused_at_the_file(manager: Any) -> None:
    row = gauge()
    data = CERTIFICATE | {"file": (io.BytesIO(b"<html>"), "giay.pdf")}
    response = manager.post(f"/standards/{row.id}/certificates/new", data=data)
    assert (response.status_code, 'href="#file"' in response.text) == (422, True)


def test_the_correction_form_brings_what_was_entered_and_marks_the_old_entry(manager: Any) -> None:
    row = gauge()
    wrong = certified(row, person("signer"), date(2026, 8, 14))
    path = f"/standards/{row.id}/certificates/{wrong.id}"
    assert 'value="16,001"' in manager.get(f"{path}/correct").text
    page = manager.post(f"{path}/correct", data=CERTIFICATE | {"reason": "Gõ nhầm"}, follow_redirects=True)
    assert "Đã thay bằng bản khác" in page.text
    assert "Gõ nhầm" in manager.get(path).text
    assert manager.get(f"{path}/correct").status_code == 200
    again = manager.post(f"{path}/correct", data=CERTIFICATE | {"reason": "Lần nữa"})
    assert (again.status_code, "mở bản mới nhất" in again.text) == (422, True)


def test_an_entry_is_taken_back_with_a_reason(manager: Any) -> None:
    row = gauge()
    wrong = certified(row, person("signer"), date(2026, 8, 14))
    path = f"/standards/{row.id}/certificates/{wrong.id}/void"
    assert manager.post(path, data={"reason": " "}).status_code == 422
    page = manager.post(path, data={"reason": "Nhầm chuẩn"}, follow_redirects=True)
    assert "chưa có giấy chứng nhận" in page.text


def test_a_certificate_is_not_found_under_another_standard(manager: Any) -> None:
    row, other = gauge(), registered(person("signer"), "CH-2")
    kept = certified(row, person("reviewer"), date(2026, 8, 14))
    assert manager.get(f"/standards/{other.id}/certificates/{kept.id}").status_code == 404


def test_a_check_gets_a_schedule_and_a_failed_one_quarantines(manager: Any) -> None:
    row = gauge()
    path = f"/standards/{row.id}/schedules/intermediate_check"
    manager.post(path, data={"interval_count": "3", "interval_unit": "months", "active": "y",
                             "last_done_on": "31/08/2026"})
    assert "30/11/2026" in manager.get(f"/standards/{row.id}").text
    silent = manager.post(f"{path}/done", data={"done_on": "20/11/2026", "passed": "n", "note": ""})
    assert silent.status_code == 422
    page = manager.post(f"{path}/done", follow_redirects=True, data={
        "done_on": "20/11/2026", "passed": "n", "note": "Lệch 0,02 bar tại 8 bar"})
    assert "Không đạt" in page.text
    assert standards()[0].state == "quarantined"


def test_the_calibration_schedule_is_changed_but_not_stopped(manager: Any) -> None:
    row = gauge()
    certified(row, person("signer"), date(2026, 8, 14))
    manager.post(f"/standards/{row.id}/schedules/calibration", data={
        "interval_count": "6", "interval_unit": "months", "active": "n"})
    (schedule,) = standards()[0].schedules
    assert (schedule.active, schedule.due_on) == (True, date(2027, 2, 14))


def listed(client: Any, address: str) -> list[str]:
    text = client.get(address).text
    return [number for number in ("CH-1", "CH-2", "CH-3", "CH-4") if f">{number}</a>" in text]


def four() -> None:
    """Overdue, due soon, in date, away; two of them of a custodian."""
    by, custodian = person("head"), person("technician", "hanh")
    for number, day, own in (("CH-1", date(2025, 11, 1), True), ("CH-2", date(2025, 12, 20), True),
                             ("CH-3", date(2026, 8, 1), False), ("CH-4", date(2025, 12, 1), False)):
        row = registered(by, number, name=f"Cân đồng hồ {number}", quantity="mass" if own else "pressure",
                         custodian_id=custodian.id if own else None)
        certified(row, by, day)
    service.change_state(row.id, "out_for_calibration", "gửi VMI", expected="in_use", by=by)


FILTERS = {
    "": ["CH-1", "CH-2", "CH-3", "CH-4"], "due=overdue": ["CH-1"], "due=due_soon": ["CH-2"], "due=in_date": ["CH-3"],
    "due=away": ["CH-4"], "due=due_soon&window=20": [], "quantity=mass": ["CH-1", "CH-2"],
    "state=out_for_calibration": ["CH-4"], "q=can+dong+ho": ["CH-1", "CH-2", "CH-3", "CH-4"], "q=ch3": ["CH-3"],
    "q=ong+ho+ch": ["CH-1", "CH-2", "CH-3", "CH-4"], "q=ho+can": ["CH-1", "CH-2", "CH-3", "CH-4"],
    "q=can+tay": [], "q=%25": ["CH-1", "CH-2", "CH-3", "CH-4"], "month=2026-12": ["CH-2", "CH-4"],
    "custodian=x&after=x&month=9": ["CH-1", "CH-2", "CH-3", "CH-4"]}


def test_the_list_is_filtered_by_its_address(manager: Any) -> None:
    four()
    assert {query: listed(manager, f"/standards?{query}") for query in FILTERS} == FILTERS


def test_the_list_counts_what_each_light_holds(manager: Any) -> None:
    four()
    text = manager.get("/standards").text
    assert all(f"{word} <b>{count}</b>" in text for word, count in (
        ("Tất cả", 4), ("Quá hạn", 1), ("Sắp đến hạn", 1), ("Còn hạn", 1), ("Đang gửi", 1)))


def test_standards_of_a_common_word_are_listed_but_not_counted(
        app_on_both: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    four()
    registered(person("head", "khac"), "AK-1", name="Áp kế")
    monkeypatch.setattr(listing, "MOST_COUNTED", 3)
    common = listing.read_filter({"q": "dong ho can"}, today(), 60)
    assert (common.found, listing.tally(common).lights, listing.tally(common).months) == (None, {}, [])
    page = listing.page(common, size=3)
    assert [line.standard.asset_number for line in page.lines] == ["CH-1", "CH-4", "CH-2"]
    assert [line.standard.asset_number for line in listing.page(common, after=page.after or "").lines] == ["CH-3"]
    rare = listing.read_filter({"q": "can ch2", "due": "due_soon"}, today(), 60)
    assert listing.tally(rare).lights == {"": 1, "overdue": 0, "due_soon": 1, "in_date": 0, "away": 0}
    assert listing.tally(listing.read_filter({"q": "ân ch"}, today(), 60)).lights[""] == 4
    text = logged_in(app_on_both, person("head", "xem")).get("/standards?q=can").text
    assert "hơn 3 chuẩn khớp" in text
    assert "Quá hạn</a>" in text


def test_pages_follow_each_other_by_key_both_ways(app_on_both: Any) -> None:
    by = person("head")
    for number in range(5):
        row = registered(by, f"CH-{number}")
        if number:
            certified(row, by, date(2026, 3 - number % 2, 1))
    wanted = listing.read_filter({}, today(), 60)
    first = listing.page(wanted, size=2)
    second = listing.page(wanted, after=first.after or "", size=2)
    third = listing.page(wanted, after=second.after or "", size=2)
    numbers = [[line.standard.asset_number for line in page.lines] for page in (first, second, third)]
    assert numbers == [["CH-0", "CH-1"], ["CH-3", "CH-2"], ["CH-4"]]
    assert (first.before, third.after) == (None, None)
    back = listing.page(wanted, before=third.before or "", size=2)
    assert [line.standard.asset_number for line in back.lines] == numbers[1]


def test_the_due_list_answers_for_any_day_and_refuses_what_is_none(manager: Any) -> None:
    four()
    text = manager.get("/standards/due?on=01/12/2026&within=19").text
    assert [number for number in ("CH-1", "CH-2", "CH-3", "CH-4") if f">{number}</a>" in text] == [
        "CH-1", "CH-2", "CH-4"]
    for wrong in ("on=31/02/2026", "on=x", "within=-1", "within=99999"):
        assert manager.get(f"/standards/due?{wrong}").status_code == 422


PAGES = ("/standards", "/standards/due", "/alerts", "/alerts/outbox")


def test_a_list_asks_as_many_questions_for_many_rows_as_for_few(app: Any, manager: Any) -> None:
    def more(prefix: str, count: int) -> None:
        by = person("head", prefix)
        for number in range(count):
            certified(registered(by, f"{prefix}-{number}", custodian_id=by.id), by, date(2025, 11, number + 1))
        plan(today())

    def questions() -> dict[str, int]:
        return {path: statements_of(lambda path=path: manager.get(path)) for path in PAGES}  # type: ignore[misc]

    more("few", 3)
    questions()
    few = questions()
    more("many", 6)
    assert questions() == few


def test_a_standards_page_asks_as_many_questions_for_a_long_history_as_for_a_short(manager: Any) -> None:
    row = gauge()
    by = person("signer")
    for month in (1, 2):
        certified(row, by, date(2026, month, 1))
    path, row_id = f"/standards/{row.id}", row.id
    manager.get(path)
    few = statements_of(lambda: manager.get(path))
    by = person("reviewer")
    for month in (3, 4, 5, 6):
        certificates.enter_certificate(row_id, entry(date(2026, month, 1)), by=by)
    assert statements_of(lambda: manager.get(path)) == few


def test_a_technician_reads_and_sees_no_way_to_change(app: Any) -> None:
    row = gauge()
    client = logged_in(app, person("technician"))
    page = client.get(f"/standards/{row.id}")
    assert page.status_code == 200
    assert "/edit" not in page.text
    assert client.post("/standards/new", data=NEW).status_code == 403


def test_the_list_goes_to_excel_with_its_filters_and_a_name_stays_a_name(manager: Any) -> None:
    four()
    by = person("signer")
    service.register_standard(details("CH-9", name='=HYPERLINK("http://x")'), interval_count=1, interval_unit="years",
                              by=by)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(manager.get("/standards/export.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == ["CH-9", "CH-1", "CH-4", "CH-2", "CH-3"]
    assert rows[1][1] == '=HYPERLINK("http://x")'
    assert (rows[2][9], rows[2][10]) == (date(2026, 11, 1), -22)
    some = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(manager.get("/standards/export.xlsx?quantity=mass").data))
    assert len(some.get_sheet_by_index(0).to_python()) == 3


def laboratory() -> None:
    with write("test", actor=("", "test")) as current:
        current.add(Organisation(id=1, name_vi="Trung tâm Đo lường", name_en="Metrology Centre", short_name="TTĐL",
                                 address="12 Trần Phú"))


def test_the_due_list_and_the_status_label_are_printed(manager: Any) -> None:
    laboratory()
    four()
    registered(person("signer"), "CH-ĐN-9")
    for path in ("/standards/due.pdf?on=01/12/2026&within=60", "/standards/due.pdf", "/standards/1/label.pdf",
                 "/standards/4/label.pdf", "/standards/5/label.pdf"):
        response = manager.get(path)
        assert (response.status_code, response.mimetype, response.data[:5]) == (200, "application/pdf", b"%PDF-"), path
    assert manager.get("/standards/due.pdf?on=31/02/2026").status_code == 422


def test_without_the_laboratorys_particulars_paper_says_what_is_missing(manager: Any) -> None:
    response = manager.get("/standards/due.pdf")
    assert (response.status_code, "Cài đặt" in response.text) == (409, True)


def test_counts_without_filters_agree_with_counting_one_by_one(app_on_both: Any) -> None:
    by = person("quality_manager")
    days = [date(2025, 1, 1), date(2025, 12, 1), date(2026, 11, 1), None]
    for number in range(12):
        row = registered(by, f"CH-{number}", quantity=("mass", "length")[number % 2])
        calibrated = days[number % 4]
        if calibrated is not None:
            certified(row, by, calibrated)
        if number in (1, 5, 7):
            service.change_state(row.id, ("out_for_calibration", "retired", "quarantined")[number % 3], "vì thế",
                                 expected="in_use", by=by)
    wanted = listing.read_filter({}, today(), 60)
    lines = listing.everything(wanted)
    told = listing.tally(wanted).lights
    assert told == {"": len(lines), **{light: sum(line.light == light for line in lines) for light in told if light}}
    assert set(listing.quantities()) == {"mass", "length"}


@pytest.mark.parametrize("path", ["/standards", "/surveys/instruments", "/certificates", "/coverage"])
def test_an_argument_that_url_for_would_take_for_its_own_opens_the_page_and_goes_no_further(
        manager: Any, path: str) -> None:
    page = manager.get(f"{path}?endpoint=x&_method=PUT&_external=1&_scheme=javascript&q=abc")
    assert page.status_code == 200
    assert "javascript:" not in page.text


@pytest.mark.parametrize(("path", "status"), [
    ("/standards/{}", 404), ("/plans/entries/{}/file", 404), ("/certificates?after={}", 200),
    ("/plans/difficulties?plan={}", 200)])
def test_a_number_beyond_every_key_is_no_fault_of_the_server(manager: Any, path: str, status: int) -> None:
    assert manager.get(path.format(10**25)).status_code == status
