"""Instruments of all enterprises as a list: filters in the address, nearest end of validity first, paged by key."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from instruments.recall import add_months
from lims.customers.legal_duty import Standing, State, legal_kinds, legal_row, state_on, unconfirmed
from lims.customers.models import Customer, Instrument
from lims.customers.words import FIELD_OF
from lims.shared.db import session
from lims.shared.text import like_pattern
from lims.shared.word_index import find

PAGE = 50
WINDOW_DAYS = 60
MOST_EXPORTED = 20_000
MOST_FOUND = 1000
GROUPS = ("1", "2")
NEEDS = ("now", "valid")
Part = Callable[[Any], sa.ColumnElement[bool]]
_KEY = re.compile(r"(\d{4}-\d{2}-\d{2}|never)\.(\d{1,18})", re.ASCII)
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Filter:
    """What the address asks for; "" or None leaves a condition out. `need` is "now": overdue or never verified,
    or "valid": verified where the law asks for it, and in date."""

    today: date
    customer_id: int | None = None
    text: str = ""
    state: str = ""
    group: str = ""
    kind: str = ""
    field: str = ""
    month: date | None = None
    sector: str = ""
    commune: str = ""
    need: str = ""
    window: int = WINDOW_DAYS
    in_use: bool = True
    among: Any = None
    """A select of customer ids: only their instruments."""


@dataclass(frozen=True)
class Line:
    """One instrument with its state and the days left (negative: overdue; None: no date)."""

    instrument: Instrument
    state: State
    days_left: int | None
    group: int


def read_filter(args: Mapping[str, str], today: date, customer_id: int | None = None) -> Filter:
    """The filter of an address; what cannot be read is left out."""
    month, owner = _MONTH.fullmatch(args.get("month", "")), args.get("customer", "")
    return Filter(
        today=today, customer_id=customer_id or (int(owner) if _small(owner) else None), text=args.get("q", "")[:200],
        state=args.get("state", ""), group=args.get("group", "") if args.get("group", "") in GROUPS else "",
        kind=args.get("kind", "")[:60], field=args.get("field", "")[:20], sector=args.get("sector", "")[:20],
        commune=args.get("commune", "")[:100], need=args.get("need", "") if args.get("need", "") in NEEDS else "",
        month=date(int(month[1]), int(month[2]), 1) if month else None, in_use="unused" not in args)


def page(wanted: Filter, after: str = "", size: int = PAGE) -> tuple[list[Line], str]:
    """(lines, key of the next page or ""), from the key `after` on: the nearest date first, then those without one.

    Asked in two steps, so that either database walks its index of due dates and stops at the page's end."""
    query, key = _query(wanted), _key(after)
    rows: list[Instrument] = []
    if key is None or key[0] is not None:
        dated = query.where(Instrument.due_on.is_not(None))
        if key is not None:
            dated = dated.where(sa.tuple_(Instrument.due_on, Instrument.id) > sa.tuple_(*map(sa.literal, key)))
        rows += session().scalars(dated.order_by(Instrument.due_on, Instrument.id).limit(size + 1))
    if len(rows) <= size:
        bare = query.where(Instrument.due_on.is_(None))
        if key is not None and key[0] is None:
            bare = bare.where(Instrument.id > key[1])
        rows += session().scalars(bare.order_by(Instrument.id).limit(size + 1 - len(rows)))
    lines = lines_of(rows[:size], wanted.today, wanted.window)
    return lines, _key_of(rows[size - 1]) if len(rows) > size else ""


def everything(wanted: Filter) -> list[Line]:
    """The instruments of the filter for a file, at most MOST_EXPORTED, enterprise by enterprise."""
    rows = session().scalars(_query(wanted).order_by(Instrument.customer_id, Instrument.id).limit(MOST_EXPORTED))
    return lines_of(list(rows), wanted.today, wanted.window)


