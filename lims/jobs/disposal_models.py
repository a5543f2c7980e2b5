"""Job records whose time of keeping is over and that were destroyed (ISO/IEC 17025:2017, 8.4)."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import Worksheet
from lims.shared.db import Base


class WorkDisposal(Base):
    """Readings, results and photographs of a sheet are gone: by which rule, who, when, why, what they were.

    Append-only; only beside such a row does the database let them be emptied. `contents` is a JSON object (see
    `lims.jobs.disposal.Contents`); `trail` is a JSON list of the transactions of the audit trail that were emptied too,
    `trail_sha256` the digest of what stays of them. Who typed which cell when stays where it is."""

    __tablename__ = "work_disposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), unique=True)
    years: Mapped[int]
    basis: Mapped[str]
    due_on: Mapped[date]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    contents: Mapped[str]
    trail: Mapped[str]
    trail_sha256: Mapped[str]
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    worksheet: Mapped[Worksheet] = relationship()
