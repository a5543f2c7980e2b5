"""From a recommendation to a job at reception."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.jobs import procedures
from lims.jobs import service as jobs
from lims.jobs.models import Job, ProcedureVersion
from lims.jobs.service import ReceivedItem, Reception
from lims.shared import clock
from lims.shared.db import write
from lims.shared.errors import Conflict, Invalid
from lims.surveys.models import Survey, SurveyFollowUp, SurveyRow
from lims.surveys.service import actor_of

SERVICE_OF = {"verify": "verification", "calibrate": "calibration"}


@dataclass(frozen=True)
class Wish:
    """One recommendation with the procedures that serve it, those of the recommended service first."""

    row: SurveyRow
    offered: list[tuple[ProcedureVersion, str]]


def wishes(survey: Survey, language: str) -> list[Wish]:
    """Recommendations of a finished survey that no job took up yet."""
    by_kind: dict[str, list[tuple[ProcedureVersion, str, str]]] = {}
    for version, procedure in procedures.current():
        for kind in procedure.kinds:
            by_kind.setdefault(kind, []).append((version, procedure.service, procedure.title.in_language(language)))
    found = []
    for row in survey.rows:
        if survey.state != "finished" or row.advice not in SERVICE_OF or row.follow_up is not None:
            continue
        kind = row.instrument.kind if row.instrument else ""
        ranked = sorted(by_kind.get(kind, []), key=lambda one: one[1] != SERVICE_OF[row.advice])
        found.append(Wish(row, [(version, title) for version, _service, title in ranked]))
    return found


def receive(survey_id: int, chosen: Mapping[int, int], *, received_on: date, promised_on: date | None, note: str,
            user: User) -> Job:
    """A job at the enterprise for the chosen rows: {row id: procedure version id}; job and follow-up stand together.

    Raises Invalid when nothing is chosen, Conflict when another job took one of the rows up meanwhile."""
    if not chosen:
        raise Invalid("Hãy chọn ít nhất một phương tiện đo.", "Choose at least one instrument.", "row")
    with write("survey.follow_up", actor=actor_of(user)) as current:
        rows = _locked(current, survey_id, chosen)
        survey = rows[0].survey
        job = jobs.add_job(current, Reception(
            survey.customer_id, received_on, [_item(row, chosen[row.id]) for row in rows], place="customer",
            promised_on=promised_on, note=f"{note}\n{survey.number}".strip()), user)
        for row in rows:
            current.add(SurveyFollowUp(row_id=row.id, job_id=job.id, made_at=clock.now()))
    return job


def _locked(current: Session, survey_id: int, chosen: Mapping[int, int]) -> Sequence[SurveyRow]:
    """The chosen rows, held until the transaction ends: whoever asks in the same second waits, then finds the job."""
    rows = current.scalars(sa.select(SurveyRow).where(
        SurveyRow.survey_id == survey_id, SurveyRow.id.in_(chosen)).order_by(SurveyRow.position, SurveyRow.id)
        .with_for_update(of=SurveyRow).execution_options(populate_existing=True)).all()
    if len(rows) != len(chosen) or any(row.survey.state != "finished" for row in rows):
        raise Invalid("Hãy chọn lại phương tiện đo.", "Choose the instruments again.", "row")
    if any(row.follow_up is not None for row in rows):
        raise Conflict("Kiến nghị này đã có phiếu; hãy tải lại trang.", "A job took this up already; reload the page.")
    return rows


def _item(row: SurveyRow, procedure_id: int) -> ReceivedItem:
    service = procedures.parsed(procedures.version(procedure_id)).service
    return ReceivedItem(procedure_id, instrument_id=row.instrument_id,
                        regime="periodic" if service == "verification" else "",
                        condition=str(row.fields.get("note", ""))[:200])
