"""Competence: who is authorised for which procedure in which role, from when to when (ISO/IEC 17025 6.2)."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base

ACTIVITIES = ("perform", "review", "approve")


class Authorisation(Base):
    """One person may do one activity of one procedure between two dates (both inclusive; open end allowed)."""

    __tablename__ = "authorisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    procedure_code: Mapped[str] = mapped_column(index=True)
    activity: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    basis: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("activity IN ('perform','review','approve')", name="activity"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )


class OfficerCard(Base):
    """A verification officer's card (thẻ kiểm định viên): number, field, issuing authority, validity."""

    __tablename__ = "officer_card"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    number: Mapped[str]
    field: Mapped[str]
    issued_by: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("number", "field"),)
