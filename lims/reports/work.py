"""The work of a year as reports count it: by kind of instrument, service, regime and outcome; documents ended since."""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as kept
from datetime import date
from typing import Any

import sqlalchemy as sa

from instruments.kinds import all_kinds
from lims.customers.models import Instrument
from lims.issue.models import Certificate, CertificateEvent
from lims.jobs.models import Job, JobItem
from lims.shared.db import session

REGIMES = ("initial", "periodic", "after_repair", "other")


@dataclass
class WorkLine:
    """One kind of instrument: verified by regime (passed and failed), failed, calibrated, tested."""

    kind: str
    field: str
    item: str
    verified: Counter[str] = kept(default_factory=Counter)
    failed: int = 0
    calibrated: int = 0
    tested: int = 0

    @property
    def verified_all(self) -> int:
        return sum(self.verified.values())

    @property
    def passed(self) -> int:
        return self.verified_all - self.failed

    @property
    def number(self) -> int:
        return self.verified_all + self.calibrated + self.tested


def work_of(first: date, last: date) -> list[WorkLine]:
    """One line for each kind with work between two days, by field and kind; first editions only."""
    kinds = {kind.code: kind for kind in all_kinds()}
    found: dict[str, WorkLine] = {}
    rows = session().execute(
        sa.select(Instrument.kind, JobItem.service, JobItem.regime, Certificate.verdict, sa.func.count())
        .select_from(Certificate).join(JobItem, JobItem.id == Certificate.item_id)
        .join(Instrument, Instrument.id == JobItem.instrument_id)
        .where(Certificate.issued_on.between(first, last), Certificate.edition == 1)
        .group_by(Instrument.kind, JobItem.service, JobItem.regime, Certificate.verdict))
    for code, service, regime, verdict, number in rows:
        kind = kinds.get(code)
        line = found.setdefault(code, WorkLine(code, kind.field if kind else "",
                                               (kind.legal_item or "") if kind else ""))
        if service == "verification":
            key = regime if regime in REGIMES else "other"
            line.verified[key] += number
            line.failed += number if verdict == "fail" else 0
        elif service == "calibration":
            line.calibrated += number
        else:
            line.tested += number
    return sorted(found.values(), key=lambda line: (line.field, line.kind))


def total_of(lines: list[WorkLine]) -> WorkLine:
    """The sum of all lines."""
    total = WorkLine("", "", "")
    for line in lines:
        total.verified += line.verified
        for name in ("failed", "calibrated", "tested"):
            setattr(total, name, getattr(total, name) + getattr(line, name))
    return total


def ended(first: date, last: date) -> list[Any]:
    """Documents issued between two days that were withdrawn or replaced since: number, kind of event, reason, day."""
    return list(session().execute(
        sa.select(Certificate.number, CertificateEvent.kind, CertificateEvent.reason, CertificateEvent.at)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .where(CertificateEvent.kind.in_(("withdrawn", "superseded")), Certificate.issued_on.between(first, last))
        .order_by(CertificateEvent.id)))


def issued_number(first: date, last: date) -> int:
    """Documents issued between two days, every edition."""
    return session().scalar(sa.select(sa.func.count()).select_from(Certificate).where(
        Certificate.issued_on.between(first, last))) or 0


def customers_number(first: date, last: date) -> int:
    """Enterprises that brought something between two days."""
    return session().scalar(sa.select(sa.func.count(Job.customer_id.distinct())).where(
        Job.received_on.between(first, last))) or 0
