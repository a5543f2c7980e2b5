"""`/api/v1/surveys`: surveys of instruments at enterprises with their rows."""
from __future__ import annotations

from functools import partial
from typing import Any, cast

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.problems import Fault, Faulty
from lims.api.survey_forms import BeginForm, SurveyChange, SurveyEnd
from lims.api.values import day, instant
from lims.api.versions import changed
from lims.customers.service import customer_by_code
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.surveys import finishing, listing, row_fields, service
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


@blueprint.post("/surveys")
@scoped("surveys:write", "surveys.edit")
def create_survey() -> Response:
    """A draft on the newest questions."""
    def begin(body: dict[str, Any]) -> None:
        form = judged(BeginForm, body)
        service.begin(customer_by_code(form.customer.data, "customer").id, form.visited_on.data, form.team.data,
                      current_user, anew=bool(form.anew.data), again=False)
    return created(Survey, begin, plain)


@blueprint.patch("/surveys/<number>")
@scoped("surveys:write", "surveys.edit")
def change_survey(number: str) -> Response:
    """Head, answers and rows of a draft, all of them or none; or its end."""
    def change(row: Survey, version: int, body: dict[str, Any]) -> None:
        if "state" in body:
            _finish(row, judged(SurveyEnd, body))
        else:
            _save(row, version, body)
    return changed(lambda: read(number), change, plain)


def _save(survey: Survey, version: int, body: dict[str, Any]) -> None:
    answers = _answers(survey, body.pop("answers", {}))
    known = {row.key: row.fields for row in survey.rows}
    for one in body["rows"] if isinstance(body.get("rows"), list) else ():  # what a row does not name stays
        if isinstance(one, dict) and isinstance(one.get("key"), str) and isinstance(one.get("fields", {}), dict):
            one["fields"] = {**known.get(one["key"], {}), **one.get("fields", {})}
    form = judged(cast("type[SurveyChange]", partial(SurveyChange, survey)), body)
    head = {"visited_on": f"{form.visited_on.data:%d/%m/%Y}", **{name: form[name].data for name in service.HEAD_TEXTS},
            **{f"answer-{key}": text for key, text in {**survey.answers, **answers}.items()}}
    entries = [service.Entry(row.form["key"].data, row.form.revision.data or 0, row.form["fields"].data,
                             removed=row.form.removed.data) for row in form.rows]
    try:
        service.save_whole(survey.id, [*entries, service.Entry(service.HEAD, version, head)], current_user)
    except DomainError as error:
        at, _dot, field = error.field.partition(".")
        if at.isdigit():
            error.field = field if int(at) == len(entries) else f"rows.{at}.{field}".rstrip(".")
        raise


def _answers(survey: Survey, given: Any) -> dict[str, str]:
    """Answers by the key of their question. Raises Faulty."""
    asked_for = {one["key"] for one in survey.form.questions}
    if not isinstance(given, dict):
        raise Faulty([Fault(("answers",), _("Cần một đối tượng JSON."))])
    faults = [Fault(("answers", key), _("Phiếu không hỏi câu này.")) for key in given if key not in asked_for]
    faults += [Fault(("answers", key), _("Cần một chuỗi ký tự.")) for key, text in given.items()
               if text is not None and not isinstance(text, str)]
    if faults:
        raise Faulty(faults)
    return {key: text or "" for key, text in given.items()}


def _finish(survey: Survey, form: SurveyEnd) -> None:
    keys = {row.key: row for row in survey.rows}
    places = {row.id: at for at, row in enumerate(survey.rows)}
    if strange := [at for at, key in enumerate(form.keep.data) if key not in keys]:
        raise Faulty([Fault(("keep", at), _("Phiếu không có dòng này.")) for at in strange])
    vietnamese = language() == "vi"
    if survey.state == "draft" and (wrong := finishing.preview(survey).faults):
        raise Faulty([Fault(("rows", places[row.id], "fields", field), one.vi if vietnamese else one.en)
                      for row, field, one in wrong])
    finishing.finish(survey.id, keep={keys[key].id for key in form.keep.data},
                     out_of_use=set(form.out_of_use.data), user=current_user)


def read(number: str) -> Survey:
    """The survey, or NotFound."""
    found = listing.by_number(number)
    if found is None:
        raise NotFound("Không có phiếu khảo sát này.", "No such survey.")
    return found


def plain(row: Survey) -> dict[str, Any]:
    """A survey as it is read and answered."""
    digest = session().scalar(sa.select(SurveyRecord.digest).where(SurveyRecord.survey_id == row.id))
    return _line(row, len(row.rows)) | {
        "version": row.version, "findings": row.findings, "recommendations": row.recommendations,
        "questions": [{"key": one["key"], "kind": one["kind"], "question": one[language()],
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
