"""Labels and slips of a job, read back as text."""
from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from certificates.stickers import CalibrationSticker
from lims.issue import paper_files
from lims.shared import organisation
from lims.shared.audit import acting_as
from lims.web import label_sheets
from tests.lims.people import logged_in, person
from tests.lims.test_reception import received


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.fixture
def client(app: Any) -> Any:
    with acting_as("", "test"):
        organisation.save({"name_vi": "Trung tâm Kỹ thuật", "name_en": "Technical Centre", "short_name": "TTKT",
                           "address": "Số 12 Trần Phú", "head_title_vi": "Giám đốc", "head_title_en": "Director",
                           "validity_policy": "same_day"})
    user = person("reception")
    received(user, "38120441", "40250733")
    return logged_in(app, user)


def test_each_item_has_a_label_of_its_own(client: Any) -> None:
    response = client.get("/jobs/1/labels.pdf")
    pages = PdfReader(io.BytesIO(response.data)).pages
    assert [code in page.extract_text() for code, page in zip(("26-00001/01", "26-00001/02"), pages, strict=True)] == [
        True, True]


@pytest.mark.parametrize("paper", ["receipt", "delivery"])
def test_a_slip_names_the_customer_and_the_job(client: Any, paper: str) -> None:
    response = client.get(f"/jobs/1/{paper}.pdf")
    assert response.mimetype == "application/pdf"
    assert all(word in text_of(response.data) for word in ("26-00001", "Nhà máy gạo Bình Minh", "Trung tâm Kỹ thuật"))


def test_the_receipt_states_what_was_agreed(client: Any) -> None:
    words = text_of(client.get("/jobs/1/receipt.pdf").data)
    assert [told in words for told in ("Phương pháp", "Quy tắc quyết định", "Hiệu chuẩn:", "hiệu chuẩn lại", "Hẹn trả")
            ] == [True] * 5
    assert "Ngày trả" in text_of(client.get("/jobs/1/delivery.pdf").data)


def test_slips_and_stickers_bear_the_logo_that_was_set(client: Any) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 40), (11, 79, 84)).save(drawn, "PNG")
    assert not PdfReader(io.BytesIO(client.get("/jobs/1/receipt.pdf").data)).pages[0].images
    paper_files.set_part("logo", "logo.png", drawn.getvalue())
    for paper in ("receipt", "delivery"):
        assert len(PdfReader(io.BytesIO(client.get(f"/jobs/1/{paper}.pdf").data)).pages[0].images) == 1
    sticker = label_sheets.printed([CalibrationSticker("26C-1", "ĐK 000", "13/11/2026", "", "HTTPS://A/T/1.X")],
                                   "roll", 300, 1)
    assert len(PdfReader(io.BytesIO(sticker)).pages[0].images) == 1


def test_a_scanned_label_leads_to_its_item(client: Any) -> None:
    response = client.get("/I/26-00001/02", follow_redirects=True)
    assert response.request.path == "/jobs/1"
