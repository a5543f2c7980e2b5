"""Bodies of what is done with an alert: somebody takes care, or it is put off with a reason."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField


class AcknowledgeForm(HouseForm):
    """Somebody takes care of it."""

    acknowledged = BooleanField(_l("Đã nhận"), [REQUIRED])


class SnoozeForm(HouseForm):
    """It is put off until a day to come."""

    snoozed_until = DayField(_l("Hoãn đến ngày"), [REQUIRED])
    snooze_reason = TextField(_l("Lý do"), [REQUIRED], most=300)
