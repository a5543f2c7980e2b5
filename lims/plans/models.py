"""The yearly plan of the province: basis, items, targets, what was done for them, difficulties, disagreements.

Amounts of money are in đồng and may be empty; a plan may have no number and no day while it is a draft.
"""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lims.auth.models import User
from lims.shared.db import Base
from lims.shared.files import StoredFile

STATES = ("draft", "issued", "closed")
ITEM_STATES = ("open", "done", "dropped")
COMPARATORS = (">=", ">", "=", "<=", "<")


class Plan(Base):
    """One plan of one year. Texts of several lines: `goals`, `recipients`; `superior` and `issuer` head its reports.

    `dated` is the date as written while the day is open ("ngày … tháng 01 năm 2024")."""

    __tablename__ = "plan"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    dated: Mapped[str] = mapped_column(default="")
    superior: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    signed_for: Mapped[str] = mapped_column(default="")
    signer_title: Mapped[str] = mapped_column(default="")
    signer_name: Mapped[str] = mapped_column(default="")
    goals: Mapped[str] = mapped_column(default="")
    recipients: Mapped[str] = mapped_column(default="")
    funding: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="draft")
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    basis: Mapped[list[PlanBasis]] = relationship(order_by="PlanBasis.position")
    items: Mapped[list[PlanItem]] = relationship(back_populates="plan", order_by="PlanItem.position, PlanItem.id")
    discrepancies: Mapped[list[PlanDiscrepancy]] = relationship(order_by="PlanDiscrepancy.id")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.UniqueConstraint("year", "title"),
        sa.CheckConstraint("state IN ('draft','issued','closed')", name="state"),
    )


class PlanBasis(Base):
    """A legal document that the plan stands on."""

    __tablename__ = "plan_basis"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    number: Mapped[str]
    issued_on: Mapped[date | None]
    title: Mapped[str]


class PlanItem(Base):
    """A row of the annex: a heading (no targets of its own) or a task. `text`, `deliverable`, `lead`, `coordinating`,
    `schedule`, `funding` are printed as written; `starts_on` to `ends_on` is the time that its targets count over."""

    __tablename__ = "plan_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    position: Mapped[int]
    mark: Mapped[str] = mapped_column(default="")
    heading: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str]
    deliverable: Mapped[str] = mapped_column(default="")
    lead: Mapped[str] = mapped_column(default="")
    coordinating: Mapped[str] = mapped_column(default="")
    schedule: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    funding: Mapped[str] = mapped_column(default="")
    planned_amount: Mapped[Decimal | None]
    allotted_amount: Mapped[Decimal | None]
    spent_amount: Mapped[Decimal | None]
    carried_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    state: Mapped[str] = mapped_column(default="open")
    state_reason: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    plan: Mapped[Plan] = relationship(back_populates="items", lazy="joined", innerjoin=True)
    carried_from: Mapped[PlanItem | None] = relationship(remote_side=[id])
    targets: Mapped[list[PlanTarget]] = relationship(back_populates="item",
                                                     order_by="PlanTarget.position, PlanTarget.id")
    entries: Mapped[list[PlanEntry]] = relationship(order_by="PlanEntry.on.desc(), PlanEntry.id.desc()")
    difficulties: Mapped[list[PlanDifficulty]] = relationship(order_by="PlanDifficulty.id.desc()")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        sa.CheckConstraint("state IN ('open','done','dropped')", name="state"),
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
    )


class PlanTarget(Base):
    """A number to reach: `measure` is the code of what counts it; "" or unknown: the entries of this target count."""

    __tablename__ = "plan_target"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    measure: Mapped[str] = mapped_column(default="")
    comparator: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str]
    dropped: Mapped[bool] = mapped_column(default=False)
    carried_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_target.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    item: Mapped[PlanItem] = relationship(back_populates="targets", lazy="joined", innerjoin=True)
    overrides: Mapped[list[PlanOverride]] = relationship(order_by="PlanOverride.id.desc()")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (sa.CheckConstraint("comparator IN ('>=','>','=','<=','<')", name="comparator"),)


class PlanOverride(Base):
    """Somebody put another number in the place of the computed one, and why; None takes it back; never changed."""

    __tablename__ = "plan_override"
    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_target.id"), index=True)
    value: Mapped[Decimal | None]
    computed: Mapped[Decimal | None]
    reason: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    __table_args__ = (sa.CheckConstraint("reason <> ''", name="reason"),)


class PlanEntry(Base):
    """Something that was done, dated, with its evidence: a file or a link. Without evidence its quantity does not
    count. A wrong entry is struck out with a reason, never removed."""

    __tablename__ = "plan_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_target.id"), index=True)
    on: Mapped[date] = mapped_column("happened_on")
    text: Mapped[str]
    quantity: Mapped[Decimal | None]
    link: Mapped[str] = mapped_column(default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str] = mapped_column(default="")
    by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship()
    target: Mapped[PlanTarget | None] = relationship()

    @property
    def has_evidence(self) -> bool:
        return bool(self.file_id or self.link)


class PlanPurchase(Base):
    """Equipment (a purchase of the coverage of the list) that is bought under an item of a plan."""

    __tablename__ = "plan_purchase"
    purchase_id: Mapped[int] = mapped_column(sa.ForeignKey("coverage_purchase.id"), primary_key=True,
                                             autoincrement=False)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    item: Mapped[PlanItem] = relationship(lazy="joined", innerjoin=True)


class PlanDifficulty(Base):
    """What stands in the way of an item, to whom it was taken, how it ended."""

    __tablename__ = "plan_difficulty"
    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    raised_on: Mapped[date]
    raised_by_id: Mapped[int] = mapped_column(sa.ForeignKey("user_account.id"))
    text: Mapped[str]
    escalated_to: Mapped[str] = mapped_column(default="")
    escalated_on: Mapped[date | None]
    resolution: Mapped[str] = mapped_column(default="")
    resolved_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    raised_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    item: Mapped[PlanItem] = relationship(back_populates="difficulties", lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": version}


class PlanDiscrepancy(Base):
    """Two places of the plan's text disagree. It is shown until somebody says what holds; the text stays as it is."""

    __tablename__ = "plan_discrepancy"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_item.id"), index=True)
    one_place: Mapped[str]
    one_says: Mapped[str]
    other_place: Mapped[str]
    other_says: Mapped[str]
    settled: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user_account.id"))
    item: Mapped[PlanItem | None] = relationship()
    settled_by: Mapped[User | None] = relationship()
