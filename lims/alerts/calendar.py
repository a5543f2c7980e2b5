"""Due dates for a calendar program: one secret address a person, iCalendar (RFC 5545) behind it."""
from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from icalendar import Calendar, Event
from sqlalchemy.orm import contains_eager

from instruments.recall import RETIRED
from lims.alerts.messages import duty_word
from lims.alerts.models import CalendarFeed
from lims.alerts.service import oversees
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard
from lims.shared import clock
from lims.shared.db import session, write

MOST = 5000
"""Calendar programs stop being useful long before."""


def new_address(user: User) -> str:
    """A new token for the person's address; the one before is forgotten. It is shown now and never again."""
    token = secrets.token_urlsafe(24)
    with write("calendar.new_address", actor=(str(user.id), user.full_name)) as current:
        feed = current.get(CalendarFeed, user.id)
        if feed is None:
            feed = CalendarFeed(user_id=user.id)
            current.add(feed)
        feed.token_digest, feed.created_at = _digest(token), clock.now()
    return token


def owner_of(token: str) -> User | None:
    """Whose address this is; None for any other, and when the account is locked."""
    feed = session().scalars(sa.select(CalendarFeed).where(CalendarFeed.token_digest == _digest(token))).first()
    return feed.user if feed is not None and feed.user.active else None


def due_dates(user: User) -> bytes:
    """The person's due dates as all-day events, soonest first: all standards for those who answer for them all."""
    base_url: str = current_app.extensions["settings"].base_url
    query = (sa.select(Schedule).join(Schedule.standard).options(contains_eager(Schedule.standard))
             .where(Schedule.active, Schedule.due_on.is_not(None), Standard.state != RETIRED))
    if not oversees(user):
        query = query.where(Standard.custodian_id == user.id)
    calendar = Calendar()
    calendar.add("prodid", "-//Chuan LIMS//recall//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Chuẩn LIMS")
    for row in session().scalars(query.order_by(Schedule.due_on, Schedule.id).limit(MOST)).unique():
        calendar.add_component(_event(row, user.language, base_url))
    return calendar.to_ical()


def _event(row: Schedule, language: str, base_url: str) -> Event:
    event = Event()
    event.add("uid", f"schedule-{row.id}@{urlsplit(base_url).hostname}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", row.due_on)
    event.add("dtend", row.due_on + timedelta(days=1) if row.due_on else None)
    event.add("summary", f"{row.standard.asset_number} {row.standard.name}: {duty_word(row.duty, language)}")
    event.add("location", row.standard.location)
    event.add("url", f"{base_url}/standards/{row.standard_id}")
    event.add("transp", "TRANSPARENT")
    return event


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
