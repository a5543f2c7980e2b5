"""Batches: a hundred certificates through the worker, and how long other people's saves take meanwhile.

Each figure is taken twice in one run: saves while nothing is issued, and while a batch is; the ratio holds on a busy
machine too. The laboratory is that of the tests, in a temporary folder, on SQLite with every commit on the disk.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import config
from lims.app import create_app
from lims.auth.models import User
from lims.issue import press, service
from lims.issue.planning import rendered
from lims.jobs.cells import Change, save_cells
from lims.shared import processes, schema, task_worker
from lims.shared.db import db, session
from lims.shared.tasks import BackgroundTask
from tests.certificates.certificate_samples import CALIBRATION, anchors
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
QUICK_HASH = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}
BATCH = 100
TARGET_SECONDS, TARGET_SAVE_MS, TARGET_SINGLE_MS = 5.0, 50.0, 300.0


def measure() -> tuple[dict[str, Any], str]:
    """The figures and their readable form."""
    with tempfile.TemporaryDirectory() as folder:
        return _measured(Path(folder))


def _measured(folder: Path) -> tuple[dict[str, Any], str]:
    app = opened(folder)
    with app.app_context():
        schema.upgrade(db.engine)
        head = laboratory.approver(laboratory.opened())
        typed_by, served_by = factories.technician(), factories.standard()
        items = laboratory.clones(laboratory.waiting(user=typed_by, served_by=served_by), BATCH + 10, start=20)
        other = factories.started(user=typed_by, served_by=served_by)
        code, typist = other.item.code, other.performed_by_id
        service.issue_batch(items[:2], signer=head, password=PASSWORD)  # fonts and lazy imports
        quiet = saves(code, typist, lambda: True, at_least=60)
        worker = started(folder)
        before = processor_seconds(worker.pid)
        begun = time.perf_counter()
        task = service.request_batch(items[10:], signer=head, password=PASSWORD)
        busy = saves(code, typist, lambda: _state(task.id) not in ("done", "failed"))
        seconds = time.perf_counter() - begun
        spent = processor_seconds(worker.pid) - before
        row = session().get_one(BackgroundTask, task.id, populate_existing=True)
        done, error = row.done, row.error_en
        db.session.remove()
        db.engine.dispose()
    worker.terminate()
    worker.join()
    figures = {
        "items": BATCH, "done": done, "seconds": round(seconds, 2), "target_seconds": TARGET_SECONDS,
        "saves_quiet_p95_ms": p95(quiet), "saves_during_batch": len(busy), "saves_during_batch_p95_ms": p95(busy),
        "save_ratio": round(p95(busy) / p95(quiet), 2), "target_save_ms": TARGET_SAVE_MS,
        "processor_seconds": round(spent, 2), "load": os.getloadavg()[0], "error": error}
    text = (f"Batch of {BATCH}: {seconds:.1f} s (target {TARGET_SECONDS:g} s on a quiet machine; load now "
            f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors), {done} done; "
            f"processor time {spent:.1f} s, starting its processes included\n"
            f"Saves of others, p95: {p95(quiet):.1f} ms before, {p95(busy):.1f} ms meanwhile "
            f"(× {p95(busy) / p95(quiet):.1f}, {len(busy)} saves, target {TARGET_SAVE_MS:g} ms)\n")
    return figures, text


def processor_seconds(root: int) -> float:
    """Processor time of a process and all below it so far, those that ended included (Linux; elsewhere 0)."""
    if not Path("/proc/self/stat").exists():
        return 0.0
    stats: dict[int, list[str]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _closed, rest = path.read_text().rpartition(")")
            stats[int(name.split()[0])] = rest.split()
    found = below = {root}
    while below:
        below = {pid for pid, fields in stats.items() if int(fields[1]) in found} - found
        found = found | below
    ticks = sum(int(one) for pid in found if pid in stats for one in stats[pid][11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def single(count: int = 12) -> tuple[dict[str, Any], str]:
    """One document as a page issues it: preflight, dry render, pages, seal, commit, and the hash of the password."""
    with tempfile.TemporaryDirectory() as folder:
        app = opened(Path(folder), {})
        with app.app_context():
            schema.upgrade(db.engine)
            head = laboratory.approver(laboratory.opened())
            items = laboratory.clones(laboratory.waiting(), count + 3, start=20)
            walls, spent = [], []
            for item in items:
                session().rollback()
                wall, used = time.perf_counter(), time.process_time()
                service.issue_certificate(item, signer=head, password=PASSWORD)
                walls.append((time.perf_counter() - wall) * 1000)
                spent.append((time.process_time() - used) * 1000)
            db.session.remove()
            db.engine.dispose()
    wall, used = statistics.median(walls[3:]), statistics.median(spent[3:])
    text = (f"One document: {wall:.0f} ms, {used:.0f} ms of them processor time (target {TARGET_SINGLE_MS:g} ms; load "
            f"now {os.getloadavg()[0]:.1f})\n")
    return {"milliseconds": round(wall), "processor_milliseconds": round(used), "target": TARGET_SINGLE_MS}, text


def memory(counts: tuple[int, int] = (500, 2000)) -> tuple[dict[str, Any], str]:
    """Most memory of a process that renders so many certificates with their DCC, one after the other."""
    context = multiprocessing.get_context("spawn")
    peaks = []
    for count in counts:
        with context.Pool(1) as pool:
            peaks.append(pool.apply(_rendered, (count,)))
    few, many = peaks
    text = (f"Memory of a process after {counts[0]} certificates {few:.0f} MB, after {counts[1]} {many:.0f} MB "
            f"({(many - few) * 1024 / (counts[1] - counts[0]):.1f} kB each more)\n")
    return {"certificates": counts, "peak_mb": [round(few), round(many)]}, text


def _rendered(count: int) -> float:
    for _ in range(count):
        rendered(CALIBRATION, anchors(CALIBRATION))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def opened(folder: Path, hashing: dict[str, int] | None = None) -> Any:
    """The application on this folder, with the clock of the published examples; `hashing` {} is the product's own."""
    settings = config.load({"LIMS_DATA_DIR": str(folder), "LIMS_SECRET_KEY": "for the benchmark only"})
    return create_app(settings, clock_source=lambda: NOW,
                      overrides={"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASH} if hashing is None else {})


def saves(code: str, typist: int, going: Any, *, at_least: int = 0) -> list[float]:
    """Milliseconds of each save of one cell, ten a second, while `going()`; a person's page does no more."""
    taken, revision = [], 0
    while (len(taken) < at_least) if at_least else going():
        user = session().get_one(User, typist)
        session().rollback()
        begun = time.perf_counter()
        save_cells(code, [Change("main/1/ind/1", f"100,{revision % 10}", revision,
                                 reason="" if revision == 0 else "đọc lại")], user)
        taken.append((time.perf_counter() - begun) * 1000)
        revision += 1
        time.sleep(0.1)
    return taken


def p95(values: list[float]) -> float:
    """95th percentile."""
    return round(statistics.quantiles(values, n=20)[-1], 1) if len(values) > 1 else 0.0


def started(folder: Path) -> Any:
    """The worker process, with its modules read in."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=_work, args=(folder, ready))
    process.start()
    ready.wait(120)
    return process


def _work(folder: Path, ready: Any) -> None:
    app = opened(folder)
    processes.warm()
    with app.app_context(), press.processes() as beside:
        beside.rendered([(CALIBRATION, anchors(CALIBRATION))])  # waits until the modules are read
    ready.set()
    task_worker.run_forever(app, threading.Event())


def _state(task_id: int) -> str:
    session().rollback()
    state: str = session().scalar(db.select(BackgroundTask.state).where(BackgroundTask.id == task_id)) or ""
    session().rollback()
    return state
