"""A period of the plan as pages show it: totals from the kept tally, and only the lines that are shown.

What `plan.planned` lists one by one is counted here by groups of schedules that repeat alike, so that a month costs
the same with a hundred standards and with a hundred thousand. A person's own duties are few: they are listed.
"""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from instruments.recall import add_months
from lims.equipment.models import Schedule
from lims.equipment.plan import Month, Planned, by_provider, lines_of, months, order, planned, schedules, turns
from lims.equipment.tally import NEVER, DutyLine, PlanTally, Sum
from lims.shared.db import session

_DUE_BY = (sa.select(DutyLine.schedule_id).where(DutyLine.planned, sa.or_(
    DutyLine.due_on.is_(None), DutyLine.due_on <= sa.bindparam("day")))
    .order_by(DutyLine.due_on.nulls_first(), DutyLine.schedule_id).limit(sa.bindparam("most")))


@dataclass(frozen=True)
class Overview:
    """Counts of a period: duties by day, totals by month, [(provider, number, cost)] and the cost of all."""

    days: Mapping[date, int]
    months: list[Month]
    providers: list[tuple[str, int, Decimal]]
    cost: Decimal
    lines: list[Planned] | None
    """All lines when they are known (of one person), else None."""
    groups: Mapping[date, list[Any]]
    """What repeats on each day."""
    today: date

    @property
    def number(self) -> int:
        return sum(self.days.values())


def overview(first: date, number: int, today: date, *, acts_id: int | None = None) -> Overview:
    """The `number` months from the one that begins on `first`."""
    after = add_months(first, number)
    last = date.fromordinal(after.toordinal() - 1)
    if acts_id is not None:
        lines = planned(first, last, today, acts_id=acts_id)
        return Overview(Counter(line.on for line in lines), months(lines, first, number), by_provider(lines),
                        sum((line.cost or Decimal(0) for line in lines), Decimal(0)), lines, {}, today)
    return _counted(first, last, number, today)


def shown(found: Overview, limits: Mapping[date, int]) -> dict[date, list[Planned]]:
    """At most so many lines of each day, due ones before repeats, by number within those taken."""
    taken: dict[date, list[Planned]] = {day: [] for day in limits}
    if found.lines is not None:
        for line in found.lines:
            if len(taken.get(line.on, ())) < limits.get(line.on, 0):
                taken[line.on].append(line)
        return taken
    wanted = {day: limit for day, limit in limits.items() if found.days.get(day) and limit}
    for line in _due(wanted, found.today):
        taken[line.on].append(line)
    for day, limit in wanted.items():
        if found.groups.get(day) and len(taken[day]) < limit:
            taken[day] += _repeats(found, day, limit - len(taken[day]))
        taken[day].sort(key=order)
    return taken


def first_lines(found: Overview, month: date, limit: int) -> list[Planned]:
    """The first lines of one month."""
    limits: dict[date, int] = {}
    left = limit
    for day in sorted(day for day in found.days if day.replace(day=1) == month):
        limits[day] = min(left, found.days[day])
        left -= limits[day]
    return [line for lines in shown(found, limits).values() for line in lines]


def _counted(first: date, last: date, number: int, today: date) -> Overview:
    duties: defaultdict[tuple[date, str], int] = defaultdict(int)
    outside: defaultdict[tuple[date, str], Sum] = defaultdict(Sum)
    groups: dict[date, list[Any]] = defaultdict(list)
    kept: Any = PlanTally.__table__
    period = (first, last)
    for group in session().execute(sa.select(*kept.columns).where(kept.c.due_on <= last)):
        due, done, duty, count, unit, provider, together, costed, cost = group
        for on, _late, repeated in turns(_day(due), _day(done), (count, unit), period, today):
            duties[on, duty] += together
            # What the laboratory does itself is counted only where a cost is stated.
            if work := together if provider else costed:
                outside[on, provider].join(work, costed, cost)
            if repeated:
                groups[on].append(group)
    return Overview(_by_day(duties), _by_month([add_months(first, at) for at in range(number)], duties, outside),
                    _by_provider(outside), sum((paid.cost for paid in outside.values()), Decimal(0)), None, groups,
                    today)


def _by_day(duties: Mapping[tuple[date, str], int]) -> Counter[date]:
    days: Counter[date] = Counter()
    for (on, _duty), number in duties.items():
        days[on] += number
    return days


def _by_month(starts: list[date], duties: Mapping[tuple[date, str], int],
              outside: Mapping[tuple[date, str], Sum]) -> list[Month]:
    counts: dict[date, Counter[str]] = {start: Counter() for start in starts}
    for (on, duty), number in duties.items():
        counts[on.replace(day=1)][duty] += number
    paid = {start: Sum() for start in starts}
    for (on, _provider), part in outside.items():
        paid[on.replace(day=1)].join(part.number, part.costed, part.cost)
    return [Month(start, counts[start], paid[start].cost, paid[start].number - paid[start].costed) for start in starts]


def _by_provider(outside: Mapping[tuple[date, str], Sum]) -> list[tuple[str, int, Decimal]]:
    """(provider, number, cost), dearest first."""
    sums: defaultdict[str, Sum] = defaultdict(Sum)
    for (_on, provider), part in outside.items():
        sums[provider].join(part.number, part.costed, part.cost)
    return sorted(((name, part.number, part.cost) for name, part in sums.items()), key=lambda row: (-row[2], row[0]))


def _due(limits: Mapping[date, int], today: date) -> Iterable[Planned]:
    """The first due ones of each day; what is late stands on today."""
    if not limits:
        return []
    ids = list(session().scalars(_DUE_BY, {"day": today, "most": limits[today]})) if today in limits else []
    ahead = [(day, limit) for day, limit in limits.items() if day != today]
    if ahead:
        ids += session().scalars(_first_due(len(ahead)), {
            f"{name}_{at}": value for at, asked in enumerate(ahead)
            for name, value in zip(("day", "most"), asked, strict=True)})
    period = (min(limits), max(limits))
    return [line for line in lines_of(schedules().where(Schedule.id.in_(ids)), period, today) if not line.repeated]


@cache
def _first_due(days: int) -> sa.TextClause:
    """The first schedules due on each of so many days, in one question: asking is what thirty small ones cost."""
    each = (f"SELECT schedule_id FROM (SELECT schedule_id FROM duty_line WHERE planned = true AND due_on = :day_{at} "
            f"ORDER BY schedule_id LIMIT :most_{at}) AS of_{at}" for at in range(days))
    return sa.text(" UNION ALL ".join(each)).bindparams(
        *(sa.bindparam(f"day_{at}", type_=sa.Date()) for at in range(days)))


def _repeats(found: Overview, day: date, limit: int) -> list[Planned]:
    lines: list[Planned] = []
    for group in found.groups[day]:
        same = (schedules().join(DutyLine, DutyLine.schedule_id == Schedule.id)
                .where(DutyLine.planned, _equal(DutyLine.due_on, group.due_on),
                       _equal(DutyLine.last_done_on, group.last_done_on), DutyLine.duty == group.duty,
                       DutyLine.interval_count == group.interval_count, DutyLine.interval_unit == group.interval_unit,
                       DutyLine.provider == group.provider)
                .order_by(DutyLine.schedule_id).limit(limit - len(lines)))
        lines += [line for line in lines_of(same, (day, day), found.today) if line.repeated]
        if len(lines) >= limit:
            break
    return lines


def _equal(column: Any, day: date) -> Any:
    return column.is_(None) if day == NEVER else column == day


def _day(kept: date) -> date | None:
    return None if kept == NEVER else kept
