"""Pages of the register of capabilities: the scope, one line with what results came to, entering and ending."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.equipment.words import quantity_word
from lims.jobs import capabilities as register
from lims.jobs.blueprint import blueprint
from lims.jobs.capability_comparison import LOOKED_THROUGH, budgets, compared
from lims.jobs.capability_forms import CapabilityForm, EndForm
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.shown import number, plain_float
from lims.shared import clock
from lims.shared.forms import accepted
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/capabilities")
@permit(LOGIN)
def capabilities() -> str:
    """The scope: lines in force first."""
    return render_template("jobs/capabilities.html", lines=register.lines(), today=clock.today(), words=quantity_word,
                           expression=expression, span=span)


@blueprint.get("/capabilities/budgets")
@permit(LOGIN)
def capability_budgets() -> str:
    """U of the newest results by procedure and point beside the register."""
    code = request.args.get("procedure", "").strip()
    return render_template("jobs/capability_budgets.html", rows=budgets(code), code=code, figure=plain_float,
                           shown=number, most=LOOKED_THROUGH)


@blueprint.route("/capabilities/new", methods=["GET", "POST"])
@permit("procedures.edit")
def new_capability() -> Page:
    form = CapabilityForm()
    if done := accepted(form, lambda: register.add(form.line(), current_user)):
        flash(_("Đã ghi vào phạm vi."), "success")
        return redirect(url_for("jobs.capability", line_id=done.result.id), 303)
    return render_template("jobs/capability_new.html", form=form), 422 if form.is_submitted() else 200


@blueprint.get("/capabilities/<int:line_id>")
@permit(LOGIN)
def capability(line_id: int) -> str:
    return _page(register.line(line_id))


@blueprint.post("/capabilities/<int:line_id>/end")
@permit("procedures.edit")
def end_capability(line_id: int) -> Page:
    line, form = register.line(line_id), EndForm()
    if accepted(form, lambda: register.end(
            line_id, valid_to=form.valid_to.data, reason=form.reason.data, version=form.version.number)):
        return redirect(url_for("jobs.capability", line_id=line_id), 303)
    return _page(line, form), 422


def expression(line: CapabilityLine) -> str:
    """The CMC as the scope writes it, in the page's language."""
    a, b = (number(f"{value:f}") if value is not None else "" for value in (line.a, line.b))
    if line.form == "points":
        return "; ".join(f"{number(x)}: {number(value)}" for x, value in line.points)
    return {"value": a, "linear": f"{a} + {b}·|x|", "quadratic": f"√({a}² + ({b}·x)²)"}[line.form]


def span(line: CapabilityLine) -> str:
    """(0 … 10) bar."""
    return f"{number(f'{line.lower:f}')} … {number(f'{line.upper:f}')} {line.unit}"


def _page(line: CapabilityLine, form: EndForm | None = None) -> str:
    form = form or EndForm(formdata=None, version=line.version, valid_to=clock.today())
    return render_template("jobs/capability.html", line=line, form=form, comparisons=compared(line),
                           words=quantity_word, expression=expression, span=span, figure=plain_float,
                           shown=number, today=clock.today())
