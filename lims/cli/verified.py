"""Verified instruments whose verification runs out: the newest valid verification of each."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from instruments.recall import DueState, due_state
from lims.issue.models import Certificate, CertificateEvent
from lims.jobs.models import JobItem
from lims.legal import subject
from lims.shared.db import session


@dataclass(frozen=True)
class Expiring:
    """One instrument; usable through `valid_until`."""

    number: str
    instrument: str
    serial: str
    customer: str
    valid_until: date
    days_left: int
    due_state: DueState


def expiring(on: date, within_days: int) -> list[Expiring]:
    """Verifications that have run out on the day or will within the days after it, most urgent first.

    An instrument verified again since, or whose certificate was withdrawn or replaced, is not counted by the old one.
    """
    return [Expiring(number, name, serial, customer, until, (until - on).days, due_state(until, on, within_days))
            for number, name, serial, customer, until in session().execute(_query(on + timedelta(days=within_days)))
            if until is not None]


def _query(last: date) -> sa.Select[str, str, str, str, date | None]:
    later, later_item = aliased(Certificate), aliased(JobItem)
    ended = sa.exists().where(CertificateEvent.certificate_id == Certificate.id,
                              CertificateEvent.kind.in_(("superseded", "withdrawn")))
    again = (sa.exists().where(later.verified, later.id > Certificate.id,
                               later.performed_on >= Certificate.performed_on, later_item.id == later.item_id,
                               later_item.instrument_id == JobItem.instrument_id,
                               subject.is_same(JobItem, later_item))
             .correlate(Certificate, JobItem))
    return (sa.select(Certificate.number, Certificate.object_name, Certificate.object_serial,
                       Certificate.customer_name, Certificate.valid_until)
             .join(JobItem, JobItem.id == Certificate.item_id)
             .where(Certificate.verified, Certificate.valid_until <= last, ~ended, ~again)
             .order_by(Certificate.valid_until, Certificate.number))
