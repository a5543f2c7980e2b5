"""The recall list: which standards are due or overdue on a day, and which certificate each stands on (feature A2)."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from instruments.recall import RETIRED, DueState, RecallItem, recall_list
from lims.equipment.models import Schedule, Standard, StandardCertificate
from lims.shared.db import session

LONGEST_WINDOW = 3660
"""Days; a longer look ahead says nothing more."""
OVERDUE_ONLY = -1
"""The look ahead that ends the day before: what is past its day, without what is due today."""
MOST_COUNTED = 1000
"""Lines of the due list that are counted; beyond, "more than" says enough."""


@dataclass(frozen=True)
class Due:
    """One duty of one standard on the list; `days_left` is negative when overdue, None when it was never done."""

    standard: Standard
    schedule: Schedule
    due_state: DueState
    days_left: int | None
    certificate: str
    """Number of the newest certificate, "" when there is none."""


@dataclass(frozen=True)
class Newest:
    """What a list shows of a standard's newest standing certificate."""

    id: int
    number: str
    calibrated_on: date


def due_list(on: date, within_days: int, *, skip: int = 0, size: int | None = None,
             acts_id: int | None = None) -> list[Due]:
    """Duties overdue on the day or due within the days after it, most urgent first; retired standards are left out.

    `skip` and `size` cut a page out of it; what is due soon is short enough to count lines. `acts_id`: of one person.
    """
    query = (_due(sa.select(Schedule), on, within_days, acts_id)
             .options(contains_eager(Schedule.standard), selectinload(Schedule.responsible))
             .order_by(Schedule.due_on.nulls_first(), Schedule.id).offset(skip).limit(size))
    rows = {f"{row.standard.asset_number}/{row.duty}/{row.label}": row for row in session().scalars(query).unique()}
    items = [RecallItem(key, row.due_on, row.standard.state) for key, row in rows.items()]
    newest = newest_certificates({row.standard_id for row in rows.values()})
    return [
        Due(row.standard, row, line.due_state, line.days_left,
            newest[row.standard_id].number if row.standard_id in newest and row.standard.parts_from is None else "")
        for line in recall_list(items, on, within_days) for row in (rows[line.item.key],)
    ]


def count_due(on: date, within_days: int, acts_id: int | None = None) -> int:
    """Length of the whole list, counted up to one more than MOST_COUNTED."""
    some = _due(sa.select(Schedule.id), on, within_days, acts_id).limit(MOST_COUNTED + 1).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(some)) or 0


def count_overdue(on: date) -> int:
    """Duties overdue on the day, those never done among them: the length of the list with OVERDUE_ONLY."""
    some = _due(sa.select(Schedule.id), on, OVERDUE_ONLY, None).subquery()
    return session().scalar(sa.select(sa.func.count()).select_from(some)) or 0


def of_person(query: Any, user_id: int) -> Any:
    """Schedules (joined with their standard) that this person must act on: named in them, or else the custodian."""
    return query.where(sa.or_(Schedule.responsible_id == user_id, sa.and_(
        Schedule.responsible_id.is_(None), Standard.custodian_id == user_id)))


def _due(query: Any, on: date, within_days: int, acts_id: int | None) -> Any:
    query = query.join(Schedule.standard).where(
        Schedule.active, Standard.state != RETIRED,
        sa.or_(Schedule.due_on.is_(None), Schedule.due_on <= on + timedelta(days=within_days)))
    return query if acts_id is None else of_person(query, acts_id)


def newest_certificates(standard_ids: Collection[int]) -> dict[int, Newest]:
    """The newest standing certificate of each standard that has one; one query, without the tables of values."""
    later = sa.orm.aliased(StandardCertificate)
    query = (sa.select(StandardCertificate.standard_id, StandardCertificate.id, StandardCertificate.number,
                       StandardCertificate.calibrated_on)
             .where(StandardCertificate.standard_id.in_(standard_ids), StandardCertificate.void.is_(False),
                    ~sa.exists().where(later.supersedes_id == StandardCertificate.id))
             .order_by(StandardCertificate.calibrated_on, StandardCertificate.id))
    return {standard_id: Newest(id_, number, day) for standard_id, id_, number, day in session().execute(query)}
