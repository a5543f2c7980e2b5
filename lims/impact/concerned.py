"""Whom a review concerns: its results with the documents that state them, and the customers who hold these."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from instruments.recompute import NUMBERS, POINTS
from lims.customers.models import Customer, Instrument
from lims.impact.models import ImpactItem, ImpactNotice, ImpactReview
from lims.issue.models import Certificate, CertificateEvent
from lims.jobs.models import JobItem, Result, Worksheet
from lims.shared.db import session

CHANGES = NUMBERS
"""Grade from which an issued result is something that a customer must hear of."""
FLIPS = POINTS
"""Grade from which a statement of conformity differs."""


@dataclass(frozen=True)
class Concern:
    """One result of the review with what a reader needs to find it; without a number nothing was issued of it.

    `ended` is "withdrawn" or "superseded" where its document no longer counts, else empty."""

    item: ImpactItem
    code: str
    object_name: str
    serial: str
    performed_on: Any
    number: str
    ended: str


def concerns(row: ImpactReview, *, customer_id: int | None = None, grade: int = 0, issued: bool = False,
             after: int = 0, size: int | None = None) -> list[Concern]:
    """Results of the review's last run, the gravest first; `after` is the number of rows to leave out."""
    query = _of(row, sa.select(
        ImpactItem, JobItem.code, Instrument.name, Instrument.serial, Worksheet.performed_on,
        sa.func.coalesce(Certificate.number, ""), sa.func.coalesce(_ended(), ""))).join(
        Instrument, Instrument.id == JobItem.instrument_id).where(ImpactItem.grade >= grade).order_by(
        ImpactItem.grade.desc(), ImpactItem.id).offset(after).limit(size)
    if customer_id is not None:
        query = query.where(ImpactItem.customer_id == customer_id)
    if issued:
        query = query.where(Certificate.id.is_not(None))
    return [Concern(*line) for line in session().execute(query)]


def concerned(row: ImpactReview) -> list[tuple[Customer, int]]:
    """Customers who hold documents that would state otherwise, and of how many results, by name."""
    counted = _of(row, sa.select(ImpactItem.customer_id, sa.func.count().label("results"))).where(
        ImpactItem.grade >= CHANGES, Certificate.id.is_not(None)).group_by(ImpactItem.customer_id).subquery()
    query = sa.select(Customer, counted.c.results).join(counted, counted.c.customer_id == Customer.id)
    return [(customer, count) for customer, count in session().execute(query.order_by(Customer.name))]


def notices(row: ImpactReview) -> dict[int, ImpactNotice]:
    """What was told, by customer."""
    return {one.customer_id: one for one in session().scalars(
        sa.select(ImpactNotice).where(ImpactNotice.review_id == row.id))}


def flips(row: ImpactReview) -> int:
    """Issued results whose statement differs."""
    return _count(row, ImpactItem.grade >= FLIPS)


def unissued(row: ImpactReview) -> int:
    """Results that change and of which nothing was issued yet: they are measured again before they are."""
    return session().scalar(_of(row, sa.select(sa.func.count()).select_from(ImpactItem)).where(
        ImpactItem.grade >= CHANGES, Certificate.id.is_(None))) or 0


def to_recall(row: ImpactReview) -> int:
    """Documents still counting that a decision to recall is about: those whose statement flips, or, where none does,
    every one that would state other numbers."""
    grade = FLIPS if flips(row) else CHANGES
    return _count(row, ImpactItem.grade >= grade, _ended().is_(None))


def recalls_waiting() -> list[int]:
    """Decided reviews with documents to recall that nobody has withdrawn or replaced yet, by their ids."""
    return [row.id for row in session().scalars(sa.select(ImpactReview).where(
        ImpactReview.state == "decided", ImpactReview.decision == "recall")) if to_recall(row)]


def _count(row: ImpactReview, *conditions: Any) -> int:
    return session().scalar(_of(row, sa.select(sa.func.count()).select_from(ImpactItem)).where(
        Certificate.id.is_not(None), *conditions)) or 0


def _of(row: ImpactReview, query: Any) -> Any:
    """Each result of the last run with its item and its document: the one issued of it, else the item's newest."""
    own, newest = sa.orm.aliased(Certificate), sa.orm.aliased(Certificate)
    document = sa.func.coalesce(
        sa.select(own.id).where(own.result_id == ImpactItem.result_id).scalar_subquery(),
        sa.select(sa.func.max(newest.id)).where(newest.item_id == Worksheet.item_id).scalar_subquery())
    return (query.join(Result, Result.id == ImpactItem.result_id).join(Worksheet, Worksheet.id == Result.worksheet_id)
            .join(JobItem, JobItem.id == Worksheet.item_id).outerjoin(Certificate, Certificate.id == document)
            .where(ImpactItem.review_id == row.id, ImpactItem.run == row.run))


def _ended() -> Any:
    """Withdrawn weighs more than superseded, as it does wherever a document's status is told."""
    return sa.select(sa.func.max(CertificateEvent.kind)).where(
        CertificateEvent.certificate_id == Certificate.id,
        CertificateEvent.kind.in_(("withdrawn", "superseded"))).correlate(Certificate).scalar_subquery()
