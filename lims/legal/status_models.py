"""Status records: what was found of each part of an instrument at a verification; append-only, the newest counts."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import JobItem
from lims.shared.db import Base


class StatusRecord(Base):
    """`entries` is {part: {"type", "serial", "seal": text}}; `explanation` says why it differs from the last one."""

    __tablename__ = "status_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"))
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    revision: Mapped[int]
    taken_on: Mapped[date]
    entries: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    totaliser: Mapped[str] = mapped_column(default="")
    explanation: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    item: Mapped[JobItem] = relationship(lazy="joined", innerjoin=True)
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("item_id", "revision"),)
