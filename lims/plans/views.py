"""Pages of the plan: the list, one plan with its progress, its text, carrying over."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.plans import carrying, doings, service, words
from lims.plans.blueprint import blueprint
from lims.plans.forms import DisagreementForm, PlanForm, whole
from lims.plans.models import Plan
from lims.plans.progress import PlanProgress, plan_progress, plans_progress
from lims.plans.rules import Standing
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import HouseForm, accepted
from lims.shared.i18n import language
from lims.shared.organisation import organisation
from lims.shared.permissions import LOGIN, permit

SHOWN = 12
"""Plans of one page of the list."""
Page = str | Response | tuple[str, int]


@blueprint.app_template_filter("whole")
def whole_filter(value: object) -> str:
    """A figure without needless zeros, with the decimal sign of the language."""
    text = whole(value)  # type: ignore[arg-type]
    return text.replace(".", ",") if language() == "vi" else text


@blueprint.get("/plans")
@permit(LOGIN)
def index() -> str:
    """The plans, the newest year first, with their tasks by standing; twelve a page."""
    page = max(1, min(request.args.get("page", 1, type=int), 1000))
    rows = service.newest_plans(SHOWN + 1, SHOWN * (page - 1))
    return render_template("plans/index.html", progress=plans_progress(rows[:SHOWN], clock.today()), words=words,
                           page=page, more=len(rows) > SHOWN)


@blueprint.get("/plans/<int:yearly_id>")
@permit(LOGIN)
def show(yearly_id: int) -> str:
    """One plan: its rows, each with targets and figures that open their lists."""
    return _show(service.plan(yearly_id))


@blueprint.route("/plans/new", methods=["GET", "POST"])
@permit("plans.edit")
def create() -> Page:
    """A new draft."""
    form = PlanForm()
    if done := accepted(form, lambda: service.create_plan(form.details(), by=current_user)):
        flash(_("Đã lập dự thảo kế hoạch."))
        return redirect(url_for("plans.show", yearly_id=done.result.id), 303)
    elif request.method == "GET":
        laboratory = organisation(session())
        form.year.data, form.place.data = str(clock.today().year), laboratory.place
        form.issuer.data = laboratory.superior_vi
    return render_template("plans/edit.html", form=form, plan=None), 422 if form.errors else 200


@blueprint.route("/plans/<int:yearly_id>/edit", methods=["GET", "POST"])
@permit("plans.edit")
def edit(yearly_id: int) -> Page:
    """Change the text around the annex."""
    row = service.plan(yearly_id)
    form = PlanForm(row)
    if accepted(form, lambda: service.change_plan(yearly_id, form.details(), version=form.version.number,
                        by=current_user)):
        flash(_("Đã lưu."))
        return redirect(url_for("plans.show", yearly_id=yearly_id), 303)
    return render_template("plans/edit.html", form=form, plan=service.plan(yearly_id)), 422 if form.errors else 200


@blueprint.post("/plans/<int:yearly_id>/state")
@permit("plans.edit")
def state(yearly_id: int) -> Response:
    """Issue, close, open again."""
    service.plan(yearly_id)
    try:
        service.set_state(yearly_id, request.form.get("state", "")[:20], by=current_user)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã ghi trạng thái kế hoạch."))
    return redirect(url_for("plans.show", yearly_id=yearly_id), 303)


@blueprint.route("/plans/<int:yearly_id>/carry", methods=["GET", "POST"])
@permit("plans.edit")
def carry(yearly_id: int) -> Page:
    """Choose what goes into the plan of the next year."""
    row = service.plan(yearly_id)
    offered = [item for item in row.items if not item.heading and item.state != "dropped"]
    chosen = {item.id for item in carrying.outlook(row)}
    title, wrong = _("Kế hoạch năm %(year)s", year=row.year + 1), {}
    if request.method == "POST":
        typed = request.form.getlist("items")
        chosen = {int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 10}
        title = request.form.get("title", "")[:500]
        try:
            made = carrying.carry_over(yearly_id, chosen, title=title, by=current_user)
        except DomainError as error:
            wrong = {error.field or "items": error.message(language())}
        else:
            flash(_("Đã lập dự thảo năm %(year)s với các nhiệm vụ chuyển tiếp.", year=made.year))
            return redirect(url_for("plans.show", yearly_id=made.id), 303)
    return render_template("plans/carry.html", plan=row, offered=offered, chosen=chosen, title=title,
                           wrong=wrong), 422 if wrong else 200


@blueprint.post("/plans/<int:yearly_id>/disagreements")
@permit("plans.edit")
def disagreement(yearly_id: int) -> Page:
    """Record that two places of the text disagree."""
    row = service.plan(yearly_id)
    form = DisagreementForm(row)
    if accepted(form, lambda: doings.note_disagreement(yearly_id, form.disagreement(), by=current_user)):
        flash(_("Đã ghi."))
        return redirect(url_for("plans.show", yearly_id=yearly_id), 303)
    return _show(service.plan(yearly_id), form), 422


@blueprint.post("/plans/disagreements/<int:discrepancy_id>/settle")
@permit("plans.edit")
def settle(discrepancy_id: int) -> Response:
    """Say which reading holds."""
    try:
        row = doings.settle(discrepancy_id, request.form.get("settled", "")[:300], by=current_user)
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
        return redirect(request.referrer or url_for("plans.index"), 303)
    flash(_("Đã ghi cách hiểu."))
    return redirect(url_for("plans.show", yearly_id=row.plan_id), 303)


def _show(plan: Plan, form: HouseForm | None = None) -> str:
    progress: PlanProgress = plan_progress(plan, clock.today())
    shown = request.args.get("standing", "")
    wanted = {"late": ("behind", "missed"), **{str(one): (one,) for one in Standing}}.get(shown)
    items = progress.items if wanted is None else [one for one in progress.items
                                                   if one.counts and one.standing in wanted]
    return render_template("plans/show.html", plan=plan, progress=progress, words=words, today=clock.today(),
                           items=items, shown=shown if wanted else "",
                           form=form or DisagreementForm(plan, formdata=None))
