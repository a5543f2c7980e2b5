"""What is to be done in a period: every due date of the schedules and its repeats, who acts, what it costs."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from instruments.recall import RETIRED, add_months
from instruments.schedule import HORIZON, nth_due, occurrences
from lims.auth.models import User
from lims.equipment.facts import calendar_unit
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import of_person
from lims.shared.db import session


@dataclass(frozen=True, slots=True)
class Planned:
    """One duty on one day. `late`: it was due before and is planned for today; `repeated`: a later turn, if the turns
    before are done on their days."""

    on: date
    late: bool
    repeated: bool
    standard_id: int
    asset_number: str
    name: str
    serial: str
    duty: str
    label: str
    person: str
    team: str
    provider: str
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Month:
    """Totals of one month: number of each duty, cost in đồng of those that state one, number without."""

    first: date
    duties: Mapping[str, int]
    cost: Decimal
    uncosted: int

    @property
    def number(self) -> int:
        return sum(self.duties.values())


def planned(first: date, last: date, today: date, *, acts_id: int | None = None) -> list[Planned]:
    """Everything due within [first, last] by day, then number; what is late stands on `today`.

    Repeats are counted from the origin of their schedule (`instruments.schedule`); a duty by use has no repeats, for
    its next turn depends on its use.
    """
    query = schedules().where(sa.or_(Schedule.due_on.is_(None), Schedule.due_on <= last))
    query = query if acts_id is None else of_person(query, acts_id)
    return sorted(lines_of(query, (first, last), today), key=order)


def order(line: Planned) -> tuple[date, str, str, str]:
    """How a plan is sorted: by day, then number."""
    return line.on, line.asset_number, line.duty, line.label


def months(lines: Iterable[Planned], first: date, number: int) -> list[Month]:
    """Totals of `number` months from the one that begins on `first`; of each provider's work only what has a cost."""
    duties: dict[date, Counter[str]] = defaultdict(Counter)
    cost: defaultdict[date, Decimal] = defaultdict(Decimal)
    uncosted: Counter[date] = Counter()
    for line in lines:
        month = line.on.replace(day=1)
        duties[month][line.duty] += 1
        if line.cost is not None:
            cost[month] += line.cost
        elif line.provider:
            uncosted[month] += 1
    starts = [add_months(first, at) for at in range(number)]
    return [Month(start, duties[start], cost[start], uncosted[start]) for start in starts]


def by_provider(lines: Iterable[Planned]) -> list[tuple[str, int, Decimal]]:
    """(provider, number, cost) of the outside work, dearest first."""
    number: Counter[str] = Counter()
    cost: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.provider or line.cost:
            number[line.provider] += 1
            cost[line.provider] += line.cost or Decimal(0)
    return sorted(((name, number[name], cost[name]) for name in number), key=lambda row: (-row[2], row[0]))


@lru_cache(maxsize=16_384)
def turns(due: date | None, last_done_on: date | None, interval: tuple[int, str], period: tuple[date, date],
          today: date) -> tuple[tuple[date, bool, bool], ...]:
    """(day, whether late, whether a repeat) of one schedule's turns within the period; kept, since schedules by the
    thousand repeat alike and a page of a period is opened more than once a day."""
    first, last = period
    late = due is None or due < today
    turn = today if due is None or due < today else due
    days = [turn]
    unit = calendar_unit(interval[1])
    if unit is not None:
        regular = not late and last_done_on is not None and nth_due(last_done_on, interval[0], unit, 1) == due
        origin = last_done_on if regular and last_done_on is not None else turn
        days += [day for day in occurrences(origin, interval[0], unit, max(turn + timedelta(days=1), first),
                                            min(last, today + HORIZON)) if day > turn]
    return tuple([(day, late and day == turn, day != turn) for day in days if first <= day <= last])


def lines_of(query: Any, period: tuple[date, date], today: date) -> Iterator[Planned]:
    """Every turn within the period of the schedules that a query of `schedules` gives."""
    for row in session().execute(query):
        for on, late, repeated in turns(row.due_on, row.last_done_on, (row.interval_count, row.interval_unit), period,
                                        today):
            yield Planned(on, late, repeated, row.standard_id, row.asset_number, row.name, row.serial, row.duty,
                          row.label, row.person, row.team, row.provider, row.cost)


def schedules() -> Any:
    """Planned schedules with what a line of the plan shows."""
    named, keeper = aliased(User), aliased(User)
    return (sa.select(Schedule.duty, Schedule.label, Schedule.interval_count, Schedule.interval_unit,
                      Schedule.last_done_on, Schedule.due_on, Schedule.team, Schedule.provider, Schedule.cost,
                      Standard.id.label("standard_id"), Standard.asset_number, Standard.name, Standard.serial,
                      sa.func.coalesce(named.full_name, keeper.full_name, "").label("person"))
            .select_from(Schedule).join(Standard, Standard.id == Schedule.standard_id)
            .outerjoin(named, named.id == Schedule.responsible_id)
            .outerjoin(keeper, keeper.id == Standard.custodian_id)
            .where(Schedule.active, Standard.state != RETIRED))
