"""Use cases of accounts: create, give roles, lock; and the password asked again before a signature."""
from __future__ import annotations

import secrets

import sqlalchemy as sa
from flask_security.utils import hash_password, verify_password

from lims.auth.models import WITH_ROLES, Role, User
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound, NotPermitted
from lims.shared.freshness import mark, require_seen
from lims.shared.permissions import ROLES
from lims.shared.text import clean

MIN_PASSWORD = 10
COMMAND_LINE = ("", "command line")


def create_user(*, email: str, username: str, full_name: str, title: str, roles: list[str], password: str,
                title_en: str = "", actor: tuple[str, str] | None = None) -> User:
    """A new account. Raises Invalid at the field that cannot be accepted."""
    email, username = clean(email).casefold(), clean(username).casefold()
    _check_account(email, username, full_name, roles, password)
    with write("user.create", actor=actor) as current:
        for column, value, field in ((User.email, email, "email"), (User.username, username, "username")):
            if current.scalar(sa.select(User.id).where(sa.func.lower(column) == value)):
                raise Invalid("Đã có tài khoản dùng tên này.", "Another account uses this name.", field)
        account = User(email=email, username=username, full_name=clean(full_name), title=clean(title),
                       title_en=clean(title_en), password=hash_password(password), fs_uniquifier=secrets.token_hex(16),
                       active=True, created_at=clock.now(), roles=_roles(roles))
        current.add(account)
    return account


def set_roles(user_id: int, roles: list[str], seen: str = "") -> None:
    """Give exactly these roles; open sessions of the person keep working with the new rights at once.

    Raises Conflict when they are no longer those whose `mark_of_roles` was `seen`."""
    with write("user.set_roles"):
        account = user(user_id)
        require_seen(seen, mark_of_roles(account), "vai trò của người này", "this person's roles")
        account.roles = _roles(roles)


def mark_of_roles(account: User) -> str:
    """What tells these roles from others."""
    return mark(*sorted(account.role_names))


def set_titles(user_id: int, title: str, title_en: str, seen: str = "") -> None:
    """The person's position in Vietnamese and English, for documents signed from now on.

    Raises Conflict when it is no longer the one whose `mark_of_titles` was `seen`."""
    with write("user.set_titles"):
        account = user(user_id)
        require_seen(seen, mark_of_titles(account), "chức danh của người này", "this person's position")
        account.title, account.title_en = clean(title), clean(title_en)


def mark_of_titles(account: User) -> str:
    """What tells this position from another."""
    return mark(account.title, account.title_en)


def set_active(user_id: int, active: bool, reason: str) -> None:
    """Lock or unlock an account; locking ends its sessions."""
    with write("user.set_active", reason=reason):
        account = user(user_id)
        account.active = active
        if not active:
            account.fs_uniquifier = secrets.token_hex(16)


def end_sessions(user_id: int) -> None:
    """No cookie of this person counts any more, on whatever machine, not even a copy."""
    with write("user.end_sessions"):
        user(user_id).fs_uniquifier = secrets.token_hex(16)


def confirm_password(person: User, password: str) -> None:
    """The password given again, before a signature. Raises NotPermitted when it is wrong."""
    if not password or not verify_password(password, person.password):
        raise NotPermitted("Mật khẩu không đúng; chưa ký gì.", "Wrong password; nothing was signed.", "password")


def users() -> list[User]:
    """All accounts by name."""
    return list(session().scalars(sa.select(User).order_by(User.full_name).options(WITH_ROLES)))


def _check_account(email: str, username: str, full_name: str, roles: list[str], password: str) -> None:
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@"):
        raise Invalid("Địa chỉ thư không hợp lệ.", "Not a mail address.", "email")
    if not 2 <= len(username) <= 40:
        raise Invalid("Tên đăng nhập dài 2 đến 40 ký tự.", "User name: 2 to 40 characters.", "username")
    if not clean(full_name):
        raise Invalid("Hãy ghi họ tên.", "Give the full name.", "full_name")
    if unknown := [role for role in roles if role not in ROLES]:
        raise Invalid(f"Không có vai trò {unknown[0]}.", f"No such role: {unknown[0]}.", "roles")
    if len(password) < MIN_PASSWORD:
        raise Invalid(f"Mật khẩu dài ít nhất {MIN_PASSWORD} ký tự.",
                      f"The password needs at least {MIN_PASSWORD} characters.", "password")


def _roles(names: list[str]) -> list[Role]:
    return list(session().scalars(sa.select(Role).where(Role.name.in_(names)).order_by(Role.id)))


def user(user_id: int) -> User:
    """The account, or NotFound."""
    found = session().get(User, user_id)
    if found is None:
        raise NotFound("Không có tài khoản này.", "No such account.")
    return found
