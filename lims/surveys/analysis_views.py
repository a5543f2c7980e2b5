"""Pages of the analysis: figures, the lists behind them, and the survey report as files."""
from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates.report import render_report
from lims.customers import listing, words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.forms import parse_day
from lims.shared.permissions import LOGIN, permit
from lims.shared.report_files import excel_file, word_file
from lims.surveys import reporting
from lims.surveys.analysis import analyse, scope_of
from lims.surveys.blueprint import blueprint
from lims.surveys.models import Survey

SCOPE = ("sector", "commune", "year")
FILES = {
    "pdf": (render_report, "application/pdf"),
    "docx": (word_file, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (excel_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.get("/surveys/analysis")
@permit(LOGIN)
def analysis() -> str:
    today = clock.today()
    return render_template("surveys/analysis.html", found=analyse(scope_of(request.args, today)), words=words,
                           scope={name: request.args[name] for name in SCOPE if request.args.get(name)},
                           communes=listing.communes(), years=_years(), list_url=_list_url, today=today)


@blueprint.get("/surveys/instruments")
@permit(LOGIN)
def instruments() -> str:
    """The list behind a figure of the analysis."""
    wanted = scope_of(request.args, clock.today())
    lines, following = listing.page(wanted, request.args.get("after", ""))
    return render_template("customers/instruments.html", wanted=wanted, lines=lines, following=following,
                           tally=listing.tally(wanted), words=words, communes=listing.communes(), owner=None)


@blueprint.get("/surveys/report")
@permit(LOGIN)
def report() -> str:
    """The period of the survey report, and its files."""
    first, last = _period()
    return render_template("surveys/report.html", first=first, last=last, found=reporting.visits(first, last))


@blueprint.get("/surveys/report.<any(pdf, docx, xlsx):form>")
@permit(LOGIN)
def report_file(form: str) -> Response:
    first, last = _period()
    make, media_type = FILES[form]
    how = "inline" if form == "pdf" else "attachment"
    return Response(make(reporting.survey_report(first, last, clock.today())), mimetype=media_type, headers={
        "Content-Disposition": f'{how}; filename="bao-cao-khao-sat-{first:%Y%m%d}-{last:%Y%m%d}.{form}"'})


def _period() -> tuple[date, date]:
    """First and last day of the address; this year by default. Raises Invalid."""
    today = clock.today()
    first = parse_day(request.args.get("from", "")) if request.args.get("from") else date(today.year, 1, 1)
    last = parse_day(request.args.get("to", "")) if request.args.get("to") else date(today.year, 12, 31)
    if first is None or last is None or last < first:
        raise Invalid("Kỳ báo cáo không đúng; ghi từ ngày, đến ngày.", "The period is not right; give both days.")
    return first, last


def _list_url(**more: Any) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in SCOPE if request.args.get(name)}
    return url_for("surveys.instruments", **(kept | more))


def _years() -> list[tuple[str, str]]:
    span = session().execute(sa.select(sa.func.min(Survey.visited_on), sa.func.max(Survey.visited_on)).where(
        Survey.state == "finished")).one()
    if span[0] is None:
        return []
    return [(str(year), _("Khảo sát năm %(year)s", year=year)) for year in range(span[1].year, span[0].year - 1, -1)]
