"""The page that checks QR codes while the server is away: one file with keys, style and script in it."""
from __future__ import annotations

import base64
import hashlib
import re

from flask import current_app, render_template
from flask_babel import force_locale
from markupsafe import Markup

from lims.issue import keys
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import day
from lims.shared.organisation import organisation

MODULES = ("ed25519.js", "verify.js", "offline.js")  # each knows those before it


def verify_page(language: str) -> str:
    """The whole page in one language; it may stand on any server, or on a disk, and asks nobody for anything."""
    style, script = _static("offline.css"), "\n".join(_alone(_static(name)) for name in MODULES)
    laboratory = organisation(session())
    with current_app.test_request_context("/"), force_locale(language):
        return render_template(
            "issue/offline.html", language=language, keys=keys.public_keys(), made_on=day(clock.today()),
            laboratory=laboratory.name_en if language == "en" else laboratory.name_vi, style=Markup(style),
            script=Markup(script), style_hash=_source(style), script_hash=_source(script))


def _static(name: str) -> str:
    assert current_app.static_folder is not None
    with open(f"{current_app.static_folder}/{name}", encoding="utf-8") as file:
        return file.read()


def _alone(module: str) -> str:
    """A module without its imports and exports, to stand with the others in one script."""
    return re.sub(r"(?m)^export ", "", re.sub(r"(?m)^import .*\n", "", module))


def _source(text: str) -> str:
    """How a content security policy names this very text."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
