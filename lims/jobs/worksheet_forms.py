"""Forms beside the grid of a sheet."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.validators import InputRequired

from lims.shared.forms import DayField, NoteField


class DetailsForm(FlaskForm):
    """When it was measured, and what was done otherwise than the procedure says."""

    performed_on = DayField(_l("Ngày đo"), [InputRequired(message=_l("Hãy ghi ngày đo."))])
    deviation = NoteField(_l("Sai khác so với quy trình"))
    seen = HiddenField()
