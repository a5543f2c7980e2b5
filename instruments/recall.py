"""Due dates, due states, alert stages and the recall list: calendar rules with today as an argument."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

DueState = Literal["in_date", "due_soon", "overdue"]
Stage = Literal["60", "30", "7", "0", "overdue"]
STAGES: tuple[Stage, ...] = ("60", "30", "7", "0", "overdue")


def due_date(origin: date, *, months: int = 0, days: int = 0) -> date:
    """`months` calendar months and then `days` after `origin`: the same day, or the last of a shorter month
    (31/01 + 1 month -> 28/02 or 29/02). Exactly one of both is positive; ValueError otherwise."""
    raise NotImplementedError


def nth_due_date(origin: date, months: int, n: int) -> date:
    """The n-th due date, always counted from the origin, so that 31/01 monthly gives 28/02, 31/03, 30/04."""
    raise NotImplementedError


def due_state(due: date, today: date, soon_days: int = 60) -> DueState:
    """Usable through the due date itself; due_soon from `soon_days` before it."""
    raise NotImplementedError


def stage_due(due: date, today: date, sent: Collection[Stage] = ()) -> Stage | None:
    """The stage to announce today: the most urgent one reached, if neither it nor a more urgent one was announced."""
    raise NotImplementedError


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
    """Items overdue or due within the days, most urgent first; retired ones are left out."""
    raise NotImplementedError
