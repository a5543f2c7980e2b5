"""The history of a standard at one point, its prediction and interval proposals; and the decision of a person."""
from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from instruments.drift import Calibration, Line, Prediction, Proposal, fitted_line, predicted_due, proposals, shortest
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.auth.models import User
from lims.equipment.caps import IntervalCap, require_within_cap
from lims.equipment.chain import load
from lims.equipment.facts import newest_of_each, next_due, standing
from lims.equipment.models import Schedule, Standard, StandardCertificate, StandardFunction, StandardValue
from lims.equipment.schedules import refresh_calibration
from lims.equipment.service import check_interval, locked
from lims.impact.models import IntervalDecision
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.freshness import mark, require_seen
from uncertainty.rounding import report

DAYS_A_MONTH = 30.4375
METHODS = ("A3", "variables", "control_chart", "staircase", "judgement")


@dataclass(frozen=True)
class Point:
    """A point of a function's newest certificate; `function` None is the standard's first one."""

    function: StandardFunction | None
    certificate: StandardCertificate
    value: StandardValue

    @property
    def code(self) -> str:
        """How an address names it: the point as written, after the function when it is a further one."""
        text = self.value.nominal_text
        return f"{self.function.id}:{text}" if self.function else text


@dataclass(frozen=True)
class History:
    """Everything the page shows of one point; numbers in `unit`."""

    nominal: Decimal
    unit: str
    calibrations: tuple[Calibration, ...]
    limit: float
    line: Line | None
    at_due: Prediction | None
    due_on: date | None
    predicted_on: date | None
    interval_days: int
    in_tolerance: int
    tested: int
    cap: IntervalCap | None
    proposals: tuple[Proposal, ...]

    @property
    def shortest_days(self) -> int | None:
        """The most careful proposal."""
        return shortest(self.proposals)


def points(standard: Standard) -> list[Point]:
    """Points of each function's newest standing certificate, the first function first; none without certificates."""
    functions = {row.id: row for row in standard.functions}
    return [Point(functions.get(row.function_id) if row.function_id else None, row, value)
            for row in sorted(newest_of_each(standard), key=lambda row: row.function_id or 0) for value in row.values]


def history(standard: Standard, nominal: Decimal, limit: float | None = None, target: float = 0.95,
            function_id: int | None = None) -> History | None:
    """The history of a function at a point; None when the function has no limit and none is given.

    The limit is the greatest change between calibrations: as given, else the function's MPE, else its drift.
    """
    rows = [row for row in standing(standard.certificates) if row.function_id == function_id]
    if not rows:
        return None
    newest = rows[0]
    unit = newest.spread_unit or newest.unit
    found = tuple(_calibrations(rows, nominal, unit))
    limit = limit or _own_limit(newest.function or standard, unit)
    schedule = main_schedule(standard)
    if limit is None or schedule is None or not found:
        return None
    following = next_due(schedule, found[-1].on)
    if following is None:
        return None
    interval = (following - found[-1].on).days
    in_tolerance, tested = _tested(rows, unit, limit)
    cap = session().get(IntervalCap, standard.id)
    line = fitted_line(found)
    due = schedule.due_on
    return History(
        nominal=nominal, unit=unit, calibrations=found, limit=limit, line=line,
        at_due=line.at(due) if line and due else None, due_on=due, predicted_on=predicted_due(found, limit, due),
        interval_days=interval, in_tolerance=in_tolerance, tested=tested, cap=cap,
        proposals=proposals(found, interval_days=interval, limit=limit, in_tolerance=in_tolerance, tested=tested,
                            target_reliability=target, cap_days=int(cap.months * DAYS_A_MONTH) if cap else None))


def stated(value: float, expanded: float) -> str:
    """"+0.008 ± 0.016": signed, no digit finer than those of U (JCGM 100:2008 7.2.6)."""
    found = report(value, expanded)
    sign = "" if found.value.startswith("-") else "+"
    return f"{sign}{found.value} ± {found.expanded_uncertainty}"


def forecasts(standard_ids: Collection[int]) -> dict[int, date]:
    """{standard id: day} of those of which a point is forecast to leave its limit before the standard is due."""
    found: dict[int, date] = {}
    for standard in load(Standard.id.in_(standard_ids)):
        schedule = main_schedule(standard)
        days = list(_predicted(standard, schedule.due_on)) if schedule and schedule.due_on else []
        if days:
            found[standard.id] = min(days)
    return found


def _predicted(standard: Standard, due: date) -> Iterator[date]:
    for point in points(standard):
        unit = point.certificate.spread_unit or point.certificate.unit
        rows = [row for row in standing(standard.certificates) if row.function_id == point.certificate.function_id]
        limit = _own_limit(point.function or standard, unit)
        calibrations = _calibrations(rows, point.value.nominal, unit)
        day = predicted_due(calibrations, limit, due) if limit and len(calibrations) > 1 else None
        if day is not None and day < due:
            yield day


def main_schedule(standard: Standard) -> Schedule | None:
    """The schedule of the calibration itself, not one that was named beside it."""
    return next((row for row in standard.schedules if row.duty == "calibration" and not row.label), None)


def decisions(standard_id: int) -> list[IntervalDecision]:
    """Decisions about a standard's interval, newest first."""
    return list(session().scalars(sa.select(IntervalDecision).where(IntervalDecision.standard_id == standard_id)
                                  .order_by(IntervalDecision.id.desc())))


def mark_of_interval(standard: Standard) -> str:
    """What tells the calibration's interval in force from another."""
    schedule = main_schedule(standard)
    return mark(schedule.interval_count, schedule.interval_unit) if schedule else mark()


