"""Recurring duties of a standard: how often, when last done, when due (feature A3; ISO/IEC 17025 6.4.7, 6.4.10)."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.equipment.facts import next_due, standing, valid_through
from lims.equipment.models import DUTIES, DutyRecord, Schedule, Standard
from lims.equipment.service import check_interval, locked, set_state
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid

RECORDED = ("intermediate_check", "maintenance")
"""Duties recorded by hand; a calibration is recorded by its certificate."""


def set_schedule(standard_id: int, duty: str, *, interval_count: int, interval_unit: str, active: bool = True,
                 last_done_on: date | None = None) -> None:
    """Give a duty its interval, or stop it (`active`); the calibration itself is never stopped.

    `last_done_on` starts a check or maintenance that was done before it was recorded here.
    """
    with write("standard.schedule") as current:
        changed = locked(current, standard_id)
        if duty not in DUTIES:
            raise Invalid("Hãy chọn việc.", "Choose the duty.", "duty")
        if duty == "calibration" and not active:
            raise Invalid("Không dừng được lịch hiệu chuẩn; hãy đưa chuẩn ra khỏi sử dụng.",
                          "The calibration schedule cannot be stopped; take the standard out of service.", "active")
        if last_done_on is not None and last_done_on > clock.today():
            raise Invalid("Ngày này chưa tới.", "This day is still to come.", "last_done_on")
        check_interval(interval_count, interval_unit)
        schedule = next((row for row in changed.schedules if row.duty == duty), None)
        if schedule is None:
            schedule = Schedule(duty=duty)
            changed.schedules.append(schedule)
        schedule.interval_count, schedule.interval_unit, schedule.active = interval_count, interval_unit, active
        if duty in RECORDED and last_done_on is not None:
            schedule.last_done_on = last_done_on
        _refresh(changed, schedule)


def record_duty(standard_id: int, duty: str, *, done_on: date, passed: bool, note: str, by: User) -> None:
    """A check or maintenance was done. A failed one quarantines the standard in the same step (6.4.9)."""
    actor = (str(by.id), by.full_name)
    with write("standard.duty_done", reason=note, actor=actor) as current:
        changed = locked(current, standard_id)
        schedule = next((row for row in changed.schedules if row.duty == duty and duty in RECORDED), None)
        if schedule is None:
            raise Conflict("Chuẩn này chưa có lịch cho việc đó.", "The standard has no schedule for this duty.", "duty")
        if done_on > clock.today():
            raise Invalid("Ngày này chưa tới.", "This day is still to come.", "done_on")
        if not passed and not note.strip():
            raise Invalid("Hãy ghi rõ điều không đạt.", "Say what failed.", "note")
        current.add(DutyRecord(standard_id=changed.id, duty=duty, done_on=done_on, passed=passed, note=note,
                               at=clock.now(), by_id=int(actor[0])))
        if passed and (schedule.last_done_on is None or done_on > schedule.last_done_on):
            schedule.last_done_on = done_on
            _refresh(changed, schedule)
        if not passed and changed.state in ("in_use", "out_for_calibration"):
            set_state(current, changed, "quarantined", note, int(actor[0]))


def refresh_calibration(current: Session, changed: Standard) -> None:
    """Set the calibration's last and next day from the standing certificates, as they are in this transaction."""
    current.expire(changed, ["certificates"])
    for schedule in changed.schedules:
        if schedule.duty == "calibration":
            _refresh(changed, schedule)


def records(standard_id: int) -> list[DutyRecord]:
    """Checks and maintenance done, newest first."""
    return list(session().scalars(sa.select(DutyRecord).where(DutyRecord.standard_id == standard_id)
                                  .order_by(DutyRecord.done_on.desc(), DutyRecord.id.desc())))


def _refresh(changed: Standard, schedule: Schedule) -> None:
    if schedule.duty == "calibration":
        newest = next(iter(standing(changed.certificates)), None)
        schedule.last_done_on = newest.calibrated_on if newest else None
        schedule.due_on = valid_through(changed, newest) if newest else None
    else:
        done = schedule.last_done_on
        schedule.due_on = next_due(schedule, done) if done else None
