"""Pages of one task of a plan: targets, the list behind each figure, entries, overrides, difficulties."""
from __future__ import annotations

from io import BytesIO
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.plans import carrying, doings, service, words
from lims.plans.blueprint import blueprint
from lims.plans.forms import DifficultyForm, EntryForm, ItemForm, OverrideForm, TargetForm
from lims.plans.progress import item_progress, period_of, progress_of
from lims.plans.views import Page, version_of
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.measures import PAGE
from lims.shared.permissions import LOGIN, permit


@blueprint.get("/plans/items/<int:item_id>")
@permit(LOGIN)
def item(item_id: int) -> str:
    """One task."""
    return _item(item_id)


@blueprint.route("/plans/<int:yearly_id>/items/new", methods=["GET", "POST"])
@permit("plans.edit")
def create_item(yearly_id: int) -> Page:
    """A further row of the annex."""
    plan = service.plan(yearly_id)
    form = ItemForm(year=plan.year)
    if form.validate_on_submit():
        try:
            row = service.add_item(yearly_id, form.details(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã thêm."))
            return redirect(url_for("plans.item", item_id=row.id), 303)
    return render_template("plans/item_edit.html", form=form, plan=plan, item=None), 422 if form.errors else 200


@blueprint.route("/plans/items/<int:item_id>/edit", methods=["GET", "POST"])
@permit("plans.edit")
def edit_item(item_id: int) -> Page:
    """Change a row."""
    form = ItemForm(service.item(item_id))
    if form.validate_on_submit():
        try:
            service.change_item(item_id, form.details(), version=version_of(form), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("plans.item", item_id=item_id), 303)
    row = service.item(item_id)
    return render_template("plans/item_edit.html", form=form, plan=row.plan, item=row), 422 if form.errors else 200


@blueprint.post("/plans/items/<int:item_id>/state")
@permit("plans.edit")
def item_state(item_id: int) -> Response:
    """Done, dropped, open again; with the grounds."""
    return _act(lambda: service.set_item_state(item_id, request.form.get("state", "")[:20],
                                               request.form.get("reason", "")[:500], by=current_user), item_id)


@blueprint.route("/plans/items/<int:item_id>/targets/new", methods=["GET", "POST"])
@permit("plans.edit")
def create_target(item_id: int) -> Page:
    """A further number to reach."""
    row = service.item(item_id)
    form = TargetForm()
    if form.validate_on_submit():
        try:
            service.add_target(item_id, form.details(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã thêm chỉ tiêu."))
            return redirect(url_for("plans.item", item_id=item_id), 303)
    return render_template("plans/target_edit.html", form=form, item=row, target=None), 422 if form.errors else 200


@blueprint.route("/plans/targets/<int:target_id>/edit", methods=["GET", "POST"])
@permit("plans.edit")
def edit_target(target_id: int) -> Page:
    """Change a target."""
    row = service.target(target_id)
    form = TargetForm(row)
    if form.validate_on_submit():
        try:
            service.change_target(target_id, form.details(), version=version_of(form), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
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
    if form.validate_on_submit():
        try:
            doings.override(target_id, form.value.data, form.reason.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi, số tính được vẫn đứng bên cạnh."))
            return redirect(url_for("plans.item", item_id=row.item_id), 303)
    return render_template("plans/override.html", form=form, target=row,
                           found=progress_of(row, clock.today())), 422 if form.errors else 200


@blueprint.post("/plans/items/<int:item_id>/entries")
@permit("plans.enter")
def entry(item_id: int) -> Page:
    """Enter what was done."""
    form = EntryForm(service.item(item_id))
    if form.validate_on_submit():
        try:
            made = doings.add_entry(item_id, form.entry(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi.") if made.has_evidence or made.target_id is None
                  else _("Đã ghi; chưa tính vào chỉ tiêu vì chưa có minh chứng."))
            return redirect(url_for("plans.item", item_id=item_id), 303)
    return _item(item_id, entry_form=form), 422


@blueprint.post("/plans/entries/<int:entry_id>/strike")
@permit("plans.edit")
def strike(entry_id: int) -> Response:
    """Take an entry out of the count."""
    return _act(lambda: doings.strike_entry(entry_id, request.form.get("reason", "")[:300], by=current_user),
                doings.entry(entry_id).item_id)


@blueprint.get("/plans/entries/<int:entry_id>/file")
@permit(LOGIN)
def evidence(entry_id: int) -> Response:
    """The evidence as it was uploaded."""
    stored = doings.entry(entry_id).file
    if stored is None:
        raise NotFound("Mục này không có tệp.", "This entry has no file.")
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True,
                     download_name=stored.name)


@blueprint.post("/plans/items/<int:item_id>/difficulties")
@permit("plans.enter")
def difficulty(item_id: int) -> Page:
    """Something stands in the way."""
    service.item(item_id)
    form = DifficultyForm()
    if form.validate_on_submit():
        try:
            doings.raise_difficulty(item_id, form.text.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi khó khăn."))
            return redirect(url_for("plans.item", item_id=item_id), 303)
    return _item(item_id, difficulty_form=form), 422


@blueprint.post("/plans/difficulties/<int:difficulty_id>/escalate")
@permit("plans.enter")
def escalate(difficulty_id: int) -> Response:
    """Take it to somebody above."""
    return _act(lambda: doings.escalate(difficulty_id, request.form.get("to", "")[:200], by=current_user), None)


@blueprint.post("/plans/difficulties/<int:difficulty_id>/resolve")
@permit("plans.enter")
def resolve(difficulty_id: int) -> Response:
    """It is out of the way."""
    return _act(lambda: doings.resolve(difficulty_id, request.form.get("resolution", "")[:300], by=current_user), None)


def _act(act: Any, item_id: int | None) -> Response:
    """Do it, say so or what is wrong, and go back to the task."""
    try:
        made = act()
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
        if item_id is None:
            return redirect(request.referrer or url_for("plans.index"), 303)
    else:
        flash(_("Đã ghi."))
        item_id = item_id or made.item_id
    return redirect(url_for("plans.item", item_id=item_id), 303)


def _item(item_id: int, *, entry_form: EntryForm | None = None, difficulty_form: DifficultyForm | None = None) -> str:
    row = service.item(item_id)
    return render_template(
        "plans/item.html", item=row, progress=item_progress(row, clock.today()), words=words, today=clock.today(),
        entry_form=entry_form or EntryForm(row, formdata=None),
        difficulty_form=difficulty_form or DifficultyForm(formdata=None), onwards=carrying.descendants(item_id))
