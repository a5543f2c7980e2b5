"""Tokens of the API: made for a person, with scopes and a last day; known by their digest alone."""
from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from lims.api.models import ApiToken
from lims.auth import throttle
from lims.auth.login import find_account
from lims.auth.service import confirm_password
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import DomainError, Invalid, NotFound, NotPermitted
from lims.shared.scopes import SCOPES
from lims.shared.text import clean

PREFIX = "lims_"
LONGEST_DAYS = 730
PASSWORD_COUNTS = timedelta(minutes=5)


def create(identity: str, scopes: Iterable[str], days: int, name: str = "",
           *, actor: tuple[str, str] | None = None) -> tuple[ApiToken, str]:
    """A token of the account with this user name or address, and its text, which nothing keeps.

    Raises Invalid (`user`, `scope`, `days`).
    """
    wanted = sorted(set(scopes))
    if unknown := [scope for scope in wanted if scope not in SCOPES]:
        raise Invalid(f"Không có phạm vi {unknown[0]}.", f"no scope {unknown[0]!r}", "scope")
    if not wanted:
        raise Invalid("Hãy chọn ít nhất một phạm vi.", "at least one scope is needed", "scope")
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(f"Từ 1 đến {LONGEST_DAYS} ngày.", f"from 1 to {LONGEST_DAYS} days", "days")
    text, now = PREFIX + secrets.token_urlsafe(32), clock.now()
    with write("token.create", actor=actor) as current:
        owner = find_account(identity)
        if owner is None or not owner.active:
            raise Invalid("Không có tài khoản này, hoặc đã khóa.", "no such account, or it is locked", "user")
        token = ApiToken(user=owner, name=clean(name)[:100], scopes=" ".join(wanted), digest=_digest(text),
                         created_at=now, expires_at=now + timedelta(days=days))
        current.add(token)
    return token, text


def revoke(token_id: int, *, actor: tuple[str, str] | None = None) -> ApiToken:
    """End a token at once; one that has ended stays as it is. Raises NotFound."""
    with write("token.revoke", actor=actor) as current:
        token = current.get(ApiToken, token_id)
        if token is None:
            raise NotFound("Không có mã truy cập này.", "no such token")
        token.revoked_at = token.revoked_at or clock.now()
    return token


def check_password(token: ApiToken, password: str, address: str) -> datetime:
    """The person gives the password through this token, before signing; until when that counts.

    Raises NotPermitted when it is wrong, and DomainError (429) after too many guesses, as the login does."""
    now, identity = clock.now(), token.user.username or token.user.email
    if throttle.is_blocked(identity, address, now):
        raise DomainError("Sai quá nhiều lần. Hãy chờ 15 phút rồi thử lại, hoặc hỏi người quản trị.",
                          "Too many wrong passwords. Wait 15 minutes, or ask the administrator.", "password", 429)
    try:
        confirm_password(token.user, password)
    except NotPermitted:
        throttle.note_failure(identity, address, now)
        raise
    with write("token.check_password"):
        token.password_checked_at = now
    return now + PASSWORD_COUNTS


def password_is_fresh(token: ApiToken) -> bool:
    """Whether the person gave the password through this token within the last five minutes."""
    checked = token.password_checked_at
    return checked is not None and clock.now() - checked < PASSWORD_COUNTS


def tokens() -> list[ApiToken]:
    """All of them, newest first."""
    return list(session().scalars(
        sa.select(ApiToken).options(joinedload(ApiToken.user)).order_by(ApiToken.id.desc())))


def is_valid(token: ApiToken, at: datetime) -> bool:
    """Neither revoked nor past its last day, and its person's account is open."""
    return token.revoked_at is None and at < token.expires_at and token.user.active


def authenticated(text: str) -> ApiToken | None:
    """The valid token with this text; None for every other text."""
    if not text.startswith(PREFIX):
        return None
    token = session().scalar(
        sa.select(ApiToken).where(ApiToken.digest == _digest(text)).options(joinedload(ApiToken.user)))
    return token if token is not None and is_valid(token, clock.now()) else None


def _digest(text: str) -> str:
    # A token holds 256 random bits: nobody tries them one by one, so a slow hash would protect nothing.
    return hashlib.sha256(text.encode()).hexdigest()
