"""How long documents are kept, what must stay although its time is over, and what was disposed of."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.issue.models import Certificate
from lims.shared.db import Base


class RetentionRule(Base):
    """Documents of a kind are kept so many whole years, by the rule that began last; append-only.

    Kind "job" is what a document rests on: readings, results, photographs of an item."""

    __tablename__ = "retention_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    years: Mapped[int]
    valid_from: Mapped[date]
    basis: Mapped[str]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    entered_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("kind IN ('calibration','verification','test','work_record','job')", name="kind"),
        sa.CheckConstraint("years BETWEEN 1 AND 100", name="years"),
    )


class LegalHold(Base):
    """This document stays whatever the rules say, and what it rests on with it, until the hold is lifted."""

    __tablename__ = "legal_hold"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    reason: Mapped[str]
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    lifted_why: Mapped[str] = mapped_column(default="")
    placed_by: Mapped[User] = relationship(foreign_keys=placed_by_id, lazy="joined", innerjoin=True)
    lifted_by: Mapped[User | None] = relationship(foreign_keys=lifted_by_id, lazy="joined")
    certificate: Mapped[Certificate] = relationship()


class Disposal(Base):
    """The content of a document is gone: by which rule, who, when, why, and what its files were; append-only.

    Only beside such a row does the database let the bytes of a document be emptied. `files` is a JSON list of
    {form, revision, size, sha256}; number, digests, dates and history stay where they are."""

    __tablename__ = "disposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), unique=True)
    rule_id: Mapped[int] = mapped_column(sa.ForeignKey("retention_rule.id"))
    due_on: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    record_digest: Mapped[str]
    files: Mapped[str]
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    rule: Mapped[RetentionRule] = relationship(lazy="joined", innerjoin=True)
    certificate: Mapped[Certificate] = relationship()
