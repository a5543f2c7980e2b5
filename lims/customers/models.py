"""Customers (enterprises) and the instruments they own."""
from __future__ import annotations

from datetime import datetime
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
    """A customer's measuring instrument; `fields` holds what its procedures ask for (text as typed), by field key."""

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
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("customer_id", "kind", "maker", "model", "serial_key"),)


index_words(Customer, "customer")
index_words(Instrument, "instrument")
