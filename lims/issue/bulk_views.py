"""Pages for many documents: print, ZIP, Excel of a search, and what the nightly check found."""
from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import Response as PlainResponse
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from certificates.numbering import slug
from lims.issue import archive, bulk, scrub
from lims.issue.archive_filters import filters_of
from lims.issue.blueprint import blueprint
from lims.issue.models import Certificate
from lims.issue.status_words import kind_words, status_words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.shared.workbook import workbook

MOST_LISTED = 20_000
MOST_STICKERS = 100


@blueprint.post("/certificates/print")
@permit(LOGIN)
def print_selected() -> Response:
    """The ticked documents, or all that the search found, as one PDF; each is counted as printed."""
    copies = request.form.get("copies", default=1, type=int)
    return _asked(lambda: bulk.request_print(_chosen(bulk.MOST_PRINTED), copies, current_user).id)


@blueprint.post("/certificates/export")
@permit(LOGIN)
def export_selected() -> Response:
    """The same as a ZIP."""
    return _asked(lambda: bulk.request_export(_chosen(bulk.MOST_EXPORTED), current_user).id)


@blueprint.post("/certificates/stickers")
@permit(LOGIN)
def stickers_selected() -> Response:
    """The page that prints stickers, with the numbers of the ticked documents, or of all that the search found."""
    query = sa.select(Certificate.number).where(Certificate.id.in_(_chosen(MOST_STICKERS)[:MOST_STICKERS]))
    numbers = list(session().scalars(query.order_by(Certificate.id)))
    return redirect(url_for("web.labels", code=numbers), 303)


@blueprint.get("/certificates.xlsx")
@permit(LOGIN)
def certificates_workbook() -> PlainResponse:
    """What the search found, as an Excel workbook."""
    kinds, states, today = kind_words(), status_words(), clock.today()
    heads = [_("Số giấy"), _("Loại giấy"), _("Doanh nghiệp"), _("Phương tiện đo"), _("Số chế tạo"), _("Ngày đo"),
             _("Ngày cấp"), _("Có giá trị đến"), _("Tình trạng")]
    found = session().scalars(filters_of(request.args).query(today).order_by(Certificate.id.desc())
                              .limit(MOST_LISTED)).unique().all()
    status = archive.statuses(found, today)
    rows = ((row.number, kinds[row.kind], row.customer_name, row.object_name, row.object_serial, row.performed_on,
             row.issued_on, row.valid_until, states[status[row.id].state]) for row in found)
    return PlainResponse(
        workbook(_("Giấy chứng nhận"), heads, rows),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="giay-{today.isoformat()}.xlsx"'})


@blueprint.get("/certificates/<path:number>/dcc.xml")
@permit(LOGIN)
def dcc(number: str) -> PlainResponse:
    """The digital calibration certificate, byte for byte."""
    certificate = archive.by_number(number)
    archived = archive.dcc_of(certificate)
    if archived is None:
        raise NotFound("Giấy này không có bản số (DCC).", "This document has no digital certificate (DCC).")
    return PlainResponse(archived.content, mimetype="application/xml", headers={
        "Content-Disposition": f'attachment; filename="{slug(certificate.number)}.xml"'})


@blueprint.get("/archive/check")
@permit("audit.read")
def scrub_page() -> str:
    """What the last nightly check found."""
    return render_template("issue/scrub.html", scrub=scrub.newest(session()), at=scrub.AT)


def _chosen(most: int) -> list[int]:
    """Ids in the order of the archive: oldest first, so that papers lie in the order of their numbers."""
    if request.form.get("scope") == "all":
        query = filters_of(request.form).query(clock.today()).with_only_columns(Certificate.id).order_by(Certificate.id)
        return list(session().scalars(query.limit(most + 1)))
    wanted = request.form.getlist("certificate", type=int)[:most + 1]
    return list(session().scalars(sa.select(Certificate.id).where(Certificate.id.in_(wanted)).order_by(Certificate.id)))


def _asked(ask: Callable[[], int]) -> Response:
    try:
        task_id = ask()
    except DomainError as error:
        flash(error.message(language()), "error")
        return redirect(url_for("issue.certificates", **filters_of(request.form).address()), 303)
    return redirect(url_for("tasks.show", task_id=task_id), 303)
