"""Pages that take in a new table: upload, look at every row and fault, keep."""
from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from instruments.legal import differences
from lims.legal import catalogue, importing, words
from lims.legal.blueprint import blueprint
from lims.legal.forms import EditionForm, TableForm
from lims.legal.importing import NewEdition, ReadTable
from lims.legal.models import CatalogueRow
from lims.shared import clock
from lims.shared.errors import DomainError, NotFound
from lims.shared.forms import accepted, attach
from lims.shared.permissions import permit

Page = str | Response | tuple[str, int]


@blueprint.get("/legal/import")
@permit("legal.confirm")
def upload() -> str:
    """Choose the file."""
    return render_template("legal/import.html", form=TableForm(formdata=None), words=words)


@blueprint.post("/legal/import")
@permit("legal.confirm")
def preview() -> Page:
    """Every row as it would be kept, with its fault or its difference from the list in force."""
    form = TableForm()
    chosen = form.file.data
    if form.validate_on_submit():
        try:
            content = chosen.read() if chosen else b""
            table = importing.parse(content)
            if not table.faults:
                file_id = importing.hold(chosen.filename or "", content, current_user)
        except DomainError as error:
            attach(form, error)
        else:
            if table.faults:
                return render_template("legal/import.html", form=form, table=table, words=words), 422
            keep_form = EditionForm(formdata=None)
            keep_form.file_id.data = str(file_id)
            return _preview_page(keep_form, table)
    return render_template("legal/import.html", form=form, words=words), 422


@blueprint.post("/legal/import/keep")
@permit("legal.confirm")
def keep() -> Page:
    """The table that was looked at becomes an edition."""
    form = EditionForm()
    text = str(form.file_id.data or "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound("Không có tệp này; hãy tải lên lại.", "No such file; upload it again.")
    table = importing.parse(importing.held(int(text)).content)
    if done := accepted(form, lambda: importing.keep(
            int(text), NewEdition(form.document.data, form.in_force_from.data, bool(form.whole.data),
                                  bool(form.compared.data)), current_user)):
        flash(_("Đã nhập %(number)s dòng.", number=len(table.rows)), "success")
        return redirect(url_for("legal.edition", edition_id=done.result.id), 303)
    return _preview_page(form, table), 422


def _preview_page(form: EditionForm, table: ReadTable) -> str:
    held = {basis.row.item: basis.row for basis in catalogue.in_force(clock.today())}
    lines = []
    for line, values in table.rows:
        row = catalogue.legal_row(CatalogueRow(
            **values, counter=False, state="", source_vi="", source_en="", effective_from=None,
            effective_to=None))
        old = held.get(row.item)
        lines.append((line, row, old, ("added",) if old is None else differences(old, row)))
    return render_template("legal/import_keep.html", form=form, lines=lines, words=words)
