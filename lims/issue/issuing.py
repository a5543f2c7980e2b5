"""The issue: from a reviewed result to a numbered, archived document, once and without a gap.

0. Outside any lock: preflight and a dry render under a dummy number of the same length.
1. The series lease (lease.py), in chunks, so that single issues get in between.
2. Freeze each record with the next number; link it to the record before.
3. Render in memory, then seal the chunk; its time stamps are asked for side by side.
4. One short write transaction for each document, in the order of numbers (committing.py).
5. Return after the commit. A failing item is dropped with its reason, and the rest of the chunk is planned again.

Lock order everywhere: lease, series, other rows, audit head. No rendering inside a transaction.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue import keys, planning, preflight, series
from lims.issue.committing import Signatory, commit
from lims.issue.dossier import Dossier, load
from lims.issue.finding import Finding
from lims.issue.lease import series_lease
from lims.issue.models import Certificate
from lims.issue.planning import Draft, Plan, Ready, Rendered, Request
from lims.issue.preparing import NotReady, prepare
from lims.issue.press import Here, Prepared, Press
from lims.issue.review import require_permission
from lims.issue.standing import standing
from lims.shared import clock
from lims.shared.clock import local_date
from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError

__all__ = ["Examination", "NotReady", "Outcome", "examine", "issue_batch", "issue_certificate", "issue_requests"]

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
    return _issued(item_id, signer, idempotency_key, digest, at)


def issue_with_checked_password(item_id: int, *, signer: User, idempotency_key: str, digest: str) -> Certificate:
    """The same for a program, whose person gave the password at most five minutes ago: whoever calls has seen to it."""
    require_permission(signer, "issue.sign")
    return _issued(item_id, signer, idempotency_key, digest, None)


def _issued(item_id: int, signer: User, idempotency_key: str | None, digest: str | None,
            at: datetime | None) -> Certificate:
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
    done = _standing(requests)
    together: dict[str, list[tuple[Request, Ready]]] = {}
    refused: list[Request] = []
    for request, prepared in zip(requests, waiting, strict=True):
        if request.item_id in done:
            continue
        if isinstance(ready := prepared(), DomainError):
            done[request.item_id] = Outcome(request.item_id, error=ready)
            refused.append(request)
        else:
            together.setdefault(ready.numbered_in, []).append((request, ready))
    if refused:  # while one was read somebody may have issued it, and the refusal speaks of their document
        done |= _standing(refused)
    for numbered_in, chunk in together.items():
        for outcome in _issue_chunk(numbered_in, chunk, press):
            done[outcome.item_id] = outcome
    return [done[request.item_id] for request in requests]


def _standing(requests: Sequence[Request]) -> dict[int, Outcome]:
    """What is issued already, or refused for its key, by item."""
    session().rollback()
    found = standing({request.item_id: request.idempotency_key for request in requests})
    return {item_id: Outcome(item_id, error=one) if isinstance(one, DomainError) else Outcome(item_id, one)
            for item_id, one in found.items()}


def _issue_chunk(numbered_in: str, chunk: Sequence[tuple[Request, Ready]], press: Press) -> Iterator[Outcome]:
    """Plan and commit under the lease; whatever moved meanwhile is planned again, a failing item is dropped."""
    first, _ready = chunk[0]
    work = _Chunk(numbered_in, Signatory.of(first.signer), press, {one.item_id: one for one, _ready in chunk},
                  {one.item_id: ready for one, ready in chunk})
    numbered = series.series_for(numbered_in, local_date(first.at).year, actor=work.signatory.actor)
    stalled = 0
    with series_lease(numbered.id):
        while work.left and stalled < ATTEMPTS:
            stalled += 1
            for outcome in _planned_and_committed(work, numbered.id):
                del work.left[outcome.item_id]
                stalled = 0
                yield outcome
    for item_id in work.left:
        busy = Conflict("Dãy số đang bận; hãy thử lại.", "The series is busy; try again.")
        yield Outcome(item_id, error=busy)


@dataclass(frozen=True)
class _Chunk:
    """Documents that take their numbers together: what is left of them, and what is ready for its number."""

    numbered_in: str
    signatory: Signatory
    press: Press
    left: dict[int, Request]
    ready: dict[int, Ready]


def _planned_and_committed(work: _Chunk, series_id: int) -> Iterator[Outcome]:
    """One attempt on what is left of a chunk; stops at the first number that somebody else took."""
    yield from _standing(list(work.left.values())).values()
    for request in [one for one in work.left.values() if one.item_id not in work.ready]:
        if (error := _prepared_again(work, request)) is not None:
            yield _standing([request]).get(request.item_id, Outcome(request.item_id, error=error))
    plans = _plans(work, series_id)
    yield from _committed(work, plans, work.press.rendered([(plan.record, plan.anchors) for plan in plans]))


def _prepared_again(work: _Chunk, request: Request) -> DomainError | None:
    try:
        ready = prepare(request)
    except DomainError as error:
        return error
    if ready.numbered_in != work.numbered_in:
        return Conflict("Kết quả vừa đổi; hãy tải lại trang.", "The result has just changed; reload the page.")
    work.ready[request.item_id] = ready
    return None


def _plans(work: _Chunk, series_id: int) -> list[Plan]:
    session().rollback()
    numbered, key = series.read(series_id), keys.active()
    serial, previous = numbered.next, numbered.link
    plans: list[Plan] = []
    for request in work.left.values():
        plans.append(planning.plan(work.ready[request.item_id], request, numbered, serial, previous, key))
        serial, previous = serial + 1, plans[-1].link
    return plans


def _committed(work: _Chunk, plans: Sequence[Plan], pages: Sequence[Rendered | DomainError]) -> Iterator[Outcome]:
    """Seal a chunk and commit it in the order of numbers, up to the first that cannot have its number."""
    blocked = False
    for plan, made in zip(plans, planning.sealed(plans, pages), strict=True):
        item_id = plan.request.item_id
        if isinstance(made, DomainError):
            yield Outcome(item_id, error=made)
            blocked = True  # the numbers after it were planned on this one: they are planned again
        if blocked or isinstance(made, DomainError):
            continue
        try:
            certificate = commit(made, work.signatory)
        except series.NumberTaken:
            return  # somebody was faster at the series
        except (StaleDataError, IntegrityError):
            del work.ready[item_id]  # somebody was at the item: look again
            return
        except DomainError as error:
            yield Outcome(item_id, error=error)
            return  # the numbers after it were planned on this one
        yield Outcome(item_id, certificate)
