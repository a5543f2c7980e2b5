"""Use cases of interlaboratory comparisons: planned, scored, followed up (ISO/IEC 17025 7.7.2; ISO 13528:2022)."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from lims.auth.models import User
from lims.impact.models import Comparison, ComparisonAction
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from lims.shared.files import store
from lims.shared.freshness import require_version
from uncertainty.comparison import Score, Stated, Verdict, compare

GRAVITY = (Verdict.SATISFACTORY, Verdict.QUESTIONABLE, Verdict.UNSATISFACTORY)


@dataclass(frozen=True, kw_only=True)
class ComparisonDetails:
    """What is planned, cleaned."""

    code: str
    title: str
    provider: str
    measurand: str
    unit: str
    planned_on: date
    responsible_id: int
    accreditation: str = ""
    procedure_code: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The laboratory's value with U, the assigned value with U (both at the coverage factor), and sigma_pt or None."""

    measured_on: date
    lab_value: Decimal
    lab_uncertainty: Decimal
    reference_value: Decimal
    reference_uncertainty: Decimal
    coverage_factor: Decimal = Decimal(2)
    sigma_pt: Decimal | None = None
    file: tuple[str, bytes] | None = None


def comparison(comparison_id: int) -> Comparison:
    """The comparison, or NotFound."""
    found = session().get(Comparison, comparison_id)
    if found is None:
        raise NotFound("Không có lần so sánh này.", "No such comparison.")
    return found


def plan_comparison(details: ComparisonDetails, *, by: User) -> Comparison:
    """Put a round into the plan. Raises Invalid at the first wrong field."""
    with write("comparison.plan", actor=_named(by)) as current:
        _check(details)
        row = Comparison(coverage_factor=Decimal(2), created_at=clock.now(), **_columns(details))
        current.add(row)
        try:
            current.flush()
        except IntegrityError as error:
            raise _known() from error
    return row


def change_comparison(comparison_id: int, details: ComparisonDetails, *, version: int, by: User) -> None:
    """Change what is planned."""
    with write("comparison.change", actor=_named(by)) as current:
        row = _fresh(comparison_id, version)
        _check(details)
        for name, value in _columns(details).items():
            setattr(row, name, value)
        try:
            current.flush()
        except IntegrityError as error:
            raise _known() from error


def record_outcome(comparison_id: int, outcome: Outcome, *, version: int, by: User) -> None:
    """The result came: scores follow, and the verdict is the gravest of those that apply."""
    if outcome.measured_on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "measured_on")
    for name in ("lab_uncertainty", "reference_uncertainty"):
        if getattr(outcome, name) < 0:
            raise Invalid("Số này không âm.", "This number is not negative.", name)
    if outcome.coverage_factor <= 0:
        raise Invalid("k lớn hơn 0.", "k is above 0.", "coverage_factor")
    if outcome.sigma_pt is not None and outcome.sigma_pt <= 0:
        raise Invalid("σpt lớn hơn 0.", "sigma_pt is above 0.", "sigma_pt")
    scores, verdict = scored(outcome)
    if not verdict:
        raise Invalid("Cần U của hai bên hoặc σpt để tính điểm.", "U of both sides or sigma_pt is needed for a score.",
                      "lab_uncertainty")
    with write("comparison.outcome", actor=_named(by)) as current:
        row = _fresh(comparison_id, version)
        if outcome.file is not None:
            stored = store(current, *outcome.file)
            current.flush()
            row.evidence_id = stored.id
        for field in fields(outcome):
            if field.name != "file":
                setattr(row, field.name, getattr(outcome, field.name))
        row.scores, row.verdict = scores, verdict


