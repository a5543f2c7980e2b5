"""Pages of programmes: the list, one programme, its particulars, its document, following editions."""
from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.report import render_report
from lims.customers.models import Customer
from lims.programmes import issuing, papers, results, service, words
from lims.programmes.blueprint import blueprint
from lims.programmes.forms import ExpertForm, ProgrammeForm
from lims.programmes.models import Programme
from lims.programmes.state import analysis
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.shared.text import TextError, clean

Page = str | Response | tuple[str, int]
MOST_CUSTOMERS = 2000


@blueprint.app_template_filter("three_digits")
def three_digits(value: float | None) -> str:
    """Three significant digits with the decimal sign of the language; a dash for nothing."""
    text = issuing.digits(value) or "–"
    return text.replace(".", ",") if language() == "vi" else text


@blueprint.get("/programmes")
@permit(LOGIN)
def index() -> str:
    """Programmes, the newest first."""
    state = request.args.get("state", "")
    state = state if state in words.STATE else ""
    return render_template("programmes/index.html", programmes=service.programmes(state), words=words, state=state,
                           today=clock.today())


@blueprint.get("/programmes/<int:programme_id>")
@permit(LOGIN)
def show(programme_id: int) -> str:
    """One programme with gaps found now, actions, text, experts, document."""
    return show_page(service.programme(programme_id))


@blueprint.route("/programmes/new", methods=["GET", "POST"])
@permit("programmes.edit")
def create() -> Page:
    """A draft by the template."""
    form = ProgrammeForm(_customers())
    if request.method == "GET":
        form.customer_id.data = request.args.get("customer", "")
        form.wanted_ratio.data = Decimal(4)
    if done := accepted(form, lambda: service.create(form.values(), by=current_user)):
        flash(_("Đã lập dự thảo."))
        return redirect(url_for("programmes.show", programme_id=done.result.id), 303)
    return render_template("programmes/edit.html", form=form, programme=None), 422 if form.errors else 200


@blueprint.route("/programmes/<int:programme_id>/edit", methods=["GET", "POST"])
@permit("programmes.edit")
def edit(programme_id: int) -> Page:
    """Change the particulars of a draft."""
    row = service.programme(programme_id)
    form = ProgrammeForm([row.customer], row)
    if form.validate_on_submit():
        values = {name: value for name, value in form.values().items() if name != "customer_id"}
        try:
            service.change(programme_id, values, version=form.version.number, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("programmes.show", programme_id=programme_id), 303)
    return render_template("programmes/edit.html", form=form,
                           programme=service.programme(programme_id)), 422 if form.errors else 200


@blueprint.post("/programmes/<int:programme_id>/propose")
@permit("programmes.edit")
def propose(programme_id: int) -> Response:
    """An action for each gap without one."""
    service.programme(programme_id)
    return act(lambda: service.propose(programme_id, by=current_user), _("Đã thêm nhiệm vụ cho các thiếu sót."),
               programme_id)


@blueprint.post("/programmes/<int:programme_id>/issue")
@permit("programmes.issue")
def issue(programme_id: int) -> Response:
    """Freeze the draft under its number."""
    service.programme(programme_id)
    typed = request.form.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    return act(lambda: issuing.issue(programme_id, version=version, by=current_user), _("Đã ban hành."), programme_id)


@blueprint.post("/programmes/<int:programme_id>/amend")
@permit("programmes.edit")
def amend(programme_id: int) -> Response:
    """A draft of the next edition."""
    service.programme(programme_id)
    made: list[Programme] = []
    answer = act(lambda: made.append(issuing.amend(programme_id, typed_text("reason"), by=current_user)),
                 _("Đã lập dự thảo sửa đổi."), programme_id)
    return redirect(url_for("programmes.show", programme_id=made[0].id), 303) if made else answer


@blueprint.get("/programmes/<int:programme_id>/document.pdf")
@permit(LOGIN)
def document(programme_id: int) -> Response:
    """The document as issued; of a draft what it would look like, without a number."""
    row = service.programme(programme_id)
    if row.document is not None:
        stored = row.document.file
        return send_file(BytesIO(stored.content), mimetype=stored.media_type, download_name=stored.name)
    record = issuing.record_of(row, "", clock.today(), "", "")
    return Response(render_report(papers.report_of(record)), mimetype="application/pdf",
                    headers={"Content-Disposition": 'inline; filename="du-thao.pdf"'})


def show_page(row: Programme, expert_form: ExpertForm | None = None) -> str:
    """The page of a programme."""
    lines = analysis(row, clock.today())
    following = session().scalar(sa.select(Programme.id).where(Programme.replaces_id == row.id))
    return render_template(
        "programmes/show.html", programme=row, lines=lines, words=words, today=clock.today(), following=following,
        missing=[en if language() == "en" else vi for vi, en in issuing.missing(row)] if row.state == "draft" else [],
        expert_form=expert_form or ExpertForm(formdata=None), tolerance=_tolerance,
        reportable=results.reportable(row),
        intact=all(one is None or issuing.digest_of(one.record) == one.digest for one in (row.document, row.result)))


def panel_of(customer: Customer) -> str:
    """The programmes of an enterprise, for its page."""
    return render_template("programmes/_of_customer.html", programmes=service.programmes_of(customer.id), words=words,
                           customer=customer)


def act(what: Callable[[], object], done: str, programme_id: int) -> Response:
    """Do it, tell how it went, and go back to the programme."""
    try:
        what()
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(done)
    return redirect(url_for("programmes.show", programme_id=programme_id), 303)


def typed_text(name: str) -> str:
    """A line of a small form, cleaned; "" for what cannot be kept."""
    try:
        return clean(request.form.get(name, ""), multiline=True)[:1000]
    except TextError:
        return ""


def _tolerance(one: object) -> str:
    plain = {name: issuing.plain(getattr(one, name)) for name in ("lower", "upper")}
    text = papers.tolerance({**plain, "unit": getattr(one, "unit", "")})
    return text.replace(",", ".") if language() == "en" else text


def _customers() -> list[Customer]:
    return list(session().scalars(sa.select(Customer).where(Customer.active).order_by(Customer.name)
                                  .limit(MOST_CUSTOMERS)))
