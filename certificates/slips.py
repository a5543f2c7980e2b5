"""Slips that travel with the items: reception (phiếu tiếp nhận) and delivery (phiếu giao trả)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from certificates.archival import Metadata
from certificates.artwork import artwork_in
from certificates.blocks import STATEMENT, VALUE, VALUE_EN, Field, Grid, Heading, Text, field_rows
from certificates.document import NO_WORDS, Organisation, Words
from certificates.flow import Block, Frame, Together, paginate
from certificates.fonts import Face, clean
from certificates.furniture import INK_SMALL, Page, draw_demonstration, draw_footer, draw_letterhead
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.qr import draw_qr, modules
from certificates.sheet import MM, TEAL, THIN, Align, Sheet
from certificates.tables import CELL, Columns, Head, Row, Table, text_cell
from certificates.typeset import Span, Style, shortened

_GRID = Grid(pitch=8.4 * MM)
_BOLD = Style(Face.SERIF_BOLD, 9.4, 12.8)
_CODE = Style(Face.SERIF_MEDIUM, 8.4, 11)
_CLOSING_EN = Style(Face.SERIF_ITALIC, 7.2, STATEMENT.leading, english=True)
_QR = 26 * MM


@dataclass(frozen=True)
class SlipItem:
    """One instrument on a slip; `outcome` is its certificate or record, on delivery."""

    identification: str
    name: str
    type_and_serial: str
    service: str
    condition: str
    quantity: int = 1
    outcome: str = ""


@dataclass(frozen=True)
class SlipField:
    """A label and its value; `strong` for what the reader must not miss."""

    label: Words
    value: str
    value_en: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Signatory:
    """A signature column; the name may still be open."""

    role: Words
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class Slip:
    """A slip: rows of one or two fields, items, agreed request, signatures. `qr_payload` follows the job; `logo` is an
    SVG, PNG or JPEG file, empty for none."""

    title: Words
    number: str
    organisation: Organisation
    fields: tuple[tuple[SlipField, ...], ...]
    items: tuple[SlipItem, ...]
    signatories: tuple[Signatory, ...]
    created: datetime
    request: tuple[tuple[SlipField, ...], ...] = ()
    closing: Words = NO_WORDS
    qr_payload: str = ""
    demonstration: bool = False
    logo: bytes = b""


RECEPTION_TITLE = Words("Phiếu tiếp nhận phương tiện đo", "Reception slip")
DELIVERY_TITLE = Words("Phiếu giao trả phương tiện đo", "Delivery slip")
RECEPTION_CLOSING = Words(
    "Xuất trình phiếu khi nhận lại. Khách hàng xác nhận thông tin trên là đúng và đồng ý với yêu cầu đã ghi; mọi thay "
    "đổi được báo và ghi nhận trước khi làm tiếp.",
    "Please show this slip on collection. Any change is agreed before work goes on.",
)
DELIVERY_CLOSING = Words(
    "Bên nhận đã kiểm tra số lượng, tình trạng và giấy tờ kèm theo. Ý kiến về kết quả xin báo cho Trung tâm.",
    "The receiver has checked quantity, condition and papers. Please tell the Centre of any comment on the results.",
)


def render_slip(slip: Slip) -> bytes:
    """The slip as PDF; raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins())
    if slip.logo:
        sheet.add_image("logo", artwork_in(slip.logo))
    sheet.new_page(page.size)
    top = _draw_top(sheet, page, slip)
    foot = 18 * MM
    pages = paginate(_blocks(slip, page), Frame(page.left, top, foot), Frame(page.left, page.top - 11 * MM, foot))
    for place, blocks in enumerate(pages, 1):
        if place > 1:
            sheet.new_page(page.size)
            draw_plain_head(sheet, page, slip.organisation.short_name, f"{slip.title.vi} số {slip.number}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if slip.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, slip.title, slip.number, (place, len(pages)))
    title = f"{slip.title.vi} {slip.number}"
    metadata = Metadata(title, slip.organisation.short_name, title, "Chuẩn LIMS", slip.created, slip.number, "")
    return finish(sheet, metadata)


def draw_plain_head(sheet: Sheet, page: Page, left: str, right: str) -> None:
    """A one-line head with a rule: who at the left, what at the right."""
    y = page.top - 3 * MM
    with sheet.artifact():
        right = shortened(right, Face.SANS, 7.6, page.width * 0.6)
        sheet.put(page.left, y, shortened(left, Face.SANS, 7.6, page.width * 0.38), Face.SANS, 7.6)
        sheet.put(page.right, y, right, Face.SANS, 7.6, Align.RIGHT)
        sheet.rule(page.left, y - 2.4 * MM, page.right, y - 2.4 * MM, THIN, TEAL)


def _draw_top(sheet: Sheet, page: Page, slip: Slip) -> float:
    """Letterhead, title flush left, the code at the right; returns y where the fields begin."""
    y = draw_letterhead(sheet, page, slip.organisation, ("logo",) if slip.logo else ())
    with sheet.tag("H1"):
        sheet.put(page.left, y - 12 * MM, slip.title.vi.upper(), Face.SANS_BOLD, 14, track=0.2)
        sheet.put(page.left, y - 16.8 * MM, slip.title.en, Face.SANS_ITALIC, 8.6, english=True)
    with sheet.tag("P"):
        spans = (
            Span("Số ", Face.SANS, 9),
            Span("No.  ", Face.SANS_ITALIC, 7.4, True),
            Span(clean(slip.number, 80), Face.SERIF_BOLD, 11),
        )
        sheet.line(page.left, y - 23.4 * MM, spans)
    if slip.qr_payload:
        draw_qr(sheet, modules(slip.qr_payload), page.right - _QR + 2.4 * MM, y - _QR - 0.6 * MM, _QR, "Mã QR theo dõi")
        with sheet.tag("P"):
            right = page.right - _QR
            sheet.put(right, y - 8.6 * MM, "Quét để theo dõi", Face.SANS_MEDIUM, 7, Align.RIGHT)
            sheet.put(right, y - 11.8 * MM, "Scan to follow", Face.SANS_ITALIC, 6.4, Align.RIGHT, english=True)
    return y - 31 * MM


def _blocks(slip: Slip, page: Page) -> list[Block]:
    room = page.width
    blocks = _fields(slip.fields, room)
    blocks += [Heading("1", Words("Phương tiện đo", "Items")), _items(slip.items, room)]
    if slip.request:
        heading = Heading("2", Words("Yêu cầu đã thống nhất", "Agreed request"), 6 * MM)
        blocks += [heading, *_fields(slip.request, room)]
    closing: list[Block] = []
    if slip.closing.vi:
        text = _run_in(slip.closing, room)
        text.gap = 2 * MM
        closing.append(text)
    return [*blocks, Together(*closing, SignatureColumns(slip.signatories, room))]


def _fields(rows: Sequence[Sequence[SlipField]], room: float) -> list[Block]:
    fields = [
        [
            Field(
                field.label, (_BOLD if field.strong else VALUE).spans(field.value, 600), VALUE_EN.spans(field.value_en)
            )
            for field in row
            if field.value
        ]
        for row in rows
    ]
    return field_rows([fields], room, _GRID)


def _items(items: Sequence[SlipItem], room: float) -> Table:
    """The table of items; the last column holds the outcome where there is one."""
    delivered = any(item.outcome for item in items)
    last = (
        Words("Giấy, phụ kiện", "Document, accessories")
        if delivered
        else Words("Tình trạng, phụ kiện", "Condition, accessories")
    )
    heads = tuple(
        Head(words)
        for words in (
            Words("TT", "No."),
            Words("Mã nhận mẫu", "Item ID"),
            Words("Tên phương tiện đo", "Instrument"),
            Words("Kiểu, số chế tạo", "Type, serial No."),
            Words("SL", "Qty"),
            Words("Dịch vụ", "Service"),
            last,
        )
    )
    shares = (6, 22, 50, 33, 7, 19, 33)
    widths = tuple(room * share / sum(shares) for share in shares)
    rows = []
    for place, item in enumerate(items, 1):
        texts = (
            CELL.spans(str(place)),
            _CODE.spans(item.identification, 60),
            CELL.spans(item.name, 300),
            CELL.spans(item.type_and_serial, 200),
            CELL.spans(str(item.quantity)),
            CELL.spans(item.service, 60),
            CELL.spans("; ".join(part for part in (item.outcome, item.condition) if part), 300),
        )
        rows.append(Row.of([text_cell(width, text) for width, text in zip(widths, texts, strict=True)]))
    return Table(Columns(widths, heads, Align.LEFT), rows, rule_every=1)


class SignatureColumns(Block):
    """Signature columns with ink room; never parted from what they sign."""

    gap = 8 * MM

    def __init__(self, signatories: Sequence[Signatory], room: float) -> None:
        self.signatories, self.room = signatories, room
        self.height = INK_SMALL + 13 * MM

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """Side by side, the role above, the name below."""
        each = self.room / max(len(self.signatories), 1)
        for place, signatory in enumerate(self.signatories):
            middle, y, room = x + (place + 0.5) * each, top - 3.4 * MM, each - 6 * MM
            with sheet.tag("P"):
                role = shortened(signatory.role.vi.upper(), Face.SANS_BOLD, 8.6, room)
                sheet.put(middle, y, role, Face.SANS_BOLD, 8.6, Align.CENTRE)
                sheet.put(middle, y - 3.7 * MM, signatory.role.en, Face.SANS_ITALIC, 7, Align.CENTRE, english=True)
            y -= 3.7 * MM + INK_SMALL
            if signatory.name or signatory.note:
                with sheet.tag("P"):
                    name = shortened(signatory.name, Face.SERIF_BOLD, 9.6, room)
                    sheet.put(middle, y, name, Face.SERIF_BOLD, 9.6, Align.CENTRE)
                    note = shortened(signatory.note, Face.SANS, 6.2, room)
                    sheet.put(middle, y - 4.2 * MM, note, Face.SANS, 6.2, Align.CENTRE)


def _run_in(words: Words, room: float) -> Text:
    """Vietnamese, then English smaller on the same lines."""
    gap = (Span(" ", STATEMENT.face, STATEMENT.size),)
    spans = (*STATEMENT.spans(words.vi), *gap, *_CLOSING_EN.spans(words.en))
    return Text(spans, room, STATEMENT.leading)
