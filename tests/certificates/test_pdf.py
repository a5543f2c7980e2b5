"""The printed document: the same bytes, what each kind holds, its pages and tables."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from certificate_samples import CALIBRATION, CUSTOMER, VERIFICATION, WORK_RECORD, anchors, gauge_table
from PIL import Image
from printed import pages_of, pdf, text_of
from pypdf import PdfReader

from certificates.artwork import ArtworkError
from certificates.blocks import NOTE
from certificates.document import (
    Amendment,
    Conformity,
    Kind,
    Outcome,
    Record,
    ResultTable,
    Rule,
    Stage,
    Verdict,
    Words,
    digest,
)
from certificates.flow import LayoutError
from certificates.fonts import Face
from certificates.formats import tie
from certificates.pdf import render
from certificates.typeset import with_symbols
from certificates.work_record import REASON_FROM, Verdicts


@pytest.mark.parametrize("record", [CALIBRATION, VERIFICATION, WORK_RECORD], ids=lambda record: record.kind.value)
def test_the_same_record_gives_the_same_bytes(record: Record) -> None:
    assert pdf(record) == pdf(record)


def test_another_record_gives_other_bytes() -> None:
    assert pdf(CALIBRATION) != pdf(replace(CALIBRATION, number="C26-00418"))


def test_a_calibration_certificate_holds_what_the_standard_asks_for() -> None:
    content = text_of(pdf(CALIBRATION))
    for expected in (
        "GIẤY CHỨNG NHẬN HIỆU CHUẨN",
        "Calibration certificate",
        "C26-00417",
        "Số 18 đường Trần Hưng Đạo",
        "Công ty TNHH Khí công nghiệp Bình Nguyên",
        "Bà Trần Ngọc Quỳnh",
        "DKD-R 6-1:2014",
        "11A04-2871",
        "Mã quản lý (*)",
        "12/11/2026",
        "13/11/2026",
        "Minh Sơn, ngày 16 tháng 11 năm 2026",
        "Phòng Đo lường Áp suất",
        "(22,6 ÷ 23,1) °C",
        "V06.CN2.1184.26",
        "18/03/2027",
        "1 000",
        "+8,2",
        "k = 2,00",
        "95 %",
        "w = U",
        "hệ đơn vị quốc tế SI",
        "Không có sai khác",
        "Kết quả chỉ có giá trị đối với phương tiện đo",
        "chưa được kiểm định",
        "16/11/2026 15:42 (+07)",
        "Không được sao chép một phần",
        "Thông tin do khách hàng cung cấp",
        "HẾT GIẤY CHỨNG NHẬN",
        anchors(CALIBRATION).record_digest,
        anchors(CALIBRATION).link,
    ):
        assert expected in content, expected


def test_every_page_tells_number_page_and_count() -> None:
    pages = pages_of(pdf(CALIBRATION))
    assert len(pages) == 3
    for place, page in enumerate(pages, 1):
        assert "C26-00417" in page
        assert f"Trang {place}/3" in page


def test_a_verification_certificate_is_one_page_with_the_legal_fields_in_order() -> None:
    (page,) = pages_of(pdf(VERIFICATION))
    places = [page.index(f"{number}. ") for number in range(1, 13)]
    assert places == sorted(places)
    assert "Đạt yêu cầu kỹ thuật đo lường" in page
    assert "10/11/2027" in page
    assert "chu kỳ 12 tháng kể từ ngày kiểm định 10/11/2026" in page
    assert "Thẻ kiểm định viên số 0000-01" in page


def test_a_verification_without_sticker_says_so() -> None:
    assert "Không dùng tem" in text_of(pdf(replace(VERIFICATION, sticker="")))


def test_a_work_record_shows_both_verdicts_and_every_check() -> None:
    (page,) = pages_of(pdf(WORK_RECORD))
    for expected in ("BIÊN BẢN KIỂM ĐỊNH", "Độc lập - Tự do - Hạnh phúc", "Không đạt, lý do", "Kim về vạch 0", "+0,10"):
        assert expected in page


def test_a_failed_work_record_names_the_reason_and_what_was_not_done() -> None:
    group = WORK_RECORD.checks[1]
    checks = (replace(group.checks[0], outcome=Outcome.FAIL), replace(group.checks[1], outcome=Outcome.NOT_DONE))
    statement = Conformity(
        Rule.PROCEDURE, Verdict.FAIL, Words("tất cả"), Words("x"), reason=Words("Kim bị vướng ở 4 bar")
    )
    record = replace(
        WORK_RECORD, checks=(replace(group, checks=checks),), results=(), conformity=(statement,), certificate_number=""
    )
    content = text_of(pdf(record))
    assert "Kim chuyển động êm, không vướng: không đạt" in content
    assert "Kim về vạch 0: không thực hiện" in content
    assert "Không đạt, lý do: Kim bị vướng ở 4 bar" in content


def test_a_long_reason_of_a_failure_stays_within_the_margin() -> None:
    reason = "; ".join(f"{point} bar: Sai số chiều tăng ngoài giới hạn" for point in range(2, 12))
    verdicts = Verdicts(passed=False, failed=True, reason=reason, room=480)
    assert len(verdicts.rest) > 2
    assert max(line.width for line in (verdicts.first, *verdicts.rest)) <= 480 - REASON_FROM


def test_a_test_certificate_has_its_own_title() -> None:
    assert "GIẤY CHỨNG NHẬN THỬ NGHIỆM" in text_of(pdf(replace(CALIBRATION, kind=Kind.TEST)))


@pytest.mark.parametrize("points", [1, 2, 4, 5, 13, 40])
def test_tables_of_any_length_repeat_their_head_and_leave_no_row_alone(points: int) -> None:
    record = replace(CALIBRATION, results=(gauge_table(points), replace(gauge_table(points), stage=Stage.AS_LEFT)))
    pages = pages_of(pdf(record))
    assert ("Biểu đồ sai số" in " ".join(pages)) == (points >= 5)
    for page in pages[1:]:
        rows = len(re.findall(r"2,00 \d+,\d Đạt", page))
        assert rows != 1 or points == 1
        assert ("Chỉ thị" in page) or not rows


def test_fields_that_go_overleaf_are_followed_there_by_the_sections() -> None:
    long = "Công ty Cổ phần Thiết bị Đo lường và Tự động hóa miền Trung " * 5
    pages = pages_of(pdf(replace(CALIBRATION, customer=replace(CUSTOMER, name=long, address=long, contact=long))))
    assert "Điều kiện thực hiện" not in pages[0]
    assert "Hiệu chuẩn lại trước ngày" in pages[1]
    assert "Điều kiện thực hiện" in pages[1]
    assert "Điều kiện thực hiện" not in pages_of(pdf(CALIBRATION))[0]


def test_a_work_record_is_drawn_closer_where_that_spares_a_page() -> None:
    reason = Words("sai số ở 8 bar và 10 bar vượt giới hạn cho phép")
    failed = replace(WORK_RECORD.conformity[0], verdict=Verdict.FAIL, reason=reason)
    checks = tuple(
        replace(group, checks=tuple(replace(one, outcome=Outcome.FAIL) for one in group.checks))
        for group in WORK_RECORD.checks
    )
    assert len(pages_of(pdf(replace(WORK_RECORD, conformity=(failed,), checks=checks)))) == 1


def test_what_somebody_typed_ends_before_the_next_sentence_begins() -> None:
    record = replace(CALIBRATION, deviations=(Words("Chờ 5 phút", "Waited 5 min"), Words("Đã hỏi khách hàng.")))
    content = text_of(pdf(record))
    assert "Chờ 5 phút. Sai khác so với phương pháp: Đã hỏi khách hàng. Không có" in content
    assert "Waited 5 min. Deviation" in content


def test_a_rule_that_is_the_procedure_is_named_once() -> None:
    content = text_of(pdf(replace(VERIFICATION, results=WORK_RECORD.results)))
    assert "quy tắc quyết định của ĐLVN 08:2011. Áp dụng" in content


def test_symbols_of_a_table_are_italic_in_its_heads_and_notes() -> None:
    spans = with_symbols(NOTE, "e = chỉ thị; |e| ≤ 8, e(x) và Ue", {"e"})
    assert [span.text for span in spans if span.face is Face.SERIF_ITALIC] == ["e", "e"]
    assert "".join(span.text for span in spans) == tie("e = chỉ thị; |e| ≤ 8, e(x) và Ue")


def test_forty_pages_of_results_are_numbered_through() -> None:
    record = replace(CALIBRATION, results=tuple(replace(gauge_table(40), chart=None) for _ in range(36)))
    pages = pages_of(pdf(record))
    assert len(pages) >= 40
    assert f"Trang {len(pages)}/{len(pages)}" in pages[-1]
    assert "HẾT GIẤY CHỨNG NHẬN" in pages[-1]


def test_a_typical_certificate_is_small() -> None:
    assert len(pdf(CALIBRATION)) <= 100_000
    assert len(pdf(VERIFICATION)) <= 80_000


def test_a_demonstration_is_marked_on_every_page() -> None:
    for record in (CALIBRATION, VERIFICATION, WORK_RECORD):
        for page in pages_of(pdf(replace(record, demonstration=True))):
            assert "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ" in page


def test_an_amendment_names_what_it_replaces_on_page_one() -> None:
    amendment = Amendment("C26-00400", (Words("Sửa số chế tạo"),), Words("Ghi nhầm"), date(2026, 11, 1))
    page = pages_of(pdf(replace(CALIBRATION, amendment=amendment)))[0]
    assert "Thay thế giấy chứng nhận hiệu chuẩn số C26-00400 ngày 01/11/2026" in page
    assert "Sửa số chế tạo" in page
    assert "Ghi nhầm" in page


def test_no_interval_is_printed_unless_agreed() -> None:
    record = replace(CALIBRATION, recalibration=replace(CALIBRATION.recalibration, agreed=False))
    assert "Hiệu chuẩn lại" not in text_of(pdf(record))


def test_the_file_names_its_document_and_record() -> None:
    info = PdfReader(io.BytesIO(pdf(CALIBRATION))).metadata
    assert info is not None
    assert info["/LimsNumber"] == "C26-00417"
    assert info["/LimsRecordSha256"] == anchors(CALIBRATION).record_digest
    assert info.title == "Giấy chứng nhận hiệu chuẩn C26-00417"


def test_artwork_is_checked_against_the_digest_in_the_record() -> None:
    stream = io.BytesIO()
    Image.new("RGBA", (64, 64), (11, 79, 84, 128)).save(stream, "PNG")
    logo = stream.getvalue()
    record = replace(CALIBRATION, organisation=replace(CALIBRATION.organisation, logo_sha256=digest(logo)))
    assert b"/SMask" in render(record, anchors(record), artwork={digest(logo): logo})
    with pytest.raises(ArtworkError):
        render(record, anchors(record), artwork={digest(logo): logo + b"x"})
    with pytest.raises(ArtworkError):
        render(record, anchors(record))
    text = b"not an image"
    record = replace(CALIBRATION, organisation=replace(CALIBRATION.organisation, logo_sha256=digest(text)))
    with pytest.raises(ArtworkError):
        render(record, anchors(record), artwork={digest(text): text})


def test_a_chart_with_a_number_that_is_none_is_refused() -> None:
    table = gauge_table(5)
    assert table.chart is not None
    broken = replace(table.chart, points=(replace(table.chart.points[0], error="NaN"), *table.chart.points[1:]))
    with pytest.raises(LayoutError, match="NaN"):
        pdf(replace(CALIBRATION, results=(replace(table, chart=broken),)))


def test_equal_points_and_wide_tables_are_drawn() -> None:
    table = gauge_table(5)
    assert table.chart is not None
    flat = replace(
        table.chart, points=tuple(replace(p, error="0", x="7", lower="", upper="") for p in table.chart.points)
    )
    wide = ResultTable(table.title, table.columns * 2, tuple(row * 2 for row in table.rows), chart=flat)
    assert "Biểu đồ sai số" in text_of(pdf(replace(CALIBRATION, results=(wide,))))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler) is not installed")
def test_a_phone_reads_the_code_from_the_printed_page(tmp_path: Path) -> None:
    import zxingcpp

    (tmp_path / "c.pdf").write_bytes(pdf(CALIBRATION))
    command = ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-gray", "-png", "-singlefile", "c.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True)
    with Image.open(tmp_path / "page.png") as page:
        codes = zxingcpp.read_barcodes(page)
    assert [code.text for code in codes] == [anchors(CALIBRATION).qr_payload]
