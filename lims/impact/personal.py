"""What competence asks of comparisons: those that a person answered for, with their verdict."""
from __future__ import annotations

import sqlalchemy as sa
from flask import url_for

from lims.impact.models import Comparison
from lims.shared.db import session
from lims.staff.catalogue import Doing

_GOOD = {"satisfactory": True, "questionable": None, "unsatisfactory": False}


def comparisons_of(user_id: int) -> list[Doing]:
    """Measured rounds of interlaboratory comparisons, newest first."""
    rows = session().scalars(sa.select(Comparison).where(
        Comparison.responsible_id == user_id, Comparison.measured_on.is_not(None)).order_by(
        Comparison.measured_on.desc()).limit(50))
    return [Doing(row.measured_on, row.title, f"{row.code}, {row.provider}", _GOOD.get(row.verdict),
                  url_for("impact.comparisons_show", comparison_id=row.id))
            for row in rows if row.measured_on is not None]
