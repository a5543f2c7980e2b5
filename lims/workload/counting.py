"""Counting the work: some days from the rows themselves, past days once into tallies, a span from both."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from instruments.recall import add_months
from lims.customers.models import Customer, Instrument
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem, Worksheet
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import periodic, task
from lims.workload import rules
from lims.workload.models import WorkMonth, WorkTally

TASK = "workload.tally"
AGAIN = 12
"""Months that are counted anew every night: an instrument's kind or a promised day may have been mended."""
DONE = ("kind", "area", "person", "days")
TAKEN_IN = ("in_kind", "in_area")
NOWHERE = "-"
"""Stands for enterprises whose area nothing says, and in figures for kinds without a field."""


class Key(NamedTuple):
    """What a tally counts."""

    dimension: str
    value: str
    service: str
    outcome: str


@dataclass
class Sums:
    """Numbers of one key."""

    number: int = 0
    promised: int = 0
    late: int = 0
    days: int = 0

    def add(self, other: Sums) -> None:
        self.number += other.number
        self.promised += other.promised
        self.late += other.late
        self.days += other.days


Tally = dict[Key, Sums]


def live(first: date, last: date, dimensions: Collection[str] = (*DONE, *TAKEN_IN)) -> Tally:
    """Some days counted from documents (first editions) and receptions, by these dimensions."""
    areas = areas_of_customers() if {"area", "in_area"} & set(dimensions) else {}
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    wanted = [(at, name) for at, name in enumerate(DONE) if name in dimensions]
    # alike rows are counted together in the database: few groups reach Python
    rows = session().execute(
        sa.select(Instrument.kind, Job.customer_id, Worksheet.performed_by_id, JobItem.service, Certificate.verdict,
                  Certificate.issued_on, Job.received_on, Job.promised_on, sa.func.count())
        .select_from(Certificate).join(JobItem, JobItem.id == Certificate.item_id)
        .join(Job, Job.id == JobItem.job_id).join(Instrument, Instrument.id == JobItem.instrument_id)
        .join(Worksheet, Worksheet.item_id == JobItem.id)
        .where(Certificate.issued_on.between(first, last), Certificate.edition == 1)
        .group_by(Instrument.kind, Job.customer_id, Worksheet.performed_by_id, JobItem.service, Certificate.verdict,
                  Certificate.issued_on, Job.received_on, Job.promised_on)) if wanted else ()
    for kind, customer, person, service, verdict, issued, received, promised, number in rows:
        took = max(0, (issued - received).days)
        late = number if promised is not None and issued > promised else 0
        outcome = "fail" if verdict == "fail" else ""
        by = (kind, areas.get(customer, NOWHERE), person, took)
        for at, dimension in wanted:
            sums = found[Key(dimension, str(by[at]), service, outcome)]
            sums.number += number
            sums.promised += number if promised is not None else 0
            sums.late += late
            sums.days += took * number
    if not set(TAKEN_IN) & set(dimensions):
        return dict(found)
    for kind, customer, service, number in session().execute(
            sa.select(Instrument.kind, Job.customer_id, JobItem.service, sa.func.count())
            .select_from(Job).join(JobItem, JobItem.job_id == Job.id)
            .join(Instrument, Instrument.id == JobItem.instrument_id)
            .where(Job.received_on.between(first, last), JobItem.state != "cancelled")
            .group_by(Instrument.kind, Job.customer_id, JobItem.service)):
        for dimension, value in zip(TAKEN_IN, (kind, areas.get(customer, NOWHERE)), strict=True):
            if dimension in dimensions:
                found[Key(dimension, str(value), service, "")].number += number
    return dict(found)


def span_tally(months: Sequence[date], dimensions: Iterable[str]) -> Tally:
    """Sums over months: past days from their tallies, the others counted now."""
    wanted = tuple(dimensions)
    kept = _kept(months)
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    total = sa.func.sum
    rows = session().execute(
        sa.select(WorkTally.dimension, WorkTally.value, WorkTally.service, WorkTally.outcome, total(WorkTally.number),
                  total(WorkTally.promised), total(WorkTally.late), total(WorkTally.days))
        .where(WorkTally.month.in_(kept), WorkTally.dimension.in_(wanted))
        .group_by(WorkTally.dimension, WorkTally.value, WorkTally.service, WorkTally.outcome))
    for dimension, value, service, outcome, *numbers in rows:
        found[Key(dimension, value, service, outcome)].add(Sums(*(int(one) for one in numbers)))
    for first, last in _uncounted(months, kept):
        for key, sums in live(first, last, wanted).items():
            found[key].add(sums)
    return dict(found)


