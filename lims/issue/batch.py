"""Issuing many items with one signature, in the background: asked for once, done once for each item, whatever dies."""
from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lims.auth.models import User
from lims.auth.service import confirm_password
from lims.issue import issuing, press
from lims.issue.issuing import Outcome
from lims.issue.models import Certificate
from lims.issue.planning import Request
from lims.issue.press import Press
from lims.issue.review import actor_of, newest_results, require_permission
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import BackgroundTask, enqueue, task

KIND = "issue.batch"
MOST = 100
FEWEST_FOR_PROCESSES = 4
"""Starting processes costs more than they save on less."""


def request_batch(item_ids: Sequence[int], *, signer: User, password: str, key: str | None = None) -> BackgroundTask:
    """Sign for the newest result of each item, as it stands now, and have the documents issued in the background.

    The signature is that of this moment. Each item is looked at again when its turn comes: authorisation, standards,
    state, and that its result is still the one signed for. The same `key` again gives the same task. Raises
    NotPermitted (permission, wrong password) or Invalid.
    """
    require_permission(signer, "issue.sign")
    confirm_password(signer, password)
    period = f"{KIND}/{signer.id}/{key}" if key else None
    wanted = list(dict.fromkeys(item_ids))
    if not 0 < len(wanted) <= MOST:
        raise Invalid(f"Chọn từ 1 đến {MOST} mục.", f"Choose 1 to {MOST} items.", "item")
    standing = session().scalar(sa.select(BackgroundTask).where(BackgroundTask.period == period)) if period else None
    if standing is not None:
        return standing
    title = (f"Phát hành {len(wanted)} giấy", f"Issue {len(wanted)} documents")
    with write("certificate.request_batch", actor=actor_of(signer)) as current:
        items = list(current.scalars(sa.select(JobItem).where(JobItem.id.in_(wanted))))
        digests = {item_id: result.digest for item_id, result in newest_results(items).items()}
        return enqueue(KIND, {"at": clock.now().replace(microsecond=0).isoformat(),
                              "items": [[item_id, digests.get(item_id)] for item_id in wanted]},
                       title, len(wanted), period=period)


@task(KIND)
def run(work: RunningTask, payload: Any) -> None:
    """Issue what is not issued yet; what cannot be is told with its reason."""
    signer = session().get_one(User, work.requested_by_id)
    at = datetime.fromisoformat(payload["at"])
    requests = [Request(item_id, signer, at, f"task-{work.id}/{item_id}", digest)
                for item_id, digest in payload["items"]]
    if len(requests) < FEWEST_FOR_PROCESSES:
        _issue(work, requests, issuing.HERE)
        return
    try:
        with press.processes() as beside:
            _issue(work, requests, beside)
    except BrokenProcessPool:  # a process was killed, for want of memory perhaps: one thread needs less
        _issue(work, requests, issuing.HERE)


def of_batch(task_id: int) -> sa.ColumnElement[bool]:
    """Condition: documents that this task issued."""
    return Certificate.idempotency_key.like(f"task-{task_id}/%")


def _issue(work: RunningTask, requests: Sequence[Request], where: Press) -> None:
    codes = {row.id: row.code for row in session().execute(
        sa.select(JobItem.id, JobItem.code).where(JobItem.id.in_([one.item_id for one in requests])))}
    issued: list[dict[str, Any]] = []
    behind = 0

    def told(outcomes: Sequence[Outcome]) -> None:
        nonlocal behind
        _read_again(outcomes)
        for outcome in outcomes:
            if outcome.error is not None:
                work.failed(codes.get(outcome.item_id, f"#{outcome.item_id}"), outcome.error)
            elif outcome.certificate is not None:
                issued.append(_line(outcome.certificate))
        behind += len(outcomes)
        work.result({"links": issued, "batch": work.id})
        work.progress(behind, len(requests))

    issuing.issue_requests(requests, where, told)


def _read_again(outcomes: Sequence[Outcome]) -> None:
    """The rows of a chunk, which their commits have let go, by one query."""
    session().scalars(sa.select(Certificate).where(Certificate.item_id.in_(
        [outcome.item_id for outcome in outcomes if outcome.certificate is not None]))).all()


def _line(certificate: Certificate) -> dict[str, Any]:
    return {"text": certificate.number, "note": f"{certificate.object_name} {certificate.object_serial}".strip(),
            "endpoint": "issue.show", "values": {"number": certificate.number}}
