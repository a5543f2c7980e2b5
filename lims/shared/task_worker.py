"""The worker: looks for tasks several times a second, does a few side by side, and minds the clock."""
from __future__ import annotations

import logging
import threading
import time

from flask import Flask

from lims.shared import clock, task_files, task_runner
from lims.shared.db import db

log = logging.getLogger("lims.tasks")

POLL_SECONDS = 0.25
CLOCK_SECONDS = 20.0
FAULT_SECONDS = 5.0
LANES = 3


def run_forever(app: Flask, stop: threading.Event, lanes: int = LANES) -> None:
    """Do tasks until `stop` is set; those in work are then put back for the next worker."""
    threads = [threading.Thread(target=_lane, args=(app, stop), daemon=True) for _ in range(lanes)]
    for thread in threads:
        thread.start()
    while not stop.is_set():
        with app.app_context():
            _mind_the_clock()
        stop.wait(CLOCK_SECONDS)
    for thread in threads:
        thread.join(10)


def run_waiting(app: Flask, stop: threading.Event | None = None) -> int:
    """Do what waits now and return how many tasks that were."""
    count = 0
    with app.app_context():
        while not (stop and stop.is_set()) and task_runner.run_one(stop):
            count += 1
            db.session.remove()
    return count


def _lane(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        begun = time.monotonic()
        try:
            if run_waiting(app, stop):
                continue
        except Exception:
            log.exception("background work is held up; the next try comes in %s s", FAULT_SECONDS)
            stop.wait(FAULT_SECONDS)
        stop.wait(max(POLL_SECONDS - (time.monotonic() - begun), 0.05))


def _mind_the_clock() -> None:
    try:
        task_runner.enqueue_periodic()
        task_files.drop_expired(clock.now())
    except Exception:
        log.exception("periodic tasks could not be enqueued; the next try comes in %s s", CLOCK_SECONDS)
    finally:
        db.session.remove()
