"""Surveys of instruments at enterprises: the form in its versions, the visit, a row an instrument, photographs."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.jobs.models import Job
from lims.shared.db import Base
from lims.shared.files import StoredFile


class SurveyForm(Base):
    """One version of the questions asked at an enterprise; never changed, a survey keeps the one it began with.

    `questions` are {"key", "vi", "en", "kind": "yes_no" | "text" | "number"}, in the order asked."""

    __tablename__ = "survey_form"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    questions: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    __table_args__ = (sa.UniqueConstraint("code", "version"),)


class Survey(Base):
    """One visit. `answers` are texts as typed by key of the form's question; a finished survey never changes."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    form_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_form.id"))
    visited_on: Mapped[date] = mapped_column(index=True)
    team: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    findings: Mapped[str] = mapped_column(default="")
    recommendations: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft", index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    finished_at: Mapped[datetime | None]
    finished_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    form: Mapped[SurveyForm] = relationship(lazy="joined", innerjoin=True)
    created_by: Mapped[User] = relationship(foreign_keys=created_by_id)
    finished_by: Mapped[User | None] = relationship(foreign_keys=finished_by_id)
    rows: Mapped[list[SurveyRow]] = relationship(back_populates="survey", order_by="SurveyRow.position, SurveyRow.id")
    photos: Mapped[list[SurveyPhoto]] = relationship(order_by="SurveyPhoto.id")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("state IN ('draft','finished')", name="state"),)


class SurveyRow(Base):
    """One instrument seen. `key` is given by whoever enters it (a phone without network), `fields` are as typed.

    At the end `instrument_id` names the instrument of the register, `outcome` says how it came there ("new", "same",
    "changed", "kept": seen different, the register stayed), `differences` are {field: [register, survey]}, and
    `advice` is what is recommended. `revision` rises with every change; whoever writes names the one before."""

    __tablename__ = "survey_row"
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"))
    key: Mapped[str]
    position: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    revision: Mapped[int] = mapped_column(default=1)
    instrument_id: Mapped[int | None] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    outcome: Mapped[str] = mapped_column(default="")
    differences: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    advice: Mapped[str] = mapped_column(default="", index=True)
    survey: Mapped[Survey] = relationship(back_populates="rows")
    instrument: Mapped[Instrument | None] = relationship()
    follow_up: Mapped[SurveyFollowUp | None] = relationship(back_populates="row")
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "key"),
        sa.CheckConstraint("outcome IN ('','new','same','changed','kept')", name="outcome"),
    )


class SurveyPhoto(Base):
    """A photograph of the visit or of one row (its key, "" for the visit); never changed, it may be struck out."""

    __tablename__ = "survey_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), index=True)
    row_key: Mapped[str] = mapped_column(default="")
    mark: Mapped[str]
    """Given by the phone: the same photograph sent twice is kept once."""
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_file.id"))
    note: Mapped[str] = mapped_column(default="")
    width: Mapped[int]
    height: Mapped[int]
    taken_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    kept_at: Mapped[datetime]
    struck_because: Mapped[str] = mapped_column(default="")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    taken_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("survey_id", "mark"),)


class SurveyRecord(Base):
    """What a survey said when it was finished, as one canonical text with its SHA-256; append-only."""

    __tablename__ = "survey_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), unique=True)
    statement: Mapped[str] = mapped_column(deferred=True)
    digest: Mapped[str]
    finished_at: Mapped[datetime]
    finished_by: Mapped[str]


class SurveyFollowUp(Base):
    """The job that took up the recommendation of a row."""

    __tablename__ = "survey_follow_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    row_id: Mapped[int] = mapped_column(sa.ForeignKey("survey_row.id"), unique=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), index=True)
    made_at: Mapped[datetime]
    row: Mapped[SurveyRow] = relationship(back_populates="follow_up")
    job: Mapped[Job] = relationship(lazy="joined", innerjoin=True)
