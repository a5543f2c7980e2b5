"""Accounts for the tests: one of each role, and a way to be logged in as one."""
from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from lims.auth.models import Role, User
from lims.auth.service import create_user
from lims.shared import clock
from lims.shared.db import write
from tests.conftest import PASSWORD

_hashed: list[str] = []
"""The password's argon2 hash, made with the first account: a quarter of a second that others need not spend again."""


def person(role: str, name: str | None = None) -> User:
    """A new account with this role (several separated by '+')."""
    login = name or role.replace("_", "").replace("+", "")
    if not _hashed:
        user = create_user(email=f"{login}@example.test", username=login, full_name=f"Nguyễn {login}", title=role,
                           roles=role.split("+"), password=PASSWORD, actor=("", "test"))
        _hashed.append(user.password)
        return user
    with write("user.create", actor=("", "test")) as current:
        user = User(email=f"{login}@example.test", username=login, full_name=f"Nguyễn {login}", title=role,
                    password=_hashed[0], fs_uniquifier=secrets.token_hex(16), active=True, created_at=clock.now(),
                    roles=list(current.scalars(sa.select(Role).where(Role.name.in_(role.split("+"))))))
        current.add(user)
    return user


def logged_in(app: Any, user: User) -> Any:
    """A test client with this person's session, as after the login page."""
    client = app.test_client()
    with client.session_transaction() as state:
        state["_user_id"] = user.fs_uniquifier
        state["_fresh"] = True
        state["fs_cc"] = "set"
        state["fs_paa"] = 0
    return client
