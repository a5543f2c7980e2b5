"""Any list on landscape A4 with its title, note and two signatures: balances, ledgers, tallies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.archival import Metadata
from certificates.blocks import NOTE, Text
from certificates.document import Words
from certificates.flow import Block, Frame, Together, paginate
from certificates.fonts import Face
from certificates.formats import day
from certificates.furniture import Page, draw_demonstration, draw_footer
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet
from certificates.slips import Signatory, SignatureColumns, draw_plain_head
from certificates.tables import Columns, Head, Row, Table, TableWithTail, text_cell
from certificates.typeset import Style

_CELL = Style(Face.SERIF, 8.2, 10.4)


@dataclass(frozen=True)
class PlainColumn:
    """A column's head and its share of the width; numbers stand right."""

    head: Words
    share: float
    number: bool = False


@dataclass(frozen=True)
class PlainList:
    """The list as of `today`; every row has a text for each column, in the order of printing."""

    title: Words
    short_name: str
    today: date
    created: datetime
    columns: tuple[PlainColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str
    prepared_by: Signatory
    approved_by: Signatory
    demonstration: bool = False


def render_plain_list(plain: PlainList) -> bytes:
    """The pages with repeating head; raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]))
    foot = 17 * MM
    first = Frame(page.left, page.top - 25 * MM, foot)
    pages = paginate(_blocks(plain, page.width), first, Frame(page.left, page.top - 11 * MM, foot))
    for place, blocks in enumerate(pages, 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_title(sheet, page, plain)
        draw_plain_head(sheet, page, plain.short_name, f"Lập ngày {day(plain.today)}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if plain.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, Words("Danh sách"), plain.today.isoformat(), (place, len(pages)))
    title = f"{plain.title.vi} {day(plain.today)}"
    return finish(sheet, Metadata(title, plain.short_name, title, "Chuẩn LIMS", plain.created, "", ""))


def _draw_title(sheet: Sheet, page: Page, plain: PlainList) -> None:
    y = page.top - 15 * MM
    with sheet.tag("H1"):
        sheet.put(page.left, y, plain.title.vi.upper(), Face.SANS_BOLD, 13, track=0.2)
        sheet.put(page.left, y - 4.8 * MM, plain.title.en, Face.SANS_ITALIC, 8.6, english=True)
    with sheet.tag("P"):
        sheet.put(page.right, y, f"{len(plain.rows)} dòng", Face.SANS_MEDIUM, 8.4, Align.RIGHT)


def _blocks(plain: PlainList, room: float) -> list[Block]:
    shares = [column.share for column in plain.columns]
    widths = tuple(room * share / sum(shares) for share in shares)
    lines = [_row(plain, row, widths) for row in plain.rows]
    note = Text(NOTE.spans(plain.note), room, NOTE.leading, 2.4 * MM)
    signatures = SignatureColumns((plain.prepared_by, plain.approved_by), room)
    if not lines:
        return [Together(Text(NOTE.spans("Không có dòng nào."), room, NOTE.leading), note, signatures)]
    columns = Columns(widths, tuple(Head(column.head) for column in plain.columns), Align.LEFT)
    return [TableWithTail(Table(columns, lines, rule_every=1), Together(note, signatures))]


def _row(plain: PlainList, texts: Sequence[str], widths: Sequence[float]) -> Row:
    cells = [
        text_cell(width - (2 * MM if column.number else 0), _CELL.spans(text, 200), (),
                  Align.RIGHT if column.number else Align.LEFT, _CELL)
        for column, width, text in zip(plain.columns, widths, texts, strict=True)
    ]  # fmt: skip
    return Row.of(cells, 6 * MM)
