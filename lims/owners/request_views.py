"""Requests for a visit at reception: the open ones, accepted to a job or refused with a reason."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.owners import requests
from lims.owners.blueprint import blueprint
from lims.owners.forms import RefuseForm
from lims.shared.errors import DomainError
from lims.shared.forms import HouseForm, attach
from lims.shared.permissions import permit

Page = str | Response | tuple[str, int]
STATES = ("open", "accepted", "refused")


@blueprint.get("/visits")
@permit("jobs.receive")
def visits() -> str:
    """Requests of one state, the open ones by default."""
    return _page(RefuseForm(formdata=None), 0)


@blueprint.post("/visits/<int:request_id>/accept")
@permit("jobs.receive")
def accept(request_id: int) -> Page:
    """A job is made of it."""
    form = HouseForm()
    requests.open_one(request_id)
    if form.validate_on_submit():
        try:
            job = requests.accept(request_id, current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lập phiếu %(number)s.", number=job.number), "success")
            return redirect(url_for("jobs.show", job_id=job.id), 303)
    return _page(form, request_id), 422


@blueprint.post("/visits/<int:request_id>/refuse")
@permit("jobs.receive")
def refuse(request_id: int) -> Page:
    """The answer is no."""
    form = RefuseForm()
    requests.open_one(request_id)
    if form.validate_on_submit():
        try:
            requests.refuse(request_id, form.reason.data, current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã từ chối đề nghị."), "success")
            return redirect(url_for("owners.visits"), 303)
    return _page(form, request_id), 422


def _page(form: HouseForm, refused: int) -> str:
    state = request.args.get("state", "open")
    state = state if state in STATES else "open"
    rows = requests.listed(state)
    words = {"open": _("Đang chờ"), "accepted": _("Đã nhận"), "refused": _("Đã từ chối")}
    return render_template("owners/visits.html", rows=rows, jobs=requests.under_way(rows), state=state, form=form,
                           refused=refused, words=words)
