"""Pages of a standard's certificates."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import certificates, facts, service, words
from lims.equipment.certificate_form import CertificateForm, CorrectionForm, VoidForm
from lims.equipment.views import blueprint
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/standards/<int:standard_id>/certificates/<int:certificate_id>")
@permit(LOGIN)
def certificate(standard_id: int, certificate_id: int) -> str:
    """One entry with its table; a superseded one says by which."""
    row = certificates.certificate(standard_id, certificate_id)
    standard = service.standard(standard_id)
    later = next((one for one in standard.certificates if one.supersedes_id == row.id), None)
    return render_template("equipment/certificate.html", standard=standard, certificate=row, later=later, words=words,
                           valid_through=facts.valid_through(standard, row))


@blueprint.route("/standards/<int:standard_id>/certificates/new", methods=["GET", "POST"])
@permit("standards.edit")
def create_certificate(standard_id: int) -> Page:
    standard = service.standard(standard_id)
    form = CertificateForm(standard)
    if form.validate_on_submit():
        try:
            added = certificates.enter_certificate(standard_id, form.entry(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã nhập giấy %(number)s.", number=added.number))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/certificate_edit.html", form=form, standard=service.standard(standard_id),
                           wrong=None), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/certificates/<int:certificate_id>/correct", methods=["GET", "POST"])
@permit("standards.edit")
def correct_certificate(standard_id: int, certificate_id: int) -> Page:
    """A new entry in the place of a wrong one."""
    wrong = certificates.certificate(standard_id, certificate_id)
    form = CorrectionForm(service.standard(standard_id), wrong)
    if form.validate_on_submit():
        try:
            certificates.correct_certificate(standard_id, certificate_id, form.entry(), form.reason.data,
                                             by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã sửa; bản nhập trước được giữ lại."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/certificate_edit.html", form=form, standard=service.standard(standard_id),
                           wrong=certificates.certificate(standard_id, certificate_id)), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/certificates/<int:certificate_id>/void", methods=["GET", "POST"])
@permit("standards.edit")
def void_certificate(standard_id: int, certificate_id: int) -> Page:
    """Take back an entry that does not belong here."""
    row = certificates.certificate(standard_id, certificate_id)
    form = VoidForm()
    if form.validate_on_submit():
        try:
            certificates.void_certificate(standard_id, certificate_id, form.reason.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã rút bản nhập; nó không còn được dùng nhưng vẫn xem được."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return render_template("equipment/void.html", form=form, standard=service.standard(standard_id),
                           certificate=row), 422 if form.errors else 200


@blueprint.get("/standards/<int:standard_id>/certificates/<int:certificate_id>/file")
@permit(LOGIN)
def certificate_file(standard_id: int, certificate_id: int) -> Response:
    """The PDF as it was uploaded, as a download."""
    stored = certificates.certificate(standard_id, certificate_id).file
    if stored is None:
        raise NotFound("Giấy này chưa có bản PDF.", "This certificate has no PDF.")
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True,
                     download_name=stored.name)
