"""Targets of the year's plan in the report of a period: what was reached by its end, and of that within it."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from certificates.report import Column, Line, ReportTable, Section
from lims.plans import service
from lims.plans.forms import whole
from lims.plans.papers import SIGNS, STANDING
from lims.plans.progress import ItemProgress, PlanProgress, Progress, plan_progress
from lims.shared.measures import Period
from lims.workload.rules import Span

_COLUMNS = (Column("TT", 5), Column("Nội dung công việc", 32), Column("Chỉ tiêu", 24), Column("Phải đạt", 14),
            Column("Trong kỳ", 9, right=True), Column("Lũy kế", 9, right=True), Column("Đánh giá", 13),
            Column("Đơn vị chủ trì", 18))


def targets(span: Span, today: date) -> Section | None:
    """The targets of the plans of the span's year by its last day that is over; None without a plan."""
    on = min(span.last, today)
    plans = [plan_progress(service.plan(row.id), on) for row in service.plans() if row.year == span.first.year]
    parts: list[ReportTable] = [_table(one, span, on) for one in plans]
    return Section("", "Chỉ tiêu kế hoạch năm", tuple(parts)) if parts else None


def _table(progress: PlanProgress, span: Span, on: date) -> ReportTable:
    lines = [line for one in progress.items for line in _lines(one, span, on)]
    return ReportTable(_COLUMNS, tuple(lines), caption=f"{progress.plan.title}; tính đến {on:%d/%m/%Y}",
                       empty="Chưa có nhiệm vụ nào.")


def _lines(one: ItemProgress, span: Span, on: date) -> Iterator[Line]:
    item = one.item
    if item.heading:
        yield Line((item.mark, item.text, *[""] * 6), strong=True)
    elif not one.targets:
        yield Line((item.mark, item.text, "chưa có chỉ tiêu", "", "", "", STANDING[one.standing], item.lead))
    for place, found in enumerate(one.targets):
        yield Line((item.mark if not place else "", item.text if not place else "", found.target.title,
                    f"{SIGNS[found.target.comparator]}{_told(found.target.quantity)} {found.target.unit}",
                    _told(_within(found, span, on)), _told(found.value), STANDING[found.standing],
                    item.lead if not place else ""))


def _within(found: Progress, span: Span, on: date) -> Decimal | None:
    """What came in the span alone; a share has none, nor what an override replaced."""
    item = found.target.item
    first, last = max(item.starts_on, span.first), min(item.ends_on, span.last)
    if first > last or found.override is not None or (found.measure is not None and found.measure.share):
        return None
    if found.measure is not None:
        return found.measure.value(Period(first, last, on))
    return sum((Decimal(1) if entry.quantity is None else entry.quantity for entry in item.entries
                if entry.target_id == found.target.id and entry.struck_at is None and entry.has_evidence
                and first <= entry.on <= min(last, on)), Decimal(0))


def _told(value: Decimal | None) -> str:
    return "–" if value is None else whole(value).replace(".", ",")
