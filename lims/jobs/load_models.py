"""Bench loads: like items measured together, each with its own sheet, some readings typed once for all."""
from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import JobItem, ProcedureVersion
from lims.shared.db import Base


class BenchLoad(Base):
    """One load. `shared` names the reading columns ("table/column") that are read once for the whole bench."""

    __tablename__ = "bench_load"
    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), index=True)
    shared: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    procedure: Mapped[ProcedureVersion] = relationship(lazy="joined", innerjoin=True)
    created_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    positions: Mapped[list[BenchPosition]] = relationship(back_populates="load", order_by="BenchPosition.position")

    @property
    def code(self) -> str:
        return f"ME-{self.id:04d}"


class BenchPosition(Base):
    """One place on the bench; `reason` says why what stood there failed."""

    __tablename__ = "bench_position"
    id: Mapped[int] = mapped_column(primary_key=True)
    load_id: Mapped[int] = mapped_column(sa.ForeignKey("bench_load.id"))
    position: Mapped[int]
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    load: Mapped[BenchLoad] = relationship(back_populates="positions")
    item: Mapped[JobItem] = relationship()
    __table_args__ = (sa.UniqueConstraint("load_id", "position"), sa.UniqueConstraint("load_id", "item_id"))
