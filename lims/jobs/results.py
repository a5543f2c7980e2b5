"""Results: a sheet evaluated now, and the evaluations that were submitted."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.observations import StandardData
from instruments.row_memory import RowMemory
from lims.jobs.disposal import WorkGone
from lims.jobs.models import JobItem, Observation, ProcedureVersion, Result, Worksheet
from lims.jobs.observations import Stands, observations_of
from lims.jobs.procedures import procedure_of
from lims.shared.audit import canonical_json
from lims.shared.db import session

_ROWS = RowMemory()

__all__ = ["canonical", "evaluate_sheet", "evaluation_of", "latest_result", "observations_of", "performers",
           "previous_result", "stated_in"]


def evaluate_sheet(worksheet: Worksheet, *, lean: bool = False, cells: Mapping[str, Stands] | None = None,
                   standards: Mapping[str, list[StandardData]] | None = None) -> Evaluation:
    """The evaluation of what stands in the sheet now; `lean` leaves out second order and Monte Carlo.

    What is typed changes one row; the others are remembered in this process. A full evaluation starts afresh. `cells`
    and `standards` are given where they are known already."""
    return evaluate(procedure_of(worksheet.item), observations_of(worksheet, cells, standards), lean=lean,
                    memory=_ROWS if lean else None)


def latest_result(item: JobItem) -> Result | None:
    """The result submitted last for this item; None before the first submission."""
    return session().scalar(sa.select(Result).join(Worksheet, Worksheet.id == Result.worksheet_id)
                            .where(Worksheet.item_id == item.id).order_by(Result.revision.desc()).limit(1))


def evaluation_of(result: Result) -> dict[str, Any]:
    """The submitted evaluation as `instruments.evaluation.Evaluation.to_json` made it. Raises WorkGone."""
    if not result.evaluation:
        raise WorkGone
    plain: dict[str, Any] = json.loads(result.evaluation)
    return plain


def stated_in(text: str) -> dict[str, Any]:
    """What a submitted evaluation states: its rows with a budget go without how that came about (their keys "budget",
    "cells", "criteria", "derived" and "document").

    That is most of the text, and a review reads ten thousand of them. It is cut out unread: what opens and what closes
    it stands nowhere else in a text of `canonical`. A quote within a string is escaped; an input that is called
    "budget" or "k" has an object behind its name, in which contributions are not the first.
    """
    first, *rows = text.split(_OPENS)
    ends = [_CLOSES.search(row) for row in rows]
    plain: dict[str, Any] = json.loads(
        "".join([first, *(row[end.start() + 1:] for row, end in zip(rows, ends, strict=True) if end)]))
    return plain


_OPENS, _CLOSES = ',"budget":{"contributions":[', re.compile(r'\},"k":(?!\{)')


def canonical(evaluation: Evaluation) -> tuple[str, str]:
    """(canonical JSON, its SHA-256 in hex) of an evaluation, as a Result keeps them."""
    text = canonical_json(evaluation.to_json())
    return text, hashlib.sha256(text.encode()).hexdigest()


def performers(worksheet: Worksheet) -> set[int]:
    """Ids of everybody who measured: who started the sheet and who typed into it. None of them may approve it."""
    typed = session().scalars(sa.select(Observation.by_id).where(Observation.worksheet_id == worksheet.id).distinct())
    return {worksheet.performed_by_id, *typed}


def previous_result(item: JobItem) -> tuple[Worksheet, Result] | None:
    """The newest result of an earlier visit of the same instrument under the same procedure code that is still kept."""
    found = session().execute(
        sa.select(Worksheet, Result).join(Result, Result.worksheet_id == Worksheet.id)
        .join(JobItem, JobItem.id == Worksheet.item_id)
        .join(ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id)
        .where(JobItem.instrument_id == item.instrument_id, JobItem.id < item.id, Result.evaluation != "",
               ProcedureVersion.code == item.procedure.code)
        .order_by(JobItem.id.desc(), Result.revision.desc()).limit(1)).first()
    return None if found is None else (found[0], found[1])
