"""Competence matrix, authorisations, officer cards."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.staff import service, signing
from lims.staff.forms import (
    AuthorisationForm,
    EndCertificateForm,
    EndForm,
    OfficerCardForm,
    PersonCertificateForm,
)
from lims.staff.models import ACTIVITIES, Authorisation, OfficerCard

blueprint = Blueprint("staff", __name__)


@blueprint.get("/staff")
@permit(LOGIN)
def index() -> str:
    """Person × procedure: what each may do today."""
    people = _people()
    return render_template("staff/index.html", people=people, procedures=procedure_titles(),
                           matrix=service.matrix(clock.today()), words=activity_words(), today=clock.today(),
                           certificates=signing.of_everybody(), now=clock.now(),
                           cards=list(session().scalars(sa.select(OfficerCard).order_by(OfficerCard.valid_to))))


@blueprint.route("/staff/authorisations/new", methods=["GET", "POST"])
@permit("staff.edit")
def grant() -> str | Response | tuple[str, int]:
    form = AuthorisationForm(user_id=request.args.get("user", ""), procedure_code=request.args.get("procedure", ""))
    form.user_id.choices = [("", ""), *((str(p.id), p.full_name) for p in _people())]
    form.procedure_code.choices = [("", ""), *((code, f"{code} · {title}") for code, title in procedure_titles())]
    form.activities.choices = list(activity_words().items())
    if request.method == "GET":
        form.valid_from.data = clock.today()
    if form.validate_on_submit():
        try:
            service.grant(user_id=int(form.user_id.data), procedure_code=form.procedure_code.data,
                          activities=form.activities.data, valid_from=form.valid_from.data,
                          valid_to=form.valid_to.data, basis=form.basis.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã giao quyền."), "success")
            return redirect(url_for("staff.index"), 303)
    return render_template("staff/grant.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/authorisations/<int:authorisation_id>", methods=["GET", "POST"])
@permit("staff.edit")
def end(authorisation_id: int) -> str | Response | tuple[str, int]:
    granted = session().get(Authorisation, authorisation_id) or _missing()
    form = EndForm()
    if request.method == "GET":
        form.valid_to.data = clock.today()
    if form.validate_on_submit():
        try:
            service.end(authorisation_id, on=form.valid_to.data, reason=form.reason.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã kết thúc ủy quyền."), "success")
            return redirect(url_for("staff.index"), 303)
    return render_template("staff/end.html", form=form, granted=granted,
                           words=activity_words()), 422 if form.errors else 200


@blueprint.route("/staff/cards/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_card() -> str | Response | tuple[str, int]:
    form = OfficerCardForm()
    form.user_id.choices = [("", ""), *((str(p.id), p.full_name) for p in _people())]
    if form.validate_on_submit():
        try:
            service.add_card(user_id=int(form.user_id.data), number=form.number.data, field=form.field.data,
                             issued_by=form.issued_by.data or "", valid_from=form.valid_from.data,
                             valid_to=form.valid_to.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu thẻ."), "success")
            return redirect(url_for("staff.index"), 303)
    return render_template("staff/card.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/certificates/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_certificate() -> str | Response | tuple[str, int]:
    """Register the certificate with which a person signs on a token."""
    form = PersonCertificateForm(user_id=request.args.get("user", ""))
    form.user_id.choices = [("", ""), *((str(p.id), p.full_name) for p in _people())]
    if form.validate_on_submit():
        try:
            row = signing.register(int(form.user_id.data),
                                   form.file.data.read(signing.LARGEST + 1) if form.file.data else b"")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đăng ký chứng thư «%(name)s».", name=row.subject), "success")
            return redirect(url_for("staff.index"), 303)
    return render_template("staff/certificate.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/certificates/<mark>", methods=["GET", "POST"])
@permit("staff.edit")
def end_certificate(mark: str) -> str | Response | tuple[str, int]:
    """Accept nothing more that is signed with a certificate."""
    shown = signing.registered(mark)
    if shown is None:
        raise NotFound("Không có chứng thư này.", "No such certificate.")
    form = EndCertificateForm()
    if form.validate_on_submit():
        try:
            signing.end(mark, reason=form.reason.data or "")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Chứng thư đã thôi dùng."), "success")
            return redirect(url_for("staff.index"), 303)
    return render_template("staff/end_certificate.html", form=form, shown=shown), 422 if form.errors else 200


def activity_words() -> dict[str, str]:
    """The activities in the page's language, in order."""
    return dict(zip(ACTIVITIES, (_("Thực hiện"), _("Soát xét"), _("Phê duyệt")), strict=True))


def procedure_titles() -> list[tuple[str, str]]:
    """(code, title) of the procedures that a right-hand feature has registered with the application."""
    catalogue = current_app.extensions["procedure_titles"]
    return list(catalogue(language()))


def _people() -> list[User]:
    return list(session().scalars(sa.select(User).where(User.active).order_by(User.full_name)))


def _missing() -> Authorisation:
    raise NotFound("Không có ủy quyền này.", "No such authorisation.")