def mark_of_cap(standard_id: int) -> str:
    """What tells the longest interval in force, or none, from another."""
    cap = session().get(IntervalCap, standard_id)
    return mark(cap.months, cap.basis) if cap else mark()


def decide_interval(standard_id: int, *, count: int, unit: str, method: str, reason: str, shown: History | None,
                    by: User, seen: str = "") -> None:
    """The calibration's interval from now on, with what was shown when it was decided. Raises Invalid, and Conflict
    when it is no longer the one whose `mark_of_interval` was `seen`."""
    if method not in METHODS:
        raise Invalid("Hãy chọn căn cứ.", "Choose the basis.", "method")
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("standard.decide_interval", reason=reason, actor=(str(by.id), by.full_name)) as current:
        standard = locked(current, standard_id)
        require_seen(seen, mark_of_interval(standard), "chu kỳ này", "this interval")
        check_interval(count, unit)
        require_within_cap(current, standard.id, count, unit)
        schedule = main_schedule(standard)
        if schedule is None:
            raise Conflict("Chuẩn chưa có lịch hiệu chuẩn.", "The standard has no calibration schedule.")
        if (schedule.interval_count, schedule.interval_unit) == (count, unit):
            raise Invalid("Chu kỳ này đang áp dụng.", "This is the present interval.", "interval_count")
        proposed = next((one.days for one in shown.proposals if one.method == method), None) if shown else None
        current.add(IntervalDecision(
            standard_id=standard.id, method=method, data=_data(shown), proposed_days=proposed,
            old_count=schedule.interval_count, old_unit=schedule.interval_unit, new_count=count, new_unit=unit,
            reason=reason, at=clock.now(), by_id=by.id))
        schedule.interval_count, schedule.interval_unit = count, unit
        current.flush()
        refresh_calibration(current, standard)


def set_cap(standard_id: int, months: int, basis: str, *, by: User, seen: str = "") -> None:
    """The longest interval permitted; 0 months takes the cap away. An interval that is longer now is refused.

    Raises Conflict when it is no longer the one whose `mark_of_cap` was `seen`."""
    if not 0 <= months <= 120:
        raise Invalid("Từ 0 đến 120 tháng.", "0 to 120 months.", "months")
    if months and not basis.strip():
        raise Invalid("Hãy ghi văn bản quy định.", "Name the text that says so.", "basis")
    with write("standard.interval_cap", reason=basis, actor=(str(by.id), by.full_name)) as current:
        standard = locked(current, standard_id)
        require_seen(seen, mark_of_cap(standard.id), "giới hạn này", "this limit")
        cap = current.get(IntervalCap, standard.id)
        if not months:
            if cap is not None:
                current.delete(cap)
            return
        if cap is None:
            current.add(IntervalCap(standard_id=standard.id, months=months, basis=basis, set_at=clock.now(),
                                    set_by_id=by.id))
        else:
            cap.months, cap.basis, cap.set_at, cap.set_by_id = months, basis, clock.now(), by.id
        current.flush()
        for schedule in standard.schedules:
            if schedule.duty == "calibration" and not schedule.label:
                require_within_cap(current, standard.id, schedule.interval_count, schedule.interval_unit)


def _calibrations(rows: Sequence[StandardCertificate], nominal: Decimal, unit: str) -> list[Calibration]:
    found = []
    for certificate in reversed(rows):
        row = next((one for one in certificate.values if one.nominal == nominal), None)
        reading = None if row is None else _deviation(certificate, row, unit)
        if row is not None and reading is not None:
            value, spread = reading
            found.append(Calibration(certificate.calibrated_on, value, float(row.uncertainty) * spread,
                                     float(row.coverage_factor), certificate.number))
    return found


def _deviation(certificate: StandardCertificate, row: StandardValue, unit: str) -> tuple[float, float] | None:
    """(deviation from nominal in the unit, factor of the certificate's U); None where its unit is another."""
    try:
        spread = unit_factor(certificate.spread_unit or certificate.unit, unit)
        if row.correction is not None:
            return float(row.correction) * spread, spread
        assert row.value is not None  # the table holds one of both
        return float(row.value - row.nominal) * unit_factor(certificate.unit, unit), spread
    except UnlikeUnits:
        return None


def _own_limit(held: Standard | StandardFunction, unit: str) -> float | None:
    stated = held.mpe or held.drift_half_width
    if not stated:
        return None
    try:
        return float(stated) * unit_factor(held.spread_unit or held.unit, unit)
    except UnlikeUnits:
        return None


def _tested(rows: Sequence[StandardCertificate], unit: str, limit: float) -> tuple[int, int]:
    """(calibrations that found every common point within the limit of the one before, calibrations compared), of
    certificates with the newest first."""
    good = compared = 0
    for before, after in itertools.pairwise(reversed(rows)):
        earlier = {row.nominal: _deviation(before, row, unit) for row in before.values}
        changes = [abs(now[0] - was[0]) for row in after.values
                   for now, was in [(_deviation(after, row, unit), earlier.get(row.nominal))]
                   if now is not None and was is not None]
        if changes:
            compared += 1
            good += max(changes) <= limit
    return good, compared


def _data(shown: History | None) -> dict[str, object]:
    if shown is None:
        return {}
    return {"nominal": str(shown.nominal), "unit": shown.unit, "limit": shown.limit,
            "calibrations": [[one.on.isoformat(), one.value, one.U, one.k, one.certificate]
                             for one in shown.calibrations],
            "proposals": {one.method: one.days for one in shown.proposals}}


