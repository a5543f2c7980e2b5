"""Forms of review, signature, amendment and withdrawal."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, PasswordField, SelectField
from wtforms.validators import Regexp

from lims.shared.forms import REQUIRED, HouseForm, NoteField, TextField


class SignForm(HouseForm):
    """A signature: the password again, which result and statements were seen; `key` makes a second press harmless."""

    password = PasswordField(_l("Mật khẩu"), [REQUIRED])
    digest = HiddenField()
    statements = HiddenField()
    key = HiddenField()


class BatchForm(HouseForm):
    """One signature for the ticked items."""

    password = PasswordField(_l("Mật khẩu"), [REQUIRED])
    key = HiddenField()


class SendBackForm(HouseForm):
    """What the person who measured has to mend."""

    reason = NoteField(_l("Cần sửa gì"), [REQUIRED])


class AmendForm(HouseForm):
    """What the replacement changes, one change a line, and why (7.8.8)."""

    changes = NoteField(_l("Nội dung thay đổi (mỗi dòng một ý, in trên giấy mới)"), [REQUIRED])
    reason = NoteField(_l("Lý do"), [REQUIRED])
    password = PasswordField(_l("Mật khẩu"), [REQUIRED])


class WithdrawForm(HouseForm):
    """Why a document no longer counts; shown on the public page."""

    reason = NoteField(_l("Lý do thu hồi"), [REQUIRED])
    password = PasswordField(_l("Mật khẩu"), [REQUIRED])


class SignedFileForm(HouseForm):
    """The archived file, signed on somebody's own token."""

    file = FileField(_l("Tệp PDF đã ký"))


class SeriesForm(HouseForm):
    """The pattern of a series in a year; a new name opens a new series."""

    kind = SelectField(_l("Loại giấy"), [REQUIRED])
    name = TextField(_l("Tên dãy số"), description=_l("để trống: dãy chung của loại giấy"))
    year = TextField(_l("Năm"), [REQUIRED, Regexp(r"20\d\d$", message=_l("Năm gồm bốn chữ số, ví dụ 2027."))], most=4)
    pattern = TextField(_l("Mẫu số"), [REQUIRED], most=60, description=_l("ví dụ C{yy}-{seq:05d} cho C27-00001"))


class RetireForm(HouseForm):
    """Why a key is used no longer."""

    key_id = HiddenField()
    reason = TextField(_l("Lý do"), [REQUIRED])
