"""Pages of the body's designations: all decisions, a new one, the early end of one."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers.words import FIELD
from lims.legal import designations as service
from lims.legal.blueprint import blueprint
from lims.legal.designation_forms import DesignationForm, EndForm
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/legal/designations")
@permit(LOGIN)
def designations() -> str:
    """Every decision with its fields and validity."""
    return _page(DesignationForm(formdata=None))


@blueprint.post("/legal/designations")
@permit("legal.confirm")
def add_designation() -> Page:
    """A decision came in."""
    form = DesignationForm()
    if form.validate_on_submit():
        try:
            made = service.record(form.designation(), current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi quyết định %(decision)s.", decision=made.decision), "success")
            return redirect(url_for("legal.designations"), 303)
    return _page(form), 422


@blueprint.post("/legal/designations/<int:designation_id>/end")
@permit("legal.confirm")
def end_designation(designation_id: int) -> Page:
    """A decision counts no longer after a day."""
    form = EndForm()
    if form.validate_on_submit():
        try:
            service.end(designation_id, form.last_on.data, form.reason.data, current_user)
        except NotFound:
            raise
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi."), "success")
            return redirect(url_for("legal.designations"), 303)
    return _page(DesignationForm(formdata=None), form, designation_id), 422


def _page(form: DesignationForm, end_form: EndForm | None = None, ending: int = 0) -> str:
    return render_template("legal/designations.html", rows=service.everything(), form=form, today=clock.today(),
                           end_form=end_form or EndForm(formdata=None), ending=ending, fields=FIELD)
