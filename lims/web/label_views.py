"""The page where stickers and labels are printed: codes are scanned or pasted, one a line; and their short address."""
from __future__ import annotations

from flask import Response as PlainResponse
from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.i18n import language
from lims.shared.organisation import organisation
from lims.shared.permissions import LOGIN, PUBLIC, permit
from lims.shared.text import TextError, clean
from lims.web.label_sheets import FORMATS, MOST, Fault, labels_of, printed
from lims.web.search import code_of
from lims.web.views import blueprint

Page = str | PlainResponse | tuple[str, int]
RESOLUTIONS = (203, 300, 600)
LAST_POSITION = 60


@blueprint.get("/labels")
@permit(LOGIN)
def labels() -> str:
    """Empty, or with the codes of the address: ?code=…&code=…"""
    return _page("\n".join(request.args.getlist("code")[:MOST]), [], "")


@blueprint.post("/labels")
@permit(LOGIN)
def print_labels() -> Page:
    """The PDF; or the page again, with every code of which no label can be made."""
    typed = request.form.get("codes", "")
    form, start = request.form.get("form", "roll"), request.form.get("start", default=0, type=int)
    dpi = request.form.get("dpi", default=0, type=int)
    codes = _codes(typed)
    if form not in FORMATS or dpi not in RESOLUTIONS or not 1 <= start <= LAST_POSITION:
        return _page(typed, [], _("Chọn lại khổ in, độ phân giải và vị trí bắt đầu.")), 422
    if not 0 < len(codes) <= MOST:
        return _page(typed, [], _("Nhập từ 1 đến %(most)s mã, mỗi dòng một mã.", most=MOST)), 422
    found = labels_of(codes)
    if found.faults:
        return _page(typed, list(found.faults), ""), 422
    try:
        content = printed(found.labels, form, dpi, start)
    except DomainError as error:
        return _page(typed, [], error.message(language())), 422
    return PlainResponse(content, mimetype="application/pdf",
                         headers={"Content-Disposition": 'inline; filename="tem-nhan.pdf"'})


@blueprint.get("/S/<path:code>")
@blueprint.get("/s/<path:code>")
@permit(PUBLIC)
def sticker(code: str) -> Response:
    """The short address on stickers: number.code. Whether they belong together is told by the public check alone."""
    number, _dot, secret = code.rpartition(".")
    return redirect(url_for("issue.verify", number=number or "-", c=secret), 303)


def _codes(typed: str) -> list[str]:
    """One a line; a scanned address counts as the code in it."""
    codes = []
    for line in typed.splitlines():
        try:
            text = clean(line)[:200]
        except TextError:
            text = "?"
        if text:
            codes.append(code_of(text))
    return codes


def _page(typed: str, faults: list[Fault], error: str) -> str:
    usual = int(organisation(session()).label_dpi)
    return render_template(
        "web/labels.html", typed=typed, faults=faults, error=error, resolutions=RESOLUTIONS, most=MOST,
        last=LAST_POSITION, form=request.form.get("form", "roll"), start=request.form.get("start", "1"),
        dpi=request.form.get("dpi", default=usual, type=int))
