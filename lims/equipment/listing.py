"""The register as a list: filters in the address, nearest due date first, paged by key."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from instruments.recall import RETIRED, add_months, due_state
from lims.equipment.models import Standard
from lims.equipment.recall import LONGEST_WINDOW, Newest, newest_certificates
from lims.equipment.tally import NEVER as NEVER_DONE
from lims.equipment.tally import DutyLine, RecallTally
from lims.shared.db import session
from lims.shared.text import like_pattern
from lims.shared.word_index import holds, matching, words_of

PAGE = 50
MOST_COUNTED = 2000
"""Standards found by words that are counted by light and month; beyond, "more than" says enough."""
MONTHS_SHOWN = 12
LIGHTS = ("overdue", "due_soon", "in_date", "away")
NEVER = "never"
"""Stands in a key for the due date of a standard never calibrated."""
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

    @cached_property
    def found(self) -> list[int] | None:
        """Ids of the standards in which every word of the text begins some word; None when they are more than
        MOST_COUNTED. Asked of the database once."""
        return matching("standard", self.text, MOST_COUNTED)

    @property
    def named(self) -> bool:
        """Whether the text holds anything to look for."""
        return bool(words_of(self.text))


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
    """Standards by traffic light ("" = all of them), and [(first day of month, number due)]; nothing of either when
    they are `more` than are counted."""

    lights: dict[str, int] = field(default_factory=dict)
    months: list[tuple[date, int]] = field(default_factory=list)
    more: int | None = None


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
        query = query.where(~_beyond(high), DutyLine.standard_id != high[1])
    order = ((DutyLine.due_on.desc().nulls_last(), DutyLine.standard_id.desc()) if backwards
             else (DutyLine.due_on.nulls_first(), DutyLine.standard_id))
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
    query = _with_light(_query(wanted), wanted).order_by(DutyLine.due_on.nulls_first(), DutyLine.standard_id)
    return _lines(list(session().execute(query).unique()), wanted)


def tally(wanted: Filter) -> Tally:
    """How many standards each traffic light and each month holds under the other filters."""
    if wanted.named and wanted.found is None:
        return Tally(more=MOST_COUNTED)
    wanted = replace(wanted, month=None, light="")
    dimension = _dimension(wanted)
    if dimension is not None:
        return _kept(wanted, *dimension)
    found = _query(wanted).with_only_columns(
        sa.func.coalesce(DutyLine.due_on, NEVER_DONE).label("due_on"),
        (DutyLine.state == "out_for_calibration").label("away")).subquery()
    return _told(wanted, (sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0)
                          for one in _parts(wanted, found.c.due_on, found.c.away)), found)


def _dimension(wanted: Filter) -> tuple[str, str] | None:
    """Under which of the kept counts the filter stands; None where it is a combination that must be counted."""
    named = [(name, value) for name, value in (
        ("state", wanted.state), ("quantity", wanted.quantity),
        ("custodian", "" if wanted.custodian is None else str(wanted.custodian))) if value]
    if wanted.named or len(named) > 1:
        return None
    return named[0] if named else ("", "")


def _kept(wanted: Filter, dimension: str, value: str) -> Tally:
    """From the kept counts: each part is a range of days in their key."""
    mine = sa.and_(RecallTally.dimension == dimension, RecallTally.value == value)
    sums = (sa.select(sa.func.coalesce(sa.func.sum(RecallTally.number), 0)).where(mine, one).scalar_subquery()
            for one in _parts(wanted, RecallTally.due_on, RecallTally.away))
    return _told(wanted, sums)


def _parts(wanted: Filter, due: Any, away: Any) -> list[Any]:
    """Conditions on the due day and on being away: one for each light, then one for each month."""
    today, soon = wanted.today, wanted.today + timedelta(days=wanted.window)
    lights = {"overdue": sa.and_(~away, due < today), "due_soon": sa.and_(~away, due >= today, due <= soon),
              "in_date": sa.and_(~away, due > soon), "away": away}
    return [*(lights[name] for name in LIGHTS),
            *(sa.and_(due >= max(first, today), due < add_months(first, 1)) for first in _months(wanted))]


def _months(wanted: Filter) -> list[date]:
    return [add_months(wanted.today.replace(day=1), at) for at in range(MONTHS_SHOWN)]


def _told(wanted: Filter, sums: Iterable[Any], source: Any = None) -> Tally:
    """The tally from the sums of its parts, asked in one statement."""
    statement = sa.select(*sums)
    row = session().execute(statement if source is None else statement.select_from(source)).one()
    counts = dict(zip(LIGHTS, row, strict=False))
    return Tally({"": sum(counts.values()), **counts}, list(zip(_months(wanted), row[len(LIGHTS):], strict=True)))


def quantities() -> list[str]:
    """Codes of the quantities that the register holds, each found by one step in the index."""
    found = sa.select(sa.func.min(Standard.quantity).label("code")).cte("found", recursive=True)
    other = sa.orm.aliased(Standard)
    following = sa.select(sa.func.min(other.quantity)).where(other.quantity > found.c.code).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.code.is_not(None)))
    return list(session().scalars(sa.select(found.c.code).where(found.c.code.is_not(None))))


def _query(wanted: Filter) -> Any:
    """Standards with their calibration schedule, which every one has; retired ones only where their state is asked."""
    # Found by their ids, the lines are few: no index that begins with `main` may be chosen to walk the whole register.
    main = DutyLine.main.is_not(False) if wanted.named and wanted.found else DutyLine.main
    query = sa.select(Standard, DutyLine.due_on).join(
        DutyLine, sa.and_(DutyLine.standard_id == Standard.id, main)
    ).outerjoin(Standard.custodian).options(contains_eager(Standard.custodian))
    query = query.where(DutyLine.state == wanted.state if wanted.state else DutyLine.state != RETIRED)
    if wanted.named:
        query = query.where(*_holding(wanted))
    if wanted.quantity:
        query = query.where(DutyLine.quantity == wanted.quantity)
    if wanted.custodian is not None:
        query = query.where(DutyLine.custodian_id == wanted.custodian)
    if wanted.month is not None:
        query = query.where(DutyLine.due_on >= max(wanted.month, wanted.today),
                            DutyLine.due_on < add_months(wanted.month, 1))
    return query


def _holding(wanted: Filter) -> Sequence[sa.ColumnElement[bool]]:
    """The standards of the words: by the index; where nothing begins so, by what stands within the words."""
    if wanted.found is None:
        return holds("standard", Standard.id, wanted.text)
    if wanted.found:
        return [DutyLine.standard_id.in_(wanted.found)]
    return [Standard.search.like(like_pattern(wanted.text))]


def _with_light(query: Any, wanted: Filter) -> Any:
    soon = wanted.today + timedelta(days=wanted.window)
    away = DutyLine.state == "out_for_calibration"
    conditions = {
        "overdue": (~away, sa.or_(DutyLine.due_on.is_(None), DutyLine.due_on < wanted.today)),
        "due_soon": (~away, DutyLine.due_on >= wanted.today, DutyLine.due_on <= soon),
        "in_date": (~away, DutyLine.due_on > soon), "away": (away,)}
    return query.where(*conditions[wanted.light]) if wanted.light in conditions else query


def _beyond(key: tuple[date | None, int]) -> sa.ColumnElement[bool]:
    """After this key in the order of the list."""
    due, standard_id = key
    if due is None:
        return sa.or_(DutyLine.due_on.is_not(None), DutyLine.standard_id > standard_id)
    return sa.and_(DutyLine.due_on.is_not(None), sa.or_(
        DutyLine.due_on > due, sa.and_(DutyLine.due_on == due, DutyLine.standard_id > standard_id)))


def _light(due: date | None, is_away: bool, wanted: Filter) -> str:
    if is_away:
        return "away"
    return due_state(due, wanted.today, wanted.window) if due else "overdue"


def _lines(rows: Sequence[Any], wanted: Filter) -> list[Line]:
    newest = newest_certificates([standard.id for standard, _due in rows])
    return [Line(standard, due, (due - wanted.today).days if due else None,
                 _light(due, standard.state == "out_for_calibration", wanted),
                 newest.get(standard.id) if standard.parts_from is None else None)
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
