"""Jobs, their items, worksheets, and every observation as it was typed (ISO/IEC 17025 7.1, 7.4, 7.5)."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.customers.models import Customer, Instrument
from lims.equipment.models import Standard, StandardCertificate
from lims.shared.db import Base

SERVICES = ("calibration", "verification", "test")
PLACES = ("laboratory", "customer", "field")


class ProcedureVersion(Base):
    """A published procedure file; never changed, jobs keep theirs. `version` counts texts of one edition."""

    __tablename__ = "procedure_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(index=True)
    edition: Mapped[str]
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(unique=True)
    toml: Mapped[str] = mapped_column(deferred=True)
    published_at: Mapped[datetime]
    __table_args__ = (sa.UniqueConstraint("code", "edition", "version"),)


class JobCounter(Base):
    """Next job number of a year; raised in the transaction that creates the job."""

    __tablename__ = "job_counter"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next: Mapped[int]


class Job(Base):
    """One request of one customer: what came in, what was agreed (contract review), when it is promised."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(sa.ForeignKey("customer.id"), index=True)
    place: Mapped[str] = mapped_column(default="laboratory")
    received_on: Mapped[date] = mapped_column(index=True)
    received_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    delivered_by: Mapped[str] = mapped_column(default="")
    promised_on: Mapped[date | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    review_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    customer: Mapped[Customer] = relationship(lazy="joined", innerjoin=True)
    received_by: Mapped[User] = relationship(foreign_keys=received_by_id)
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=reviewed_by_id)
    items: Mapped[list[JobItem]] = relationship(back_populates="job", order_by="JobItem.position")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("place IN ('laboratory','customer','field')", name="place"),)


class JobItem(Base):
    """One instrument in a job: its code for life in the laboratory is job number / position."""

    __tablename__ = "job_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(sa.ForeignKey("job.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(unique=True)
    instrument_id: Mapped[int] = mapped_column(sa.ForeignKey("instrument.id"), index=True)
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"))
    service: Mapped[str]
    regime: Mapped[str] = mapped_column(default="")
    regime_reason: Mapped[str] = mapped_column(default="", server_default="")
    regime_note: Mapped[str] = mapped_column(default="", server_default="")
    decision_rule: Mapped[str] = mapped_column(default="")
    interval_agreed_months: Mapped[int | None]
    condition: Mapped[str] = mapped_column(default="")
    accessories: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="received", index=True)
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    return_reason: Mapped[str] = mapped_column(default="")
    sticker: Mapped[str] = mapped_column(default="", index=True)
    sticker_waived: Mapped[str] = mapped_column(default="", server_default="")
    certificate_waived: Mapped[str] = mapped_column(default="", server_default="")
    handed_over_at: Mapped[datetime | None]
    handed_over_to: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    job: Mapped[Job] = relationship(back_populates="items", lazy="joined", innerjoin=True)
    instrument: Mapped[Instrument] = relationship(lazy="joined", innerjoin=True)
    procedure: Mapped[ProcedureVersion] = relationship()
    assigned_to: Mapped[User | None] = relationship(lazy="joined")
    worksheet: Mapped[Worksheet | None] = relationship(back_populates="item")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("job_id", "position"),
        sa.CheckConstraint("service IN ('calibration','verification','test')", name="service"),
    )


class Worksheet(Base):
    """The sheet of one item. Environment, checks and readings are all cells (see Observation)."""

    __tablename__ = "worksheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("job_item.id"), unique=True)
    performed_on: Mapped[date]
    started_at: Mapped[datetime]
    performed_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    instrument_fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    deviation: Mapped[str] = mapped_column(default="")
    dot_means: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    item: Mapped[JobItem] = relationship(back_populates="worksheet")
    performed_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    standards: Mapped[list[WorksheetStandard]] = relationship(
        back_populates="worksheet", order_by="WorksheetStandard.id",
        primaryjoin="and_(WorksheetStandard.worksheet_id == Worksheet.id, WorksheetStandard.whole_id.is_(None))")
    __mapper_args__ = {"version_id_col": version}


class WorksheetStandard(Base):
    """A standard used in a worksheet, with the version of its certificate valid on the measuring day.

    `parts` of a set or system came along with the whole that was chosen; `Worksheet.standards` are those chosen. A
    whole whose values are those of its parts has no certificate here."""

    __tablename__ = "worksheet_standard"
    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), index=True)
    slot: Mapped[str]
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("standard_certificate.id"), index=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    override_reason: Mapped[str] = mapped_column(default="")
    whole_id: Mapped[int | None] = mapped_column(sa.ForeignKey("worksheet_standard.id"), index=True)
    worksheet: Mapped[Worksheet] = relationship(back_populates="standards")
    parts: Mapped[list[WorksheetStandard]] = relationship(order_by="WorksheetStandard.id", viewonly=True)
    standard: Mapped[Standard] = relationship(lazy="joined", innerjoin=True)
    certificate: Mapped[StandardCertificate | None] = relationship(lazy="joined")
    __table_args__ = (sa.UniqueConstraint("worksheet_id", "slot", "standard_id"),)

    @property
    def certified(self) -> list[tuple[Standard, StandardCertificate]]:
        """Whose certificates give the values: its own, or those of its parts."""
        rows = [self] if self.certificate_id is not None else self.parts
        return [(row.standard, row.certificate) for row in rows if row.certificate is not None]


class Observation(Base):
    """One entry of one cell, exactly as typed; append-only. The next revision of a cell is a correction with a reason.

    Unique (worksheet, cell, revision) is the optimistic lock: two people cannot both write revision n of a cell.
    `cell` is "table/point/column/repeat", "env/<quantity>/start|end", "check/<key>"."""

    __tablename__ = "observation"
    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), index=True)
    cell: Mapped[str]
    revision: Mapped[int]
    text: Mapped[str]
    value: Mapped[Decimal | None]
    unit: Mapped[str]
    source: Mapped[str] = mapped_column(default="typed")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (
        sa.UniqueConstraint("worksheet_id", "cell", "revision"),
        sa.CheckConstraint("revision = 1 OR reason <> ''", name="correction_reason"),
    )


class Result(Base):
    """The evaluation that was submitted: budgets, verdict, engine version, seed; append-only, newest counts."""

    __tablename__ = "result"
    id: Mapped[int] = mapped_column(primary_key=True)
    worksheet_id: Mapped[int] = mapped_column(sa.ForeignKey("worksheet.id"), index=True)
    revision: Mapped[int]
    computed_at: Mapped[datetime]
    engine_version: Mapped[str]
    verdict: Mapped[str]
    evaluation: Mapped[str]
    digest: Mapped[str]
    __table_args__ = (sa.UniqueConstraint("worksheet_id", "revision"),)
