"""Due dates for a calendar program: one secret address a person, iCalendar (RFC 5545) behind it.

Dates of standards, and of people: officer cards, papers, authorisations that end, training that must be done."""
from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from icalendar import Calendar, Event
from sqlalchemy.orm import contains_eager

from instruments.recall import RETIRED
from lims.alerts import people
from lims.alerts.messages import duty_word, personal_word
from lims.alerts.models import CalendarFeed
from lims.alerts.service import oversees
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import of_person
from lims.shared import clock
from lims.shared.db import session, write

MOST = 5000
"""Calendar programs stop being useful long before."""
AHEAD = timedelta(days=3660)
"""Dates of people are shown for ten years ahead: a card lasts five."""


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
    """The person's due dates as all-day events, soonest first: what they must act on, or everybody's for those who
    oversee all."""
    base_url: str = current_app.extensions["settings"].base_url
    everybody = oversees(user)
    query = (sa.select(Schedule).join(Schedule.standard).options(contains_eager(Schedule.standard))
             .where(Schedule.active, Schedule.due_on.is_not(None), Standard.state != RETIRED))
    if not everybody:
        query = of_person(query, user.id)
    calendar = Calendar()
    calendar.add("prodid", "-//Chuan LIMS//recall//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Chuẩn LIMS")
    for row in session().scalars(query.order_by(Schedule.due_on, Schedule.id).limit(MOST)).unique():
        calendar.add_component(_standard_event(row, user.language, base_url))
    mine = [one for one in people.expiring(clock.today(), AHEAD) if everybody or one.user_id == user.id]
    names = _names({one.user_id for one in mine if people.source_of(one.kind) is None} - {user.id})
    for one in sorted(mine, key=lambda one: (one.due_on, one.kind, one.subject_id))[:MOST]:
        calendar.add_component(_person_event(one, names.get(one.user_id, ""), user.language, base_url))
    return calendar.to_ical()


def _standard_event(row: Schedule, language: str, base_url: str) -> Event:
    assert row.due_on is not None  # the query asked for it
    duty = duty_word(row.duty, language) + (f" ({row.label})" if row.label else "")
    event = _all_day(f"schedule-{row.id}", row.due_on, base_url, f"/standards/{row.standard_id}",
                     f"{row.standard.asset_number} {row.standard.name}: {duty}")
    event.add("location", row.standard.location)
    return event


def _person_event(one: people.Expiring, name: str, language: str, base_url: str) -> Event:
    text = f"{personal_word(one.kind, language)}: {one.label}"
    return _all_day(f"{one.kind}-{one.subject_id}", one.due_on, base_url,
                    people.path_of(one.kind, one.subject_id, one.user_id),
                    f"{name} – {text}" if name else text)


def _all_day(uid: str, on: date, base_url: str, path: str, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(base_url).hostname}")
    event.add("dtstamp", clock.now())
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))
    event.add("summary", summary)
    event.add("url", f"{base_url}{path}")
    event.add("transp", "TRANSPARENT")
    return event


def _names(ids: set[int]) -> dict[int, str]:
    rows = session().execute(sa.select(User.id, User.full_name).where(User.id.in_(ids)))
    return {row.id: row.full_name for row in rows}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
