"""The plan of a year on landscape A4: what is to be calibrated, checked and maintained, by whom, at what cost."""

from collections.abc import Iterator, Sequence
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
_CELL_MEDIUM = Style(Face.SERIF_MEDIUM, 8.2, 10.4)
_CELL_BOLD = Style(Face.SERIF_BOLD, 8.2, 10.4)
_HEADS = (
    Words("TT", "No."),
    Words("Ngày", "Day"),
    Words("Mã", "ID"),
    Words("Chuẩn", "Standard"),
    Words("Số chế tạo", "Serial No."),
    Words("Việc", "Duty"),
    Words("Người làm", "Who acts"),
    Words("Nơi làm", "Where"),
    Words("Chi phí, đồng", "Cost, VND"),
)
_SHARES = (9, 18, 28, 62, 26, 40, 34, 42, 24)
_NOTE = (
    "Tháng, năm: cùng ngày; tháng không có ngày ấy thì ngày cuối tháng. Các lần sau tính từ ngày gốc của lịch, với giả "
    "thiết mỗi lần làm đúng ngày. Việc quá hạn xếp vào ngày lập. Việc tính theo giờ hoặc lần dùng ghi ngày dự báo."
)


@dataclass(frozen=True)
class PlanRow:
    """One duty on one day; `cost` as printed, "" when none is stated."""

    on: date
    asset_number: str
    name: str
    serial: str
    duty: str
    person: str
    provider: str
    cost: str


@dataclass(frozen=True)
class YearPlan:
    """The plan of `year`; rows in order of day. `month_costs` are printed sums by month (1 to 12), "" for none."""

    short_name: str
    year: int
    today: date
    rows: tuple[PlanRow, ...]
    month_costs: tuple[str, ...]
    total: str
    created: datetime
    prepared_by: Signatory
    approved_by: Signatory
    demonstration: bool = False


def render_year_plan(plan: YearPlan) -> bytes:
    """The plan with a line for each month and its sum; raises GlyphMissing or LayoutError."""
    sheet, page = Sheet(), Page(Margins(), (A4[1], A4[0]))
    foot = 17 * MM
    first = Frame(page.left, page.top - 25 * MM, foot)
    pages = paginate(_blocks(plan, page.width), first, Frame(page.left, page.top - 11 * MM, foot))
    title = f"Kế hoạch hiệu chuẩn, kiểm tra, bảo dưỡng chuẩn năm {plan.year}"
    for place, blocks in enumerate(pages, 1):
        sheet.new_page(page.size)
        if place == 1:
            _draw_title(sheet, page, plan, title)
        draw_plain_head(sheet, page, plan.short_name, f"Lập ngày {day(plan.today)}")
        for placed in blocks:
            placed.block.draw(sheet, page.left, placed.top)
        if plan.demonstration:
            draw_demonstration(sheet, page)
        draw_footer(sheet, page, Words("Kế hoạch"), str(plan.year), (place, len(pages)))
    return finish(sheet, Metadata(title, plan.short_name, title, "Chuẩn LIMS", plan.created, "", ""))


def _draw_title(sheet: Sheet, page: Page, plan: YearPlan, title: str) -> None:
    y = page.top - 15 * MM
    with sheet.tag("H1"):
        sheet.put(page.left, y, title.upper(), Face.SANS_BOLD, 13, track=0.2)
        sheet.put(page.left, y - 4.8 * MM, f"Plan of the measurement standards for {plan.year}", Face.SANS_ITALIC, 8.6,
                  english=True)  # fmt: skip
    with sheet.tag("P"):
        sheet.put(page.right, y, f"{len(plan.rows)} việc", Face.SANS_MEDIUM, 8.4, Align.RIGHT)
        sheet.put(page.right, y - 4.8 * MM, f"tổng chi phí {plan.total} đồng", Face.SANS, 8, Align.RIGHT)


def _blocks(plan: YearPlan, room: float) -> list[Block]:
    widths = tuple(room * share / sum(_SHARES) for share in _SHARES)
    lines = list(_lines(plan, widths))
    note = Text(NOTE.spans(_NOTE), room, NOTE.leading, 2.4 * MM)
    signatures = SignatureColumns((plan.prepared_by, plan.approved_by), room)
    if not lines:
        return [Together(Text(NOTE.spans("Không có việc nào trong năm."), room, NOTE.leading), note, signatures)]
    columns = Columns(widths, tuple(map(Head, _HEADS)), Align.LEFT)
    return [TableWithTail(Table(columns, lines, rule_every=1), Together(note, signatures))]


def _lines(plan: YearPlan, widths: Sequence[float]) -> Iterator[Row]:
    month = 0
    for place, row in enumerate(plan.rows, 1):
        if row.on.month != month:
            month = row.on.month
            number = sum(1 for other in plan.rows if other.on.month == month)
            texts = ("", f"Tháng {month:02d}", "", f"{number} việc", "", "", "", "", plan.month_costs[month - 1])
            yield _row(texts, widths, _CELL_BOLD)
        yield _row((str(place), day(row.on), row.asset_number, row.name, row.serial, row.duty, row.person,
                    row.provider, row.cost), widths, _CELL)  # fmt: skip


def _row(texts: Sequence[str], widths: Sequence[float], style: Style) -> Row:
    cells = [
        text_cell(width, (_CELL_MEDIUM if at == 2 else style).spans(text, 200), (),
                  Align.LEFT, _CELL) for at, (width, text) in enumerate(zip(widths, texts, strict=True))
    ]  # fmt: skip
    cells[-1] = text_cell(widths[-1] - 2 * MM, style.spans(texts[-1]), (), Align.RIGHT, _CELL)
    return Row.of(cells, 6 * MM)
