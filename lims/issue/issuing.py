"""The issue: from a reviewed result to a numbered, archived document, once and without a gap.

0. Outside any lock: preflight and a dry render under a dummy number of the same length.
1. The series lease (lease.py), in chunks, so that single issues get in between.
2. Freeze each record with the next number; link it to the record before.
3. Render in memory, then seal the chunk; its time stamps are asked for side by side.
4. One short write transaction for each document, in the order of numbers: persons, standards and the item's version are
   looked at again, the series moves by compare-and-set, certificate, document and signature are inserted, and the
   audit head comes last (at commit).
5. Return after the commit. A failing item is dropped with its reason, and the rest of the chunk is planned again.

Lock order everywhere: lease, series, other rows, audit head. No rendering inside a transaction.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue import archive, fitness, known, planning, preflight, series
from lims.issue.dossier import Dossier, load
from lims.issue.finding import Finding, stop, stops
from lims.issue.lease import series_lease
from lims.issue.models import Certificate, Series
from lims.issue.planning import Draft, Plan, Rendered, Request
from lims.issue.preparing import NotReady, refuse_newer_result
from lims.issue.press import Here, Prepared, Press
from lims.issue.review import actor_of, locked_item, require_permission, sign
from lims.jobs import states
from lims.jobs.models import JobItem
from lims.jobs.results import latest_result
from lims.shared import clock
from lims.shared.clock import local_date
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError
from lims.staff.service import is_authorised

CHUNK = 10
ATTEMPTS = 8
HERE = Here()


@dataclass(frozen=True)
class Outcome:
    """What became of one item of a batch: its document, or why there is none."""

    item_id: int
    certificate: Certificate | None = None
    error: DomainError | None = None


def issue_certificate(item_id: int, *, signer: User, password: str, idempotency_key: str | None = None,
                      digest: str | None = None, at: datetime | None = None) -> Certificate:
    """Approve the newest result of an item and issue its document; the same again returns the same document.

    `digest` is that of the result the signer saw. `at` is the instant of signing (default: now). Raises NotPermitted
    (permission, wrong password), NotReady (preflight), Conflict (newer result, state).
    """
    require_permission(signer, "issue.sign")
    confirm_password(signer, password)
    (outcome,) = issue_requests([Request(item_id, signer, _instant(at), idempotency_key, digest)])
    if outcome.error is not None:
        raise outcome.error
    assert outcome.certificate is not None  # an outcome holds one or the other
    return outcome.certificate


def issue_batch(item_ids: Sequence[int], *, signer: User, password: str, idempotency_key: str | None = None,
                at: datetime | None = None) -> list[Outcome]:
    """Issue several items with one password; a failing one is reported and the others are done, in this order."""
    require_permission(signer, "issue.sign")
    confirm_password(signer, password)
    moment = _instant(at)
    return issue_requests([
        Request(item_id, signer, moment, f"{idempotency_key}/{item_id}" if idempotency_key else None)
        for item_id in dict.fromkeys(item_ids)])


@dataclass(frozen=True)
class Examination:
    """What the preflight page shows; `draft` is None where the dry render failed."""

    dossier: Dossier
    draft: Draft | None
    findings: Sequence[Finding]


def examine(item_id: int, viewer: User) -> Examination:
    """Preflight and dry render of an item, as if the viewer signed now where they may sign at all."""
    dossier = load(item_id)
    signer = viewer if "issue.sign" in viewer.permissions else None
    draft, more = planning.dry_run(dossier, signer, _instant(None))
    return Examination(dossier, draft, [*preflight.findings(dossier, signer), *more])


def _instant(at: datetime | None) -> datetime:
    return (at or clock.now()).replace(microsecond=0)


def issue_requests(requests: Sequence[Request], press: Press = HERE,
                   told: Callable[[Sequence[Outcome]], None] = lambda _outcomes: None) -> list[Outcome]:
    """Outcomes in the order asked for; `told` hears of each chunk after its commits, and may end the work by raising.

    The next chunk is prepared by the press while this one is issued. The password was checked by whoever calls.
    """
    chunks = [requests[start:start + CHUNK] for start in range(0, len(requests), CHUNK)]
    outcomes: list[Outcome] = []
    coming = press.preparing(chunks[0]) if chunks else []
    for place, chunk in enumerate(chunks, start=1):
        waiting, coming = coming, press.preparing(chunks[place]) if place < len(chunks) else []
        found = _issue_window(chunk, waiting, press)
        told(found)
        outcomes += found
    return outcomes


def _issue_window(requests: Sequence[Request], waiting: Sequence[Callable[[], Prepared]],
                  press: Press) -> list[Outcome]:
    done: dict[int, Outcome] = {}
    ready: dict[str, list[Request]] = {}
    for request, prepared in zip(requests, waiting, strict=True):
        try:
            standing = _standing(request)
        except DomainError as error:
            done[request.item_id] = Outcome(request.item_id, error=error)
            continue
        if standing is not None:
            done[request.item_id] = Outcome(request.item_id, standing)
        elif isinstance(kind := prepared(), DomainError):
            done[request.item_id] = Outcome(request.item_id, error=kind)
        else:
            ready.setdefault(kind, []).append(request)
    for kind, together in ready.items():
        for outcome in _issue_chunk(kind, together, press):
            done[outcome.item_id] = outcome
    return [done[request.item_id] for request in requests]


def _standing(request: Request) -> Certificate | None:
    """The document that this request, or anybody else's for the same result, has issued already."""
    session().rollback()
    if request.idempotency_key is not None:
        found = session().scalar(sa.select(Certificate).where(Certificate.idempotency_key == request.idempotency_key))
        if found is not None and found.item_id != request.item_id:
            raise Conflict("Khóa chống lặp này đã dùng cho mục khác.", "The idempotency key was used for another item.")
        if found is not None:
            return found
    item = session().get(JobItem, request.item_id)
    result = latest_result(item) if item is not None else None
    if result is None:
        return None
    return session().scalar(sa.select(Certificate).where(Certificate.result_id == result.id))


