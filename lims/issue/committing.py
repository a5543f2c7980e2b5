"""The short write transaction of one document, in the order of numbers.

The series moves by compare-and-set, the item's version and its newest result must be those that were read, certificate,
documents and signature are inserted, the audit head comes last (at commit). Standards, account and authorisations are
looked at again when the audit trail holds a change that may concern them since the preflight read them; while it
holds none, the preflight's judgement is that of now, and the lock is held half as long.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.exc import StaleDataError

from lims.auth.models import User
from lims.issue import archive, fitness, known, series
from lims.issue.finding import Finding, stop, stops
from lims.issue.models import Certificate
from lims.issue.planning import Plan
from lims.issue.preparing import NotReady
from lims.issue.review import require_permission, sign
from lims.jobs import states
from lims.jobs.models import JobItem, Result, Worksheet
from lims.legal import stickers
from lims.shared import audit, clock
from lims.shared.db import session, write
from lims.shared.errors import NotFound
from lims.staff.service import is_authorised

OF_NO_CONCERN = (
    "series", "certificate", "certificate_document", "approval", "job_item", "job", "worksheet", "worksheet_standard",
    "observation", "result", "instrument", "customer", "login_failure", "background_task", "outbox_message", "alert",
    "sticker", "sticker_move", "person_alert", "competence_event", "training_need", "struck_mark")
"""Tables whose rows change all day and say nothing of standards, accounts or authorisations."""


@dataclass(frozen=True)
class Signatory:
    """Who signs, as plain values: they outlive the transactions of a chunk."""

    id: int
    full_name: str
    title: str

    @classmethod
    def of(cls, person: User) -> Signatory:
        return cls(person.id, person.full_name, person.title)

    @property
    def actor(self) -> tuple[str, str]:
        """How the audit trail names this person."""
        return str(self.id), self.full_name


def commit(plan: Plan, by: Signatory) -> Certificate:
    """Insert a sealed document under its number.

    Raises NumberTaken; StaleDataError where the item or its result moved; NotReady or NotPermitted from the look again.
    """
    request, ready = plan.request, plan.ready
    with write("certificate.issue", actor=by.actor) as current:
        series.take(current, plan.series_id, plan.serial, plan.previous, plan.link)
        item = _locked(current, request.item_id)
        if item.version != ready.item_version or _newest_result(current, item.id) != ready.result_id:
            raise StaleDataError
        item.state = states.after(item.state, "issue")
        _look_again(current, plan, by)
        sign(current, item.id, (ready.result_id, ready.result_digest), "approve", by, request.at)
        certificate = archive.insert(current, plan, by.id)
        stickers.settle(current, item, certificate.kind != "work_record" or certificate.verified, by.id)
        known.learn(item, certificate)
        return certificate


def _locked(current: Session, item_id: int) -> JobItem:
    """The row of the item alone, kept from others until this transaction ends."""
    item = current.get(JobItem, item_id, options=[lazyload("*")], populate_existing=True,
                       with_for_update={"of": JobItem})
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    return item


def _newest_result(current: Session, item_id: int) -> int | None:
    return current.scalar(sa.select(Result.id).join(Worksheet, Worksheet.id == Result.worksheet_id).where(
        Worksheet.item_id == item_id).order_by(Result.revision.desc()).limit(1))


def _look_again(current: Session, plan: Plan, by: Signatory) -> None:
    """Raises NotReady or NotPermitted where somebody changed what the preflight rested on."""
    ready = plan.ready
    if ready.seen_on == clock.today() and not audit.moved_since(current, ready.seen, but=OF_NO_CONCERN):
        return
    require_permission(session().get_one(User, by.id, populate_existing=True), "issue.sign")
    if stopping := stops(_faults_now(plan, by)):
        raise NotReady(stopping)


def _faults_now(plan: Plan, by: Signatory) -> Iterator[Finding]:
    ready = plan.ready
    yield from fitness.unfit(ready.uses, ready.measured_on)
    for person_id, activity, on in ((ready.performer_id, "perform", ready.measured_on),
                                    (by.id, "approve", clock.today())):
        if not is_authorised(person_id, ready.procedure_code, activity, on):
            yield stop(activity, "Quyền thực hiện hoặc phê duyệt vừa bị thay đổi",
                       "An authorisation has just been changed", page="staff")
