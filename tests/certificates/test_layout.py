"""Layouts are data: a laboratory's own file changes the page, a wrong one is refused by name."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from certificate_samples import CALIBRATION, anchors, gauge_table
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

import certificates.layout as layout_module
from certificates.blocks import Heading
from certificates.certificate import Certificate
from certificates.document import Kind, Words
from certificates.figures import result_table
from certificates.flow import Block, Frame, LayoutError, PageBreak, Space, Together, paginate
from certificates.layout import LayoutFileError, read_layout, standard_layout
from certificates.pdf import render
from certificates.sheet import MM, Sheet
from certificates.tables import Table, TableWithTail

STANDARD = (Path(layout_module.__file__).parent / "layouts" / "standard.toml").read_text("utf-8")


def test_the_standard_layout_has_a_form_for_every_kind() -> None:
    assert set(standard_layout().forms) == set(Kind)


def test_a_laboratory_changes_labels_sections_and_signatures_without_python() -> None:
    own = STANDARD.replace('vi = "Tên phương tiện đo", en = "Object"', 'vi = "Đối tượng đo", en = "Item"').replace(
        'sections = ["conditions", "standards", "results", "statements", "limits", "remarks", "approvals"]',
        'sections = ["results", "statements"]',
    )
    content = render(CALIBRATION, anchors(CALIBRATION), layout=read_layout(own))
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    assert "Đối tượng đo" in text
    assert "1 Kết quả hiệu chuẩn" in text
    assert "Phê duyệt đã ghi nhận" not in text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('schema = "lims-layout-1"', 'schema = "lims-layout-9"', "schema"),
        ('name = "standard"', "name = 5", "layout.name"),
        ("left = 22", "left = 2", "8 to 60"),
        ("left = 22", 'left = "x"', "margins"),
        ("left = 22", "middle = 22", "margins"),
        ('value = "item.name"', 'value = "item.colour"', "item.colour"),
        ('value = "item.name"', 'valeu = "item.name"', "valeu"),
        ('"conditions", "standards"', '"conditions", "poems"', "poems"),
        ('"conditions", "standards"', '"conditions", "conditions"', "twice"),
        ('sections = ["checks", "results"]', 'sections = ["checks", "standards"]', "work_record.sections"),
        ('signatures = ["reviewed", "authorised"]', 'signatures = ["reader"]', "signatures"),
        ('signatures = ["reviewed", "authorised"]', 'signatures = ["performed", "reviewed", "authorised"]', "two"),
        ("[calibration]", "[calibrations]", "calibrations"),
        ("[margins]", "[margins", "TOML"),
        ("[work_record]\n", "[work_record]\ncolour = 1\n", "work_record.colour"),
    ],
)
def test_a_wrong_layout_is_refused_and_the_place_named(old: str, new: str, message: str) -> None:
    assert old in STANDARD
    with pytest.raises(LayoutFileError, match=message):
        read_layout(STANDARD.replace(old, new, 1))


class Box(Block):
    """A block of a height that can be parted anywhere above `least`."""

    def __init__(self, height: float, least: float = 0, keep_with_next: bool = False) -> None:
        self.height, self.smallest, self.keep_with_next = height, least or height, keep_with_next

    @property
    def least(self) -> float:
        return self.smallest

    def split(self, room: float) -> "tuple[Block, Block] | None":
        if self.smallest == self.height or room < self.smallest:
            return None
        return Box(room, self.smallest), Box(self.height - room, min(self.smallest, self.height - room))

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Nothing to see."""


FIRST, LATER = Frame(0, 100, 40), Frame(0, 100, 0)


def heights(*blocks: Block) -> list[list[float]]:
    return [[placed.block.height for placed in page] for page in paginate(blocks, FIRST, LATER)]


def test_blocks_fill_the_first_frame_then_the_later_ones() -> None:
    assert heights(Box(50), Box(20), Box(80)) == [[50], [20, 80]]


def test_a_heading_goes_over_with_what_it_heads() -> None:
    assert heights(Box(45), Box(10, keep_with_next=True), Box(10)) == [[45], [10, 10]]


def test_a_long_block_is_parted_and_a_heading_stays_with_its_beginning() -> None:
    assert heights(Box(20), Box(10, keep_with_next=True), Box(150, 20)) == [[20, 10, 30], [100], [20]]


def test_what_stands_together_is_not_parted() -> None:
    assert heights(Box(30), Together(Box(30), Box(20))) == [[30], [50]]


def test_room_above_a_block_is_dropped_at_the_top_of_a_page() -> None:
    assert [[placed.top for placed in page] for page in paginate([Space(30), Box(50)], FIRST, LATER)] == [[100, 100]]


@pytest.mark.parametrize("rows", range(1, 9))
def test_a_table_is_never_parted_so_that_a_row_stands_alone(rows: int) -> None:
    table = result_table(gauge_table(rows), 480)
    for room in range(0, int(table.height) + 1, 5):
        parts = table.split(room)
        if parts is not None:
            assert [len(part.rows) >= 2 for part in parts] == [True, True]
            assert parts[0].height <= room
            assert len(parts[0].rows) + len(parts[1].rows) == rows


def test_no_row_of_a_group_between_rules_is_parted_alone() -> None:
    table = result_table(gauge_table(40), 480)
    left = [len(parts[0].rows) for room in range(0, int(table.height)) if (parts := table.split(room))]
    assert {count % 5 for count in left if count > 2} == {0, 2, 3}
    assert {17, 18, 20} <= set(left)


def test_a_page_break_breaks() -> None:
    assert heights(Box(10), PageBreak(), Box(10)) == [[10], [10]]


def test_a_block_higher_than_a_page_is_refused() -> None:
    with pytest.raises(LayoutError, match="higher than a page"):
        heights(Box(101))


def test_an_endless_document_is_refused() -> None:
    with pytest.raises(LayoutError, match="400 pages"):
        heights(*[Box(100)] * 401)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4),
    st.integers(0, 30),
    st.integers(1, 6),
    st.booleans(),
)
def test_no_page_ends_with_a_heading_and_no_row_stands_alone(
    tables: list[int], remarks: int, standards: int, long: bool
) -> None:
    words = Words("Ghi chú dài về điều kiện đo. " * (20 if long else 1), "A remark. " * (20 if long else 1))
    record = replace(
        CALIBRATION,
        results=tuple(gauge_table(points) for points in tables),
        remarks=(words,) * remarks,
        standards=CALIBRATION.standards * standards,
    )
    certificate = Certificate(record, anchors(record), standard_layout(), ())
    page = certificate.page
    first = Frame(page.left, page.top - 60 * MM, certificate.approvals_top + 1.5 * MM)
    later = Frame(page.left, page.top - 11 * MM, page.foot)
    pages = paginate(certificate._blocks(first.height, later.height), first, later)
    assert all(not isinstance(blocks[-1].block, Heading) for blocks in pages)
    parts = [placed.block for blocks in pages for placed in blocks if isinstance(placed.block, Table)]
    assert all(len(table.rows) >= 2 or (table.first == 0 and table.is_last) for table in parts)
    last = pages[-1][-1].block
    assert isinstance(last, TableWithTail)  # the end mark goes with the last rows
    assert len(last.table.rows) >= 2
