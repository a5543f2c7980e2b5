"""Pages of the catalogue: what waits, the list in force, one row beside the one before, changes, documents."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs.procedures import current as current_procedures
from lims.legal import catalogue, changes, readings, words
from lims.legal.blueprint import blueprint
from lims.legal.catalogue import LegalBasis
from lims.legal.forms import ReadingForm, seen_of
from lims.legal.importing import HEADS
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.forms import accepted, parse_day
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import Cell, workbook

Page = str | Response | tuple[str, int]
EVIDENCE_WORDS = {"certificate": "giấy", "sticker": "tem", "mark": "dấu"}
"""As the import reads them."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/legal")
@permit(LOGIN)
def index() -> str:
    """Rows in force that wait for a confirmation, each with the row before it; and what was read last."""
    today, everything = clock.today(), request.args.get("all") == "1"
    served = served_items()
    waiting = [basis for basis in catalogue.waiting(today) if everything or basis.row.item in served]
    earlier = catalogue.before_each([basis.row for basis in waiting])
    lines = [(basis, earlier.get(basis.row.key)) for basis in waiting]
    return render_template("legal/index.html", lines=lines, today=today, everything=everything, words=words,
                           read=readings.newest(), editions=catalogue.editions())


@blueprint.get("/legal/list")
@permit(LOGIN)
def table() -> str:
    """The list as it holds on a day."""
    on = parse_day(request.args.get("on", "")) or clock.today()
    return render_template("legal/table.html", bases=catalogue.in_force(on), on=on, served=served_items(), words=words,
                           today=clock.today())


@blueprint.get("/legal/list.xlsx")
@permit(LOGIN)
def table_file() -> Response:
    """The same as an Excel file, in the shape that the import reads."""
    on = parse_day(request.args.get("on", "")) or clock.today()
    heads = tuple(names[0].capitalize() for names in HEADS.values())
    content = workbook(_("Danh mục"), heads, (_cells(basis) for basis in catalogue.in_force(on)))
    return Response(content, mimetype=XLSX, headers={
        "Content-Disposition": f'attachment; filename="danh-muc-nhom-2-{on:%Y-%m-%d}.xlsx"'})


@blueprint.get("/legal/rows/<path:row_key>")
@permit(LOGIN)
def row(row_key: str) -> str:
    """One row beside the one before it, its source, and what was read of it."""
    return _row_page(catalogue.by_key(row_key))


@blueprint.post("/legal/rows/<path:row_key>")
@permit("legal.confirm")
def read_row(row_key: str) -> Page:
    """Record what the row says in its original, and go on to the next that waits."""
    basis = catalogue.by_key(row_key)
    form = ReadingForm(basis.row)
    if accepted(form, lambda: readings.confirm(
            basis.row.key, form.reading(), form.document.data, current_user, reason=form.reason.data or "",
            seen=seen_of(form))):
        flash(_("Đã xác nhận mục %(item)s.", item=basis.row.item), "success")
        following = _following(basis)
        return redirect(url_for("legal.row", row_key=following) if following else url_for("legal.index"), 303)
    return _row_page(basis, form), 422


@blueprint.get("/legal/changes/<int:edition_id>")
@permit(LOGIN)
def edition(edition_id: int) -> str:
    """What an edition changed, and how many instruments of customers each change touches."""
    shown = changes.edition(edition_id)
    return render_template("legal/changes.html", edition=shown, lines=changes.against_the_one_before(shown),
                           editions=catalogue.editions(), words=words)


@blueprint.get("/legal/items/<path:item>")
@permit(LOGIN)
def item(item: str) -> str:
    """The instruments of customers under an item of the list, and its row on each day."""
    rows = catalogue.bases(catalogue.CatalogueRow.item == item)
    if not rows:
        raise NotFound("Danh mục không có mục này.", "The list has no such item.")
    after = request.args.get("after", default=0, type=int)
    owned = changes.instruments_under(item, after=max(0, min(after, 2**31 - 1)), limit=51)
    return render_template("legal/item.html", item=item, bases=rows, owned=owned[:50], words=words,
                           following=owned[49].id if len(owned) > 50 else None)


def served_items() -> set[str]:
    """Items of the list for which the laboratory has a procedure."""
    return {item for _row, procedure in current_procedures() for item in catalogue.items_of(procedure)}


def _row_page(basis: LegalBasis, form: ReadingForm | None = None) -> str:
    known, before = readings.history(basis.row.key), catalogue.before(basis.row)
    if form is None:
        shown = basis.row if basis.row.complete or before is None else _proposed(basis, before)
        form = ReadingForm(shown, formdata=None)
        form.seen.data = str(len(known))
    return render_template("legal/row.html", basis=basis, before=before, form=form, known=known, words=words,
                           earlier=readings.earlier(basis.row.key), kinds=catalogue.kinds_of([basis.row.item]))


def _proposed(basis: LegalBasis, before: LegalBasis) -> catalogue.LegalRow:
    """The row with the marks of the row before where its own are not known: a person compares and corrects them."""
    read = catalogue.Reading(
        type_approval=bool(before.row.type_approval), regimes=before.row.regimes or (),
        cycle_months=basis.row.cycle_months)
    return read.of(basis.row)


def _following(basis: LegalBasis) -> str:
    """The next row of the same edition that waits."""
    own = catalogue.place(basis.row.item)
    waiting = [other.row for other in catalogue.waiting(clock.today())
               if other.row.effective_from == basis.row.effective_from]
    served = served_items() if basis.row.item in served_items() else None
    return next((row.key for row in waiting
                 if catalogue.place(row.item) > own and (served is None or row.item in served)), "")


def _cells(basis: LegalBasis) -> tuple[Cell, ...]:
    row = basis.row
    marks = {True: "x", False: "-", None: "?"}
    regimes = [marks[None if row.regimes is None else one in row.regimes]
               for one in ("initial", "periodic", "after_repair")]
    return (row.item, row.name.vi, row.name.en, row.field, marks[row.type_approval], *regimes, row.cycle_months,
            row.dlvn, ", ".join(EVIDENCE_WORDS[one] for one in row.told_by), row.note.vi)
