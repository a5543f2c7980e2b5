"""Use cases of the plan's text: plans, their basis, items and targets."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from lims.auth.models import User
from lims.plans.models import COMPARATORS, ITEM_STATES, Plan, PlanBasis, PlanItem, PlanTarget
from lims.shared import clock
from lims.shared.db import Base, session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_seen, require_version


@dataclass(frozen=True, kw_only=True)
class BasisLine:
    """One legal document: number, day (may be unknown), title."""

    number: str
    issued_on: date | None
    title: str


@dataclass(frozen=True, kw_only=True)
class PlanDetails:
    """The text around the annex, cleaned. `basis` in the order printed."""

    year: int
    title: str
    number: str = ""
    issued_on: date | None = None
    dated: str = ""
    superior: str = ""
    issuer: str = ""
    place: str = ""
    signed_for: str = ""
    signer_title: str = ""
    signer_name: str = ""
    goals: str = ""
    recipients: str = ""
    funding: str = ""
    basis: Sequence[BasisLine] = ()


@dataclass(frozen=True, kw_only=True)
class ItemDetails:
    """One row of the annex as written; amounts in đồng."""

    text: str
    starts_on: date
    ends_on: date
    position: int = 0
    mark: str = ""
    heading: bool = False
    deliverable: str = ""
    lead: str = ""
    coordinating: str = ""
    schedule: str = ""
    funding: str = ""
    planned_amount: Decimal | None = None
    allotted_amount: Decimal | None = None
    spent_amount: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class TargetDetails:
    """A number to reach."""

    title: str
    comparator: str
    quantity: Decimal
    unit: str
    measure: str = ""


def plans() -> Sequence[Plan]:
    """Every plan, newest year first."""
    return session().scalars(sa.select(Plan).order_by(Plan.year.desc(), Plan.id)).all()


_TARGETS = selectinload(Plan.items).selectinload(PlanItem.targets)
_WHOLE = (selectinload(Plan.basis), _TARGETS.selectinload(PlanTarget.overrides),
          selectinload(Plan.items).selectinload(PlanItem.difficulties), selectinload(Plan.discrepancies))


def newest_plans(number: int, skip: int = 0) -> Sequence[Plan]:
    """Plans, the newest year first, with everything that their pages show, in a fixed number of queries."""
    return session().scalars(sa.select(Plan).order_by(Plan.year.desc(), Plan.id).offset(skip).limit(number)
                             .options(*_WHOLE)).all()


def plan(plan_id: int) -> Plan:
    """The plan with everything that its page shows, in a fixed number of queries; or NotFound."""
    found = session().scalar(sa.select(Plan).where(Plan.id == plan_id).options(*_WHOLE))
    if found is None:
        raise NotFound("Không có kế hoạch này.", "No such plan.")
    return found


def plan_of_year(year: int) -> Plan | None:
    """The first plan of a year that is not closed, else the first."""
    found = session().scalar(sa.select(Plan.id).where(Plan.year == year)
                             .order_by(Plan.state == "closed", Plan.id).limit(1))
    return plan(found) if found is not None else None


def item(item_id: int) -> PlanItem:
    """The item, or NotFound."""
    return _found(PlanItem, item_id, "Không có nhiệm vụ này.", "No such item.")


def target(target_id: int) -> PlanTarget:
    """The target, or NotFound."""
    return _found(PlanTarget, target_id, "Không có chỉ tiêu này.", "No such target.")


def create_plan(details: PlanDetails, *, by: User) -> Plan:
    """A new draft. Raises Invalid at its fields."""
    _check_plan(details)
    with write("plan.create", actor=named(by)) as current:
        row = Plan(created_at=clock.now(), **_columns(details, "basis"))
        current.add(row)
        _flush(current)
        _set_basis(current, row, details.basis)
    return row


def change_plan(plan_id: int, details: PlanDetails, *, version: int, by: User) -> None:
    """Change the text around the annex."""
    _check_plan(details)
    with write("plan.change", actor=named(by)) as current:
        row = open_plan(plan_id)
        require_version(row, version)
        for name, value in _columns(details, "basis").items():
            setattr(row, name, value)
        _flush(current)
        _set_basis(current, row, details.basis)


def set_state(plan_id: int, state: str, *, by: User) -> None:
    """draft -> issued -> closed; a closed plan may be opened again. A plan is issued with at least one target."""
    allowed = {("draft", "issued"), ("issued", "closed"), ("closed", "issued")}
    with write(f"plan.{state}", actor=named(by)) as current:
        row = current.get(Plan, plan_id, populate_existing=True)
        if row is None:
            raise NotFound("Không có kế hoạch này.", "No such plan.")
        if (row.state, state) not in allowed:
            raise Conflict("Kế hoạch đã ở trạng thái khác; hãy tải lại trang.",
                           "The plan is in another state already; reload the page.")
        if state == "issued" and not any(one.targets for one in row.items):
            raise Conflict("Kế hoạch chưa có chỉ tiêu nào.", "The plan has no target yet.")
        row.state = state


def add_item(plan_id: int, details: ItemDetails, *, by: User) -> PlanItem:
    """A new row of the annex; without a position it stands last."""
    _check_item(details)
    with write("plan.add_item", actor=named(by)) as current:
        row = open_plan(plan_id)
        last = max((one.position for one in row.items), default=0)
        values = _columns(details) | {"position": details.position or last + 10}
        added = PlanItem(plan_id=row.id, **values)
        current.add(added)
        current.flush()
    return added


def change_item(item_id: int, details: ItemDetails, *, version: int, by: User) -> None:
    """Change a row; what it was stands in the audit trail."""
    _check_item(details)
    with write("plan.change_item", actor=named(by)):
        row = item(item_id)
        open_plan(row.plan_id)
        require_version(row, version)
        for name, value in _columns(details).items():
            if name != "position" or value:
                setattr(row, name, value)


def set_item_state(item_id: int, state: str, reason: str, *, by: User, seen: str = "") -> None:
    """Call an item done, dropped, or open again; to drop one or to call it done against its targets wants a reason.

    Raises Conflict when its state is no longer the one that was `seen`."""
    if state not in ITEM_STATES:
        raise Invalid("Hãy chọn trạng thái.", "Choose a state.", "state")
    if not reason.strip():
        raise Invalid("Hãy ghi căn cứ.", "Say on what grounds.", "reason")
    with write(f"plan.item_{state}", actor=named(by), reason=reason):
        row = item(item_id)
        open_plan(row.plan_id)
        require_seen(seen, row.state, "trạng thái của mục này", "the state of this item")
        row.state, row.state_reason = state, reason


def add_target(item_id: int, details: TargetDetails, *, by: User) -> PlanTarget:
    """A further number to reach."""
    _check_target(details)
    with write("plan.add_target", actor=named(by)) as current:
        row = item(item_id)
        open_plan(row.plan_id)
        if row.heading:
            raise Conflict("Dòng tiêu đề không có chỉ tiêu.", "A heading has no target.")
        added = PlanTarget(item_id=row.id, position=len(row.targets) + 1, **_columns(details))
        current.add(added)
        current.flush()
    return added


def change_target(target_id: int, details: TargetDetails, *, version: int, by: User) -> None:
    """Change a target; an override of its value stays."""
    _check_target(details)
    with write("plan.change_target", actor=named(by)):
        row = target(target_id)
        open_plan(row.item.plan_id)
        require_version(row, version)
        for name, value in _columns(details).items():
            setattr(row, name, value)


def open_plan(plan_id: int) -> Plan:
    """The plan as it is now; Conflict when it is closed."""
    row = _found(Plan, plan_id, "Không có kế hoạch này.", "No such plan.")
    if row.state == "closed":
        raise Conflict("Kế hoạch đã đóng; mở lại trước khi sửa.", "The plan is closed; open it again to change it.")
    return row


def named(by: User) -> tuple[str, str]:
    """Who acts, for the audit trail."""
    return str(by.id), by.full_name


def _found(model: type[Base], key: int, vi: str, en: str) -> Any:
    found = session().get(model, key)
    if found is None:
        raise NotFound(vi, en)
    return found


def _columns(details: Any, *without: str) -> dict[str, Any]:
    return {field.name: getattr(details, field.name) for field in fields(details) if field.name not in without}


def _flush(current: Any) -> None:
    try:
        current.flush()
    except IntegrityError as error:
        raise Invalid("Năm này đã có kế hoạch tên như vậy.", "A plan of this name exists for the year.",
                      "title") from error


def _set_basis(current: Any, row: Plan, lines: Sequence[BasisLine]) -> None:
    old = current.scalars(sa.select(PlanBasis).where(PlanBasis.plan_id == row.id).order_by(PlanBasis.position)).all()
    if [(one.number, one.issued_on, one.title) for one in old] == [(one.number, one.issued_on, one.title)
                                                                   for one in lines]:
        return
    for one in old:
        current.delete(one)
    current.add_all(PlanBasis(plan_id=row.id, position=place, number=one.number, issued_on=one.issued_on,
                              title=one.title) for place, one in enumerate(lines, 1))


def _check_plan(details: PlanDetails) -> None:
    if not 2000 <= details.year <= 2199:
        raise Invalid("Năm từ 2000 đến 2199.", "A year from 2000 to 2199.", "year")
    if not details.title.strip():
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "title")


def _check_item(details: ItemDetails) -> None:
    if not details.text.strip():
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "text")
    if details.ends_on < details.starts_on:
        raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "ends_on")
    for name in ("planned_amount", "allotted_amount", "spent_amount"):
        amount = getattr(details, name)
        if amount is not None and (amount < 0 or amount != amount.to_integral_value()):
            raise Invalid("Số tiền là số đồng nguyên, không âm.", "An amount is a whole number of đồng, not negative.",
                          name)


def _check_target(details: TargetDetails) -> None:
    if details.comparator not in COMPARATORS:
        raise Invalid("Hãy chọn dấu so sánh.", "Choose a comparator.", "comparator")
    if details.quantity < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "quantity")
    for name in ("title", "unit"):
        if not getattr(details, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
