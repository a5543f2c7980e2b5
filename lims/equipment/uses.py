"""The log of use of a standard, in hours and times: what duties counted in use rest on (ISO/IEC 17025 6.4.13 g)."""
from __future__ import annotations

from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.schedule import USE_UNITS
from lims.auth.models import User
from lims.equipment.models import Standard, UseRecord
from lims.equipment.schedules import refresh_use
from lims.equipment.service import locked
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid

LARGEST = Decimal(100_000)


def log_use(standard_id: int, *, unit: str, amount: Decimal, used_on: date, note: str, by: User) -> None:
    """Enter hours or times of use; a negative amount sets a slip right and says why. Raises Invalid."""
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
        add_use(current, changed, unit, amount, used_on, note, int(actor[0]))


def add_use(current: Session, changed: Standard, unit: str, amount: Decimal, used_on: date, note: str,
            by_id: int) -> None:
    """The same inside a transaction that is open already, on a standard that is held."""
    current.add(UseRecord(standard_id=changed.id, used_on=used_on, unit=unit, amount=amount, note=note,
                          at=clock.now(), by_id=by_id))
    current.flush()
    refresh_use(current, changed, unit)


def log_of(standard_id: int, limit: int = 50) -> list[UseRecord]:
    """The newest entries of a standard's log."""
    return list(session().scalars(sa.select(UseRecord).where(UseRecord.standard_id == standard_id)
                                  .order_by(UseRecord.used_on.desc(), UseRecord.id.desc()).limit(limit)))
