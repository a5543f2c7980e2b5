"""P-R1, P-R5 for batches: whenever the worker is killed, every item gets exactly one document, without a gap."""
from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lims.issue import service
from lims.issue.integrity import verify
from lims.issue.models import Certificate
from lims.shared import tasks
from lims.shared.db import db, session
from lims.shared.tasks import BackgroundTask
from tests.conftest import PASSWORD
from tests.lims import laboratory
from tests.promises import promise

ITEMS = 12
LONGEST_SECONDS = 240.0


def started(folder: Path) -> subprocess.Popen[bytes]:
    url = db.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen([sys.executable, "-m", "tests.faults.batch_worker", str(folder), url],
                            cwd=Path(__file__).parents[2])


def issued() -> int:
    session().rollback()
    return session().scalar(sa.select(sa.func.count()).select_from(Certificate)) or 0


def killed_after(worker: subprocess.Popen[bytes], more: int) -> None:
    """Kill the worker when so many more documents stand in the archive (or it has ended)."""
    wanted, begun = issued() + more, time.monotonic()
    while issued() < wanted and worker.poll() is None and time.monotonic() - begun < LONGEST_SECONDS:
        time.sleep(0.005)
    worker.kill()
    worker.wait()


@pytest.mark.fault
@pytest.mark.promise
def test_a_batch_whose_workers_are_killed_issues_each_item_once(app_on_both: Any, tmp_path: Path,
                                                               request: pytest.FixtureRequest) -> None:
    kills = 2 if request.config.getoption("--kills") < 100 else 12
    chance = random.Random(20261127)
    head = laboratory.approver(laboratory.opened())
    items = laboratory.clones(laboratory.waiting(), ITEMS * max(kills // 2, 1))
    task_id = service.request_batch(items, signer=head, password=PASSWORD).id
    for _ in range(kills):
        killed_after(started(tmp_path), chance.randint(1, 4))
    before = issued()
    assert 0 < before < len(items)
    last = started(tmp_path)
    last.wait(LONGEST_SECONDS)
    session().rollback()
    row = session().get_one(BackgroundTask, task_id, populate_existing=True)
    rows = session().execute(sa.select(Certificate.item_id, Certificate.serial)).all()
    serials = sorted(one.serial for one in rows)
    doubled = len(rows) - len({one.item_id for one in rows})
    missing = len(set(items) - {one.item_id for one in rows})
    gaps = len(set(range(1, len(items) + 1)) - set(serials))
    faults = verify(session(), render=False).faults
    promise(f"P-R1 batch {db.engine.dialect.name}",
            f"kills={kills} issued_when_killed={before} items={len(items)} missing={missing} doubled={doubled} "
            f"gaps={gaps} verify_faults={len(faults)} task={row.state} failed={len(tasks.failures_of(task_id))}",
            target="missing, doubled, gaps, verify_faults, failed: 0; task=done",
            kept=not (missing or doubled or gaps or faults or tasks.failures_of(task_id)) and row.state == "done")
