"""The verification that ended an earlier one: live, beside the document, whose bytes stay as they were issued.

A verification certificate ends early where its instrument fails a later verification of the same thing
(legal/subject.py; TT 23/2013 Art. 19-22), and gives way to the certificate of a later one that passed. A later document
that was itself withdrawn or replaced ends nothing.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lims.issue.models import Certificate, CertificateEvent
from lims.jobs.models import JobItem
from lims.legal import subject
from lims.shared.db import session

AT_ONCE = 500
VERIFIED = ("verification", "work_record")
"""Kinds of document that a verification ends with: the certificate, or the record of one that failed."""


@dataclass(frozen=True)
class Later:
    """The first later verification of the same thing: its day, its document, and whether it passed."""

    on: date
    number: str
    passed: bool


def later_of(certificates: Iterable[Certificate]) -> dict[int, Later]:
    """What ended each of these certificates before its own last day; one query for 500 of them."""
    asked = [row.id for row in certificates if row.verified]
    return {key: found for start in range(0, len(asked), AT_ONCE)
            for key, found in _asked(asked[start:start + AT_ONCE]).items()}


def is_ended(certificate: type[Certificate]) -> sa.ColumnElement[bool]:
    """Condition: the same of one row of a query."""
    item, other, other_item = aliased(JobItem), aliased(Certificate), aliased(JobItem)
    return sa.and_(certificate.verified, sa.exists().where(
        item.id == certificate.item_id, other.item_id == other_item.id, *_ends(certificate, item, other, other_item)))


def _asked(ids: Sequence[int]) -> dict[int, Later]:
    own, other, item, other_item = aliased(Certificate), aliased(Certificate), aliased(JobItem), aliased(JobItem)
    rows = session().execute(
        sa.select(own.id, other.performed_on, other.number, other.verified)
        .join(item, item.id == own.item_id).join(other_item, other_item.instrument_id == item.instrument_id)
        .join(other, other.item_id == other_item.id).where(own.id.in_(ids), *_ends(own, item, other, other_item))
        .order_by(own.id, other.performed_on, other.id))
    found: dict[int, Later] = {}
    for own_id, on, number, passed in rows:
        found.setdefault(own_id, Later(on, number, passed))
    return found


def _ends(own: Any, item: Any, other: Any, other_item: Any) -> tuple[sa.ColumnElement[bool], ...]:
    """`other` was verified after `own`, within its validity, and still stands."""
    return (
        other_item.instrument_id == item.instrument_id, other_item.service == "verification",
        other_item.id != item.id, other.kind.in_(VERIFIED), subject.is_same(item, other_item),
        # of one day the item received later, not the document issued later: a replacement may come after both
        sa.or_(other.performed_on > own.performed_on, sa.and_(other.performed_on == own.performed_on,
                                                              other_item.id > item.id)),
        sa.or_(own.valid_until.is_(None), other.performed_on <= own.valid_until),
        ~sa.exists().where(CertificateEvent.certificate_id == other.id,
                           CertificateEvent.kind.in_(("withdrawn", "superseded"))),
    )
