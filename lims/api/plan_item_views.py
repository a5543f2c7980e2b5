"""`/api/v1/plan-items`: tasks of the yearly plan with their targets and how far they are."""
from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.api.values import account, day, instant, name, number
from lims.plans import listing, service
from lims.plans.models import ITEM_STATES, PlanEntry, PlanItem, PlanOverride
from lims.plans.progress import Progress, item_progress
from lims.shared import clock
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
