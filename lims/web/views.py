"""Home page, search, and the addresses that machines ask."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.jobs.wording import STATE_LIGHTS, state_words
from lims.shared import clock
from lims.shared.audit import AuditHead
from lims.shared.db import session
from lims.shared.permissions import LOGIN, PUBLIC, permit
from lims.shared.text import TextError, clean
from lims.web import search as searching
from lims.web.home import home_of

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@permit(LOGIN)
def home() -> str:
    today = clock.today()
    window = current_app.extensions["settings"].due_soon_days
    return render_template("web/home.html", home=home_of(current_user, today, window), today=today,
                           words=state_words(), lights=STATE_LIGHTS)


@blueprint.get("/search")
@permit(LOGIN)
def search() -> str | Response:
    """A code opens what it names; words list what holds them."""
    try:
        text = clean(request.args.get("q", ""))[:200]
    except TextError:
        text = ""
    address = searching.exact(searching.code_of(text)) if text else None
    if address is not None:
        return redirect(address, 303)
    return render_template("web/search.html", text=text, hits=searching.find(text))


@blueprint.get("/I/<path:code>")
@blueprint.get("/i/<path:code>")
@permit(LOGIN)
def scanned(code: str) -> Response:
    """The short address on labels; in capitals it makes a smaller QR."""
    return redirect(url_for("web.search", q=code), 303)


@blueprint.get("/healthz")
@permit(PUBLIC)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@permit(PUBLIC)
def readyz() -> Response:
    """The database answers and its schema is there."""
    session().execute(sa.select(AuditHead.seq)).one()
    return jsonify(status="ready")
