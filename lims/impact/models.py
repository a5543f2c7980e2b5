"""Impact reviews and what they recomputed, intermediate checks, interval decisions, interlaboratory comparisons.

ISO/IEC 17025 6.4.9, 6.4.10, 7.7 and 7.10.
"""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.customers.models import Customer
from lims.equipment.models import DutyRecord, Standard, StandardCertificate
from lims.jobs.models import Result
from lims.shared import bulk_trail
from lims.shared.db import Base
from lims.shared.files import StoredFile

REVIEW_STATES = ("open", "decided", "closed")
SIGNIFICANCES = ("none", "minor", "major")
DECISIONS = ("acceptable", "inform", "recall")


class CheckPlan(Base):
    """How a standard is checked between calibrations: a check standard, readings, and what they are judged by.

    `method` "shewhart": a chart about `centre` with `sigma` (of the mean of `repeats`); "en": |E_n| <= 1 against the
    check standard's `reference_value` with U. `action_limit` is the greatest |mean - centre| in either case.
    `reads` says what is read: the "value" of the standard, or its "indication" of the artefact (None: not stated)."""

    __tablename__ = "check_plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    title: Mapped[str]
    artefact: Mapped[str]
    check_standard_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    point: Mapped[str] = mapped_column(default="")
    unit: Mapped[str]
    repeats: Mapped[int]
    method: Mapped[str]
    reads: Mapped[str | None]
    centre: Mapped[Decimal]
    sigma: Mapped[Decimal | None]
    reference_uncertainty: Mapped[Decimal | None]
    own_uncertainty: Mapped[Decimal | None]
    action_limit: Mapped[Decimal | None]
    rules: Mapped[str] = mapped_column(default="1")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[Standard] = relationship(foreign_keys=standard_id)
    check_standard: Mapped[Standard | None] = relationship(foreign_keys=check_standard_id)
    runs: Mapped[list[CheckRun]] = relationship(back_populates="plan", order_by="CheckRun.done_on, CheckRun.id")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("method IN ('shewhart','en')", name="method"),
        sa.CheckConstraint("reads IN ('value','indication')", name="reads"),
        sa.CheckConstraint("repeats BETWEEN 1 AND 30", name="repeats"),
    )


class CheckRun(Base):
    """One check that was done, its readings as typed and its judgement; never changed."""

    __tablename__ = "check_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("check_plan.id"), index=True)
    duty_record_id: Mapped[int] = mapped_column(sa.ForeignKey("duty_record.id"), unique=True)
    done_on: Mapped[date]
    readings: Mapped[list[str]] = mapped_column(sa.JSON)
    mean: Mapped[Decimal]
    centre: Mapped[Decimal]
    sigma: Mapped[Decimal | None]
    score: Mapped[Decimal | None]
    passed: Mapped[bool]
    findings: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    plan: Mapped[CheckPlan] = relationship(back_populates="runs")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class ImpactReview(Base):
    """What a failed check or a certificate means for results already given: nonconforming work, perhaps (7.10).

    Results measured from `since` through `until` with the standard are recomputed with the values of `certificate_id`
    (None: those they used), shifted by `shift`, with the drift widened to `half_width` (both in the standard's spread
    unit). `number` counts reviews of a year."""

    __tablename__ = "impact_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    cause: Mapped[str]
    what: Mapped[str]
    duty_record_id: Mapped[int | None] = mapped_column(sa.ForeignKey("duty_record.id"), unique=True)
    trigger_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard_certificate.id"), unique=True)
    since: Mapped[date]
    until: Mapped[date]
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard_certificate.id"))
    shift: Mapped[Decimal]
    half_width: Mapped[Decimal | None]
    state: Mapped[str] = mapped_column(default="open", index=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    run: Mapped[int] = mapped_column(default=0)
    recomputed_at: Mapped[datetime | None]
    examined: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    flipped: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    significance: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    evaluation: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    resumption: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[Standard] = relationship()
    duty_record: Mapped[DutyRecord | None] = relationship()
    trigger: Mapped[StandardCertificate | None] = relationship(foreign_keys=trigger_id)
    certificate: Mapped[StandardCertificate | None] = relationship(foreign_keys=certificate_id)
    opened_by: Mapped[User] = relationship(foreign_keys=opened_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("cause IN ('failed_check','certificate','suspicion')", name="cause"),
        sa.CheckConstraint("state IN ('open','decided','closed')", name="state"),
    )


class ImpactItem(Base):
    """One result recomputed in one run of a review; the result itself is never touched. Never changed.

    `rows` are the points that differ: old and new value, U and verdict as they would be printed."""

    __tablename__ = "impact_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("impact_review.id"))
    run: Mapped[int]
    result_id: Mapped[int] = mapped_column(sa.ForeignKey("result.id"), index=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    old_verdict: Mapped[str]
    new_verdict: Mapped[str]
    grade: Mapped[int]
    greatest_change: Mapped[float | None]
    message: Mapped[str] = mapped_column(default="")
    rows: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    result: Mapped[Result] = relationship()
    customer: Mapped[Customer] = relationship()
    __table_args__ = (
        sa.UniqueConstraint("review_id", "run", "result_id"),
        sa.Index("ix_impact_item_order", "review_id", "run", "grade", "id"),
        sa.CheckConstraint("grade BETWEEN 0 AND 3", name="grade"),
    )


bulk_trail.register(ImpactItem, batch=("review_id", "run"), part=lambda row: f"result {row['result_id']}")


class ImpactNotice(Base):
    """A customer was told of a review's outcome: how, when, by whom; never changed."""

    __tablename__ = "impact_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(sa.ForeignKey("impact_review.id"), index=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"))
    how: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.UniqueConstraint("review_id", "customer_id"),)


