"""What every list on landscape A4 has: title flush left, remarks flush right, a table with repeating head, note and two
signatures kept with its last rows, a footer that says which list of which day."""

from collections.abc import Callable, Sequence
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
from certificates.tables import Columns, Head, Row, Table, TableWithTail
from certificates.typeset import Style

CELL = Style(Face.SERIF, 8.2, 10.4)
CELL_MEDIUM = Style(Face.SERIF_MEDIUM, 8.2, 10.4)
CELL_BOLD = Style(Face.SERIF_BOLD, 8.2, 10.4)
ROW = 6 * MM
Widths = Sequence[float]


@dataclass(frozen=True)
class Remark:
    """A line at the right of the title."""

    text: str
    face: Face = Face.SANS_MEDIUM
    size: float = 8.4


@dataclass(frozen=True)
class Landscape:
    """A list without its rows. `label` and `number` stand in the footer; `remarks` are at most two; `empty` is printed
    in the place of the table where there is no row; `name` is the document's title in its metadata."""

    title: Words
    name: str
    label: Words
    number: str
    short_name: str
    today: date
    created: datetime
    heads: tuple[Words, ...]
    shares: tuple[float, ...]
    remarks: tuple[Remark, ...]
    note: str
    empty: str
    signatories: tuple[Signatory, ...]
    demonstration: bool = False
    title_size: float = 13


def render_landscape(wanted: Landscape, rows: Callable[[Widths], Sequence[Row]]) -> bytes:
    """The pages; `rows` sets the rows for columns of these widths. Raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]))
    foot = 17 * MM
    first = Frame(page.left, page.top - 25 * MM, foot)
    pages = paginate(_blocks(wanted, page.width, rows), first, Frame(page.left, page.top - 11 * MM, foot))
    for place, blocks in enumerate(pages, 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_title(sheet, page, wanted)
        draw_plain_head(sheet, page, wanted.short_name, f"Lập ngày {day(wanted.today)}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if wanted.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, wanted.label, wanted.number, (place, len(pages)))
    return finish(
        sheet, Metadata(wanted.name, wanted.short_name, wanted.name, "Chuẩn LIMS", wanted.created, "", "")
    )


def _draw_title(sheet: Sheet, page: Page, wanted: Landscape) -> None:
    y = page.top - 15 * MM
    with sheet.tag("H1"):
        sheet.put(page.left, y, wanted.title.vi.upper(), Face.SANS_BOLD, wanted.title_size, track=0.2)
        sheet.put(page.left, y - 4.8 * MM, wanted.title.en, Face.SANS_ITALIC, 8.6, english=True)
    with sheet.tag("P"):
        for place, remark in enumerate(wanted.remarks):
            sheet.put(page.right, y - place * 4.8 * MM, remark.text, remark.face, remark.size, Align.RIGHT)


def _blocks(wanted: Landscape, room: float, rows: Callable[[Widths], Sequence[Row]]) -> list[Block]:
    widths = tuple(room * share / sum(wanted.shares) for share in wanted.shares)
    lines = list(rows(widths))
    note = Text(NOTE.spans(wanted.note), room, NOTE.leading, 2.4 * MM)
    signatures = SignatureColumns(wanted.signatories, room)
    if not lines:
        return [Together(Text(NOTE.spans(wanted.empty), room, NOTE.leading), note, signatures)]
    columns = Columns(widths, tuple(map(Head, wanted.heads)), Align.LEFT)
    return [TableWithTail(Table(columns, lines, rule_every=1), Together(note, signatures))]
