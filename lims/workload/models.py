"""Tallies of past days by month, so that ten years of work need not be counted for a page.

They hold nothing that could not be counted again (`counting.live`), so they are no subject of the audit trail.
"""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from lims.shared.db import Base


class WorkTally(Base):
    """Instruments finished (or taken in) in one month, counted by one thing alone.

    `dimension`: "kind" of instrument, "area" of the enterprise, "person" who measured, "days" from reception to issue,
    and "in_kind", "in_area" for what was taken in; `value` is its key. `outcome` is "fail" for what was rejected.
    `promised` had a day agreed, `late` of them came after it; `days` is the sum from reception to issue."""

    __tablename__ = "work_tally"
    month: Mapped[date] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    promised: Mapped[int]
    late: Mapped[int]
    days: Mapped[int]
    __table_args__ = (sa.Index("ix_work_tally_dimension", "dimension", "month"),)


class WorkMonth(Base):
    """A month whose tallies are kept: they count its days through `through`."""

    __tablename__ = "work_month"
    month: Mapped[date] = mapped_column(primary_key=True)
    through: Mapped[date]
    counted_at: Mapped[datetime]
