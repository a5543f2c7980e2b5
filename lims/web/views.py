"""Home page, search, and the addresses that machines ask."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, current_app, jsonify, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers.words import FIELD
from lims.equipment.words import DUTY
from lims.jobs.wording import STATE_LIGHTS, state_words
from lims.plans import words as plan_words
from lims.shared import clock
from lims.shared.audit import AuditHead
from lims.shared.db import session
from lims.shared.permissions import LOGIN, PUBLIC, permit
from lims.shared.text import TextError, clean
from lims.web import search as searching
from lims.web.home import home_of

blueprint = Blueprint("web", __name__)

SUGGESTED = 6
"""Hits of each kind that the search field offers while it is typed into."""


@blueprint.get("/")
@permit(LOGIN)
def home() -> str:
    today = clock.today()
    window = current_app.extensions["settings"].due_soon_days
    return render_template("web/home.html", home=home_of(current_user, today, window), today=today,
                           words=state_words(), lights=STATE_LIGHTS, duty=DUTY,
                           plan_words=plan_words, fields=FIELD)


@blueprint.get("/search")
@permit(LOGIN)
def search() -> str | Response:
    """A code opens what it names; words list what holds them."""
    text = _asked()
    found = searching.named(searching.code_of(text))
    if found is not None:
        return redirect(found.url, 303)
    return render_template("web/search.html", text=text, hits=searching.find(text))


@blueprint.get("/search.json")
@permit(LOGIN)
def suggestions() -> Response:
    """What the search field offers while it is typed into: the object of that code first, then what holds the words."""
    text = _asked()
    exact = searching.named(searching.code_of(text))
    hits = searching.find(text, SUGGESTED)
    return jsonify(exact=exact.url if exact else None, hits=[
        {"group": hit.group, "code": hit.code, "text": hit.text, "url": hit.url} for hit in hits])


@blueprint.get("/scan.json")
@permit(LOGIN)
def scan() -> Response:
    """What a scanned code names: {kind, code, url}; all null when it names nothing."""
    found = searching.named(searching.code_of(_asked()))
    return jsonify(kind=found.kind if found else None, code=found.code if found else None,
                   url=found.url if found else None)


def _asked() -> str:
    """What was typed or scanned; empty for what no text can be."""
    try:
        return clean(request.args.get("q", ""))[:200]
    except TextError:
        return ""


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
