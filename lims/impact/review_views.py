"""Pages of impact reviews: the list, one review with what it recomputed, its letters, its decisions."""
from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment import service
from lims.equipment import words as standard_words
from lims.equipment.models import Standard
from lims.impact import concerned, reviews, words
from lims.impact.blueprint import blueprint
from lims.impact.forms import AssumptionForm, ClosingForm, DecisionForm, OpenForm
from lims.impact.letters import letter
from lims.impact.models import REVIEW_STATES, ImpactReview
from lims.impact.reasons import reasons
from lims.impact.review_paper import paper
from lims.impact.touched import Touch
from lims.impact.trace_views import XLSX
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import HouseForm, attach, parse_day
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit
from lims.shared.tasks import BackgroundTask
from lims.shared.workbook import workbook

PAGE = 50
Page = str | Response | tuple[str, int]


@blueprint.get("/standards/reviews")
@permit(LOGIN)
def reviews_index() -> str:
    """Reviews, newest first."""
    state = request.args.get("state", "")
    query = sa.select(ImpactReview).options(*map(sa.orm.joinedload, (
        ImpactReview.standard, ImpactReview.duty_record, ImpactReview.trigger)))
    if state in REVIEW_STATES:
        query = query.where(ImpactReview.state == state)
    elif state == "waiting":
        query = query.where(ImpactReview.state != "closed")
    elif state == "recall":
        query = query.where(ImpactReview.id.in_(concerned.recalls_waiting()))
    counts: dict[str, int] = {name: count for name, count in session().execute(  # noqa: C416  (a Row is no tuple)
        sa.select(ImpactReview.state, sa.func.count()).group_by(ImpactReview.state))}
    page = page_by_id(query, ImpactReview.id)
    return render_template("impact/reviews.html", page=page, state=state, counts=counts, words=words,
                           reasons=reasons(page.rows, language()))


@blueprint.get("/standards/reviews/<int:review_id>")
@permit(LOGIN)
def reviews_show(review_id: int) -> str:
    """One review."""
    return _show(reviews.review(review_id))


@blueprint.get("/standards/reviews/<int:review_id>/results.xlsx")
@permit(LOGIN)
def reviews_workbook(review_id: int) -> Response:
    """Every result of the last run, a row for each point that differs."""
    row = reviews.review(review_id)
    heads = (_("Giấy"), _("Mã"), _("Phương tiện đo"), _("Số chế tạo"), _("Ngày đo"), _("Mức"), _("Điểm đo"),
             _("Đơn vị"), _("Giá trị đã công bố"), _("Giá trị tính lại"), _("U đã công bố"), _("U tính lại"),
             _("Kết luận đã công bố"), _("Kết luận tính lại"))
    empty = {"point": "", "unit": "", "value": ["", ""], "U": ["", ""], "verdict": ["", ""]}
    lines = ((one.number, one.code, one.object_name, one.serial, one.performed_on, str(words.GRADE[one.item.grade]),
              point["point"], point["unit"], *point["value"], *point["U"],
              *(str(words.VERDICT.get(verdict, verdict)) for verdict in (
                  point["verdict"] if point is not empty else (one.item.old_verdict, one.item.new_verdict))))
             for one in concerned.concerns(row) for point in (one.item.rows or [empty]))
    return Response(workbook(row.number, heads, lines), mimetype=XLSX,
                    headers={"Content-Disposition": f'attachment; filename="{row.number}.xlsx"'})


