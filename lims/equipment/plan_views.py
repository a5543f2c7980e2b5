"""The calendar of duties, and the plan of a year with its costs: page, paper, Excel."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.recall import add_months
from lims.equipment import papers, plan, plan_overview, words
from lims.equipment.forms import people
from lims.equipment.listing import read_person
from lims.equipment.plan import Planned
from lims.equipment.views import XLSX, blueprint, pdf_response
from lims.shared import clock
from lims.shared.errors import Invalid
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import workbook

_MONTH = re.compile(r"(20\d{2}|21\d{2})-(0[1-9]|1[0-2])", re.ASCII)
_YEAR = re.compile(r"(20\d{2}|21\d{2})", re.ASCII)
SHOWN_A_DAY = 4
SHOWN_A_MONTH = 50
"""As many as a page of the register."""


@dataclass(frozen=True)
class Day:
    """One field of the calendar: outside the month it is empty; `more` are not listed."""

    on: date
    inside: bool
    lines: list[Planned]
    more: int


@blueprint.get("/standards/calendar")
@permit(LOGIN)
def calendar() -> str:
    """A month, or a quarter, of due dates."""
    today = clock.today()
    match = _MONTH.fullmatch(request.args.get("month", ""))
    first = date(int(match[1]), int(match[2]), 1) if match else today.replace(day=1)
    quarter = request.args.get("view") == "quarter"
    if quarter:
        first = first.replace(month=first.month - (first.month - 1) % 3)
    number = 3 if quarter else 1
    after = add_months(first, number)
    acts = read_person(request.args)
    found = plan_overview.overview(first, number, today, acts_id=acts)
    return render_template(
        "equipment/calendar.html", first=first, quarter=quarter, today=today, words=words, number=found.number,
        totals=found.months, weeks=[] if quarter else _weeks(first, after, found),
        by_month=[plan_overview.first_lines(found, add_months(first, at), SHOWN_A_MONTH)
                  for at in range(number if quarter else 0)],
        previous=_address("equipment.calendar", month=_name(_back(first, number))),
        following=_address("equipment.calendar", month=_name(after)), people=people(acts), acts=acts, link=_address,
        month_name=_name(first))


@blueprint.get("/standards/plan")
@permit(LOGIN)
def year_plan() -> str:
    """The plan of a year: each month's duties and costs, the list of one month, the outside work by provider."""
    today = clock.today()
    year = _year(today)
    first, acts = date(year, 1, 1), read_person(request.args)
    found = plan_overview.overview(first, 12, today, acts_id=acts)
    chosen = request.args.get("of", "")
    month = int(chosen) if chosen.isascii() and chosen.isdigit() and 1 <= int(chosen[:2]) <= 12 and len(chosen) < 3 \
        else today.month if year == today.year else 1
    listed = plan_overview.first_lines(found, date(year, month, 1), SHOWN_A_MONTH)
    return render_template(
        "equipment/plan.html", year=year, today=today, months=found.months, month=month, listed=listed,
        unlisted=found.months[month - 1].number - len(listed), words=words, providers=found.providers,
        total=found.cost, number=found.number,
        people=people(acts), acts=acts, link=_address)


@blueprint.get("/standards/plan.pdf")
@permit(LOGIN)
def plan_paper() -> Response:
    """The same plan for paper, with places to sign."""
    today = clock.today()
    year = _year(today)
    lines = plan.planned(date(year, 1, 1), date(year, 12, 31), today, acts_id=read_person(request.args))
    if len(lines) > papers.MOST_LINES:
        raise Invalid(f"Kế hoạch có {len(lines)} dòng, quá nhiều để in; hãy lọc theo người hoặc xuất Excel.",
                      f"The plan has {len(lines)} lines, too many for paper; filter by person or export to Excel.")
    return pdf_response(papers.year_plan(year, lines, today, current_user.full_name), f"ke-hoach-chuan-{year}.pdf")


@blueprint.get("/standards/plan.xlsx")
@permit(LOGIN)
def plan_file() -> Response:
    """The same plan as an Excel file."""
    today = clock.today()
    year = _year(today)
    lines = plan.planned(date(year, 1, 1), date(year, 12, 31), today, acts_id=read_person(request.args))
    heads = (_("Ngày"), _("Mã"), _("Tên chuẩn"), _("Số chế tạo"), _("Việc"), _("Tên lịch"), _("Người làm"),
             _("Tổ, bộ phận"), _("Nơi làm"), _("Chi phí, đồng"), _("Ghi chú"))
    rows = ((line.on, line.asset_number, line.name, line.serial, str(words.DUTY[line.duty]), line.label, line.person,
             line.team, line.provider, None if line.cost is None else int(line.cost),
             _("quá hạn") if line.late else _("lần sau") if line.repeated else "") for line in lines)
    return Response(workbook(_("Kế hoạch"), heads, rows), mimetype=XLSX,
                    headers={"Content-Disposition": f'attachment; filename="ke-hoach-chuan-{year}.xlsx"'})


def _weeks(first: date, after: date, found: plan_overview.Overview) -> list[list[Day]]:
    held = plan_overview.shown(found, dict.fromkeys(found.days, SHOWN_A_DAY))
    start = first - timedelta(days=first.weekday())
    days = [start + timedelta(days=at) for at in range((after - start).days + (-(after - start).days) % 7)]
    fields = [Day(day, first <= day < after, held.get(day, []), max(0, found.days.get(day, 0) - SHOWN_A_DAY))
              for day in days]
    return [fields[at:at + 7] for at in range(0, len(fields), 7)]


def _year(today: date) -> int:
    match = _YEAR.fullmatch(request.args.get("year", ""))
    return int(match[1]) if match else today.year


def _name(first: date) -> str:
    return f"{first.year:04d}-{first.month:02d}"


def _back(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 - months
    return date(at // 12, at % 12 + 1, 1)


def _address(endpoint: str, **changes: Any) -> str:
    kept = {key: value for key, value in request.args.items() if key in ("person", "view", "month", "year", "of")}
    return url_for(endpoint, **{key: value for key, value in (kept | changes).items() if value not in (None, "")})
