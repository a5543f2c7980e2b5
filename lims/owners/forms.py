"""Forms of the owner's page and of reception's answer."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Optional, Regexp

from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField

PHONE = Regexp(r"^\+?[0-9][0-9 .()-]{6,18}[0-9]$", message=_l("Số điện thoại gồm 8 đến 20 chữ số."))


class VisitForm(HouseForm):
    """A visit asked for."""

    name = TextField(_l("Tên người liên hệ"), [REQUIRED], most=100)
    phone = TextField(_l("Điện thoại"), [REQUIRED, PHONE], most=20)
    preferred_on = DayField(_l("Ngày mong muốn"), [Optional()])
    note = NoteField(_l("Ghi chú"))


class RefuseForm(HouseForm):
    """Why there is no visit."""

    reason = TextField(_l("Lý do"), [REQUIRED])
