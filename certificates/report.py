"""Reports on A4, upright or across: administrative heading, numbered sections of paragraphs and tables, signatures.

One frozen `Report` is printed here as PDF; the application writes the same one as Word and as Excel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certificates.archival import Metadata
from certificates.blocks import Heading, Text
from certificates.document import NO_WORDS, Words
from certificates.flow import Block, Frame, PageBreak, Placed, Together, paginate
from certificates.fonts import Face, clean, missing
from certificates.furniture import Page, draw_demonstration, draw_footer
from certificates.history_chart import HistoryBlock, HistoryChart
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.report_chart import ChartBlock, ReportChart
from certificates.sheet import A4, HAIR, MM, Align, Sheet
from certificates.slips import Signatory, SignatureColumns, draw_plain_head
from certificates.tables import Columns, Head, Row, Table, TableWithTail, text_cell
from certificates.typeset import Style, balanced, set_lines

_PARAGRAPH = Style(Face.SERIF, 9.6, 13.4)
_CELL = Style(Face.SERIF, 8.4, 10.8)
_CELL_BOLD = Style(Face.SERIF_BOLD, 8.4, 10.8)
_CAPTION = Style(Face.SANS_MEDIUM, 8.4, 11)
_TITLE = Style(Face.SANS_BOLD, 13, 17)
_NOTE = Style(Face.SERIF_ITALIC, 8.8, 12)
_OFFICE = Style(Face.SANS, 8.6, 11.4)
_OFFICE_BOLD = Style(Face.SANS_BOLD, 8.6, 11.4)
_FOOT = 17 * MM
_ENTRY = 15.0  # points from one line of the contents to the next


@dataclass(frozen=True)
class Column:
    """A column: its head, its share of the width, whether its figures stand at the right."""

    head: str
    share: float
    right: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a table; `strong` for headings and sums within it."""

    cells: tuple[str, ...]
    strong: bool = False

    @property
    def heads(self) -> bool:
        """Whether it heads the rows below: a mark and a text, which runs over all the columns behind it."""
        return self.strong and len(self.cells) > 2 and bool(self.cells[1]) and not any(self.cells[2:])


