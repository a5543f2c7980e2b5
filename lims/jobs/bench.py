"""The bench list: items to be measured, with how far each has come; a constant number of queries."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from lims.customers.models import Customer, Instrument
from lims.jobs.models import Job, JobItem, Observation
from lims.jobs.observations import READING_PARTS
from lims.jobs.procedures import layout_for, procedure_of
from lims.jobs.service import code_key
from lims.shared import clock
from lims.shared.db import session
from lims.shared.text import like_pattern, search_key

LISTED = ("received", "assigned", "measuring", "submitted", "reviewed")
MOST = 200
_ONLY_OF: dict[str, Callable[[date], tuple[sa.ColumnElement[bool], ...]]] = {
    "returned": lambda _today: (JobItem.state.in_(("assigned", "measuring")), JobItem.return_reason != ""),
    "overdue": lambda today: (Job.promised_on < today,),
    "today": lambda today: (Job.promised_on == today,),
}
ONLY = tuple(_ONLY_OF)


@dataclass(frozen=True)
class BenchItem:
    """One item with its progress; `wanted` counts the readings that the sheet asks for."""

    item: JobItem
    filled: int
    wanted: int


def bench_items(user_id: int | None = None, text: str = "", only: str = "") -> list[BenchItem]:
    """Items on the bench, most urgent first: those of one person, or all, holding the words. At most 200.

    `only`: of them what was sent back ("returned"), what is past its promised day ("overdue") or due on it ("today").
    """
    query = (sa.select(JobItem).join(Job).join(Instrument, Instrument.id == JobItem.instrument_id)
             .join(Customer, Customer.id == Job.customer_id).where(JobItem.state.in_(LISTED))
             .options(selectinload(JobItem.procedure), selectinload(JobItem.worksheet))
             .order_by(Job.promised_on.is_(None), Job.promised_on, JobItem.id).limit(MOST))
    if user_id is not None:
        query = query.where(JobItem.assigned_to_id == user_id, JobItem.state.in_(("assigned", "measuring")))
    if only in ONLY:
        query = query.where(*_ONLY_OF[only](clock.today()))
    if text and not search_key(text):
        return []  # nothing but signs: no code and no name
    if text:
        words = like_pattern(text)
        query = query.where(sa.or_(JobItem.code.contains(code_key(text), autoescape=True),
                                   Instrument.search.like(words), Customer.search.like(words)))
    items = session().scalars(query).unique().all()
    filled = _filled([item.worksheet.id for item in items if item.worksheet is not None])
    return [BenchItem(item, filled.get(item.worksheet.id, 0) if item.worksheet else 0, _wanted(item))
            for item in items]


def item_by_scan(text: str) -> JobItem | None:
    """The item whose code was scanned or typed; None when it is no code."""
    return session().scalar(sa.select(JobItem).where(JobItem.code == code_key(text)))


def _wanted(item: JobItem) -> int:
    procedure = procedure_of(item)
    known = {field.key for field in procedure.fields}
    fields = item.worksheet.instrument_fields if item.worksheet else item.instrument.fields
    sheet = layout_for(procedure, {key: str(text) for key, text in fields.items() if key in known})
    return sum(not cell.optional for table in sheet.tables for cell in table.cells)


def _filled(worksheet_ids: Sequence[int]) -> dict[int, int]:
    """{worksheet: readings that stand there}: newest entries of reading cells that were not cleared."""
    newer = aliased(Observation)
    replaced = sa.exists().where(newer.worksheet_id == Observation.worksheet_id, newer.cell == Observation.cell,
                                 newer.revision > Observation.revision)
    rows = session().execute(
        sa.select(Observation.worksheet_id, sa.func.count())
        .where(Observation.worksheet_id.in_(worksheet_ids), Observation.text != "", ~replaced,
               Observation.cell.like("/".join(["%"] * READING_PARTS)))
        .group_by(Observation.worksheet_id))
    return {row[0]: row[1] for row in rows}


