"""Lists on landscape A4: the recall list of standards (danh mục chuẩn đến hạn)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from certificates.archival import Metadata
from certificates.blocks import NOTE, Text
from certificates.document import Words
from certificates.flow import Block, Frame, Together, paginate
from certificates.fonts import Face
from certificates.formats import MINUS, day
from certificates.furniture import Page, draw_demonstration, draw_footer
from certificates.layout import Margins
from certificates.pdf import finish
from certificates.sheet import A4, MM, Align, Sheet
from certificates.slips import Signatory, SignatureColumns, draw_plain_head
from certificates.tables import Columns, Head, Row, Table, TableWithTail, text_cell
from certificates.typeset import Span, Style

_CELL = Style(Face.SERIF, 8.2, 10.4)
_CELL_MEDIUM = Style(Face.SERIF_MEDIUM, 8.2, 10.4)
_CELL_BOLD = Style(Face.SERIF_BOLD, 8.2, 10.4)


RECALL_TITLE = Words("Danh mục chuẩn đến hạn hiệu chuẩn", "Recall list of measurement standards")


class DueState(StrEnum):
    """How a due date stands; the sign survives a black-and-white copy."""

    OVERDUE = "overdue"
    SOON = "soon"
    IN_DATE = "in_date"


_SIGNS = {
    DueState.OVERDUE: ("■", "quá hạn"),
    DueState.SOON: ("◧", "sắp đến hạn"),
    DueState.IN_DATE: ("□", "còn hạn"),
}


@dataclass(frozen=True)
class RecallRow:
    """One standard (or instrument) to be recalled; `predicted_on` = drift forecast, where it comes first."""

    asset_number: str
    name: str
    serial: str
    custodian: str
    certificate_number: str
    due_on: date
    send_to: str = ""
    predicted_on: date | None = None
    sent_on: date | None = None

    @property
    def act_on(self) -> date:
        """The day that counts: the due date or an earlier forecast."""
        return min(self.due_on, self.predicted_on or self.due_on)


@dataclass(frozen=True)
class RecallList:
    """The list as of `today`; rows due within `soon_days` are "soon"."""

    short_name: str
    today: date
    rows: tuple[RecallRow, ...]
    created: datetime
    prepared_by: Signatory
    approved_by: Signatory
    horizon_days: int = 180
    soon_days: int = 60
    title: Words = RECALL_TITLE
    demonstration: bool = False


_NOTE = (
    "Hạn là ngày ghi trong thỏa thuận hoặc quyết định chứng nhận chuẩn; nếu dự báo trôi sớm hơn thì hành động theo dự "
    "báo. Chuẩn quá hạn không chọn được cho công việc mới."
)
_HEADS = (
    Words("TT", "No."),
    Words("Tình trạng", "Status"),
    Words("Còn lại", "Days left"),
    Words("Mã", "ID"),
    Words("Chuẩn, đặc trưng", "Standard, characteristics"),
    Words("Số chế tạo", "Serial No."),
    Words("Người giữ", "Custodian"),
    Words("Giấy chứng nhận", "Certificate"),
    Words("Hạn", "Due"),
    Words("Dự báo trôi", "Drift forecast"),
    Words("Gửi tới", "Send to"),
    Words("Đã gửi", "Sent on"),
)
_SHARES = (7, 24, 14, 18, 53, 18, 28, 27, 18, 19, 18, 13)


def due_state(act_on: date, today: date, soon_days: int) -> DueState:
    """Usable through its day; overdue from the day after."""
    left = (act_on - today).days
    return DueState.OVERDUE if left < 0 else DueState.SOON if left <= soon_days else DueState.IN_DATE


def render_recall_list(recall: RecallList) -> bytes:
    """The list in the order of action, with repeating head; raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]))
    rows = sorted(recall.rows, key=lambda row: (row.act_on, row.asset_number))
    foot = 17 * MM
    first = Frame(page.left, page.top - 25 * MM, foot)
    pages = paginate(_blocks(recall, rows, page.width), first, Frame(page.left, page.top - 11 * MM, foot))
    for place, blocks in enumerate(pages, 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_title(sheet, page, recall)
        draw_plain_head(sheet, page, recall.short_name, f"Lập ngày {day(recall.today)}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if recall.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, Words("Danh mục"), recall.today.isoformat(), (place, len(pages)))
    title = f"{recall.title.vi} {day(recall.today)}"
    return finish(sheet, Metadata(title, recall.short_name, title, "Chuẩn LIMS", recall.created, "", ""))


def _draw_title(sheet: Sheet, page: Page, recall: RecallList) -> None:
    """Title flush left, tally by state flush right."""
    y = page.top - 15 * MM
    with sheet.tag("H1"):
        sheet.put(page.left, y, recall.title.vi.upper(), Face.SANS_BOLD, 14, track=0.2)
        sheet.put(page.left, y - 4.8 * MM, recall.title.en, Face.SANS_ITALIC, 8.6, english=True)
    tally = Counter(due_state(row.act_on, recall.today, recall.soon_days) for row in recall.rows)
    text = "\u00a0\u00a0\u00a0\u00a0".join(f"{sign} {tally[state]} {word}" for state, (sign, word) in _SIGNS.items())
    with sheet.tag("P"):
        sheet.put(page.right, y, text, Face.SANS_MEDIUM, 8.4, Align.RIGHT)
        note = f"xếp theo ngày cần hành động · nhìn trước {recall.horizon_days} ngày"
        sheet.put(page.right, y - 4.8 * MM, note, Face.SANS, 7, Align.RIGHT)


def _blocks(recall: RecallList, rows: Sequence[RecallRow], room: float) -> list[Block]:
    widths = tuple(room * share / sum(_SHARES) for share in _SHARES)
    lines = [_row(recall, place, row, widths) for place, row in enumerate(rows, 1)]
    columns = Columns(widths, tuple(map(Head, _HEADS)), Align.LEFT)
    note = Text(NOTE.spans(_NOTE), room, NOTE.leading, 2.4 * MM)
    signatures = SignatureColumns((recall.prepared_by, recall.approved_by), room)
    if not lines:
        return [Together(Text(NOTE.spans("Không có mục nào đến hạn."), room, NOTE.leading), note, signatures)]
    return [TableWithTail(Table(columns, lines, rule_every=1), Together(note, signatures))]


def _row(recall: RecallList, place: int, row: RecallRow, widths: Sequence[float]) -> Row:
    state = due_state(row.act_on, recall.today, recall.soon_days)
    sign, word = _SIGNS[state]
    overdue = state is DueState.OVERDUE
    left = (row.act_on - recall.today).days
    status = (Span(f"{sign}\u00a0{word}", Face.SANS_BOLD if overdue else Face.SANS, 8),)
    texts = (
        _CELL.spans(str(place)),
        status,
        _CELL.spans(f"{MINUS if left < 0 else ''}{abs(left)}"),
        _CELL_MEDIUM.spans(row.asset_number, 60),
        _CELL.spans(row.name, 200),
        _CELL.spans(row.serial, 60),
        _CELL.spans(row.custodian, 80),
        _CELL.spans(row.certificate_number, 60),
        (_CELL_BOLD if overdue else _CELL).spans(day(row.due_on)),
        _CELL_BOLD.spans(day(row.predicted_on)),
        _CELL.spans(row.send_to, 60),
        _CELL.spans(day(row.sent_on)),
    )
    cells = [text_cell(width, text, (), Align.LEFT, _CELL) for width, text in zip(widths, texts, strict=True)]
    cells[2] = text_cell(widths[2] - 4 * MM, texts[2], (), Align.RIGHT, _CELL)
    return Row.of(cells, 6 * MM)
