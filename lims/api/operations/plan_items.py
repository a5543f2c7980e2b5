"""`/plan-items`: tasks of the yearly plan."""
from __future__ import annotations

from typing import Any

from lims.api.operation import (
    DAY,
    INSTANT,
    JSON,
    PAGE,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    WHOLE_OR_NULL,
    YES_NO,
    Operation,
    Schema,
    many,
    nullable,
    one_of,
    page_of,
    shape,
)
from lims.plans.models import COMPARATORS, ITEM_STATES
from lims.plans.models import STATES as PLAN_STATES
from lims.plans.rules import Standing

OPERATIONS = (
    Operation("get", "/plan-items", "plans:read", "Nhiệm vụ của kế hoạch năm, mới nhất trước",
              "Tasks of the yearly plan, newest first", (
        ("q", "words of the task"), ("year", "year of the plan"), ("plan", "id of a plan"),
        ("state", ", ".join(ITEM_STATES)), *PAGE), answers=((JSON, "PlanItemPage"),), refusals=(422,)),
    Operation("get", "/plan-items/{item_id}", "plans:read", "Một nhiệm vụ: chỉ tiêu, số tính được, số thay thế",
              "One task: targets, figures computed, overrides", answers=((JSON, "PlanItem"),), refusals=(404,),
              tagged=True),
)
_LINE: dict[str, Any] = {
    "id": WHOLE, "plan": WHOLE, "year": WHOLE, "plan_title": TEXT, "plan_state": one_of(*PLAN_STATES),
    "heading": YES_NO, "mark": TEXT, "text": TEXT, "deliverable": TEXT, "lead": TEXT, "coordinating": TEXT,
    "schedule": TEXT, "funding": TEXT, "starts_on": DAY, "ends_on": DAY, "planned_amount": TEXT_OR_NULL,
    "allotted_amount": TEXT_OR_NULL, "spent_amount": TEXT_OR_NULL, "state": one_of(*ITEM_STATES), "url": TEXT}
_STANDING = one_of(*(str(one) for one in Standing))
SCHEMAS: dict[str, Schema] = {
    "PlanItemLine": shape(**_LINE),
    "PlanItemPage": page_of("PlanItemLine"),
    "PlanItem": shape(
        **_LINE, version=WHOLE, position=WHOLE, state_reason=TEXT, standing=_STANDING, carried_from=WHOLE_OR_NULL,
        targets=many(shape(
            id=WHOLE, title=TEXT, measure=TEXT, comparator=one_of(*COMPARATORS), quantity=TEXT, unit=TEXT,
            computed=TEXT_OR_NULL, value=TEXT_OR_NULL, standing=_STANDING,
            override=nullable(shape(value=TEXT_OR_NULL, computed=TEXT_OR_NULL, reason=TEXT, at=INSTANT, by=TEXT,
                                    by_user=TEXT)))),
        entries=many(shape(id=WHOLE, on=DAY, text=TEXT, target=WHOLE_OR_NULL, quantity=TEXT_OR_NULL, evidence=YES_NO,
                           link=TEXT, by=TEXT, struck_reason=TEXT_OR_NULL))),
}
