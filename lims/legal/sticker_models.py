"""Stickers and seals as numbered stock: series as they came, each number with its state, every move, daily counts."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import JobItem
from lims.shared.db import Base

KINDS = ("verification", "calibration", "seal")


class StickerSeries(Base):
    """Numbers `prefix` + `first`..`last`, written with `width` digits, that came in together."""

    __tablename__ = "sticker_series"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    prefix: Mapped[str]
    first: Mapped[int]
    last: Mapped[int]
    width: Mapped[int]
    received_on: Mapped[date]
    supplier: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (sa.CheckConstraint("kind IN ('verification','calibration','seal')", name="kind"),)


class Sticker(Base):
    """One number. It belongs to one item at most, ever: `item_id` is taken by compare-and-set (stickers.py)."""

    __tablename__ = "sticker"
    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("sticker_series.id"))
    kind: Mapped[str]
    number: Mapped[str]
    serial: Mapped[int]
    state: Mapped[str]
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job.id"))
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    holder: Mapped[User | None] = relationship(lazy="joined")
    item: Mapped[JobItem | None] = relationship()
    __table_args__ = (
        sa.UniqueConstraint("kind", "number"),
        sa.UniqueConstraint("series_id", "serial"),
        sa.CheckConstraint("state IN ('stock','assigned','drawn','used','spoiled','lost','void')", name="state"),
        sa.CheckConstraint("(state IN ('drawn','used')) = (item_id IS NOT NULL) OR state = 'void'", name="item"),
    )


class StickerMove(Base):
    """What happened to the numbers `first`..`last` of a series; append-only. `holder_id` is whose hand it concerns."""

    __tablename__ = "sticker_move"
    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("sticker_series.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    act: Mapped[str]
    holder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    item_code: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    day: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    series: Mapped[StickerSeries] = relationship(lazy="joined", innerjoin=True)
    holder: Mapped[User | None] = relationship(foreign_keys=holder_id, lazy="joined")
    by: Mapped[User | None] = relationship(foreign_keys=by_id, lazy="joined")
    __table_args__ = (
        sa.Index("ix_sticker_move_day", "day", "holder_id"),
        sa.CheckConstraint("act IN ('receive','assign','return','draw','release','use','spoil','lose','void')",
                           name="act"),
    )


class StickerCount(Base):
    """What a person counted at the end of a day against what the ledger expects; append-only, a difference is told."""

    __tablename__ = "sticker_count"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    kind: Mapped[str]
    expected: Mapped[int]
    counted: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(foreign_keys=by_id, lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.Index("ix_sticker_count_day", "day", "holder_id"),
        sa.CheckConstraint("counted = expected OR note <> ''", name="difference"),
    )
