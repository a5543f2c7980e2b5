"""Photographs of an instrument and its seals, kept with its sheet."""
from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base
from lims.shared.files import StoredFile

SUBJECTS = ("instrument", "seal", "other")


class WorksheetPhoto(Base):
    """One photograph; never changed. One that should not count is struck out with a reason."""

    __tablename__ = "worksheet_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), index=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"), index=True)
    subject: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    width: Mapped[int]
    height: Mapped[int]
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    struck_because: Mapped[str] = mapped_column(default="")
    kept_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    taken_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.CheckConstraint("subject IN ('instrument','seal','other')", name="subject"),)
