"""The nightly scrub: every digest of the archive compared, a sample rendered again byte for byte, faults told."""
from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.issue import integrity
from lims.issue.models import Certificate
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import BackgroundTask, periodic, task

KIND = "archive.scrub"
AT = time(1, 30)
SAMPLE = 50
LISTED = 200


@dataclass(frozen=True)
class Scrub:
    """What the newest finished scrub found."""

    task_id: int
    finished_at: datetime
    checked: int
    rendered: int
    faults: tuple[str, ...]

    @property
    def in_order(self) -> bool:
        return not self.faults


@task(KIND)
def run(work: RunningTask, payload: Any) -> None:
    """Compare all digests; render a sample again, another each night. Ends as failed when anything is wrong."""
    count = session().scalar(sa.select(sa.func.count()).select_from(Certificate)) or 0
    everything = list(session().scalars(sa.select(Certificate.id)))
    sample = set(random.Random(work.id).sample(everything, min(SAMPLE, count)))
    faults: list[str] = []
    checked = 0
    for number, found in integrity.documents(session(), integrity.Report(), lambda one: one.id in sample):
        checked += 1
        for fault in found:
            faults.append(f"{number}: {fault}")
            work.failed(number, (f"Hỏng: {fault}", fault))
        work.progress(checked, count)
    work.result({"checked": checked, "rendered": len(sample), "faults": faults[:LISTED]})
    work.progress(checked, count)
    if faults:
        raise DomainError(f"{len(faults)} lỗi trong kho lưu; chạy `lims verify` và khôi phục từ bản sao lưu.",
                          f"{len(faults)} faults in the archive; run `lims verify` and restore from a backup.")


periodic(KIND, ("Kiểm tra kho lưu hằng đêm", "Nightly check of the archive"), AT)


def newest(current: Session) -> Scrub | None:
    """The last scrub that ended; None before the first night."""
    row = current.scalars(sa.select(BackgroundTask).where(
        BackgroundTask.kind == KIND, BackgroundTask.state.in_(("done", "failed"))).order_by(
            BackgroundTask.id.desc()).limit(1)).first()
    if row is None or row.finished_at is None:
        return None
    answer: dict[str, Any] = json.loads(row.result or "{}")
    faults = answer.get("faults", [row.error_en])
    return Scrub(row.id, row.finished_at, answer.get("checked", 0), answer.get("rendered", 0), tuple(faults))


def is_late(scrub: Scrub | None, first_issued: datetime | None, now: datetime) -> bool:
    """Whether more than two days passed without a scrub, although something is archived."""
    since = scrub.finished_at if scrub is not None else first_issued
    return since is not None and (now - since).days >= 2
