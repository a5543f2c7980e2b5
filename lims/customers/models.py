"""Customers (enterprises) and the instruments they own."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.shared.db import Base
from lims.shared.word_index import index_words


class Customer(Base):
    """An enterprise or person that owns instruments. `search` is the folded key of name, code and tax code."""

    __tablename__ = "customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str] = mapped_column(default="")
    address: Mapped[str]
    commune: Mapped[str] = mapped_column(default="", index=True)
    district: Mapped[str] = mapped_column(default="")
    """The district of old; the level was abolished in 2025, older papers name it."""
    sector: Mapped[str] = mapped_column(default="", index=True)
    metrology_officer: Mapped[str] = mapped_column(default="")
    """Who looks after measurement in the enterprise, and where that person is reached."""
    metrology_phone: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class Instrument(Base):
    """A customer's measuring instrument; `fields` holds what its procedures ask for (text as typed), by field key.

    `last_…` is what is known of its newest verification or calibration, wherever that was done (see checks.py);
    `valid_until` is the end that its paper states, `due_on` the one that counts: stated, or by the legal period."""

    __tablename__ = "instrument"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    kind: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    maker: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str]
    serial_key: Mapped[str] = mapped_column(index=True)
    tag: Mapped[str] = mapped_column(default="")
    year: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    range_text: Mapped[str] = mapped_column(default="")
    place_of_use: Mapped[str] = mapped_column(default="")
    in_use: Mapped[bool] = mapped_column(default=True)
    last_service: Mapped[str] = mapped_column(default="")
    last_verdict: Mapped[str] = mapped_column(default="")
    last_on: Mapped[date | None]
    last_body: Mapped[str] = mapped_column(default="")
    last_number: Mapped[str] = mapped_column(default="")
    last_sticker: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date | None]
    due_on: Mapped[date | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("customer_id", "kind", "maker", "model", "serial_key"),
        sa.CheckConstraint("last_service IN ('','verification','calibration')", name="last_service"),
        sa.CheckConstraint("last_verdict IN ('','pass','fail','withdrawn')", name="last_verdict"),
        # What the figures of all instruments are counted from, without reading the rows themselves.
        sa.Index("ix_instrument_standing", "in_use", "kind", "last_service", "last_verdict", "due_on"),
        sa.Index("ix_instrument_owner_standing", "customer_id", "in_use", "kind", "last_service", "last_verdict",
                 "due_on"),
    )


index_words(Customer, "customer")
index_words(Instrument, "instrument")
