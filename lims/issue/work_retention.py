"""Retention of what documents rest on (ISO/IEC 17025:2017, 8.4): readings, results and photographs of an item.

They are kept whole years after the last of: measuring day, issue and validity of every document of the item, hand-over.
A hold on any of its documents holds them too. Issued documents stay as they are; they have rules of their own.
"""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.issue import archive
from lims.issue.models import Certificate
from lims.issue.retention import (
    JOB,
    MOST_AT_ONCE,
    Disposed,
    base_of,
    cutoff,
    holds_of,
    kept_until,
    one_by_one,
    permitted,
    rules_on,
)
from lims.issue.retention_models import LegalHold, RetentionRule
from lims.issue.review import actor_of, locked_item
from lims.jobs import disposal
from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import JobItem, Worksheet
from lims.shared import audit, clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict

ENDED = ("issued", "handed_over")
"""States of an item at which nothing more is measured; a replacement that was ordered leads back to measuring."""


def work_base(item: JobItem, documents: Sequence[Certificate]) -> date:
    """The day from which the years of an item's records count."""
    assert item.worksheet is not None
    days = [item.worksheet.performed_on, *(base_of(one) for one in documents)]
    if item.handed_over_at is not None:
        days.append(clock.local_date(item.handed_over_at))
    return max(days)


def work_due(on: date) -> sa.Select[JobItem]:
    """Items whose records need not be kept any longer on the day, held ones among them, disposed ones not."""
    rule = rules_on(on).get(JOB)
    if rule is None:
        return sa.select(JobItem).where(sa.false())
    before = cutoff(on, rule.years)
    later = sa.exists().where(Certificate.item_id == JobItem.id,
                              sa.or_(Certificate.issued_on >= before, Certificate.valid_until >= before))
    handed_over = datetime.combine(before, time(), clock.LOCAL_ZONE)
    return sa.select(JobItem).join(Worksheet, Worksheet.item_id == JobItem.id).where(
        JobItem.state.in_(ENDED), Worksheet.performed_on < before, ~later,
        sa.or_(JobItem.handed_over_at.is_(None), JobItem.handed_over_at < handed_over),
        ~sa.exists().where(WorkDisposal.worksheet_id == Worksheet.id))


def work_holds(item_ids: Sequence[int]) -> dict[int, LegalHold]:
    """Item -> a hold that stands on one of its documents."""
    rows = session().execute(
        sa.select(Certificate.id, Certificate.item_id).where(Certificate.item_id.in_(item_ids))).all()
    standing = holds_of([row.id for row in rows])
    return {row.item_id: standing[row.id] for row in rows if row.id in standing}


def dispose_of_work(item_ids: Sequence[int], *, head: User, password: str, reason: str) -> list[Disposed]:
    """Destroy readings, results and photographs of items whose time is over; each is one audited act.

    Raises NotPermitted (permission, wrong password) or Invalid at `reason` or `item`.
    """
    reason = permitted(head, password, reason)
    return one_by_one(item_ids, lambda key: _dispose(key, head, reason), JobItem.code, (
        f"Chọn từ 1 đến {MOST_AT_ONCE} mục.", f"Choose 1 to {MOST_AT_ONCE} items.", "item"))


def _dispose(item_id: int, head: User, reason: str) -> None:
    with write("work.dispose", reason=reason, actor=actor_of(head)) as current:
        item = locked_item(current, item_id)
        rule, until = _permitted(item)
        assert item.worksheet is not None
        sheet_id = item.worksheet.id
        trail = disposal.trail_of(current, sheet_id)
        _tell(current, WorkDisposal(
            worksheet_id=sheet_id, years=rule.years, basis=rule.basis, due_on=until, reason=reason, at=clock.now(),
            by_id=head.id, contents=disposal.contents_of(current, sheet_id).canonical(),
            trail=audit.canonical_json(trail), trail_sha256=audit.outline_digest(current, trail)))
        disposal.empty(current, sheet_id)


def _permitted(item: JobItem) -> tuple[RetentionRule, date]:
    """The rule by which the records may go, and the last day on which they had to be there. Raises Conflict."""
    if item.worksheet is None or item.state not in ENDED:
        raise Conflict("Mục chưa xong việc.", "The work on the item has not ended.")
    if disposal.disposal_of(item.worksheet) is not None:
        raise Conflict("Hồ sơ đo của mục này đã hủy.", "The records of the item were disposed of before.")
    if item.id in work_holds([item.id]):
        raise Conflict("Giấy của mục đang được giữ lại.", "A hold stands on a document of the item.")
    today = clock.today()
    rule = rules_on(today).get(JOB)
    until = None if rule is None else kept_until(work_base(item, archive.of_item([item.id])), rule.years)
    if rule is None or until is None or until >= today:
        raise Conflict("Hồ sơ đo chưa hết thời hạn lưu giữ.", "The records must still be kept.")
    return rule, until


def _tell(current: Session, row: WorkDisposal) -> None:
    """The row goes first: beside it the database lets the records be emptied."""
    current.add(row)
    current.flush()
