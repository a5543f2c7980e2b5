"""What competence asks of issuing: who reviewed and approved results of which procedure when."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time

import sqlalchemy as sa

from lims.issue.models import Approval
from lims.jobs.models import JobItem, ProcedureVersion
from lims.shared import clock
from lims.shared.db import session
from lims.staff.catalogue import Practice


def signed(since: date | None, people: Collection[int] | None) -> Practice:
    """The last day on which each person signed for each activity of each procedure."""
    query = sa.select(Approval.person_id, ProcedureVersion.code, Approval.activity, sa.func.max(Approval.at)).join(
        JobItem, JobItem.id == Approval.item_id).join(
        ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id).group_by(
        Approval.person_id, ProcedureVersion.code, Approval.activity)
    if since is not None:
        query = query.where(Approval.at >= datetime.combine(since, time(), clock.LOCAL_ZONE))
    if people is not None:
        query = query.where(Approval.person_id.in_(people))
    return {(person, code, activity): clock.local_date(at)
            for person, code, activity, at in session().execute(query)}
