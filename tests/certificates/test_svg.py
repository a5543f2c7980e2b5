"""Logos given as SVG: what is drawn, what is refused and how it is said, and that nothing outside is ever read."""

import io
from math import hypot

import pikepdf
import pytest

from certificates.archival import Metadata
from certificates.artwork import artwork_in, media_type
from certificates.pdf import finish
from certificates.sheet import Sheet
from certificates.svg import LARGEST, is_svg, read_svg
from certificates.svg_path import path
from certificates.vector import ArtworkError, Drawing
from tests.conftest import StoppedClock

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">'


def svg(inside: str, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def drawn(inside: str) -> Drawing:
    return read_svg(svg(inside))


def test_the_longer_side_has_a_thousand_units_and_up_is_up() -> None:
    drawing = drawn('<path d="M0 0H100V50H0Z"/>')
    assert (drawing.width, drawing.height) == (1000, 500)
    assert [step.points for step in drawing.shapes[0].outline[:2]] == [((0, 500),), ((1000, 500),)]


@pytest.mark.parametrize(("one", "other"), [
    ('<path d="M10 10 L20 10 20 20 Z"/>', '<path d="m10,10 10,0 0,10z"/>'),
    ('<path d="M1 2h3v4H5V6"/>', '<path d="M1 2L4 2 4 6 5 6 5 6"/>'),
    ('<path d="M0 0C1 1 2 1 3 0S5-1 6 0"/>', '<path d="M0 0C1 1 2 1 3 0C4-1 5-1 6 0"/>'),
    ('<path d="M0 0Q3 3 6 0T12 0"/>', '<path d="M0 0C2 2 4 2 6 0C8-2 10-2 12 0"/>'),
    ('<path d="M5 5a5 5 0 01 5 5"/>', '<path d="M5 5a5,5,0,0,1,5,5"/>'),
    ('<rect x="1" y="2" width="3" height="4"/>', '<polygon points="1,2 4,2 4,6 1,6"/>'),
    ('<g transform="translate(5 6)"><g transform="scale(2)"><rect width="1" height="1"/></g></g>',
     '<rect x="5" y="6" width="2" height="2"/>'),
    ('<g fill="#f00"><path d="M0 0h1v1z"/></g>', '<path fill="red" d="M0 0h1v1z"/>'),
    ('<style>.a,.b{fill:#00f}/* x */</style><path class="b" d="M0 0h1v1z"/>',
     '<path style="fill:blue" d="M0 0h1v1z"/>'),
    ('<path fill="red" style="fill:rgb(0,0,255)" d="M0 0h1v1z"/>', '<path fill="#0000ff" d="M0 0h1v1z"/>'),
    ('<circle cx="5" cy="5" r="2"/>', '<ellipse cx="5" cy="5" rx="2" ry="2"/>'),
    ('<title>T</title><g display="none"><text>x</text></g><path d="M0 0h1v1z"/>', '<path d="M0 0h1v1z"/>'),
])  # fmt: skip
def test_two_ways_of_saying_the_same(one: str, other: str) -> None:
    assert drawn(one).operators() == drawn(other).operators()


def test_an_arc_keeps_its_distance_from_the_middle() -> None:
    outline = path("M10 0A10 10 0 1 1 0 -10")
    ends = [step.points[-1] for step in outline]
    assert len(outline) == 4
    assert all(abs(hypot(x, y) - 10) < 1e-9 for x, y in ends)
    assert ends[-1] == pytest.approx((0, -10))
    middle = [(a[0] + 3 * b[0] + 3 * c[0] + d[0]) / 8 for a, (b, c, d) in zip(ends, (s.points for s in outline[1:]),
                                                                              strict=False)]
    assert all(abs(x) <= 10.01 for x in middle)


SHORT = '<path d="M0 0h1"/>'
REFUSED = {
    "text": ('<text x="1" y="1">TT</text>', "chuyển chữ thành nét"),
    "picture": ('<image xlink:href="http://x.example/a.png"/>', "ảnh điểm"),
    "linked copy": ('<use xlink:href="#a"/>', "tách liên kết"),
    "script": ("<script>alert(1)</script>", "script"),
    "handler": ('<path onclick="alert(1)" d="M0 0h1v1z"/>', "onclick"),
    "reference": ('<path xlink:href="http://x.example/" d="M0 0h1v1z"/>', "href"),
    "foreign": ("<foreignObject/>", "foreignObject"),
    "animation": ("<animate/>", "animate"),
    "gradient": ('<path fill="url(#g)" d="M0 0h1v1z"/>', "gradient"),
    "transparency": ('<g opacity="0.5"><path d="M0 0h1v1z"/></g>', "trong suốt"),
    "transparent colour": ('<path fill="rgba(0,0,0,100)" d="M0 0h1v1z"/>', "trong suốt"),
    "clip": ('<g clip-path="url(#c)"><path d="M0 0h1v1z"/></g>', "clip-path"),
    "filter": ('<path style="filter:url(#f)" d="M0 0h1v1z"/>', "filter"),
    "import": ("<style>@import url(http://x.example/a.css);</style>", "CSS"),
    "selector": ("<style>g path{fill:red}</style>", "CSS"),
    "colour": ('<path fill="nocolour" d="M0 0h1v1z"/>', "nocolour"),
    "data": ('<path d="M0 0 L 1"/>', "không đọc được"),
    "no start": ('<path d="L1 1"/>', "không đọc được"),
    "infinite": ('<path d="M1e999 0h1v1z"/>', "không đọc được"),
    "nested": ('<svg viewBox="0 0 1 1"/>', "svg"),
    "nothing": ("<desc>x</desc>", "không có nét"),
    "transformation": ('<g transform="spin(3)"/>', "spin"),
    "length": ('<rect width="50%" height="1"/>', "50%"),
    "deep": ("<g>" * 60 + "</g>" * 60, "quá sâu"),
    "many": ('<rect width="1" height="1"/>' * 2100, "phức tạp"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_named(name: str) -> None:
    inside, said = REFUSED[name]
    with pytest.raises(ArtworkError) as caught:
        drawn(inside)
    assert said in caught.value.vi
    assert caught.value.en


@pytest.mark.parametrize("content", [
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + svg("<desc>&a;</desc>"),
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "M0 0h1v1z">]>' + svg('<path d="&a;"/>'),
    b"<svg", b"<svg/>", svg("", "<svg xmlns='http://www.w3.org/2000/svg'>"),
    svg("", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 0 5'>"),
    svg("", "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 1'>"),
    svg(" " * LARGEST),
])  # fmt: skip
def test_no_usable_file_is_refused(content: bytes) -> None:
    assert is_svg(content)
    with pytest.raises(ArtworkError):
        artwork_in(content)


def test_a_doctype_without_entities_is_what_drawing_programs_write() -> None:
    declared = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x.dtd">'
    content = declared + svg('<path d="M0 0h1v1z"/>')
    assert isinstance(artwork_in(content), Drawing)
    assert media_type(content) == "image/svg+xml"


def test_it_stands_in_the_pdf_as_outlines_in_the_middle_of_its_box() -> None:
    sheet = Sheet()
    sheet.new_page()
    sheet.add_image("logo", drawn('<rect width="100" height="50" fill="#0b4f54" stroke="red"/>'))
    with sheet.tag("Figure", alternative="x"):
        sheet.image("logo", 10, 20, 50, 50)
    file = finish(sheet, Metadata("x", "x", "x", "x", StoppedClock().instant, "", ""))
    with pikepdf.open(io.BytesIO(file)) as pdf:
        page = pdf.pages[0]
        assert b"q 0.05 0 0 0.05 10 32.5 cm /logo Do Q" in page.obj.Contents.read_bytes()
        form = page.obj.Resources.XObject["/logo"]
        assert form.Subtype == "/Form"
        assert b"0 500 m 1000 500 l 1000 0 l 0 0 l h B" in form.read_bytes()


def test_the_preview_holds_nothing_but_outlines_and_draws_the_same() -> None:
    circle = '<circle cx="9" cy="9" r="5" stroke="#f00" stroke-dasharray="1 2"/>'
    drawing = drawn(f"<metadata>secret</metadata><g>{circle}</g>")
    shown = drawing.svg()
    assert b"secret" not in shown
    again = read_svg(shown)
    assert len(again.shapes) == 1
    assert again.shapes[0].ink.stroke == (1.0, 0.0, 0.0)
    assert again.shapes[0].outline[0].points[0] == pytest.approx(drawing.shapes[0].outline[0].points[0])


@pytest.mark.parametrize("inside", [
    f'<rect width="{"1" * 200_000}x" height="1"/>',
    f'<rect width="1{" " * 200_000}x" height="1"/>',
    f'<g stroke="red" stroke-dasharray="{"1 " * 100_000}">{SHORT * 1_000}</g>',
])  # fmt: skip
def test_a_value_that_would_take_hours_or_all_memory_is_refused_at_once(inside: str) -> None:
    with pytest.raises(ArtworkError):
        drawn(inside)


def test_a_large_style_sheet_costs_what_it_says_of_drawing() -> None:
    names, unknown = ",".join(f".n{one}" for one in range(20_000)), "a:b;" * 20_000
    drawing = drawn(f'<style>{names}{{{unknown}fill:red}}{"/* " * 10_000}</style><path class="n7" d="M0 0h1v1z"/>')
    assert drawing.shapes[0].ink.fill == (1.0, 0.0, 0.0)


def test_an_arc_to_where_it_begins_is_a_dot() -> None:
    assert drawn('<path d="M0 0A9 1 45 1 1 1e-200 1e-200z"/>').shapes
