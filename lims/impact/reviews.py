"""Use cases of an impact review: it opens, is recomputed, decided, its customers told, closed (ISO/IEC 17025 7.10)."""
from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.equipment.facts import certificate_on, standing
from lims.equipment.models import DutyRecord, Standard, StandardCertificate
from lims.equipment.service import locked, set_state
from lims.impact.concerned import concerned, flips, notices, to_recall
from lims.impact.models import DECISIONS, SIGNIFICANCES, ImpactNotice, ImpactReview
from lims.impact.touched import tainted
from lims.jobs.models import Worksheet, WorksheetStandard
from lims.shared import clock, tasks
from lims.shared.audit import actor_of
from lims.shared.clock import local
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version

KIND = "impact.recompute"


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """What the results are recomputed with; `shift` and `half_width` in the standard's spread unit."""

    since: date
    until: date
    certificate_id: int | None = None
    shift: Decimal = Decimal(0)
    half_width: Decimal | None = None


def review(review_id: int) -> ImpactReview:
    """The review, or NotFound."""
    found = session().get(ImpactReview, review_id)
    if found is None:
        raise NotFound("Không có xem xét này.", "No such review.")
    return found


def open_by_hand(standard_id: int, what: str, assumption: Assumption, *, quarantine: bool, by: User) -> ImpactReview:
    """Somebody suspects a standard: open a review and, if asked, take it out of use in the same step."""
    if not what.strip():
        raise Invalid("Hãy ghi điều nghi ngờ.", "Say what is suspected.", "what")
    with write("impact.open", reason=what, actor=_named(by)) as current:
        standard = locked(current, standard_id)
        _check(current, standard, assumption)
        opened = open_review(current, standard, "suspicion", what, assumption)
        if quarantine and standard.state in ("in_use", "out_for_calibration"):
            set_state(current, standard, "quarantined", what, by.id)
    return opened


def open_review(current: Session, standard: Standard, cause: str, what: str, assumption: Assumption,
                **trigger: int) -> ImpactReview:
    """The same inside a transaction that is open already; the recomputation is enqueued with it."""
    by_id, _name = actor_of(current)
    row = ImpactReview(
        number=secrets.token_hex(8), standard_id=standard.id, cause=cause, what=what, since=assumption.since,
        until=assumption.until, certificate_id=assumption.certificate_id, shift=assumption.shift,
        half_width=assumption.half_width, opened_at=clock.now(), opened_by_id=int(by_id), run=1, **trigger)
    current.add(row)
    current.flush()
    row.number = f"AH-{local(row.opened_at):%y}-{row.id:04d}"
    _enqueue(row, standard)
    return row


def after_failed_check(current: Session, standard: Standard, record: DutyRecord) -> None:
    """A failed intermediate check opens a review back to the last good one; nothing used since means nothing to do."""
    if record.duty != "intermediate_check":
        return
    assumption = Assumption(since=last_good(current, standard, record), until=clock.today())
    if count_affected(current, standard.id, assumption):
        open_review(current, standard, "failed_check", record.note, assumption, duty_record_id=record.id)


def after_certificate(current: Session, standard: Standard, added: StandardCertificate) -> None:
    """A new, corrected or withdrawn certificate opens a review when results rest on other values than it gives."""
    rows = [row for row in standing(standard.certificates) if row.function_id == added.function_id]
    replaced = current.get(StandardCertificate, added.supersedes_id) if added.supersedes_id else None
    counting = certificate_on(standard, added.calibrated_on, added.function_id) if added.void else added
    before = next((row for row in rows if row.calibrated_on < added.calibrated_on), None)
    since = min(row.calibrated_on for row in (added, replaced, before) if row is not None)
    later = [row.calibrated_on for row in rows if row.calibrated_on > added.calibrated_on]
    until = min(later) - timedelta(days=1) if later else clock.today()
    assumption = Assumption(since=since, until=until, certificate_id=counting.id if counting else None)
    if count_affected(current, standard.id, assumption):
        open_review(current, standard, "certificate", _told(added), assumption, trigger_id=added.id)


def last_good(current: Session, standard: Standard, failed: DutyRecord) -> date:
    """Day of the last passed check before the failed one, or of the calibration that counted, whichever is later."""
    passed = current.scalar(sa.select(sa.func.max(DutyRecord.done_on)).where(
        DutyRecord.standard_id == standard.id, DutyRecord.duty == failed.duty, DutyRecord.passed,
        DutyRecord.done_on <= failed.done_on, DutyRecord.id != failed.id))
    calibrated = certificate_on(standard, failed.done_on)
    days = [day for day in (passed, calibrated.calibrated_on if calibrated else None) if day is not None]
    return max(days, default=failed.done_on)


