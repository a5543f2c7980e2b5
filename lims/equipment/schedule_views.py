"""Pages of a standard's schedules: their intervals, what was done, the log of use."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import schedules, service, uses, words
from lims.equipment.forms import DutyDoneForm, ScheduleForm, UseForm, duty_title
from lims.equipment.models import DUTIES, Schedule
from lims.equipment.views import blueprint
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach
from lims.shared.permissions import permit

Page = str | Response | tuple[str, int]


@blueprint.route("/standards/<int:standard_id>/schedules/<duty>", methods=["GET", "POST"])
@permit("standards.edit")
def schedule(standard_id: int, duty: str) -> Page:
    """The interval of one duty; `label` in the address names one of several, `new` asks for another."""
    label, new = _label(), "new" in request.args
    row = None if new else _schedule(standard_id, duty, label)
    form = ScheduleForm(duty, row, named=new)
    if form.validate_on_submit():
        try:
            schedules.set_schedule(
                standard_id, duty, interval_count=form.interval_count.data or 0, interval_unit=form.interval_unit.data,
                active="active" not in form or form.active.data == "y",
                last_done_on=form.last_done_on.data if "last_done_on" in form else None,
                label=form.label.data if new else label, terms=form.terms(), seen=form.seen.data or "")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu lịch."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/schedule.html", form=form, standard=service.standard(standard_id),
                           title=_title(duty, label)), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/schedules/<duty>/done", methods=["GET", "POST"])
@permit("standards.edit")
def duty_done(standard_id: int, duty: str) -> Page:
    """Record a check or maintenance."""
    standard = service.standard(standard_id)
    label = _label()
    _schedule(standard_id, duty, label)
    form = DutyDoneForm()
    if not form.is_submitted():
        form.done_on.data = clock.today()
    if form.validate_on_submit():
        try:
            schedules.record_duty(standard_id, duty, done_on=form.done_on.data, passed=form.passed.data == "y",
                                  note=form.note.data, by=current_user, label=label)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/duty_done.html", form=form, standard=standard,
                           title=_title(duty, label)), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/uses", methods=["GET", "POST"])
@permit("standards.edit")
def use_log(standard_id: int) -> Page:
    """The log of use, and its next entry."""
    standard = service.standard(standard_id)
    form = UseForm()
    if not form.is_submitted():
        form.used_on.data = clock.today()
    if form.validate_on_submit():
        try:
            entered = {"used_on": form.used_on.data, "note": form.note.data, "by": current_user}
            if form.unit.data == "readout":
                uses.log_readout(standard_id, readout=form.amount.data, **entered)
            else:
                uses.log_use(standard_id, unit=form.unit.data, amount=form.amount.data, **entered)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi."))
            return redirect(url_for("equipment.use_log", standard_id=standard_id), 303)
    return render_template("equipment/uses.html", form=form, standard=standard, log=uses.log_of(standard_id),
                           sheets=uses.sheets_of(standard), words=words), 422 if form.errors else 200


def _schedule(standard_id: int, duty: str, label: str) -> Schedule | None:
    if duty not in DUTIES:
        raise NotFound("Không có việc này.", "No such duty.")
    found = next((row for row in service.standard(standard_id).schedules if (row.duty, row.label) == (duty, label)),
                 None)
    if found is None and label:
        raise NotFound("Không có lịch mang tên này.", "No schedule of this name.")
    return found


def _label() -> str:
    return request.args.get("label", "")[:40]


def _title(duty: str, label: str) -> str:
    return f"{duty_title(duty)} ({label})" if label else duty_title(duty)
