"""Pages of measuring: the bench, the sheet with its one saving interface, standards, submission, history."""
from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.evaluation import Reason
from lims.equipment import environment
from lims.jobs import room_record, second_look, standards_choice
from lims.jobs import worksheet as sheets
from lims.jobs.bench import ONLY, bench_items, item_by_scan
from lims.jobs.blueprint import blueprint
from lims.jobs.cells import save_cells
from lims.jobs.disposal import Contents, disposal_of, require_kept
from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import JobItem, Worksheet
from lims.jobs.observations import entries
from lims.jobs.procedures import procedure_of
from lims.jobs.service import item_by_code
from lims.jobs.sheet_page import cell_names, page_of, source_words
from lims.jobs.sheet_request import changes_in
from lims.jobs.sheet_state import check_words, outcome_state, state_of, verdict_words
from lims.jobs.submission import NotComplete, submit
from lims.jobs.wording import STATE_LIGHTS, room_words, rule_words, state_words
from lims.jobs.worksheet_forms import DetailsForm
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, may, permit
from lims.shared.responses import wants_json

Page = str | Response | tuple[str, int]


@blueprint.get("/bench")
@permit(LOGIN)
def bench() -> Page:
    """Items to measure; a scanned code opens its sheet."""
    text = request.args.get("q", "").strip()
    if text and (found := item_by_scan(text)) is not None:
        return redirect(url_for("jobs.worksheet", code=found.code), 303)
    whose = request.args.get("whose", "mine" if may("jobs.measure") else "all")
    only = request.args.get("only", "")
    items = bench_items(current_user.id if whose == "mine" else None, text, only)
    return render_template("jobs/bench.html", items=items, whose=whose, text=text, today=clock.today(),
                           only=only if only in ONLY else "",
                           words=state_words(), lights=STATE_LIGHTS)


@blueprint.get("/items/<path:code>/sheet")
@permit(LOGIN)
def worksheet(code: str) -> Page:
    """The sheet of an item, or the page that starts it."""
    item = item_by_code(code)
    if (gone := disposal_of(item.worksheet)) is not None:
        return _gone_page(item, gone)
    return _start_page(item) if item.worksheet is None else _sheet_page(item.worksheet)


@blueprint.post("/items/<path:code>/start")
@permit("jobs.measure")
def start(code: str) -> Page:
    try:
        sheets.start(code, current_user)
    except DomainError as error:
        return _start_page(item_by_code(code), error.message(language())), error.status
    return redirect(url_for("jobs.worksheet", code=code), 303)


@blueprint.post("/items/<path:code>/cells")
@permit("jobs.measure")
def cells(code: str) -> Response:
    """Save cells one by one; the answer tells what became of each, and the whole sheet evaluated anew."""
    asked = changes_in(request.get_json(silent=True))
    outcomes = save_cells(code, asked.changes, current_user, dot_means=asked.dot_means) if asked.changes else []
    state = state_of(sheets.sheet_of(code), seen=asked.seen)
    redraw = any(outcome.status == "saved" and outcome.cell.startswith("field/") for outcome in outcomes)
    return jsonify(outcomes=[outcome_state(outcome) for outcome in outcomes], reload=redraw, **state)


@blueprint.post("/items/<path:code>/standards")
@permit("jobs.measure")
def choose_standard(code: str) -> Response:
    """Take a standard: by the number that was scanned, or by its row in a slot."""
    def act() -> object:
        slot = request.form.get("slot", "")
        if slot:
            return standards_choice.choose(code, slot, request.form.get("standard", 0, type=int), current_user)
        return standards_choice.choose_scanned(code, request.form.get("number", ""), current_user)

    return _standards_answer(code, act)


@blueprint.post("/items/<path:code>/standards/override")
@permit("standards.override")
def override_standard(code: str) -> Response:
    """Take a standard against a soft reason, saying why."""
    return _standards_answer(code, lambda: standards_choice.override(
        code, request.form.get("slot", ""), request.form.get("standard", 0, type=int),
        request.form.get("reason", ""), current_user))


@blueprint.post("/items/<path:code>/standards/<int:row>/remove")
@permit("jobs.measure")
def remove_standard(code: str, row: int) -> Response:
    return _standards_answer(code, lambda: standards_choice.remove(code, row, current_user))


