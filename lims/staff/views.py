"""Pages of competence: the matrix on a day with Excel, authorisations, officer cards, certificates of tokens."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.forms import accepted
from lims.shared.permissions import LOGIN, permit
from lims.staff import overview, service, signing, words
from lims.staff.blueprint import blueprint
from lims.staff.forms import (
    AuthorisationForm,
    EndCertificateForm,
    EndForm,
    OfficerCardForm,
    PersonCertificateForm,
    person_choices,
    procedure_choices,
    upload_of,
)
from lims.staff.models import Authorisation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/staff/people")
@permit(LOGIN)
def people() -> str:
    """Everybody, with what is kept of each."""
    return render_template("staff/people.html", rows=overview.register(clock.today()))


@blueprint.get("/staff/cards")
@permit(LOGIN)
def cards() -> str:
    """Officer cards, papers that expire, certificates of tokens."""
    return render_template("staff/cards.html", cards=overview.cards(), certificates=signing.of_everybody(),
                           ending=overview.ending(clock.today()), soon=overview.SOON.days, words=words,
                           today=clock.today(), now=clock.now())


@blueprint.route("/staff/authorisations/new", methods=["GET", "POST"])
@permit("staff.edit")
def grant() -> str | Response | tuple[str, int]:
    form = AuthorisationForm(user_id=request.args.get("user", ""), procedure_code=request.args.get("procedure", ""))
    form.user_id.choices = person_choices()
    form.procedure_code.choices = procedure_choices()
    form.activities.choices = [(value, str(word)) for value, word in words.ACTIVITY.items()]
    if request.method == "GET":
        form.valid_from.data = clock.today()
    if accepted(form, lambda: service.grant(user_id=int(form.user_id.data),
                        procedure_code=form.procedure_code.data, activities=form.activities.data,
                        valid_from=form.valid_from.data, valid_to=form.valid_to.data, basis=form.basis.data)):
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
    if accepted(form, lambda: service.end(authorisation_id, on=form.valid_to.data, reason=form.reason.data)):
        flash(_("Đã kết thúc ủy quyền."), "success")
        return redirect(url_for("staff.index"), 303)
    return render_template("staff/end.html", form=form, granted=granted,
                           words=words.ACTIVITY), 422 if form.errors else 200


@blueprint.route("/staff/cards/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_card() -> str | Response | tuple[str, int]:
    form = OfficerCardForm()
    form.user_id.choices = person_choices()
    if accepted(form, lambda: service.add_card(user_id=int(form.user_id.data), number=form.number.data,
                        field=form.field.data, issued_by=form.issued_by.data or "", valid_from=form.valid_from.data,
                        valid_to=form.valid_to.data, decision=form.decision.data or "",
                        document=upload_of(form.file))):
        flash(_("Đã lưu thẻ."), "success")
        return redirect(url_for("staff.cards"), 303)
    return render_template("staff/card.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/certificates/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_certificate() -> str | Response | tuple[str, int]:
    """Register the certificate with which a person signs on a token."""
    form = PersonCertificateForm(user_id=request.args.get("user", ""))
    form.user_id.choices = person_choices()
    if done := accepted(form, lambda: signing.register(int(form.user_id.data),
                        form.file.data.read(signing.LARGEST + 1) if form.file.data else b"")):
        flash(_("Đã đăng ký chứng thư «%(name)s».", name=done.result.subject), "success")
        return redirect(url_for("staff.cards"), 303)
    return render_template("staff/certificate.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/certificates/<mark>", methods=["GET", "POST"])
@permit("staff.edit")
def end_certificate(mark: str) -> str | Response | tuple[str, int]:
    """Accept nothing more that is signed with a certificate."""
    shown = signing.registered(mark)
    if shown is None:
        raise NotFound("Không có chứng thư này.", "No such certificate.")
    form = EndCertificateForm()
    if accepted(form, lambda: signing.end(mark, reason=form.reason.data or "")):
        flash(_("Chứng thư đã thôi dùng."), "success")
        return redirect(url_for("staff.cards"), 303)
    return render_template("staff/end_certificate.html", form=form, shown=shown), 422 if form.errors else 200


def _missing() -> Authorisation:
    raise NotFound("Không có ủy quyền này.", "No such authorisation.")
