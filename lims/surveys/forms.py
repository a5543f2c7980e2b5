"""Forms of surveys outside the phone page."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length, Optional

from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField, VersionField


class BeginForm(HouseForm):
    """Where, when and who."""

    customer = TextField(_l("Doanh nghiệp"), [REQUIRED])
    visited_on = DayField(_l("Ngày khảo sát"), [REQUIRED])
    team = TextField(_l("Đoàn khảo sát"), [REQUIRED], most=500)
    anew = BooleanField(_l("Đây là lần khảo sát khác, mở phiếu mới"))


class QuestionsForm(HouseForm):
    """The next version of the questions."""

    version = VersionField()
    title_vi = TextField(_l("Tên phiếu"), [REQUIRED])
    title_en = TextField(_l("Tên tiếng Anh"))
    questions = TextAreaField(_l("Câu hỏi, mỗi dòng một câu"), [
        REQUIRED, Length(max=8000, message=_l("Dài quá 8000 ký tự."))])


class FollowUpForm(HouseForm):
    """The job made from recommendations."""

    received_on = DayField(_l("Ngày nhận"), [REQUIRED])
    promised_on = DayField(_l("Hẹn trả"), [Optional()])
    note = NoteField(_l("Ghi chú"))


class PurchaseForm(HouseForm):
    """Equipment bought for a row of the list."""

    name = TextField(_l("Thiết bị"), [REQUIRED])
    plan_reference = TextField(_l("Mục trong kế hoạch năm"), most=200)
    decision = TextField(_l("Quyết định, hợp đồng"), most=200)
    delivered_on = DayField(_l("Ngày bàn giao"), [Optional()])
    standard = TextField(_l("Mã chuẩn trong sổ"), most=60, identifier=True)
    note = NoteField(_l("Ghi chú"))
    version = VersionField()
