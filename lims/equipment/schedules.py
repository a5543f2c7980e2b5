"""Recurring duties of a standard: how often, when last done, when due (feature A3; ISO/IEC 17025 6.4.7, 6.4.10)."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.schedule import USE_UNITS, use_due
from instruments.use_log import Readout, beyond_sheets, by_meter, hours
from lims.auth.models import User
from lims.equipment.caps import require_within_cap
from lims.equipment.consequences import failed_check
from lims.equipment.facts import newest_of_each, next_due, valid_through
from lims.equipment.models import DUTIES, DutyRecord, Schedule, Standard, StandardCertificate, UseRecord
from lims.equipment.service import check_interval, locked, require_calendar, set_state
from lims.equipment.sheet_uses import sheet_uses
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.freshness import mark, require_seen

RECORDED = ("intermediate_check", "maintenance")
"""Duties recorded by hand; a calibration is recorded by its certificate."""
MOST_SCHEDULES = 20


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who does a duty and what it costs: `responsible_id` None is the custodian; `cost` in đồng for one time."""

    responsible_id: int | None = None
    team: str = ""
    provider: str = ""
    cost: Decimal | None = None


def mark_of_terms(schedule: Schedule | None) -> str:
    """What tells the terms of a schedule that a person sets from others; its due date moves by itself."""
    return mark() if schedule is None else mark(
        schedule.interval_count, schedule.interval_unit, schedule.active, schedule.responsible_id, schedule.team,
        schedule.provider, schedule.cost)


def set_schedule(standard_id: int, duty: str, *, interval_count: int, interval_unit: str, active: bool = True,
                 last_done_on: date | None = None, label: str = "", terms: Terms | None = None, seen: str = "") -> None:
    """Give a duty its interval, or stop it (`active`); the main calibration itself is never stopped.

    Raises Conflict when its terms are no longer those whose `mark_of_terms` was `seen`.

    `label` tells several schedules of one duty apart; the unnamed one is the main one. `last_done_on` starts a check or
    maintenance that was done before it was recorded here. `terms` None leaves them as they are.
    """
    with write("standard.schedule") as current:
        changed = locked(current, standard_id)
        _check(current, duty, interval_count, interval_unit, active, last_done_on, label, terms)
        if duty == "calibration" and not label:
            require_within_cap(current, changed.id, interval_count, interval_unit)
        schedule = _find(changed, duty, label)
        require_seen(seen, mark_of_terms(schedule), "lịch này", "this schedule")
        if schedule is None:
            if len(changed.schedules) >= MOST_SCHEDULES:
                raise Invalid(f"Mỗi chuẩn có nhiều nhất {MOST_SCHEDULES} lịch.",
                              f"A standard has at most {MOST_SCHEDULES} schedules.", "label")
            schedule = Schedule(duty=duty, label=label)
            changed.schedules.append(schedule)
        schedule.interval_count, schedule.interval_unit, schedule.active = interval_count, interval_unit, active
        if duty in RECORDED and last_done_on is not None:
            schedule.last_done_on = last_done_on
        if terms is not None:
            schedule.responsible_id, schedule.team = terms.responsible_id, terms.team
            schedule.provider, schedule.cost = terms.provider, terms.cost
        current.flush()
        if duty == "calibration":
            refresh_calibration(current, changed)
        else:
            _refresh(current, changed, schedule)


def record_duty(standard_id: int, duty: str, *, done_on: date, passed: bool, note: str, by: User,
                label: str = "") -> None:
    """A check or maintenance was done. A failed one quarantines the standard in the same step (6.4.9)."""
    actor = (str(by.id), by.full_name)
    with write("standard.duty_done", reason=note, actor=actor) as current:
        changed = locked(current, standard_id)
        note_duty(current, changed, duty, done_on=done_on, passed=passed, note=note, by_id=by.id, label=label)


def note_duty(current: Session, changed: Standard, duty: str, *, done_on: date, passed: bool, note: str, by_id: int,
              label: str = "", counts: date | None = None) -> DutyRecord:
    """The same inside a transaction that is open already; with `counts` the duty is done through that day only."""
    schedule = _find(changed, duty, label) if duty in RECORDED else None
    if schedule is None:
        raise Conflict("Chuẩn này chưa có lịch cho việc đó.", "The standard has no schedule for this duty.", "duty")
    if done_on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "done_on")
    if not passed and not note.strip():
        raise Invalid("Hãy ghi rõ điều không đạt.", "Say what failed.", "note")
    record = DutyRecord(standard_id=changed.id, duty=duty, label=label or None, done_on=done_on, passed=passed,
                        note=note, at=clock.now(), by_id=by_id)
    current.add(record)
    through = counts or done_on
    if passed and through > (schedule.last_done_on or date.min):
        schedule.last_done_on = through
        _refresh(current, changed, schedule)
    if not passed and changed.state in ("in_use", "out_for_calibration"):
        set_state(current, changed, "quarantined", note, by_id)
    current.flush()
    if not passed:
        failed_check(current, changed, record)
    return record


