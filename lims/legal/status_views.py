"""The page and the paper of an item's status record, beside that of the last verification."""
from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField

from certificates.document import Words
from certificates.plain_list import PlainColumn, PlainList, render_plain_list
from certificates.slips import Signatory
from instruments.status_record import FIELDS
from lims.jobs import states
from lims.jobs.models import JobItem
from lims.jobs.service import item_by_code
from lims.legal import status
from lims.legal.blueprint import blueprint
from lims.legal.status import LONGEST, Status, status_of
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.forms import HouseForm, TextField, accepted
from lims.shared.i18n import day
from lims.shared.organisation import organisation
from lims.shared.permissions import LOGIN, permit

Page = str | Response | tuple[str, int]


@blueprint.get("/status-record/<path:code>")
@permit(LOGIN)
def status_record(code: str) -> str:
    """What was found, and what the last record says."""
    item, found = _found(code)
    return _page(item, found, _form(found))


@blueprint.post("/status-record/<path:code>")
@permit("jobs.measure")
def write_status(code: str) -> Page:
    """Write what was found; boxes left blank with "as the last time" take the last record."""
    item, found = _found(code)
    form = _form(found, posted=True)
    if accepted(form, lambda: status.record(
            item.id, _typed(found, form), form.totaliser.data or "", form.explanation.data or "", current_user,
            form.seen.data or "")):
        flash(_("Đã ghi biên bản hiện trạng."), "success")
        return redirect(url_for("legal.status_record", code=item.code), 303)
    return _page(item, found, form), 422


@blueprint.get("/status-record/<path:code>/print.pdf")
@permit(LOGIN)
def status_paper(code: str) -> Response:
    """The record on paper, beside the last one, with the owner's place to sign."""
    item, found = _found(code)
    if found.record is None:
        raise NotFound("Chưa lập biên bản hiện trạng.", "There is no status record yet.")
    laboratory = organisation(session())
    changed = {(one.part, one.field) for one in found.differences}
    rows = tuple((
        part.name.vi, *(found.record.entries.get(part.key, {}).get(name, "") for name in FIELDS),
        "; ".join(filter(None, (found.before.entries.get(part.key, {}).get(name, "") for name in FIELDS)))
        if found.before else "", "khác" if any((part.key, name) in changed for name in FIELDS) else "")
        for part in found.parts)
    note = "; ".join(filter(None, (
        f"{item.instrument.name}, số {item.instrument.serial}, {item.job.customer.name}",
        f"mục {item.code}, ngày {day(found.record.taken_on)}",
        f"số tổng: {found.record.totaliser}" if found.record.totaliser else "",
        f"lần trước: {found.before.item.code}, ngày {day(found.before.taken_on)}" if found.before else "lần đầu",
        f"giải thích: {found.record.explanation}" if found.record.explanation else "")))
    content = render_plain_list(PlainList(
        title=Words("Biên bản hiện trạng", "Status record"), short_name=laboratory.short_name, today=clock.today(),
        created=found.record.at, rows=rows, note=note + ".", demonstration=laboratory.demonstration,
        columns=(PlainColumn(Words("Bộ phận", "Part"), 46), PlainColumn(Words("Kiểu", "Type"), 44),
                 PlainColumn(Words("Số", "Number"), 44), PlainColumn(Words("Niêm phong", "Seal"), 44),
                 PlainColumn(Words("Lần trước", "Last time"), 70), PlainColumn(Words("So sánh", "Compared"), 22)),
        prepared_by=Signatory(Words("Kiểm định viên", "Verified by"), found.record.by.full_name),
        approved_by=Signatory(Words("Đại diện cơ sở", "For the owner"), "")))
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": 'inline; filename="bien-ban-hien-trang.pdf"'})


def _found(code: str) -> tuple[JobItem, Status]:
    item = item_by_code(code)
    found = status_of(item)
    if found is None:
        raise NotFound("Loại phương tiện đo này không lập biên bản hiện trạng.",
                       "No status record is kept of this kind of instrument.")
    return item, found


def _form(found: Status, *, posted: bool = False) -> Any:
    """A form with "<part>-<field>" for every part; as written before, empty the first time."""
    class Form(HouseForm):
        seen = HiddenField()
        totaliser = TextField(_l("Số tổng trên cột"), most=40)
        explanation = TextField(_l("Vì sao khác lần trước"))

    for part in found.parts:
        for name in FIELDS:
            setattr(Form, f"{part.key}-{name}", TextField(f"{part.name.vi}: {_field(name)}", most=LONGEST))
    kept = found.record.entries if found.record else {}
    data = {f"{part}-{name}": text for part, texts in kept.items() for name, text in texts.items()}
    data["seen"] = status.mark_of_record(found)
    if found.record:
        data |= {"totaliser": found.record.totaliser, "explanation": found.record.explanation}
    return Form(data=data) if posted else Form(formdata=None, data=data)


def _typed(found: Status, form: Any) -> dict[str, dict[str, str]]:
    last = found.before.entries if found.before and request.form.get("same") else {}
    return {part.key: {name: form[f"{part.key}-{name}"].data or last.get(part.key, {}).get(name, "")
                       for name in FIELDS} for part in found.parts}


def _page(item: JobItem, found: Status, form: Any) -> str:
    return render_template("legal/status_record.html", item=item, found=found, form=form, fields=FIELDS,
                           words={name: _field(name) for name in FIELDS}, open=item.state in states.BEFORE_ISSUE)


def _field(name: str) -> str:
    return {"type": _("Kiểu"), "serial": _("Số"), "seal": _("Niêm phong số")}[name]
