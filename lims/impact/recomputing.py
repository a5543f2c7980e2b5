"""The recomputation behind a review, in the background: stored readings, the engine, one standard with other values."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from typing import Any

import sqlalchemy as sa

from instruments.recompute import POINTS, UNCHANGED, VERDICT
from lims.impact.models import ImpactItem, ImpactReview
from lims.impact.recomputed_sheets import Plan, Refused, recomputed
from lims.impact.reviews import KIND, affected, certificates_below
from lims.jobs.models import Result, Worksheet
from lims.shared import bulk_trail, clock, processes
from lims.shared.db import session, write
from lims.shared.tasks import task

CHUNK = 250
"""Sheets of one transaction: a few seconds of work that a killed worker may lose."""
FEWEST_FOR_PROCESSES = 1000
PROCESSES = 2


@task(KIND)
def recompute(work: Any, payload: Mapping[str, Any]) -> None:
    """Recompute every result of the review that this run has not done yet; a newer run ends an older one."""
    row = session().get(ImpactReview, payload["review"])
    if row is None or row.run != payload["run"]:
        return
    plan = Plan(row.id, row.run, row.standard_id, row.certificate_id, row.shift, row.half_width,
                certificates_below(row.standard_id, row))
    wanted = list(session().scalars(affected(row.standard_id, row).order_by(Worksheet.id)))
    done = set(session().scalars(
        sa.select(Result.worksheet_id).join(ImpactItem, ImpactItem.result_id == Result.id)
        .where(ImpactItem.review_id == plan.review_id, ImpactItem.run == plan.run)))
    session().rollback()
    waiting = [worksheet_id for worksheet_id in wanted if worksheet_id not in done]
    work.progress(len(done), len(wanted))
    parts = [waiting[start:start + CHUNK] for start in range(0, len(waiting), CHUNK)]
    behind = len(done)
    for part, (items, refused) in zip(parts, _recomputed(plan, parts), strict=True):
        _keep(work, plan, items)
        for code, why in refused:
            work.failed(code, (f"không tính lại được: {why}", f"cannot be recomputed: {why}"))
        behind += len(part)
        work.progress(behind)
    _finish(work, plan)


def _recomputed(plan: Plan, parts: Sequence[Sequence[int]]) -> Iterator[tuple[list[dict[str, Any]], Refused]]:
    """The rows of each part in turn; many are computed in processes beside this one."""
    done = 0
    if sum(map(len, parts)) >= FEWEST_FOR_PROCESSES:
        try:
            with processes.pool(PROCESSES) as pool:
                for answer in [pool.submit(recomputed, plan, part) for part in parts]:
                    yield answer.result()
                    done += 1
        except BrokenProcessPool:  # a process was killed, for want of memory perhaps: this one goes on alone
            pass
    for part in parts[done:]:
        yield recomputed(plan, part)


def _keep(work: Any, plan: Plan, items: Sequence[Mapping[str, Any]]) -> None:
    """Written at once, a digest of each in the trail: the rows follow from what stands there already."""
    if not items:
        return
    with write("impact.recompute", actor=(str(work.requested_by_id or ""), work.requested_by)) as current:
        bulk_trail.insert(current, ImpactItem, items)


def _finish(work: Any, plan: Plan) -> None:
    with write("impact.recomputed", actor=(str(work.requested_by_id or ""), work.requested_by)) as current:
        row = current.get(ImpactReview, plan.review_id, populate_existing=True, with_for_update=True)
        if row is None or row.run != plan.run:
            return
        of_run = (ImpactItem.review_id == plan.review_id, ImpactItem.run == plan.run)
        rows = current.execute(
            sa.select(ImpactItem.grade, sa.func.count()).where(*of_run).group_by(ImpactItem.grade))
        counts = Counter({grade: count for grade, count in rows})  # noqa: C416  (a Row is no tuple to mypy)
        row.examined = sum(counts.values())
        row.changed = row.examined - counts[UNCHANGED]
        row.flipped = counts[VERDICT] + counts[POINTS]
        row.failures = current.scalar(sa.select(sa.func.count()).where(*of_run, ImpactItem.message != "")) or 0
        row.recomputed_at = clock.now()
    work.result({"examined": row.examined, "changed": row.changed, "flipped": row.flipped})
