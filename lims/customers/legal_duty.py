"""What the law asks of a kind of instrument on a day, and the end of validity that follows.

`legal_row` is the one place where this feature asks for the group-2 list. The legal catalogue, which stands to the
right of this feature, announces its rows as the extension `ROWS`; without it the shipped rows count.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from flask import current_app, g, has_app_context

from instruments.kinds import all_kinds, kind
from instruments.legal import UNCONFIRMED, LegalRow, Policy, legal_rows, row_on, valid_until

State = Literal["in_date", "due_soon", "overdue", "unverified", "once", "voluntary"]
ROWS = "legal_rows"
"""Extension of the application: a function that gives every row of every edition, as it was read."""
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
    try:
        item = kind(kind_code).legal_item
    except KeyError:
        return None
    return row_on(_rows_of(item), item, on) if item else None


def legal_kinds(on: date) -> dict[str, LegalRow]:
    """{kind: its row of the list} for every kind of group 2 on the day."""
    return {one.code: row for one in all_kinds() if (row := legal_row(one.code, on)) is not None}


def forget_rows() -> None:
    """The list was changed: ask for it anew."""
    if has_app_context():
        g.pop(ROWS, None)


def _rows_of(item: str) -> Sequence[LegalRow]:
    """Rows of one item in every edition: those of the laboratory's list, asked once for a request or a task; the
    shipped ones where no application runs."""
    if not has_app_context() or ROWS not in current_app.extensions:
        return _by_item(legal_rows).get(item, ())
    if ROWS not in g:
        setattr(g, ROWS, _grouped(current_app.extensions[ROWS]()))
    found: Mapping[str, Sequence[LegalRow]] = g.get(ROWS)
    return found.get(item, ())


@cache
def _by_item(source: Callable[[], Sequence[LegalRow]]) -> Mapping[str, Sequence[LegalRow]]:
    return _grouped(source())


def _grouped(rows: Sequence[LegalRow]) -> Mapping[str, Sequence[LegalRow]]:
    found: dict[str, list[LegalRow]] = {}
    for row in rows:
        found.setdefault(row.item, []).append(row)
    return found


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
