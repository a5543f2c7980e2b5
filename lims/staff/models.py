"""Competence: who may do what by which procedure, and what that rests on (ISO/IEC 17025 6.2)."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base
from lims.shared.files import StoredFile

ACTIVITIES = ("perform", "review", "approve")
EVENTS = ("training", "assessment", "witnessed", "supervised", "comparison")
RESULTS = ("passed", "failed", "attended")
PAPERS = ("degree", "course", "certificate", "decision")


class Authorisation(Base):
    """One person may do one activity of one procedure between two dates (both inclusive; open end allowed)."""

    __tablename__ = "authorisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    procedure_code: Mapped[str] = mapped_column(index=True)
    activity: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    basis: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("activity IN ('perform','review','approve')", name="activity"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )


class OfficerCard(Base):
    """A verification officer's card (thẻ kiểm định viên): number, field, issuing authority, decision, validity.

    `valid_to` is the date printed on the card and never changes. One given back or withdrawn early stops counting
    after `ended_on`; `end_reason` says why."""

    __tablename__ = "officer_card"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    number: Mapped[str]
    field: Mapped[str]
    issued_by: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="", server_default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="", server_default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("number", "field"),)

    @property
    def last_on(self) -> date:
        """The last day on which the card counts."""
        return self.valid_to if self.ended_on is None else min(self.valid_to, self.ended_on)

    @classmethod
    def in_force(cls, on: date) -> sa.ColumnElement[bool]:
        """The condition that picks the cards which count on a day."""
        return sa.and_(cls.valid_from <= on, cls.valid_to >= on,
                       sa.or_(cls.ended_on.is_(None), cls.ended_on >= on))


class PersonPaper(Base):
    """A degree, course, certificate or decision of a person; ended ones stay."""

    __tablename__ = "person_paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    issued_by: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date]
    valid_to: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    entered_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship()
    __table_args__ = (
        sa.CheckConstraint("kind IN ('degree','course','certificate','decision')", name="kind"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= issued_on", name="period"),
    )


class TrainingNeed(Base):
    """What a person must still learn, for which procedure, until when; closed by an event or dropped with a reason."""

    __tablename__ = "training_need"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    procedure_code: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    target_on: Mapped[date] = mapped_column(index=True)
    raised_on: Mapped[date]
    raised_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    state: Mapped[str] = mapped_column(default="open")
    closed_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    __table_args__ = (sa.CheckConstraint("state IN ('open','met','dropped')", name="state"),)


class CompetenceEvent(Base):
    """Something that shows or makes competence: training, assessment, work under eyes, a comparison. A wrong entry is
    struck out with a reason, never removed."""

    __tablename__ = "competence_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[str]
    on: Mapped[date] = mapped_column("happened_on", index=True)
    until: Mapped[date | None]
    procedure_code: Mapped[str] = mapped_column(default="")
    subject: Mapped[str]
    by_whom: Mapped[str] = mapped_column(default="")
    result: Mapped[str]
    need_id: Mapped[int | None] = mapped_column(sa.ForeignKey("training_need.id"), index=True)
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    entered_by: Mapped[User] = relationship(foreign_keys=[entered_by_id])
    file: Mapped[StoredFile | None] = relationship()
    __table_args__ = (
        sa.CheckConstraint("kind IN ('training','assessment','witnessed','supervised','comparison')", name="kind"),
        sa.CheckConstraint("result IN ('passed','failed','attended')", name="result"),
        sa.CheckConstraint("until IS NULL OR until >= happened_on", name="period"),
    )


class LapseDecision(Base):
    """What somebody decided about an authorisation that was not used for long: it ends, or it stays; never changed.

    `last_on` is the last day it had been used by then, `months` the laboratory's limit of that day."""

    __tablename__ = "lapse_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    authorisation_id: Mapped[int] = mapped_column(sa.ForeignKey("authorisation.id"), index=True)
    decision: Mapped[str]
    reason: Mapped[str]
    months: Mapped[int]
    last_on: Mapped[date | None]
    on: Mapped[date] = mapped_column("decided_on")
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    authorisation: Mapped[Authorisation] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("decision IN ('end','keep')", name="decision"),
        sa.CheckConstraint("reason <> ''", name="reason"),
    )
