"""Forms of the legal catalogue: what was read of a row, a document that was compared, a table to import."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import Optional, Regexp

from instruments.legal import LegalRow, Reading
from lims.equipment.fields import options
from lims.legal import words
from lims.shared.forms import REQUIRED, DayField, HouseForm, TextField, TicksField

MONTHS = Regexp(r"^([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-3][0-9]|240)$",
                message=_l("Cần một số nguyên từ 1 đến 240, hoặc để trống."))


class ReadingForm(HouseForm):
    """One row as it stands in the original. `seen` counts the readings that the page showed."""

    name = TextField(_l("Tên trong văn bản"), [REQUIRED], most=300)
    type_approval = SelectField(_l("Phê duyệt mẫu"), [REQUIRED])
    regimes = TicksField(_l("Chế độ kiểm định"))
    cycle_months = TextField(_l("Chu kỳ, tháng"), [Optional(), MONTHS], most=4,
                             description=_l("Để trống: không quy định chu kỳ"))
    evidence = TicksField(_l("Khi đạt"), description=_l("Dấu, tem, giấy cấp cho phương tiện đo đạt yêu cầu"))
    document = TextField(_l("Đã đối chiếu với"), [REQUIRED], description=_l("Số văn bản, điều, trang hoặc số công báo"))
    reason = TextField(_l("Vì sao đọc lại"))
    seen = HiddenField(default="0")

    def __init__(self, row: LegalRow | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.type_approval.choices = options([("", "–"), ("x", _l("Phải phê duyệt mẫu")),
                                              ("-", _l("Không phải phê duyệt mẫu"))])
        self.regimes.choices = options(words.regimes(listed=True).items())
        self.evidence.choices = options(words.evidence().items())
        if row is not None and not self.is_submitted():
            self.name.data, self.cycle_months.data = row.name.vi, str(row.cycle_months or "")
            self.type_approval.data = {True: "x", False: "-", None: ""}[row.type_approval]
            self.regimes.data, self.evidence.data = list(row.regimes or ()), list(row.told_by)

    def reading(self) -> Reading:
        """What was typed (after validation)."""
        return Reading(
            name=self.name.data, type_approval=self.type_approval.data == "x", regimes=tuple(self.regimes.data or ()),
            cycle_months=int(self.cycle_months.data) if self.cycle_months.data else None,
            evidence=tuple(self.evidence.data or ()))


class DocumentForm(HouseForm):
    """A law, form or ĐLVN was compared with its original."""

    original = TextField(_l("Đã đối chiếu với"), [REQUIRED])
    reason = TextField(_l("Vì sao đối chiếu lại"))
    seen = HiddenField(default="0")


class TableForm(HouseForm):
    """The file of a new table."""

    file = FileField(_l("Tệp Excel (.xlsx) hoặc CSV"))


class EditionForm(HouseForm):
    """What the table is, before it is kept."""

    file_id = HiddenField()
    document = TextField(_l("Số văn bản"), [REQUIRED], most=60, description=_l("ví dụ 04/2026/TT-BKHCN"))
    in_force_from = DayField(_l("Có hiệu lực từ"), [REQUIRED])
    whole = BooleanField(_l("Thay cả danh mục: dòng không có trong tệp hết hiệu lực"), default=True)
    compared = BooleanField(_l("Tôi đã đối chiếu từng dòng với bản gốc; không tích thì từng dòng chờ xác nhận"))


def seen_of(form: ReadingForm | DocumentForm) -> int:
    """How many readings the page showed; -1 for what is no number."""
    text = str(form.seen.data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