@blueprint.post("/items/<path:code>/details")
@permit("jobs.measure")
def details(code: str) -> Page:
    """Measuring day and deviation."""
    form = DetailsForm()
    if accepted(form, lambda: sheets.set_details(
            code, performed_on=form.performed_on.data, deviation=form.deviation.data or "", user=current_user,
            seen=form.seen.data or "")):
        return redirect(url_for("jobs.worksheet", code=code), 303)
    sheet = sheets.sheet_of(code)
    form.seen.data = sheets.mark_of(sheet)  # what the next attempt has seen: the answer shows it
    return _sheet_page(sheet, form=form), 422


@blueprint.post("/items/<path:code>/room")
@permit("jobs.measure")
def room(code: str) -> Response:
    """Say in which room it is measured."""
    try:
        room_record.choose_room(code, request.form.get("room", 0, type=int) or None, current_user,
                                seen=request.form.get("seen", "")[:20])
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
    return redirect(url_for("jobs.worksheet", code=code), 303)


@blueprint.post("/items/<path:code>/submit")
@permit("jobs.measure")
def submit_sheet(code: str) -> Page:
    """Hand the sheet to review."""
    try:
        result = submit(code, current_user)
    except NotComplete as error:
        return _sheet_page(sheets.sheet_of(code), obstacles=error.reasons), 422
    stated = "" if result.verdict == "not_stated" else f": {verdict_words()[result.verdict].lower()}"
    flash(_("Đã chuyển soát xét %(code)s%(verdict)s.", code=code, verdict=stated), "success")
    return redirect(url_for("jobs.bench"), 303)


@blueprint.post("/items/<path:code>/look")
@permit("jobs.measure")
def look_over(code: str) -> Response:
    """The second pair of eyes."""
    try:
        second_look.look_over(code, current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã ghi: bạn đã xem lại số đọc."), "success")
    return redirect(url_for("jobs.worksheet", code=code), 303)


@blueprint.get("/items/<path:code>/history")
@permit(LOGIN)
def history(code: str) -> str:
    """Every entry of the sheet as it was typed, with who, when and why; nothing is ever replaced."""
    sheet = sheets.sheet_of(code)
    require_kept(sheet)
    return render_template("jobs/worksheet_history.html", item=sheet.item, entries=entries(sheet.id),
                           names=cell_names(sheet), dot_means=sheet.dot_means, sources=source_words(),
                           check_words=check_words())


def _start_page(item: JobItem, refusal: str = "") -> str:
    return render_template("jobs/worksheet_start.html", item=item, procedure=procedure_of(item), refusal=refusal,
                           words=state_words(), lights=STATE_LIGHTS, rules=rule_words(),
                           startable=item.state == "assigned" and may("jobs.measure"))


def _gone_page(item: JobItem, gone: WorkDisposal) -> str:
    return render_template("jobs/worksheet_disposed.html", item=item, gone=gone, words=state_words(),
                           contents=Contents.read(gone.contents), lights=STATE_LIGHTS,
                           number=current_app.extensions["document_numbers"]([item.id]).get(item.id))


def _sheet_page(sheet: Worksheet, *, form: DetailsForm | None = None, obstacles: Sequence[Reason] = ()) -> str:
    is_open = sheets.is_open(sheet.item)
    return render_template(
        "jobs/worksheet.html", item=sheet.item, sheet=sheet, procedure=procedure_of(sheet.item), view=page_of(sheet),
        state=state_of(sheet), slots=standards_choice.slots(sheet, with_offers=is_open),
        editable=is_open and may("jobs.measure"), obstacles=obstacles, words=state_words(), lights=STATE_LIGHTS,
        rules=rule_words(), rooms=environment.rooms(), record=room_record.record_of(sheet), names=room_words(),
        form=form or DetailsForm(performed_on=sheet.performed_on, deviation=sheet.deviation,
                                 seen=sheets.mark_of(sheet)))


def _standards_answer(code: str, act: object) -> Response:
    """Do it; the script gets the new panel and evaluation, a browser without script the page."""
    assert callable(act)
    try:
        act()
    except DomainError as error:
        if wants_json():
            raise
        flash(error.message(language()), "error")
    if not wants_json():
        return redirect(url_for("jobs.worksheet", code=code, _anchor="standards"), 303)
    sheet = sheets.sheet_of(code)
    panel = render_template("jobs/worksheet_standards.html", item=sheet.item, editable=may("jobs.measure"),
                            slots=standards_choice.slots(sheet))
    return jsonify(panel=panel, **state_of(sheet))
