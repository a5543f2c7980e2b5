"""Forms of statutory reports and of the inspection pack."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField

from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField, VersionField


class FileForm(HouseForm):
    """The report was sent."""

    filed_on = DayField(_l("Ngày gửi"), [REQUIRED])
    number = TextField(_l("Số văn bản"), [REQUIRED], most=60)
    sent_to = TextField(_l("Gửi tới"), [REQUIRED])


class SmallNumber(IntegerField):
    """A whole number of few ASCII digits."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if text and not (text.isascii() and text.isdigit() and len(text) < 5):
            raise ValueError(str(_l("Cần một số nguyên.")))
        self.data = int(text) if text else None


class DeadlineForm(HouseForm):
    """Until when a kind of report is due."""

    day = SmallNumber(_l("Ngày"), [REQUIRED])
    month = SmallNumber(_l("Tháng"), [REQUIRED])
    basis = TextField(_l("Căn cứ"), [REQUIRED], most=300)
    version = VersionField()


class PackForm(HouseForm):
    """Which day the pack is about, and from when what was done is listed."""

    on = DayField(_l("Tình trạng ngày"), [REQUIRED])
    since = DayField(_l("Việc đã làm từ ngày"), [REQUIRED])
