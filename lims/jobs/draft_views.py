"""Pages of procedures: those published with their cases and changes, drafts with a live trial, publication."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs import drafts, procedures
from lims.jobs.blueprint import blueprint
from lims.jobs.draft_forms import DraftForm
from lims.jobs.draft_models import ProcedureDraft, PublishedCases
from lims.jobs.forms import service_words
from lims.jobs.models import ProcedureVersion
from lims.jobs.sheet_state import verdict_words
from lims.jobs.shown import number
from lims.jobs.text_changes import changed_lines
from lims.shared.db import session
from lims.shared.errors import DomainError, Invalid, NotFound
from lims.shared.forms import accepted, attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/procedures", endpoint="procedures")
@permit(LOGIN)
def procedure_list() -> str:
    """The newest publication of each procedure, and what is being drafted."""
    return render_template("jobs/procedures.html", current=procedures.current(), drafts=drafts.open_drafts(),
                           services=service_words())


@blueprint.get("/procedures/<code>", endpoint="procedure")
@permit(LOGIN)
def procedure_page(code: str) -> str:
    """One publication (the newest unless `id` names another): text, trial on its cases, changes."""
    rows = drafts.publications(code)
    wanted = request.args.get("id", type=int)
    row = next((one for one in rows if wanted in (None, one.id)), None)
    if row is None:
        raise NotFound("Không có quy trình này.", "No such procedure.")
    before = next((one for one in rows if one.id < row.id), None)
    return render_template(
        "jobs/procedure.html", row=row, rows=rows, procedure=procedures.parsed(row), before=before,
        changes=changed_lines(before.toml, row.toml) if before else [], version_chips=_chips, services=service_words(),
        published=session().get(PublishedCases, row.id), **_trial(drafts.tried_out(row.toml, drafts.cases_of(row))))


@blueprint.post("/procedures/drafts")
@permit("procedures.edit")
def new_draft() -> Response:
    """A draft from a publication, or an empty one."""
    based_on = request.form.get("based_on", 0, type=int)
    row = session().get(ProcedureVersion, based_on) if based_on else None
    draft = drafts.begin(row, current_user)
    return redirect(url_for("jobs.draft", draft_id=draft.id), 303)


@blueprint.get("/procedures/drafts/<int:draft_id>")
@permit(LOGIN)
def draft(draft_id: int) -> str:
    found = drafts.get(draft_id)
    form = DraftForm(formdata=None, toml=found.toml, cases=found.cases, version=found.version)
    return _draft_page(found, form)


@blueprint.post("/procedures/drafts/<int:draft_id>")
@permit("procedures.edit")
def keep_draft(draft_id: int) -> Page:
    found, form = drafts.get(draft_id), DraftForm()
    if accepted(form, lambda: drafts.keep(
            draft_id, toml=form.toml.data or "", cases=form.cases.data or "", user=current_user,
            version=form.version.number)):
        flash(_("Đã ghi dự thảo."), "success")
        return redirect(url_for("jobs.draft", draft_id=draft_id), 303)
    return _draft_page(found, form), 422


@blueprint.post("/procedures/drafts/<int:draft_id>/try")
@permit("procedures.edit")
def try_draft(draft_id: int) -> Response:
    """The text tried as it stands in the page, kept or not."""
    drafts.get(draft_id)
    body = request.get_json(silent=True)
    toml, cases = (body.get("toml"), body.get("cases")) if isinstance(body, dict) else (None, None)
    if not isinstance(toml, str) or not isinstance(cases, str) or max(len(toml), len(cases)) > drafts.LONGEST:
        raise Invalid("Cần toml và cases là chữ.", "toml and cases are texts.", "toml")
    tried = _trial(drafts.tried_out(toml, cases))
    return jsonify(html=render_template("jobs/_trial.html", **tried), passes=tried["trial"].passes,
                   faults=[fault.line for fault in tried["trial"].faults])


@blueprint.post("/procedures/drafts/<int:draft_id>/publish")
@permit("procedures.publish")
def publish_draft(draft_id: int) -> Page:
    found = drafts.get(draft_id)
    try:
        row = drafts.publish(draft_id, current_user)
    except DomainError as error:
        form = DraftForm(formdata=None, toml=found.toml, cases=found.cases, version=found.version)
        attach(form, error)
        return _draft_page(found, form), error.status
    flash(_("Đã ban hành %(code)s, bản %(version)s.", code=row.code, version=row.version), "success")
    return redirect(url_for("jobs.procedure", code=row.code), 303)


def _draft_page(found: ProcedureDraft, form: DraftForm) -> str:
    changes = changed_lines(found.based_on.toml, form.toml.data or "") if found.based_on else []
    return render_template("jobs/draft.html", draft=found, form=form, changes=changes, longest=drafts.LONGEST,
                           mine=found.written_by_id == current_user.id,
                           **_trial(drafts.tried_out(form.toml.data or "", form.cases.data or "")))


def _chips(rows: Sequence[ProcedureVersion], here: ProcedureVersion) -> list[tuple[str, str, bool]]:
    """Every publication as a link, the newest first."""
    return [(_("lần %(edition)s, bản %(n)s", edition=row.edition, n=row.version),
             url_for("jobs.procedure", code=row.code, id=row.id), row.id == here.id) for row in rows]


def _trial(tried: drafts.Trial) -> dict[str, Any]:
    """What jobs/_trial.html needs."""
    return {"trial": tried, "lang": language(), "shown": number, "verdicts": verdict_words()}
