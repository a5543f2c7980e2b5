"""Flask-Security-Too, set for a laboratory: username or e-mail, argon2, short sessions, a limit on guessing."""
from __future__ import annotations

from flask import Flask, request
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemyUserDatastore

from lims.auth import service
from lims.auth.login import HouseLoginForm
from lims.auth.messages import MESSAGES
from lims.auth.models import Role, User
from lims.shared.db import _writing, db

datastore = SQLAlchemyUserDatastore(db, User, Role)


def init_app(app: Flask) -> None:
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SALT="argon2 salts each password itself",
        SECURITY_PASSWORD_LENGTH_MIN=10,
        SECURITY_USER_IDENTITY_ATTRIBUTES=_identities(),
        SECURITY_REGISTERABLE=False,
        SECURITY_CHANGEABLE=True,
        SECURITY_RECOVERABLE=False,
        SECURITY_TRACKABLE=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_SEND_PASSWORD_CHANGE_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=False,
        SECURITY_LOGIN_URL="/login",
        SECURITY_LOGOUT_URL="/logout",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_FLASH_MESSAGES=True,
        # as a mapping of directive to argument: True would be written as "no-store=True", which no browser knows
        SECURITY_CACHE_CONTROL={"no-store": None},
        SECURITY_SCRIPT_NONCE_KEY="csp_nonce",
        SECURITY_I18N_DOMAIN="messages",
        SECURITY_I18N_DIRNAME=app.config["BABEL_TRANSLATION_DIRECTORIES"],
        **{f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()},
    )
    Security(app, datastore, login_form=HouseLoginForm)
    user_logged_out.connect(_end_sessions, app)
    app.before_request(_write_lock_for_account_changes)
    app.teardown_request(_release)


def _identities() -> list[dict[str, dict[str, object]]]:
    from flask_security import uia_email_mapper, uia_username_mapper

    return [{"email": {"mapper": uia_email_mapper, "case_insensitive": True}},
            {"username": {"mapper": uia_username_mapper, "case_insensitive": True}}]


def _end_sessions(_app: Flask, user: User, **_more: object) -> None:
    """Whoever signs out is out: the session is a signed cookie, and a copy of it would count on."""
    service.end_sessions(user.id)


def _write_lock_for_account_changes() -> None:
    """Flask-Security reads, then writes, in one transaction: on SQLite it must hold the write lock from the start."""
    if request.method == "POST" and request.blueprint == "security":
        _writing.set(True)


def _release(_error: BaseException | None) -> None:
    _writing.set(False)
