"""Pages before the issue: what waits, preflight with the preview, review, sending back, signing."""
from __future__ import annotations

import secrets

from flask import Response as PlainResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.issue import issuing, review, statements, wording
from lims.issue.batch import MOST, request_batch
from lims.issue.blueprint import blueprint
from lims.issue.finding import Finding, stops
from lims.issue.forms import BatchForm, SendBackForm, SignForm
from lims.issue.issuing import Examination, NotReady
from lims.issue.paper import paper_of
from lims.jobs.models import JobItem
from lims.jobs.photos import of_item
from lims.jobs.procedures import current as current_procedures
from lims.jobs.service import item_by_code
from lims.jobs.wording import STATE_LIGHTS, state_words
from lims.shared import clock
from lims.shared.errors import Conflict, DomainError
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, may, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/review")
@permit(LOGIN)
def review_list() -> str:
    """What waits for review or signature."""
    return _list_page(BatchForm(key=secrets.token_hex(16)))


@blueprint.post("/review/batch")
@permit("issue.sign")
def batch() -> Page:
    """Sign for the ticked items with one password; they are issued in the background."""
    form = BatchForm()
    chosen = request.form.getlist("item", type=int)
    if not form.validate_on_submit() or not chosen:
        if not chosen:
            form.form_errors.append(_("Chưa chọn mục nào."))
        return _list_page(form), 422
    try:
        asked = request_batch(chosen, signer=current_user, password=form.password.data or "",
                              key=form.key.data or None)
    except DomainError as error:
        attach(form, error)
        return _list_page(form), 422
    return redirect(url_for("tasks.show", task_id=asked.id), 303)


@blueprint.get("/review/<path:code>")
@permit(LOGIN)
def preflight(code: str) -> Page:
    """One list of what is in order and what stops the document, beside its preview."""
    item = item_by_code(code)
    if item.state not in review.WAITING:
        return redirect(url_for("jobs.worksheet", code=item.code), 303)
    return _preflight_page(item)


@blueprint.get("/review/<path:code>/draft.pdf")
@permit(LOGIN)
def draft(code: str) -> PlainResponse:
    """The dry render: the document as it will be, under a number that is none."""
    examined = issuing.examine(item_by_code(code).id, current_user)
    if examined.draft is None:
        raise Conflict("In thử giấy bị lỗi; xem danh sách kiểm.", "The dry render failed; see the list.")
    return pdf_response(examined.draft.pdf, "ban-nhap.pdf")


@blueprint.post("/review/<path:code>/accept")
@permit("issue.review")
def accept(code: str) -> Page:
    """Record the review, signed with the password."""
    item = item_by_code(code)
    form = SignForm()
    if form.validate_on_submit():
        try:
            statements.require_seen(item.id, form.statements.data or "")
            review.review_item(item.id, reviewer=current_user, password=form.password.data or "",
                               digest=form.digest.data or None)
        except DomainError as error:
            return _refused(item, form, error, "review")
        flash(_("Đã soát xét %(code)s.", code=item.code), "success")
        return redirect(url_for("issue.review_list"), 303)
    return _preflight_page(item, review_form=form), 422


@blueprint.post("/review/<path:code>/send-back")
@permit("issue.review")
def send_back(code: str) -> Page:
    """Return the result to whoever measured."""
    item = item_by_code(code)
    form = SendBackForm()
    if form.validate_on_submit():
        try:
            review.send_back(item.id, reviewer=current_user, reason=form.reason.data or "")
        except DomainError as error:
            return _refused(item, form, error, "back")
        flash(_("Đã trả lại %(code)s.", code=item.code), "success")
        return redirect(url_for("issue.review_list"), 303)
    return _preflight_page(item, back_form=form), 422


@blueprint.post("/review/<path:code>/sign")
@permit("issue.sign")
def sign(code: str) -> Page:
    """Approve and issue."""
    item = item_by_code(code)
    form = SignForm()
    if form.validate_on_submit():
        try:
            statements.require_seen(item.id, form.statements.data or "")
            issued = issuing.issue_certificate(
                item.id, signer=current_user, password=form.password.data or "",
                idempotency_key=form.key.data or None, digest=form.digest.data or None)
        except DomainError as error:
            return _refused(item, form, error, "sign")
        flash(_("Đã phát hành %(number)s.", number=issued.number), "success")
        return redirect(url_for("issue.show", number=issued.number), 303)
    return _preflight_page(item, sign_form=form), 422


