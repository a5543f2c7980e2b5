"""Pages of what a programme is made of: sections, measurements, actions and their following up, experts."""
from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers.models import Instrument
from lims.programmes import service, words
from lims.programmes.blueprint import blueprint
from lims.programmes.forms import ActionForm, ExpertForm, FollowUpForm, MeasurementForm, PartForm
from lims.programmes.models import (
    Programme,
    ProgrammeAction,
    ProgrammeExpert,
    ProgrammeMeasurement,
    ProgrammePart,
)
from lims.programmes.views import Page, act, show_page
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.permissions import permit


@blueprint.route("/programmes/parts/<int:part_id>", methods=["GET", "POST"])
@permit("programmes.edit")
def part(part_id: int) -> Page:
    """Write a section or topic."""
    row = service.found(ProgrammePart, part_id)
    form = PartForm(row)
    if form.validate_on_submit():
        values = {name: form[name].data or "" for name in ("body", "gap", "cause") if name in form}
        try:
            service.write_part(part_id, values, by=current_user, version=form.version.number)
        except DomainError as error:
            attach(form, error)
        else:
            return _saved(row.programme_id)
    return render_template("programmes/part.html", form=form, part=service.found(
        ProgrammePart, part_id)), 422 if form.errors else 200


@blueprint.route("/programmes/<int:programme_id>/measurements/new", methods=["GET", "POST"])
@permit("programmes.edit")
def add_measurement(programme_id: int) -> Page:
    """Something more that is measured."""
    return _measurement(service.programme(programme_id), None)


@blueprint.route("/programmes/measurements/<int:measurement_id>", methods=["GET", "POST"])
@permit("programmes.edit")
def measurement(measurement_id: int) -> Page:
    """Change a measurement."""
    row = service.found(ProgrammeMeasurement, measurement_id)
    return _measurement(row.programme, row)


@blueprint.post("/programmes/measurements/<int:measurement_id>/remove")
@permit("programmes.edit")
def remove_measurement(measurement_id: int) -> Response:
    """Leave a measurement out."""
    row = service.found(ProgrammeMeasurement, measurement_id)
    return act(lambda: service.remove_measurement(measurement_id, by=current_user), _("Đã bỏ phép đo."),
               row.programme_id)


@blueprint.route("/programmes/<int:programme_id>/actions/new", methods=["GET", "POST"])
@permit("programmes.edit")
def add_action(programme_id: int) -> Page:
    """Something more to be done."""
    return _action(service.programme(programme_id), None)


@blueprint.route("/programmes/actions/<int:action_id>", methods=["GET", "POST"])
@permit("programmes.edit")
def action(action_id: int) -> Page:
    """Change an action of a draft; of an issued programme enter what came of it."""
    row = service.found(ProgrammeAction, action_id)
    if row.programme.state == "draft":
        return _action(row.programme, row)
    form = FollowUpForm(row)
    if accepted(form, lambda: service.follow_up(action_id, form.values(), by=current_user,
                                                        version=form.version.number)):
        return _saved(row.programme_id)
    return render_template("programmes/follow_up.html", form=form, words=words, action=service.found(
        ProgrammeAction, action_id)), 422 if form.errors else 200


@blueprint.post("/programmes/<int:programme_id>/experts")
@permit("programmes.edit")
def add_expert(programme_id: int) -> Page:
    """A member of the expert group."""
    service.programme(programme_id)
    form = ExpertForm()
    if accepted(form, lambda: service.add_expert(programme_id, form.values(), by=current_user)):
        return _saved(programme_id)
    return show_page(service.programme(programme_id), form), 422


@blueprint.post("/programmes/experts/<int:expert_id>/remove")
@permit("programmes.edit")
def remove_expert(expert_id: int) -> Response:
    """Take somebody out of the group."""
    row = service.found(ProgrammeExpert, expert_id)
    return act(lambda: service.remove_expert(expert_id, by=current_user), _("Đã bỏ khỏi nhóm."), row.programme_id)


def _measurement(programme: Programme, row: ProgrammeMeasurement | None) -> Page:
    programme_id, measurement_id = programme.id, row.id if row else None
    instruments = list(session().scalars(sa.select(Instrument).where(
        Instrument.customer_id == programme.customer_id).order_by(Instrument.name, Instrument.serial).limit(2000)))
    form = MeasurementForm(instruments, row)
    if accepted(form, lambda: service.save_measurement(programme_id, form.values(), by=current_user,
                        measurement_id=measurement_id, version=form.version.number)):
        return _saved(programme_id)
    return render_template("programmes/measurement.html", form=form, measurement_id=measurement_id,
                           programme=service.programme(programme_id)), 422 if form.errors else 200


def _action(programme: Programme, row: ProgrammeAction | None) -> Page:
    programme_id, action_id = programme.id, row.id if row else None
    form = ActionForm(programme, row)
    if request.method == "GET" and row is None:
        form.due_on.data, form.part_id.data = programme.last_on, request.args.get("part", "")
    if accepted(form, lambda: service.save_action(programme_id, form.values(), by=current_user,
                        action_id=action_id, version=form.version.number)):
        return _saved(programme_id)
    return render_template("programmes/action.html", form=form, programme=service.programme(
        programme_id)), 422 if form.errors else 200


def _saved(programme_id: int) -> Response:
    flash(_("Đã lưu."))
    return redirect(url_for("programmes.show", programme_id=programme_id), 303)
