"""The register of capabilities (CMC): what the laboratory may state at best, by field, range and time (ILAC-P14)."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base

FORMS = ("value", "linear", "quadratic", "points")


class CapabilityLine(Base):
    """One line of the scope. It is never changed, only ended: what was stated under it stays explained.

    `form` says how the CMC is written: value `a`; linear a + b·|x|; quadratic √(a² + (b·x)²); points, a table of
    [x, CMC] texts between which straight lines run. `procedures` are codes it is limited to; none: all."""

    __tablename__ = "capability"
    id: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str]
    quantity: Mapped[str] = mapped_column(index=True)
    lower: Mapped[Decimal]
    upper: Mapped[Decimal]
    unit: Mapped[str]
    form: Mapped[str]
    a: Mapped[Decimal | None]
    b: Mapped[Decimal | None]
    points: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    cmc_unit: Mapped[str]
    procedures: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    reference: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    ended_because: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    entered_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("form IN ('value','linear','quadratic','points')", name="form"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )
