"""Use cases of rooms: limits, readings typed or from logger files, the record of a period (features L1, L2)."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from instruments.logger_file import POSSIBLE, LoggerFileError, read_logger_file
from instruments.room_record import Reading, RoomFinding, examine
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.rooms import CONDITIONS, Room, RoomImport, RoomLimit, RoomReading
from lims.shared import bulk_trail, clock
from lims.shared.clock import LOCAL_ZONE
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.text import clean

Pair = tuple[Decimal | None, Decimal | None]
Limits = Mapping[str, Pair]
WORKING_DAY = (time(7, 30), time(17, 30))
"""A sheet that was begun on another day than it was measured is covered over this part of its day."""


@dataclass(frozen=True, kw_only=True)
class RoomDetails:
    """What a room is, cleaned; `limits` are (lower, upper) by quantity."""

    name: str
    note: str = ""
    logger_id: int | None = None
    longest_gap_minutes: int = 60
    active: bool = True
    limits: Limits


@dataclass(frozen=True)
class Imported:
    """How many readings of a file were new, and how many stood there already."""

    added: int
    known: int


def room(room_id: int) -> Room:
    """The room, or NotFound."""
    found = session().get(Room, room_id)
    if found is None:
        raise NotFound("Không có phòng này.", "No such room.")
    return found


def rooms(*, active: bool = True) -> list[Room]:
    """Rooms by name."""
    query = sa.select(Room).order_by(Room.name)
    return list(session().scalars(query.where(Room.active) if active else query).unique())


def save_room(room_id: int | None, details: RoomDetails, *, version: int, by: User) -> Room:
    """A new room, or a changed one. Raises Invalid at the first wrong field."""
    with write("room.save", actor=(str(by.id), by.full_name)) as current:
        _check(current, details)
        row = Room(created_at=clock.now()) if room_id is None else room(room_id)
        if room_id is not None:
            require_version(row, version, "phòng này", "this room")
        row.name, row.note, row.logger_id = details.name, details.note, details.logger_id
        row.longest_gap_minutes, row.active = details.longest_gap_minutes, details.active
        current.add(row)
        _set_limits(row, details.limits)
        try:
            current.flush()
        except IntegrityError as error:
            raise Invalid("Đã có phòng mang tên này.", "Another room has this name.", "name") from error
    return row


def type_readings(room_id: int, at: datetime, values: Mapping[str, Decimal | None], *, by: User) -> None:
    """Readings that a person took at an instant; those left blank are not given."""
    given = {quantity: value for quantity, value in values.items() if value is not None}
    if not given:
        raise Invalid("Hãy nhập ít nhất một giá trị.", "Enter at least one value.", "temperature")
    if at > clock.now() + timedelta(minutes=5):
        raise Invalid("Thời điểm này chưa tới.", "This time is still to come.", "at")
    for quantity, value in given.items():
        low, high = POSSIBLE[quantity]
        if not low <= value <= high:
            raise Invalid(f"Giá trị có thể từ {low} đến {high} {CONDITIONS[quantity]}.",
                          f"Possible values are {low} to {high} {CONDITIONS[quantity]}.", quantity)
    with write("room.read", actor=(str(by.id), by.full_name)) as current:
        row = room(room_id)
        for quantity, value in given.items():
            current.add(RoomReading(room_id=row.id, quantity=quantity, at=at, value=value, by_id=by.id))
        try:
            current.flush()
        except IntegrityError as error:
            raise Invalid("Đã có số đọc ở thời điểm này.", "There is a reading at this time.", "at") from error


def import_file(room_id: int, name: str, content: bytes, *, by: User) -> Imported:
    """Readings of a logger file; those known already are left. Nothing is written when any row is wrong.

    Raises Invalid at `file` with the line, also when a known time would get another value."""
    try:
        found = read_logger_file(content)
    except LoggerFileError as wrong:
        raise Invalid(wrong.text.vi, wrong.text.en, "file") from wrong
    instants = [(one.quantity, one.at.replace(tzinfo=LOCAL_ZONE), one.value) for one in found.values]
    if max(at for _quantity, at, _value in instants) > clock.now() + timedelta(minutes=5):
        raise Invalid("Tệp có thời điểm chưa tới; hãy xem lại đồng hồ của máy ghi.",
                      "The file has times still to come; check the logger's clock.", "file")
    first, last = (bound(at for _quantity, at, _value in instants) for bound in (min, max))
    with write("room.import", actor=(str(by.id), by.full_name)) as current:
        row = room(room_id)
        known = {(quantity, at): value for quantity, at, value in current.execute(
            sa.select(RoomReading.quantity, RoomReading.at, RoomReading.value).where(
                RoomReading.room_id == row.id, RoomReading.at.between(first, last)))}
        fresh = []
        for quantity, at, value in instants:
            stands = known.get((quantity, at))
            if stands is not None and stands != value:
                raise Invalid(f"{at:%d/%m/%Y %H:%M}: đã ghi {stands}, tệp ghi {value}.",
                              f"{at:%Y-%m-%d %H:%M}: {stands} is recorded, the file says {value}.", "file")
            if stands is None:
                fresh.append((quantity, at, value))
        kept = RoomImport(
            room_id=row.id, file_name=clean(name)[:200] or "file", first_at=first, last_at=last, added=len(fresh),
            known=len(instants) - len(fresh), sha256=hashlib.sha256(content).hexdigest(), at=clock.now(), by_id=by.id)
        current.add(kept)
        current.flush()
        bulk_trail.insert(current, RoomReading, [
            {"room_id": row.id, "quantity": quantity, "at": at, "value": value, "import_id": kept.id, "by_id": by.id}
            for quantity, at, value in fresh])
    return Imported(len(fresh), len(instants) - len(fresh))


def readings(room_id: int, quantity: str, start: datetime, end: datetime) -> list[Reading]:
    """Readings from start through end, in the order of time."""
    query = (sa.select(RoomReading.at, RoomReading.value)
             .where(RoomReading.room_id == room_id, RoomReading.quantity == quantity,
                    RoomReading.at.between(start, end)).order_by(RoomReading.at))
    return [Reading(at, value) for at, value in session().execute(query)]


def limits_of(row: Room) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The room's own limits by quantity."""
    return {one.quantity: (one.lower, one.upper) for one in row.limits}


Source = Literal["room", "procedure", "pair"]


@dataclass(frozen=True)
class Bound:
    """A limit and who sets it: the room, the procedure, or the room for that procedure ("pair")."""

    value: Decimal
    source: Source


@dataclass(frozen=True)
class Condition:
    """What the record of one quantity says of a period between its limits; the extremes are None where nothing was
    recorded."""

    quantity: str
    unit: str
    lower: Bound | None
    upper: Bound | None
    lowest: Decimal | None
    highest: Decimal | None
    findings: tuple[RoomFinding, ...]


Ends = tuple[Bound | None, Bound | None]


def conditions(row: Room, start: datetime, end: datetime, ends: Mapping[str, Ends]) -> list[Condition]:
    """Each quantity that has limits, over the period, judged by these."""
    longest = timedelta(minutes=row.longest_gap_minutes)
    found = []
    for quantity, (lower, upper) in ends.items():
        around = readings(row.id, quantity, start - longest, end + longest)
        inside = [one.value for one in around if start <= one.at <= end] or [one.value for one in around]
        found.append(Condition(
            quantity, CONDITIONS[quantity], lower, upper, min(inside, default=None), max(inside, default=None),
            examine(around, start, end, lower=lower.value if lower else None, upper=upper.value if upper else None,
                    longest_gap=longest, known_until=clock.now())))
    return found


def own_ends(row: Room) -> dict[str, Ends]:
    """The room's own limits, by which its record is judged where no sheet is asked about."""
    own = limits_of(row)
    return {quantity: _ends("room", own[quantity]) for quantity in CONDITIONS if quantity in own}


def holding(own: Limits, pair: Limits, procedure: Limits) -> dict[str, Ends]:
    """The limits that hold for a procedure in a room, quantity by quantity, with who sets each.

    Those set for the pair of room and procedure; without one the procedure's; where the procedure states none, the
    room's own. A pair that a later edition of the procedure undercuts no longer widens it: the narrower end counts.
    """
    found: dict[str, Ends] = {}
    for quantity in CONDITIONS:
        asked = procedure.get(quantity)
        if quantity in pair:
            found[quantity] = _narrower(_ends("pair", pair[quantity]), _ends("procedure", asked or (None, None)))
        elif asked is not None and asked != (None, None):
            found[quantity] = _ends("procedure", asked)
        elif quantity in own or asked is not None:
            found[quantity] = _ends("room", own.get(quantity, (None, None)))
    return found


def _ends(source: Source, pair: Pair) -> Ends:
    lower, upper = (None if value is None else Bound(value, source) for value in pair)
    return lower, upper


def _narrower(first: Ends, second: Ends) -> Ends:
    """The first where the two are alike."""
    lowers, uppers = ([end for end in ends if end is not None] for ends in zip(first, second, strict=True))
    return (max(lowers, key=lambda end: end.value, default=None), min(uppers, key=lambda end: end.value, default=None))


def span_of(performed_on: date, begun: datetime, ended: datetime | None) -> tuple[datetime, datetime]:
    """From when to when a measurement of that day lasted, as far as is known."""
    now = clock.now()
    if clock.local_date(begun) == performed_on:
        end = ended or now
        last = datetime.combine(performed_on, time.max, tzinfo=LOCAL_ZONE)
        return begun, max(begun, min(end, last, now))
    start, end = (datetime.combine(performed_on, at, tzinfo=LOCAL_ZONE) for at in WORKING_DAY)
    return start, end


def _set_limits(row: Room, limits: Limits) -> None:
    standing = {one.quantity: one for one in row.limits}
    for quantity, (lower, upper) in limits.items():
        known = standing.get(quantity)
        if lower is None and upper is None:
            if known is not None:
                row.limits.remove(known)
        elif known is None:
            row.limits.append(RoomLimit(quantity=quantity, lower=lower, upper=upper))
        else:
            known.lower, known.upper = lower, upper


def _check(current: Session, details: RoomDetails) -> None:
    if not details.name.strip():
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "name")
    if not 1 <= details.longest_gap_minutes <= 1440:
        raise Invalid("Từ 1 đến 1440 phút.", "1 to 1440 minutes.", "longest_gap_minutes")
    for quantity, (lower, upper) in details.limits.items():
        if lower is not None and upper is not None and lower > upper:
            raise Invalid("Giới hạn trên nhỏ hơn giới hạn dưới.", "The upper limit is below the lower.",
                          f"{quantity}_upper")
    if details.logger_id is not None and current.get(Standard, details.logger_id) is None:
        raise Invalid("Không có thiết bị này.", "No such instrument.", "logger_id")
