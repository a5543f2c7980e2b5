"""Guessing passwords is slow and noticed: windows per person and address, per address, and per person.

The tightest window is that of one person from one address, so that a stranger's guesses do not lock the owner out.
"""
from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from lims.auth.models import LoginFailure
from lims.shared.db import session, write

PAIR = (5, timedelta(minutes=15))
ADDRESS = (30, timedelta(minutes=15))
PERSON = (50, timedelta(hours=1))
LONGEST_IDENTITY = 200


def is_blocked(identity: str, address: str, now: datetime) -> bool:
    """Whether another attempt must wait."""
    same_person, same_address = LoginFailure.identity == _key(identity), LoginFailure.address == address
    return any(_count(conditions, now - window) >= most for conditions, (most, window) in (
        ((same_person, same_address), PAIR), ((same_address,), ADDRESS), ((same_person,), PERSON)))


def note_failure(identity: str, address: str, now: datetime) -> None:
    """Remember a refused attempt; it stands in the audit trail as well."""
    with write("login.refused", actor=("", _key(identity))) as current:
        current.add(LoginFailure(at=now, identity=_key(identity), address=address))


def _key(identity: str) -> str:
    return identity.strip().casefold()[:LONGEST_IDENTITY]


def _count(conditions: tuple[sa.ColumnElement[bool], ...], since: datetime) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(LoginFailure).where(
        LoginFailure.at > since, *conditions)) or 0
