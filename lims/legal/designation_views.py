"""Pages of the body's designations: all decisions, a new one, the early end of one."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers.words import FIELD
from lims.legal import designations as service
from lims.legal.blueprint import blueprint
from lims.legal.designation_forms import DesignationForm, EndForm, ScanForm
from lims.shared import clock
from lims.shared.forms import accepted
from lims.shared.permissions import LOGIN, permit
from lims.staff.forms import upload_of

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
    if done := accepted(form, lambda: service.record(form.designation(), current_user, upload_of(form.file))):
        flash(_("Đã ghi quyết định %(decision)s.", decision=done.result.decision), "success")
        return redirect(url_for("legal.designations"), 303)
    return _page(form), 422


@blueprint.post("/legal/designations/<int:designation_id>/end")
@permit("legal.confirm")
def end_designation(designation_id: int) -> Page:
    """A decision counts no longer after a day."""
    form = EndForm()
    if accepted(form, lambda: service.end(designation_id, form.last_on.data, form.reason.data, current_user)):
        flash(_("Đã ghi."), "success")
        return redirect(url_for("legal.designations"), 303)
    return _page(DesignationForm(formdata=None), end_form=form, refused=designation_id), 422


@blueprint.post("/legal/designations/<int:designation_id>/scan")
@permit("legal.confirm")
def add_scan(designation_id: int) -> Page:
    """The scanned file of a decision that was kept without one."""
    form = ScanForm()
    if accepted(form, lambda: service.attach_scan(designation_id, upload_of(form.file), current_user)):
        flash(_("Đã lưu bản quét."), "success")
        return redirect(url_for("legal.designations"), 303)
    return _page(DesignationForm(formdata=None), scan_form=form, refused=designation_id), 422


@blueprint.get("/legal/designations/<int:designation_id>/scan")
@permit(LOGIN)
def scan(designation_id: int) -> Response:
    """The scanned file as it was uploaded."""
    stored = service.scan_of(designation_id)
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True,
                     download_name=stored.name)


def _page(form: DesignationForm, *, end_form: EndForm | None = None, scan_form: ScanForm | None = None,
          refused: int = 0) -> str:
    return render_template("legal/designations.html", rows=service.everything(), form=form, today=clock.today(),
                           end_form=end_form or EndForm(formdata=None), fields=FIELD, refused=refused,
                           scan_form=scan_form or ScanForm(formdata=None))
