"""Forms of a standard's record: events, check before first use, functions, reservations."""
from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import Optional

from lims.equipment.fields import NumberField, options
from lims.equipment.forms import REQUIRED, people
from lims.equipment.functions import FunctionDetails
from lims.equipment.models import StandardFunction
from lims.equipment.records import BY_HAND, Event
from lims.equipment.words import EVENT, QUANTITY, quantity_word
from lims.shared.forms import DayField, HouseForm, NoteField, TextField, VersionField


class _WithFile(HouseForm):
    """A form with one PDF."""

    file = FileField(_l("Tài liệu PDF"))

    def upload(self) -> tuple[str, bytes] | None:
        """(name, bytes) of the file, None when none came."""
        sent = self.file.data
        return (PurePosixPath((sent.filename or "").replace("\\", "/")).name, sent.read()) if sent else None


class EventForm(_WithFile):
    """Something that happened, or a document."""

    kind = SelectField(_l("Loại"), [REQUIRED], choices=options((kind, EVENT[kind]) for kind in BY_HAND))
    on = DayField(_l("Ngày"), [REQUIRED])
    text = NoteField(_l("Nội dung"), [REQUIRED])
    place = TextField(_l("Nơi để mới"), most=120, description=_l("Khi chuyển chỗ"))
    software = TextField(_l("Phiên bản phần mềm mới"), most=60, description=_l("Khi nâng cấp"))
    cost = NumberField(_l("Chi phí, đồng"))

    def event(self) -> Event:
        """What was typed (after validation)."""
        return Event(kind=self.kind.data, on=self.on.data, text=self.text.data, place=self.place.data,
                     software=self.software.data, cost=self.cost.data, file=self.upload())


class CommissionForm(_WithFile):
    """The check before first use."""

    on = DayField(_l("Ngày kiểm tra"), [REQUIRED])
    passed = RadioField(_l("Kết quả"), [REQUIRED], choices=options([
        ("y", _l("Đạt: đưa vào sử dụng")), ("n", _l("Không đạt: chưa dùng"))]))
    text = NoteField(_l("Đã kiểm tra gì, so với yêu cầu nào"), [REQUIRED])


class PartsForm(HouseForm):
    """From when the values of a set are those of its parts."""

    since = DayField(_l("Từ ngày"), [REQUIRED])


class FunctionForm(HouseForm):
    """A further quantity or range."""

    name = TextField(_l("Tên chức năng"), [REQUIRED], most=80, description=_l("Ví dụ: Điện áp xoay chiều 10 Hz–20 kHz"))
    quantity = SelectField(_l("Đại lượng"), [REQUIRED])
    accuracy = TextField(_l("Cấp chính xác hoặc U"), most=60)
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20, identifier=True)
    range_low = NumberField(_l("Giới hạn dưới"))
    range_high = NumberField(_l("Giới hạn trên"))
    range_text = TextField(_l("Phạm vi đo, viết bằng chữ"), most=80)
    spread_unit = TextField(_l("Đơn vị của ba số bên"), most=20, identifier=True,
                            description=_l("Để trống nếu như đơn vị của phạm vi đo"))
    drift_half_width = NumberField(_l("Độ trôi (nửa khoảng)"))
    resolution = NumberField(_l("Độ chia, độ phân giải"))
    mpe = NumberField(_l("Sai số cho phép lớn nhất"))
    active = SelectField(_l("Tình trạng"), default="y", choices=options([
        ("y", _l("Đang dùng")), ("n", _l("Thôi hiệu chuẩn chức năng này"))]))
    version = VersionField()

    def __init__(self, row: StandardFunction | None = None, **kwargs: Any) -> None:
        super().__init__(obj=row, **kwargs)
        words = sorted(((code, str(word)) for code, word in QUANTITY.items()), key=lambda choice: choice[1].casefold())
        if row is not None and row.quantity not in QUANTITY:
            words.append((row.quantity, quantity_word(row.quantity)))
        self.quantity.choices = options([("", _("Chọn đại lượng")), *words])
        if row is not None and not self.is_submitted():
            self.active.data = "y" if row.active else "n"

    def details(self) -> FunctionDetails:
        """What was typed (after validation)."""
        values = {name: value for name, value in self.data.items() if name in FunctionDetails.__dataclass_fields__}
        return FunctionDetails(**(values | {"active": values["active"] == "y"}))


class ReservationForm(HouseForm):
    """Days for a person."""

    first_on = DayField(_l("Từ ngày"), [REQUIRED])
    last_on = DayField(_l("Đến hết ngày"), [REQUIRED])
    user_id = SelectField(_l("Giữ cho"), [REQUIRED])
    purpose = TextField(_l("Để làm việc gì"), [REQUIRED], most=120,
                        description=_l("Ví dụ: kiểm định cân ô tô tại Bình An"))
    despite = BooleanField(_l("Vẫn giữ dù trùng ngày"), [Optional()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user_id.choices = options(people())
