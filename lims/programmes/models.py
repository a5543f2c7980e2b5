"""Measurement-assurance programmes of enterprises: text by a template, measurements, actions, experts, documents."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.shared.db import Base
from lims.shared.files import StoredFile

PAPERS = ("programme", "result")
STATES = ("draft", "issued", "closed", "superseded")


class ProgrammeTemplate(Base):
    """The sections and assessment topics of programmes drafted from now on: [{"kind", "title", "hint"}]; each change
    is a new row, so that a programme's own parts stay as they were."""

    __tablename__ = "programme_template"
    id: Mapped[int] = mapped_column(primary_key=True)
    parts: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Programme(Base):
    """One edition of one enterprise's programme for a period. `replaces_id` is the edition that it amends."""

    __tablename__ = "programme"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    title: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
    basis: Mapped[str] = mapped_column(default="")
    wanted_ratio: Mapped[Decimal]
    state: Mapped[str] = mapped_column(default="draft")
    edition: Mapped[int] = mapped_column(default=1)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    change_reason: Mapped[str] = mapped_column(default="")
    prepared_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    closing: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    prepared_by: Mapped[User] = relationship()
    parts: Mapped[list[ProgrammePart]] = relationship(order_by="ProgrammePart.position")
    measurements: Mapped[list[ProgrammeMeasurement]] = relationship(order_by="ProgrammeMeasurement.id")
    actions: Mapped[list[ProgrammeAction]] = relationship(order_by="ProgrammeAction.due_on, ProgrammeAction.id")
    experts: Mapped[list[ProgrammeExpert]] = relationship(order_by="ProgrammeExpert.id")
    document: Mapped[ProgrammeDocument | None] = relationship(back_populates="programme")
    result: Mapped[ProgrammeResult | None] = relationship(back_populates="programme")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('draft','issued','closed','superseded')", name="state"),
        sa.CheckConstraint("last_on > first_on", name="period"),
    )


class ProgrammePart(Base):
    """A section ("section": `body`) or a topic of the state of measurement ("topic": `body` is the state with its
    evidence, `gap` what is missing or at risk, `cause` why)."""

    __tablename__ = "programme_part"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str]
    title: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    gap: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    programme: Mapped[Programme] = relationship(back_populates="parts", lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("kind IN ('section','topic')", name="kind"),)


class ProgrammeMeasurement(Base):
    """Something the enterprise measures: the tolerance it needs, the instrument it uses, that instrument's U or MPE;
    all numbers in `unit`."""

    __tablename__ = "programme_measurement"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    what: Mapped[str]
    instrument_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    unit: Mapped[str]
    lower: Mapped[Decimal | None]
    upper: Mapped[Decimal | None]
    expanded: Mapped[Decimal | None]
    factor: Mapped[Decimal]
    permissible: Mapped[Decimal | None]
    source: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    programme: Mapped[Programme] = relationship(back_populates="measurements", lazy="joined", innerjoin=True)
    instrument: Mapped[Instrument | None] = relationship(lazy="joined")
    __mapper_args__ = {"version_id_col": version}


class ProgrammeAction(Base):
    """Something to be done: who, until when, what came of it and whether it worked. It answers a `gap` of a
    measurement, or what a topic of the state of measurement (`part_id`) lacks, or neither."""

    __tablename__ = "programme_action"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    measurement_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme_measurement.id"), index=True)
    gap: Mapped[str] = mapped_column(default="")
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme_part.id"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    cost: Mapped[Decimal | None]
    state: Mapped[str] = mapped_column(default="open")
    done_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")
    effect: Mapped[str] = mapped_column(default="")
    effect_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    programme: Mapped[Programme] = relationship(back_populates="actions", lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('open','done','dropped')", name="state"),
        sa.CheckConstraint("effect IN ('','effective','partly','ineffective')", name="effect"),
    )


class ProgrammeExpert(Base):
    """A member of the expert group: of the laboratory or of another body."""

    __tablename__ = "programme_expert"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    name: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    decision: Mapped[str] = mapped_column(default="")
    programme: Mapped[Programme] = relationship(back_populates="experts", lazy="joined", innerjoin=True)
    __table_args__ = (sa.CheckConstraint("role IN ('leader','secretary','member')", name="role"),)


class ProgrammeNumbering(Base):
    """How the papers of a kind are numbered in a year, and the next number; moved in the issuing transaction."""

    __tablename__ = "programme_numbering"
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pattern: Mapped[str]
    next: Mapped[int] = mapped_column(default=1)
    __table_args__ = (sa.CheckConstraint("kind IN ('programme','result')", name="kind"),)


class _Frozen:
    """A numbered paper: its frozen record and the PDF drawn from that record alone; never changed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    issued_on: Mapped[date]
    record: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    digest: Mapped[str]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))


class ProgrammeDocument(_Frozen, Base):
    """An issued programme."""

    __tablename__ = "programme_document"
    programme: Mapped[Programme] = relationship(back_populates="document", lazy="joined", innerjoin=True)
    file: Mapped[StoredFile] = relationship()
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class ProgrammeResult(_Frozen, Base):
    """The report on what came of a programme, issued when it ends."""

    __tablename__ = "programme_result"
    programme: Mapped[Programme] = relationship(back_populates="result", lazy="joined", innerjoin=True)
    file: Mapped[StoredFile] = relationship()
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