def lines_of(rows: list[Instrument], today: date, window: int = WINDOW_DAYS) -> list[Line]:
    """Each instrument with its state on the day."""
    legal = legal_kinds(today)
    return [Line(row, state_on(Standing(row.kind, row.last_service, row.last_verdict, row.due_on), today, window),
                 (row.due_on - today).days if row.due_on else None, 2 if row.kind in legal else 1) for row in rows]


def rests_on_unconfirmed(lines: Sequence[Line]) -> bool:
    """Whether a due date of these rests on a row of the list that was not confirmed yet."""
    rows = (legal_row(line.instrument.kind, line.instrument.last_on) for line in lines
            if line.instrument.due_on and line.instrument.last_on and line.instrument.valid_until is None)
    return any(row is not None and unconfirmed(row) for row in rows)


def tally(wanted: Filter) -> dict[str, int]:
    """{state: instruments} under the other conditions, "" for all; counted in the database, by kind and due date."""
    found: Counter[str] = Counter()
    for _kind, state, number in counted(replace(wanted, state="", need="", month=None)):
        found[state] += number
    return {"": found.total(), **found}


def counted(wanted: Filter) -> Iterator[tuple[str, State, int]]:
    """(kind, state, instruments) of a filter, counted in the database."""
    soon = wanted.today + timedelta(days=wanted.window)
    stand_for = (None, wanted.today - timedelta(days=1), wanted.today, soon + timedelta(days=1))
    parts: tuple[Part, ...] = (lambda due: due.is_(None), lambda due: due < wanted.today,
                               lambda due: due.between(wanted.today, soon), lambda due: due > soon)
    for kind, service, verdict, *numbers in _parts(wanted, parts):
        for day, number in zip(stand_for, numbers, strict=True):
            if number:
                yield kind, state_on(Standing(kind, service, verdict, day), wanted.today, wanted.window), number


def due_by_month(wanted: Filter, months: Sequence[date]) -> Iterator[tuple[str, date, int]]:
    """(kind, first day of the month, instruments) whose validity ends in each of the months, from today on."""
    legal = legal_kinds(wanted.today)
    parts: list[Part] = [_of_month(max(month, wanted.today), add_months(month, 1)) for month in months]
    for kind, service, verdict, *numbers in _parts(wanted, parts, (wanted.today, add_months(months[-1], 1))):
        if verdict == "pass" and (service == "verification" or kind not in legal):
            for month, number in zip(months, numbers, strict=True):
                if number:
                    yield kind, month, number


def _of_month(first: date, end: date) -> Part:
    return lambda due: sa.and_(due >= first, due < end)


def _parts(wanted: Filter, parts: Sequence[Part], within: tuple[date, date] | None = None) -> Any:
    """Rows of (kind, service, verdict, the number in each part of the due dates); all parts lie within two days.

    Of the whole register each number is a range of the index `ix_instrument_standing`; of a part of it, the rows are
    counted in the order of that index, so that nothing is sorted."""
    columns = (Instrument.kind, Instrument.last_service, Instrument.last_verdict)
    if wanted != Filter(today=wanted.today, window=wanted.window):
        numbers = [sa.func.count().filter(part(Instrument.due_on)) for part in parts]
        query = _narrowed(sa.select(*columns, *numbers), wanted).group_by(*columns)
        if within is not None:
            query = query.where(Instrument.due_on >= within[0], Instrument.due_on < within[1])
        return session().execute(query)
    groups = sa.select(*columns).where(Instrument.in_use).group_by(*columns).subquery()
    one = sa.orm.aliased(Instrument)
    same = (one.in_use, one.kind == groups.c.kind, one.last_service == groups.c.last_service,
            one.last_verdict == groups.c.last_verdict)
    ranges = [sa.select(sa.func.count()).select_from(one).where(*same, part(one.due_on)).scalar_subquery()
              for part in parts]
    return session().execute(sa.select(groups, *ranges))


def communes() -> list[str]:
    """Communes in which an enterprise is registered."""
    return [one for one in session().scalars(sa.select(Customer.commune).distinct().order_by(Customer.commune)) if one]


