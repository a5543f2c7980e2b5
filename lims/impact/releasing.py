"""When a standard that was taken out of use may be used again (ISO/IEC 17025 6.4.9, 6.4.10, 7.10.1 f)."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.words import Words
from lims.auth.models import User
from lims.equipment.facts import standing
from lims.equipment.models import DutyRecord, Standard, StandardStateChange
from lims.impact.models import CheckPlan, CheckRun, ImpactReview
from lims.shared.errors import Conflict


def waiting(current: Session, standard: Standard) -> list[CheckPlan]:
    """Plans in use whose newest check failed, where no calibration came since: a good check of another plan says
    nothing of what this one found."""
    calibrated = max((row.calibrated_on for row in standing(standard.certificates)), default=None)
    found = []
    for plan in current.scalars(sa.select(CheckPlan).where(
            CheckPlan.standard_id == standard.id, CheckPlan.active).order_by(CheckPlan.id)):
        last = current.scalars(sa.select(CheckRun).where(CheckRun.plan_id == plan.id).order_by(
            CheckRun.done_on.desc(), CheckRun.id.desc()).limit(1)).one_or_none()
        if last is not None and not last.passed and (calibrated is None or calibrated < last.done_on):
            found.append(plan)
    return found


def require_good_checks(current: Session, standard: Standard) -> None:
    """Raises Conflict while a plan waits for a good check."""
    if plans := waiting(current, standard):
        names = ", ".join(plan.title for plan in plans)
        raise Conflict(f"Lần kiểm tra gần nhất không đạt: {names}. Cần một lần đạt của chính phép kiểm tra ấy, hoặc "
                       "giấy hiệu chuẩn mới.",
                       f"The last check failed: {names}. A good check of that plan or a new calibration certificate is "
                       "needed.", "state")


def counted_through(current: Session, plan: CheckPlan, done_on: date, last_done_on: date | None) -> date | None:
    """The day through which the standard's checks are done after a good one of this plan: that of the plan in use that
    was passed longest ago. A plan without a good check leaves it where it stands."""
    others = current.execute(sa.select(CheckPlan.id, sa.func.max(CheckRun.done_on)).outerjoin(
        CheckRun, sa.and_(CheckRun.plan_id == CheckPlan.id, CheckRun.passed)).where(
        CheckPlan.standard_id == plan.standard_id, CheckPlan.active, CheckPlan.id != plan.id).group_by(CheckPlan.id))
    days = [day for _plan, day in others]
    return last_done_on if None in days else min([done_on, *days])


def open_review(current: Session, standard: Standard, *, but: int | None = None) -> ImpactReview | None:
    """A review of the standard that is not closed, the newest; `but` is left out."""
    query = sa.select(ImpactReview).where(ImpactReview.standard_id == standard.id, ImpactReview.state != "closed")
    return current.scalars((query if but is None else query.where(ImpactReview.id != but)).order_by(
        ImpactReview.id.desc()).limit(1)).one_or_none()


def refused(current: Session, standard: Standard, by: User) -> Words | None:
    """Why this person's good check does not end the quarantine; None where it does.

    Who keeps the register may always; whoever checks may while a failed check alone is the cause and no review of the
    results is open, since resuming that work is for somebody to authorise."""
    if "standards.edit" in by.permissions:
        return None
    review = open_review(current, standard)
    if review is not None:
        return Words(f"Xem xét {review.number} chưa đóng: người đóng xem xét cho dùng lại.",
                     f"Review {review.number} is not closed: whoever closes it puts the standard into use again.")
    last = current.scalars(sa.select(StandardStateChange).where(
        StandardStateChange.standard_id == standard.id).order_by(StandardStateChange.id.desc()).limit(1)).one_or_none()
    if last is not None and not current.scalar(sa.select(DutyRecord.id).where(
            DutyRecord.standard_id == standard.id, ~DutyRecord.passed, DutyRecord.note == last.reason).limit(1)):
        return Words(f"Chuẩn bị cách ly vì lý do khác ({last.reason}): người quản lý chuẩn cho dùng lại.",
                     f"It is quarantined for another reason ({last.reason}): whoever keeps the register puts it into "
                     "use again.")
    return None
