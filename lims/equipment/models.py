"""Reference standards: register, states, certificates with their values, schedules (ISO/IEC 17025 6.4, 6.5)."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base
from lims.shared.files import StoredFile
from lims.shared.word_index import index_words

STATES = ("in_use", "out_for_calibration", "quarantined", "out_of_service", "retired")
LEVELS = ("reference", "working", "check")
ROUTES = ("cipm_mra", "ilac_mra", "designated", "internal", "other")
DUTIES = ("calibration", "intermediate_check", "maintenance")
INTERVAL_UNITS = ("days", "weeks", "months", "years", "hours", "uses")
STATED = ("value", "correction")

certificate_parent = sa.Table(
    "standard_certificate_parent", Base.metadata,
    sa.Column("certificate_id", sa.ForeignKey("standard_certificate.id"), primary_key=True),
    sa.Column("standard_id", sa.ForeignKey("standard.id"), primary_key=True, index=True),
)


class Standard(Base):
    """An instrument or artefact of the laboratory that others are measured against.

    `unit` is that of its range; `drift_half_width`, `resolution` and `mpe` are in `spread_unit` ("" = `unit`). These
    describe its first function, others stand in `functions`. `parts` are standards of their own that it consists of;
    from the day `parts_from` on the values of its first function are those of their certificates (weights of a set).
    `lot` and `expires_on` are those of a reference material; temperature (°C) and humidity (%) limit where it may be
    used. `awaits_check`: not yet passed its check before first use (6.4.4), and out of service until then."""

    __tablename__ = "standard"
    id: Mapped[int] = mapped_column(primary_key=True)
    asset_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    quantity: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="")
    maker: Mapped[str] = mapped_column(default="")
    model: Mapped[str] = mapped_column(default="")
    serial: Mapped[str]
    accuracy: Mapped[str] = mapped_column(default="")
    unit: Mapped[str]
    range_low: Mapped[Decimal | None]
    range_high: Mapped[Decimal | None]
    range_text: Mapped[str] = mapped_column(default="")
    spread_unit: Mapped[str] = mapped_column(default="")
    drift_half_width: Mapped[Decimal | None]
    resolution: Mapped[Decimal | None]
    mpe: Mapped[Decimal | None]
    level: Mapped[str] = mapped_column(default="working")
    location: Mapped[str] = mapped_column(default="")
    custodian_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = mapped_column(default="in_use", index=True)
    note: Mapped[str] = mapped_column(default="")
    software: Mapped[str] = mapped_column(default="")
    lot: Mapped[str] = mapped_column(default="")
    expires_on: Mapped[date | None]
    acquired_on: Mapped[date | None]
    price: Mapped[Decimal | None]
    temperature_low: Mapped[Decimal | None]
    temperature_high: Mapped[Decimal | None]
    humidity_low: Mapped[Decimal | None]
    humidity_high: Mapped[Decimal | None]
    awaits_check: Mapped[bool] = mapped_column(default=False)
    part_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    parts_from: Mapped[date | None]
    created_at: Mapped[datetime]
    search: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    custodian: Mapped[User | None] = relationship(lazy="joined")
    certificates: Mapped[list[StandardCertificate]] = relationship(
        back_populates="standard", order_by="StandardCertificate.calibrated_on.desc(), StandardCertificate.id.desc()")
    schedules: Mapped[list[Schedule]] = relationship(back_populates="standard", order_by="Schedule.id")
    functions: Mapped[list[StandardFunction]] = relationship(back_populates="standard", order_by="StandardFunction.id")
    part_of: Mapped[Standard | None] = relationship(remote_side=[id], back_populates="parts")
    parts: Mapped[list[Standard]] = relationship(back_populates="part_of", order_by="Standard.asset_number")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('in_use','out_for_calibration','quarantined','out_of_service','retired')",
                           name="state"),
        sa.CheckConstraint("level IN ('reference','working','check')", name="level"),
    )

    def __str__(self) -> str:
        return self.asset_number


class StandardFunction(Base):
    """A further quantity or range of a standard (a multifunction calibrator), with values of its own.

    The standard's own columns describe its first function; certificates name the function they are about. Units as in
    `Standard`. A function that is no longer calibrated is switched off; its certificates stay."""

    __tablename__ = "standard_function"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    name: Mapped[str]
    quantity: Mapped[str] = mapped_column(index=True)
    accuracy: Mapped[str] = mapped_column(default="")
    unit: Mapped[str]
    range_low: Mapped[Decimal | None]
    range_high: Mapped[Decimal | None]
    range_text: Mapped[str] = mapped_column(default="")
    spread_unit: Mapped[str] = mapped_column(default="")
    drift_half_width: Mapped[Decimal | None]
    resolution: Mapped[Decimal | None]
    mpe: Mapped[Decimal | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[Standard] = relationship(back_populates="functions")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.UniqueConstraint("standard_id", "name"),)


class StandardStateChange(Base):
    """Why a standard left or re-entered service; never changed (6.4.9, 6.4.13 h)."""

    __tablename__ = "standard_state_change"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    state: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class StandardCertificate(Base):
    """One calibration certificate of a standard. Two time axes: `calibrated_on` (when its values apply from) and
    `entered_at` (when the laboratory knew). Never edited: a corrected entry supersedes the earlier one.

    Its table is in `unit`, with U (and corrections) in `spread_unit` ("" = `unit`); `stated` says whether rows give
    values or corrections, `function_id` which function it is about (None: the first), `correlation` how its
    neighbouring points correlate (None: not stated, taken as 1). `parents` are our own standards it was calibrated
    with (route "internal"). `dot_means` is the answer given when a number such as "1.400" was ambiguous. A `void` row
    takes back the one it supersedes."""

    __tablename__ = "standard_certificate"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    number: Mapped[str]
    issuer: Mapped[str]
    accreditation: Mapped[str] = mapped_column(default="")
    route: Mapped[str]
    traceable_to: Mapped[str] = mapped_column(default="")
    calibrated_on: Mapped[date]
    valid_to: Mapped[date | None]
    unit: Mapped[str]
    spread_unit: Mapped[str] = mapped_column(default="")
    function_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard_function.id"))
    correlation: Mapped[Decimal | None]
    stated: Mapped[str] = mapped_column(default="value")
    dot_means: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard_certificate.id"), unique=True)
    reason: Mapped[str] = mapped_column(default="")
    void: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    standard: Mapped[Standard] = relationship(back_populates="certificates")
    entered_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship()
    function: Mapped[StandardFunction | None] = relationship(lazy="joined")
    values: Mapped[list[StandardValue]] = relationship(
        back_populates="certificate", order_by="StandardValue.position", lazy="selectin")
    parents: Mapped[list[Standard]] = relationship(secondary=certificate_parent, order_by="Standard.asset_number")
    __table_args__ = (
        sa.CheckConstraint("route IN ('cipm_mra','ilac_mra','designated','internal','other')", name="route"),
        sa.CheckConstraint("stated IN ('value','correction')", name="stated"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= calibrated_on", name="validity"),
        sa.CheckConstraint("supersedes_id IS NULL OR reason <> ''", name="correction_reason"),
    )


class StandardValue(Base):
    """One row of a standard's certificate: at `nominal` the reference `value` or the `correction` (value = nominal +
    correction), with U at k. Texts keep the digits as typed; `stated_text` is the value or the correction."""

    __tablename__ = "standard_value"
    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("standard_certificate.id"), index=True)
    position: Mapped[int]
    nominal_text: Mapped[str]
    stated_text: Mapped[str]
    uncertainty_text: Mapped[str]
    coverage_text: Mapped[str]
    nominal: Mapped[Decimal]
    value: Mapped[Decimal | None]
    correction: Mapped[Decimal | None]
    uncertainty: Mapped[Decimal]
    coverage_factor: Mapped[Decimal]
    certificate: Mapped[StandardCertificate] = relationship(back_populates="values")
    __table_args__ = (
        sa.UniqueConstraint("certificate_id", "position"),
        sa.CheckConstraint("(value IS NULL) <> (correction IS NULL)", name="stated"),
    )


class Schedule(Base):
    """A recurring duty on a standard: what, how often, when last done, who must act, and what it costs outside.

    A standard has one unnamed schedule for each duty, and more under a `label` ("cleaning", "battery"). The interval is
    of the calendar, or of use (hours, uses: `used` since it was last done, from sheets and the use log). `due_on` is
    kept: for use it is the day the limit was reached, or the one forecast. `responsible_id` None: the custodian acts.
    `cost` is in đồng for one time."""

    __tablename__ = "schedule"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    duty: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    interval_count: Mapped[int]
    interval_unit: Mapped[str] = mapped_column(default="months")
    last_done_on: Mapped[date | None]
    due_on: Mapped[date | None] = mapped_column(index=True)
    used: Mapped[Decimal | None]
    active: Mapped[bool] = mapped_column(default=True)
    responsible_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    team: Mapped[str] = mapped_column(default="")
    provider: Mapped[str] = mapped_column(default="")
    cost: Mapped[Decimal | None]
    version: Mapped[int] = mapped_column(default=1)
    standard: Mapped[Standard] = relationship(back_populates="schedules")
    responsible: Mapped[User | None] = relationship()
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("duty IN ('calibration','intermediate_check','maintenance')", name="duty"),
        sa.CheckConstraint("interval_unit IN ('days','weeks','months','years','hours','uses')", name="unit"),
        sa.CheckConstraint("interval_count > 0", name="count"),
        sa.UniqueConstraint("standard_id", "duty", "label"),
        sa.Index("ix_schedule_order", "duty", "label", "due_on", "standard_id"),
    )

    @property
    def acts(self) -> User | None:
        """Who must act: the person named here, else the standard's custodian."""
        return self.responsible or self.standard.custodian


class UseRecord(Base):
    """Hours or times that a standard was used, as logged; never changed: a slip is set right by an opposite entry.

    `readout`: what its hour meter showed at the end of the day; such an entry has no amount of its own.
    `beside_sheets`: typed when sheets counted by themselves, as what came beside them; otherwise it tells them too."""

    __tablename__ = "use_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    used_on: Mapped[date]
    unit: Mapped[str]
    amount: Mapped[Decimal]
    readout: Mapped[Decimal | None]
    beside_sheets: Mapped[bool] = mapped_column(default=True, server_default=sa.false())
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.CheckConstraint("unit IN ('hours','uses')", name="unit"),
        sa.Index("ix_use_record_standard", "standard_id", "unit", "used_on"),
    )


class DutyRecord(Base):
    """A check or maintenance that was done, with its outcome (6.4.10, 6.4.13 g); never changed."""

    __tablename__ = "duty_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    duty: Mapped[str]
    label: Mapped[str | None]
    done_on: Mapped[date]
    passed: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.CheckConstraint("duty IN ('intermediate_check','maintenance')", name="duty"),)


index_words(Standard, "standard")