@dataclass(frozen=True)
class ReportTable:
    """A table with its caption ("" for none); `empty` stands where it has no line."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    caption: str = ""
    empty: str = "Không có."


Part = str | ReportTable | ReportChart | HistoryChart


@dataclass(frozen=True)
class Section:
    """A numbered part; `new_page` begins it on a page of its own."""

    mark: str
    title: str
    parts: tuple[Part, ...]
    new_page: bool = False


@dataclass(frozen=True)
class Report:
    """A whole report. `heading` prints superior, issuer, number and the national title above it; `note` stands below
    the title; `contents` puts a table of contents with page numbers before the sections."""

    title: str
    short_name: str
    sections: tuple[Section, ...]
    created: datetime
    kind: str = "Báo cáo"
    superior: str = ""
    issuer: str = ""
    number: str = ""
    dated: str = ""
    note: str = ""
    heading: bool = True
    landscape: bool = False
    contents: bool = False
    signatories: tuple[Signatory, ...] = ()
    recipients: tuple[str, ...] = ()
    demonstration: bool = False


def render_report(report: Report) -> bytes:
    """The report as PDF/A; characters that no face holds are printed as □. Raises LayoutError for an endless one."""
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]) if report.landscape else A4)
    first_top = _head_foot(report, page)
    later = Frame(page.left, page.top - 11 * MM, _FOOT)
    first = later if report.contents else Frame(page.left, first_top, _FOOT)
    pages = paginate(_blocks(report, page.width), first, later)
    front = _contents_pages(report, pages, page, first_top) if report.contents else []
    total = len(front) + len(pages)
    for place in range(1, total + 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_head(sheet, page, report)
        else:
            draw_plain_head(sheet, page, printable(report.short_name), printable(report.title))
        if place <= len(front):
            _draw_contents(sheet, page, front[place - 1], page.top - 11 * MM if place > 1 else first_top)
        else:
            _draw_blocks(sheet, page, pages[place - len(front) - 1])
        if report.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, Words(report.kind), printable(report.number), (place, total))
    title = printable(report.title)
    return finish(sheet, Metadata(title, report.short_name, title, "Chuẩn LIMS", report.created, report.number, ""))


def printable(text: str) -> str:
    """The text with □ in the place of characters that no face holds."""
    shown = clean(text.replace("\n", "; "))
    lacking = missing(shown)
    return shown.translate({ord(sign): "□" for sign in lacking}) if lacking else shown


def _draw_blocks(sheet: Sheet, page: Page, placed: Sequence[Placed]) -> None:
    for one in placed:
        one.block.draw(sheet, page.left, one.top)


def _title_lines(report: Report, page: Page) -> tuple[int, int]:
    return (len(balanced(_TITLE.spans(printable(report.title).upper(), 300), page.width)),
            len(balanced(_NOTE.spans(printable(report.note), 400), page.width)))  # fmt: skip


def _head_foot(report: Report, page: Page) -> float:
    """Where the text begins on the first page."""
    titles, notes = _title_lines(report, page)
    above = 25 * MM if report.heading else 6 * MM
    return page.top - above - titles * _TITLE.leading - notes * _NOTE.leading - 6 * MM


def _draw_head(sheet: Sheet, page: Page, report: Report) -> None:
    """Who reports at the left, the national title at the right, then the title; as Decree 30/2020 sets them."""
    y = page.top - 4 * MM
    if report.heading:
        _draw_sides(sheet, page, report, y)
        y -= 25 * MM
    else:
        y -= 6 * MM
    with sheet.tag("H1"):
        for line in balanced(_TITLE.spans(printable(report.title).upper(), 300), page.width):
            sheet.line(page.middle, y, line, Align.CENTRE)
            y -= _TITLE.leading
    if report.note:
        with sheet.tag("P"):
            for line in balanced(_NOTE.spans(printable(report.note), 400), page.width):
                sheet.line(page.middle, y, line, Align.CENTRE)
                y -= _NOTE.leading


def _draw_sides(sheet: Sheet, page: Page, report: Report, top: float) -> None:
    left, right = page.left + page.width * 0.22, page.left + page.width * 0.74
    room = page.width * 0.42
    with sheet.tag("P"):
        y = top
        for text, style in ((report.superior, _OFFICE), (report.issuer, _OFFICE_BOLD)):
            for line in balanced(style.spans(printable(text).upper(), 200), room):
                sheet.line(left, y, line, Align.CENTRE)
                y -= style.leading
        sheet.rule(left - 12 * MM, y + 4, left + 12 * MM, y + 4, HAIR)
        sheet.put(left, y - 9, f"Số: {printable(report.number) or '........'}", Face.SERIF, 9, Align.CENTRE)
    with sheet.tag("P"):
        sheet.put(right, top, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Face.SANS_BOLD, 8.6, Align.CENTRE)
        sheet.put(right, top - 11.4, "Độc lập - Tự do - Hạnh phúc", Face.SANS_BOLD, 8.6, Align.CENTRE)
        sheet.rule(right - 22 * MM, top - 18.8, right + 22 * MM, top - 18.8, HAIR)
        sheet.put(right, top - 31.8, printable(report.dated), Face.SERIF_ITALIC, 9, Align.CENTRE)


def _blocks(report: Report, room: float) -> list[Block]:
    blocks: list[Block] = []
    for section in report.sections:
        if section.new_page and blocks:
            blocks.append(PageBreak())
        if section.title:
            blocks.append(_SectionHead(section.mark, Words(printable(section.title)), room))
        for part in section.parts:
            blocks += _part(part, room)
    closing: list[Block] = []
    if report.recipients:
        lines = "Nơi nhận: " + "; ".join(report.recipients)
        closing.append(Text(_NOTE.spans(printable(lines)), room, _NOTE.leading, 4 * MM))
    if report.signatories:
        closing.append(SignatureColumns(report.signatories, room))
    return _signed(blocks, Together(*closing)) if closing else blocks


def _signed(blocks: list[Block], closing: Block) -> list[Block]:
    """Signatures travel with the end of what they sign: the last rows of a table, or a short last paragraph."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Table):
        return [*blocks[:-1], TableWithTail(last, closing)]
    if isinstance(last, Text) and last.least == last.height:
        return [*blocks[:-1], Together(last, closing)]
    return [*blocks, closing]


