"""The plan of a year on landscape A4: what is to be calibrated, checked and maintained, by whom, at what cost."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from certificates.document import Words
from certificates.fonts import Face
from certificates.formats import day
from certificates.landscape import CELL, CELL_BOLD, CELL_MEDIUM, ROW, Landscape, Remark, render_landscape
from certificates.sheet import MM, Align
from certificates.slips import Signatory
from certificates.tables import Row, text_cell
from certificates.typeset import Style

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
    title = f"Kế hoạch hiệu chuẩn, kiểm tra, bảo dưỡng chuẩn năm {plan.year}"
    wanted = Landscape(
        title=Words(title, f"Plan of the measurement standards for {plan.year}"), name=title,
        label=Words("Kế hoạch"), number=str(plan.year), short_name=plan.short_name, today=plan.today,
        created=plan.created, heads=_HEADS, shares=_SHARES, note=_NOTE, empty="Không có việc nào trong năm.",
        remarks=(Remark(f"{len(plan.rows)} việc"), Remark(f"tổng chi phí {plan.total} đồng", Face.SANS, 8)),
        signatories=(plan.prepared_by, plan.approved_by), demonstration=plan.demonstration)  # fmt: skip
    return render_landscape(wanted, lambda widths: list(_lines(plan, widths)))


def _lines(plan: YearPlan, widths: Sequence[float]) -> Iterator[Row]:
    month = 0
    for place, row in enumerate(plan.rows, 1):
        if row.on.month != month:
            month = row.on.month
            number = sum(1 for other in plan.rows if other.on.month == month)
            texts = ("", f"Tháng {month:02d}", "", f"{number} việc", "", "", "", "", plan.month_costs[month - 1])
            yield _row(texts, widths, CELL_BOLD)
        yield _row((str(place), day(row.on), row.asset_number, row.name, row.serial, row.duty, row.person,
                    row.provider, row.cost), widths, CELL)  # fmt: skip


def _row(texts: Sequence[str], widths: Sequence[float], style: Style) -> Row:
    cells = [
        text_cell(width, (CELL_MEDIUM if at == 2 else style).spans(text, 200), (),
                  Align.LEFT, CELL) for at, (width, text) in enumerate(zip(widths, texts, strict=True))
    ]  # fmt: skip
    cells[-1] = text_cell(widths[-1] - 2 * MM, style.spans(texts[-1]), (), Align.RIGHT, CELL)
    return Row.of(cells, ROW)
