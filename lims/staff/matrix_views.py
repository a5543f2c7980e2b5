"""The matrix of competence on a day: by field, as a table of people × procedures, as Excel."""
from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.shared import clock
from lims.shared.forms import parse_day
from lims.shared.i18n import day, language
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import Cell, workbook
from lims.staff import disuse, overview, words
from lims.staff.blueprint import blueprint
from lims.staff.grid import grid
from lims.staff.models import ACTIVITIES, Authorisation
from lims.staff.overview import Matrix

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOON_DAYS = 60


@blueprint.get("/staff")
@permit(LOGIN)
def index() -> str:
    """Person × procedure × activity on a day, by field; what the fields lack."""
    found = _asked()
    field, person, text = _filter()
    shown = [one for one in overview.narrowed(found, field, person, text)
             if request.args.get("show") != "lacking" or one.cover.missing]
    today = clock.today()
    return render_template(
        "staff/index.html", found=found, shown=shown, words=words, today=today, activities=ACTIVITIES, field=field,
        person=person, text=text, needs=overview.open_needs(), idle=len(disuse.proposals(today)),
        by_id={one.id: one for one in found.people})


@blueprint.get("/staff/grid")
@permit(LOGIN)
def people_grid() -> str:
    """People across, procedures down, on a day."""
    found = _asked()
    field, person, text = _filter()
    shown = overview.narrowed(found, field, person, text)
    return render_template("staff/grid.html", found=found, table=grid(found, shown, person), words=words,
                           today=clock.today(), soon=SOON_DAYS, field=field, person=person, text=text)


@blueprint.get("/staff.xlsx")
@permit(LOGIN)
def export() -> Response:
    """The matrix as Excel: procedures down, people across; or with `as=list` one line for each authorisation."""
    found = _asked()
    listed = request.args.get("as") == "list"
    heads, rows = _lines(found) if listed else _table(found)
    name = "uy-quyen" if listed else "ma-tran-nang-luc"
    return Response(workbook(_("Năng lực"), heads, rows), mimetype=XLSX, headers={
        "Content-Disposition": f'attachment; filename="{name}-{found.on.isoformat()}.xlsx"'})


def _asked() -> Matrix:
    return overview.matrix(parse_day(request.args.get("on", "")) or clock.today(), language())


def _filter() -> tuple[str, int | None, str]:
    return request.args.get("field", ""), request.args.get("person", type=int), request.args.get("q", "")[:100]


def _table(found: Matrix) -> tuple[list[str], Iterator[list[Cell]]]:
    heads = [_("Lĩnh vực"), _("Quy trình"), _("Tên"), *(one.full_name for one in found.people)]

    def rows() -> Iterator[list[Cell]]:
        for one, listed in grid(found, found.fields).fields:
            for row in listed:
                yield [one.word, row.procedure.code, row.procedure.title,
                       *("; ".join(_told(granted) for granted in row.held.get(person.id, []))
                         for person in found.people)]

    return heads, rows()


def _told(granted: Authorisation) -> str:
    until = f" ({_('đến %(day)s', day=day(granted.valid_to))})" if granted.valid_to else ""
    return f"{words.ACTIVITY[granted.activity]}{until}"


def _lines(found: Matrix) -> tuple[list[str], Iterator[list[Cell]]]:
    heads = [_("Người"), _("Chức vụ"), _("Lĩnh vực"), _("Quy trình"), _("Tên"), _("Được làm"), _("Từ ngày"),
             _("Đến ngày"), _("Căn cứ")]
    return heads, ([granted.user.full_name, granted.user.title_in(language()), one.word, row.procedure.code,
                    row.procedure.title, str(words.ACTIVITY[activity]), granted.valid_from, granted.valid_to,
                    granted.basis]
                   for one in found.fields for row in one.rows for activity in ACTIVITIES
                   for granted in row.granted.get(activity, []))