@blueprint.route("/review/procedures", methods=["GET", "POST"])
@permit("staff.edit")
def procedures() -> Page:
    """Which procedures want a separate reviewer."""
    known = current_procedures()
    if request.method == "POST":
        wanted, shown = (set(request.form.getlist(name)) for name in ("procedure", "shown"))
        for code in {row.code for row, _procedure in known} & (wanted ^ shown):  # the rest stays as others left it
            review.set_separate_review(code, code in wanted, user=current_user)
        flash(_("Đã lưu."), "success")
        return redirect(url_for("issue.procedures"), 303)
    return render_template("issue/procedures.html", known=known, separate=review.separately_reviewed())


def place_of(finding: Finding, item: JobItem) -> str:
    """Address of the page where a finding is mended; the cell or slot stands in the fragment."""
    match finding.page:
        case "sheet":
            return url_for("jobs.worksheet", code=item.code) + (f"#{finding.where}" if finding.where else "")
        case "job":
            return url_for("jobs.show", job_id=item.job_id)
        case "staff":
            return url_for("staff.index")
        case "standard":
            return url_for("equipment.show", standard_id=int(finding.where))
        case "statements":
            return url_for("issue.statements_page", code=item.code)
        case "legal":
            return url_for("legal.row", row_key=finding.where)
        case "method":
            return url_for("legal.documents")
        case "impact":
            return url_for("impact.reviews_show", review_id=int(finding.where))
        case "designation":
            return url_for("legal.designations")
        case "status":
            return url_for("legal.status_record", code=item.code)
        case "sticker":
            return url_for("legal.item_sticker", code=item.code)
    return ""


def pdf_response(content: bytes, name: str) -> PlainResponse:
    """A PDF for reading in the browser."""
    return PlainResponse(content, mimetype="application/pdf",
                         headers={"Content-Disposition": f'inline; filename="{name}"'})


def _refused(item: JobItem, form: SignForm | SendBackForm, error: DomainError, which: str) -> Page:
    """The page again with the message; when the item has moved on, its own page says so better."""
    if isinstance(error, Conflict) and item.state not in review.WAITING:
        flash(error.message(language()), "error")
        return redirect(url_for("issue.review_list"), 303)
    if not isinstance(error, NotReady):
        attach(form, error)
    forms = {"review": "review_form", "back": "back_form", "sign": "sign_form"}
    return _preflight_page(item, **{forms[which]: form}), 422


def _preflight_page(item: JobItem, *, sign_form: SignForm | None = None, review_form: SignForm | None = None,
                    back_form: SendBackForm | None = None) -> str:
    examined = issuing.examine(item.id, current_user)
    digest, stated = examined.dossier.result.digest, statements.mark(examined.dossier.statements)
    stopping = stops(examined.findings)
    lines = [(one, place_of(one, item)) for one in examined.findings]
    return render_template(
        "issue/preflight.html", item=item, dossier=examined.dossier, lines=lines, stopping=stopping,
        first=next((place for one, place in lines if one.state == "stop" and place), ""), paper=_paper(examined),
        sign_form=_sign_form(sign_form, digest, stated), review_form=_sign_form(review_form, digest, stated),
        back_form=back_form or SendBackForm(formdata=None), meaning=wording.I_APPROVE, reviewed=wording.I_REVIEWED,
        may_review=_may_review(examined), photos=of_item(item), words=state_words(), lights=STATE_LIGHTS)


def _sign_form(form: SignForm | None, digest: str, stated: str) -> SignForm:
    return form or SignForm(formdata=None, digest=digest, statements=stated, key=secrets.token_hex(16))


def _paper(examined: Examination) -> object:
    return paper_of(examined.draft.record) if examined.draft is not None else None


def _may_review(examined: Examination) -> bool:
    dossier = examined.dossier
    return (may("issue.review") and dossier.item.state == "submitted"
            and current_user.id not in dossier.performers)


def _list_page(form: BatchForm) -> str:
    state = request.args.get("state", "")
    items = review.waiting([state] if state in review.WAITING else review.WAITING)
    results = review.newest_results(items)
    clean = review.clean_ones(items, results, current_user)[:MOST] if may("issue.sign") else []
    chosen = clean if request.method == "GET" else request.form.getlist("item", type=int)
    return render_template("issue/review_list.html", items=items, results=results, form=form,
                           chosen=set(chosen), clean=len(clean), most=MOST, state=state, words=state_words(),
                           lights=STATE_LIGHTS, verdicts=_verdict_words(), today=clock.today())


def _verdict_words() -> dict[str, tuple[str, str]]:
    """Verdict of a result -> its light and word."""
    return {"pass": ("ok", _("Đạt")), "fail": ("bad", _("Không đạt")),
            "conditional_pass": ("warn", _("Đạt có điều kiện")),
            "conditional_fail": ("bad", _("Không đạt có điều kiện")),
            "not_stated": ("idle", _("Không công bố")), "incomplete": ("warn", _("Chưa đủ"))}
