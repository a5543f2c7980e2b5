"""Difficulties of every plan in one list: how long each has waited, whether it went to somebody above."""
from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from instruments.words import Words
from lims.alerts.people import ANSWERABLE, LONGEST_LABEL, Expiring, Source, who_answers
from lims.plans.models import PlanDifficulty, PlanItem
from lims.shared import clock
from lims.shared.db import session

SHOWS = ("open", "waiting", "escalated", "resolved")
"""Open: neither solved; waiting: of these, not taken above yet; escalated: of these, taken above."""
TOO_LONG = timedelta(days=14)
"""After so many days without anybody above knowing, the list says that it should go there."""
_OPEN = PlanDifficulty.resolved_on.is_(None)
_WHERE = {"open": (_OPEN,), "waiting": (_OPEN, PlanDifficulty.escalated_on.is_(None)),
          "escalated": (_OPEN, PlanDifficulty.escalated_on.is_not(None)),
          "resolved": (PlanDifficulty.resolved_on.is_not(None),)}


def listed(show: str, plan_id: int | None = None) -> list[PlanDifficulty]:
    """Those of a state, of one plan where given; the longest waiting first, of the solved the newest first."""
    order = PlanDifficulty.resolved_on.desc() if show == "resolved" else PlanDifficulty.raised_on
    query = sa.select(PlanDifficulty).where(*_WHERE[show], *_of(plan_id)).order_by(order, PlanDifficulty.id).limit(500)
    return list(session().scalars(query).unique())


def tally(plan_id: int | None = None) -> dict[str, int]:
    """How many there are of each state."""
    return {show: session().scalar(sa.select(sa.func.count()).select_from(PlanDifficulty).where(
        *where, *_of(plan_id))) or 0 for show, where in _WHERE.items()}


def should_escalate(row: PlanDifficulty) -> bool:
    """Whether it has waited too long for nobody above to know."""
    return row.resolved_on is None and row.escalated_on is None and clock.today() - row.raised_on > TOO_LONG


def to_be_taken_above(_today: date, until: date) -> list[Expiring]:
    """Those that nobody above knows of, for the head: from the day they were raised, until they went there or ended."""
    answers = who_answers(ANSWERABLE)
    rows = session().scalars(sa.select(PlanDifficulty).where(
        *_WHERE["waiting"], PlanDifficulty.raised_on <= until - TOO_LONG).order_by(PlanDifficulty.id)).unique()
    return [] if answers is None else [
        Expiring(answers.id, "difficulty", row.id, row.text[:LONGEST_LABEL], row.raised_on + TOO_LONG) for row in rows]


SOURCE = Source(
    "difficulty", Words("khó khăn của kế hoạch", "difficulty of the plan"),
    Words("Hãy giải quyết, hoặc báo cáo cấp trên trước ngày này.", "Solve it, or report it above before this day."),
    to_be_taken_above, lambda _subject_id: "/plans/difficulties?show=waiting")


def _of(plan_id: int | None) -> tuple[sa.ColumnElement[bool], ...]:
    if plan_id is None:
        return ()
    return (PlanDifficulty.item_id.in_(sa.select(PlanItem.id).where(PlanItem.plan_id == plan_id)),)
