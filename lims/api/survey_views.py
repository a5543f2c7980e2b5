"""`/api/v1/surveys`: surveys of instruments at enterprises with their rows."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.api.values import day, instant
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.surveys import listing, row_fields
from lims.surveys.models import Survey, SurveyRecord, SurveyRow

STATES = ("draft", "finished")


@blueprint.get("/surveys")
@scoped("surveys:read")
def surveys() -> Response:
    """Newest first; `q`, `state`, `year`, `customer`."""
    page = page_by_id(listing.found(text=asked.text("q"), state=asked.code("state", STATES), year=asked.year("year"),
                                    customer_id=asked.customer("customer")), Survey.id)
    counts = listing.counts([row.id for row in page.rows])
    return listed([_line(row, counts.get(row.id, 0)) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/surveys/<number>")
@scoped("surveys:read")
def survey(number: str) -> Response:
    """One survey: answers, rows as typed with what is wrong in them, what became of them at its end."""
    return shown(plain(read(number)))


def read(number: str) -> Survey:
    """The survey, or NotFound."""
    found = listing.by_number(number)
    if found is None:
        raise NotFound("Không có phiếu khảo sát này.", "No such survey.")
    return found


def plain(row: Survey) -> dict[str, Any]:
    """A survey as it is read and answered."""
    digest = session().scalar(sa.select(SurveyRecord.digest).where(SurveyRecord.survey_id == row.id))
    said = "vi" if language() == "vi" else "en"
    return _line(row, len(row.rows)) | {
        "version": row.version, "findings": row.findings, "recommendations": row.recommendations,
        "questions": [{"key": one["key"], "kind": one["kind"], "question": one[said],
                       "answer": row.answers.get(one["key"], "")} for one in row.form.questions],
        "rows": [_row(one) for one in row.rows],
        "photos": sum(not one.struck_because for one in row.photos), "record_sha256": digest}


def _line(row: Survey, rows: int) -> dict[str, Any]:
    return {"number": row.number, "customer": row.customer.code, "customer_name": row.customer.name,
            "visited_on": day(row.visited_on), "team": row.team, "state": row.state, "row_count": rows,
            "created_at": instant(row.created_at), "finished_at": instant(row.finished_at),
            "url": url_for("api.survey", number=row.number)}


def _row(row: SurveyRow) -> dict[str, Any]:
    faults = row_fields.read(row.fields, row.survey.visited_on).faults if row.survey.state == "draft" else {}
    vietnamese = language() == "vi"
    return {"key": row.key, "revision": row.revision,
            "fields": {field: row.fields.get(field, "") for field in row_fields.FIELDS},
            "faults": [{"field": field, "detail": one.vi if vietnamese else one.en} for field, one in faults.items()],
            "outcome": row.outcome, "advice": row.advice, "instrument": row.instrument_id}