def affected(standard_id: int, assumption: Assumption | ImpactReview) -> Any:
    """Select of the sheets concerned: measured in the days with the standard, with other values than those assumed, or
    with a standard that was calibrated with it in the days."""
    own = (sa.select(Worksheet.id).join(WorksheetStandard, WorksheetStandard.worksheet_id == Worksheet.id)
           .where(WorksheetStandard.standard_id == standard_id, Worksheet.submitted_at.is_not(None),
                  Worksheet.performed_on.between(assumption.since, assumption.until)))
    if assumption.certificate_id is not None:
        function = _functions(assumption.certificate_id)
        own = own.join(StandardCertificate, StandardCertificate.id == WorksheetStandard.certificate_id).where(
            sa.func.coalesce(StandardCertificate.function_id, 0) == function)
        if not assumption.shift and assumption.half_width is None:
            own = own.where(WorksheetStandard.certificate_id != assumption.certificate_id)
    below = tainted(standard_id, assumption.since, assumption.until)
    through = (sa.select(Worksheet.id).select_from(below)
               .join(WorksheetStandard, WorksheetStandard.certificate_id == below.c.certificate_id)
               .join(Worksheet, Worksheet.id == WorksheetStandard.worksheet_id)
               .where(Worksheet.submitted_at.is_not(None),
                      Worksheet.performed_on.between(assumption.since, assumption.until)))
    return sa.select(Worksheet.id).where(Worksheet.id.in_(sa.union(own, through)))


def _functions(certificate_id: int) -> Any:
    about = sa.orm.aliased(StandardCertificate)
    return sa.select(sa.func.coalesce(about.function_id, 0)).where(about.id == certificate_id).scalar_subquery()


def certificates_below(standard_id: int, assumption: Assumption | ImpactReview) -> frozenset[int]:
    """The certificates of other standards that were given with this one in the days, through every level."""
    below = tainted(standard_id, assumption.since, assumption.until)
    return frozenset(session().scalars(sa.select(below.c.certificate_id)))


def count_affected(current: Session, standard_id: int, assumption: Assumption | ImpactReview) -> int:
    """How many sheets are concerned."""
    return current.scalar(sa.select(sa.func.count()).select_from(affected(standard_id, assumption).subquery())) or 0


def recompute(review_id: int, assumption: Assumption, *, version: int, by: User) -> None:
    """Recompute with other assumptions; what was found before stays as an earlier run."""
    with write("impact.assume", actor=_named(by)) as current:
        row = _open(current, review_id, version)
        standard = locked(current, row.standard_id)
        _check(current, standard, assumption)
        row.since, row.until, row.certificate_id = assumption.since, assumption.until, assumption.certificate_id
        row.shift, row.half_width = assumption.shift, assumption.half_width
        row.run, row.recomputed_at = row.run + 1, None
        _enqueue(row, standard)


def decide(review_id: int, *, significance: str, decision: str, evaluation: str, version: int, by: User) -> None:
    """How significant it is, and whether the results stand (7.10.1 b-d). Raises Invalid, and Conflict too early."""
    if significance not in SIGNIFICANCES:
        raise Invalid("Hãy chọn mức ảnh hưởng.", "Choose the significance.", "significance")
    if decision not in DECISIONS:
        raise Invalid("Hãy chọn quyết định.", "Choose the decision.", "decision")
    if not evaluation.strip():
        raise Invalid("Hãy ghi căn cứ.", "Give the grounds.", "evaluation")
    with write("impact.decide", reason=evaluation, actor=_named(by)) as current:
        row = _open(current, review_id, version)
        if row.recomputed_at is None:
            raise Conflict("Còn đang tính lại; hãy đợi xong rồi quyết định.",
                           "It is still being recomputed; decide when it is done.")
        if flips(row):
            if decision == "acceptable":
                raise Invalid("Có kết luận bị đảo; khách hàng phải được báo.",
                              "A verdict flips; the customers have to be told.", "decision")
            if significance != "major":
                raise Invalid("Có kết luận không còn đúng: mức ảnh hưởng là lớn.",
                              "A statement is no longer right: the significance is major.", "significance")
        row.significance, row.decision, row.evaluation = significance, decision, evaluation
        row.state, row.decided_at, row.decided_by_id = "decided", clock.now(), by.id