@blueprint.get("/standards/reviews/<int:review_id>/record.pdf")
@permit(LOGIN)
def reviews_record(review_id: int) -> Response:
    """The record of nonconforming work as it stands."""
    row = reviews.review(review_id)
    return Response(paper(row, current_user.full_name), mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{row.number}.pdf"'})


@blueprint.get("/standards/reviews/<int:review_id>/letters/<int:customer_id>.pdf")
@permit(LOGIN)
def reviews_letter(review_id: int, customer_id: int) -> Response:
    """The letter to one customer."""
    row = reviews.review(review_id)
    return Response(letter(row, customer_id), mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{row.number}-{customer_id}.pdf"'})


@blueprint.route("/standards/<int:standard_id>/reviews/new", methods=["GET", "POST"])
@permit("standards.edit")
def reviews_open(standard_id: int) -> Page:
    """Open a review by hand."""
    standard = service.standard(standard_id)
    form = OpenForm(standard)
    if not form.is_submitted():
        form.since.data, form.until.data = parse_day(request.args.get("since", "")), clock.today()
    if form.validate_on_submit():
        try:
            opened = reviews.open_by_hand(standard_id, form.what.data, form.assumption(),
                                          quarantine=form.quarantine.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã mở xem xét %(number)s; kết quả đang được tính lại.", number=opened.number))
            return redirect(url_for("impact.reviews_show", review_id=opened.id), 303)
    return render_template("impact/open.html", form=form, standard=service.standard(standard_id),
                           words=standard_words), 422 if form.errors else 200


@blueprint.post("/standards/reviews/<int:review_id>/recompute")
@permit("standards.edit")
def reviews_recompute(review_id: int) -> Page:
    """Recompute with other assumptions."""
    row = reviews.review(review_id)
    form = AssumptionForm(row.standard)
    return _act(review_id, form, _("Đang tính lại."), lambda: reviews.recompute(
        review_id, form.assumption(), version=form.version.number, by=current_user), assume=form)


@blueprint.post("/standards/reviews/<int:review_id>/decide")
@permit("standards.edit")
def reviews_decide(review_id: int) -> Page:
    """Significance and decision."""
    form = DecisionForm()
    return _act(review_id, form, _("Đã ghi quyết định."), lambda: reviews.decide(
        review_id, significance=form.significance.data, decision=form.decision.data, evaluation=form.evaluation.data,
        version=form.version.number, by=current_user), decide=form)


@blueprint.post("/standards/reviews/<int:review_id>/close")
@permit("standards.edit")
def reviews_close(review_id: int) -> Page:
    """Authorise work to be resumed."""
    form = ClosingForm(reviews.review(review_id))
    return _act(review_id, form, _("Đã đóng xem xét."), lambda: reviews.close(
        review_id, form.resumption.data, version=form.version.number, by=current_user,
        release="release" in form and bool(form.release.data)), closing=form)


@blueprint.post("/standards/reviews/<int:review_id>/told/<int:customer_id>")
@permit("standards.edit")
def reviews_told(review_id: int, customer_id: int) -> Response:
    """Note that a customer was told."""
    return _simply(review_id, _("Đã ghi."), lambda: reviews.told(
        review_id, customer_id, request.form.get("how", "")[:200], by=current_user))


@blueprint.post("/standards/reviews/<int:review_id>/quarantine")
@permit("standards.edit")
def reviews_quarantine(review_id: int) -> Response:
    """Take the standard out of use."""
    return _simply(review_id, _("Đã cách ly chuẩn."), lambda: reviews.quarantine(review_id, by=current_user))


def panel(standard: Standard) -> str:
    """The newest reviews on the standard's page."""
    rows = session().scalars(sa.select(ImpactReview).where(ImpactReview.standard_id == standard.id)
                             .order_by(ImpactReview.id.desc()).limit(3)).all()
    return render_template("impact/_panel.html", standard=standard, reviews=rows, words=words)


def _act(review_id: int, form: HouseForm, said: str, act: Callable[[], None], **forms: HouseForm) -> Page:
    reviews.review(review_id)
    if form.validate_on_submit():
        try:
            act()
        except DomainError as error:
            attach(form, error)
        else:
            flash(said)
            return redirect(url_for("impact.reviews_show", review_id=review_id), 303)
    return _show(reviews.review(review_id), **forms), 422


def _simply(review_id: int, said: str, act: Callable[[], None]) -> Response:
    reviews.review(review_id)
    try:
        act()
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
    else:
        flash(said)
    return redirect(url_for("impact.reviews_show", review_id=review_id), 303)


def _show(row: ImpactReview, *, assume: HouseForm | None = None, decide: HouseForm | None = None,
          closing: HouseForm | None = None) -> str:
    skipped = max(0, min(request.args.get("skip", 0, type=int), 1_000_000))
    found = concerned.concerns(row, after=skipped, size=PAGE + 1)
    decide = decide or DecisionForm(formdata=None, obj=row)
    closing = closing or ClosingForm(row, formdata=None)
    return render_template(
        "impact/review.html", review=row, words=words, standard_words=standard_words,
        assume=assume or AssumptionForm(row.standard, row, formdata=None), decide=decide, closing=closing,
        found=found[:PAGE], skipped=skipped, more=len(found) > PAGE, size=PAGE, task=_task(row),
        customers=concerned.concerned(row), notices=concerned.notices(row), reason=reasons([row], language())[row.id],
        unissued=concerned.unissued(row),
        total=reviews.count_affected(session(), row.standard_id, row),
        below=Touch(row.standard_id, row.since, row.until).standards())


def _task(row: ImpactReview) -> BackgroundTask | None:
    """The newest recomputation of the review, while it has not ended well."""
    if row.recomputed_at is not None:
        return None
    wanted = f'{{"review": {row.id}, "run": {row.run}}}'
    return session().scalar(sa.select(BackgroundTask).where(
        BackgroundTask.kind == reviews.KIND, BackgroundTask.payload == wanted).order_by(BackgroundTask.id.desc()))
