"""Figures of a span as the head reads them: finished, rejected, on time, turnaround, by field, by area, by person."""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from instruments.kinds import all_kinds
from lims.auth.models import User
from lims.customers.models import Instrument
from lims.jobs.models import Job, JobItem
from lims.shared.db import session
from lims.workload import rules
from lims.workload.counting import (
    DONE,
    NOWHERE,
    TAKEN_IN,
    Sums,
    Tally,
    areas_of_customers,
    monthly,
    span_tally,
)
from lims.workload.rules import Span

BRIEF = ("kind", "days", "in_kind")
OPEN = ("received", "assigned", "measuring", "submitted", "reviewed")


@dataclass
class Group:
    """One line of a table: what was taken in, finished, rejected, on time; what stands open now."""

    key: str
    taken_in: int = 0
    done: Sums = field(default_factory=Sums)
    verified: int = 0
    rejected: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def rejected_share(self) -> float | None:
        """Per cent of the verifications that were rejected."""
        return rules.share(self.rejected, self.verified)

    @property
    def on_time_share(self) -> float | None:
        return rules.share(self.done.promised - self.done.late, self.done.promised)

    @property
    def mean_days(self) -> float | None:
        return None if not self.done.number else self.done.days / self.done.number


@dataclass(frozen=True)
class Figures:
    """A span on a day."""

    span: Span
    total: Group
    median_days: int | None
    slow_days: int | None
    """Days within which nine of ten were finished."""
    by_field: list[Group]
    by_area: list[Group]
    by_person: list[tuple[User, Group]]
    months: list[tuple[date, int]]


def figures(span: Span, today: date, *, brief: bool = False) -> Figures:
    """Everything the dashboard shows; the number of queries does not grow with the work. `brief`: without areas,
    persons and months, which the home page does not show."""
    tally = span_tally(span.months, BRIEF if brief else (*DONE, *TAKEN_IN))
    areas, fields = {} if brief else areas_of_customers(), fields_of_kinds()
    open_rows = _open_rows(today)
    by_field = _groups(tally, "kind", "in_kind", lambda value: fields.get(value, NOWHERE))
    by_area = _groups(tally, "area", "in_area", str)
    people = _groups(tally, "person", "", str)
    for kind, customer, person, late, number in open_rows:
        for groups, key in ((by_field, fields.get(kind, NOWHERE)), (by_area, areas.get(customer, NOWHERE)),
                            (people, str(person or 0))):
            group = groups.setdefault(key, Group(key))
            group.open += number
            group.overdue += number if late else 0
    total = Group("")
    for group in by_field.values():
        _add(total, group)
    days: Counter[int] = Counter()
    for counted, sums in tally.items():
        if counted.dimension == "days":
            days[int(counted.value)] += sums.number
    middle, slow = rules.quantile(days, 0.5), rules.quantile(days, 0.9)
    if brief:
        return Figures(span, total, middle, slow, _sorted(by_field), [], [], [])
    return Figures(span, total, middle, slow, _sorted(by_field), _sorted(by_area), _people(people),
                   _months(span, today))


def fields_of_kinds() -> dict[str, str]:
    """{kind: field of measurement}."""
    return {kind.code: kind.field for kind in all_kinds()}


def _open_rows(today: date) -> Iterable[tuple[str, int, int | None, bool, int]]:
    late = sa.and_(Job.promised_on.is_not(None), Job.promised_on < today)
    flag = sa.case((late, 1), else_=0)
    rows = session().execute(
        sa.select(Instrument.kind, Job.customer_id, JobItem.assigned_to_id, flag, sa.func.count())
        .select_from(JobItem).join(Job, Job.id == JobItem.job_id)
        .join(Instrument, Instrument.id == JobItem.instrument_id).where(JobItem.state.in_(OPEN))
        .group_by(Instrument.kind, Job.customer_id, JobItem.assigned_to_id, flag))
    return [(kind, customer, person, bool(is_late), number) for kind, customer, person, is_late, number in rows]


def _groups(tally: Tally, done: str, taken_in: str, name: Callable[[str], str]) -> dict[str, Group]:
    found: dict[str, Group] = {}
    for key, sums in tally.items():
        if key.dimension not in (done, taken_in):
            continue
        group = found.setdefault(name(key.value), Group(name(key.value)))
        if key.dimension == taken_in:
            group.taken_in += sums.number
            continue
        group.done.add(sums)
        if key.service == "verification":
            group.verified += sums.number
            group.rejected += sums.number if key.outcome == "fail" else 0
    return found


def _add(total: Group, group: Group) -> None:
    total.done.add(group.done)
    for name in ("taken_in", "verified", "rejected", "open", "overdue"):
        setattr(total, name, getattr(total, name) + getattr(group, name))


def _sorted(groups: dict[str, Group]) -> list[Group]:
    return sorted(groups.values(), key=lambda one: (-one.done.number, -one.open, one.key))


def _people(groups: dict[str, Group]) -> list[tuple[User, Group]]:
    users = {user.id: user for user in session().scalars(sa.select(User).where(
        User.id.in_([int(key) for key in groups if int(key)])).options(sa.orm.lazyload(User.roles)))}
    return [(users[int(group.key)], group) for group in _sorted(groups) if int(group.key) in users]


def _months(span: Span, today: date) -> list[tuple[date, int]]:
    """The twelve months up to the end of the span, or up to now."""
    end = min(span.last, today).replace(day=1)
    names = [rules.months_back(end, at) for at in range(11, -1, -1)]
    return list(monthly(names).items())
