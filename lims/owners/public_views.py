"""The owner's page: number and validity of a sticker, a visit, a calendar file. No login, no results."""
from __future__ import annotations

import time

from flask import Response as PlainResponse
from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lims.issue import archive, public
from lims.issue.models import Certificate
from lims.owners import bounds, requests, sticker_code
from lims.owners.blueprint import blueprint
from lims.owners.forms import VisitForm
from lims.owners.requests import Asked
from lims.owners.standing import calendar, standing
from lims.shared import clock
from lims.shared.errors import Conflict, DomainError
from lims.shared.forms import attach
from lims.shared.permissions import PUBLIC, permit

Page = str | Response | tuple[str, int]

@blueprint.get("/T/<path:code>")
@permit(PUBLIC)
def short(code: str) -> Response:
    """The address in capitals, as a small QR holds it."""
    return redirect(url_for("owners.page", code=code), 303)


@blueprint.get("/t/<path:code>")
@permit(PUBLIC)
def page(code: str) -> str:
    """Number and validity. A wrong or missing code gives the same answer, by the same work, as an unknown number."""
    return _page(_document(code), code, VisitForm(formdata=None))


@blueprint.post("/t/<path:code>")
@permit(PUBLIC)
def ask(code: str) -> Page:
    """A visit is asked for."""
    certificate = _document(code)
    form = VisitForm()
    if bounds.too_many(request.remote_addr or "", clock.now()):
        attach(form, Conflict("Gửi quá nhiều lần trong một phút. Hãy đợi một phút rồi gửi lại; phần đã gõ còn đây.",
                              "Sent too often in a minute. Wait a minute and send again; what you typed stays here."))
        return _page(certificate, code, form), 429
    if form.validate_on_submit():
        try:
            requests.ask(certificate.id, Asked(form.name.data, form.phone.data, form.preferred_on.data,
                                               form.note.data or ""))
        except DomainError as error:
            attach(form, error)
        else:
            return redirect(url_for("owners.page", code=code, sent=1), 303)
    return _page(certificate, code, form), 422


@blueprint.get("/t/<path:code>/nhac-han.ics")
@permit(PUBLIC)
def reminder(code: str) -> PlainResponse:
    """The last day of validity for a calendar program; nothing where no end is set or the sticker has ended."""
    shown = standing(_document(code))
    if shown.valid_until is None or shown.state == "ended":
        abort(404)
    content = calendar(shown, url_for("owners.page", code=code, _external=True))
    return PlainResponse(content, mimetype="text/calendar",
                         headers={"Content-Disposition": 'attachment; filename="nhac-han.ics"'})


def _document(code: str) -> Certificate:
    """The document of the address; 404 for every other, 429 for whoever tries many."""
    address, now = request.remote_addr or "", time.monotonic()
    if public.misses.too_many(address, now=now):
        abort(429)
    found = sticker_code.found(code)
    if found is None:
        public.misses.add(address, now=now)
        abort(404)
    return archive.by_id(found)


def _page(certificate: Certificate, code: str, form: VisitForm) -> str:
    return render_template("owners/page.html", shown=standing(certificate), code=code, form=form,
                           certified=certificate.kind != "work_record", sent="sent" in request.args and not form.errors)
