"""Pages of the analysis: figures, the lists behind them, and the survey report as files."""
from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers import listing, listing_file, words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.forms import parse_day
from lims.shared.permissions import LOGIN, permit
from lims.surveys import reporting
from lims.surveys.analysis import analyse, scope_of
from lims.surveys.blueprint import blueprint
from lims.surveys.models import Survey

SCOPE = ("sector", "commune", "year")


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
                           tally=listing.tally(wanted), words=words, communes=listing.communes(), owner=None,
                           unconfirmed=listing.rests_on_unconfirmed(lines), year=request.args.get("year", ""),
                           export_url=_own_address("surveys.instruments_file"))


@blueprint.get("/surveys/instruments.xlsx")
@permit(LOGIN)
def instruments_file() -> Response:
    """The same list, with the same filters and the same year, as an Excel file."""
    return listing_file.response(listing.everything(scope_of(request.args, clock.today())))


@blueprint.get("/surveys/report")
@permit(LOGIN)
def report() -> str:
    """The period of the survey report, and its files."""
    first, last = _period()
    return render_template("surveys/report.html", first=first, last=last, found=reporting.visits(first, last),
                           many=reporting.many(first, last))


@blueprint.get("/surveys/report.<any(pdf, docx, xlsx):form>")
@permit(LOGIN)
def report_file(form: str) -> Response:
    first, last = _period()
    if reporting.many(first, last):
        flash(_("Kỳ này có nhiều khảo sát: báo cáo được lập trong nền, hãy bấm Lập báo cáo."), "info")
        return redirect(_own_address("surveys.report"), 303)
    make, media_type = reporting.FILES[form]
    how = "inline" if form == "pdf" else "attachment"
    return Response(make(reporting.survey_report(first, last, clock.today())), mimetype=media_type, headers={
        "Content-Disposition": f'{how}; filename="{reporting.file_name(first, last, form)}"'})


@blueprint.post("/surveys/report")
@permit(LOGIN)
def make_report() -> Response:
    """Have the report of a long period made in the background."""
    first, last = _period()
    return redirect(url_for("tasks.show", task_id=reporting.request_report(first, last, current_user).id), 303)


def _own_address(endpoint: str) -> str:
    """Another page with the arguments of this address."""
    kept: dict[str, Any] = request.args.to_dict()
    return url_for(endpoint, **kept)


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