def told(review_id: int, customer_id: int, how: str, *, by: User) -> None:
    """A customer was told: how and when (7.10.1 e)."""
    if not how.strip():
        raise Invalid("Hãy ghi đã báo bằng cách nào.", "Say how they were told.", "how")
    with write("impact.notify", actor=_named(by)) as current:
        row = review(review_id)
        if row.state == "closed":
            raise _closed()
        if customer_id not in {customer.id for customer, _count in concerned(row)}:
            raise NotFound("Doanh nghiệp này không có kết quả bị ảnh hưởng.", "This enterprise is not concerned.")
        if current.scalar(sa.select(ImpactNotice.id).where(ImpactNotice.review_id == row.id,
                                                           ImpactNotice.customer_id == customer_id)):
            raise Conflict("Đã ghi việc báo cho doanh nghiệp này.", "This enterprise was told before.")
        current.add(ImpactNotice(review_id=row.id, customer_id=customer_id, how=how, at=clock.now(), by_id=by.id))


def close(review_id: int, resumption: str, *, version: int, by: User, release: bool = False) -> None:
    """Work may be resumed, authorised by this person (7.10.1 f); with `release` a quarantined standard is used again.

    Raises Conflict while somebody must still be told, a recalled document counts, or the standard waits for a good
    check."""
    if not resumption.strip():
        raise Invalid("Hãy ghi căn cứ cho phép tiếp tục.", "Say why work may be resumed.", "resumption")
    with write("impact.close", reason=resumption, actor=_named(by)) as current:
        row = _open(current, review_id, version, states=("decided",))
        if row.decision != "acceptable":
            waiting = len(concerned(row)) - len(notices(row))
            if waiting > 0:
                raise Conflict(f"Còn {waiting} doanh nghiệp chưa được báo.",
                               f"{waiting} enterprises are still to be told.")
        if row.decision == "recall" and (standing := to_recall(row)):
            raise Conflict(f"Còn {standing} giấy chưa thu hồi hoặc thay thế.",
                           f"{standing} documents are still to be withdrawn or replaced.")
        row.state, row.closed_at, row.closed_by_id, row.resumption = "closed", clock.now(), by.id, resumption
        standard = locked(current, row.standard_id)
        if release and standard.state == "quarantined":
            set_state(current, standard, "in_use", f"{row.number}: {resumption}", by.id)


def quarantine(review_id: int, *, by: User) -> None:
    """Take the standard out of use because of this review."""
    with write("impact.quarantine", actor=_named(by)) as current:
        row = review(review_id)
        standard = locked(current, row.standard_id)
        set_state(current, standard, "quarantined", f"{row.number}: {row.what}", by.id)


def _named(by: User) -> tuple[str, str]:
    return str(by.id), by.full_name


def _enqueue(row: ImpactReview, standard: Standard) -> None:
    tasks.enqueue(KIND, {"review": row.id, "run": row.run},
                  (f"{row.number}: tính lại kết quả dùng {standard.asset_number}",
                   f"{row.number}: recompute results of {standard.asset_number}"))


def _open(current: Session, review_id: int, version: int,
          states: tuple[str, ...] = ("open", "decided")) -> ImpactReview:
    row = current.get(ImpactReview, review_id, populate_existing=True, with_for_update=True)
    if row is None:
        raise NotFound("Không có xem xét này.", "No such review.")
    if row.state not in states:
        raise _closed() if row.state == "closed" else Conflict("Hãy ghi quyết định trước.", "Decide first.")
    require_version(row, version, "xem xét này", "this review")
    return row


def _closed() -> Conflict:
    return Conflict("Xem xét này đã đóng.", "This review is closed.")


def _check(current: Session, standard: Standard, assumption: Assumption) -> None:
    if assumption.since > assumption.until:
        raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "until")
    if assumption.half_width is not None and assumption.half_width < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "half_width")
    if assumption.certificate_id is not None:
        found = current.get(StandardCertificate, assumption.certificate_id)
        if found is None or found.standard_id != standard.id or found.void:
            raise Invalid("Không có giấy này.", "No such certificate.", "certificate_id")


def _told(added: StandardCertificate) -> str:
    if added.void:
        return f"Giấy {added.number} đã được rút: {added.reason}"
    if added.supersedes_id:
        return f"Giấy {added.number} được sửa: {added.reason}"
    return f"Giấy mới {added.number}, hiệu chuẩn ngày {added.calibrated_on:%d/%m/%Y}"
