"""Accounts for the tests: one of each role, and a way to be logged in as one."""
from __future__ import annotations

from typing import Any

from lims.auth.models import User
from lims.auth.service import create_user
from tests.conftest import PASSWORD


def person(role: str, name: str | None = None) -> User:
    """A new account with this role (several separated by '+')."""
    login = name or role.replace("_", "").replace("+", "")
    return create_user(email=f"{login}@example.test", username=login, full_name=f"Nguyễn {login}", title=role,
                       roles=role.split("+"), password=PASSWORD, actor=("", "test"))


def logged_in(app: Any, user: User) -> Any:
    """A test client with this person's session, as after the login page."""
    client = app.test_client()
    with client.session_transaction() as state:
        state["_user_id"] = user.fs_uniquifier
        state["_fresh"] = True
        state["fs_cc"] = "set"
        state["fs_paa"] = 0
    return client
