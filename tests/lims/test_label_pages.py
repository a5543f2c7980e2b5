"""Stickers and labels from codes: each of the right kind, its QR read at 203 dpi, and leading to the public check."""
from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image

from lims.auth.models import User
from lims.issue import service
from lims.shared import organisation
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person

FORM = {"form": "roll", "dpi": "203", "start": "1"}


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def issued(head: User) -> str:
    (item,) = laboratory.clones(laboratory.waiting(), 1)
    return service.issue_certificate(item, signer=head, password=PASSWORD).number


def pictures(pdf: bytes, dpi: int, folder: Path) -> list[Image.Image]:
    (folder / "labels.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-mono", str(folder / "labels.pdf"), str(folder / "p")], check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("p-*"))]


def codes(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_each_code_gives_its_label_and_its_qr_is_read_at_203_dpi(app: Any, head: User, tmp_path: Path) -> None:
    number = issued(head)
    item = factories.item()
    lines = f"{number}\n{item.code}\nCH-DI-001\n"
    answer = logged_in(app, head).post("/labels", data={**FORM, "codes": lines})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as opened:
        sizes = [tuple(round(float(side) * 25.4 / 72) for side in page.mediabox[2:]) for page in opened.pages]
    assert sizes == [(45, 28), (60, 30), (56, 30)]
    read = [codes(picture) for picture in pictures(answer.data, 203, tmp_path)]
    assert [len(one) for one in read] == [1, 1, 1]
    address = read[0][0].split(":8000", 1)[1]
    check = app.test_client().get(address)
    assert check.status_code == 303
    assert app.test_client().get(check.location).status_code == 200


def test_the_code_on_a_sticker_alone_opens_nothing(app: Any, head: User) -> None:
    number = issued(head)
    client = app.test_client()
    for address in (f"/S/{number}.AAAAAAAAAAAAAAAA", f"/S/{number}", "/S/none"):
        assert client.get(client.get(address).location).status_code == 404


def test_an_item_of_a_job_stands_for_itself_and_a_job_for_all(app: Any, head: User) -> None:
    item = factories.item()
    answer = logged_in(app, head).post("/labels", data={**FORM, "codes": item.job.number})
    with pikepdf.open(io.BytesIO(answer.data)) as opened:
        assert len(opened.pages) == len(item.job.items)


def test_a_begun_sheet_is_used_up_from_the_place_that_is_free(app: Any, head: User, tmp_path: Path) -> None:
    code = factories.item().code
    heights = []
    for start in ("1", "4"):
        folder = tmp_path / start
        folder.mkdir()
        pdf = logged_in(app, head).post("/labels", data={"form": "sheet", "dpi": "300", "start": start, "codes": code})
        (picture,) = pictures(pdf.data, 150, folder)
        (found,) = zxingcpp.read_barcodes(picture)
        heights.append((found.position.top_left.x, found.position.top_left.y))
    assert heights[1][1] > heights[0][1]  # the second row begins below the first


def test_what_has_no_label_is_told_line_by_line_and_what_was_typed_stays(app: Any, head: User) -> None:
    kept, gone = (service.issue_certificate(item, signer=head, password=PASSWORD)
                  for item in laboratory.clones(laboratory.waiting(), 2))
    number = kept.number
    service.withdraw(gone.id, signer=head, password=PASSWORD, reason="Sai số")
    page = logged_in(app, head).post("/labels", data={**FORM, "codes": f"{number}\nKHONG-CO\nC26-00002"})
    assert page.status_code == 422
    assert "không có mã này" in page.text
    assert "giấy đã thu hồi" in page.text
    assert "KHONG-CO\nC26-00002" in page.text


@pytest.mark.parametrize("form", [{"form": "wall"}, {"dpi": "72"}, {"start": "0"}, {"start": "x"}, {"codes": ""},
                                  {"codes": "x\n" * 201}, {"dpi": "300000000000"}])
def test_malformed_requests_are_refused_with_words(app: Any, head: User, form: dict[str, str]) -> None:
    answer = logged_in(app, head).post("/labels", data={**FORM, "codes": "x", **form})
    assert answer.status_code == 422


def test_the_size_of_labels_is_the_laboratorys_choice(app: Any, head: User) -> None:
    organisation.save({"item_label_mm": "70x40"})
    answer = logged_in(app, head).post("/labels", data={**FORM, "codes": factories.item().code})
    with pikepdf.open(io.BytesIO(answer.data)) as opened:
        assert [round(float(side) * 25.4 / 72) for side in opened.pages[0].mediabox[2:]] == [70, 40]


def test_ticked_documents_come_to_the_page_of_labels(app: Any, head: User) -> None:
    number = issued(head)
    client = logged_in(app, head)
    answer = client.post("/certificates/stickers", data={"certificate": "1"})
    assert number in client.get(answer.location).text
    assert app.test_client().get("/labels").status_code == 302
    assert logged_in(app, person("reception")).get("/labels").status_code == 200


def test_a_label_that_is_too_small_names_the_code_that_does_not_fit(app: Any, head: User) -> None:
    organisation.save({"item_label_mm": "30x30"})
    code = factories.item().code
    answer = logged_in(app, head).post("/labels", data={**FORM, "codes": code})
    assert answer.status_code == 422
    assert f"Không vừa nhãn: {code}" in answer.text
