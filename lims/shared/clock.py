"""Time: instants are UTC and come from one clock; people read Asia/Ho_Chi_Minh."""
from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

Clock = Callable[[], datetime]
LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def system_clock() -> datetime:
    """The wall clock as an aware UTC instant."""
    return datetime.now(UTC)


def now() -> datetime:
    """The application's instant (UTC); tests install another clock in `app.extensions['clock']`."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def local(instant: datetime) -> datetime:
    """The same instant on the wall of the laboratory."""
    return instant.astimezone(LOCAL_ZONE)


def local_date(instant: datetime) -> date:
    """The calendar day in the laboratory at that instant."""
    return local(instant).date()


def today() -> date:
    """Today's calendar day in the laboratory, whatever the server's time zone."""
    return local_date(now())
