"""Pages of competence: the matrix on a day with Excel, authorisations, officer cards, certificates of tokens."""
from __future__ import annotations

from collections.abc import Iterator

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import attach, parse_day
from lims.shared.i18n import day, language
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import Cell, workbook
from lims.staff import disuse, overview, service, signing, words
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
from lims.staff.models import ACTIVITIES, Authorisation
from lims.staff.overview import Matrix

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/staff")
@permit(LOGIN)
def index() -> str:
    """Person × procedure × activity on a day, by field; what the fields lack."""
    found = _asked()
    field, person, text = _filter()
    shown = [one for one in overview.narrowed(found, field, person, text)
             if request.args.get("show") != "lacking" or one.cover.missing]
    today = clock.today()
    return render_template(
        "staff/index.html", found=found, shown=shown, words=words, today=today, activities=ACTIVITIES, field=field,
        person=person, text=text, needs=overview.open_needs(), idle=len(disuse.proposals(today)),
        by_id={one.id: one for one in found.people})


@blueprint.get("/staff.xlsx")
@permit(LOGIN)
def export() -> Response:
    """The matrix as Excel: procedures down, people across; or with `as=list` one line for each authorisation."""
    found = _asked()
    listed = request.args.get("as") == "list"
    heads, rows = _lines(found) if listed else _grid(found)
    name = "uy-quyen" if listed else "ma-tran-nang-luc"
    return Response(workbook(_("Năng lực"), heads, rows), mimetype=XLSX, headers={
        "Content-Disposition": f'attachment; filename="{name}-{found.on.isoformat()}.xlsx"'})


@blueprint.get("/staff/cards")
@permit(LOGIN)
def cards() -> str:
    """Officer cards, papers that expire, certificates of tokens."""
    return render_template("staff/cards.html", cards=overview.cards(), certificates=signing.of_everybody(),
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
                           words=words.ACTIVITY), 422 if form.errors else 200


@blueprint.route("/staff/cards/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_card() -> str | Response | tuple[str, int]:
    form = OfficerCardForm()
    form.user_id.choices = person_choices()
    if form.validate_on_submit():
        try:
            service.add_card(user_id=int(form.user_id.data), number=form.number.data, field=form.field.data,
                             issued_by=form.issued_by.data or "", valid_from=form.valid_from.data,
                             valid_to=form.valid_to.data, decision=form.decision.data or "",
                             document=upload_of(form.file))
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu thẻ."), "success")
            return redirect(url_for("staff.cards"), 303)
    return render_template("staff/card.html", form=form), 422 if form.errors else 200


@blueprint.route("/staff/certificates/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_certificate() -> str | Response | tuple[str, int]:
    """Register the certificate with which a person signs on a token."""
    form = PersonCertificateForm(user_id=request.args.get("user", ""))
    form.user_id.choices = person_choices()
    if form.validate_on_submit():
        try:
            row = signing.register(int(form.user_id.data),
                                   form.file.data.read(signing.LARGEST + 1) if form.file.data else b"")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đăng ký chứng thư «%(name)s».", name=row.subject), "success")
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
    if form.validate_on_submit():
        try:
            signing.end(mark, reason=form.reason.data or "")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Chứng thư đã thôi dùng."), "success")
            return redirect(url_for("staff.cards"), 303)
    return render_template("staff/end_certificate.html", form=form, shown=shown), 422 if form.errors else 200


def _asked() -> Matrix:
    return overview.matrix(parse_day(request.args.get("on", "")) or clock.today(), language())


def _filter() -> tuple[str, int | None, str]:
    return request.args.get("field", ""), request.args.get("person", type=int), request.args.get("q", "")[:100]


def _grid(found: Matrix) -> tuple[list[str], Iterator[list[Cell]]]:
    heads = [_("Lĩnh vực"), _("Quy trình"), _("Tên"), *(one.full_name for one in found.people)]

    def rows() -> Iterator[list[Cell]]:
        for one in found.fields:
            for row in one.rows:
                held: dict[int, list[str]] = {}
                for activity in ACTIVITIES:
                    for granted in row.granted.get(activity, []):
                        until = f" ({_('đến %(day)s', day=day(granted.valid_to))})" if granted.valid_to else ""
                        held.setdefault(granted.user_id, []).append(f"{words.ACTIVITY[activity]}{until}")
                yield [one.word, row.procedure.code, row.procedure.title,
                       *("; ".join(held.get(person.id, [])) for person in found.people)]

    return heads, rows()


def _lines(found: Matrix) -> tuple[list[str], Iterator[list[Cell]]]:
    heads = [_("Người"), _("Chức vụ"), _("Lĩnh vực"), _("Quy trình"), _("Tên"), _("Được làm"), _("Từ ngày"),
             _("Đến ngày"), _("Căn cứ")]
    return heads, ([granted.user.full_name, granted.user.title_in(language()), one.word, row.procedure.code,
                    row.procedure.title, str(words.ACTIVITY[activity]), granted.valid_from, granted.valid_to,
                    granted.basis]
                   for one in found.fields for row in one.rows for activity in ACTIVITIES
                   for granted in row.granted.get(activity, []))


def _missing() -> Authorisation:
    raise NotFound("Không có ủy quyền này.", "No such authorisation.")
