"""`/api/v1/certificates`: issued documents, their files and frozen records."""
from __future__ import annotations

from flask import Response as PlainResponse
from flask import request, url_for
from werkzeug.wrappers import Response

from certificates.numbering import slug
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.issue import archive
from lims.issue.archive_filters import filters_of
from lims.issue.models import Certificate
from lims.issue.plain import plain_of
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.paging import page_by_id

FORMS = {"pdf": "application/pdf", "xml": "application/xml", "json": "application/json"}


@blueprint.get("/certificates")
@scoped("certificates:read")
def certificates() -> Response:
    """Newest first; `q`, `kind`, `state`, `since`, `until` as on the page of the archive."""
    today = clock.today()
    page = page_by_id(filters_of(request.args).query(today), Certificate.id)
    status = archive.statuses(page.rows, today)
    return listed([_line(row, status[row.id]) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/certificates/<path:number>")
@scoped("certificates:read")
def certificate(number: str) -> Response:
    """One document; with .pdf, .xml (DCC) or .json (frozen record) behind its number the archived bytes."""
    base, dot, form = number.rpartition(".")
    if dot and form in FORMS:
        try:
            named = archive.by_number(base)
        except NotFound:
            pass  # a number may itself end so
        else:
            return _file(named, form)
    return shown(plain(archive.by_number(number)))


def plain(found: Certificate) -> dict[str, object]:
    """A document as the API tells it; its bytes never change, its `version` tells what happened beside them."""
    status = archive.status(found, clock.today())
    return _line(found, status) | {
        "record_sha256": found.record_digest, "version": f"{status.state}.{len(found.events)}.{len(found.documents)}",
        "documents": [{"form": row.form, "revision": row.revision, "size": row.size, "sha256": row.sha256}
                      for row in sorted(found.documents, key=lambda row: (row.form, row.revision))]}


def _line(row: Certificate, status: archive.Status) -> dict[str, object]:
    return plain_of(row, status) | {"url": url_for("api.certificate", number=row.number)}


def _file(found: Certificate, form: str) -> PlainResponse:
    digital = archive.dcc_of(found) if form == "xml" else None
    if form == "xml" and digital is None:
        raise NotFound("Giấy này không có DCC: chỉ giấy chứng nhận hiệu chuẩn mới có.",
                       "This document has no DCC: only calibration certificates have one.")
    content = (archive.record_bytes(found) if form == "json" else digital.content if digital is not None
               else archive.pdf_of(found).content)
    answer = PlainResponse(content, mimetype=FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug(found.number)}.{form}"'
    return answer
