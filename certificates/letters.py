"""The letter that tells a customer of results that would be stated otherwise (ISO/IEC 17025 7.10.1 e)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.archival import Metadata
from certificates.blocks import STATEMENT, STATEMENT_EN, Heading, Text
from certificates.document import Organisation, Words
from certificates.flow import Block, Frame, Together, paginate
from certificates.fonts import Face
from certificates.formats import day, figure, long_day
from certificates.furniture import Page, draw_demonstration, draw_footer, draw_letterhead
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.sheet import MM, Align, Sheet
from certificates.slips import Signatory, SignatureColumns, draw_plain_head
from certificates.tables import CELL, CELL_EN, Columns, Head, Row, Table, text_cell
from certificates.typeset import Style

TITLE = Words("Thông báo về kết quả đã cấp", "Notice about issued results")
_LEADING = STATEMENT.leading


@dataclass(frozen=True)
class AffectedPoint:
    """One point: as stated and as it would be stated now; texts as printed, with their unit."""

    point: str
    stated: str
    now: str
    verdict: Words


@dataclass(frozen=True)
class AffectedResult:
    """One document with its points that would be stated otherwise."""

    certificate: str
    instrument: str
    performed_on: date
    points: tuple[AffectedPoint, ...]


@dataclass(frozen=True)
class Letter:
    """One customer's letter. `paragraphs` stand before the tables, `closing` after them; each in both languages."""

    number: str
    organisation: Organisation
    place: str
    on: date
    addressee: str
    address: str
    paragraphs: tuple[Words, ...]
    results: tuple[AffectedResult, ...]
    more: Words | None
    closing: tuple[Words, ...]
    signatory: Signatory
    created: datetime
    demonstration: bool = False


def render_letter(letter: Letter) -> bytes:
    """The letter as PDF; raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins())
    sheet.new_page(page.size)
    top = _draw_top(sheet, page, letter)
    foot = 18 * MM
    pages = paginate(_blocks(letter, page.width), Frame(page.left, top, foot),
                     Frame(page.left, page.top - 11 * MM, foot))  # fmt: skip
    for place, blocks in enumerate(pages, 1):
        if place > 1:
            sheet.new_page(page.size)
            draw_plain_head(sheet, page, letter.organisation.short_name, f"{TITLE.vi} {letter.number}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if letter.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, TITLE, letter.number, (place, len(pages)))
    title = f"{TITLE.vi} {letter.number}"
    return finish(sheet, Metadata(title, letter.organisation.short_name, title, "Chuẩn LIMS", letter.created,
                                  letter.number, ""))  # fmt: skip


def _draw_top(sheet: Sheet, page: Page, letter: Letter) -> float:
    y = draw_letterhead(sheet, page, letter.organisation, ())
    with sheet.tag("P"):
        sheet.put(page.left, y - 7 * MM, f"Số: {letter.number}", Face.SERIF, 9.4)
        sheet.put(page.right, y - 7 * MM, long_day(letter.place, letter.on), Face.SERIF_ITALIC, 9.4, Align.RIGHT)
    with sheet.tag("H1"):
        middle = (page.left + page.right) / 2
        sheet.put(middle, y - 19 * MM, TITLE.vi.upper(), Face.SANS_BOLD, 14, Align.CENTRE, track=0.2)
        sheet.put(middle, y - 23.8 * MM, TITLE.en, Face.SANS_ITALIC, 8.6, Align.CENTRE, english=True)
    return y - 31 * MM


def _blocks(letter: Letter, room: float) -> list[Block]:
    blocks: list[Block] = [
        Text(STATEMENT.spans(f"Kính gửi: {letter.addressee}"), room, _LEADING),
        Text(STATEMENT.spans(letter.address), room, _LEADING),
    ]
    for words in letter.paragraphs:
        blocks += _both(words, room)
    blocks.append(Heading("", Words("Kết quả liên quan", "Results concerned"), after=0))
    for result in letter.results:
        blocks += [_Caption(result, room), _table(result.points, room)]
    if letter.more is not None:
        blocks += _both(letter.more, room)
    closing = [block for words in letter.closing for block in _both(words, room)]
    return [*blocks, Together(*closing, SignatureColumns((Signatory(Words("", "")), letter.signatory), room))]


def _both(words: Words, room: float) -> list[Block]:
    return [Text(STATEMENT.spans(words.vi), room, _LEADING, 3 * MM),
            Text(STATEMENT_EN.spans(words.en), room, STATEMENT_EN.leading, 0.6 * MM, english=True)]  # fmt: skip


class _Caption(Text):
    """Which document the table below is of; never alone at the foot of a page."""

    keep_with_next = True

    def __init__(self, result: AffectedResult, room: float) -> None:
        text = f"{result.certificate}: {result.instrument}; đo ngày {day(result.performed_on)}"
        super().__init__(_CAPTION.spans(text), room, _CAPTION.leading, 3 * MM)
        self.height += 1.2 * MM


_CAPTION = Style(Face.SERIF_BOLD, 9.2, 12)
_HEADS = (
    Words("Điểm đo", "Point"),
    Words("Đã công bố", "As stated"),
    Words("Tính lại", "Recomputed"),
    Words("Kết luận", "Statement"),
)
_SHARES = (22, 50, 50, 45)


def _table(points: Sequence[AffectedPoint], room: float) -> Table:
    widths = tuple(room * share / sum(_SHARES) for share in _SHARES)
    rows = []
    for point in points:
        texts = (Words(point.point), Words(point.stated), Words(point.now), point.verdict)
        rows.append(Row.of([text_cell(width, CELL.spans(text.vi, 120), CELL_EN.spans(text.en, 120))
                            for width, text in zip(widths, texts, strict=True)]))  # fmt: skip
    return Table(Columns(widths, tuple(map(Head, _HEADS)), Align.LEFT), rows)


def stated(value: str, U: str, unit: str) -> str:
    """ "0,10 ± 0,05 V" from canonical texts; "" where there is no value."""
    if not value:
        return ""
    spread = f" ± {figure(U)}" if U else ""
    return f"{figure(value)}{spread} {unit}".strip()
