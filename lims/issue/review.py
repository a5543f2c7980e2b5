"""Use cases before the issue: review a result, send it back, and which procedures want a separate reviewer."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue import wording
from lims.issue.models import Approval, SeparateReview
from lims.issue.statement_models import ItemStatement
from lims.jobs import states
from lims.jobs.models import Job, JobItem, Result, Worksheet
from lims.jobs.results import evaluation_of, latest_result, performers
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from lims.shared.text import clean
from lims.staff.service import approvable, require_authorised

WAITING = ("submitted", "reviewed")
_MEANINGS = {"review": wording.I_REVIEWED, "approve": wording.I_APPROVE}


def waiting(states: Collection[str] = WAITING) -> Sequence[JobItem]:
    """Items that wait for review or signature, or for one of them; the earliest promised first."""
    return session().scalars(
        sa.select(JobItem).join(Job).where(JobItem.state.in_(states))
        .options(joinedload(JobItem.procedure), joinedload(JobItem.worksheet).joinedload(Worksheet.performed_by))
        .order_by(Job.promised_on.nulls_last(), JobItem.id)).all()


def newest_results(items: Iterable[JobItem]) -> dict[int, Result]:
    """The result that counts of each item, by item id; one query."""
    rows = session().execute(
        sa.select(Worksheet.item_id, Result).join(Result, Result.worksheet_id == Worksheet.id)
        .where(Worksheet.item_id.in_([item.id for item in items])).order_by(Result.revision))
    return {item_id: result for item_id, result in rows.all()}  # noqa: C416  (a Row is no tuple to the type checker)


def clean_ones(items: Iterable[JobItem], results: Mapping[int, Result], signer: User) -> list[int]:
    """Items that nobody has to think about: passed or not judged, no warning, no deviation, for this signer to approve.

    What a list can tell without rendering; the preflight of each stands before its issue all the same.
    """
    separate, today = separately_reviewed(), clock.today()
    items = list(items)
    stating = _stating([item.id for item in items])
    allowed = approvable(signer.id, today)
    return [item.id for item in items if (result := results.get(item.id)) is not None
            and result.verdict in ("pass", "not_stated") and item.procedure.code in allowed
            and (item.state == "reviewed" or item.procedure.code not in separate)
            and item.worksheet is not None and item.worksheet.performed_by_id != signer.id
            and not item.worksheet.deviation.strip() and item.id not in stating
            and not evaluation_of(result)["warnings"]]


def _stating(item_ids: Sequence[int]) -> set[int]:
    """Those of these items whose documents state something beside the results."""
    return set(session().scalars(sa.select(ItemStatement.item_id).where(
        ItemStatement.item_id.in_(item_ids), ItemStatement.taken_back_at.is_(None))))


def review_item(item_id: int, *, reviewer: User, password: str, digest: str | None = None) -> Approval:
    """Record that a result was reviewed. Who measured cannot review it; `digest` is that of the result that was seen.

    Raises NotPermitted (permission, competence, own work, wrong password) or Conflict (state, newer result).
    """
    require_permission(reviewer, "issue.review")
    confirm_password(reviewer, password)
    with write("result.review", actor=actor_of(reviewer)) as current:
        item, result = _item_and_result(current, item_id, digest)
        require_authorised(reviewer.id, item.procedure.code, "review", clock.today())
        if item.worksheet is None or reviewer.id in performers(item.worksheet):
            raise NotPermitted("Người đo không soát xét kết quả của mình; người khác phải soát xét.",
                               "Whoever measured cannot review the result; somebody else has to.")
        item.state = states.after(item.state, "review")
        approval = sign(current, item.id, (result.id, result.digest), "review", reviewer,
                        clock.now().replace(microsecond=0))
    return approval


def send_back(item_id: int, *, reviewer: User, reason: str) -> None:
    """Return a result to the person who measured, saying what to mend. Raises Invalid at `reason`."""
    if not {"issue.review", "issue.sign"} & reviewer.permissions:
        raise NotPermitted("Bạn không có quyền trả lại.", "You may not send results back.")
    reason = clean(reason, multiline=True)
    if not reason:
        raise Invalid("Hãy ghi cần sửa gì.", "Say what is to be mended.", "reason")
    with write("result.send_back", reason=reason, actor=actor_of(reviewer)) as current:
        item = locked_item(current, item_id)
        item.state = states.after(item.state, "send_back")
        item.return_reason = reason


def set_separate_review(procedure_code: str, wanted: bool, *, user: User) -> None:
    """Choose whether results of a procedure need a reviewer beside the person who signs."""
    require_permission(user, "staff.edit")
    with write("procedure.separate_review", actor=actor_of(user)) as current:
        row = current.get(SeparateReview, procedure_code)
        if wanted and row is None:
            current.add(SeparateReview(procedure_code=procedure_code))
        elif not wanted and row is not None:
            current.delete(row)


def separately_reviewed() -> set[str]:
    """Codes of procedures that want a separate reviewer."""
    return set(session().scalars(sa.select(SeparateReview.procedure_code)))


class Person(Protocol):
    """Whoever signs: an account, or what was read of it."""

    @property
    def id(self) -> int: ...
    @property
    def full_name(self) -> str: ...
    @property
    def title(self) -> str: ...


def sign(current: Session, item_id: int, result: tuple[int, str], activity: str, person: Person,
         at: datetime) -> Approval:
    """The recorded signature, bound to the result (id and digest); `at` in whole seconds, as it is printed."""
    result_id, digest = result
    approval = Approval(
        item_id=item_id, result_id=result_id, activity=activity, meaning=_MEANINGS[activity].vi, person_id=person.id,
        person=person.full_name, title=person.title, at=at, result_digest=digest)
    current.add(approval)
    return approval


def locked_item(current: Session, item_id: int) -> JobItem:
    """The item as it stands now, kept from others until this transaction ends. Raises NotFound."""
    item = current.get(JobItem, item_id, populate_existing=True, with_for_update={"of": JobItem})
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    return item


def require_permission(person: User, permission: str) -> None:
    """Raises NotPermitted for a locked account or one without the permission."""
    if not person.active or permission not in person.permissions:
        raise NotPermitted("Tài khoản của bạn không có quyền làm việc này.", "Your account may not do this.")


def actor_of(person: User) -> tuple[str, str]:
    """How the audit trail names this person."""
    return str(person.id), person.full_name


def _item_and_result(current: Session, item_id: int, digest: str | None) -> tuple[JobItem, Result]:
    item = locked_item(current, item_id)
    result = latest_result(item)
    if result is None:
        raise Conflict("Mục này chưa có kết quả gửi soát xét.", "No result of this item was submitted yet.")
    if digest is not None and digest != result.digest:
        raise Conflict("Kết quả đã đổi từ khi bạn mở trang; hãy tải lại và xem lại.",
                       "The result has changed since you opened the page; reload and look again.")
    return item, result
