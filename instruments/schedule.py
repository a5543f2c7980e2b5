"""When a recurring duty is due: calendar intervals counted from their origin, and limits of use counted from a log.

The rules, stated once: n weeks are 7n days; months and years keep the day of the month, and a month without that day
gives its last one (31/01 + 1 month -> 28/02 or 29/02; 29/02 + 12 months -> 28/02). A later date of a series is always
counted from the origin and never from the date before it, so that 31/01 monthly gives 28/02, 31/03, 30/04 and 29/02
every four years stays 29/02. Dates are the laboratory's calendar days; a duty may be done through its due day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import Literal, get_args

from instruments.recall import add_months

CalendarUnit = Literal["days", "weeks", "months", "years"]
UseUnit = Literal["hours", "uses"]
CALENDAR_UNITS: tuple[CalendarUnit, ...] = get_args(CalendarUnit)
USE_UNITS: tuple[UseUnit, ...] = get_args(UseUnit)
HORIZON = timedelta(days=3660)
"""A duty by use is forecast at most this far beyond its origin: a device that stands still ages too."""
LAST_YEAR = 9998


def interval_due(origin: date, count: int, unit: CalendarUnit) -> date:
    """The day on which something done on `origin` is due again after `count` (positive) units."""
    return nth_due(origin, count, unit, 1)


def nth_due(origin: date, count: int, unit: CalendarUnit, n: int) -> date:
    """The n-th due day (n = 1, 2, …), counted from the origin. ValueError when count or n is not positive."""
    if count <= 0 or n <= 0:
        raise ValueError("an interval and its number are positive")
    if unit in ("days", "weeks"):
        return origin + timedelta(days=count * n * (7 if unit == "weeks" else 1))
    return add_months(origin, count * n * (12 if unit == "years" else 1))


def occurrences(origin: date, count: int, unit: CalendarUnit, first: date, last: date) -> tuple[date, ...]:
    """Every due day of the series within [first, last], in order: what a plan shows when each is done on its day."""
    found: list[date] = []
    n = _about(origin, count, unit, first)
    while (day := nth_due(origin, count, unit, n)) <= last:
        if day >= first:
            found.append(day)
        if day.year >= LAST_YEAR:
            break
        n += 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class UseDue:
    """A duty by use: how much was used since the origin, when the limit was reached (None: not yet), and the day it
    counts as due: that day, or the day on which the use so far will reach the limit."""

    used: Decimal
    reached_on: date | None
    due_on: date


def use_due(origin: date, limit: Decimal, log: Iterable[tuple[date, Decimal]], today: date) -> UseDue:
    """A duty done on `origin` is due again after `limit` (positive) hours or uses of the `log` of (day, amount).

    Entries of the origin's own day count to the time before. The forecast takes the mean use per day from the origin to
    `today` (at least one day) and never lies before today or beyond `HORIZON`.
    """
    if limit <= 0:
        raise ValueError("a limit of use is positive")
    used, reached = Decimal(0), None
    for day, amount in sorted(log):
        if day <= origin:
            continue
        used += amount
        if reached is None and used >= limit:
            reached = day
    if reached is not None:
        return UseDue(used, reached, reached)
    farthest = origin + HORIZON
    if used <= 0:
        return UseDue(Decimal(0), None, farthest)
    days = max((today - origin).days, 1)
    needed = ceil(limit * days / used)
    forecast = origin + timedelta(days=min(needed, HORIZON.days))
    return UseDue(used, None, min(max(forecast, today), farthest))


def _about(origin: date, count: int, unit: CalendarUnit, first: date) -> int:
    """A number n whose due day is not after `first` by more than one interval (the search starts there)."""
    days = {"days": 1, "weeks": 7, "months": 31, "years": 366}[unit] * count
    return max(1, (first - origin).days // days)
