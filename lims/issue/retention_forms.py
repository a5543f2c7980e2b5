"""Forms of retention: a rule, a hold and its end, the disposal."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, SelectField
from wtforms.validators import NumberRange

from lims.issue.retention import MOST_YEARS
from lims.shared.forms import REQUIRED, DayField, HouseForm, NoteField, TextField


class RuleForm(HouseForm):
    """How many whole years documents of a kind are kept, from a day on."""

    kind = SelectField(_l("Loại giấy"), [REQUIRED])
    years = IntegerField(_l("Số năm lưu giữ"), [REQUIRED, NumberRange(1, MOST_YEARS)])
    valid_from = DayField(_l("Áp dụng từ ngày"), [REQUIRED])
    basis = TextField(_l("Căn cứ"), [REQUIRED], description=_l("ví dụ: Thủ tục TT-08, mục 5.3"))


class HoldForm(HouseForm):
    """Why a document stays, or may go again."""

    reason = NoteField(_l("Lý do"), [REQUIRED])


class DisposeForm(HouseForm):
    """Why, and the password again."""

    reason = NoteField(_l("Lý do, số biên bản hủy"), [REQUIRED])
    password = PasswordField(_l("Mật khẩu"), [REQUIRED])
