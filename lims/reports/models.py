"""Reports that the law asks for: until when each is due, and which were filed."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base


class ReportDeadline(Base):
    """Last day on which a kind of report is due, in the year after the one it is about (`next_year`) or in it."""

    __tablename__ = "report_deadline"
    kind: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[int]
    day: Mapped[int]
    next_year: Mapped[bool]
    basis: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("month BETWEEN 1 AND 12 AND day BETWEEN 1 AND 31", name="day"),)


class FiledReport(Base):
    """A report was sent to whom it is due: number and day, by whom; never changed."""

    __tablename__ = "filed_report"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    year: Mapped[int]
    filed_on: Mapped[date]
    number: Mapped[str]
    sent_to: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("kind", "year"),)
