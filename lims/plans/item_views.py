"""Pages of one task of a plan: its text, targets, the list behind each figure, overrides."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.plans import carrying, doings, purchases, service, words
from lims.plans.blueprint import blueprint
from lims.plans.forms import BuyForm, DifficultyForm, EntryForm, ItemForm, OverrideForm, TargetForm
from lims.plans.progress import item_progress, period_of, progress_of
from lims.plans.views import Page
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.measures import PAGE
from lims.shared.permissions import LOGIN, permit
from lims.surveys import words as coverage_words


@blueprint.get("/plans/items/<int:item_id>")
@permit(LOGIN)
def item(item_id: int) -> str:
    """One task."""
    return show_item(item_id)


@blueprint.route("/plans/<int:yearly_id>/items/new", methods=["GET", "POST"])
@permit("plans.edit")
def create_item(yearly_id: int) -> Page:
    """A further row of the annex."""
    plan = service.plan(yearly_id)
    form = ItemForm(year=plan.year)
    if done := accepted(form, lambda: service.add_item(yearly_id, form.details(), by=current_user)):
        flash(_("Đã thêm."))
        return redirect(url_for("plans.item", item_id=done.result.id), 303)
    return render_template("plans/item_edit.html", form=form, plan=plan, item=None), 422 if form.errors else 200


@blueprint.route("/plans/items/<int:item_id>/edit", methods=["GET", "POST"])
@permit("plans.edit")
def edit_item(item_id: int) -> Page:
    """Change a row."""
    form = ItemForm(service.item(item_id))
    if accepted(form, lambda: service.change_item(item_id, form.details(), version=form.version.number,
                        by=current_user)):
        flash(_("Đã lưu."))
        return redirect(url_for("plans.item", item_id=item_id), 303)
    row = service.item(item_id)
    return render_template("plans/item_edit.html", form=form, plan=row.plan, item=row), 422 if form.errors else 200


@blueprint.post("/plans/items/<int:item_id>/state")
@permit("plans.edit")
def item_state(item_id: int) -> Response:
    """Done, dropped, open again; with the grounds."""
    return act(lambda: service.set_item_state(item_id, request.form.get("state", "")[:20],
                                               request.form.get("reason", "")[:500], by=current_user,
                                               seen=request.form.get("seen", "")[:20]), item_id)


@blueprint.route("/plans/items/<int:item_id>/targets/new", methods=["GET", "POST"])
@permit("plans.edit")
def create_target(item_id: int) -> Page:
    """A further number to reach."""
    row = service.item(item_id)
    form = TargetForm()
    if accepted(form, lambda: service.add_target(item_id, form.details(), by=current_user)):
        flash(_("Đã thêm chỉ tiêu."))
        return redirect(url_for("plans.item", item_id=item_id), 303)
    return render_template("plans/target_edit.html", form=form, item=row, target=None), 422 if form.errors else 200


@blueprint.route("/plans/targets/<int:target_id>/edit", methods=["GET", "POST"])
@permit("plans.edit")
def edit_target(target_id: int) -> Page:
    """Change a target."""
    row = service.target(target_id)
    form = TargetForm(row)
    if accepted(form, lambda: service.change_target(target_id, form.details(), version=form.version.number,
                        by=current_user)):
        flash(_("Đã lưu."))
        return redirect(url_for("plans.item", item_id=row.item_id), 303)
    row = service.target(target_id)
    return render_template("plans/target_edit.html", form=form, item=row.item, target=row), 422 if form.errors else 200


@blueprint.get("/plans/targets/<int:target_id>")
@permit(LOGIN)
def behind(target_id: int) -> str:
    """The list behind a figure: what the measure counts, or the entries."""
    row = service.target(target_id)
    found = progress_of(row, clock.today())
    period = period_of(row.item, clock.today())
    below = request.args.get("below", type=int)
    lines = found.measure.lines(period, below, PAGE + 1) if found.measure is not None else []
    entries = [one for one in row.item.entries if one.target_id == row.id]
    return render_template("plans/behind.html", target=row, found=found, period=period, lines=lines[:PAGE],
                           more=lines[PAGE - 1].key if len(lines) > PAGE else None, entries=entries, words=words,
                           below=below)


@blueprint.route("/plans/targets/<int:target_id>/override", methods=["GET", "POST"])
@permit("plans.edit")
def override(target_id: int) -> Page:
    """Put another number in the place of the computed one, with a reason."""
    row = service.target(target_id)
    form = OverrideForm()
    if accepted(form, lambda: doings.override(target_id, form.value.data, form.reason.data, by=current_user)):
        flash(_("Đã ghi, số tính được vẫn đứng bên cạnh."))
        return redirect(url_for("plans.item", item_id=row.item_id), 303)
    return render_template("plans/override.html", form=form, target=row,
                           found=progress_of(row, clock.today())), 422 if form.errors else 200


def act(what: Callable[[], Any], item_id: int | None, done: str = "") -> Response:
    """Do it, say so or what is wrong, and go back to the task, or to the list from which it was asked."""
    try:
        made = what()
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
        if item_id is None:
            return redirect(request.referrer or url_for("plans.index"), 303)
    else:
        flash(done or _("Đã ghi."))
        item_id = item_id or made.item_id
    if request.form.get("back") == "list":
        return redirect(url_for("plans.difficulties"), 303)
    return redirect(url_for("plans.item", item_id=item_id), 303)


def show_item(item_id: int, *, entry_form: EntryForm | None = None, difficulty_form: DifficultyForm | None = None,
              buy_form: BuyForm | None = None) -> str:
    """The page of a task, with a form that was not accepted."""
    row = service.item(item_id)
    return render_template(
        "plans/item.html", item=row, progress=item_progress(row, clock.today()), words=words, today=clock.today(),
        entry_form=entry_form or EntryForm(row, formdata=None, on=clock.today()),
        difficulty_form=difficulty_form or DifficultyForm(formdata=None), onwards=carrying.descendants(item_id),
        bought=purchases.of_item(item_id), buy_form=buy_form or BuyForm(formdata=None), coverage_words=coverage_words)
