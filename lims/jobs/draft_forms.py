"""The form of a procedure's draft."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from lims.shared.forms import HouseForm, VersionField


class DraftForm(HouseForm):
    """Text and reference cases as they are typed; they are judged line by line beside, not refused."""

    toml = TextAreaField(_l("Quy trình (TOML)"))
    cases = TextAreaField(_l("Trường hợp mẫu (JSON)"))
    version = VersionField()
