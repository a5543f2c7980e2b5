"""Equipment bought so that a row of the group-2 list can be verified."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.shared.db import Base


class Purchase(Base):
    """One thing bought or to be bought for a row (`item`). `plan_reference` names the item of the yearly plan in words;
    `standard_id` is the register's entry once it has come."""

    __tablename__ = "coverage_purchase"
    id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    plan_reference: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    delivered_on: Mapped[date | None]
    standard_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[Standard | None] = relationship(lazy="joined")
    created_by: Mapped[User] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def step(self) -> str:
        """How far it is: "planned", "delivered", "registered" (its check before use is open), "commissioned"."""
        if self.standard is not None:
            return "registered" if self.standard.awaits_check else "commissioned"
        return "delivered" if self.delivered_on else "planned"
