"""Items of yearly plans as a list."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from lims.plans.models import Plan, PlanItem
from lims.shared.db import session
from lims.shared.text import holding


def found(*, text: str = "", year: int | None = None, plan_id: int | None = None, state: str = "") -> sa.Select[Any]:
    """Items whose text holds the words, of the plans of a year, of one plan, in a state; in no order yet."""
    query = sa.select(PlanItem).join(PlanItem.plan).options(contains_eager(PlanItem.plan))
    if text:
        query = query.where(PlanItem.id.in_(_saying(text)))
    if year is not None:
        query = query.where(Plan.year == year)
    if plan_id is not None:
        query = query.where(PlanItem.plan_id == plan_id)
    return query.where(PlanItem.state == state) if state else query


def _saying(text: str) -> list[int]:
    """Items whose text holds the words, whatever their case and marks: a year has some fifty items."""
    return holding(((key, said) for key, said in session().execute(sa.select(PlanItem.id, PlanItem.text))), text)
