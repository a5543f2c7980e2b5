"""What a search of the archive asks for, read from an address or a form, and written back into an address."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from certificates.numbering import normalised
from lims.issue.batch import of_batch
from lims.issue.later import is_ended
from lims.issue.models import KINDS, Certificate, CertificateEvent
from lims.issue.retention import is_disposed
from lims.shared.forms import parse_day
from lims.shared.text import like_pattern

STATES = ("valid", "expired", "ended", "superseded", "withdrawn", "failed", "disposed")


@dataclass(frozen=True)
class Filters:
    """Empty fields ask for nothing; days stay as typed, so that a wrong one is still there to be mended."""

    text: str = ""
    kind: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    batch: int | None = None

    def query(self, today: date) -> sa.Select[Certificate]:
        """Documents whose number, customer, object or serial holds the words, without accents, and the rest holds."""
        query = sa.select(Certificate).options(selectinload(Certificate.events))
        if self.text.strip():
            query = query.where(sa.or_(Certificate.search.like(like_pattern(self.text), escape="\\"),
                                       Certificate.number_key == normalised(self.text)))
        if self.kind:
            query = query.where(Certificate.kind == self.kind)
        if self.state:
            query = query.where(in_state(self.state, today))
        if (since := parse_day(self.since)) is not None:
            query = query.where(Certificate.issued_on >= since)
        if (until := parse_day(self.until)) is not None:
            query = query.where(Certificate.issued_on <= until)
        return query if self.batch is None else query.where(of_batch(self.batch))

    def address(self, **other: str | None) -> dict[str, Any]:
        """Values of an address that asks the same, with `other` in place of its own; None leaves one out."""
        own = {"q": self.text, "kind": self.kind, "state": self.state, "since": self.since, "until": self.until,
               "batch": "" if self.batch is None else str(self.batch)}
        return {name: value for name, value in {**own, **other}.items() if value}

    @property
    def any(self) -> bool:
        return bool(self.address())


def filters_of(values: Mapping[str, str]) -> Filters:
    """The filters of an address or a form; what is no kind or state asks for nothing."""
    kind, state, batch = values.get("kind", ""), values.get("state", ""), values.get("batch", "")
    return Filters(values.get("q", "")[:200], kind if kind in KINDS else "", state if state in STATES else "",
                   values.get("since", "")[:20], values.get("until", "")[:20],
                   int(batch) if batch.isascii() and batch.isdigit() and len(batch) < 10 else None)


def in_state(state: str, today: date) -> sa.ColumnElement[bool]:
    """Condition: the live status, as archive.status tells it of one document."""
    withdrawn, superseded = _has("withdrawn"), _has("superseded")
    past = sa.and_(Certificate.valid_until.is_not(None), Certificate.valid_until < today)
    ended, failed = is_ended(Certificate), Certificate.failed
    stands = sa.and_(~withdrawn, ~superseded)
    return {
        "withdrawn": withdrawn, "superseded": sa.and_(superseded, ~withdrawn), "failed": sa.and_(stands, failed),
        "ended": sa.and_(stands, ~failed, ended), "expired": sa.and_(stands, ~failed, past, ~ended),
        "valid": sa.and_(stands, ~failed, ~past, ~ended), "disposed": is_disposed(),
    }[state]


def _has(kind: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(CertificateEvent.certificate_id == Certificate.id, CertificateEvent.kind == kind)
