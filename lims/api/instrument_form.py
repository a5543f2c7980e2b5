"""The body of a new instrument: the form of the page, and whose the instrument is."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lims.customers.forms import InstrumentForm
from lims.shared.forms import REQUIRED, TextField


class NewInstrument(InstrumentForm):
    """An instrument of the customer with this code."""

    customer = TextField(_l("Mã doanh nghiệp"), [REQUIRED])
