"""The register as a list: filters in the address, nearest due date first, paged by key."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from instruments.recall import RETIRED, add_months, due_state
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import LONGEST_WINDOW, Newest, newest_certificates
from lims.shared.db import session
from lims.shared.text import like_pattern

PAGE = 50
MONTHS_SHOWN = 12
NEVER = "never"
"""Stands in a key for the due date of a standard never calibrated."""
_MAIN = sa.and_(Schedule.duty == "calibration", Schedule.label == "")
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}|never)\.(\d{1,18})", re.ASCII)
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
class Tally:
    """Standards by traffic light ("" = all of them), and [(first day of month, number due)]."""

    lights: dict[str, int]
    months: list[tuple[date, int]]


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


def read_person(args: Mapping[str, str]) -> int | None:
    """The person whose duties an address asks for; None for everybody's."""
    text = args.get("person", "")
    return int(text) if _small(text) else None


def page(wanted: Filter, after: str = "", before: str = "", size: int = PAGE) -> Listing:
    """Standards nearest to their calibration's due date first (never calibrated before all), from the key `after` on
    or up to the key `before`."""
    low, high = _key(after), _key(before)
    backwards = high is not None and low is None
    query = _with_light(_query(wanted), wanted)
    if low is not None:
        query = query.where(_beyond(low))
    elif high is not None:
        query = query.where(~_beyond(high), Schedule.standard_id != high[1])
    order = ((Schedule.due_on.desc().nulls_last(), Schedule.standard_id.desc()) if backwards
             else (Schedule.due_on.nulls_first(), Schedule.standard_id))
    rows = list(session().execute(query.order_by(*order).limit(size + 1)).unique())
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    lines = _lines(rows, wanted)
    has_before, has_after = (more, True) if backwards else (low is not None, more)
    return Listing(lines, _key_of(lines[0]) if lines and has_before else None,
                   _key_of(lines[-1]) if lines and has_after else None)


def everything(wanted: Filter) -> list[Line]:
    """All standards of the filter, in the order of the list (for a file)."""
    query = _with_light(_query(wanted), wanted).order_by(Schedule.due_on.nulls_first(), Schedule.standard_id)
    return _lines(list(session().execute(query).unique()), wanted)


def tally(wanted: Filter) -> Tally:
    """How many standards each traffic light and each month holds under the other filters."""
    first = wanted.today.replace(day=1)
    months = {add_months(first, number): 0 for number in range(MONTHS_SHOWN)}
    lights: Counter[str] = Counter()
    for due, is_away, number in _counted(replace(wanted, month=None, light="")):
        light = _light(due, bool(is_away), wanted)
        lights[light] += number
        if due is not None and due >= wanted.today and due.replace(day=1) in months:
            months[due.replace(day=1)] += number
    return Tally({"": lights.total(), **lights}, list(months.items()))


def _counted(wanted: Filter) -> Iterator[tuple[date | None, bool, int]]:
    """(due date, whether away, number). Without filters the index of due dates is counted, and the few standards that
    are away or retired are put right after it: the register itself is not read."""
    away = Standard.state == "out_for_calibration"
    if wanted.text.strip() or wanted.state or wanted.quantity or wanted.custodian is not None:
        query = _query(wanted).with_only_columns(Schedule.due_on, away, sa.func.count())
        for due, is_away, number in session().execute(query.group_by(Schedule.due_on, away)):
            yield due, bool(is_away), number
        return
    aside: Counter[date | None] = Counter()
    for due, is_away, number in session().execute(
            sa.select(Schedule.due_on, away, sa.func.count()).join(Schedule.standard)
            .where(_MAIN, Standard.state.in_(("out_for_calibration", RETIRED))).group_by(Schedule.due_on, away)):
        aside[due] += number
        if is_away:
            yield due, True, number
    for due, number in session().execute(
            sa.select(Schedule.due_on, sa.func.count()).where(_MAIN).group_by(Schedule.due_on)):
        if number > aside[due]:
            yield due, False, number - aside[due]


def quantities() -> list[str]:
    """Codes of the quantities that the register holds, each found by one step in the index."""
    found = sa.select(sa.func.min(Standard.quantity).label("code")).cte("found", recursive=True)
    other = sa.orm.aliased(Standard)
    following = sa.select(sa.func.min(other.quantity)).where(other.quantity > found.c.code).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.code.is_not(None)))
    return list(session().scalars(sa.select(found.c.code).where(found.c.code.is_not(None))))


def _query(wanted: Filter) -> Any:
    """Standards with their calibration schedule, which every one has; retired ones only where their state is asked."""
    query = sa.select(Standard, Schedule.due_on).join(
        Schedule, sa.and_(Schedule.standard_id == Standard.id, _MAIN)
    ).outerjoin(Standard.custodian).options(contains_eager(Standard.custodian))
    query = query.where(Standard.state == wanted.state if wanted.state else Standard.state != RETIRED)
    if wanted.text.strip():
        query = query.where(Standard.search.like(like_pattern(wanted.text)))
    if wanted.quantity:
        query = query.where(Standard.quantity == wanted.quantity)
    if wanted.custodian is not None:
        query = query.where(Standard.custodian_id == wanted.custodian)
    if wanted.month is not None:
        query = query.where(Schedule.due_on >= max(wanted.month, wanted.today),
                            Schedule.due_on < add_months(wanted.month, 1))
    return query


def _with_light(query: Any, wanted: Filter) -> Any:
    soon = wanted.today + timedelta(days=wanted.window)
    away = Standard.state == "out_for_calibration"
    conditions = {
        "overdue": (~away, sa.or_(Schedule.due_on.is_(None), Schedule.due_on < wanted.today)),
        "due_soon": (~away, Schedule.due_on >= wanted.today, Schedule.due_on <= soon),
        "in_date": (~away, Schedule.due_on > soon), "away": (away,)}
    return query.where(*conditions[wanted.light]) if wanted.light in conditions else query


def _beyond(key: tuple[date | None, int]) -> sa.ColumnElement[bool]:
    """After this key in the order of the list."""
    due, standard_id = key
    if due is None:
        return sa.or_(Schedule.due_on.is_not(None), Schedule.standard_id > standard_id)
    return sa.and_(Schedule.due_on.is_not(None), sa.or_(
        Schedule.due_on > due, sa.and_(Schedule.due_on == due, Schedule.standard_id > standard_id)))


def _light(due: date | None, is_away: bool, wanted: Filter) -> str:
    if is_away:
        return "away"
    return due_state(due, wanted.today, wanted.window) if due else "overdue"


def _lines(rows: Sequence[Any], wanted: Filter) -> list[Line]:
    newest = newest_certificates([standard.id for standard, _due in rows])
    return [Line(standard, due, (due - wanted.today).days if due else None,
                 _light(due, standard.state == "out_for_calibration", wanted), newest.get(standard.id))
            for standard, due in rows]


def _key(text: str) -> tuple[date | None, int] | None:
    match = _KEY.fullmatch(text)
    try:
        return (date.fromisoformat(match[1]) if match[1] != NEVER else None, int(match[2])) if match else None
    except ValueError:
        return None


def _key_of(line: Line) -> str:
    return f"{line.due_on.isoformat() if line.due_on else NEVER}.{line.standard.id}"


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
