"""What the register keeps beside certificates and schedules: events and documents, reservations, choices."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.shared.db import Base
from lims.shared.files import StoredFile

EVENTS = ("document", "moved", "damage", "malfunction", "modification", "repair", "adjustment", "commissioning", "note")


class StandardEvent(Base):
    """Something that happened to a standard, or a document about it (6.4.13 c, d, g, h); never changed.

    `place`: where it was moved to; `software`: version after a modification; `cost` in đồng."""

    __tablename__ = "standard_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    kind: Mapped[str]
    on: Mapped[date] = mapped_column("happened_on")
    text: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    software: Mapped[str] = mapped_column(default="")
    passed: Mapped[bool | None]
    cost: Mapped[Decimal | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship()
    __table_args__ = (
        sa.CheckConstraint("kind IN ('document','moved','damage','malfunction','modification','repair','adjustment',"
                           "'commissioning','note')", name="kind"),
        sa.Index("ix_standard_event_standard", "standard_id", "happened_on"),
    )


class Reservation(Base):
    """Days on which a standard is kept for a person's work; given up by `cancelled_at`."""

    __tablename__ = "reservation"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    purpose: Mapped[str]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    cancelled_at: Mapped[datetime | None]
    standard: Mapped[Standard] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True, foreign_keys=[user_id])
    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="days"),
        sa.Index("ix_reservation_standard", "standard_id", "last_on"),
        sa.Index("ix_reservation_last_on", "last_on", "id"),
    )


class RegisterChoice(Base):
    """What a person chose for the register: days before the due date at which the light turns amber."""

    __tablename__ = "register_choice"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    due_soon_days: Mapped[int]