def scored(outcome: Outcome) -> tuple[dict[str, Any], str]:
    """({name: [score, verdict]} of E_n, zeta, z, z'; the gravest verdict). z counts only where z' says the same."""
    k = float(outcome.coverage_factor)
    found = compare(Stated(float(outcome.lab_value), float(outcome.lab_uncertainty), k),
                    Stated(float(outcome.reference_value), float(outcome.reference_uncertainty), k),
                    None if outcome.sigma_pt is None else float(outcome.sigma_pt))
    scores: Mapping[str, Score | None] = {"En": found.en, "zeta": found.zeta, "z": found.z, "z_prime": found.z_prime}
    counting = [score for name, score in scores.items() if score is not None and name != "z"]
    gravest = max((GRAVITY.index(score.verdict) for score in counting), default=None)
    plain = {name: None if score is None else [round(score.value, 6), score.verdict.value]
             for name, score in scores.items()}
    return plain, "" if gravest is None else GRAVITY[gravest].value


def add_action(comparison_id: int, text: str, responsible_id: int, due_on: date, *, by: User) -> None:
    """Something is to be done after the comparison."""
    if not text.strip():
        raise Invalid("Hãy ghi việc cần làm.", "Say what is to be done.", "text")
    with write("comparison.action", actor=_named(by)) as current:
        row = comparison(comparison_id)
        if current.get(User, responsible_id) is None:
            raise Invalid("Không có người này.", "No such person.", "responsible_id")
        current.add(ComparisonAction(comparison_id=row.id, text=text, responsible_id=responsible_id, due_on=due_on))


def end_action(comparison_id: int, action_id: int, outcome: str, *, by: User) -> None:
    """It is done, with what came of it: said by whoever was to do it, or who keeps the register (else NotPermitted)."""
    if not outcome.strip():
        raise Invalid("Hãy ghi kết quả.", "Say what came of it.", "outcome")
    with write("comparison.action_done", actor=_named(by)) as current:
        row = current.get(ComparisonAction, action_id)
        if row is None or row.comparison_id != comparison_id:
            raise NotFound("Không có việc này.", "No such action.")
        if by.id != row.responsible_id and "standards.edit" not in by.permissions:
            raise NotPermitted("Việc này giao cho người khác.", "This was given to somebody else.")
        if row.done_on is not None:
            raise Conflict("Việc này đã ghi xong.", "This was recorded as done.")
        row.done_on, row.outcome = clock.today(), outcome


def other_points(row: Comparison) -> list[Comparison]:
    """The other points of the same round, as they were entered."""
    return list(session().scalars(sa.select(Comparison).where(
        Comparison.provider == row.provider, Comparison.code == row.code, Comparison.id != row.id)
        .order_by(Comparison.id)))


def overdue(today: date) -> sa.ColumnElement[bool]:
    """The condition that picks actions still open after their day."""
    return sa.and_(ComparisonAction.done_on.is_(None), ComparisonAction.due_on < today)


def answered_by(user_id: int) -> sa.ColumnElement[bool]:
    """Rounds that a person has something to do for: without a result and theirs, or with an action of theirs open."""
    return sa.or_(sa.and_(Comparison.responsible_id == user_id, Comparison.verdict == ""), Comparison.actions.any(
        sa.and_(ComparisonAction.responsible_id == user_id, ComparisonAction.done_on.is_(None))))


def without_follow_up() -> sa.ColumnElement[bool]:
    """The condition that picks unsatisfactory rounds after which nothing was asked to be done."""
    return sa.and_(Comparison.verdict == "unsatisfactory", ~Comparison.actions.any())


def overdue_actions(today: date) -> int:
    """How many actions are still open after their day."""
    return session().scalar(sa.select(sa.func.count()).select_from(ComparisonAction).where(overdue(today))) or 0


def _named(by: User) -> tuple[str, str]:
    return str(by.id), by.full_name


def _columns(details: ComparisonDetails) -> dict[str, Any]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _check(details: ComparisonDetails) -> None:
    for name in ("code", "title", "provider", "measurand", "unit"):
        if not getattr(details, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    if session().get(User, details.responsible_id) is None:
        raise Invalid("Không có người này.", "No such person.", "responsible_id")


def _fresh(comparison_id: int, version: int) -> Comparison:
    row = comparison(comparison_id)
    require_version(row, version, "lần so sánh này", "this comparison")
    return row


def _known() -> Invalid:
    return Invalid("Vòng này của nhà tổ chức này đã có điểm ấy.", "This round of this provider has that point already.",
                   "measurand")
