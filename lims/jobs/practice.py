"""What competence asks of jobs: the procedures with their fields, and who measured by which procedure when."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from lims.equipment.words import quantity_word
from lims.jobs.models import JobItem, ProcedureVersion, Worksheet
from lims.jobs.procedures import current
from lims.shared.db import session
from lims.staff.catalogue import KnownProcedure, Practice


def known(language: str) -> list[KnownProcedure]:
    """The newest publication of each procedure with its field."""
    return [KnownProcedure(row.code, procedure.title.in_language(language), procedure.quantity,
                           quantity_word(procedure.quantity), procedure.service == "verification")
            for row, procedure in current()]


def measured(since: date | None, people: Collection[int] | None) -> Practice:
    """The last day on which each person measured by each procedure, by the sheets begun in the person's name."""
    query = sa.select(Worksheet.performed_by_id, ProcedureVersion.code, sa.func.max(Worksheet.performed_on)).join(
        JobItem, JobItem.id == Worksheet.item_id).join(
        ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id).group_by(
        Worksheet.performed_by_id, ProcedureVersion.code)
    if since is not None:
        query = query.where(Worksheet.performed_on >= since)
    if people is not None:
        query = query.where(Worksheet.performed_by_id.in_(people))
    return {(person, code, "perform"): on for person, code, on in session().execute(query)}
