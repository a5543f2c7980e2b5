"""Pages of reservations: what is kept for whom, and keeping a standard for a job."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import reservations, service
from lims.equipment.forms import people
from lims.equipment.listing import read_person
from lims.equipment.record_forms import ReservationForm
from lims.equipment.views import blueprint
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/standards/reservations")
@permit(LOGIN)
def reserved() -> str:
    """Everything reserved from today on, clashes marked."""
    person = read_person(request.args)
    rows = reservations.upcoming(user_id=person)
    every = rows if person is None else reservations.upcoming()
    return render_template("equipment/reservations.html", rows=rows, clashes=reservations.clashes(every),
                           people=people(person), person=person, today=clock.today())


@blueprint.route("/standards/<int:standard_id>/reserve", methods=["GET", "POST"])
@permit("standards.reserve")
def reserve(standard_id: int) -> Page:
    """Keep the standard for some days."""
    service.standard(standard_id)
    form = ReservationForm()
    if not form.is_submitted():
        form.user_id.data = str(current_user.id)
    if form.validate_on_submit():
        try:
            reservations.reserve(
                standard_id, first_on=form.first_on.data, last_on=form.last_on.data, user_id=int(form.user_id.data),
                purpose=form.purpose.data, despite=form.despite.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã giữ chuẩn."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/reserve.html", form=form, standard=service.standard(standard_id),
                           rows=reservations.upcoming(standard_id=standard_id)), 422 if form.errors else 200


@blueprint.post("/standards/reservations/<int:reservation_id>/cancel")
@permit("standards.reserve")
def release(reservation_id: int) -> Response:
    """Give a reservation up."""
    try:
        reservations.cancel(reservation_id, by=current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã bỏ giữ."))
    return redirect(url_for("equipment.reserved"), 303)
