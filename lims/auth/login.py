"""The login form: one field for user name or e-mail, and a limit on guessing."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.forms import LoginForm
from flask_security.utils import validate_redirect_url
from wtforms import Field, StringField
from wtforms.validators import InputRequired, Length

from lims.auth import throttle
from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import session
from lims.shared.text import TextError, clean_identifier


class HouseLoginForm(LoginForm):
    """Finds the account by user name or e-mail; every refusal reads the same."""

    email = None
    identity = StringField(_l("Tên đăng nhập hoặc thư điện tử"),
                           [InputRequired(message=_l("Hãy điền ô này.")), Length(max=200)])

    def validate_next(self, field: Field) -> None:
        """An address elsewhere is dropped; the person who followed a hostile link still signs in, here."""
        if field.data and not validate_redirect_url(field.data):
            field.data = ""

    def validate(self, **kwargs: Any) -> bool:
        identity, address = self.identity.data or "", request.remote_addr or ""
        if throttle.is_blocked(identity, address, clock.now()):
            self.form_errors.append(_("Sai quá nhiều lần. Hãy chờ 15 phút rồi thử lại, hoặc hỏi người quản trị."))
            return False
        self.ifield, self.user = self.identity, find_account(identity)
        if super().validate(**kwargs):
            return True
        if identity and self.password.data:
            throttle.note_failure(identity, address, clock.now())
            if not self.user_authenticated:  # which of the two was wrong is nobody's business
                self.identity.errors, self.password.errors = [], []
                self.form_errors.append(_("Tên đăng nhập hoặc mật khẩu không đúng."))
        return False


def find_account(identity: str) -> User | None:
    """The account with this user name or e-mail, in any case; None when there is none."""
    try:
        wanted = clean_identifier(identity).casefold()
    except TextError:
        return None
    return session().scalar(sa.select(User).where(sa.or_(
        sa.func.lower(User.username) == wanted, sa.func.lower(User.email) == wanted)))
