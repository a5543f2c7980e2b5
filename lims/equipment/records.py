"""The record of a standard: where it was, what happened to it, its documents, its check before first use (6.4.13)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.record_models import EVENTS, StandardEvent
from lims.equipment.service import locked, set_state
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile, store

BY_HAND = tuple(kind for kind in EVENTS if kind != "commissioning")
SUSPECT_AFTER = ("damage", "malfunction")
"""What makes a standard suspect: it is quarantined in the same step (6.4.9)."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """What somebody writes into the record, cleaned; `file` is (name, bytes) of a PDF."""

    kind: str
    on: date
    text: str
    place: str = ""
    software: str = ""
    cost: Decimal | None = None
    file: tuple[str, bytes] | None = None


def add_event(standard_id: int, event: Event, *, by: User) -> StandardEvent:
    """Write an event into the record. A move changes the location, a modification the software version, damage or
    malfunction quarantines the standard. Raises Invalid at the wrong field."""
    actor = (str(by.id), by.full_name)
    with write("standard.event", actor=actor, reason=event.text) as current:
        changed = locked(current, standard_id)
        _check(event)
        added = _add(current, changed, event, int(actor[0]))
        if event.kind == "moved":
            changed.location = event.place
        if event.software:
            changed.software = event.software
        if event.kind in SUSPECT_AFTER and changed.state in ("in_use", "out_for_calibration"):
            set_state(current, changed, "quarantined", event.text, int(actor[0]))
    return added


def commission(standard_id: int, *, on: date, passed: bool, text: str, file: tuple[str, bytes] | None = None,
               by: User) -> None:
    """The check before first use, or after repair (6.4.4): passed puts the standard into use, failed keeps it out."""
    actor = (str(by.id), by.full_name)
    with write("standard.commission", actor=actor, reason=text) as current:
        changed = locked(current, standard_id)
        if not changed.awaits_check:
            raise Conflict("Chuẩn này không chờ kiểm tra.", "This standard does not await a check.")
        event = Event(kind="commissioning", on=on, text=text, file=file)
        _check(event)
        _add(current, changed, event, int(actor[0]), passed=passed)
        if passed:
            changed.awaits_check = False
            if changed.state == "out_of_service":
                set_state(current, changed, "in_use", text, int(actor[0]))


def events(standard_id: int) -> list[StandardEvent]:
    """The record, newest first."""
    return list(session().scalars(
        sa.select(StandardEvent).where(StandardEvent.standard_id == standard_id)
        .options(selectinload(StandardEvent.file)).order_by(StandardEvent.on.desc(), StandardEvent.id.desc())))


def event_file(standard_id: int, event_id: int) -> StoredFile:
    """The document of an event of that standard, or NotFound."""
    found = session().get(StandardEvent, event_id)
    if found is None or found.standard_id != standard_id or found.file is None:
        raise NotFound("Không có tài liệu này.", "No such document.")
    return found.file


def _add(current: Session, changed: Standard, event: Event, by_id: int, *, passed: bool | None = None) -> StandardEvent:
    file_id = None
    if event.file is not None:
        stored = store(current, *event.file)
        current.flush()
        file_id = stored.id
    added = StandardEvent(
        standard_id=changed.id, kind=event.kind, on=event.on, text=event.text, place=event.place,
        software=event.software, passed=passed, cost=event.cost, file_id=file_id, at=clock.now(), by_id=by_id)
    current.add(added)
    current.flush()
    return added


def _check(event: Event) -> None:
    if event.kind not in EVENTS:
        raise Invalid("Hãy chọn loại việc.", "Choose the kind.", "kind")
    if event.on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "on")
    if not event.text.strip():
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "text")
    if event.kind == "moved" and not event.place.strip():
        raise Invalid("Hãy ghi nơi để mới.", "Give the new location.", "place")
    if event.kind == "document" and event.file is None:
        raise Invalid("Hãy chọn tệp PDF.", "Choose the PDF.", "file")
    if event.cost is not None and event.cost < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "cost")
