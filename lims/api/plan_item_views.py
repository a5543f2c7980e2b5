"""`/api/v1/plan-items`: tasks of the yearly plan with their targets and how far they are."""
from __future__ import annotations

from functools import partial
from typing import Any, cast

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.named import fields_as
from lims.api.once import created
from lims.api.plan_item_forms import (
    NewEntry,
    NewOverride,
    NewPlanItem,
    NewTarget,
    PlanItemChange,
    PlanItemState,
)
from lims.api.values import account, day, instant, name, number
from lims.api.versions import changed
from lims.plans import doings, listing, service
from lims.plans.models import ITEM_STATES, Plan, PlanEntry, PlanItem, PlanOverride, PlanTarget
from lims.plans.progress import Progress, item_progress
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.paging import page_by_id

TEXTS = ("mark", "text", "deliverable", "lead", "coordinating", "schedule", "funding")
AMOUNTS = ("planned_amount", "allotted_amount", "spent_amount")


@blueprint.get("/plan-items")
@scoped("plans:read")
def plan_items() -> Response:
    """Newest first; `q`, `year`, `plan`, `state`."""
    page = page_by_id(listing.found(text=asked.text("q"), year=asked.year("year"), plan_id=asked.whole("plan"),
                                    state=asked.code("state", ITEM_STATES)), PlanItem.id)
    return listed([_line(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/plan-items/<int:item_id>")
@scoped("plans:read")
def plan_item(item_id: int) -> Response:
    """One task: its targets as computed now, what somebody put in their place and why, what was entered."""
    return shown(plain(service.item(item_id)))


@blueprint.post("/plan-items")
@scoped("plans:write", "plans.edit")
def create_plan_item() -> Response:
    """A further row of the annex, behind the others."""
    def add(body: dict[str, Any]) -> None:
        form = judged(NewPlanItem, body)
        service.add_item(_plan(form.plan.data, form.year.data), form.details(), by=current_user)
    return created(PlanItem, add, plain)


@blueprint.patch("/plan-items/<int:item_id>")
@scoped("plans:write", "plans.edit")
def change_plan_item(item_id: int) -> Response:
    """Text, days, amounts; or `state` with its `state_reason`."""
    def change(row: PlanItem, version: int, body: dict[str, Any]) -> None:
        if "state" in body or "state_reason" in body:
            form = judged(PlanItemState, body)
            with fields_as(reason="state_reason"):
                service.set_item_state(row.id, form.state.data, form.state_reason.data, by=current_user,
                                       seen=row.state)
        else:
            service.change_item(row.id, judged(PlanItemChange, body, row).details(), version=version, by=current_user)
    return changed(lambda: service.item(item_id), change, plain)


@blueprint.post("/plan-items/<int:item_id>/targets")
@scoped("plans:write", "plans.edit")
def create_plan_target(item_id: int) -> Response:
    """A further number to reach."""
    return created(PlanTarget, lambda body: service.add_target(
        service.item(item_id).id, judged(NewTarget, body).details(), by=current_user), lambda _row: _anew(item_id))


@blueprint.post("/plan-items/<int:item_id>/overrides")
@scoped("plans:write", "plans.edit")
def create_plan_override(item_id: int) -> Response:
    """Another number in the place of the computed one, with a reason; the computed one stays beside it."""
    def override(body: dict[str, Any]) -> None:
        form = judged(NewOverride, body)
        if form.target.data not in {one.id for one in service.item(item_id).targets}:
            raise Invalid("Chỉ tiêu không thuộc nhiệm vụ này.", "The target is not of this item.", "target")
        doings.override(form.target.data or 0, form.value.data, form.reason.data, by=current_user)
    return created(PlanOverride, override, lambda _row: _anew(item_id))


@blueprint.post("/plan-items/<int:item_id>/entries")
@scoped("plans:write", "plans.enter")
def create_plan_entry(item_id: int) -> Response:
    """What was done; its quantity counts where an address of evidence stands with it."""
    def enter(body: dict[str, Any]) -> None:
        with fields_as(target_id="target"):
            doings.add_entry(item_id, judged(cast("type[NewEntry]", partial(NewEntry, service.item(item_id))),
                                             body).entry(), by=current_user)
    return created(PlanEntry, enter, lambda _row: _anew(item_id))


def _anew(item_id: int) -> dict[str, Any]:
    """The task as it stands after what was written beside it."""
    row = service.item(item_id)
    for one in (row, *row.targets):
        session().expire(one)
    return plain(row)


def _plan(plan_id: int | None, year: int | None) -> int:
    if plan_id is None and year is None:
        raise Invalid("Hãy nêu plan hoặc year.", "Name the plan or the year.", "plan")
    found = session().get(Plan, plan_id) if plan_id is not None else service.plan_of_year(year or 0)
    if found is None:
        raise Invalid("Không có kế hoạch này.", "No such plan.", "year" if plan_id is None else "plan")
    return found.id


def plain(row: PlanItem) -> dict[str, Any]:
    """A task as it is read and answered."""
    found = item_progress(row, clock.today())
    shares = {one.target.id: one for one in found.targets}
    return _line(row) | {
        "version": row.version, "position": row.position, "state_reason": row.state_reason,
        "standing": str(found.standing), "carried_from": row.carried_from_id,
        "targets": [_target(shares[one.id]) for one in row.targets if one.id in shares],
        "entries": [_entry(one) for one in row.entries]}


def _line(row: PlanItem) -> dict[str, Any]:
    return {"id": row.id, "plan": row.plan_id, "year": row.plan.year, "plan_title": row.plan.title,
            "plan_state": row.plan.state, "heading": row.heading, **{field: getattr(row, field) for field in TEXTS},
            "starts_on": day(row.starts_on), "ends_on": day(row.ends_on),
            **{field: number(getattr(row, field)) for field in AMOUNTS}, "state": row.state,
            "url": url_for("api.plan_item", item_id=row.id)}


def _target(found: Progress) -> dict[str, Any]:
    row = found.target
    return {"id": row.id, "title": row.title, "measure": row.measure, "comparator": row.comparator,
            "quantity": number(row.quantity), "unit": row.unit, "computed": number(found.computed),
            "value": number(found.value), "standing": str(found.standing), "override": _override(found.override)}


def _override(row: PlanOverride | None) -> dict[str, Any] | None:
    return None if row is None else {
        "value": number(row.value), "computed": number(row.computed), "reason": row.reason, "at": instant(row.at),
        "by": name(row.by), "by_user": account(row.by)}


def _entry(row: PlanEntry) -> dict[str, Any]:
    return {"id": row.id, "on": day(row.on), "text": row.text, "target": row.target_id,
            "quantity": number(row.quantity), "evidence": row.has_evidence, "link": row.link, "by": name(row.by),
            "struck_reason": row.struck_reason if row.struck_at else None}
