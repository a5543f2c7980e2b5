"""Jobs and items as lists: what is asked for, as one query each."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from lims.customers import service as customers
from lims.customers.models import Instrument
from lims.jobs.models import Job, JobItem, ProcedureVersion, Worksheet
from lims.jobs.service import code_key
from lims.shared.db import session
from lims.shared.text import like_pattern
from lims.shared.word_index import find

MOST_FOUND = 1000
_ENDED = ("handed_over", "cancelled")
_SHOWN: dict[str, Any] = {
    "open": Job.id.in_(sa.select(JobItem.job_id).where(JobItem.state.notin_(_ENDED))),
    "unreviewed": Job.reviewed_at.is_(None),
    "unassigned": sa.and_(Job.reviewed_at.is_not(None),
                          Job.id.in_(sa.select(JobItem.job_id).where(JobItem.state == "received"))),
    "ready": Job.id.in_(sa.select(JobItem.job_id).where(JobItem.state == "issued")),
}
"""Jobs of which something is still here, and what they wait for: review, an assignment, being fetched."""
SHOWN = (*_SHOWN, "all")


def found(text: str, show: str) -> sa.Select[Any]:
    """Jobs by words of the customer or signs of the number, and by what they wait for."""
    query = sa.select(Job)
    if text:
        query = query.where(sa.or_(Job.customer_id.in_(customers.ids_found(text)),
                                   Job.number.like(like_pattern(text).replace(" ", "-"))))
    return query.where(_SHOWN[show]) if show in _SHOWN else query


def tallies(job_ids: list[int]) -> dict[int, dict[str, int]]:
    """{job: {state: count}}."""
    counted: dict[int, dict[str, int]] = {job_id: {} for job_id in job_ids}
    for job_id, state, count in session().execute(
            sa.select(JobItem.job_id, JobItem.state, sa.func.count()).where(JobItem.job_id.in_(job_ids))
            .group_by(JobItem.job_id, JobItem.state)):
        counted[job_id][state] = count
    return counted


def sheets(*, text: str = "", states: Sequence[str] = (), procedure: str = "", performed_by: int | None = None,
           since: date | None = None, until: date | None = None) -> sa.Select[Any]:
    """Sheets of such items, by who began them and by their measuring day."""
    among = items(text=text, states=states, procedure=procedure).with_only_columns(JobItem.id)
    query = sa.select(Worksheet).where(Worksheet.item_id.in_(among)).options(
        joinedload(Worksheet.item).selectinload(JobItem.procedure))
    if performed_by is not None:
        query = query.where(Worksheet.performed_by_id == performed_by)
    if since is not None:
        query = query.where(Worksheet.performed_on >= since)
    if until is not None:
        query = query.where(Worksheet.performed_on <= until)
    return query


def items(*, text: str = "", states: Sequence[str] = (), service: str = "", procedure: str = "",
          assigned_to: int | None = None, customer_id: int | None = None, job_id: int | None = None) -> sa.Select[Any]:
    """Items by the beginning of their code or words of the instrument, and by what they are; all that a line shows
    is read along."""
    query = sa.select(JobItem).options(selectinload(JobItem.procedure), selectinload(JobItem.worksheet))
    if text:
        query = query.where(sa.or_(JobItem.code.startswith(code_key(text) or text, autoescape=True),
                                   JobItem.instrument_id.in_(find("instrument", text, MOST_FOUND))))
    if states:
        query = query.where(JobItem.state.in_(states))
    if procedure:
        query = query.where(JobItem.procedure_id.in_(
            sa.select(ProcedureVersion.id).where(ProcedureVersion.code == procedure)))
    if customer_id is not None:
        query = query.where(JobItem.instrument_id.in_(
            sa.select(Instrument.id).where(Instrument.customer_id == customer_id)))
    for column, value in ((JobItem.service, service or None), (JobItem.assigned_to_id, assigned_to),
                          (JobItem.job_id, job_id)):
        if value is not None:
            query = query.where(column == value)
    return query
