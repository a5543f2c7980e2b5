"""Comparisons between laboratories: rounds that are due, and what is to be done after one (7.7.2, 7.7.3)."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from instruments.words import Words
from lims.alerts.people import LONGEST_LABEL, Expiring, Source
from lims.auth.models import User
from lims.impact.models import Comparison, ComparisonAction
from lims.shared.db import session


def rounds(_today: date, until: date) -> list[Expiring]:
    """Planned rounds without a result, in the name of the person responsible."""
    rows = session().scalars(sa.select(Comparison).join(User, User.id == Comparison.responsible_id).where(
        User.active, Comparison.verdict == "", Comparison.planned_on <= until).order_by(Comparison.id))
    return [Expiring(row.responsible_id, "comparison", row.id, f"{row.code}, {row.title}"[:LONGEST_LABEL],
                     row.planned_on) for row in rows]


def actions(_today: date, until: date) -> list[Expiring]:
    """What somebody has to do after a round and has not done."""
    rows = session().scalars(sa.select(ComparisonAction).join(User, User.id == ComparisonAction.responsible_id).where(
        User.active, ComparisonAction.done_on.is_(None), ComparisonAction.due_on <= until).order_by(
        ComparisonAction.id))
    return [Expiring(row.responsible_id, "comparison_action", row.id, row.text.replace("\n", " ")[:LONGEST_LABEL],
                     row.due_on) for row in rows]


def _page_of_action(action_id: int) -> str:
    row = session().get(ComparisonAction, action_id)
    return f"/standards/comparisons/{row.comparison_id}" if row else "/standards/comparisons"


ROUNDS = Source("comparison", Words("so sánh liên phòng", "comparison"),
                Words("Hãy tham gia, rồi nhập kết quả.", "Take part, and enter the result."), rounds,
                lambda subject_id: f"/standards/comparisons/{subject_id}")
ACTIONS = Source("comparison_action", Words("việc sau so sánh liên phòng", "action after a comparison"),
                 Words("Hãy làm, rồi ghi kết quả.", "Do it, and record what came of it."), actions, _page_of_action)
