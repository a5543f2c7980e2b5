"""Rooms of the laboratory and the conditions recorded in them (ISO/IEC 17025 6.3; features L1, L2)."""
from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.shared import bulk_trail
from lims.shared.db import Base

CONDITIONS = {"temperature": "°C", "humidity": "%RH", "pressure": "hPa"}
"""What is recorded of a room, and in which unit."""


class Room(Base):
    """A place where measurements are made; `logger` is the instrument that records its conditions.

    `longest_gap_minutes`: between two readings of one quantity more time than this is a gap."""

    __tablename__ = "room"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(default="")
    logger_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"))
    longest_gap_minutes: Mapped[int] = mapped_column(default=60)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    logger: Mapped[Standard | None] = relationship(lazy="joined")
    limits: Mapped[list[RoomLimit]] = relationship(back_populates="room", order_by="RoomLimit.id", lazy="selectin",
                                                   cascade="all, delete-orphan")
    procedure_limits: Mapped[list[RoomProcedureLimit]] = relationship(
        back_populates="room", order_by="RoomProcedureLimit.id", lazy="selectin", cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("longest_gap_minutes > 0", name="gap"),)


class RoomLimit(Base):
    """The room's own limits of one quantity: they judge its record, and the sheets whose procedure states none."""

    __tablename__ = "room_limit"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    quantity: Mapped[str]
    lower: Mapped[Decimal | None]
    upper: Mapped[Decimal | None]
    room: Mapped[Room] = relationship(back_populates="limits")
    __table_args__ = (
        sa.UniqueConstraint("room_id", "quantity"),
        sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name="quantity"),
    )


class RoomProcedureLimit(Base):
    """Limits of one quantity for one procedure in this room; they hold in place of the procedure's."""

    __tablename__ = "room_procedure_limit"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"))
    procedure_code: Mapped[str]
    quantity: Mapped[str]
    lower: Mapped[Decimal | None]
    upper: Mapped[Decimal | None]
    room: Mapped[Room] = relationship(back_populates="procedure_limits")
    __table_args__ = (
        sa.UniqueConstraint("room_id", "procedure_code", "quantity"),
        sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name="quantity"),
    )


class RoomImport(Base):
    """One logger file that was read; never changed."""

    __tablename__ = "room_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"), index=True)
    file_name: Mapped[str]
    sha256: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    added: Mapped[int]
    known: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class RoomReading(Base):
    """One reading of one quantity, typed or from a logger file; never changed."""

    __tablename__ = "room_reading"
    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(sa.ForeignKey("room.id"))
    quantity: Mapped[str]
    at: Mapped[datetime]
    value: Mapped[Decimal]
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("room_import.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    __table_args__ = (
        sa.UniqueConstraint("room_id", "quantity", "at"),
        sa.CheckConstraint("quantity IN ('temperature','humidity','pressure')", name="quantity"),
    )


bulk_trail.register(RoomReading, batch=("import_id",),
                    part=lambda row: f"{row['quantity']} {row['at'].astimezone(UTC):%Y-%m-%d}")
