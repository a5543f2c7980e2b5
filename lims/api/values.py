"""Values as the API writes them: ISO 8601 days and instants (UTC), numbers as texts that keep every digit."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from lims.auth.models import User


def day(value: date | None) -> str | None:
    """YYYY-MM-DD."""
    return None if value is None else value.isoformat()


def instant(value: datetime | None) -> str | None:
    """YYYY-MM-DDThh:mm:ss+00:00."""
    return None if value is None else value.isoformat()


def number(value: Decimal | None) -> str | None:
    """Decimal digits with a point, as many as were kept; never an exponent."""
    return None if value is None else f"{value:f}"


def account(user: User | None) -> str | None:
    """The name by which programs know a person: the user name, else the address."""
    return None if user is None else user.username or user.email


def name(user: User | None) -> str | None:
    """The name by which people know a person."""
    return None if user is None else user.full_name
