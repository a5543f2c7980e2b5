"""The longest calibration interval that law or a decision permits for a standard, whatever its history shows."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from instruments.recall import due_date
from instruments.schedule import interval_due
from lims.equipment.facts import calendar_unit
from lims.shared.db import Base
from lims.shared.errors import Invalid


class IntervalCap(Base):
    """No interval of this standard's calibration is longer than `months`; `basis` is the text that says so."""

    __tablename__ = "interval_cap"
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), primary_key=True, autoincrement=False)
    months: Mapped[int]
    basis: Mapped[str]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("months > 0", name="months"), sa.CheckConstraint("basis <> ''", name="basis"))


_ANY_DAY = date(2024, 1, 31)
"""Intervals are compared by what they make of one day: months and days have no common measure otherwise."""


def require_within_cap(current: Session, standard_id: int, count: int, unit: str) -> None:
    """Raises Invalid at `interval_count` when the interval is longer than the standard's cap."""
    cap = current.get(IntervalCap, standard_id)
    if cap is None:
        return
    known = calendar_unit(unit)
    if known is not None and interval_due(_ANY_DAY, count, known) > due_date(_ANY_DAY, months=cap.months):
        raise Invalid(f"Chu kỳ không được dài hơn {cap.months} tháng ({cap.basis}).",
                      f"The interval may not exceed {cap.months} months ({cap.basis}).", "interval_count")
