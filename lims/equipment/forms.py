"""Forms of the register: a standard, its state, its schedules and the duties done."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import Optional

from lims.auth.models import User
from lims.equipment.fields import NumberField, options
from lims.equipment.models import Schedule, Standard
from lims.equipment.schedules import RECORDED, Terms, mark_of_terms
from lims.equipment.service import StandardDetails
from lims.equipment.states import TRANSITIONS, known
from lims.equipment.words import CALENDAR_UNIT, DUTY, INTERVAL_UNIT, LEVEL, QUANTITY, STATE, USE_UNIT, quantity_word
from lims.shared.db import session
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField

PERSON = "custodian_id"


class StandardForm(HouseForm):
    """Particulars of a standard."""

    asset_number = TextField(_l("Mã quản lý"), [REQUIRED], most=40, identifier=True)
    name = TextField(_l("Tên chuẩn"), [REQUIRED])
    name_en = TextField(_l("Tên tiếng Anh"))
    quantity = SelectField(_l("Đại lượng"), [REQUIRED])
    level = SelectField(_l("Cấp chuẩn"), [REQUIRED], choices=options(LEVEL.items()), default="working")
    maker = TextField(_l("Hãng sản xuất"))
    model = TextField(_l("Kiểu"))
    serial = TextField(_l("Số chế tạo"), [REQUIRED], most=60, identifier=True)
    accuracy = TextField(_l("Cấp chính xác hoặc U"), most=60, description=_l("Ví dụ: E2; 0,05 %; 0,004 bar"))
    unit = TextField(_l("Đơn vị"), [REQUIRED], most=20, identifier=True)
    range_low = NumberField(_l("Giới hạn dưới"))
    range_high = NumberField(_l("Giới hạn trên"))
    range_text = TextField(_l("Phạm vi đo, viết bằng chữ"), most=80,
                           description=_l("Chỉ khi hai giới hạn không nói hết, ví dụ: 1 mg–200 g"))
    spread_unit = TextField(_l("Đơn vị của ba số bên"), most=20, identifier=True,
                            description=_l("Để trống nếu như đơn vị của phạm vi đo"))
    drift_half_width = NumberField(_l("Độ trôi (nửa khoảng)"))
    resolution = NumberField(_l("Độ chia, độ phân giải"))
    mpe = NumberField(_l("Sai số cho phép lớn nhất"))
    software = TextField(_l("Phiên bản phần mềm, firmware"), most=60)
    lot = TextField(_l("Số lô (mẫu chuẩn)"), most=60, identifier=True)
    expires_on = DayField(_l("Hạn dùng của lô"), [Optional()], description=_l("Sau ngày này không chọn được"))
    acquired_on = DayField(_l("Ngày mua"), [Optional()])
    price = NumberField(_l("Giá mua, đồng"))
    temperature_low = NumberField(_l("Nhiệt độ từ, °C"))
    temperature_high = NumberField(_l("đến, °C"))
    humidity_low = NumberField(_l("Độ ẩm từ, %"))
    humidity_high = NumberField(_l("đến, %"))
    custodian_id = SelectField(_l("Người giữ"), [Optional()])
    location = TextField(_l("Nơi để"))
    note = NoteField(_l("Ghi chú"))
    version = VersionField()

    def __init__(self, standard: Standard | None = None, **kwargs: Any) -> None:
        super().__init__(obj=standard, **kwargs)
        words = sorted(((code, str(word)) for code, word in QUANTITY.items()), key=lambda choice: choice[1].casefold())
        if standard is not None and standard.quantity not in QUANTITY:
            words.append((standard.quantity, quantity_word(standard.quantity)))
        self.quantity.choices = options([("", _("Chọn đại lượng")), *words])
        keeper = standard.custodian_id if standard else None
        self.custodian_id.choices = options([("", _("Chưa giao ai")), *people(keeper)])
        if not self.is_submitted() and standard is not None:
            self.custodian_id.data = str(standard.custodian_id or "")
        self.kept_location = standard.location if standard is not None else None
        if standard is not None:
            del self.location  # it moves by an entry in its record, which keeps where it was

    def details(self) -> StandardDetails:
        """The typed particulars (after validation)."""
        values = {name: value for name, value in self.data.items() if name in StandardDetails.__dataclass_fields__}
        values[PERSON] = self.keeper_id()
        if self.kept_location is not None:
            values["location"] = self.kept_location
        return StandardDetails(**values)

    def keeper_id(self) -> int | None:
        """Key of the person who keeps it (after validation)."""
        return int(self.custodian_id.data) if self.custodian_id.data else None


class NewStandardForm(StandardForm):
    """A new standard comes with its calibration interval."""

    interval_count = IntegerField(_l("Chu kỳ hiệu chuẩn"), [REQUIRED], default=12)
    interval_unit = SelectField(_l("Tính bằng"), choices=options(CALENDAR_UNIT.items()), default="months")
    awaits_check = RadioField(_l("Kiểm tra trước khi đưa vào sử dụng"), default="y", choices=options([
        ("y", _l("Chưa: giữ ngoài sử dụng cho tới khi ghi kiểm tra đạt")),
        ("n", _l("Chuẩn đã dùng từ trước khi ghi vào sổ này"))]))


class StateForm(HouseForm):
    """The next state and why; `expected` is the state that the person saw."""

    state = RadioField(_l("Chuyển sang"), [REQUIRED])
    reason = NoteField(_l("Lý do"), [REQUIRED], description=_l(
        "Khi cho dùng lại: đã kiểm tra gì, kết quả ra sao, ai kiểm tra"))
    expected = HiddenField()

    def __init__(self, standard: Standard, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state.choices = options([(state, STATE[state]) for state in TRANSITIONS[known(standard.state)]])
        if not self.is_submitted():
            self.expected.data = standard.state


class ScheduleForm(HouseForm):
    """How often one duty recurs, who does it and what it costs."""

    label = TextField(_l("Tên lịch"), most=40,
                      description=_l("Khi một việc có nhiều lịch: vệ sinh, thay pin, theo lần dùng…"))
    interval_count = IntegerField(_l("Chu kỳ"), [REQUIRED], default=12)
    interval_unit = SelectField(_l("Tính bằng"), choices=options(INTERVAL_UNIT.items()), default="months")
    last_done_on = DayField(_l("Lần gần nhất"), [Optional()],
                            description=_l("Chỉ khi đã làm trước khi ghi vào đây"))
    active = SelectField(_l("Lịch"), default="y", choices=options([
        ("y", _l("Đang theo dõi")), ("n", _l("Ngừng theo dõi"))]))
    responsible_id = SelectField(_l("Người phải làm"), [Optional()])
    team = TextField(_l("Tổ, bộ phận"), most=80)
    provider = TextField(_l("Nơi làm"), most=120, description=_l("Ví dụ: Viện Đo lường Việt Nam; để trống nếu tự làm"))
    cost = NumberField(_l("Chi phí mỗi lần, đồng"))
    seen = HiddenField()

    def __init__(self, duty: str, schedule: Schedule | None, *, named: bool = False, **kwargs: Any) -> None:
        super().__init__(obj=schedule, seen=mark_of_terms(schedule), **kwargs)
        keeper = schedule.responsible_id if schedule else None
        self.responsible_id.choices = options([("", _("Người giữ chuẩn")), *people(keeper)])
        if not self.is_submitted():
            self.responsible_id.data = str(keeper or "")
            if schedule is not None:
                self.active.data = "y" if schedule.active else "n"
        if named:
            self.label.validators = [REQUIRED, *self.label.validators]
        else:
            del self.label
        if duty not in RECORDED:
            del self.last_done_on
        if duty not in RECORDED and not named and (schedule is None or not schedule.label):
            del self.active
            self.interval_unit.choices = options(CALENDAR_UNIT.items())

    def terms(self) -> Terms:
        """Who acts and what it costs (after validation)."""
        person = self.responsible_id.data
        return Terms(responsible_id=int(person) if person else None, team=self.team.data, provider=self.provider.data,
                     cost=self.cost.data)


class UseForm(HouseForm):
    """One entry of the log of use."""

    used_on = DayField(_l("Ngày dùng"), [REQUIRED])
    amount = NumberField(_l("Số lượng"), [REQUIRED])
    unit = SelectField(_l("Tính bằng"), choices=options([*USE_UNIT.items(), ("readout", _l("số đồng hồ giờ"))]),
                       default="hours")
    note = NoteField(_l("Ghi chú"), description=_l("Số âm để sửa lần ghi nhầm, kèm lý do"))


class DutyDoneForm(HouseForm):
    """A check or maintenance that was done."""

    done_on = DayField(_l("Ngày làm"), [REQUIRED])
    passed = RadioField(_l("Kết quả"), [REQUIRED], choices=options([
        ("y", _l("Đạt")), ("n", _l("Không đạt: cách ly chuẩn"))]))
    note = NoteField(_l("Ghi nhận"), description=_l("Số liệu, phương tiện dùng, việc đã làm; bắt buộc khi không đạt"))


def people(always: int | None = None) -> list[tuple[str, str]]:
    """(id, name) of active accounts by name; `always` also names one that may be locked by now."""
    query = sa.select(User.id, User.full_name).where(sa.or_(User.active, User.id == (always or 0)))
    return [(str(user_id), name) for user_id, name in session().execute(query.order_by(User.full_name))]


def duty_title(duty: str) -> str:
    """The duty's name for a heading."""
    return str(DUTY[duty])
