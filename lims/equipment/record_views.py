"""Pages of a standard's record: events and documents, check before first use, functions, parts; the kept window."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import choices, facts, functions, records, service, words
from lims.equipment.record_forms import CommissionForm, EventForm, FunctionForm, PartsForm
from lims.equipment.views import blueprint
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.i18n import day, language
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.route("/standards/<int:standard_id>/events/new", methods=["GET", "POST"])
@permit("standards.edit")
def create_event(standard_id: int) -> Page:
    """An event or a document; `kind` in the address chooses one beforehand."""
    standard = service.standard(standard_id)
    form = EventForm()
    if not form.is_submitted():
        form.on.data = clock.today()
        if request.args.get("kind") in records.BY_HAND:
            form.kind.data = request.args["kind"]
    if form.validate_on_submit():
        try:
            records.add_event(standard_id, form.event(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi."))
            return _back(standard_id)
    return render_template("equipment/event.html", form=form, standard=standard), 422 if form.errors else 200


@blueprint.get("/standards/<int:standard_id>/events/<int:event_id>/file")
@permit(LOGIN)
def event_file(standard_id: int, event_id: int) -> Response:
    """The document as it was uploaded."""
    stored = records.event_file(standard_id, event_id)
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True, download_name=stored.name)


@blueprint.route("/standards/<int:standard_id>/commission", methods=["GET", "POST"])
@permit("standards.edit")
def commission(standard_id: int) -> Page:
    """The check before first use."""
    standard = service.standard(standard_id)
    form = CommissionForm()
    if not form.is_submitted():
        form.on.data = clock.today()
    if form.validate_on_submit():
        try:
            records.commission(standard_id, on=form.on.data, passed=form.passed.data == "y", text=form.text.data,
                               file=form.upload(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đưa chuẩn vào sử dụng.") if form.passed.data == "y" else _("Đã ghi; chuẩn vẫn chưa dùng được."))
            return _back(standard_id)
    return render_template("equipment/commission.html", form=form, standard=standard), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/functions/new", methods=["GET", "POST"])
@blueprint.route("/standards/<int:standard_id>/functions/<int:function_id>", methods=["GET", "POST"])
@permit("standards.edit")
def function(standard_id: int, function_id: int | None = None) -> Page:
    """A further quantity or range of the standard."""
    standard = service.standard(standard_id)
    form = FunctionForm(functions.function(standard_id, function_id) if function_id else None)
    if accepted(form, lambda: functions.save_function(
            standard_id, form.details(), function_id=function_id, by=current_user, version=form.version.number)):
        flash(_("Đã lưu."))
        return _back(standard_id)
    return render_template("equipment/function.html", form=form, standard=standard, new=function_id is None), \
        422 if form.errors else 200


@blueprint.post("/standards/<int:standard_id>/parts")
@permit("standards.edit")
def add_part(standard_id: int) -> Response:
    """Make the standard of that number a part of this one."""
    try:
        functions.add_part(standard_id, request.form.get("part", "")[:80], by=current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    return _back(standard_id)


@blueprint.post("/standards/<int:standard_id>/parts/<int:part_id>/remove")
@permit("standards.edit")
def remove_part(standard_id: int, part_id: int) -> Response:
    """Take a part out of the whole."""
    try:
        functions.remove_part(standard_id, part_id, by=current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    return _back(standard_id)


@blueprint.route("/standards/<int:standard_id>/parts/values", methods=["GET", "POST"])
@permit("standards.edit")
def parts_values(standard_id: int) -> Page:
    """The values of a set: those of its parts' certificates from a day on, or those of its own."""
    standard = service.standard(standard_id)
    form = PartsForm()
    if not form.is_submitted():
        form.since.data = standard.parts_from or clock.today()
    if accepted(form, lambda: functions.rest_on_parts(standard_id, form.since.data, by=current_user)):
        flash(_("Từ %(day)s, giá trị của bộ lấy từ giấy của từng bộ phận.", day=day(form.since.data)))
        return _back(standard_id)
    return render_template("equipment/parts_values.html", form=form, standard=standard, words=words,
                           borne=facts.parts_on(standard, clock.today())), 422 if form.errors else 200


@blueprint.post("/standards/<int:standard_id>/parts/own-values")
@permit("standards.edit")
def own_values(standard_id: int) -> Response:
    """The values are again those of the set's own certificate."""
    functions.rest_on_own(standard_id, by=current_user)
    flash(_("Giá trị của bộ lại lấy từ giấy của chính bộ."))
    return _back(standard_id)


@blueprint.post("/standards/window")
@permit(LOGIN)
def keep_window() -> Response:
    """Keep the person's own window of days for every list."""
    days = request.form.get("window", "")
    try:
        plain = days.isascii() and days.isdigit() and len(days) < 6
        choices.choose_due_soon(int(days) if plain else 0, by=current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Từ nay báo trước %(days)s ngày.", days=days))
    return redirect(url_for("equipment.index"), 303)


def _back(standard_id: int) -> Response:
    return redirect(url_for("equipment.show", standard_id=standard_id), 303)


