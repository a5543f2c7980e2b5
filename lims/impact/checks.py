"""Use cases of intermediate checks: a plan, readings, and what they mean for the standard (6.4.10, 7.7.1)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from instruments.check_charts import RULES, CheckLimits, CheckOutcome, judge_check
from instruments.typed_number import NumberError, TypedNumber, parse_typed
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.auth.models import User
from lims.equipment.facts import borne_by, first_end
from lims.equipment.models import DutyRecord, Schedule, Standard
from lims.equipment.schedules import note_duty
from lims.equipment.service import check_interval, locked, set_state
from lims.impact import releasing
from lims.impact.models import CheckPlan, CheckRun, ImpactReview
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.i18n import decimal

DUTY = "intermediate_check"
METHODS = ("shewhart", "en")
READS = ("value", "indication")


@dataclass(frozen=True, kw_only=True)
class PlanDetails:
    """What a plan holds, cleaned; numbers in `unit`."""

    title: str
    artefact: str
    unit: str
    method: str
    centre: Decimal
    repeats: int
    point: str = ""
    check_standard_id: int | None = None
    sigma: Decimal | None = None
    reference_uncertainty: Decimal | None = None
    own_uncertainty: Decimal | None = None
    action_limit: Decimal | None = None
    rules: tuple[int, ...] = (1,)
    active: bool = True
    reads: str | None = None


def plan(plan_id: int) -> CheckPlan:
    """The plan, or NotFound."""
    found = session().get(CheckPlan, plan_id)
    if found is None:
        raise NotFound("Không có kế hoạch kiểm tra này.", "No such check plan.")
    return found


def plans_of(standard_id: int) -> list[CheckPlan]:
    """Plans of a standard with their runs, those in use first."""
    return list(session().scalars(sa.select(CheckPlan).where(CheckPlan.standard_id == standard_id).options(
        sa.orm.selectinload(CheckPlan.runs)).order_by(CheckPlan.active.desc(), CheckPlan.id)))


def create_plan(standard_id: int, details: PlanDetails, *, interval_count: int, interval_unit: str,
                by: User) -> CheckPlan:
    """A new plan; the schedule of intermediate checks gets the interval. Raises Invalid at the first wrong field."""
    with write("check.plan", actor=_named(by)) as current:
        standard = locked(current, standard_id)
        _check_details(current, standard, details)
        check_interval(interval_count, interval_unit)
        schedule = _schedule(standard)
        if schedule is None:
            standard.schedules.append(Schedule(duty=DUTY, interval_count=interval_count, interval_unit=interval_unit))
        else:
            schedule.interval_count, schedule.interval_unit, schedule.active = interval_count, interval_unit, True
        row = CheckPlan(standard_id=standard.id, created_at=clock.now(), **_columns(details))
        current.add(row)
    return row


def change_plan(plan_id: int, details: PlanDetails, *, version: int, by: User) -> None:
    """Change a plan; runs keep the centre and sigma that they were judged by."""
    with write("check.change_plan", actor=_named(by)) as current:
        row = plan(plan_id)
        require_version(row, version, "kế hoạch này", "this plan")
        _check_details(current, row.standard, details)
        for name, value in _columns(details).items():
            if getattr(row, name) != value:
                setattr(row, name, value)


def record_run(plan_id: int, *, done_on: date, readings: Sequence[str], note: str, release: bool, by: User) -> CheckRun:
    """A check was done. It may be done whatever the state of the standard, so that a blocked one can be checked.

    A failed one quarantines the standard and opens an impact review that assumes the deviation found; a passed one ends
    the block, and with `release` puts a quarantined standard into use again where this person may (`releasing`) and no
    other plan waits for a good check. Raises Invalid at `readings.N`, `done_on`.
    """
    numbers = _numbers(readings)
    with write("check.run", reason=note, actor=_named(by)) as current:
        row = plan(plan_id)
        standard = locked(current, row.standard_id)
        if not row.active:
            raise Conflict("Kế hoạch này đã ngừng.", "This plan is no longer in use.")
        if standard.state == "retired":
            raise Conflict("Chuẩn đã thanh lý.", "The standard is retired.")
        if len(numbers) != row.repeats:
            raise Invalid(f"Cần đủ {row.repeats} số đọc.", f"All {row.repeats} readings are needed.",
                          f"readings.{len(numbers)}")
        _require_check_standard(row, done_on)
        readings_read = [float(number.value) for number in numbers]
        outcome = judge_check(readings_read, limits_of(row), _earlier(current, row, done_on))
        mean = sum((number.value for number in numbers), Decimal(0)) / len(numbers)
        text = _told(row, mean, outcome, note)
        schedule = _schedule(standard)
        counts = releasing.counted_through(current, row, done_on, schedule.last_done_on if schedule else None)
        record = note_duty(current, standard, DUTY, done_on=done_on, passed=outcome.passed, note=text, by_id=by.id,
                           counts=counts or date.min)
        current.flush()
        run = CheckRun(
            plan_id=row.id, duty_record_id=record.id, done_on=done_on, readings=[number.text for number in numbers],
            mean=mean, centre=row.centre, sigma=row.sigma,
            score=None if outcome.score is None else Decimal(f"{outcome.score:.6g}"), passed=outcome.passed,
            findings=[{"code": one.code, "fails": one.fails, "vi": one.text.vi, "en": one.text.en}
                      for one in outcome.findings], note=note, at=clock.now(), by_id=by.id)
        current.add(run)
        if not outcome.passed:
            _assume_deviation(current, standard, row, record, mean)
        elif release and standard.state == "quarantined" and not (
                releasing.waiting(current, standard) or releasing.refused(current, standard, by)):
            set_state(current, standard, "in_use", text, by.id)
    return run


def limits_of(row: CheckPlan) -> CheckLimits:
    """The plan as its rule takes it."""
    shewhart = row.method == "shewhart"
    return CheckLimits(
        centre=float(row.centre), sigma=float(row.sigma) if shewhart and row.sigma else None, rules=rules_of(row),
        reference_uncertainty=_float(row.reference_uncertainty), own_uncertainty=_float(row.own_uncertainty),
        action_limit=_float(row.action_limit))


def rules_of(row: CheckPlan) -> tuple[int, ...]:
    """Nelson's rules that stop the standard."""
    return tuple(int(one) for one in row.rules.split(",") if one)


