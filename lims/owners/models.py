"""What an owner asked for behind a sticker, and what reception made of it."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.issue.models import Certificate
from lims.jobs.models import Job
from lims.shared.db import Base


class VisitRequest(Base):
    """A visit asked for by whoever stood before the instrument; it says nothing of who that really is."""

    __tablename__ = "visit_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    name: Mapped[str]
    phone: Mapped[str]
    preferred_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open", index=True)
    reason: Mapped[str] = mapped_column(default="")
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id"))
    handled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    handled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    certificate: Mapped[Certificate] = relationship(lazy="joined", innerjoin=True)
    job: Mapped[Job | None] = relationship()
    handled_by: Mapped[User | None] = relationship()
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('open','accepted','refused')", name="state"),
        sa.CheckConstraint("state <> 'refused' OR reason <> ''", name="reason"),
    )


class OwnerAttempt(Base):
    """How many requests an address sent in one minute; `mark` is a digest of both, gone after some minutes."""

    __tablename__ = "owner_attempt"
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
