"""Forms of plans, their items and targets, and of what is entered beside them."""
from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import Optional

from lims.equipment.fields import NumberField, options
from lims.legal.catalogue import in_force
from lims.plans import words
from lims.plans.doings import Disagreement, Entry
from lims.plans.models import Plan, PlanItem, PlanTarget
from lims.plans.purchases import unlinked
from lims.plans.service import BasisLine, ItemDetails, PlanDetails, TargetDetails
from lims.shared import clock
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField, parse_day
from lims.shared.i18n import language
from lims.shared.measures import all_measures


class YearField(TextField):
    """A year typed in four digits; `data` stays the text, `year` is the number."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and not re.fullmatch(r"\d{4}", self.data, re.ASCII):
            raise ValidationError(str(_l("Năm gồm bốn chữ số.")))


class PlanForm(HouseForm):
    """The text around the annex."""

    year = YearField(_l("Năm"), [REQUIRED], most=4, identifier=True)
    title = TextField(_l("Tên kế hoạch"), [REQUIRED], most=500)
    number = TextField(_l("Số"), description=_l("Để trống khi còn là dự thảo"), most=60)
    issued_on = DayField(_l("Ngày ban hành"), [Optional()])
    dated = TextField(_l("Ngày, như viết"), description=_l("Khi chưa có ngày: ngày … tháng 01 năm 2024"), most=60)
    place = TextField(_l("Địa danh"), most=60)
    superior = TextField(_l("Cơ quan cấp trên"))
    issuer = TextField(_l("Cơ quan ban hành"))
    basis = NoteField(_l("Căn cứ"), description=_l("Mỗi dòng một văn bản: số; ngày; trích yếu"))
    goals = NoteField(_l("Mục tiêu"), description=_l("Mỗi dòng một mục tiêu"))
    funding = NoteField(_l("Kinh phí"))
    signed_for = TextField(_l("Ký thay, ký thừa lệnh"), description=_l("Ví dụ: KT. GIÁM ĐỐC"), most=60)
    signer_title = TextField(_l("Chức vụ người ký"), most=60)
    signer_name = TextField(_l("Họ tên người ký"), most=60)
    recipients = NoteField(_l("Nơi nhận"), description=_l("Mỗi dòng một nơi"))
    version = VersionField()

    def __init__(self, row: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        if not self.is_submitted() and row is not None:
            self.year.data = str(row.year)
            self.basis.data = "\n".join(
                f"{one.number}; {one.issued_on:%d/%m/%Y}; {one.title}" if one.issued_on else
                f"{one.number}; ; {one.title}" for one in row.basis)

    def validate_basis(self, field: Any) -> None:
        """Each line has three parts, the second a day or nothing."""
        for number, line in enumerate(_lines(field.data), 1):
            parts = [part.strip() for part in line.split(";", 2)]
            if len(parts) < 3 or not parts[0] or not parts[2] or (parts[1] and parse_day(parts[1]) is None):
                raise ValidationError(_("Dòng %(number)s chưa đúng dạng: số; ngày/tháng/năm; trích yếu.",
                                        number=number))

    def details(self) -> PlanDetails:
        """The typed plan (after validation)."""
        values = {name: value or "" for name, value in self.data.items()
                  if name in PlanDetails.__dataclass_fields__ and name not in ("year", "issued_on", "basis")}
        return PlanDetails(**values, year=int(self.year.data), issued_on=self.issued_on.data,
                           basis=[_basis(line) for line in _lines(self.basis.data)])


class ItemForm(HouseForm):
    """One row of the annex."""

    mark = TextField(_l("Số thứ tự in"), description=_l("Ví dụ: 2.1"), most=20)
    heading = BooleanField(_l("Dòng tiêu đề, không có chỉ tiêu"))
    text = NoteField(_l("Nội dung công việc"), [REQUIRED])
    deliverable = NoteField(_l("Kết quả đạt được"))
    lead = TextField(_l("Đơn vị chủ trì"), most=300)
    coordinating = TextField(_l("Đơn vị phối hợp"), most=300)
    schedule = TextField(_l("Tiến độ, như in"), description=_l("Ví dụ: Cả năm"), most=100)
    starts_on = DayField(_l("Tính từ ngày"), [REQUIRED])
    ends_on = DayField(_l("Đến hết ngày"), [REQUIRED])
    funding = TextField(_l("Nguồn kinh phí"))
    planned_amount = NumberField(_l("Dự toán, đồng"))
    allotted_amount = NumberField(_l("Được giao, đồng"))
    spent_amount = NumberField(_l("Đã chi, đồng"))
    version = VersionField()

    def __init__(self, row: PlanItem | None = None, *, year: int | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        if not self.is_submitted() and row is None and year is not None:
            self.starts_on.data, self.ends_on.data = date(year, 1, 1), date(year, 12, 31)

    def details(self) -> ItemDetails:
        """The typed row (after validation)."""
        values = {name: value for name, value in self.data.items() if name in ItemDetails.__dataclass_fields__}
        return ItemDetails(**values)


class TargetForm(HouseForm):
    """A number to reach."""

    title = TextField(_l("Chỉ tiêu"), [REQUIRED])
    measure = SelectField(_l("Tính từ"), [Optional()])
    comparator = SelectField(_l("So sánh"), [REQUIRED], choices=options(words.COMPARATOR.items()))
    quantity = NumberField(_l("Số phải đạt"), [REQUIRED])
    unit = TextField(_l("Đơn vị tính"), [REQUIRED], most=30)
    version = VersionField()

    def __init__(self, row: PlanTarget | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        own = row.measure if row is not None else ""
        known = [(one.code, one.title) for one in all_measures()]
        if own and own not in dict(known):
            known.append((own, _("%(code)s (chưa có phần tính)", code=own)))
        self.measure.choices = options([("", _("Mục ghi tay, có ngày và minh chứng")), *known])

    def details(self) -> TargetDetails:
        """The typed target (after validation)."""
        return TargetDetails(title=self.title.data, measure=self.measure.data or "", comparator=self.comparator.data,
                             quantity=self.quantity.data, unit=self.unit.data)


class EntryForm(HouseForm):
    """What was done on a day."""

    on = DayField(_l("Ngày"), [REQUIRED])
    text = TextField(_l("Việc đã làm"), [REQUIRED], most=500)
    target_id = SelectField(_l("Tính cho chỉ tiêu"), [Optional()])
    quantity = NumberField(_l("Số lượng"), description=_l("Để trống là 1"))
    link = TextField(_l("Địa chỉ minh chứng"), description=_l("https://… của bài báo, phóng sự, văn bản"), most=500)
    file = FileField(_l("Tệp minh chứng (PDF, PNG, JPEG)"))

    def __init__(self, item: PlanItem, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_id.choices = options([("", _("Không tính, chỉ ghi lại")), *(
            (str(one.id), one.title) for one in item.targets if not one.dropped)])

    def entry(self) -> Entry:
        """The typed entry (after validation)."""
        upload = self.file.data
        return Entry(on=self.on.data, text=self.text.data, quantity=self.quantity.data, link=self.link.data or "",
                     target_id=int(self.target_id.data) if self.target_id.data else None,
                     file=(upload.filename or "", upload.read()) if upload else None)


class OverrideForm(HouseForm):
    """Another number in the place of the computed one; empty takes it back."""

    value = NumberField(_l("Số thay thế"), description=_l("Để trống: trở lại số tính được"))
    reason = TextField(_l("Lý do"), [REQUIRED], most=500)


class DifficultyForm(HouseForm):
    """What stands in the way."""

    text = TextField(_l("Khó khăn, vướng mắc"), [REQUIRED], most=500, id="difficulty-text")  # beside an entry's


class DisagreementForm(HouseForm):
    """Two places of the plan's text that disagree."""

    one_place = TextField(_l("Chỗ thứ nhất"), [REQUIRED], most=100)
    one_says = TextField(_l("Ghi là"), [REQUIRED], most=500)
    other_place = TextField(_l("Chỗ thứ hai"), [REQUIRED], most=100)
    other_says = TextField(_l("Ghi là"), [REQUIRED], most=500)
    item_id = SelectField(_l("Thuộc nhiệm vụ"), [Optional()])

    def __init__(self, plan: Plan, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.item_id.choices = options([("", _("Cả kế hoạch")), *(
            (str(one.id), f"{one.mark} {one.text[:80]}".strip()) for one in plan.items)])

    def disagreement(self) -> Disagreement:
        """The typed point (after validation)."""
        return Disagreement(one_place=self.one_place.data, one_says=self.one_says.data,
                            other_place=self.other_place.data, other_says=self.other_says.data,
                            item_id=int(self.item_id.data) if self.item_id.data else None)


def whole(value: Decimal | None) -> str:
    """A number without needless zeros, one digit after the sign at most."""
    if value is None:
        return "–"
    rounded = value.quantize(Decimal("0.1"))
    return f"{rounded.quantize(Decimal(1)):f}" if rounded == rounded.to_integral_value() else f"{rounded:f}"


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _basis(line: str) -> BasisLine:
    number, day, title = (part.strip() for part in line.split(";", 2))
    return BasisLine(number=number, issued_on=parse_day(day) if day else None, title=title)


class BuyForm(HouseForm):
    """Equipment bought under a task: one entered before, or a new one with its row of the group-2 list."""

    purchase_id = SelectField(_l("Thiết bị đã ghi ở trang Năng lực"), [Optional()])
    legal_item = SelectField(_l("Mua cho dòng của danh mục nhóm 2"), [Optional()])
    name = TextField(_l("Thiết bị, quy cách, số lượng"), [Optional()])
    decision = TextField(_l("Quyết định, hợp đồng"), most=200)
    delivered_on = DayField(_l("Ngày bàn giao"), [Optional()])
    standard = TextField(_l("Mã chuẩn trong sổ"), most=60, identifier=True)
    note = NoteField(_l("Ghi chú"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.purchase_id.choices = [("", _("Thiết bị mới, ghi bên dưới")), *(
            (str(one.id), f"{one.item} · {one.name}") for one in unlinked())]
        vi = language() == "vi"
        self.legal_item.choices = [("", ""), *((one.row.item, f"{one.row.item} · "
                                                f"{one.row.name.vi if vi else one.row.name.en}")
                                               for one in in_force(clock.today()))]

    def validate(self, extra_validators: Any = None) -> bool:
        """A new one needs its row and its name."""
        good = super().validate(extra_validators)
        for field in (self.legal_item, self.name):
            if not self.purchase_id.data and not field.data:
                field.errors = [str(_l("Hãy điền ô này."))]
                good = False
        return good

    def equipment(self) -> dict[str, Any]:
        """The new equipment (after validation)."""
        return {name: self[name].data for name in ("name", "decision", "delivered_on", "standard", "note")}
