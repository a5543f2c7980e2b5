"""Pages of bench loads: put one together, fill it on one screen, hand it to review."""
from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs import load_cells, loads
from lims.jobs.blueprint import blueprint
from lims.jobs.load_forms import LoadForm
from lims.jobs.load_models import BenchLoad
from lims.jobs.load_page import state_of, view_of
from lims.jobs.procedures import parsed
from lims.jobs.sheet_request import changes_in
from lims.jobs.sheet_state import outcome_state
from lims.jobs.standards_choice import slots
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, may, permit
from lims.shared.responses import wants_json

Page = str | Response | tuple[str, int]


@blueprint.get("/loads", endpoint="loads")
@permit(LOGIN)
def load_list() -> str:
    """The loads put together last."""
    return render_template("jobs/loads.html", loads=loads.newest(), parsed=parsed)


@blueprint.route("/loads/new", methods=["GET", "POST"])
@permit("jobs.measure")
def new_load() -> Page:
    """First the codes; then, once they are known, what is read once for the bench."""
    found = loads.resolve(request.form.get("codes", "") or request.args.get("codes", ""))
    first = next((item for line in found for item in line.items), None)
    form = LoadForm(parsed(first.procedure) if first else None)
    if request.method == "GET":
        form.codes.data = request.args.get("codes", "")
    if form.validate_on_submit() and request.form.get("begin"):
        try:
            load = loads.create(form.codes.data, form.shared.data or [], current_user)
        except DomainError as error:
            attach(form, error)
        else:
            return redirect(url_for("jobs.load", load_id=load.id), 303)
    elif first is not None and not request.form.get("begin"):
        form.shared.data = loads.shared_before(first.procedure)
    items = [item for line in found for item in line.items]
    page = render_template("jobs/load_new.html", form=form, lines=found, items=items,
                           faults=[line for line in found if line.fault])
    return page, 422 if form.errors and request.form.get("begin") else 200


@blueprint.get("/loads/<int:load_id>", endpoint="load")
@permit(LOGIN)
def load_page(load_id: int) -> str:
    return _page(loads.get(load_id))


@blueprint.post("/loads/<int:load_id>/cells")
@permit("jobs.measure")
def load_cells_saved(load_id: int) -> Response:
    """Save cells of the bench; the answer holds the results of the positions that they touched."""
    asked = changes_in(request.get_json(silent=True))
    touched = None
    outcomes = []
    if asked.changes:
        saved = load_cells.save_cells(load_id, asked.changes, current_user, dot_means=asked.dot_means)
        outcomes, touched = list(saved.outcomes), saved.touched
    state = state_of(load_id, seen=asked.seen, touched=touched)
    redraw = any(one.status == "saved" and ":field/" in one.cell for one in outcomes)
    return jsonify(outcomes=[outcome_state(one) for one in outcomes], reload=redraw, **state)


@blueprint.post("/loads/<int:load_id>/standards")
@permit("jobs.measure")
def load_standard(load_id: int) -> Response:
    return _standards_answer(load_id, lambda: loads.choose_standard(
        load_id, request.form.get("slot", ""), request.form.get("number", ""),
        request.form.get("standard", 0, type=int), current_user))


@blueprint.post("/loads/<int:load_id>/standards/remove")
@permit("jobs.measure")
def load_standard_removed(load_id: int) -> Response:
    return _standards_answer(load_id, lambda: loads.remove_standard(
        load_id, request.form.get("slot", ""), request.form.get("standard", 0, type=int), current_user))


@blueprint.post("/loads/<int:load_id>/positions/<int:position>/reason")
@permit("jobs.measure")
def load_reason(load_id: int, position: int) -> Response:
    """Why what stands there failed."""
    loads.set_reason(load_id, position, request.form.get("reason", ""), current_user)
    return jsonify(saved=True) if wants_json() else redirect(url_for("jobs.load", load_id=load_id), 303)


@blueprint.post("/loads/<int:load_id>/hand-on")
@permit("jobs.measure")
def hand_on_load(load_id: int) -> Page:
    """Hand every complete sheet to review; the others stay, each with its reason."""
    loads.get(load_id)
    handed = loads.hand_on(load_id, current_user)
    if handed.done:
        flash(ngettext("Đã chuyển soát xét %(num)s cái.", "Đã chuyển soát xét %(num)s cái.", len(handed.done)),
              "success")
    if not handed.refused:
        return redirect(url_for("jobs.bench"), 303)
    return _page(loads.get(load_id), refused=[
        (position, code, error.message(language())) for position, code, error in handed.refused]), 422


@blueprint.get("/loads/<int:load_id>/budget/<int:position>:<table>/<int:point>")
@permit(LOGIN)
def load_budget(load_id: int, position: int, table: str, point: int) -> Response:
    """The budget of one position's point."""
    code = loads.item_at(load_id, position).code
    return redirect(url_for("jobs.budget", code=code, table=table, point=point), 303)


def _page(load: BenchLoad, refused: list[tuple[int, str, str]] | None = None) -> str:
    sheets = loads.sheets_of(load.id)
    first = next(iter(sheets.values()))
    is_open = any(row.item.state == "measuring" for row in load.positions)
    return render_template(
        "jobs/load.html", load=load, view=view_of(load), state=state_of(load.id), procedure=parsed(load.procedure),
        sheet=first, refused=refused or [], editable=is_open and may("jobs.measure"),
        slots=slots(first, with_offers=is_open), urls=_urls(load.id))


def _urls(load_id: int) -> dict[str, str]:
    return {"choose": url_for("jobs.load_standard", load_id=load_id),
            "remove": url_for("jobs.load_standard_removed", load_id=load_id)}


def _standards_answer(load_id: int, act: object) -> Response:
    """Do it; the script gets the new panel and all results, a browser without script the page."""
    assert callable(act)
    try:
        act()
    except DomainError as error:
        if wants_json():
            raise
        flash(error.message(language()), "error")
    if not wants_json():
        return redirect(url_for("jobs.load", load_id=load_id, _anchor="standards"), 303)
    first = next(iter(loads.sheets_of(load_id).values()))
    panel = render_template("jobs/worksheet_standards.html", editable=may("jobs.measure"),
                            slots=slots(first), urls=_urls(load_id))
    return jsonify(panel=panel, **state_of(load_id))
