"""Pages of the archive: list, one document with its history and file, amendment, withdrawal."""
from __future__ import annotations

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.numbering import slug
from lims.issue import afterwards, archive, countersigning, retention, sealed, work_papers
from lims.issue.archive_filters import filters_of
from lims.issue.blueprint import blueprint
from lims.issue.forms import AmendForm, SignedFileForm, WithdrawForm
from lims.issue.models import PAPER, Certificate
from lims.issue.paper import paper_of
from lims.issue.retention_models import Disposal
from lims.issue.status_words import STATUS_LIGHTS, kind_words, status_words
from lims.issue.views import pdf_response
from lims.shared import clock
from lims.shared.errors import DomainError
from lims.shared.forms import accepted, attach
from lims.shared.paging import page_by_id
from lims.shared.panels import panels_of
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/certificates")
@permit(LOGIN)
def certificates() -> str:
    """The archive, newest first; filters in the address."""
    asked, today = filters_of(request.args), clock.today()
    page = page_by_id(asked.query(today), Certificate.id)
    short = {"": _("Tất cả"), "calibration": _("Hiệu chuẩn"), "verification": _("Kiểm định"),
             "test": _("Thử nghiệm"), "work_record": _("Biên bản")}
    chips_of = [(word, url_for("issue.certificates", **asked.address(kind=kind)), kind == asked.kind)
                for kind, word in short.items()]
    return render_template(
        "issue/certificates.html", page=page, filters=asked, chips_of=chips_of, kinds=kind_words(),
        disposed=retention.disposals_of([row.id for row in page.rows]),
        statuses=archive.statuses(page.rows, today), states=status_words(), lights=STATUS_LIGHTS)


@blueprint.get("/certificates/<path:number>")
@permit(LOGIN)
def show(number: str) -> str:
    """One document: what it says, its file, its history, the documents before and after it."""
    certificate = archive.by_number(number)
    disposal = retention.disposal_of(certificate.id)
    return _show_page(certificate) if disposal is None else _gone_page(certificate, disposal)


@blueprint.get("/certificates/<path:number>/document.pdf")
@permit(LOGIN)
def document(number: str) -> PlainResponse:
    """The archived bytes; the newest revision, or the one that the address asks for."""
    certificate = archive.by_number(number)
    revision = request.args.get("revision", type=int)
    return pdf_response(archive.pdf_of(certificate, revision).content, f"{slug(certificate.number)}.pdf")


@blueprint.get("/certificates/<path:number>/work-record.pdf")
@permit(LOGIN)
def work_record(number: str) -> PlainResponse:
    """The record of a verification that passed, as a paper of its own."""
    paper = work_papers.record_paper(archive.by_number(number))
    return pdf_response(paper.content, f"{slug(paper.number)}.pdf")


@blueprint.get("/certificates/<path:number>/to-sign.pdf")
@permit(LOGIN)
def to_sign(number: str) -> PlainResponse:
    """The newest archived file, to be signed on a token elsewhere and brought back."""
    certificate = archive.by_number(number)
    return PlainResponse(archive.pdf_of(certificate).content, mimetype="application/pdf", headers={
        "Content-Disposition": f'attachment; filename="{slug(certificate.number)}-to-sign.pdf"'})


@blueprint.post("/certificates/<path:number>/signed")
@permit(LOGIN)
def signed(number: str) -> Page:
    """Take back the file that a person signed; it becomes a further revision of the same number."""
    certificate = archive.by_number(number)
    form = SignedFileForm()
    if form.validate_on_submit():
        brought = form.file.data.read(countersigning.LARGEST + 1) if form.file.data else b""
        try:
            row = countersigning.accept(certificate.id, brought, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu bản có chữ ký của %(name)s.", name=row.signer), "success")
            return redirect(url_for("issue.show", number=certificate.number), 303)
    return _show_page(archive.by_number(number), signed_form=form), 422


@blueprint.get("/certificates/<path:number>/record.json")
@permit(LOGIN)
def record(number: str) -> PlainResponse:
    """The frozen record, byte for byte."""
    certificate = archive.by_number(number)
    return PlainResponse(archive.record_bytes(certificate), mimetype="application/json", headers={
        "Content-Disposition": f'attachment; filename="{slug(certificate.number)}.json"'})


@blueprint.post("/certificates/<path:number>/amend")
@permit("issue.sign")
def amend(number: str) -> Page:
    """Order a replacement: the item goes back to measuring."""
    certificate = archive.by_number(number)
    form = AmendForm()
    if accepted(form, lambda: afterwards.amend(
            certificate.id, signer=current_user, password=form.password.data or "", changes=form.changes.data or "",
            reason=form.reason.data or "")):
        flash(_("Đã mở lại mục đo để thay thế %(number)s.", number=certificate.number), "success")
        return redirect(url_for("issue.show", number=certificate.number), 303)
    return _show_page(certificate, amend_form=form), 422


@blueprint.post("/certificates/<path:number>/withdraw")
@permit("issue.sign")
def withdraw(number: str) -> Page:
    """Say that the document no longer counts."""
    certificate = archive.by_number(number)
    form = WithdrawForm()
    if accepted(form, lambda: afterwards.withdraw(
            certificate.id, signer=current_user, password=form.password.data or "", reason=form.reason.data or "")):
        flash(_("Đã thu hồi %(number)s.", number=certificate.number), "success")
        return redirect(url_for("issue.show", number=certificate.number), 303)
    return _show_page(certificate, withdraw_form=form), 422


def _gone_page(certificate: Certificate, disposal: Disposal) -> str:
    """What is left of a document that was disposed of."""
    return render_template(
        "issue/disposed.html", certificate=certificate, disposal=disposal, files=retention.files_of(disposal),
        status=archive.status(certificate, clock.today()), kinds=kind_words(), states=status_words(),
        lights=STATUS_LIGHTS, holds=retention.history_of(certificate.id))


def _show_page(certificate: Certificate, *, amend_form: AmendForm | None = None,
               withdraw_form: WithdrawForm | None = None, signed_form: SignedFileForm | None = None) -> str:
    frozen, pdf = archive.record_of(certificate), archive.pdf_of(certificate)
    return render_template(
        "issue/show.html", certificate=certificate, record=frozen, paper=paper_of(frozen),
        status=archive.status(certificate, clock.today()), pdf=pdf,
        of_the_work=next((one for one in certificate.documents if one.form == PAPER), None),
        signed_later=countersigning.of_certificate(certificate.id), seal=sealed.on_archived(pdf),
        signed_form=signed_form or SignedFileForm(formdata=None),
        editions=archive.of_item([certificate.item_id]), order=archive.order_of(certificate),
        amend_form=amend_form or AmendForm(formdata=None), withdraw_form=withdraw_form or WithdrawForm(formdata=None),
        kinds=kind_words(), states=status_words(), lights=STATUS_LIGHTS,
        hold=retention.holds_of([certificate.id]).get(certificate.id), holds=retention.history_of(certificate.id),
        panels=panels_of("certificate", certificate))

