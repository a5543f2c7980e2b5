"""Pages of traceability: what stands above a standard, and what it touched."""
from __future__ import annotations

from datetime import date

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.equipment import service, words
from lims.impact.blueprint import blueprint
from lims.impact.branches import branches
from lims.impact.chain import chain_above
from lims.impact.touched import PAGE, Touch, period
from lims.shared import clock
from lims.shared.forms import parse_day
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/standards/<int:standard_id>/trace")
@permit(LOGIN)
def trace(standard_id: int) -> str | tuple[str, int]:
    """The chain up to the national standard on a day."""
    standard = service.standard(standard_id)
    typed = request.args.get("on", "").strip()
    on = parse_day(typed) if typed else clock.today()
    lines = chain_above(standard_id, on) if on else []
    page = render_template("impact/trace.html", standard=standard, on=on, typed=typed, lines=lines, words=words,
                           faults=[fault for line in lines for fault in line.faults])
    return page if on else (page, 422)


@blueprint.get("/standards/<int:standard_id>/touched")
@permit(LOGIN)
def touched(standard_id: int) -> str | tuple[str, int]:
    """What it touched: counts, standards below it, customers, results."""
    standard = service.standard(standard_id)
    dates = _dates()
    if dates is None:
        return render_template("impact/touched.html", standard=standard, dates=None, words=words), 422
    touch = Touch(standard_id, *dates)
    after = max(0, request.args.get("after", 0, type=int))
    rows, below = touch.results(after=after, size=PAGE + 1), touch.standards()
    return render_template(
        "impact/touched.html", standard=standard, dates=dates, totals=touch.totals(), below=below,
        tree=branches(below), customers=touch.customers(), rows=rows[:PAGE],
        more=rows[PAGE - 1].worksheet_id if len(rows) > PAGE else 0,
        after=after, words=words)


@blueprint.get("/standards/<int:standard_id>/touched.xlsx")
@permit(LOGIN)
def touched_workbook(standard_id: int) -> Response | tuple[str, int]:
    """Every result touched, as an Excel file."""
    standard = service.standard(standard_id)
    dates = _dates()
    if dates is None:
        return render_template("impact/touched.html", standard=standard, dates=None, words=words), 422
    heads = (_("Ngày đo"), _("Mã"), _("Phương tiện đo"), _("Số chế tạo"), _("Doanh nghiệp"), _("Giấy"),
             _("Chuẩn đã dùng"), _("Bậc"))
    rows = ((row.performed_on, row.code, row.object_name, row.serial, row.customer, row.certificate,
             row.asset_number, row.level) for row in Touch(standard_id, *dates).results(size=None))
    name = f"{standard.id}-{dates[0].isoformat()}-{dates[1].isoformat()}.xlsx"
    return Response(workbook(_("Đã dùng cho"), heads, rows), mimetype=XLSX,
                    headers={"Content-Disposition": f'attachment; filename="chuan-{name}"'})


def _dates() -> tuple[date, date] | None:
    """The two days of the address, the last year when it names none; None when one is no day or they are reversed."""
    typed = [request.args.get(name, "").strip() for name in ("from", "to")]
    days = [parse_day(text) if text else None for text in typed]
    if any(text and day is None for text, day in zip(typed, days, strict=True)):
        return None
    since, until = period(days[0], days[1], clock.today())
    return (since, until) if since <= until else None
