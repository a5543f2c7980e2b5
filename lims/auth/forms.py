"""Forms of accounts and of the laboratory's particulars."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.validators import ValidationError

from lims.shared.forms import REQUIRED, HouseForm, TextField, TicksField, VersionField
from lims.shared.organisation import label_size
from lims.shared.permissions import ROLES


def role_words() -> dict[str, str]:
    """Role -> its name in the page's language."""
    words = {"reception": _("Tiếp nhận"), "technician": _("Kỹ thuật viên"), "reviewer": _("Người soát xét"),
             "signer": _("Người ký"), "quality_manager": _("Phụ trách chất lượng"), "head": _("Thủ trưởng"),
             "administrator": _("Quản trị")}
    return {role: words[role] for role in ROLES}


class AccountForm(HouseForm):
    """A new account."""

    full_name = TextField(_l("Họ và tên"), [REQUIRED])
    title = TextField(_l("Chức danh (in dưới chữ ký)"))
    title_en = TextField(_l("Chức danh bằng tiếng Anh"))
    username = TextField(_l("Tên đăng nhập"), [REQUIRED], most=40, identifier=True)
    email = TextField(_l("Thư điện tử"), [REQUIRED])
    roles = TicksField(_l("Vai trò"), [REQUIRED])
    password = PasswordField(_l("Mật khẩu ban đầu"), [REQUIRED],
                             description=_l("Ít nhất 10 ký tự; người dùng tự đổi sau"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = list(role_words().items())


class RolesForm(HouseForm):
    """Roles of an existing account."""

    roles = TicksField(_l("Vai trò"), [REQUIRED])
    seen = HiddenField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = list(role_words().items())


class TitlesForm(HouseForm):
    """The position of an existing account, in both languages."""

    seen = HiddenField()

    title = TextField(_l("Chức danh (in dưới chữ ký)"))
    title_en = TextField(_l("Chức danh bằng tiếng Anh"))


class ReasonForm(HouseForm):
    """Why an account is locked or unlocked."""

    reason = TextField(_l("Lý do"), [REQUIRED])


def label_size_given(_form: object, field: Any) -> None:
    """Width × height in whole or tenth millimetres."""
    try:
        label_size(field.data or "")
    except ValueError:
        raise ValidationError(_("Ghi rộng x cao bằng mm, mỗi cạnh từ 15 đến 150, ví dụ 25x35.")) from None


class OrganisationForm(HouseForm):
    """The laboratory's heading on its documents."""

    superior_vi = TextField(_l("Cơ quan chủ quản"))
    superior_en = TextField(_l("Cơ quan chủ quản, tiếng Anh"))
    name_vi = TextField(_l("Tên phòng thí nghiệm"), [REQUIRED])
    name_en = TextField(_l("Tên tiếng Anh"), [REQUIRED])
    short_name = TextField(_l("Tên ngắn (đầu trang 2 trở đi)"), [REQUIRED], most=60)
    address = TextField(_l("Địa chỉ"), [REQUIRED], most=300)
    phone = TextField(_l("Điện thoại"), most=40)
    email = TextField(_l("Thư điện tử"))
    registration_code = TextField(_l("Mã đăng ký, chỉ định"), most=40)
    accreditation_code = TextField(_l("Mã công nhận"), most=40)
    place = TextField(_l("Địa danh ghi trước ngày ký"), most=60)
    head_title_vi = TextField(_l("Chức danh người đứng đầu"), [REQUIRED])
    head_title_en = TextField(_l("Chức danh, tiếng Anh"), [REQUIRED])
    validity_policy = SelectField(_l("Hiệu lực kiểm định tính đến"))
    reprints = SelectField(_l("Giấy in lại"))
    verification_sticker_mm = TextField(_l("Tem kiểm định (mm)"), [REQUIRED, label_size_given], most=15)
    calibration_sticker_mm = TextField(_l("Tem hiệu chuẩn (mm)"), [REQUIRED, label_size_given], most=15)
    standard_label_mm = TextField(_l("Nhãn chuẩn (mm)"), [REQUIRED, label_size_given], most=15)
    item_label_mm = TextField(_l("Nhãn phương tiện (mm)"), [REQUIRED, label_size_given], most=15)
    label_dpi = SelectField(_l("Độ phân giải máy in nhãn (điểm mỗi inch)"))
    version = VersionField()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.validity_policy.choices = [("same_day", _("cùng ngày")), ("end_of_month", _("ngày cuối tháng"))]
        self.reprints.choices = [("plain", _("in như bản đầu")), ("copy", _("mang chữ BẢN SAO"))]
        self.label_dpi.choices = [("203", "203"), ("300", "300"), ("600", "600")]
