"""Stickers, labels, slips and lists: what is on them, that their codes are read, that long names do not break them."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from certificate_samples import ORGANISATION
from PIL import Image
from pypdf import PdfReader

from certificates.document import Words
from certificates.flow import LayoutError
from certificates.label_parts import Label
from certificates.label_printing import render_label_sheet, render_labels
from certificates.labels import ItemLabel, StandardLabel, StandardState
from certificates.lists import DueState, RecallList, RecallRow, due_state, render_recall_list
from certificates.slips import (
    DELIVERY_TITLE,
    RECEPTION_CLOSING,
    RECEPTION_TITLE,
    Signatory,
    Slip,
    SlipField,
    SlipItem,
    render_slip,
)
from certificates.stickers import CalibrationSticker, VerificationSticker

HOST = "HTTPS://KD.MINHSON.EXAMPLE/"
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
VERIFIED = VerificationSticker("26V-01208", "ĐK 000", "11/2027", HOST + "S/26V-01208.7QK4M2ZDX9PA3W8C")
CALIBRATED = CalibrationSticker(
    "26C-00417", "ĐK 000", "13/11/2026", "TT Kỹ thuật TCĐLCL · 0200 385 0000", HOST + "S/26C-00417.X9PA3W8C7QK4M2ZD"
)
STANDARD = StandardLabel(
    "CH-P-003", "Áp kế chuẩn", StandardState.IN_USE, "18/03/2026", "18/03/2027", HOST + "E/CH-P-003", "Toàn bộ phạm vi"
)
ITEM = ItemLabel(
    "26-01834/3",
    "Áp kế lò xo",
    "11A04-2871",
    "Công ty TNHH Khí công nghiệp Bình Nguyên",
    "Hiệu chuẩn",
    "12/11/2026",
    "17/11/2026",
    HOST + "I/26-01834/3",
    "1 đầu nối",
)
LABELS: list[Label] = [VERIFIED, CALIBRATED, STANDARD, ITEM]


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler) is not installed")
@pytest.mark.parametrize("dpi", [203, 300])
def test_the_code_of_every_label_is_read_at_the_printers_resolution(dpi: int, tmp_path: Path) -> None:
    import zxingcpp

    (tmp_path / "l.pdf").write_bytes(render_labels(LABELS, "Nhãn", NOW, dpi))
    subprocess.run(["pdftoppm", "-r", str(dpi), "-mono", "l.pdf", "l"], cwd=tmp_path, check=True)
    for page, label in zip(sorted(tmp_path.glob("*.pbm")), LABELS, strict=True):
        with Image.open(page) as image:
            codes = zxingcpp.read_barcodes(image.convert("L"))
        assert [code.text for code in codes] == [label.qr_payload]  # type: ignore[attr-defined]


def test_a_label_page_has_the_size_of_the_label() -> None:
    box = PdfReader(io.BytesIO(render_labels([ITEM], "Nhãn", NOW))).pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((60 / 25.4 * 72, 30 / 25.4 * 72), abs=0.01)


def test_a_calibration_sticker_without_agreed_interval_names_none() -> None:
    assert "Hiệu chuẩn lại" not in text_of(render_labels([CALIBRATED], "Tem", NOW))
    agreed = replace(CALIBRATED, recalibration_on="13/11/2027")
    assert "Hiệu chuẩn lại" in text_of(render_labels([agreed], "Tem", NOW))


def test_a_standard_out_of_service_shows_the_reason_and_no_dates() -> None:
    label = replace(STANDARD, state=StandardState.OUT_OF_SERVICE, reason="Quá tải ngày 02/11/2026")
    content = text_of(render_labels([label], "Nhãn", NOW))
    assert "NGỪNG SỬ DỤNG" in content
    assert "Quá tải ngày 02/11/2026" in content
    assert "18/03/2027" not in content


def test_a_long_reason_wraps_and_ends_in_three_dots_only_beyond_two_lines() -> None:
    def words(reason: str) -> str:
        label = replace(STANDARD, state=StandardState.OUT_OF_SERVICE, reason=reason)
        return text_of(render_labels([label], "Nhãn", NOW))

    assert "Rơi ngày 02/11/2026, chờ hiệu chuẩn lại" in words("Rơi ngày 02/11/2026, chờ hiệu chuẩn lại")
    assert "…" in words("Rơi ngày 02/11/2026, chờ hiệu chuẩn lại và kết luận của hội đồng kỹ thuật")


def test_a_coarse_printer_gives_the_calibration_sticker_modules_of_three_dots() -> None:
    """A third of a millimetre and more: PAPER asks for what a phone reads at once, with a logo above as well."""
    for logo in (b"", _logo()):
        drawn = PdfReader(io.BytesIO(render_labels([CALIBRATED], "Tem", NOW, 203, logo))).pages[0].get_contents()
        assert drawn is not None
        sides = [float(side) for side in re.findall(rb"([0-9.]+) 0 0 \1 [0-9.-]+ [0-9.-]+ cm", drawn.get_data())]
        assert min(sides) == pytest.approx(3 * 72 / 203, abs=1e-3)


def _logo() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 40), (11, 79, 84)).save(drawn, "PNG")
    return drawn.getvalue()


def test_names_are_shortened_but_numbers_never() -> None:
    assert "…" in text_of(render_labels([replace(ITEM, customer="Công ty " * 40)], "Nhãn", NOW))
    with pytest.raises(LayoutError, match="too long"):
        render_labels([replace(ITEM, identification="26-01834/3" * 5)], "Nhãn", NOW)


@pytest.mark.parametrize("label", [VERIFIED, CALIBRATED, STANDARD, ITEM], ids=lambda one: type(one).__name__)
def test_labels_of_the_demonstration_say_so(label: Label) -> None:
    def words(one: Label) -> str:
        return PdfReader(io.BytesIO(render_labels([one], "Thử", NOW))).pages[0].extract_text()

    assert "TRÌNH DIỄN" not in words(label)
    sample = words(replace(label, demonstration=True))  # type: ignore[type-var]
    assert "BẢN TRÌNH DIỄN" in sample
    if isinstance(label, VerificationSticker | CalibrationSticker):
        assert "KHÔNG CÓ GIÁ TRỊ" in sample


def test_a_code_too_dense_to_print_is_refused() -> None:
    with pytest.raises(LayoutError, match="too dense"):
        render_labels([replace(VERIFIED, qr_payload="A" * 600)], "Tem", NOW)


def test_a_sheet_takes_as_many_pages_as_its_labels_need() -> None:
    content = render_label_sheet([VERIFIED, CALIBRATED, STANDARD, ITEM] * 12, "Tờ tem", NOW)
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) > 1
    assert all("100 mm" in page.extract_text() for page in pages)
    assert content == render_label_sheet([VERIFIED, CALIBRATED, STANDARD, ITEM] * 12, "Tờ tem", NOW)
    with pytest.raises(LayoutError):
        render_label_sheet([], "Tờ tem", NOW)


def slip(items: int = 6) -> Slip:
    return Slip(
        title=RECEPTION_TITLE,
        number="TN26-01834",
        organisation=ORGANISATION,
        fields=(
            (SlipField(Words("Khách hàng", "Customer"), "Công ty TNHH Khí công nghiệp Bình Nguyên"),),
            (SlipField(Words("Địa chỉ", "Address"), "Lô C4, Khu công nghiệp Nam Sơn, phường Phú Lương"),),
            (
                SlipField(Words("Người giao", "Delivered by"), "Trần Ngọc Quỳnh"),
                SlipField(Words("Điện thoại", "Phone"), "0200 386 1122"),
            ),
            (
                SlipField(Words("Ngày nhận", "Received on"), "12/11/2026 09:20"),
                SlipField(Words("Hẹn trả", "Promised for"), "17/11/2026", strong=True),
            ),
        ),
        items=tuple(
            SlipItem(
                f"26-01834/{i}", "Áp kế lò xo (0 ÷ 1 000) kPa; cấp 1", f"HP-232, 11A04-287{i}", "Hiệu chuẩn", "Tốt"
            )
            for i in range(1, items + 1)
        ),
        request=(
            (SlipField(Words("Phương pháp", "Method"), "Do Trung tâm chọn: DKD-R 6-1", "Chosen by the Centre"),),
            (SlipField(Words("Quy tắc quyết định", "Decision rule"), "Dải bảo vệ w = U", "Guard band w = U"),),
        ),
        closing=RECEPTION_CLOSING,
        signatories=(
            Signatory(Words("Người giao", "Delivered by"), "Trần Ngọc Quỳnh"),
            Signatory(Words("Người nhận", "Received by"), "Hoàng Thị Mỹ Duyên", "Bộ phận tiếp nhận"),
        ),
        created=NOW,
        qr_payload=HOST + "R/TN26-01834.4PA3W8CX9QK7M2ZD",
    )


def test_a_reception_slip_lists_items_request_and_signatures() -> None:
    content = text_of(render_slip(slip()))
    for expected in (
        "PHIẾU TIẾP NHẬN",
        "26-01834/6",
        "Hẹn trả",
        "17/11/2026",
        "Xuất trình phiếu",
        "NGƯỜI NHẬN",
        "Trang 1/1",
    ):
        assert expected in content


def test_a_delivery_slip_names_the_certificate_of_each_item() -> None:
    items = (SlipItem("26-01834/3", "Áp kế <b>", "HP-232", "Hiệu chuẩn", "", outcome="C26-00417"),)
    content = text_of(render_slip(replace(slip(), title=DELIVERY_TITLE, items=items, closing=Words("{x} *y*"))))
    for expected in ("PHIẾU GIAO TRẢ", "C26-00417", "Áp kế <b>", "{x} *y*"):
        assert expected in content


def test_a_long_slip_goes_on_overleaf_with_its_number() -> None:
    pages = PdfReader(io.BytesIO(render_slip(slip(60)))).pages
    assert len(pages) > 1
    assert all("TN26-01834" in page.extract_text() for page in pages)


def recall(rows: int) -> RecallList:
    today = date(2026, 11, 23)
    row = RecallRow(
        "CH-P-002", "Áp kế chuẩn (0 ÷ 60) bar; 0,1 %", "0417-22", "Phạm Hữu Nghĩa", "V06.CN2.0977.25", today
    )
    return RecallList(
        short_name=ORGANISATION.short_name,
        today=today,
        rows=tuple(
            replace(row, asset_number=f"CH-P-{i:03d}", due_on=today + timedelta(7 * i - 20), send_to="VMI")
            for i in range(rows)
        ),
        created=NOW,
        prepared_by=Signatory(Words("Người lập", "Prepared by"), "Nguyễn Thị Hồng Vân", "Phụ trách chất lượng"),
        approved_by=Signatory(Words("Lãnh đạo duyệt", "Approved by")),
    )


def test_a_recall_list_stands_in_the_order_of_action_and_tells_states_in_words() -> None:
    rows = recall(30).rows
    forecast = replace(rows[29], predicted_on=date(2026, 11, 1))
    content = text_of(render_recall_list(replace(recall(30), rows=(*rows[:29], forecast))))
    assert content.index("CH-P-029") < content.index("CH-P-000")
    assert "Lập ngày 23/11/2026" in content
    assert "Lập ngày 01/10/2026" in text_of(render_recall_list(replace(recall(1), made_on=date(2026, 10, 1))))
    assert "tính đến 23/11/2026" in content
    for expected in ("■ quá hạn", "◧ sắp đến hạn", "□ còn hạn", "−22", "01/11/2026", "Trang 2/2"):
        assert expected in content


@pytest.mark.parametrize("rows", [0, 1, 2, 22, 23, 24, 25, 26, 27, 28, 60])
def test_the_last_rows_travel_with_the_signatures(rows: int) -> None:
    last = PdfReader(io.BytesIO(render_recall_list(recall(rows)))).pages[-1].extract_text()
    assert "NGƯỜI LẬP" in last
    assert last.count("VMI") >= min(rows, 2)


def test_a_standard_is_soon_due_until_its_day_and_overdue_after() -> None:
    today = date(2026, 11, 23)
    days = (-1, 0, 60, 61)
    states = [due_state(today + timedelta(left), today, 60) for left in days]
    assert states == [DueState.OVERDUE, DueState.SOON, DueState.SOON, DueState.IN_DATE]