def baseline(row: CheckPlan) -> tuple[Decimal, Decimal] | None:
    """Mean and standard deviation of the means of all passed runs; None with fewer than five."""
    means = [run.mean for run in row.runs if run.passed]
    if len(means) < 5:
        return None
    middle = sum(means, Decimal(0)) / len(means)
    return middle, (sum(((one - middle) ** 2 for one in means), Decimal(0)) / (len(means) - 1)).sqrt()


@dataclass(frozen=True)
class Planned:
    """A plan in the list of all: its due date and how the last check ended."""

    plan: CheckPlan
    due_on: date | None
    last: CheckRun | None


def all_plans() -> list[Planned]:
    """Plans in use, the one due first on top."""
    rows = session().scalars(sa.select(CheckPlan).where(CheckPlan.active).options(
        joinedload(CheckPlan.standard).selectinload(Standard.schedules))).unique().all()
    newest = sa.select(sa.func.max(CheckRun.id)).group_by(CheckRun.plan_id)
    last = {run.plan_id: run for run in session().scalars(sa.select(CheckRun).where(CheckRun.id.in_(newest)))}
    found = [Planned(row, _due(row.standard),
                     last.get(row.id)) for row in rows]
    return sorted(found, key=lambda one: (one.due_on or date.min, one.plan.id))


def _due(standard: Standard) -> date | None:
    schedule = _schedule(standard)
    return schedule.due_on if schedule is not None and schedule.active else None


def _schedule(standard: Standard) -> Schedule | None:
    return next((one for one in standard.schedules if one.duty == DUTY and not one.label), None)


def _named(by: User) -> tuple[str, str]:
    return str(by.id), by.full_name


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _columns(details: PlanDetails) -> dict[str, object]:
    values = {name: getattr(details, name) for name in PlanDetails.__dataclass_fields__}
    return {**values, "rules": ",".join(str(one) for one in details.rules)}


