"""Pages of a standard's certificates."""
from __future__ import annotations

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import certificates, dcc_entry, facts, service, words
from lims.equipment.certificate_form import CertificateForm, CorrectionForm, DccForm, VoidForm
from lims.equipment.models import Standard
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
    read = _proposal(standard)
    form = CertificateForm(standard, read=read.values if read else _same_paper(standard))
    if form.is_submitted() and "take" in request.form:
        taken = form.take_block()
        return _certificate_page(form, standard_id, None, read, show=taken), 200 if taken else 422
    if form.validate_on_submit():
        try:
            added = certificates.enter_certificate(standard_id, form.entry(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã nhập giấy %(number)s.", number=added.number))
            if "more" in request.form:
                return redirect(url_for("equipment.create_certificate", standard_id=standard_id, like=added.id), 303)
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return _certificate_page(form, standard_id, None, read), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/certificates/dcc", methods=["GET", "POST"])
@permit("standards.edit")
def read_dcc(standard_id: int) -> Page:
    """Read a digital calibration certificate; its values go into the form, nothing is saved yet."""
    standard = service.standard(standard_id)
    form = DccForm()
    if form.validate_on_submit():
        sent = form.file.data
        try:
            file_id = dcc_entry.keep_dcc(sent.read(), sent.filename or "", by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            return redirect(url_for("equipment.create_certificate", standard_id=standard_id, dcc=file_id), 303)
    return render_template("equipment/dcc.html", form=form, standard=standard), 422 if form.errors else 200


@blueprint.route("/standards/<int:standard_id>/certificates/<int:certificate_id>/correct", methods=["GET", "POST"])
@permit("standards.edit")
def correct_certificate(standard_id: int, certificate_id: int) -> Page:
    """A new entry in the place of a wrong one."""
    wrong = certificates.certificate(standard_id, certificate_id)
    form = CorrectionForm(service.standard(standard_id), wrong)
    if form.is_submitted() and "take" in request.form:
        taken = form.take_block()
        return _certificate_page(form, standard_id, certificate_id, None, show=taken), 200 if taken else 422
    if form.validate_on_submit():
        try:
            certificates.correct_certificate(standard_id, certificate_id, form.entry(), form.reason.data,
                                             by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã sửa; bản nhập trước được giữ lại."))
            return redirect(url_for("equipment.show", standard_id=standard_id), 303)
    return _certificate_page(form, standard_id, certificate_id, None), 422 if form.errors else 200


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


def _certificate_page(form: CertificateForm, standard_id: int, wrong_id: int | None,
                      read: dcc_entry.Proposal | None, *, show: bool = False) -> str:
    """The form; `show`: a block was just put into its table."""
    return render_template(
        "equipment/certificate_edit.html", form=form, standard=service.standard(standard_id), read=read, taken=show,
        wrong=certificates.certificate(standard_id, wrong_id) if wrong_id else None)


def _proposal(standard: Standard) -> dcc_entry.Proposal | None:
    """What the DCC named in the address says."""
    file_id = request.args.get("dcc", "")
    if not file_id.isascii() or not file_id.isdigit() or len(file_id) > 9:
        return None
    table = request.args.get("table", "")
    return dcc_entry.proposal(standard, int(file_id), int(table) if table.isascii() and table.isdigit()
                              and len(table) < 4 else 0, request.args.get("unit", standard.unit)[:20])


def _same_paper(standard: Standard) -> dict[str, object]:
    """The head of an entry just made, for another function of the same paper."""
    like = request.args.get("like", "")
    row = next((row for row in standard.certificates if str(row.id) == like), None)
    if row is None:
        return {}
    names = ("number", "issuer", "calibrated_on", "valid_to", "route", "accreditation", "traceable_to")
    return {**{name: getattr(row, name) for name in names}, "stored_file_id": str(row.file_id or "")}
