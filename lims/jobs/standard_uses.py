"""Sheets as uses of their standards: what duties counted in hours or times of use advance by (6.4.13 g)."""
from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.equipment.environment import WORKING_DAY, span_of
from lims.equipment.sheet_uses import SheetUse
from lims.jobs.models import JobItem, Worksheet, WorksheetStandard
from lims.shared.clock import LOCAL_ZONE, local_date


def uses_of(current: Session, standard_id: int, after: date | None) -> list[SheetUse]:
    """Each submitted sheet of a later day that used the standard, once however many slots it served, oldest first."""
    query = (sa.select(JobItem.code, Worksheet.performed_on, Worksheet.started_at, Worksheet.submitted_at)
             .select_from(WorksheetStandard).join(Worksheet, Worksheet.id == WorksheetStandard.worksheet_id)
             .join(JobItem, JobItem.id == Worksheet.item_id)
             .where(WorksheetStandard.standard_id == standard_id, Worksheet.submitted_at.is_not(None))
             .distinct().order_by(Worksheet.performed_on, JobItem.code))
    if after is not None:
        query = query.where(Worksheet.performed_on > after)
    return [SheetUse(code, day, *_measured(day, begun, ended)) for code, day, begun, ended in current.execute(query)]


def _measured(day: date, begun: datetime, ended: datetime | None) -> tuple[datetime, datetime]:
    """From when to when the standard was used; a sheet handed in on a later day ends with the working day."""
    begin, end = span_of(day, begun, ended)
    if ended is not None and local_date(ended) != day:
        end = min(end, max(begin, datetime.combine(day, WORKING_DAY[1], tzinfo=LOCAL_ZONE)))
    return begin, end
