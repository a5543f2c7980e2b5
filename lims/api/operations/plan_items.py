"""`/plan-items`: tasks of the yearly plan."""
from __future__ import annotations

from typing import Any

from lims.api.form_schema import body_of
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
    changing,
    creating,
    many,
    nullable,
    one_of,
    page_of,
    shape,
)
from lims.api.plan_item_forms import NewEntry, NewOverride, NewPlanItem, NewTarget, PlanItemChange
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
    creating("/plan-items", "plans:write", "Thêm một nhiệm vụ vào kế hoạch", "A further task of a plan",
             body="NewPlanItem", answer="PlanItem", permission="plans.edit"),
    changing("/plan-items/{item_id}", "plans:write",
             "Sửa nhiệm vụ (chỉ gửi những trường thay đổi), hoặc đổi state kèm state_reason",
             "Change a task (only the fields sent), or its state with state_reason", body="PlanItemChange",
             answer="PlanItem", permission="plans.edit"),
    creating("/plan-items/{item_id}/targets", "plans:write", "Thêm một chỉ tiêu", "A further number to reach",
             body="NewPlanTarget", answer="PlanItem", permission="plans.edit", refusals=(404,)),
    creating("/plan-items/{item_id}/overrides", "plans:write",
             "Đặt số khác thay số tính được của một chỉ tiêu, có lý do; value null: trở lại số tính được",
             "Another number in the place of the computed one, with a reason; value null takes it back",
             body="NewPlanOverride", answer="PlanItem", permission="plans.edit", refusals=(404,)),
    creating("/plan-items/{item_id}/entries", "plans:write", "Ghi việc đã làm, kèm địa chỉ minh chứng",
             "What was done, with the address of its evidence", body="NewPlanEntry", answer="PlanItem",
             permission="plans.enter", refusals=(404,)),
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
BODIES = {"NewPlanItem": body_of(NewPlanItem), "NewPlanTarget": body_of(NewTarget),
          "NewPlanOverride": body_of(NewOverride), "NewPlanEntry": body_of(NewEntry),
          "PlanItemChange": body_of(PlanItemChange, partial=True, state=one_of(*ITEM_STATES), state_reason=TEXT)}
