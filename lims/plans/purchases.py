"""Equipment bought under an item of the plan: bought → in the register and commissioned → row of the list covered."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for

from lims.auth.models import User
from lims.plans import service
from lims.plans.models import PlanItem, PlanPurchase
from lims.plans.service import named
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.surveys import coverage
from lims.surveys import purchases as bought
from lims.surveys.coverage_models import Purchase


@dataclass(frozen=True)
class Step:
    """One thing bought, and the row of the list that it was bought for as it stands today: "covered", "partly",
    "none"; "" where the list has the row no longer."""

    purchase: Purchase
    row: str


def of_item(item_id: int) -> list[Step]:
    """What was bought under an item, in the order entered."""
    rows = list(session().scalars(sa.select(Purchase).join(PlanPurchase, PlanPurchase.purchase_id == Purchase.id)
                                  .where(PlanPurchase.item_id == item_id).order_by(Purchase.id)).unique())
    if not rows:
        return []
    found = coverage.coverage(clock.today(), {row.item for row in rows})
    states = {one.basis.row.item: one.state for one in found}
    return [Step(row, states.get(row.item, "")) for row in rows]


def unlinked() -> list[Purchase]:
    """Purchases that no item of a plan names, the newest first."""
    return list(session().scalars(sa.select(Purchase).where(
        ~sa.exists().where(PlanPurchase.purchase_id == Purchase.id)).order_by(Purchase.id.desc()).limit(200)).unique())


def link(item_id: int, purchase_id: int, *, by: User) -> None:
    """Say that this was bought under the item. Raises Invalid at `purchase_id`, Conflict for a closed plan."""
    with write("plan.purchase", actor=named(by)) as current:
        row = _task(item_id)
        if current.get(Purchase, purchase_id, with_for_update={"of": Purchase}) is None:  # two who link it wait here
            raise Invalid("Không có thiết bị này.", "No such equipment.", "purchase_id")
        _link(row, purchase_id, by)


def buy(item_id: int, legal_item: str, values: Mapping[str, object], *, by: User) -> None:
    """Enter equipment for a row of the list and link it to the item, both or neither. Raises as `purchases.save`."""
    with write("plan.buy", actor=named(by)):
        row = _task(item_id)
        reference = f"{row.plan.title}, {row.mark or row.text}"[:200]
        try:
            made = bought.put(None, legal_item, {**values, "plan_reference": reference}, by)
        except NotFound:
            raise Invalid("Danh mục không có dòng này.", "The list has no such row.", "legal_item") from None
        _link(row, made.id, by)


def unlink(purchase_id: int, *, by: User) -> int:
    """It was not bought under that item after all; the purchase itself stays. Returns the item's id."""
    with write("plan.unlink_purchase", actor=named(by)) as current:
        row = current.get(PlanPurchase, purchase_id)
        if row is None:
            raise NotFound("Thiết bị này không gắn với nhiệm vụ nào.", "This equipment is linked to no item.")
        item_id = row.item_id
        service.open_plan(service.item(item_id).plan_id)
        current.delete(row)
    return item_id


def sources(purchase_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Purchase -> (words, address) of the plan's item under which it was bought."""
    rows = session().scalars(sa.select(PlanPurchase).where(PlanPurchase.purchase_id.in_(purchase_ids)))
    return {row.purchase_id: (f"{row.item.plan.title}, {row.item.mark or row.item.text}",
                              url_for("plans.item", item_id=row.item_id)) for row in rows}


def _task(item_id: int) -> PlanItem:
    row = service.item(item_id)
    service.open_plan(row.plan_id)
    if row.heading:
        raise Conflict("Dòng tiêu đề không có mua sắm.", "A heading buys nothing.")
    return row


def _link(row: PlanItem, purchase_id: int, by: User) -> None:
    if session().get(PlanPurchase, purchase_id) is not None:
        raise Invalid("Thiết bị này đã gắn với một nhiệm vụ.", "This equipment is linked to an item already.",
                      "purchase_id")
    session().add(PlanPurchase(purchase_id=purchase_id, item_id=row.id, at=clock.now(), by_id=by.id))
