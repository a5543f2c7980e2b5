"""The register as a list: filters in the address, nearest due date first, paged by key."""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from instruments.recall import RETIRED, DueState, add_months, due_state
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import LONGEST_WINDOW, Newest, newest_certificates
from lims.shared.db import session
from lims.shared.text import like_pattern

PAGE = 50
MONTHS_SHOWN = 12
NEVER = date(1900, 1, 1)
"""Sorts standards never calibrated before all others."""
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """What the address asks for. `light`: overdue, due_soon, in_date, away or ""; `month`: its first day."""

    today: date
    window: int
    text: str = ""
    state: str = ""
    quantity: str = ""
    custodian: int | None = None
    light: str = ""
    month: date | None = None


@dataclass(frozen=True)
class Line:
    """One standard in the list; `light` is its traffic light."""

    standard: Standard
    due_on: date | None
    days_left: int | None
    light: str
    certificate: Newest | None


@dataclass(frozen=True)
class Listing:
    """One page and the keys of its neighbours (None at the ends)."""

    lines: list[Line]
    before: str | None
    after: str | None


def read_filter(args: Mapping[str, str], today: date, window: int) -> Filter:
    """The filter of an address; what cannot be read is left out."""
    month = _MONTH.fullmatch(args.get("month", ""))
    custodian, days = args.get("custodian", ""), args.get("window", "")
    return Filter(
        today=today, window=int(days) if _small(days) and int(days) <= LONGEST_WINDOW else window,
        text=args.get("q", "")[:200], state=args.get("state", ""), quantity=args.get("quantity", ""),
        custodian=int(custodian) if _small(custodian) else None, light=args.get("due", ""),
        month=date(int(month[1]), int(month[2]), 1) if month else None)


def page(wanted: Filter, after: str = "", before: str = "", size: int = PAGE) -> Listing:
    """Standards nearest to their calibration's due date first, from the key `after` on or up to `before`."""
    low, high = _key(after), _key(before)
    backwards = high is not None and low is None
    query = _query(wanted)
    if low is not None:
        query = query.where(sa.tuple_(_due, Standard.id) > sa.tuple_(*map(sa.literal, low)))
    elif high is not None:
        query = query.where(sa.tuple_(_due, Standard.id) < sa.tuple_(*map(sa.literal, high)))
    order = (_due.desc(), Standard.id.desc()) if backwards else (_due, Standard.id)
    rows = list(session().execute(query.order_by(*order).limit(size + 1)).unique())
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    newest = newest_certificates([standard.id for standard, _day in rows])
    lines = [_line(standard, due, newest.get(standard.id), wanted) for standard, due in rows]
    has_before, has_after = (more, True) if backwards else (low is not None, more)
    return Listing(lines, _key_of(lines[0]) if lines and has_before else None,
                   _key_of(lines[-1]) if lines and has_after else None)


def everything(wanted: Filter) -> list[Line]:
    """All standards of the filter, in the order of the list (for a file)."""
    rows = list(session().execute(_query(wanted).order_by(_due, Standard.id)).unique())
    newest = newest_certificates([standard.id for standard, _day in rows])
    return [_line(standard, due, newest.get(standard.id), wanted) for standard, due in rows]


def counts(wanted: Filter) -> dict[str, int]:
    """How many standards each traffic light holds under the other filters, "" for all of them."""
    case = sa.case((Standard.state == "out_for_calibration", "away"),
                   (_due < wanted.today, "overdue"),
                   (_due <= wanted.today + timedelta(days=wanted.window), "due_soon"), else_="in_date")
    query = (_query(replace(wanted, light="", month=None)).with_only_columns(case, sa.func.count())
             .group_by(case).order_by(None))
    found: dict[str, int] = {str(light): number for light, number in session().execute(query)}
    return {"": sum(found.values()), **found}


def by_month(wanted: Filter) -> tuple[int, list[tuple[date, int]]]:
    """(number overdue, [(first day of month, number due in it)] from this month on) under the other filters."""
    first = wanted.today.replace(day=1)
    end = add_months(first, MONTHS_SHOWN)
    query = (_query(replace(wanted, light="", month=None)).with_only_columns(_due, sa.func.count())
             .where(_due < end).group_by(_due).order_by(None))
    months = {add_months(first, number): 0 for number in range(MONTHS_SHOWN)}
    overdue = 0
    for due, number in session().execute(query):
        if due < wanted.today:
            overdue += number
        else:
            months[due.replace(day=1)] += number
    return overdue, list(months.items())


def quantities() -> list[str]:
    """Codes of the quantities that the register holds."""
    return list(session().scalars(sa.select(Standard.quantity).where(Standard.state != RETIRED).distinct()))


_due: sa.ColumnElement[date] = sa.func.coalesce(Schedule.due_on, NEVER, type_=sa.Date())


def _query(wanted: Filter) -> Any:
    """Standards with their calibration schedule; retired ones only where their state is asked for."""
    query = sa.select(Standard, Schedule.due_on).outerjoin(
        Schedule, sa.and_(Schedule.standard_id == Standard.id, Schedule.duty == "calibration")
    ).outerjoin(Standard.custodian).options(contains_eager(Standard.custodian))
    query = query.where(Standard.state == wanted.state if wanted.state else Standard.state != RETIRED)
    if wanted.text.strip():
        query = query.where(Standard.search.like(like_pattern(wanted.text)))
    if wanted.quantity:
        query = query.where(Standard.quantity == wanted.quantity)
    if wanted.custodian is not None:
        query = query.where(Standard.custodian_id == wanted.custodian)
    if wanted.month is not None:
        query = query.where(_due >= max(wanted.month, wanted.today), _due < add_months(wanted.month, 1))
    return _with_light(query, wanted)


def _with_light(query: Any, wanted: Filter) -> Any:
    soon = wanted.today + timedelta(days=wanted.window)
    away = Standard.state == "out_for_calibration"
    conditions = {"overdue": (~away, _due < wanted.today), "due_soon": (~away, _due >= wanted.today, _due <= soon),
                  "in_date": (~away, _due > soon), "away": (away,)}
    return query.where(*conditions[wanted.light]) if wanted.light in conditions else query


def _line(standard: Standard, due: date | None, certificate: Newest | None, wanted: Filter) -> Line:
    light: DueState | str = due_state(due, wanted.today, wanted.window) if due else "overdue"
    if standard.state == "out_for_calibration":
        light = "away"
    return Line(standard, due, (due - wanted.today).days if due else None, light, certificate)


def _key(text: str) -> tuple[date, int] | None:
    match = _KEY.fullmatch(text)
    try:
        return (date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _key_of(line: Line) -> str:
    return f"{(line.due_on or NEVER).isoformat()}.{line.standard.id}"


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