def monthly(months: Sequence[date]) -> dict[date, int]:
    """Instruments finished in each month."""
    numbers = dict.fromkeys(months, 0)
    kept = _kept(months)
    query = (sa.select(WorkTally.month, sa.func.sum(WorkTally.number))
             .where(WorkTally.month.in_(kept), WorkTally.dimension == "days").group_by(WorkTally.month))
    for month, number in session().execute(query):
        numbers[month] += int(number)
    for first, last in _uncounted(months, kept):
        numbers[first.replace(day=1)] += session().scalar(sa.select(sa.func.count()).select_from(Certificate).where(
            Certificate.issued_on.between(first, last), Certificate.edition == 1)) or 0
    return numbers


def areas_of_customers() -> dict[int, str]:
    """{customer: area}."""
    rows = session().execute(sa.select(Customer.id, Customer.commune, Customer.district, Customer.address))
    return {key: rules.area_of(commune, district, address) or NOWHERE for key, commune, district, address in rows}


def _kept(months: Sequence[date]) -> dict[date, date]:
    """{month: the day through which its tallies count}."""
    rows = session().execute(sa.select(WorkMonth.month, WorkMonth.through).where(WorkMonth.month.in_(months)))
    return {row.month: row.through for row in rows}


def _uncounted(months: Sequence[date], kept: Mapping[date, date]) -> Iterator[tuple[date, date]]:
    """First and last day of what no tally counts, month by month; what is still to come is left out."""
    today = clock.today()
    for month in months:
        first = kept[month] + timedelta(days=1) if month in kept else month
        last = add_months(month, 1) - timedelta(days=1)
        if first <= min(last, today):
            yield first, last


def keep(months: Iterable[date]) -> int:
    """Count the past days of months and keep them, each month in a transaction of its own; returns how many."""
    number = 0
    for month in months:
        through = min(add_months(month, 1), clock.today()) - timedelta(days=1)
        tally = live(month, through)
        with write("workload.keep", actor=("", "workload")) as current:
            current.execute(sa.delete(WorkTally).where(WorkTally.month == month))
            current.execute(sa.delete(WorkMonth).where(WorkMonth.month == month))
            if tally:
                current.execute(sa.insert(WorkTally), [
                    {"month": month, **key._asdict(), "number": sums.number, "promised": sums.promised,
                     "late": sums.late, "days": sums.days} for key, sums in tally.items()])
            current.execute(sa.insert(WorkMonth).values(month=month, through=through, counted_at=clock.now()))
        number += 1
    return number


def to_keep(today: date, again: int = AGAIN) -> list[date]:
    """Months with past days that no tally counts to their end, and the newest `again` of the others."""
    yesterday = today - timedelta(days=1)
    first = min((day for day in (session().scalar(sa.select(sa.func.min(Certificate.issued_on))),
                                 session().scalar(sa.select(sa.func.min(Job.received_on)))) if day), default=today)
    months: list[date] = []
    month = first.replace(day=1)
    while month <= yesterday:
        months.append(month)
        month = add_months(month, 1)
    kept = _kept(months)
    newest = set(months[-again:]) if again else set()
    return [month for month in months if month in newest or kept.get(month, date.min) < min(
        yesterday, add_months(month, 1) - timedelta(days=1))]


@task(TASK)
def keep_months(work: RunningTask, payload: Any) -> None:
    """Every night: what is not kept yet, and the last year anew; on Sundays everything, for enterprises move."""
    today = clock.today()
    months = to_keep(today, 10_000 if today.weekday() == 6 else AGAIN)
    for done, month in enumerate(months, 1):
        keep([month])
        work.progress(done)
    work.result({"months": len(months)})


periodic(TASK, ("Đếm công việc những ngày đã qua", "Count the work of past days"), time(1, 10))
