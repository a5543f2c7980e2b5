"""The log of use of a standard, in hours and times: what duties counted in use rest on (ISO/IEC 17025 6.4.13 g).

Every submitted sheet that used the standard counts by itself, once, and with the time from its beginning to its
submission; what happened outside of sheets is typed, as an amount or as the readout of an hour meter."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.schedule import USE_UNITS
from instruments.use_log import hours
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard, UseRecord
from lims.equipment.schedules import refresh_use
from lims.equipment.service import locked
from lims.equipment.sheet_uses import SheetUse, sheet_uses
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid

LARGEST = Decimal(100_000)
LARGEST_READOUT = Decimal(10_000_000)


def log_use(standard_id: int, *, unit: str, amount: Decimal, used_on: date, note: str, by: User) -> None:
    """Enter hours or times of use; a negative amount sets a slip right and says why. Raises Invalid.

    On a day with counted sheets the note says what came beside them."""
    actor = (str(by.id), by.full_name)
    with write("standard.use", actor=actor) as current:
        changed = locked(current, standard_id)
        if unit not in USE_UNITS:
            raise Invalid("Chọn giờ hoặc lần.", "Choose hours or times.", "unit")
        if amount == 0 or abs(amount) > LARGEST:
            raise Invalid(f"Một số khác 0, không quá {LARGEST}.", f"A number other than 0, at most {LARGEST}.",
                          "amount")
        if unit == "uses" and amount != amount.to_integral_value():
            raise Invalid("Số lần dùng là số nguyên.", "Times of use are a whole number.", "amount")
        if used_on > clock.today():
            raise Invalid("Ngày này chưa tới.", "This day is still to come.", "used_on")
        if amount < 0 and not note.strip():
            raise Invalid("Hãy ghi vì sao bớt đi.", "Say why it is taken off.", "note")
        if amount > 0 and not note.strip():
            _require_beside(current, standard_id, used_on)
        _add(current, changed, UseRecord(unit=unit, amount=amount, used_on=used_on, note=note), int(actor[0]))


def log_readout(standard_id: int, *, readout: Decimal, used_on: date, note: str, by: User) -> None:
    """Enter what the hour meter shows; one that begins anew, below the readout before, says why. Raises Invalid."""
    actor = (str(by.id), by.full_name)
    with write("standard.use", actor=actor) as current:
        changed = locked(current, standard_id)
        if not 0 <= readout <= LARGEST_READOUT:
            raise Invalid(f"Một số từ 0 đến {LARGEST_READOUT}.", f"A number from 0 to {LARGEST_READOUT}.", "amount")
        if used_on > clock.today():
            raise Invalid("Ngày này chưa tới.", "This day is still to come.", "used_on")
        newest = current.execute(sa.select(UseRecord.used_on, UseRecord.readout).where(
            UseRecord.standard_id == standard_id, UseRecord.unit == "hours", UseRecord.readout.is_not(None))
            .order_by(UseRecord.used_on.desc(), UseRecord.id.desc()).limit(1)).first()
        if newest is not None and used_on <= newest.used_on:
            raise Invalid("Số đồng hồ phải ghi sau ngày của số đã ghi gần nhất.",
                          "A readout comes after the day of the newest one.", "used_on")
        if newest is not None and readout < newest.readout and not note.strip():
            raise Invalid("Nhỏ hơn số đã ghi trước: nếu đã thay đồng hồ, hãy ghi rõ ở ghi chú.",
                          "Below the readout before: if the meter was replaced, say so in the note.", "amount")
        _add(current, changed, UseRecord(unit="hours", amount=Decimal(0), readout=readout, used_on=used_on, note=note),
             int(actor[0]))


def note_sheet(current: Session, standard_ids: Collection[int]) -> None:
    """A sheet that used these standards was submitted: duties counted in use advance, in this transaction."""
    counted = current.scalars(sa.select(Schedule.standard_id).where(
        Schedule.standard_id.in_(standard_ids), Schedule.active, Schedule.interval_unit.in_(USE_UNITS)).distinct())
    for standard_id in sorted(counted):  # always held in one order, so that two sheets never wait for each other
        changed = locked(current, standard_id)
        for unit in USE_UNITS:
            refresh_use(current, changed, unit)


def _require_beside(current: Session, standard_id: int, used_on: date) -> None:
    """An entry for a day of which sheets count by themselves says what came beside them, lest a use count twice."""
    codes = [one.code for one in sheet_uses(current, standard_id, used_on - timedelta(days=1)) if one.day == used_on]
    if codes:
        listed = ", ".join(codes[:3]) + (" …" if len(codes) > 3 else "")
        raise Invalid(f"Ngày này đã tự đếm {len(codes)} phiếu đo ({listed}). Nếu là lần dùng khác, hãy ghi việc gì.",
                      f"{len(codes)} sheets of this day are counted already ({listed}). If this was another use, say "
                      "what it was.", "note")


def _add(current: Session, changed: Standard, record: UseRecord, by_id: int) -> None:
    record.standard_id, record.at, record.by_id = changed.id, clock.now(), by_id
    current.add(record)
    current.flush()
    refresh_use(current, changed, record.unit)


def log_of(standard_id: int, limit: int = 50) -> list[UseRecord]:
    """The newest entries of a standard's log."""
    return list(session().scalars(sa.select(UseRecord).where(UseRecord.standard_id == standard_id)
                                  .order_by(UseRecord.used_on.desc(), UseRecord.id.desc()).limit(limit)))


@dataclass(frozen=True)
class SheetCount:
    """Sheets that used a standard since a day: how many, hours, and the newest of them."""

    since: date | None
    number: int
    hours: Decimal
    newest: Sequence[SheetUse]


def sheets_of(standard: Standard, limit: int = 50) -> SheetCount:
    """The sheets counted since the earliest day from which a duty counted in use reckons; ever when there is none."""
    begun = [row.last_done_on for row in standard.schedules if row.active and row.interval_unit in USE_UNITS
             and row.last_done_on is not None]
    since = min(begun, default=None)
    found = sheet_uses(session(), standard.id, since)
    lasted = hours((one.day, one.begin, one.end) for one in found)
    return SheetCount(since, len(found), sum((amount for _day, amount in lasted), Decimal(0)), found[::-1][:limit])