def _issue_chunk(kind: str, requests: Sequence[Request], press: Press) -> Iterator[Outcome]:
    """Plan and commit under the lease; whatever moved meanwhile is planned again, a failing item is dropped."""
    actor = actor_of(requests[0].signer)
    left = list(requests)
    numbered = series.series_for(kind, local_date(requests[0].at).year, actor=actor)
    stalled = 0
    with series_lease(numbered.id):
        while left and stalled < ATTEMPTS:
            stalled += 1
            for outcome in _planned_and_committed(kind, numbered.id, left, press):
                left, stalled = [request for request in left if request.item_id != outcome.item_id], 0
                yield outcome
    for request in left:
        busy = Conflict("Dãy số đang bận; hãy thử lại.", "The series is busy; try again.")
        yield Outcome(request.item_id, error=busy)


def _planned_and_committed(kind: str, series_id: int, requests: Sequence[Request],
                           press: Press) -> Iterator[Outcome]:
    """One attempt on what is left of a chunk; stops at the first number that somebody else took."""
    session().rollback()
    plans: list[Plan] = []
    numbered = series.read(series_id)
    serial, previous = numbered.next, numbered.link
    for request in requests:
        try:
            standing = _standing(request)
            if standing is not None:
                yield Outcome(request.item_id, standing)
                continue
            plans.append(_plan(request, kind, numbered, serial, previous))
        except DomainError as error:
            yield Outcome(request.item_id, error=error)
            continue
        serial, previous = serial + 1, plans[-1].link
    yield from _committed(plans, press.rendered([(plan.record, plan.anchors) for plan in plans]))


def _committed(plans: Sequence[Plan], pages: Sequence[Rendered | DomainError]) -> Iterator[Outcome]:
    """Seal a chunk and commit it in the order of numbers, up to the first that cannot have its number."""
    blocked = False
    for plan, made in zip(plans, planning.sealed(plans, pages), strict=True):
        if isinstance(made, DomainError):
            yield Outcome(plan.request.item_id, error=made)
            blocked = True  # the numbers after it were planned on this one: they are planned again
        if blocked or isinstance(made, DomainError):
            continue
        try:
            yield Outcome(made.request.item_id, _commit(made))
        except (series.NumberTaken, StaleDataError, IntegrityError):
            return  # somebody was faster at the series or the item: look again
        except DomainError as error:
            yield Outcome(made.request.item_id, error=error)
            return  # the numbers after it were planned on this one


def _plan(request: Request, kind: str, numbered: Series, serial: int, previous: str) -> Plan:
    dossier = load(request.item_id)
    refuse_newer_result(dossier, request)
    if dossier.numbered_in != kind:
        raise Conflict("Kết quả vừa đổi; hãy tải lại trang.", "The result has just changed; reload the page.")
    return planning.plan(dossier, request, numbered, serial, previous)


def _commit(plan: Plan) -> Certificate:
    """The short write transaction of one document."""
    request = plan.request
    with write("certificate.issue", actor=actor_of(request.signer)) as current:
        series.take(current, plan.series_id, plan.serial, plan.previous, plan.link)
        item = locked_item(current, request.item_id)
        if item.version != plan.item_version:
            raise StaleDataError
        item.state = states.after(item.state, "issue")
        result = latest_result(item)
        if result is None or result.id != plan.result_id:
            raise StaleDataError
        if stopping := stops(_look_again(plan)):
            raise NotReady(stopping)
        sign(current, item, result, "approve", request.signer, request.at)
        certificate = archive.insert(current, plan)
        known.learn(item, certificate)
        return certificate


def _look_again(plan: Plan) -> Iterator[Finding]:
    """What may have changed while the document was rendered: standards, the signer's account, authorisations."""
    signer = session().get_one(User, plan.request.signer.id, populate_existing=True)
    require_permission(signer, "issue.sign")
    yield from fitness.unfit(plan.uses, plan.measured_on)
    for person_id, activity, on in ((plan.performer_id, "perform", plan.measured_on),
                                    (signer.id, "approve", clock.today())):
        if not is_authorised(person_id, plan.procedure_code, activity, on):
            yield stop(activity, "Quyền thực hiện hoặc phê duyệt vừa bị thay đổi",
                       "An authorisation has just been changed", page="staff")