def refresh_calibration(current: Session, changed: Standard) -> None:
    """Set last and next day of every calibration schedule from the standing certificates, in this transaction.

    Limits of use first: the main schedule's due date is the earliest end of all.
    """
    current.expire(changed, ["certificates"])
    duties = [row for row in changed.schedules if row.duty == "calibration"]
    for schedule in sorted(duties, key=lambda row: row.interval_unit not in USE_UNITS):
        _refresh(current, changed, schedule)
    if changed.part_of is not None:
        current.flush()
        refresh_calibration(current, changed.part_of)


def refresh_use(current: Session, changed: Standard, unit: str) -> None:
    """Set the due dates of the duties counted in this unit of use, after an entry of the log or a sheet."""
    touched = [row for row in changed.schedules if row.interval_unit == unit]
    for schedule in touched:
        if schedule.duty != "calibration":
            _refresh(current, changed, schedule)
    if any(row.duty == "calibration" for row in touched):
        refresh_calibration(current, changed)


def records(standard_id: int) -> list[DutyRecord]:
    """Checks and maintenance done, newest first."""
    return list(session().scalars(sa.select(DutyRecord).where(DutyRecord.standard_id == standard_id)
                                  .order_by(DutyRecord.done_on.desc(), DutyRecord.id.desc())))


def _find(changed: Standard, duty: str, label: str) -> Schedule | None:
    return next((row for row in changed.schedules if (row.duty, row.label) == (duty, label)), None)


def _check(current: Session, duty: str, count: int, unit: str, active: bool, last_done_on: date | None, label: str,
           terms: Terms | None) -> None:
    if duty not in DUTIES:
        raise Invalid("Hãy chọn việc.", "Choose the duty.", "duty")
    if duty == "calibration" and not label:
        if not active:
            raise Invalid("Không dừng được lịch hiệu chuẩn; hãy đưa chuẩn ra khỏi sử dụng.",
                          "The calibration schedule cannot be stopped; take the standard out of service.", "active")
        require_calendar(unit)
    if last_done_on is not None and last_done_on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "last_done_on")
    check_interval(count, unit)
    if terms is None:
        return
    if terms.cost is not None and terms.cost < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "cost")
    if terms.responsible_id is not None and current.get(User, terms.responsible_id) is None:
        raise Invalid("Không có người này.", "No such person.", "responsible_id")


def _refresh(current: Session, changed: Standard, schedule: Schedule) -> None:
    if schedule.duty == "calibration":
        found = newest_of_each(changed)
        newest = found[0] if found else None
        schedule.last_done_on = newest.calibrated_on if newest else _first_of_parts(changed)
        if schedule.interval_unit in USE_UNITS:
            _refresh_use(current, schedule)
        elif schedule.label:
            schedule.due_on = next_due(schedule, newest.calibrated_on) if newest else None
        else:
            schedule.due_on = _earliest(changed, found)
    elif schedule.interval_unit in USE_UNITS:
        _refresh_use(current, schedule)
    else:
        done = schedule.last_done_on
        schedule.due_on = next_due(schedule, done) if done else None


def _earliest(changed: Standard, found: list[StandardCertificate]) -> date | None:
    """The first end among its functions and its parts; a whole without certificates is due when its first part is."""
    ends = [end for row in found if (end := valid_through(changed, row)) is not None]
    for part in changed.parts:
        ends += [row.due_on for row in part.schedules if _is_main(row) and row.due_on is not None]
    return min(ends, default=None)


def _first_of_parts(changed: Standard) -> date | None:
    """The oldest calibration among the parts whose values count for the whole."""
    done = [row.last_done_on for part in changed.parts for row in part.schedules if _is_main(row)]
    return min((day for day in done if day is not None), default=None) if changed.parts_from is not None else None


def _is_main(schedule: Schedule) -> bool:
    return schedule.duty == "calibration" and not schedule.label


def _refresh_use(current: Session, schedule: Schedule) -> None:
    origin = schedule.last_done_on
    if origin is None:
        schedule.due_on, schedule.used = None, Decimal(0)
        return
    log = use_log(current, schedule.standard_id, schedule.interval_unit, origin)
    found = use_due(origin, Decimal(schedule.interval_count), log, clock.today())
    schedule.due_on, schedule.used = found.due_on, found.used


def use_log(current: Session, standard_id: int, unit: str, after: date) -> list[tuple[date, Decimal]]:
    """(day, amount) of the use after a day: sheets that used the standard, what was typed, readouts of its meter.

    Hours before that day matter where a readout lies on its other side, so everything from the last one before it is
    read. What was typed before sheets counted by themselves does not count again what they count."""
    typed = current.execute(sa.select(UseRecord.used_on, UseRecord.amount, UseRecord.readout,
                                      UseRecord.beside_sheets).where(
        UseRecord.standard_id == standard_id, UseRecord.unit == unit)).all()
    readouts = [Readout(day, readout) for day, _amount, readout, _beside in typed if readout is not None]
    start = max((one.on for one in readouts if one.on <= after), default=after)
    sheets = sheet_uses(current, standard_id, start)
    counted = hours((one.day, one.begin, one.end) for one in sheets) if unit == "hours" \
        else [(one.day, Decimal(1)) for one in sheets]
    before, beside = ([(day, amount) for day, amount, _readout, kind in typed if amount and day > start
                       and kind is wanted] for wanted in (False, True))
    log = [*counted, *beyond_sheets(before, counted), *beside]
    return [one for one in by_meter(log, [one for one in readouts if one.on >= start]) if one[0] > after]
