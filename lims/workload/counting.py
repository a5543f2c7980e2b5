"""Counting the work: a month from the rows themselves, closed months once into tallies, a span from both."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from instruments.recall import add_months
from lims.customers.models import Instrument
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem, Worksheet
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import periodic, task
from lims.workload.models import WorkMonth, WorkTally

TASK = "workload.tally"
AGAIN = 12
"""Closed months that are counted anew every night: an instrument's kind or a promised day may have been mended."""
DONE = ("kind", "customer", "person", "days")
TAKEN_IN = ("in_kind", "in_customer")


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


def live_month(month: date) -> Tally:
    """The month counted from documents (first editions) and receptions."""
    last = add_months(month, 1) - timedelta(days=1)
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    for row in session().execute(
            sa.select(Instrument.kind, Job.customer_id, Worksheet.performed_by_id, JobItem.service, Certificate.verdict,
                      Certificate.issued_on, Job.received_on, Job.promised_on)
            .select_from(Certificate).join(JobItem, JobItem.id == Certificate.item_id)
            .join(Job, Job.id == JobItem.job_id).join(Instrument, Instrument.id == JobItem.instrument_id)
            .join(Worksheet, Worksheet.item_id == JobItem.id)
            .where(Certificate.issued_on.between(month, last), Certificate.edition == 1)):
        kind, customer, person, service, verdict, issued, received, promised = row
        took = max(0, (issued - received).days)
        one = Sums(1, promised is not None, promised is not None and issued > promised, took)
        outcome = "fail" if verdict == "fail" else ""
        for dimension, value in zip(DONE, (kind, customer, person, took), strict=True):
            found[Key(dimension, str(value), service, outcome)].add(one)
    for kind, customer, service, number in session().execute(
            sa.select(Instrument.kind, Job.customer_id, JobItem.service, sa.func.count())
            .select_from(Job).join(JobItem, JobItem.job_id == Job.id)
            .join(Instrument, Instrument.id == JobItem.instrument_id)
            .where(Job.received_on.between(month, last), JobItem.state != "cancelled")
            .group_by(Instrument.kind, Job.customer_id, JobItem.service)):
        for dimension, value in zip(TAKEN_IN, (kind, customer), strict=True):
            found[Key(dimension, str(value), service, "")].number += number
    return dict(found)


def span_tally(months: Sequence[date], dimensions: Iterable[str]) -> Tally:
    """Sums over months: those closed and kept from their tallies, the others counted now."""
    wanted = tuple(dimensions)
    kept = set(session().scalars(sa.select(WorkMonth.month).where(WorkMonth.month.in_(months))))
    found: defaultdict[Key, Sums] = defaultdict(Sums)
    total = sa.func.sum
    rows = session().execute(
        sa.select(WorkTally.dimension, WorkTally.value, WorkTally.service, WorkTally.outcome, total(WorkTally.number),
                  total(WorkTally.promised), total(WorkTally.late), total(WorkTally.days))
        .where(WorkTally.month.in_(kept), WorkTally.dimension.in_(wanted))
        .group_by(WorkTally.dimension, WorkTally.value, WorkTally.service, WorkTally.outcome))
    for dimension, value, service, outcome, *numbers in rows:
        found[Key(dimension, value, service, outcome)].add(Sums(*(int(one) for one in numbers)))
    today = clock.today()
    for month in months:
        if month not in kept and month <= today:
            for key, sums in live_month(month).items():
                if key.dimension in wanted:
                    found[key].add(sums)
    return dict(found)


def monthly(months: Sequence[date]) -> dict[date, int]:
    """Instruments finished in each month."""
    rows = dict.fromkeys(months, 0)
    kept = set(session().scalars(sa.select(WorkMonth.month).where(WorkMonth.month.in_(months))))
    query = (sa.select(WorkTally.month, sa.func.sum(WorkTally.number))
             .where(WorkTally.month.in_(kept), WorkTally.dimension == "days").group_by(WorkTally.month))
    for month, number in session().execute(query):
        rows[month] = int(number)
    today = clock.today()
    for month in months:
        if month not in kept and month <= today:
            last = add_months(month, 1) - timedelta(days=1)
            rows[month] = session().scalar(sa.select(sa.func.count()).select_from(Certificate).where(
                Certificate.issued_on.between(month, last), Certificate.edition == 1)) or 0
    return rows


def keep(months: Iterable[date]) -> int:
    """Count closed months and keep them, each in a transaction of its own; returns how many."""
    number = 0
    for month in months:
        tally = live_month(month)
        with write("workload.keep", actor=("", "workload")) as current:
            current.execute(sa.delete(WorkTally).where(WorkTally.month == month))
            current.execute(sa.delete(WorkMonth).where(WorkMonth.month == month))
            if tally:
                current.execute(sa.insert(WorkTally), [
                    {"month": month, **key._asdict(), "number": sums.number, "promised": int(sums.promised),
                     "late": int(sums.late), "days": sums.days} for key, sums in tally.items()])
            current.execute(sa.insert(WorkMonth).values(month=month, counted_at=clock.now()))
        number += 1
    return number


def to_keep(today: date, again: int = AGAIN) -> list[date]:
    """Closed months that have work and no tallies, and the newest `again` of the others."""
    this = today.replace(day=1)
    first = min((day for day in (session().scalar(sa.select(sa.func.min(Certificate.issued_on))),
                                 session().scalar(sa.select(sa.func.min(Job.received_on)))) if day), default=this)
    months: list[date] = []
    month = first.replace(day=1)
    while month < this:
        months.append(month)
        month = add_months(month, 1)
    kept = set(session().scalars(sa.select(WorkMonth.month)))
    newest = set(months[-again:]) if again else set()
    return [month for month in months if month not in kept or month in newest]


@task(TASK)
def keep_months(work: RunningTask, payload: Any) -> None:
    """Every night: what was closed and not kept yet, and the last year anew."""
    months = to_keep(clock.today())
    for done, month in enumerate(months, 1):
        keep([month])
        work.progress(done)
    work.result({"months": len(months)})


periodic(TASK, ("Đếm công việc các tháng đã qua", "Count the work of past months"), time(1, 10))
