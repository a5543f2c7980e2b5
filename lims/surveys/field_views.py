"""The survey on a phone: the page, what it sends, photographs."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Response as PlainResponse
from flask import jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from lims.customers.forms import kind_choices
from lims.customers.models import Instrument
from lims.customers.words import SERVICE
from lims.jobs.photos import MAX_BYTES
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.surveys import service, words
from lims.surveys.blueprint import blueprint
from lims.surveys.models import Survey, SurveyPhoto, SurveyRow
from lims.surveys.row_fields import COMPARED, read
from lims.surveys.service import Entry, Outcome

MOST_ENTRIES = 100


@blueprint.get("/surveys/<int:survey_id>/fill")
@permit("surveys.edit")
def fill(survey_id: int) -> str | Response:
    survey = service.get(survey_id)
    if survey.state != "draft":
        return redirect(url_for("surveys.show", survey_id=survey_id), 303)
    return render_template("surveys/fill.html", survey=survey, words=words, services=SERVICE, kinds=kind_choices(),
                           data=_data(survey), token=generate_csrf(), language_code=language())


@blueprint.post("/surveys/<int:survey_id>/save")
@permit("surveys.edit")
def save(survey_id: int) -> Response:
    """Rows and head as the phone sends them, as JSON; one outcome each, in the same order."""
    entries = _entries(request.get_json(silent=True))
    outcomes = service.save(survey_id, entries, current_user)
    survey = service.get(survey_id)
    return jsonify({"outcomes": [_outcome(entry, outcome, survey)
                                 for entry, outcome in zip(entries, outcomes, strict=True)]})


@blueprint.post("/surveys/<int:survey_id>/go-on")
@permit("surveys.edit")
def go_on(survey_id: int) -> Response:
    """The survey that takes what a phone could not send before this one was finished, as JSON."""
    draft, fresh = service.go_on(survey_id, current_user)
    return jsonify({"number": draft.number, "version": draft.version, "fresh": fresh,
                    "url": url_for("surveys.fill", survey_id=draft.id)})


@blueprint.post("/surveys/<int:survey_id>/photos")
@permit("surveys.edit")
def keep_photo(survey_id: int) -> Response:
    upload = request.files.get("photo")
    kept = service.keep_photo(survey_id, content=upload.read(MAX_BYTES + 1) if upload else b"", user=current_user,
                              row_key=request.form.get("row", ""), mark=request.form.get("mark", ""))
    return jsonify(_photo(kept))


@blueprint.get("/surveys/<int:survey_id>/photos/<int:photo_id>.jpg")
@permit(LOGIN)
def photo(survey_id: int, photo_id: int) -> PlainResponse:
    """The picture itself; it never changes."""
    found = service.photo(survey_id, photo_id)
    return PlainResponse(found.file.content, mimetype=found.file.media_type, headers={
        "Cache-Control": "private, max-age=31536000, immutable", "ETag": f'"{found.file.sha256}"',
        "Content-Disposition": "inline", "X-Content-Type-Options": "nosniff",
        # a browser that shows the picture alone sets it in the middle by styles of its own
        "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"})


@blueprint.post("/surveys/<int:survey_id>/photos/<int:photo_id>/strike")
@permit("surveys.edit")
def strike_photo(survey_id: int, photo_id: int) -> Response:
    """A photograph taken by mistake counts no longer; only while the survey is a draft."""
    service.strike_photo(survey_id, photo_id, current_user)
    return redirect(url_for("surveys.show", survey_id=survey_id), 303)


def _data(survey: Survey) -> dict[str, Any]:
    """What the page's script begins with."""
    owned = session().scalars(sa.select(Instrument).where(
        Instrument.customer_id == survey.customer_id, Instrument.in_use).order_by(Instrument.id).limit(2000))
    return {
        "number": survey.number, "head": service.head_of(survey), "head_revision": survey.version,
        "rows": [{"key": row.key, "revision": row.revision, "position": row.position, "fields": row.fields,
                  "faults": _faults(survey, row)} for row in survey.rows],
        "register": [{"id": one.id, "kind": one.kind, "serial": one.serial,
                      **{name: getattr(one, name) for name in COMPARED}} for one in owned],
        "photos": [_photo(one) for one in survey.photos if not one.struck_because],
        "kinds": dict(kind_choices()), "services": {code: str(word) for code, word in SERVICE.items()},
    }


def _faults(survey: Survey, row: SurveyRow) -> dict[str, str]:
    vi = language() == "vi"
    return {name: fault.vi if vi else fault.en for name, fault in read(row.fields, survey.visited_on).faults.items()}


def _photo(kept: SurveyPhoto) -> dict[str, Any]:
    return {"id": kept.id, "row": kept.row_key,
            "url": url_for("surveys.photo", survey_id=kept.survey_id, photo_id=kept.id)}


def _entries(body: object) -> list[Entry]:
    entries = body.get("entries") if isinstance(body, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        raise Invalid("Nội dung gửi không đúng dạng.", "What was sent has not the right shape.")
    return [_entry(one) for one in entries]


def _entry(one: object) -> Entry:
    if not isinstance(one, dict):
        raise Invalid("Nội dung gửi không đúng dạng.", "What was sent has not the right shape.")
    base, fields, position = one.get("base"), one.get("fields"), one.get("position")
    if type(base) is not int or not isinstance(fields, dict) or len(fields) > 100 or not isinstance(
            one.get("key"), str):
        raise Invalid("Nội dung gửi không đúng dạng.", "What was sent has not the right shape.")
    texts = {str(name): value if isinstance(value, str) else "" for name, value in fields.items()}
    return Entry(one["key"], base, texts, one.get("removed") is True,
                 position if type(position) is int and 0 < position < 1_000_000 else 0)


def _outcome(entry: Entry, outcome: Outcome, survey: Survey) -> dict[str, Any]:
    row = next((one for one in survey.rows if one.key == entry.key), None)
    return {"status": outcome.status,
            "revision": survey.version if entry.key == service.HEAD else outcome.revision,
            "theirs": outcome.theirs, "faults": _faults(survey, row) if row else {},
            "text": outcome.error.message(language()) if outcome.error else ""}
