"""Recall alerts and the outbox: what is due for whom, and each message exactly once on its way."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.shared.db import Base


class Alert(Base):
    """A standard's duty reached a stage (60, 30, 7, 0 days before, overdue = -1, overdue and told to those above = -2):
    one row per due date and stage. Who put it off, until when and why stands in the row; the audit keeps the rest."""

    __tablename__ = "alert"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    duty: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    stage: Mapped[int]
    created_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    snoozed_until: Mapped[date | None]
    snoozed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    snooze_reason: Mapped[str] = mapped_column(default="")
    standard: Mapped[Standard] = relationship(lazy="joined", innerjoin=True)
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=[acknowledged_by_id])
    snoozed_by: Mapped[User | None] = relationship(foreign_keys=[snoozed_by_id])
    __table_args__ = (sa.UniqueConstraint("standard_id", "duty", "label", "due_on", "stage"),)


class PersonAlert(Base):
    """Something of a person reached a stage before its last day: an officer's card, a paper, authorisations, a training
    need. `subject_id` is the row's id (of several authorisations that end together the first), `label` names it."""

    __tablename__ = "person_alert"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    kind: Mapped[str]
    subject_id: Mapped[int]
    label: Mapped[str]
    due_on: Mapped[date]
    stage: Mapped[int]
    created_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    snoozed_until: Mapped[date | None]
    snoozed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    snooze_reason: Mapped[str] = mapped_column(default="")
    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined", innerjoin=True)
    acknowledged_by: Mapped[User | None] = relationship(foreign_keys=[acknowledged_by_id])
    snoozed_by: Mapped[User | None] = relationship(foreign_keys=[snoozed_by_id])
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id", "due_on", "stage"),)


class OutboxMessage(Base):
    """A mail to be sent at least once; `message_id` is fixed at creation, so a repeated delivery is the same mail.

    Alerts reach a person in one message a day (`dedup_key`); which ones stands in AlertNotice. `alert_id` names the
    alert of a message that was written for one alone.

    A sender holds it until `claimed_until`; after a failure it waits for `next_attempt_at`."""

    __tablename__ = "outbox_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    dedup_key: Mapped[str] = mapped_column(unique=True)
    alert_id: Mapped[int | None] = mapped_column(sa.ForeignKey("alert.id"), index=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(default="")
    claimed_until: Mapped[datetime | None]
    claimed_by: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None] = mapped_column(index=True)


class AlertNotice(Base):
    """An alert stands in a person's message: so nobody is told twice, and nobody is left out."""

    __tablename__ = "alert_notice"
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("alert.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox_message.id"), index=True)


class PersonAlertNotice(Base):
    """An alert about a person stands in somebody's message; the person and those who answer for competence are told."""

    __tablename__ = "person_alert_notice"
    alert_id: Mapped[int] = mapped_column(sa.ForeignKey("person_alert.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("outbox_message.id"), index=True)


class CalendarFeed(Base):
    """The secret address of one person's due dates; only the digest of its token is kept."""

    __tablename__ = "calendar_feed"
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"), primary_key=True)
    token_digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
