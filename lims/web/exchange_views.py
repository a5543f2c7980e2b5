"""Pages of tables in and out: choose a file, see what it would do or what is wrong in it, take it in, export."""
from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response
from wtforms import HiddenField

from lims.shared import files
from lims.shared.db import session, write
from lims.shared.errors import DomainError, Invalid, NotFound
from lims.shared.exchange import KINDS, Kind, Outcome, kind_of, put_out, take_in
from lims.shared.files import StoredFile
from lims.shared.forms import HouseForm, attach
from lims.shared.permissions import LOGIN, may, permit
from lims.web.views import blueprint

Page = str | Response | tuple[str, int]
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
SHOWN = 200
KEPT = "application/octet-stream"


class TableForm(HouseForm):
    """The file to be looked at."""

    file = FileField(_l("Tệp Excel (.xlsx) hoặc CSV"), [FileRequired(message=_l("Hãy chọn tệp."))])


class KeepForm(HouseForm):
    """The file that was looked at."""

    file_id = HiddenField()


@blueprint.get("/tables")
@permit(LOGIN)
def tables() -> str:
    """Every kind of table."""
    return render_template("exchange/index.html", kinds=list(KINDS.values()))


@blueprint.get("/tables/<name>")
@permit(LOGIN)
def table(name: str) -> str:
    """One kind: its columns, the file to choose, the exports."""
    return _page(kind_of(name), TableForm(formdata=None))


@blueprint.get("/tables/<name>/export.<ending>")
@permit(LOGIN)
def table_export(name: str, ending: str) -> Response:
    """All rows of the kind."""
    return _file(kind_of(name), ending, empty=False)


@blueprint.get("/tables/<name>/template.<ending>")
@permit(LOGIN)
def table_template(name: str, ending: str) -> Response:
    """The heads with one example line."""
    return _file(kind_of(name), ending, empty=True)


@blueprint.post("/tables/<name>/preview")
@permit(LOGIN)
def table_preview(name: str) -> Page:
    """What the file would do, line by line, or everything that is wrong in it; nothing is written to the register."""
    kind = _writable(name)
    form = TableForm()
    if not form.validate_on_submit():
        return _page(kind, form), 422
    upload = form.file.data
    content = upload.read()
    try:
        outcome = take_in(kind, content, current_user, dry_run=True)
        if outcome.faults:
            return _page(kind, form, outcome), 422
        with write("import.preview") as current:
            stored = files.keep(current, upload.filename or kind.name, content, KEPT)
            current.flush()
            file_id = stored.id
    except DomainError as error:
        attach(form, error)
        return _page(kind, form), 422
    keep = KeepForm(formdata=None)
    keep.file_id.data = str(file_id)
    return render_template("exchange/preview.html", kind=kind, form=keep, outcome=outcome, shown=SHOWN,
                           words=_words())


@blueprint.post("/tables/<name>")
@permit(LOGIN)
def table_keep(name: str) -> Page:
    """Take in the file that was looked at."""
    kind = _writable(name)
    form = KeepForm()
    try:
        outcome = take_in(kind, _kept(str(form.file_id.data or "")), current_user)
    except DomainError as error:
        again = TableForm(formdata=None)
        attach(again, Invalid(error.vi, error.en, "file"))
        return _page(kind, again), 422
    if outcome.faults:  # somebody changed the register meanwhile
        return _page(kind, TableForm(formdata=None), outcome), 422
    flash(_("Đã nhập: %(new)s dòng mới, %(changed)s dòng sửa, %(same)s dòng như cũ.", new=outcome.counts["new"],
            changed=outcome.counts["changed"], same=outcome.counts["same"]), "success")
    return redirect(url_for("web.table", name=name), 303)


def _writable(name: str) -> Kind:
    kind = kind_of(name)
    if not may(kind.permission):
        abort(403)
    return kind


def _kept(text: str) -> bytes:
    found = session().get(StoredFile, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if found is None or found.media_type != KEPT:
        raise NotFound("Không có tệp này; hãy tải lên lại.", "No such file; upload it again.", "file")
    return found.content


def _file(kind: Kind, ending: str, *, empty: bool) -> Response:
    if ending not in TYPES:
        raise NotFound("Không có tệp này.", "No such file.")
    name = f"{kind.name}{'-mau' if empty else ''}.{ending}"
    return Response(put_out(kind, name, empty=empty), mimetype=TYPES[ending],
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _page(kind: Kind, form: TableForm, outcome: Outcome | None = None) -> str:
    return render_template("exchange/table.html", kind=kind, form=form, outcome=outcome, shown=SHOWN,
                           writable=may(kind.permission))


def _words() -> dict[str, str]:
    return {"new": _("thêm mới"), "changed": _("sửa"), "same": _("như cũ")}
