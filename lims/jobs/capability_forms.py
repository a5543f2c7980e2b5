"""Forms of the register of capabilities."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from instruments.typed_number import NumberError, parse_typed
from lims.equipment.fields import NumberField, options
from lims.equipment.words import QUANTITY
from lims.jobs.capabilities import NewLine
from lims.jobs.procedures import titles
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, TicksField, VersionField
from lims.shared.i18n import language


class CapabilityForm(HouseForm):
    """One line of the scope."""

    field = TextField(_l("Lĩnh vực"), [REQUIRED], most=80)
    quantity = SelectField(_l("Đại lượng"), [REQUIRED])
    reference = TextField(_l("Phạm vi công nhận: số và dòng"), [REQUIRED], most=120,
                          description=_l("Ví dụ: VILAS 000, dòng 12"))
    lower = NumberField(_l("Từ"), [REQUIRED])
    upper = NumberField(_l("Đến"), [REQUIRED])
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20, identifier=True)
    form = SelectField(_l("Cách viết CMC"), [REQUIRED], default="value")
    a = NumberField(_l("a"))
    b = NumberField(_l("b"))
    cmc_unit = TextField(_l("Đơn vị của CMC"), [REQUIRED], most=20, identifier=True,
                         description=_l("% là phần trăm của giá trị đo"))
    points = NoteField(_l("Bảng: mỗi dòng một điểm"), description=_l("x; CMC, ví dụ 100; 0,05"))
    procedures = TicksField(_l("Chỉ cho các quy trình này; để trống: mọi quy trình của đại lượng"))
    valid_from = DayField(_l("Hiệu lực từ"), [REQUIRED])
    valid_to = DayField(_l("Đến hết ngày"), [Optional()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        words = sorted(((code, str(word)) for code, word in QUANTITY.items()), key=lambda choice: choice[1].casefold())
        self.quantity.choices = options([("", _("Chọn đại lượng")), *words])
        self.form.choices = options(form_words().items())
        self.procedures.choices = [(code, f"{code} · {title}") for code, title in titles(language())]

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        wanted = {"value": ("a",), "linear": ("a", "b"), "quadratic": ("a", "b"), "points": ()}.get(self.form.data, ())
        for name in wanted:
            if self[name].data is None and not self[name].errors:
                self[name].errors = [_("Hãy điền ô này.")]
                valid = False
        if self.form.data == "points":
            try:
                self.table()
            except NumberError as wrong:
                self.points.errors = [wrong.en if language() == "en" else wrong.vi]
                valid = False
        return valid

    def table(self) -> list[tuple[Decimal, Decimal]]:
        """The rows of the table; NumberError names what is no pair of numbers."""
        rows = []
        for line in (self.points.data or "").splitlines():
            if line.strip():
                x, sign, value = line.partition(";")
                if not sign:
                    raise NumberError("row", f"«{line[:40]}» không có dạng x; CMC.", f"“{line[:40]}” is not x; CMC.")
                rows.append((parse_typed(x, convention="vi", dot_means="decimal").value,
                             parse_typed(value, convention="vi", dot_means="decimal").value))
        return rows

    def line(self) -> NewLine:
        """What was typed (after validation)."""
        values = {name: value for name, value in self.data.items() if name in NewLine.__dataclass_fields__}
        return NewLine(**values | {"points": self.table() if self.form.data == "points" else ()})


class EndForm(HouseForm):
    """The last day of a line, and why."""

    valid_to = DayField(_l("Hiệu lực đến hết ngày"), [REQUIRED])
    reason = NoteField(_l("Lý do"), [REQUIRED])
    version = VersionField()


def form_words() -> dict[str, str]:
    """How a CMC is written -> its words."""
    return {"value": _("Một số: a"), "linear": _("Đường thẳng: a + b·|x|"),
            "quadratic": _("Căn bậc hai: √(a² + (b·x)²)"), "points": _("Bảng, nội suy giữa các điểm")}
