"""When a statutory report is due, and how it stands on a day."""
from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum

WINDOW = timedelta(days=90)
"""How long before its day a report is asked for."""


class Standing(StrEnum):
    """How a report of a year stands."""

    FILED = "filed"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    LATER = "later"


def due_on(year: int, month: int, day: int, *, next_year: bool) -> date:
    """The last day for the report about `year`; a day that the month lacks is its last one (31/02 -> 28 or 29/02)."""
    at = year + next_year
    return date(at, month, min(day, calendar.monthrange(at, month)[1]))


def standing(due: date, filed: bool, today: date) -> Standing:
    """A report may be sent through its last day; it is overdue from the day after."""
    if filed:
        return Standing.FILED
    if today > due:
        return Standing.OVERDUE
    return Standing.DUE_SOON if today >= due - WINDOW else Standing.LATER
