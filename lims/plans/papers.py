"""The plan on paper: the annex as the Department prints it, and the report on how far it is."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from certificates.document import Words
from certificates.report import Column, Line, Report, ReportTable, Section
from certificates.slips import Signatory
from lims.plans.forms import whole
from lims.plans.models import Plan
from lims.plans.progress import ItemProgress, PlanProgress, Progress
from lims.plans.rules import Standing
from lims.shared import clock
from lims.shared.db import session
from lims.shared.organisation import organisation

ANNEX = (Column("TT", 6), Column("Nội dung công việc", 33), Column("Kết quả đạt được", 26),
         Column("Đơn vị chủ trì", 17), Column("Đơn vị phối hợp", 21), Column("Tiến độ t/hiện", 12),
         Column("Nguồn kinh phí", 13))
PROGRESS = (Column("TT", 5), Column("Nội dung công việc", 30), Column("Chỉ tiêu", 22),
            Column("Phải đạt", 12), Column("Thực hiện", 10, right=True), Column("Đánh giá", 14),
            Column("Đơn vị chủ trì", 16),
            Column("Khó khăn, ghi chú", 26))
STANDING = {"met": "Đạt", "on_course": "Đúng tiến độ", "behind": "Chậm", "missed": "Không đạt",
            "unknown": "Chưa có số liệu"}
SIGNS = {">=": "≥ ", ">": "> ", "=": "", "<=": "≤ ", "<": "< "}
_BLANK = "\u2026\u2026"


def annex(plan: Plan) -> Report:
    """The seven columns of the Department; what the plan leaves open stays a dotted blank."""
    lines = tuple(Line((item.mark, item.text, item.deliverable, item.lead, item.coordinating, item.schedule,
                        item.funding), strong=item.heading) for item in plan.items)
    return Report(
        title=f"Phụ lục: {plan.title}", note=_belongs_to(plan), kind="Phụ lục kế hoạch",
        number=plan.number, sections=(Section("", "", (ReportTable(ANNEX, lines, empty="Chưa có nhiệm vụ nào."),)),),
        heading=False, landscape=True, **_common())


def progress_report(progress: PlanProgress, on: date) -> Report:
    """Each task with its targets, what was reached by that day, and what stands in the way."""
    plan = progress.plan
    tally = progress.tally
    told = ", ".join(f"{word.lower()} {tally[Standing(name)]}" for name, word in STANDING.items()
                     if tally[Standing(name)])
    lines = tuple(line for one in progress.items for line in _progress_lines(one))
    parts: list[str | ReportTable] = [
        f"Tính đến ngày {on:%d/%m/%Y}: {sum(tally.values())} nhiệm vụ; {told or 'chưa có nhiệm vụ'}.",
        ReportTable(PROGRESS, lines, empty="Chưa có nhiệm vụ nào.")]
    open_points = [f"{one.one_place} ghi “{one.one_says}”, {one.other_place} ghi “{one.other_says}”"
                   + (f"; hiểu là: {one.settled}" if one.settled else "") for one in plan.discrepancies]
    if open_points:
        parts.append("Chỗ chưa thống nhất trong văn bản kế hoạch:\n" + "\n".join(f"- {text}." for text in open_points))
    return Report(
        title=f"Báo cáo tiến độ thực hiện {plan.title}", sections=(Section("", "", tuple(parts)),), landscape=True,
        superior=plan.superior, issuer=plan.issuer, dated=_dated(plan.place, on), kind="Báo cáo tiến độ", number="",
        signatories=(Signatory(Words("Người lập")), Signatory(Words("Lãnh đạo đơn vị"))), **_common())


def _progress_lines(one: ItemProgress) -> Iterator[Line]:
    item = one.item
    troubles = "; ".join(row.text + (f" (đã giải quyết: {row.resolution})" if row.resolved_on else
                                 f" (đã báo cáo {row.escalated_to})" if row.escalated_to else "")
                     for row in item.difficulties)
    if item.heading:
        yield Line((item.mark, item.text, "", "", "", "", "", ""), strong=True)
        return
    state = {"dropped": "Không thực hiện nữa", "done": "Đã hoàn thành"}.get(item.state)
    if not one.targets:
        yield Line((item.mark, item.text, "", "", "", state or STANDING[one.standing], item.lead, troubles))
    for place, target in enumerate(one.targets):
        first = place == 0
        yield Line((item.mark if first else "", item.text if first else "", target.target.title,
                    f"{SIGNS[target.target.comparator]}{whole(target.target.quantity)} {target.target.unit}".replace(
                        ".", ","), _comma(target.value), state if first and state else STANDING[target.standing],
                    item.lead if first else "",
                    "\n".join(filter(None, [troubles if first else "", _overridden(target)]))))


def _overridden(one: Progress) -> str:
    return "" if one.override is None else (
        f"Số thực hiện do người ghi thay số tính được ({_comma(one.computed)}): {one.override.reason}")


def _comma(value: Decimal | None) -> str:
    return whole(value).replace(".", ",")


def _belongs_to(plan: Plan) -> str:
    """"Attached to plan No. … of …"; number and day may be open."""
    number = plan.number or f"{_BLANK}/KH-SKHCN"
    day = (f"ngày {plan.issued_on:%d} tháng {plan.issued_on:%m} năm {plan.issued_on:%Y}" if plan.issued_on
           else plan.dated or f"ngày {_BLANK} tháng {_BLANK} năm {plan.year}")
    of = f" của {plan.issuer}" if plan.issuer else ""
    return f"(Kèm theo Kế hoạch số {number} {day}{of})"


def _dated(place: str, on: date) -> str:
    text = f"ngày {on:%d} tháng {on:%m} năm {on:%Y}"
    return f"{place}, {text}" if place else text.capitalize()


def _common() -> dict[str, Any]:
    laboratory = organisation(session())
    return {"short_name": laboratory.short_name, "created": clock.now(), "demonstration": laboratory.demonstration}
