"""What the owner's page tells: the number on the sticker and whether it still counts, and nothing else."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import current_app
from icalendar import Alarm, Calendar, Event

from lims.issue import archive
from lims.issue.later import Later
from lims.issue.models import Certificate
from lims.legal.sticker_models import Sticker
from lims.shared import clock
from lims.shared.db import session
from lims.shared.organisation import organisation

REMIND_DAYS = 30


@dataclass(frozen=True)
class Standing:
    """The sticker's number, its state ("valid", "expired", "ended") and last day; None: no end is set.

    `later`: the verification that ended it."""

    number: str
    state: str
    valid_until: date | None
    later: Later | None = None


def standing(certificate: Certificate) -> Standing:
    """Withdrawn, replaced, made void, or verified again since: the sticker has ended, whatever day it names."""
    status = archive.status(certificate, clock.today())
    ended = status.state in ("superseded", "withdrawn", "ended", "failed") or _void(certificate)
    number = archive.record_of(certificate).sticker or certificate.number
    return Standing(number, "ended" if ended else status.state, certificate.valid_until, status.later)


def calendar(shown: Standing, address: str) -> bytes:
    """The last day of validity as an all-day event with a reminder, for a calendar program (RFC 5545)."""
    laboratory = organisation(session())
    entry = Event()
    until = shown.valid_until or clock.today()
    host = str(current_app.extensions["settings"].base_url).split("//")[-1].split("/")[0].split(":")[0]
    entry.add("uid", f"tem-{shown.number}-{until:%Y%m%d}@{host}")
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", until)
    entry.add("dtend", until + timedelta(days=1))
    entry.add("summary", f"Hết hạn tem {shown.number}")
    entry.add("description", f"{laboratory.short_name}, {laboratory.phone}\n{address}")
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", f"Tem {shown.number} hết hạn ngày {until:%d/%m/%Y}")
    reminder.add("trigger", timedelta(days=-REMIND_DAYS))
    entry.add_component(reminder)
    made = Calendar()
    made.add("prodid", "-//Chuan LIMS//sticker//VI")
    made.add("version", "2.0")
    made.add_component(entry)
    return made.to_ical()


def _void(certificate: Certificate) -> bool:
    return session().scalar(sa.select(Sticker.id).where(
        Sticker.item_id == certificate.item_id, Sticker.state == "void", Sticker.kind != "seal").limit(1)) is not None
