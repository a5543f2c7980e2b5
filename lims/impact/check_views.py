"""Pages of intermediate checks: all plans, the charts of one standard, a plan, the entry of a check."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.check_charts import violations
from lims.equipment import service
from lims.equipment import words as standard_words
from lims.impact import checks, releasing, words
from lims.impact.blueprint import blueprint
from lims.impact.charts import Drawing, Level, Mark, draw
from lims.impact.check_forms import NewPlanForm, PlanForm, RunForm
from lims.impact.models import CheckPlan
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.i18n import day, decimal, language
from lims.shared.permissions import LOGIN, permit

SHOWN = 40
"""Newest checks of a chart."""
Page = str | Response | tuple[str, int]


@blueprint.get("/standards/checks")
@permit(LOGIN)
def checks_index() -> str:
    """Every plan in use, the one due first on top."""
    return render_template("impact/checks.html", lines=checks.all_plans(), today=clock.today(), words=words,
                           standard_words=standard_words)


@blueprint.get("/standards/<int:standard_id>/checks")
@permit(LOGIN)
def checks_of(standard_id: int) -> str:
    """Plans and charts of one standard."""
    standard = service.standard(standard_id)
    plans = checks.plans_of(standard_id)
    return render_template(
        "impact/checks_of.html", standard=standard, words=words, standard_words=standard_words,
        review=releasing.open_review(session(), standard), waiting=releasing.waiting(session(), standard),
        plans=[(row, chart(row), checks.baseline(row)) for row in plans])


@blueprint.route("/standards/<int:standard_id>/checks/new", methods=["GET", "POST"])
@permit("standards.edit")
def checks_create(standard_id: int) -> Page:
    """A new plan."""
    standard = service.standard(standard_id)
    form = NewPlanForm(standard)
    if form.validate_on_submit():
        try:
            checks.create_plan(standard_id, form.details(), interval_count=form.interval_count.data or 0,
                               interval_unit=form.interval_unit.data, by=current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lập kế hoạch kiểm tra."))
            return redirect(url_for("impact.checks_of", standard_id=standard_id), 303)
    return render_template("impact/check_plan.html", form=form, standard=service.standard(standard_id), plan=None,
                           words=standard_words), 422 if form.errors else 200


@blueprint.route("/standards/checks/<int:plan_id>/edit", methods=["GET", "POST"])
@permit("standards.edit")
def checks_edit(plan_id: int) -> Page:
    """Change a plan."""
    row = checks.plan(plan_id)
    form = PlanForm(row.standard, row)
    if form.validate_on_submit():
        try:
            checks.change_plan(plan_id, form.details(), by=current_user,
                               version=form.version.number)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("impact.checks_of", standard_id=row.standard_id), 303)
    row = checks.plan(plan_id)
    return render_template("impact/check_plan.html", form=form, standard=row.standard, plan=row,
                           words=standard_words), 422 if form.errors else 200


@blueprint.route("/standards/checks/<int:plan_id>/run", methods=["GET", "POST"])
@permit("standards.check")
def checks_run(plan_id: int) -> Page:
    """Enter the readings of a check, whatever the state of the standard."""
    row = checks.plan(plan_id)
    held = releasing.refused(session(), row.standard, current_user) if row.standard.state == "quarantined" else None
    form = RunForm(row, may_release=held is None)
    if not form.is_submitted():
        form.done_on.data = clock.today()
    if form.validate_on_submit():
        try:
            run = checks.record_run(plan_id, done_on=form.done_on.data, note=form.note.data or "", by=current_user,
                                    readings=[entry.data or "" for entry in form.readings],
                                    release="release" in form and bool(form.release.data))
        except DomainError as error:
            attach(form, error)
            if error.field.startswith("readings."):
                form.readings.errors = [error.message(language())]
        else:
            flash(_("Đạt.") if run.passed else _("Không đạt: chuẩn đã bị cách ly, kết quả đã đo được xem xét."),
                  "success" if run.passed else "error")
            return redirect(url_for("impact.checks_of", standard_id=row.standard_id), 303)
    row = checks.plan(plan_id)
    return render_template("impact/check_run.html", form=form, plan=row, standard=row.standard, words=words,
                           held=held, standard_words=standard_words), 422 if form.errors else 200


def chart(row: CheckPlan) -> Drawing | None:
    """The control chart of the newest checks; None before the first."""
    runs = row.runs[-SHOWN:]
    if not runs:
        return None
    centre, limits = float(row.centre), checks.limits_of(row)
    flagged: dict[int, str] = {}
    if limits.sigma is not None:
        same = [place for place, run in enumerate(runs) if (run.centre, run.sigma) == (row.centre, row.sigma)]
        for one in violations([float(runs[place].mean) for place in same], centre, limits.sigma):
            grave = one.rule in limits.rules
            flagged[same[one.last]] = "out" if grave else flagged.get(same[one.last], "near")
    levels = [Level(centre, _("đường tâm"), "axis")]
    if limits.sigma is not None:
        levels += [Level(centre + k * limits.sigma, f"{'+' if k > 0 else '−'}{abs(k)}σ") for k in (-3, -2, 2, 3)]
    elif row.method == "en":
        spread = ((limits.reference_uncertainty or 0.0) ** 2 + (limits.own_uncertainty or 0.0) ** 2) ** 0.5
        levels += [Level(centre - spread, "|En| = 1"), Level(centre + spread, "|En| = 1")]
    if limits.action_limit is not None:
        levels += [Level(centre + sign * limits.action_limit, _("hành động")) for sign in (-1, 1)]
    marks = [Mark(float(place), float(run.mean), limits.own_uncertainty if row.method == "en" else None,
                  "out" if not run.passed else flagged.get(place, ""),
                  f"{day(run.done_on)}: {decimal(f'{run.mean:.10g}')} {row.unit}") for place, run in enumerate(runs)]
    return draw(marks, levels, number=lambda text: decimal(text).replace("-", "−"), joined=True,
                x_labels=[(float(place), f"{run.done_on:%d/%m/%y}") for place, run in enumerate(runs)])