def _check_details(current: Session, standard: Standard, details: PlanDetails) -> None:
    if details.method not in METHODS:
        raise Invalid("Hãy chọn cách đánh giá.", "Choose the criterion.", "method")
    if not 1 <= details.repeats <= 30:
        raise Invalid("Số lần đọc từ 1 đến 30.", "1 to 30 readings.", "repeats")
    if details.method == "shewhart" and (details.sigma is None or details.sigma <= 0):
        raise Invalid("Biểu đồ Shewhart cần σ lớn hơn 0.", "A Shewhart chart needs sigma above 0.", "sigma")
    if details.method == "en" and not ((details.reference_uncertainty or 0) > 0 or (details.own_uncertainty or 0) > 0):
        raise Invalid("Tiêu chí En cần U của vật kiểm tra hoặc U của phép đo.",
                      "The En criterion needs U of the artefact or of the measurement.", "reference_uncertainty")
    for name in ("reference_uncertainty", "own_uncertainty", "action_limit"):
        if (value := getattr(details, name)) is not None and value < 0:
            raise Invalid("Số này không âm.", "This number is not negative.", name)
    if details.reads is not None and details.reads not in READS:
        raise Invalid("Hãy chọn số đọc là gì.", "Choose what is read.", "reads")
    if not set(details.rules) <= set(RULES):
        raise Invalid("Không có quy tắc này.", "No such rule.", "rules")
    if details.check_standard_id is not None:
        other = current.get(Standard, details.check_standard_id)
        if other is None or other.id == standard.id:
            raise Invalid("Hãy chọn một chuẩn khác.", "Choose another standard.", "check_standard_id")


def _numbers(readings: Sequence[str]) -> list[TypedNumber]:
    numbers = []
    for place, text in enumerate(readings):
        if not text.strip():
            raise Invalid("Hãy nhập số đọc này.", "Enter this reading.", f"readings.{place}")
        try:
            numbers.append(parse_typed(text, convention="vi"))
        except NumberError as wrong:
            raise Invalid(wrong.vi, wrong.en, f"readings.{place}") from wrong
    return numbers


def _require_check_standard(row: CheckPlan, on: date) -> None:
    """What is checked against must itself be good on the day."""
    other = row.check_standard
    if other is None:
        return
    borne = borne_by(other, on)
    states = {standard.state for standard, _certificate in borne} | {other.state}
    if not borne or states != {"in_use"} or (first_end(borne) or on) < on:
        raise Conflict(f"{other.asset_number} dùng để kiểm tra không ở trạng thái dùng được vào ngày này.",
                       f"{other.asset_number}, which it is checked against, cannot be used on this day.", "done_on")


def _earlier(current: Session, row: CheckPlan, on: date) -> list[float]:
    """Means before this day under the same centre and sigma, oldest first."""
    means = current.execute(sa.select(CheckRun.mean, CheckRun.centre, CheckRun.sigma).where(
        CheckRun.plan_id == row.id, CheckRun.done_on <= on).order_by(CheckRun.done_on, CheckRun.id)).all()
    return [float(mean) for mean, centre, sigma in means if (centre, sigma) == (row.centre, row.sigma)]


def _told(row: CheckPlan, mean: Decimal, outcome: CheckOutcome, note: str) -> str:
    shown = decimal(f"{mean:.10g}")
    parts = [f"{row.title}: trung bình {shown} {row.unit}", *(one.text.vi for one in outcome.findings if one.fails)]
    return "; ".join(parts) + (f". {note}" if note.strip() else "")


def _assume_deviation(current: Session, standard: Standard, row: CheckPlan, record: DutyRecord, mean: Decimal) -> None:
    """The review opened by the failure reckons with the deviation found.

    A value that reads high has grown by it; a standard that indicates too much stands for less by as much. Where the
    plan does not say which is read, the sign is not known, and it is reckoned as a drift to either side."""
    opened = current.scalars(sa.select(ImpactReview).where(
        ImpactReview.duty_record_id == record.id)).one_or_none()
    if opened is None:
        return
    try:
        factor = unit_factor(row.unit, standard.spread_unit or standard.unit)
    except UnlikeUnits:
        return
    deviation = (mean - row.centre) * Decimal(repr(factor))
    if row.reads is None:
        opened.half_width = abs(deviation)
    else:
        opened.shift = deviation if row.reads == "value" else -deviation
