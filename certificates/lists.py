"""Lists on landscape A4: the recall list of standards (danh mục chuẩn đến hạn)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from certificates.document import Words
from certificates.fonts import Face
from certificates.formats import MINUS, day
from certificates.landscape import CELL, CELL_BOLD, CELL_MEDIUM, ROW, Landscape, Remark, render_landscape
from certificates.sheet import MM, Align
from certificates.slips import Signatory
from certificates.tables import Row, text_cell
from certificates.typeset import Span

RECALL_TITLE = Words("Danh mục chuẩn đến hạn hiệu chuẩn", "Recall list of measurement standards")
DUTIES_TITLE = Words("Danh mục chuẩn đến hạn hiệu chuẩn, kiểm tra, bảo dưỡng",
                     "Measurement standards due for calibration, check or maintenance")  # fmt: skip


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
    person: str
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
    """The list as of `today`, whenever it is made; rows due within `soon_days` are "soon"."""

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
    made_on: date | None = None
    """Day on which it is made; None: `today`."""


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
    Words("Người làm", "Who acts"),
    Words("Giấy chứng nhận", "Certificate"),
    Words("Hạn", "Due"),
    Words("Dự báo trôi", "Drift forecast"),
    Words("Gửi tới", "Send to"),
    Words("Đã gửi", "Sent on"),
)
_SHARES = (7, 22, 12, 17, 50, 20, 30, 26, 18, 18, 20, 16)


def due_state(act_on: date, today: date, soon_days: int) -> DueState:
    """Usable through its day; overdue from the day after."""
    left = (act_on - today).days
    return DueState.OVERDUE if left < 0 else DueState.SOON if left <= soon_days else DueState.IN_DATE


def render_recall_list(recall: RecallList) -> bytes:
    """The list in the order of action, with repeating head; raises GlyphMissing or LayoutError."""
    rows = sorted(recall.rows, key=lambda row: (row.act_on, row.asset_number))
    tally = Counter(due_state(row.act_on, recall.today, recall.soon_days) for row in rows)
    counted = "\u00a0\u00a0\u00a0\u00a0".join(f"{sign} {tally[state]} {word}" for state, (sign, word) in _SIGNS.items())
    order = f"tính đến {day(recall.today)} · xếp theo ngày cần hành động · " + (
        f"nhìn trước {recall.horizon_days} ngày" if recall.horizon_days >= 0 else "chỉ việc quá hạn")
    wanted = Landscape(
        title=recall.title, name=f"{recall.title.vi} {day(recall.today)}", label=Words("Danh mục"),
        number=recall.today.isoformat(), short_name=recall.short_name, today=recall.made_on or recall.today,
        created=recall.created,
        heads=_HEADS, shares=_SHARES, remarks=(Remark(counted), Remark(order, Face.SANS, 7)), note=_NOTE,
        empty="Không có mục nào đến hạn.", signatories=(recall.prepared_by, recall.approved_by),
        demonstration=recall.demonstration, title_size=14)  # fmt: skip
    return render_landscape(
        wanted, lambda widths: [_row(recall, place, row, widths) for place, row in enumerate(rows, 1)]
    )


def _row(recall: RecallList, place: int, row: RecallRow, widths: Sequence[float]) -> Row:
    state = due_state(row.act_on, recall.today, recall.soon_days)
    sign, word = _SIGNS[state]
    overdue = state is DueState.OVERDUE
    left = (row.act_on - recall.today).days
    status = (Span(f"{sign}\u00a0{word}", Face.SANS_BOLD if overdue else Face.SANS, 8),)
    texts = (
        CELL.spans(str(place)),
        status,
        CELL.spans(f"{MINUS if left < 0 else ''}{abs(left)}"),
        CELL_MEDIUM.spans(row.asset_number, 60),
        CELL.spans(row.name, 200),
        CELL.spans(row.serial, 60),
        CELL.spans(row.person, 80),
        CELL.spans(row.certificate_number, 60),
        (CELL_BOLD if overdue else CELL).spans(day(row.due_on)),
        CELL_BOLD.spans(day(row.predicted_on)),
        CELL.spans(row.send_to, 60),
        CELL.spans(day(row.sent_on)),
    )
    cells = [text_cell(width, text, (), Align.LEFT, CELL) for width, text in zip(widths, texts, strict=True)]
    cells[2] = text_cell(widths[2] - 4 * MM, texts[2], (), Align.RIGHT, CELL)
    return Row.of(cells, ROW)
