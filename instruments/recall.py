"""Due dates, due states, alert stages and the recall list: calendar rules with today as an argument."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

DueState = Literal["in_date", "due_soon", "overdue"]
Stage = Literal["60", "30", "7", "0", "overdue"]
STAGES: tuple[Stage, ...] = ("60", "30", "7", "0", "overdue")
"""Alert stages in the order in which a due date comes nearer: days before it, and the day after."""

RETIRED = "retired"


def due_date(origin: date, *, months: int = 0, days: int = 0) -> date:
    """The day on which something done on `origin` is due again; exactly one of both is positive (ValueError).

    Months are calendar months: the same day, or the last of a shorter month (31/01 + 1 month -> 28/02 or 29/02;
    29/02 + 12 months -> 28/02).
    """
    if (months > 0) == (days > 0) or months < 0 or days < 0:
        raise ValueError("an interval is a positive number of months or of days, not both")
    return add_months(origin, months) if months else origin + timedelta(days=days)


def add_months(origin: date, months: int) -> date:
    """Same day `months` later (0 or more), or that month's last day."""
    years, month0 = divmod(origin.month - 1 + months, 12)
    year, month = origin.year + years, month0 + 1
    return date(year, month, min(origin.day, calendar.monthrange(year, month)[1]))


def due_state(due: date, today: date, soon_days: int = 60) -> DueState:
    """Usable through the due date itself; due_soon from `soon_days` before it."""
    days_left = (due - today).days
    if days_left < 0:
        return "overdue"
    return "due_soon" if days_left <= soon_days else "in_date"


def stage_due(due: date, today: date, sent: Collection[Stage] = ()) -> Stage | None:
    """The stage to announce today: the most urgent one reached, unless it or a more urgent one was announced.

    Each stage is announced at most once for a due date; stages missed while nothing ran are not sent late one by one.
    """
    reached = _reached((due - today).days)
    if reached is None or any(STAGES.index(stage) >= STAGES.index(reached) for stage in sent):
        return None
    return reached


def _reached(days_left: int) -> Stage | None:
    if days_left < 0:
        return "overdue"
    return next((stage for stage in ("0", "7", "30", "60") if days_left <= int(stage)), None)


@dataclass(frozen=True, slots=True)
class RecallItem:
    """Something with a due date; `key` identifies it for the caller."""

    key: str
    due_on: date | None
    """None: never calibrated, which is overdue."""
    state: str


@dataclass(frozen=True, slots=True)
class RecallLine:
    """A line of the recall list; `days_left` is negative when overdue, None without a due date."""

    item: RecallItem
    due_state: DueState
    days_left: int | None


def recall_list(items: Iterable[RecallItem], on: date, within_days: int = 60) -> tuple[RecallLine, ...]:
    """Items overdue or due within the days (inclusive), most urgent first; those of state "retired" are left out."""
    lines = [
        RecallLine(
            item,
            due_state(item.due_on, on, within_days) if item.due_on else "overdue",
            (item.due_on - on).days if item.due_on else None,
        )
        for item in items
        if item.state != RETIRED
    ]
    wanted = [line for line in lines if line.due_state != "in_date"]
    return tuple(sorted(wanted, key=lambda line: (line.item.due_on or date.min, line.item.key)))
