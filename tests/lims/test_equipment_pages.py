"""Pages of the register: they show what is there, refuse what is wrong at its field, and keep what was typed."""
from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from lims.equipment import certificates
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.db import session
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, entry, registered

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
