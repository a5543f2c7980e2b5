"""Bodies of the issue: the password, and which result is signed."""
from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField
from wtforms.validators import Length

from lims.shared.forms import REQUIRED, HouseForm, NoteField, TextField


class PasswordCheck(HouseForm):
    """The password of the token's person."""

    password = PasswordField(_l("Mật khẩu"), [REQUIRED, Length(max=1000)])


class NewCertificate(HouseForm):
    """The item, the digest of the result that was read, and the mark of the statements that were."""

    item = TextField(_l("Mục"), [REQUIRED])
    digest = TextField(_l("Mã băm của kết quả"), [REQUIRED])
    statements = TextField(_l("Nội dung công bố đã đọc"))


class CertificateChange(HouseForm):
    """The only change that a document knows: it is withdrawn, with its reason."""

    withdrawn = BooleanField(_l("Thu hồi"))
    reason = NoteField(_l("Lý do"), [REQUIRED])
