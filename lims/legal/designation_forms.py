"""Forms of designations and of struck marks."""
from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField

from lims.customers.words import FIELD
from lims.equipment.fields import options
from lims.legal import words
from lims.legal.designations import NewDesignation
from lims.legal.marks import NewMark
from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField, TicksField


class DesignationForm(HouseForm):
    """A decision as it was read."""

    decision = TextField(_l("Số quyết định"), [REQUIRED], most=80, description=_l("ví dụ 475/QĐ-SKHCN"))
    issued_by = TextField(_l("Nơi cấp"), [REQUIRED], most=200)
    code = TextField(_l("Số hiệu chỉ định"), most=30, identifier=True,
                     description=_l("ví dụ N383; để trống nếu không có"))
    signed_on = DayField(_l("Ngày ký"), [REQUIRED])
    valid_from = DayField(_l("Hiệu lực từ"), [REQUIRED])
    valid_to = DayField(_l("Hiệu lực đến"), [REQUIRED], description=_l("không quá 5 năm từ ngày ký"))
    fields = TicksField(_l("Lĩnh vực"))
    items = TextField(_l("Chỉ các mục của danh mục"), most=300,
                      description=_l("ví dụ 14, 31; để trống: mọi mục của lĩnh vực"))

    file = FileField(_l("Bản quét quyết định (PDF, PNG, JPEG)"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fields.choices = options((code, word) for code, word in FIELD.items() if code != "other")

    def designation(self) -> NewDesignation:
        """What the form holds."""
        return NewDesignation(
            self.decision.data, self.issued_by.data, self.code.data or "", self.fields.data or [],
            [part for part in re.split(r"[,;\s]+", self.items.data or "") if part], self.signed_on.data,
            self.valid_from.data, self.valid_to.data)


class EndForm(HouseForm):
    """A decision or a document ends early."""

    last_on = DayField(_l("Ngày cuối"), [REQUIRED])
    reason = TextField(_l("Lý do, căn cứ"), [REQUIRED], most=200)


class ScanForm(HouseForm):
    """The scanned file of a decision kept before."""

    file = FileField(_l("Bản quét (PDF, PNG, JPEG)"))


class MarkForm(HouseForm):
    """A mark struck on the instrument."""

    die = TextField(_l("Số hiệu dấu"), [REQUIRED], most=40, identifier=True)
    mark_type = SelectField(_l("Kiểu dấu"), [REQUIRED])
    way = SelectField(_l("Cách đóng"), [REQUIRED])
    place = TextField(_l("Vị trí"), [REQUIRED], most=200, description=_l("ví dụ: nút chì trục bộ đếm, mặt trước thân"))
    struck_on = DayField(_l("Ngày đóng"), [REQUIRED])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mark_type.choices = options(words.mark_types().items())
        self.way.choices = options(words.ways().items())

    def mark(self) -> NewMark:
        """What the form holds."""
        return NewMark(self.die.data, int(self.mark_type.data), self.place.data, self.way.data, self.struck_on.data)


class RemoveForm(HouseForm):
    """Why the entry of a mark is struck out."""

    reason = TextField(_l("Lý do"), [REQUIRED])
