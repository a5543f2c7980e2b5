"""Pages of comparisons between laboratories: the register, one round, its result, what is to be done."""
from __future__ import annotations

from io import BytesIO

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.impact import comparisons, words
from lims.impact.blueprint import blueprint
from lims.impact.comparison_forms import ActionForm, ComparisonForm, OutcomeForm
from lims.impact.models import Comparison
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import HouseForm, attach
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/standards/comparisons")
@permit(LOGIN)
def comparisons_index() -> str:
    """The register, newest first."""
    query = sa.select(Comparison).options(sa.orm.selectinload(Comparison.actions))
    show = request.args.get("show", "")
    if show == "planned":
        query = query.where(Comparison.verdict == "")
    elif show == "overdue":
        query = query.where(Comparison.actions.any(comparisons.overdue(clock.today())))
    elif show == "mine":
        query = query.where(comparisons.answered_by(current_user.id))
    elif show == "unanswered":
        query = query.where(comparisons.without_follow_up())
    elif show in words.SCORE:
        query = query.where(Comparison.verdict == show) if show else query
    return render_template("impact/comparisons.html", page=page_by_id(query, Comparison.id), show=show, words=words,
                           today=clock.today(), overdue=comparisons.overdue_actions(clock.today()))


@blueprint.get("/standards/comparisons/<int:comparison_id>")
@permit(LOGIN)
def comparisons_show(comparison_id: int) -> str:
    """One round."""
    return _show(comparison_id)


@blueprint.route("/standards/comparisons/new", methods=["GET", "POST"])
@permit("standards.edit")
def comparisons_create() -> Page:
    """Plan a round, or a further point of the round that `of` is a point of."""
    form = ComparisonForm()
    known = request.args.get("of", 0, type=int)
    if known and not form.is_submitted():
        form.go_on(comparisons.comparison(known))
    if form.validate_on_submit():
        try:
            row = comparisons.plan_comparison(form.details(), by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đưa vào kế hoạch."))
            return redirect(url_for("impact.comparisons_show", comparison_id=row.id), 303)
    return render_template("impact/comparison_edit.html", form=form, comparison=None), 422 if form.errors else 200


@blueprint.route("/standards/comparisons/<int:comparison_id>/edit", methods=["GET", "POST"])
@permit("standards.edit")
def comparisons_edit(comparison_id: int) -> Page:
    """Change what is planned."""
    form = ComparisonForm(comparisons.comparison(comparison_id))
    if form.validate_on_submit():
        try:
            comparisons.change_comparison(comparison_id, form.details(), version=form.version.number, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("impact.comparisons_show", comparison_id=comparison_id), 303)
    return render_template("impact/comparison_edit.html", form=form,
                           comparison=comparisons.comparison(comparison_id)), 422 if form.errors else 200


@blueprint.route("/standards/comparisons/<int:comparison_id>/result", methods=["GET", "POST"])
@permit("standards.edit")
def comparisons_result(comparison_id: int) -> Page:
    """Enter the result: scores follow."""
    row = comparisons.comparison(comparison_id)
    form = OutcomeForm(obj=row)
    if form.validate_on_submit():
        try:
            comparisons.record_outcome(comparison_id, form.outcome(), version=form.version.number, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã tính điểm."))
            return redirect(url_for("impact.comparisons_show", comparison_id=comparison_id), 303)
    return render_template("impact/comparison_result.html", form=form,
                           comparison=comparisons.comparison(comparison_id)), 422 if form.errors else 200


@blueprint.post("/standards/comparisons/<int:comparison_id>/actions")
@permit("standards.edit")
def comparisons_action(comparison_id: int) -> Page:
    """Something is to be done."""
    comparisons.comparison(comparison_id)
    form = ActionForm()
    if form.validate_on_submit():
        try:
            comparisons.add_action(comparison_id, form.text.data, int(form.responsible_id.data), form.due_on.data,
                                   by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã ghi việc cần làm."))
            return redirect(url_for("impact.comparisons_show", comparison_id=comparison_id), 303)
    return _show(comparison_id, form), 422


@blueprint.post("/standards/comparisons/<int:comparison_id>/actions/<int:action_id>/done")
@permit(LOGIN)
def comparisons_action_done(comparison_id: int, action_id: int) -> Response:
    """It is done."""
    try:
        comparisons.end_action(comparison_id, action_id, request.form.get("outcome", "")[:300], by=current_user)
    except DomainError as error:
        if error.status in (403, 404):
            raise
        flash(error.message(language()), "error")
    else:
        flash(_("Đã ghi."))
    return redirect(url_for("impact.comparisons_show", comparison_id=comparison_id), 303)


@blueprint.get("/standards/comparisons/<int:comparison_id>/report")
@permit(LOGIN)
def comparisons_report(comparison_id: int) -> Response:
    """The report as it was uploaded."""
    stored = comparisons.comparison(comparison_id).evidence
    if stored is None:
        raise NotFound("Chưa có báo cáo.", "There is no report yet.")
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True, download_name=stored.name)


def _show(comparison_id: int, action: HouseForm | None = None) -> str:
    row = comparisons.comparison(comparison_id)
    return render_template("impact/comparison.html", comparison=row, others=comparisons.other_points(row), words=words,
                           today=clock.today(), action=action or ActionForm(formdata=None))
