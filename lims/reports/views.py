"""Pages of statutory reports and of the inspection pack."""
from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.recall import add_months
from lims.customers.words import FIELD, kind_word
from lims.reports import service
from lims.reports.forms import DeadlineForm, FileForm, PackForm
from lims.reports.work import total_of, work_of
from lims.shared import clock
from lims.shared.errors import Invalid
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]
blueprint = Blueprint("reports", __name__)
LIGHT = {"filed": "ok", "overdue": "bad", "due_soon": "warn", "later": "idle"}
STANDING = {"filed": _l("Đã gửi"), "overdue": _l("Quá hạn"), "due_soon": _l("Sắp đến hạn"), "later": _l("Chưa đến kỳ")}


@blueprint.get("/reports")
@permit(LOGIN)
def index() -> str:
    """What is due when, what was sent; and the inspection pack."""
    today = clock.today()
    form = PackForm(formdata=None)
    form.on.data, form.since.data = today, add_months(today.replace(day=1), -12)
    return _index(form)


@blueprint.get("/reports/<kind>/<int:year>")
@permit(LOGIN)
def show(kind: str, year: int) -> str:
    """The figures of a report, each opening its list, and the button that has it made."""
    row = service.deadline(kind)
    _check(year)
    first, last = date(year, 1, 1), min(date(year, 12, 31), clock.today())
    lines = work_of(first, last) if kind in ("activity", "group2") else []
    if kind == "group2":
        lines = [line for line in lines if line.verified_all]
    due = next((one for one in service.due_reports(clock.today()) if (one.kind, one.year) == (kind, year)), None)
    return render_template("reports/show.html", kind=kind, year=year, deadline=row, due=due, lines=lines, light=LIGHT,
                           total=total_of(lines), title=_title(kind), standing=STANDING, fields=FIELD,
                           kind_word=kind_word, form=FileForm(formdata=None))


@blueprint.post("/reports/<kind>/<int:year>/make")
@permit("plans.edit")
def make(kind: str, year: int) -> Response:
    """Have it made in the background."""
    asked = service.request_report(kind, year, by=current_user)
    return redirect(url_for("tasks.show", task_id=asked.id), 303)


@blueprint.route("/reports/<kind>/<int:year>/file", methods=["GET", "POST"])
@permit("plans.edit")
def file(kind: str, year: int) -> Page:
    """Record that it was sent."""
    service.deadline(kind)
    _check(year)
    form = FileForm()
    if accepted(form, lambda: service.file_report(kind, year, filed_on=form.filed_on.data,
                        number=form.number.data, sent_to=form.sent_to.data, by=current_user)):
        flash(_("Đã ghi là đã gửi."))
        return redirect(url_for("reports.show", kind=kind, year=year), 303)
    return render_template("reports/file.html", form=form, kind=kind, year=year,
                           title=_title(kind)), 422 if form.errors else 200


@blueprint.route("/reports/<kind>/deadline", methods=["GET", "POST"])
@permit("settings.edit")
def deadline(kind: str) -> Page:
    """Another day by which a kind of report is due."""
    row = service.deadline(kind)
    form = DeadlineForm(obj=row)
    if accepted(form, lambda: service.set_deadline(
            kind, form.month.data, form.day.data, form.basis.data, by=current_user, version=form.version.number)):
        flash(_("Đã lưu."))
        return redirect(url_for("reports.index"), 303)
    return render_template("reports/deadline.html", form=form, kind=kind,
                           title=_title(kind)), 422 if form.errors else 200


@blueprint.post("/reports/pack")
@permit("plans.edit")
def pack() -> Page:
    """Have the inspection pack made."""
    form = PackForm()
    if done := accepted(form, lambda: service.request_pack(form.on.data, form.since.data, by=current_user)):
        return redirect(url_for("tasks.show", task_id=done.result.id), 303)
    return _index(form), 422


def _index(form: PackForm) -> str:
    return render_template("reports/index.html", rows=service.due_reports(clock.today()), light=LIGHT, form=form,
                           standing=STANDING, titles={kind: _title(kind) for kind in service.TITLES},
                           today=clock.today(), year=request.args.get("year", type=int))


def _title(kind: str) -> Any:
    vi, en = service.TITLES[kind]
    return en if language() == "en" else vi


def _check(year: int) -> None:
    if not service.FIRST_YEAR <= year <= clock.today().year:
        raise Invalid("Không có báo cáo của năm này.", "There is no report of this year.")
