"""The language switch, and the administrator's page of accounts."""
from __future__ import annotations

from flask import Blueprint, redirect, request, session, url_for
from werkzeug.wrappers import Response

from lims.shared.i18n import LANGUAGES
from lims.shared.permissions import PUBLIC, permit

blueprint = Blueprint("auth", __name__)


@blueprint.post("/language")
@permit(PUBLIC)
def switch_language() -> Response:
    """Remember the language for this browser and return to the page."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
    target = request.form.get("next", "")
    return redirect(target if target.startswith("/") and not target.startswith(("//", "/\\")) else url_for("web.home"))