def conditions(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    """Conditions of a filter on instruments alone; the rules of state_on as a query."""
    legal = legal_kinds(wanted.today)
    found: list[sa.ColumnElement[bool]] = [Instrument.in_use == wanted.in_use]
    if wanted.customer_id is not None:
        found.append(Instrument.customer_id == wanted.customer_id)
    if wanted.among is not None:
        found.append(Instrument.customer_id.in_(wanted.among))
    if wanted.kind:
        found.append(Instrument.kind == wanted.kind)
    if wanted.field:
        found.append(Instrument.kind.in_([code for code, field in FIELD_OF.items() if field == wanted.field]))
    if wanted.group:
        inside = Instrument.kind.in_(list(legal))
        found.append(inside if wanted.group == "2" else ~inside)
    if wanted.month is not None:
        found += [_counts(list(legal)), Instrument.due_on >= max(wanted.month, wanted.today),
                  Instrument.due_on < add_months(wanted.month, 1)]
    return found + _state(wanted)


def _state(wanted: Filter) -> list[sa.ColumnElement[bool]]:
    legal = legal_kinds(wanted.today)
    once = [code for code, row in legal.items() if row.cycle_months is None]
    passed, inside = Instrument.last_verdict == "pass", Instrument.kind.in_(list(legal))
    verified = sa.and_(passed, Instrument.last_service == "verification")
    soon = wanted.today + timedelta(days=wanted.window)
    counts = _counts(list(legal))
    never = sa.and_(inside, ~sa.and_(verified, sa.or_(Instrument.due_on.is_not(None), Instrument.kind.in_(once))))
    late = sa.and_(counts, Instrument.due_on < wanted.today)
    if wanted.need == "now":
        return [sa.or_(never, late)]
    by_state: dict[str, sa.ColumnElement[bool]] = {
        "overdue": late, "unverified": never,
        "due_soon": sa.and_(counts, Instrument.due_on.between(wanted.today, soon)),
        "in_date": sa.and_(counts, Instrument.due_on > soon),
        "once": sa.and_(verified, Instrument.due_on.is_(None), Instrument.kind.in_(once)),
        "voluntary": sa.and_(~inside, sa.or_(Instrument.due_on.is_(None), ~passed))}
    if wanted.need == "valid":
        return [sa.or_(by_state["due_soon"], by_state["in_date"], by_state["once"])]
    return [by_state[wanted.state]] if wanted.state in by_state else []


def _counts(legal: list[str]) -> sa.ColumnElement[bool]:
    """The due date stands for a check that counts: passed, and a verification where the law asks for one."""
    return sa.and_(Instrument.last_verdict == "pass", Instrument.due_on.is_not(None), sa.or_(
        Instrument.last_service == "verification", Instrument.kind.notin_(legal)))


def _query(wanted: Filter) -> Any:
    query = _narrowed(sa.select(Instrument), wanted, joined=True)
    return query.options(contains_eager(Instrument.customer))


def _narrowed(query: Any, wanted: Filter, *, joined: bool = False) -> Any:
    """The query with every condition; the enterprise is joined only where something asks for it."""
    if joined or wanted.sector or wanted.commune:
        query = query.join(Customer, Customer.id == Instrument.customer_id)
    if wanted.sector:
        query = query.where(Customer.sector == wanted.sector)
    if wanted.commune:
        query = query.where(Customer.commune == wanted.commune)
    if wanted.text.strip():
        # One enterprise is read through; all of them are searched by the beginnings of their words.
        query = query.where(Instrument.search.like(like_pattern(wanted.text)) if wanted.customer_id is not None
                            else Instrument.id.in_(find("instrument", wanted.text, MOST_FOUND)))
    return query.where(*conditions(wanted))


def _key(text: str) -> tuple[date | None, int] | None:
    match = _KEY.fullmatch(text)
    try:
        return (None if match[1] == "never" else date.fromisoformat(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _key_of(row: Instrument) -> str:
    return f"{row.due_on.isoformat() if row.due_on else 'never'}.{row.id}"


def _small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
