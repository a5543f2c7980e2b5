"""The lists behind the figures of work: instruments finished, rejected, late, taken in, open, overdue."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from instruments.kinds import all_kinds
from lims.customers.models import Customer, Instrument
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobItem, Worksheet
from lims.shared.db import session
from lims.workload.counting import NOWHERE, areas_of_customers, span_tally
from lims.workload.figures import OPEN, fields_of_kinds
from lims.workload.rules import Span

PAGE = 50
SHOWS = ("done", "rejected", "late", "taken_in", "open", "overdue", "due_today", "unassigned", "ready")
OF_TODAY = SHOWS[4:]
"""Lists of what stands now, whatever the period."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks for; "" asks for nothing. `field` and `area` are keys of the figures."""

    show: str
    span: Span
    field: str = ""
    area: str = ""
    person: int | None = None
    kind: str = ""
    service: str = ""
    regime: str = ""


@dataclass(frozen=True)
class Found:
    """One instrument in a list; `number` is its document's, "" before it is issued."""

    key: int
    code: str
    job_id: int
    name: str
    serial: str
    customer: str
    received_on: date
    promised_on: date | None
    issued_on: date | None
    number: str
    state: str
    verdict: str


def found(wanted: Wanted, today: date, below: int | None = None, size: int = PAGE) -> list[Found]:
    """Instruments of a list, newest first, below a key."""
    issued = wanted.show in ("done", "rejected", "late")
    key = Certificate.id if issued else JobItem.id
    query = sa.select(key.label("key"), JobItem.code, Job.id.label("job_id"), Instrument.name, Instrument.serial,
                      Customer.name.label("customer"), Job.received_on, Job.promised_on,
                      *((Certificate.issued_on, Certificate.number, JobItem.state, Certificate.verdict) if issued else
                        (sa.null().label("issued_on"), sa.literal("").label("number"), JobItem.state,
                         sa.literal("").label("verdict"))))
    query = _joined(query, issued)
    for condition in _conditions(wanted, today):
        query = query.where(condition)
    if below is not None:
        query = query.where(key < below)
    rows = session().execute(query.order_by(key.desc()).limit(size))
    return [Found(**row._mapping) for row in rows]


def count(wanted: Wanted, today: date) -> int:
    """How many the list holds: from the tallies where they know."""
    chosen = [name for name in ("field", "area", "person", "kind", "service", "regime")
              if getattr(wanted, name) not in ("", None)]
    known = wanted.show not in OF_TODAY and len(chosen) < 2 and not wanted.regime
    if known and not (wanted.show == "taken_in" and chosen == ["person"]):
        return _counted(wanted)
    query = _joined(sa.select(sa.func.count()), wanted.show in ("done", "rejected", "late"))
    for condition in _conditions(wanted, today):
        query = query.where(condition)
    return session().scalar(query) or 0


def _counted(wanted: Wanted) -> int:
    kind, area = ("in_kind", "in_area") if wanted.show == "taken_in" else ("kind", "area")
    dimension = area if wanted.area else "person" if wanted.person is not None else kind
    fields = fields_of_kinds()
    number = 0
    for key, sums in span_tally(wanted.span.months, (dimension,)).items():
        if wanted.area and key.value != wanted.area:
            continue
        if wanted.person is not None and key.value != str(wanted.person):
            continue
        if wanted.service and key.service != wanted.service:
            continue
        if wanted.kind and key.value != wanted.kind:
            continue
        if wanted.field and fields.get(key.value, NOWHERE) != wanted.field:
            continue
        if wanted.show == "rejected" and not (key.outcome == "fail" and key.service == "verification"):
            continue
        number += sums.late if wanted.show == "late" else sums.number
    return number


def _joined(query: Any, issued: bool) -> Any:
    if issued:
        query = query.select_from(Certificate).join(JobItem, JobItem.id == Certificate.item_id)
    else:
        query = query.select_from(JobItem)
    return (query.join(Job, Job.id == JobItem.job_id).join(Customer, Customer.id == Job.customer_id)
            .join(Instrument, Instrument.id == JobItem.instrument_id)
            .outerjoin(Worksheet, Worksheet.item_id == JobItem.id))


def _conditions(wanted: Wanted, today: date) -> list[Any]:
    span, issued = wanted.span, wanted.show in ("done", "rejected", "late")
    conditions: list[Any] = []
    if issued:
        conditions += [Certificate.issued_on.between(span.first, span.last), Certificate.edition == 1]
    elif wanted.show == "taken_in":
        conditions += [Job.received_on.between(span.first, span.last), JobItem.state != "cancelled"]
    elif wanted.show == "ready":
        conditions.append(JobItem.state == "issued")
    elif wanted.show == "unassigned":
        conditions += [JobItem.state == "received", Job.reviewed_at.is_not(None)]
    else:
        conditions.append(JobItem.state.in_(OPEN))
    if wanted.show == "rejected":
        conditions += [Certificate.verdict == "fail", JobItem.service == "verification"]
    elif wanted.show == "late":
        conditions.append(Certificate.issued_on > Job.promised_on)
    elif wanted.show == "overdue":
        conditions.append(Job.promised_on < today)
    elif wanted.show == "due_today":
        conditions.append(Job.promised_on == today)
    if wanted.field:
        kinds = [kind.code for kind in all_kinds() if kind.field == wanted.field]
        known = [kind.code for kind in all_kinds()]
        # as an expression, so that the database begins with the documents of the span, not with every instrument
        kind = sa.func.coalesce(Instrument.kind, "")
        conditions.append(kind.not_in(known) if wanted.field == NOWHERE else kind.in_(kinds))
    for column, value in ((sa.func.coalesce(Instrument.kind, ""), wanted.kind), (JobItem.service, wanted.service),
                          (JobItem.regime, wanted.regime)):
        if value:
            conditions.append(column == value)
    if wanted.area:
        conditions.append(Job.customer_id.in_([key for key, area in areas_of_customers().items()
                                               if area == wanted.area]))
    if wanted.person is not None:
        conditions.append((Worksheet.performed_by_id if issued else JobItem.assigned_to_id) == wanted.person)
    return conditions
