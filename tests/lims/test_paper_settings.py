"""Logo, accreditation mark and layout: set on a page, frozen by digest, made again as they were."""
from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from PIL import Image
from pypdf import PdfReader

from certificates.document import digest, parse_record
from lims.auth.models import User
from lims.issue import archive, integrity, paper_files, service
from lims.issue.models import Certificate
from lims.issue.paper_views import STANDARD
from lims.jobs import capabilities
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.organisation import organisation
from tests.conftest import PASSWORD
from tests.lims import laboratory
from tests.lims.people import logged_in, person
from tests.lims.test_capabilities import LINE

OWN = STANDARD.read_text("utf-8").replace('"Tên phương tiện đo", en = "Object"', '"Đối tượng đo", en = "Item"')


SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><metadata>drawn by hand</metadata>
<circle cx="30" cy="20" r="18" fill="#0b4f54"/></svg>"""


def image(colour: tuple[int, int, int, int] = (11, 79, 84, 255), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGBA", (60, 40), colour).convert("RGB" if kind == "JPEG" else "RGBA").save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def head(app_on_both: Any) -> User:
    return laboratory.approver(laboratory.opened())


@pytest.fixture
def items(head: User) -> list[int]:
    """Three items with the same result, which wait for a signature."""
    first = laboratory.waiting()
    return [first.id, *laboratory.clones(first, 2)]


def issued(item_id: int, head: User) -> Certificate:
    return service.issue_certificate(item_id, signer=head, password=PASSWORD)


def page_text(certificate: Certificate) -> str:
    reader = PdfReader(io.BytesIO(archive.file_of(certificate).content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def pictures(certificate: Certificate) -> int:
    with pikepdf.open(io.BytesIO(archive.file_of(certificate).content)) as pdf:
        return len(pdf.pages[0].Resources.get("/XObject", {}))


def test_what_is_set_is_printed_and_what_was_issued_before_is_made_again_as_it_was(
        head: User, items: list[int]) -> None:
    before = issued(items[0], head)
    paper_files.set_part("logo", "logo.png", image())
    paper_files.set_part("layout", "own.toml", OWN.encode())
    after = issued(items[1], head)
    assert (pictures(before), pictures(after)) == (0, 1)
    assert "Đối tượng đo" in page_text(after)
    assert "Đối tượng đo" not in page_text(before)
    frozen = parse_record(after.record)
    assert (frozen.organisation.logo_sha256, frozen.layout_sha256) == (digest(image()), digest(OWN.encode()))
    paper_files.remove_part("layout")
    paper_files.set_part("logo", "other.png", image((200, 0, 0, 255)))
    assert "Đối tượng đo" not in page_text(issued(items[2], head))
    paper_files._kept.clear()
    report = integrity.verify(session())
    assert report.faults == []
    assert report.counts["documents rendered again"] == 3


def test_the_mark_stands_only_where_every_result_is_in_scope(head: User, items: list[int]) -> None:
    paper_files.set_part("mark", "mark.svg", SVG)
    outside = issued(items[0], head)
    capabilities.add(replace(LINE, a=Decimal("0.01")), head)
    inside = issued(items[1], head)
    assert (pictures(outside), pictures(inside)) == (0, 1)


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("logo", b"", "Hãy chọn tệp"),
        ("logo", b"<svg onload='x'/>", "không phải SVG"),
        ("logo", SVG.replace(b"<circle", b"<text>TT</text><circle"), "chuyển chữ thành nét"),
        ("mark", SVG.replace(b"<circle", b'<circle onclick="alert(1)"'), "onclick"),
        ("logo", b"\x89PNG\r\n\x1a\n" + b"x" * 100, "PNG hay JPEG"),
        ("logo", b"\x89PNG\r\n\x1a\n" + b"x" * 700_000, "600 kB"),
        ("layout", b"\xff\xfe", "UTF-8"),
        ("layout", OWN.replace("item.serial", "item.colour", 1).encode(), ": calibration.groups[0][1][1].value: "),
    ],
)
def test_an_unusable_file_is_refused_at_its_field(app: Any, part: Any, content: bytes, words: str) -> None:
    laboratory.opened()
    with pytest.raises(Invalid) as refused:
        paper_files.set_part(part, "x", content)
    assert words in refused.value.vi
    assert refused.value.field == part
    assert paper_files.digests(organisation(session()))[part] == ""


class TestThePage:
    def test_needs_the_permission(self, app: Any) -> None:
        other = logged_in(app, person("technician", "ktv"))
        for address in ("/settings/paper", "/settings/paper/logo", "/settings/paper/layout.toml"):
            assert app.test_client().get(address).status_code == 302
            assert other.get(address).status_code == 403

    def test_takes_a_logo_shows_it_and_takes_it_away(self, app: Any) -> None:
        laboratory.opened()
        client = logged_in(app, person("administrator", "quantri"))
        assert client.get("/settings/paper/logo").status_code == 404
        answer = client.post("/settings/paper", data={"logo": (io.BytesIO(image()), "logo.png")})
        assert answer.status_code == 303
        assert client.get("/settings/paper/logo").data == image()
        assert "logo.png" in client.get("/settings/paper").text
        assert client.post("/settings/paper", data={"remove": "logo"}).status_code == 303
        assert client.get("/settings/paper/logo").status_code == 404

    def test_shows_of_a_drawing_what_is_printed_and_nothing_else_of_the_file(self, app: Any) -> None:
        laboratory.opened()
        client = logged_in(app, person("administrator", "quantri"))
        assert client.post("/settings/paper", data={"mark": (io.BytesIO(SVG), "mark.svg")}).status_code == 303
        shown = client.get("/settings/paper/mark")
        assert shown.mimetype == "image/svg+xml"
        assert (shown.data.count(b"<path"), b"metadata" in shown.data) == (1, False)
        refused = client.post("/settings/paper", data={
            "logo": (io.BytesIO(SVG.replace(b"#0b4f54", b"url(#g)")), "logo.svg")})
        assert refused.status_code == 422
        assert "gradient" in refused.text
        assert "mark.svg" in refused.text

    def test_says_the_line_of_a_wrong_layout_and_keeps_the_old(self, app: Any) -> None:
        laboratory.opened()
        client = logged_in(app, person("administrator", "quantri"))
        wrong = OWN.replace("left = 22", "left = 2").encode()
        answer = client.post("/settings/paper", data={"layout": (io.BytesIO(wrong), "own.toml")})
        assert answer.status_code == 422
        assert "dòng 8: margins.left: cần từ 8 đến 60 mm" in answer.text
        assert client.get("/settings/paper/layout.toml").data == STANDARD.read_bytes()


def test_an_administrator_sees_a_new_layout_before_it_is_used(app_on_both: Any, head: User) -> None:
    administrator = logged_in(app_on_both, person("administrator", "mau"))
    where, other = "/settings/paper/sample.pdf", OWN.encode()
    refused = administrator.post(where, data={"kind": "calibration"})
    assert (refused.status_code, "Chưa cấp giấy nào loại này" in refused.text) == (422, True)
    service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)
    broken = administrator.post(where, data={"kind": "calibration", "layout": (io.BytesIO(other + b"x"), "m.toml")})
    assert (broken.status_code, "Mẫu in không dùng được" in broken.text) == (422, True)
    shown = administrator.post(where, data={"kind": "calibration", "logo": (io.BytesIO(image()), "logo.png"),
                                            "layout": (io.BytesIO(other), "mau.toml")})
    page = PdfReader(io.BytesIO(shown.data)).pages[0]
    words = page.extract_text()
    assert (len(page.images), "C00-00000" in words, "BẢN TRÌNH DIỄN" in words) == (1, True, True)
    assert ("Đối tượng đo" in words, organisation(session()).layout_sha256) == (True, "")
    assert logged_in(app_on_both, head).post(where, data={"kind": "calibration"}).status_code == 403