class IntervalDecision(Base):
    """A person decided the next calibration interval, on what basis and why; never changed (ILAC-G24)."""

    __tablename__ = "interval_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    method: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    proposed_days: Mapped[int | None]
    old_count: Mapped[int]
    old_unit: Mapped[str]
    new_count: Mapped[int]
    new_unit: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Comparison(Base):
    """One point (`measurand`) of a round of an interlaboratory comparison or proficiency test: planned, then scored
    (7.7.2). Points of one round share its provider and code."""

    __tablename__ = "comparison"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    provider: Mapped[str]
    accreditation: Mapped[str] = mapped_column(default="")
    procedure_code: Mapped[str] = mapped_column(default="")
    measurand: Mapped[str]
    unit: Mapped[str]
    planned_on: Mapped[date] = mapped_column(index=True)
    responsible_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    measured_on: Mapped[date | None]
    lab_value: Mapped[Decimal | None]
    lab_uncertainty: Mapped[Decimal | None]
    reference_value: Mapped[Decimal | None]
    reference_uncertainty: Mapped[Decimal | None]
    coverage_factor: Mapped[Decimal]
    sigma_pt: Mapped[Decimal | None]
    scores: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    verdict: Mapped[str] = mapped_column(default="")
    evidence_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    responsible: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    evidence: Mapped[StoredFile | None] = relationship()
    actions: Mapped[list[ComparisonAction]] = relationship(back_populates="comparison",
                                                           order_by="ComparisonAction.due_on, ComparisonAction.id")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("provider", "code", "measurand"),
        sa.CheckConstraint("verdict IN ('','satisfactory','questionable','unsatisfactory')", name="verdict"),
    )


class ComparisonAction(Base):
    """What is to be done after a comparison, by whom, until when."""

    __tablename__ = "comparison_action"
    id: Mapped[int] = mapped_column(primary_key=True)
    comparison_id: Mapped[int] = mapped_column(sa.ForeignKey("comparison.id"), index=True)
    text: Mapped[str]
    responsible_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    due_on: Mapped[date] = mapped_column(index=True)
    done_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    comparison: Mapped[Comparison] = relationship(back_populates="actions")
    responsible: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.CheckConstraint("done_on IS NULL OR outcome <> ''", name="outcome"),)
