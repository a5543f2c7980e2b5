"""The body's designations to verify, and marks struck on instruments: what a legal verdict rests on and leaves."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.jobs.models import JobItem
from lims.shared.db import Base
from lims.shared.files import StoredFile

WAYS = ("stamped", "clamped", "printed", "engraved", "painted")
"""How a mark is put on (TT 24/2013 Art. 38)."""


class Designation(Base):
    """A decision that designates the laboratory to verify: which fields, or which items of the list, from when to when.

    `fields` are codes of the list as ",mass,pressure,"; `items` the items that the decision names as ",31,14,", "" for
    every item of the fields. The dates of the decision never change; one that ended early counts to `ended_on`."""

    __tablename__ = "legal_designation"
    id: Mapped[int] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(unique=True)
    issued_by: Mapped[str]
    code: Mapped[str] = mapped_column(default="")
    fields: Mapped[str]
    items: Mapped[str] = mapped_column(default="")
    signed_on: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("valid_to >= valid_from", name="dates"),
        sa.CheckConstraint("ended_on IS NULL OR end_reason <> ''", name="reason"),
    )

    @property
    def last_on(self) -> date:
        """The last day on which it counts."""
        return self.valid_to if self.ended_on is None else min(self.valid_to, self.ended_on)

    @property
    def first_on(self) -> date:
        return self.valid_from

    @property
    def own_last_on(self) -> date:
        return self.valid_to

    @property
    def has_ended(self) -> bool:
        return self.ended_on is not None

    @property
    def field_codes(self) -> list[str]:
        return [code for code in self.fields.split(",") if code]

    @property
    def item_codes(self) -> list[str]:
        return [code for code in self.items.split(",") if code]

    @classmethod
    def in_force(cls, on: date) -> sa.ColumnElement[bool]:
        """The condition that picks those which count on a day, first and last day included."""
        return sa.and_(cls.valid_from <= on, cls.valid_to >= on, sa.or_(cls.ended_on.is_(None), cls.ended_on >= on))


class StruckMark(Base):
    """A verification mark (dấu kiểm định) struck on an instrument that passed: number of the die, type 1 or 2, where,
    how, who and when. One entered by mistake is struck out with a reason, before the document is issued only."""

    __tablename__ = "struck_mark"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), index=True)
    die: Mapped[str]
    mark_type: Mapped[int]
    place: Mapped[str]
    way: Mapped[str]
    struck_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    at: Mapped[datetime]
    removed_because: Mapped[str] = mapped_column(default="")
    item: Mapped[JobItem] = relationship()
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("mark_type IN (1, 2)", name="mark_type"),
        sa.CheckConstraint("way IN ('stamped','clamped','printed','engraved','painted')", name="way"),
    )
