"""What the law asks of a kind of instrument on a day, and the end of validity that follows: rules without database.

`legal_row` is the one place where this feature asks for the group-2 list.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from instruments.kinds import all_kinds, kind
from instruments.legal import UNCONFIRMED, LegalRow, NoLegalRow, Policy, period_on, valid_until

State = Literal["in_date", "due_soon", "overdue", "unverified", "once", "voluntary"]
STATES: tuple[State, ...] = ("overdue", "unverified", "due_soon", "in_date", "once", "voluntary")
"""overdue and unverified need somebody; `once`: verified, the list gives no period; `voluntary`: of group 1, no date
known."""


@dataclass(frozen=True)
class Standing:
    """What is known of an instrument's newest check: "verification" | "calibration" | "", its verdict, the due date."""

    kind: str
    service: str
    verdict: str
    due_on: date | None


def legal_row(kind_code: str, on: date) -> LegalRow | None:
    """The row of the group-2 list for a kind on a day; None for group 1 and for a kind that is not known."""
    return _cached_row(kind_code, on)


@lru_cache(maxsize=8192)
def _cached_row(kind_code: str, on: date) -> LegalRow | None:
    try:
        item = kind(kind_code).legal_item
        return period_on(item, on) if item else None
    except (KeyError, NoLegalRow):
        return None


def legal_kinds(on: date, row_of: Callable[[str, date], LegalRow | None] = legal_row) -> dict[str, LegalRow]:
    """{kind: its row of the list} for every kind of group 2 on the day."""
    return {one.code: row for one in all_kinds() if (row := row_of(one.code, on)) is not None}


def unconfirmed(row: LegalRow) -> bool:
    """Whether the row was read in a poor copy only: it serves planning, not a verdict."""
    return row.state == UNCONFIRMED


def due_on(kind_code: str, *, service: str, verdict: str, done_on: date | None, stated: date | None,
           policy: Policy = "same_day") -> date | None:
    """The last valid day: what the paper states, else the legal period from the day of verification.

    None when nothing is known, when the instrument failed, or where the list gives no period."""
    if verdict != "pass" or not service:
        return None
    if stated is not None:
        return stated
    row = legal_row(kind_code, done_on) if service == "verification" and done_on else None
    if row is None or row.cycle_months is None or done_on is None:
        return None
    return valid_until(done_on, row.cycle_months, policy).on


def state_on(standing: Standing, today: date, window: int) -> State:
    """The state of an instrument; usable through its due date. A calibration does not stand for a verification."""
    row = legal_row(standing.kind, today)
    passed = standing.verdict == "pass" and (row is None or standing.service == "verification")
    if passed and standing.due_on is not None:
        if standing.due_on < today:
            return "overdue"
        return "due_soon" if standing.due_on <= today + timedelta(days=window) else "in_date"
    if row is None:
        return "voluntary"
    return "once" if passed and row.cycle_months is None else "unverified"
