"""Pages of drift and calibration intervals of one standard."""
from __future__ import annotations

from datetime import date
from urllib.parse import quote

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.typed_number import NumberError, parse_typed
from lims.equipment import service
from lims.equipment import words as standard_words
from lims.equipment.models import Standard
from lims.impact import drift_paper, drifting, words
from lims.impact.blueprint import blueprint
from lims.impact.charts import Drawing, Level, Mark, days_between, draw, years
from lims.impact.check_forms import CapForm, IntervalForm
from lims.impact.drifting import History
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import HouseForm, attach
from lims.shared.i18n import day, decimal
from lims.shared.permissions import LOGIN, permit


@blueprint.get("/standards/<int:standard_id>/drift")
@permit(LOGIN)
def drift(standard_id: int) -> str | tuple[str, int]:
    """History of a point with U and limits, prediction, interval proposals, decisions."""
    return _page(standard_id)


@blueprint.post("/standards/<int:standard_id>/interval")
@permit("standards.edit")
def interval(standard_id: int) -> Response | str | tuple[str, int]:
    """Decide the interval."""
    form = IntervalForm()
    if form.validate_on_submit():
        shown, _typed, _wrong = _history(service.standard(standard_id))
        try:
            drifting.decide_interval(standard_id, count=form.interval_count.data or 0, unit=form.interval_unit.data,
                                     method=form.method.data, reason=form.reason.data, shown=shown, by=current_user,
                                     seen=form.seen.data or "")
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã đổi chu kỳ hiệu chuẩn."))
            return redirect(url_for("impact.drift", standard_id=standard_id), 303)
    return _page(standard_id, interval=form)


@blueprint.post("/standards/<int:standard_id>/interval-cap")
@permit("standards.edit")
def interval_cap(standard_id: int) -> Response | str | tuple[str, int]:
    """Set the longest interval permitted."""
    service.standard(standard_id)
    form = CapForm()
    if form.validate_on_submit():
        try:
            drifting.set_cap(standard_id, form.months.data or 0, form.basis.data or "", by=current_user,
                             seen=form.seen.data or "")
        except DomainError as error:
            attach(form, error)
            if error.field == "interval_count":
                form.months.errors = [*form.months.errors, error.message("vi")]
        else:
            flash(_("Đã lưu."))
            return redirect(url_for("impact.drift", standard_id=standard_id), 303)
    return _page(standard_id, cap=form)


def _page(standard_id: int, *, interval: HouseForm | None = None,
          cap: HouseForm | None = None) -> str | tuple[str, int]:
    session().rollback()
    standard = service.standard(standard_id)
    shown, typed, wrong = _history(standard)
    schedule = drifting.main_schedule(standard)
    if interval is None:
        interval = IntervalForm(formdata=None, obj=schedule, seen=drifting.mark_of_interval(standard))
    if cap is None:
        cap = CapForm(formdata=None, obj=shown.cap if shown else None, seen=drifting.mark_of_cap(standard_id))
    page = render_template(
        "impact/drift.html", standard=standard, shown=shown, typed=typed, wrong=wrong, schedule=schedule,
        points=drifting.points(standard), drawing=chart(shown) if shown else None, interval=interval, cap=cap,
        decisions=drifting.decisions(standard_id), words=words, standard_words=standard_words,
        stated=drifting.stated)
    return (page, 422) if wrong or interval.errors or cap.errors else page


def _history(standard: Standard) -> tuple[History | None, dict[str, str], bool]:
    """(history as the address asks for it, what was typed, whether that was wrong)."""
    typed = {name: request.args.get(name, "").strip() for name in ("point", "limit")}
    points = drifting.points(standard)
    if not points:
        return None, typed, False
    try:
        limit = float(parse_typed(typed["limit"], convention="vi").value) if typed["limit"] else None
    except NumberError:
        return None, typed, True
    if limit is not None and not limit > 0:
        return None, typed, True
    first = [one for one in points if one.function is points[0].function]
    point = next((one for one in points if one.code == typed["point"]), first[-1])
    typed["point"], typed["shown"] = point.code, point.value.nominal_text
    typed["function"] = point.function.name if point.function else ""
    return drifting.history(standard, point.value.nominal, limit,
                            function_id=point.function.id if point.function else None), typed, False


@blueprint.get("/standards/<int:standard_id>/drift.pdf")
@permit(LOGIN)
def drift_sheet(standard_id: int) -> Response:
    """Every point of every function with its chart, and the decisions, on paper."""
    standard = service.standard(standard_id)
    return Response(drift_paper.sheet(standard, current_user.full_name), mimetype="application/pdf",
                    headers={"Content-Disposition": "inline; filename*=UTF-8''" + quote(
                        f"do-troi-{standard.asset_number}.pdf")})


def chart(shown: History) -> Drawing:
    """Deviation from nominal at each certificate with U, the fitted line, limits about the last value, due date."""
    last = shown.calibrations[-1]
    end = max(filter(None, (shown.due_on, shown.predicted_on, last.on)))
    trend: list[tuple[float, float, float]] = []
    if shown.line is not None:
        for on in days_between(shown.calibrations[0].on, end):
            at = shown.line.at(on)
            trend.append((float(on.toordinal()), at.value, at.U))
    upright: list[tuple[float, str]] = []
    dates: dict[date, str] = {}
    if shown.due_on:
        dates[shown.due_on] = _("hạn %(day)s", day=day(shown.due_on))
    if shown.predicted_on and shown.predicted_on != shown.due_on:
        dates[shown.predicted_on] = _("dự báo %(day)s", day=day(shown.predicted_on))
    upright = [(float(on.toordinal()), name) for on, name in dates.items()]
    low, high = last.value - shown.limit, last.value + shown.limit
    marks = [Mark(float(one.on.toordinal()), one.value, one.U, "", f"{day(one.on)}, {one.certificate}: "
                  f"{decimal(f'{one.value:.6g}')} ± {decimal(f'{one.U:.3g}')} {shown.unit}")
             for one in shown.calibrations]
    return draw(marks, [Level(low, _("giới hạn dưới")), Level(high, _("giới hạn trên"))], trend=trend, upright=upright,
                x_labels=years(shown.calibrations[0].on, end), number=lambda text: decimal(text).replace("-", "−"))