def _part(part: Part, room: float) -> list[Block]:
    if isinstance(part, str):
        return _paragraph(part, room)
    if isinstance(part, ReportTable):
        return _table(part, room)
    caption = Text(_CAPTION.spans(printable(part.caption)), room, _CAPTION.leading, 3 * MM)
    caption.keep_with_next = True
    return [caption, HistoryBlock(part, room) if isinstance(part, HistoryChart) else ChartBlock(part, room)]


class _SectionHead(Heading):
    """The head of a section, which the contents look for; a long title is wrapped."""

    def __init__(self, mark: str, words: Words, room: float) -> None:
        super().__init__(mark, words)
        style = Style(Face.SANS_BOLD, 10, 13)
        self.lines = set_lines(style.spans(f"{mark}  {words.vi}" if mark else words.vi, 300), room)
        self.height = 13 * len(self.lines) + self.after

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As H2."""
        with sheet.tag("H2"):
            for place, line in enumerate(self.lines):
                sheet.line(x, top - 10 - 13 * place, line)


def _paragraph(text: str, room: float) -> list[Block]:
    return [Text(_PARAGRAPH.spans(printable(one)), room, _PARAGRAPH.leading, 1.6 * MM)
            for one in text.split("\n") if one.strip()]  # fmt: skip


def _table(table: ReportTable, room: float) -> list[Block]:
    blocks: list[Block] = []
    if table.caption:
        caption = Text(_CAPTION.spans(printable(table.caption)), room, _CAPTION.leading, 3 * MM)
        caption.keep_with_next = True
        blocks.append(caption)
    if not table.lines:
        return [*blocks, *_paragraph(table.empty, room)]
    shares = sum(column.share for column in table.columns)
    widths = tuple(room * column.share / shares for column in table.columns)
    heads = tuple(Head(Words(printable(column.head)) if column.head else NO_WORDS) for column in table.columns)
    rows = [_row(table.columns, line, widths) for line in table.lines]
    aligns = tuple(_align(column) for column in table.columns)
    return [*blocks, Table(Columns(widths, heads, Align.LEFT, aligns), rows, rule_every=1, gap=2 * MM)]


def _align(column: Column) -> Align:
    return Align.RIGHT if column.right else Align.LEFT


def _row(columns: Sequence[Column], line: Line, widths: Sequence[float]) -> Row:
    style = _CELL_BOLD if line.strong else _CELL
    if line.heads:
        widths = (widths[0], sum(widths[1:]), *widths[2:])
    return Row.of([
        text_cell(width, style.spans(printable(text), 900), (), _align(column), style)
        for column, text, width in zip(columns, line.cells, widths, strict=True)
    ], 5.4 * MM)  # fmt: skip


def _contents_pages(
    report: Report, pages: Sequence[Sequence[Placed]], page: Page, first_top: float
) -> list[list[tuple[str, int]]]:
    """(title, page) of every section, on as many pages as that takes."""
    entries = [(f"{block.mark}  {block.words.vi}".strip(), number)
               for number, placed in enumerate(pages, 1) for block in (one.block for one in placed)
               if isinstance(block, _SectionHead)]  # fmt: skip
    fits_first = int((first_top - 14 * MM - _FOOT) / _ENTRY)
    fits_later = int((page.top - 25 * MM - _FOOT) / _ENTRY)
    front = [entries[:fits_first]]
    rest = entries[fits_first:]
    while rest:
        front.append(rest[:fits_later])
        rest = rest[fits_later:]
    return [[(title, number + len(front)) for title, number in part] for part in front]


def _draw_contents(sheet: Sheet, page: Page, entries: Sequence[tuple[str, int]], top: float) -> None:
    y = top - 4 * MM
    with sheet.tag("P"):
        sheet.put(page.left, y, "Mục lục", Face.SANS_BOLD, 10)
    for title, number in entries:
        y -= _ENTRY
        with sheet.tag("P"):
            line = set_lines(_PARAGRAPH.spans(title, 200), page.width - 16 * MM)[0]
            end = sheet.line(page.left, y, line)
            sheet.put(page.right, y, str(number), Face.SERIF, 9.6, Align.RIGHT)
        sheet.rule(end + 4, y + 1, page.right - 8 * MM, y + 1, HAIR, dash=(0.6, 2.4))
