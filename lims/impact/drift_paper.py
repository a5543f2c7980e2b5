"""The drift of a standard on paper: each point of each function with its chart and values, proposals, decisions."""
from __future__ import annotations

from collections.abc import Iterator

from certificates.document import Words
from certificates.history_chart import HistoryChart, HistoryPoint
from certificates.report import Column, Line, Part, Report, ReportTable, Section, render_report
from certificates.slips import Signatory
from lims.equipment.models import Standard
from lims.impact import drifting
from lims.impact.drifting import History, Point, stated
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import day
from lims.shared.organisation import organisation

MOST_POINTS = 40
"""Points with a chart of their own; a table of certificates tells the rest."""
METHOD = {"A3": "A3 (độ tin cậy)", "variables": "theo giá trị", "control_chart": "biểu đồ kiểm soát",
          "staircase": "bậc thang", "judgement": "đánh giá của người phụ trách"}
UNIT = {"days": "ngày", "weeks": "tuần", "months": "tháng", "years": "năm"}
VALUES = (Column("Ngày hiệu chuẩn", 20), Column("Giấy chứng nhận", 40), Column("Độ lệch", 22, right=True),
          Column("U", 18, right=True), Column("Đổi so với lần trước", 24, right=True))
DECIDED = (Column("Ngày", 16), Column("Chu kỳ cũ", 16), Column("Chu kỳ mới", 16), Column("Căn cứ", 26),
           Column("Lý do", 46), Column("Người quyết định", 26))


def sheet(standard: Standard, prepared_by: str) -> bytes:
    """The PDF; in Vietnamese, as the register prints everything."""
    laboratory = organisation(session())
    return render_report(Report(
        title=f"Độ trôi và chu kỳ hiệu chuẩn {standard.asset_number}", short_name=laboratory.short_name,
        kind="Phiếu độ trôi", number=standard.asset_number, created=clock.now(), heading=False,
        note=f"{standard.name}; số chế tạo {standard.serial}. Ngày lập {day(clock.today())}.",
        demonstration=laboratory.demonstration, sections=tuple(_sections(standard)),
        signatories=(Signatory(Words("Người lập"), prepared_by), Signatory(Words(laboratory.head_title_vi)))))


def _sections(standard: Standard) -> Iterator[Section]:
    points = drifting.points(standard)
    functions = list(dict.fromkeys(one.function for one in points))
    for place, function in enumerate(functions, 1):
        own = [one for one in points if one.function is function]
        parts: list[Part] = [part for one in own[:MOST_POINTS] for part in _point(standard, one)]
        if len(own) > MOST_POINTS:
            parts.append(f"Còn {len(own) - MOST_POINTS} điểm khác trong giấy chứng nhận {own[0].certificate.number}.")
        yield Section(f"{place}.", function.name if function else "Chức năng chính" if len(functions) > 1
                      else "Lịch sử ở từng điểm", tuple(parts))
    decisions = drifting.decisions(standard.id)
    yield Section(f"{len(functions) + 1}.", "Chu kỳ đã quyết định", (ReportTable(DECIDED, tuple(Line((
        day(clock.local_date(one.at)), f"{one.old_count} {UNIT[one.old_unit]}", f"{one.new_count} {UNIT[one.new_unit]}",
        METHOD[one.method], one.reason, one.by.full_name)) for one in decisions), empty="Chưa có quyết định nào."),))


def _point(standard: Standard, point: Point) -> Iterator[Part]:
    shown = drifting.history(standard, point.value.nominal, function_id=point.function.id if point.function else None)
    title = f"Điểm {point.value.nominal_text.replace('.', ',')} {point.certificate.unit}"
    if shown is None:
        yield f"{title}: chưa biết thay đổi lớn nhất cho phép (sai số cho phép hoặc độ trôi trong hồ sơ chuẩn)."
        return
    yield _chart(title, shown)
    yield ReportTable(VALUES, tuple(_values(shown)))
    yield _told(shown)


def _chart(title: str, shown: History) -> HistoryChart:
    last = shown.calibrations[-1]
    ends = [shown.calibrations[0].on, max(filter(None, (shown.due_on, last.on)))]
    return HistoryChart(
        f"{title}: độ lệch so với danh nghĩa ± U, đường trôi, giới hạn quanh lần cuối", shown.unit,
        tuple(HistoryPoint(one.on, one.value, one.U) for one in shown.calibrations),
        lower=last.value - shown.limit, upper=last.value + shown.limit,
        trend=tuple((on, shown.line.at(on).value) for on in ends) if shown.line else (),
        upright=((shown.due_on, f"hạn {day(shown.due_on)}"),) if shown.due_on else ())


def _values(shown: History) -> Iterator[Line]:
    before: float | None = None
    for one in shown.calibrations:
        yield Line((day(one.on), one.certificate, _number(f"{one.value:+.6g}"), _number(f"{one.U:.3g}"),
                    "–" if before is None else _number(f"{one.value - before:+.4g}")))
        before = one.value


def _told(shown: History) -> str:
    parts = [f"Đơn vị {shown.unit}. Thay đổi lớn nhất cho phép ± {_number(f'{shown.limit:.6g}')}"]
    if shown.line is not None:
        parts.append(f"trôi mỗi năm "
                     f"{_number(stated(shown.line.slope_per_year, shown.line.slope_U))}")
    if shown.at_due is not None:
        parts.append(f"ở ngày đến hạn {_number(stated(shown.at_due.value, shown.at_due.U))}")
    offered = [f"{METHOD[one.method]} {one.days} ngày" for one in shown.proposals if one.days is not None]
    if offered:
        parts.append("chu kỳ đề nghị: " + ", ".join(offered))
    if shown.cap is not None:
        parts.append(f"giới hạn {shown.cap.months} tháng theo {shown.cap.basis}")
    return "; ".join(parts) + "."


def _number(text: str) -> str:
    return "0" if text in ("+0", "-0") else text.replace(".", ",").replace("-", "−")
