"""Into the next year: a draft plan with the items that go on or were not achieved, linked with where they come from."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date

from lims.auth.models import User
from lims.plans import rules, service
from lims.plans.models import Plan, PlanItem, PlanTarget
from lims.plans.progress import PlanProgress, plan_progress
from lims.plans.service import named
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid

_KEPT = ("superior", "issuer", "place", "signed_for", "signer_title", "signer_name", "goals", "recipients", "funding")
_ITEM = ("position", "mark", "heading", "text", "deliverable", "lead", "coordinating", "funding")


def to_carry(progress: PlanProgress) -> list[PlanItem]:
    """The tasks that go over: still to be done, or lasting beyond the year."""
    return [one.item for one in progress.items if one.counts and one.item.state == "open" and rules.carried(
        [target.standing for target in one.targets], one.item.ends_on, progress.plan.year)]


def carry_over(plan_id: int, item_ids: Collection[int], *, title: str, by: User) -> Plan:
    """A draft for the year after with these items, their headings and targets.

    A carried item counts from its first beginning, and money is entered anew. Raises Conflict or Invalid.
    """
    if not title.strip():
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "title")
    with write("plan.carry_over", actor=named(by)) as current:
        old = service.plan(plan_id)
        known = {one.id for one in old.items if not one.heading}
        if not item_ids or not set(item_ids) <= known:
            raise Invalid("Hãy chọn nhiệm vụ chuyển tiếp.", "Choose the items to carry over.", "items")
        if any(one.year == old.year + 1 and one.title == title for one in service.plans()):
            raise Conflict("Năm sau đã có kế hoạch tên như vậy.", "The next year has a plan of this name already.")
        new = Plan(year=old.year + 1, title=title, created_at=clock.now(),
                   **{name: getattr(old, name) for name in _KEPT})
        current.add(new)
        current.flush()
        for item in _with_headings(old, item_ids):
            current.add(_copied(item, new))
    return new


def outlook(plan: Plan) -> list[PlanItem]:
    """What would be carried over today."""
    return to_carry(plan_progress(plan, clock.today()))


def descendants(item_id: int) -> list[PlanItem]:
    """Items that were carried over from this one."""
    return list(session().query(PlanItem).filter(PlanItem.carried_from_id == item_id))


def _with_headings(plan: Plan, item_ids: Collection[int]) -> list[PlanItem]:
    """The chosen items, each group under its heading."""
    kept: list[PlanItem] = []
    heading: PlanItem | None = None
    for item in plan.items:
        if item.heading:
            heading = item
        elif item.id in item_ids:
            if heading is not None:
                kept.append(heading)
                heading = None
            kept.append(item)
    return kept


def _copied(item: PlanItem, new: Plan) -> PlanItem:
    values = {name: getattr(item, name) for name in _ITEM}
    if item.heading:
        return PlanItem(plan_id=new.id, starts_on=date(new.year, 1, 1), ends_on=date(new.year, 12, 31), **values)
    targets = [PlanTarget(position=one.position, title=one.title, measure=one.measure, comparator=one.comparator,
                          quantity=one.quantity, unit=one.unit, carried_from_id=one.id)
               for one in item.targets if not one.dropped]
    return PlanItem(plan_id=new.id, starts_on=item.starts_on, ends_on=max(item.ends_on, date(new.year, 12, 31)),
                    schedule=f"Chuyển tiếp từ năm {item.plan.year}", carried_from_id=item.id, targets=targets, **values)
