"""Forms of programmes."""
from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from lims.customers.models import Customer, Instrument
from lims.equipment.fields import NumberField, options
from lims.programmes import words
from lims.programmes.models import Programme, ProgrammeAction, ProgrammeMeasurement, ProgrammePart
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField


class LongNoteField(NoteField):
    """Several lines of clean text, at most 8,000 characters."""

    def __init__(self, label: Any = None, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        longest = Length(max=8000, message=_l("Dài quá 8000 ký tự."))
        TextAreaField.__init__(self, label, [*validators, longest], **kwargs)


class ProgrammeForm(HouseForm):
    """Whose programme, for which time, on what ground."""

    customer_id = SelectField(_l("Doanh nghiệp"), [REQUIRED])
    title = TextField(_l("Tên chương trình"), [REQUIRED], most=300,
                      description=_l("Gồm tên doanh nghiệp và thời kỳ"))
    first_on = DayField(_l("Từ ngày"), [REQUIRED])
    last_on = DayField(_l("Đến ngày"), [REQUIRED], description=_l("Ít nhất một năm"))
    wanted_ratio = NumberField(_l("TUR yêu cầu"), [REQUIRED], description=_l("Thường là 4"))
    basis = NoteField(_l("Căn cứ, đặt hàng"))
    version = VersionField()

    def __init__(self, customers: list[Customer], row: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        self.customer_id.choices = options([("", ""), *((str(one.id), f"{one.code} · {one.name}")
                                                         for one in customers)])
        if row is not None and not self.is_submitted():
            self.customer_id.data = str(row.customer_id)

    def values(self) -> dict[str, Any]:
        """The typed programme (after validation)."""
        return {"customer_id": int(self.customer_id.data), "title": self.title.data, "first_on": self.first_on.data,
                "last_on": self.last_on.data, "wanted_ratio": self.wanted_ratio.data, "basis": self.basis.data or ""}


class PartForm(HouseForm):
    """The text of a section or topic."""

    body = LongNoteField(_l("Nội dung"), render_kw={"rows": 10})
    gap = NoteField(_l("Thiếu sót, rủi ro"))
    cause = NoteField(_l("Nguyên nhân"))
    version = VersionField()

    def __init__(self, row: ProgrammePart, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        if row.kind == "section":
            del self.gap, self.cause
        else:
            self.body.label.text = _("Hiện trạng, bằng chứng")


class MeasurementForm(HouseForm):
    """Something the enterprise measures."""

    what = TextField(_l("Phép đo"), [REQUIRED], description=_l("Ví dụ: Áp suất hơi của nồi hơi số 1"), most=200)
    instrument_id = SelectField(_l("Phương tiện đo"), [Optional()])
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20)
    lower = NumberField(_l("Giới hạn dưới của dung sai"))
    upper = NumberField(_l("Giới hạn trên của dung sai"))
    expanded = NumberField(_l("U của phương tiện đo"), description=_l("Theo giấy chứng nhận, cùng đơn vị"))
    factor = NumberField(_l("Hệ số phủ k"), [REQUIRED])
    permissible = NumberField(_l("Sai số cho phép lớn nhất ±"), description=_l("Dùng khi chưa biết U"))
    source = TextField(_l("Nguồn của U hoặc sai số cho phép"))
    version = VersionField()

    def __init__(self, instruments: list[Instrument], row: ProgrammeMeasurement | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        self.instrument_id.choices = options([("", _("Chưa có phương tiện đo")), *(
            (str(one.id), f"{one.name} · {one.serial}") for one in instruments)])
        if not self.is_submitted():
            self.instrument_id.data = str(row.instrument_id or "") if row else ""
            self.factor.data = row.factor if row else Decimal(2)

    def values(self) -> dict[str, Any]:
        """The typed measurement (after validation)."""
        names = ("lower", "upper", "expanded", "factor", "permissible")
        return {"what": self.what.data, "unit": self.unit.data, "source": self.source.data or "",
                "instrument_id": int(self.instrument_id.data) if self.instrument_id.data else None,
                **{name: self[name].data for name in names}}


class ActionForm(HouseForm):
    """Something to be done."""

    text = NoteField(_l("Nhiệm vụ"), [REQUIRED])
    kind = SelectField(_l("Loại"), [REQUIRED], choices=options(words.KIND.items()))
    owner = TextField(_l("Người chịu trách nhiệm"), [REQUIRED])
    due_on = DayField(_l("Xong trước ngày"), [REQUIRED])
    cost = NumberField(_l("Kinh phí, đồng"), description=_l("Có thể để trống"))
    part_id = SelectField(_l("Khắc phục thiếu sót của mục hiện trạng"), [Optional()])
    version = VersionField()

    def __init__(self, programme: Programme, row: ProgrammeAction | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        self.part_id.choices = options([("", _("Không thuộc mục nào")), *(
            (str(one.id), one.title) for one in programme.parts if one.kind == "topic")])
        if row is not None and not self.is_submitted():
            self.part_id.data = str(row.part_id or "")

    def values(self) -> dict[str, Any]:
        """The typed action (after validation)."""
        return {name: self[name].data for name in ("text", "kind", "owner", "due_on", "cost")} | {
            "part_id": int(self.part_id.data) if self.part_id.data else None}


class FollowUpForm(HouseForm):
    """What came of an action."""

    state = SelectField(_l("Tình trạng"), [REQUIRED], choices=options(words.ACTION.items()))
    done_on = DayField(_l("Ngày xong"), [Optional()])
    result = NoteField(_l("Kết quả, hoặc lý do không thực hiện"))
    effect = SelectField(_l("Hiệu lực"), [Optional()], choices=options(words.EFFECT.items()))
    effect_note = NoteField(_l("Bằng chứng của hiệu lực"))
    version = VersionField()

    def __init__(self, row: ProgrammeAction, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)

    def values(self) -> dict[str, Any]:
        """The typed follow-up (after validation)."""
        return {"state": self.state.data, "done_on": self.done_on.data, "result": self.result.data or "",
                "effect": self.effect.data or "", "effect_note": self.effect_note.data or ""}


class ExpertForm(HouseForm):
    """A member of the expert group."""

    name = TextField(_l("Họ và tên"), [REQUIRED], most=100)
    body = TextField(_l("Đơn vị"))
    role = SelectField(_l("Vai trò"), [REQUIRED], choices=options(words.ROLE.items()))
    decision = TextField(_l("Quyết định thành lập nhóm"), most=100)

    def values(self) -> dict[str, str]:
        """The typed member (after validation)."""
        return {name: self[name].data or "" for name in ("name", "body", "role", "decision")}


class TemplateForm(HouseForm):
    """The parts of programmes to come, a line each."""

    seen = HiddenField()
    parts = LongNoteField(_l("Các mục"), [REQUIRED], render_kw={"rows": 20})


class ClosingForm(HouseForm):
    """What a person writes of the result report; its other parts come from what was recorded."""

    difficulties = NoteField(_l("Khó khăn, nguyên nhân"))
    corrections = NoteField(_l("Hành động khắc phục"))
    proposals = NoteField(_l("Kiến nghị"))
    closing = NoteField(_l("Kết luận"), [REQUIRED])


class NumberingForm(HouseForm):
    """The pattern of a kind's numbers in a year."""

    kind = SelectField(_l("Loại văn bản"), [REQUIRED])
    year = TextField(_l("Năm"), [REQUIRED, Regexp(r"20\d\d$", message=_l("Năm gồm bốn chữ số, ví dụ 2027."))], most=4)
    pattern = TextField(_l("Mẫu số"), [REQUIRED], most=60, description=_l("ví dụ {seq:02d}/{yyyy}/CT-BĐĐL"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = options(words.PAPER.items())
