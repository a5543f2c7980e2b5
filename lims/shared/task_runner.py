"""Doing background tasks: claim by a conditional UPDATE, heartbeat, progress, end; taken over from the dead.

A claim raises `attempts`. Every later statement of that run names the attempt, so a run that was believed dead and
replaced finds out at its next word (Lost) and stops. A worker that died is noticed at once on its own machine (its
process is gone) and after LEASE anywhere else.
"""
from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, OperationalError

from lims.shared import clock, task_files
from lims.shared import db as database
from lims.shared.audit import acting_as
from lims.shared.clock import local, local_date
from lims.shared.db import db, session, write, writing
from lims.shared.errors import DomainError
from lims.shared.tasks import HANDLERS, PERIODIC, BackgroundTask, TaskFailure, enqueue

log = logging.getLogger("lims.tasks")

LEASE = timedelta(seconds=30)
HEARTBEAT_SECONDS = 5.0
PROGRESS_SECONDS = 0.2
MOST_STALLED = 5
"""A task whose worker died so often without an item more done is given up: it is what kills them."""
LOOKED_AT = 50
SYSTEM = ("", "system")


class Cancelled(Exception):
    """Somebody asked for the end; raised by `progress`."""


class Interrupted(Exception):
    """The worker is told to stop; another goes on."""


class Lost(Exception):
    """Another worker has taken the task over."""


@dataclass
class RunningTask:
    """What a handler talks to. Nothing of it may be called inside `write()`: it has transactions of its own."""

    id: int
    kind: str
    attempt: int
    requested_by_id: int | None
    requested_by: str
    done: int
    total: int
    stopping: threading.Event = field(default_factory=threading.Event)
    answer: Any = None
    _said: float = 0.0

    def progress(self, done: int, total: int | None = None) -> None:
        """`done` items of `total` are behind; also the place where a task is cancelled or interrupted."""
        advanced, self.done = done > self.done, done
        self.total = self.total if total is None else total
        now = time.monotonic()
        if now - self._said < PROGRESS_SECONDS and done != self.total and not self.stopping.is_set():
            return
        self._said = now
        _say(self.id, self.attempt, done=done, total=self.total, heartbeat_at=clock.now(),
             **({"stalled": 0} if advanced else {}))
        if self.stopping.is_set():
            raise Interrupted
        with _own_connection() as connection:
            if connection.scalar(sa.select(BackgroundTask.cancel_requested).where(BackgroundTask.id == self.id)):
                raise Cancelled

    def failed(self, item: str, reason: DomainError | tuple[str, str]) -> None:
        """This item cannot be done; the others go on. Said twice of one item, it counts once."""
        vi, en = (reason.vi, reason.en) if isinstance(reason, DomainError) else reason
        with _own_connection(changes=True) as connection:
            known = connection.scalar(sa.select(TaskFailure.id).where(
                TaskFailure.task_id == self.id, TaskFailure.item == item))
            if known is None:
                connection.execute(sa.insert(TaskFailure).values(task_id=self.id, item=item, reason_vi=vi,
                                                                 reason_en=en))

    def result(self, answer: Any) -> None:
        """What the task found, as JSON; kept when it ends."""
        self.answer = answer

    def file(self, name: str, content: bytes | BinaryIO, media_type: str = "application/octet-stream") -> None:
        """Keep a file for whoever asked (two weeks). A file object is read in parts."""
        with write("task.file", actor=_actor(self)) as current:
            task_files.keep(current, self.id, name, content, media_type)


def worker_name() -> str:
    """Where a run happens: machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run_one(stopping: threading.Event | None = None) -> bool:
    """Claim and do one task; False when nothing is to be done. Needs an application context."""
    work = claim()
    if work is None:
        return False
    work.stopping = stopping or work.stopping
    _run(work)
    return True


def claim() -> RunningTask | None:
    """The oldest task that waits or whose worker is dead, now ours; None when there is none."""
    session().rollback()
    now = clock.now()
    rows = session().execute(sa.select(
        BackgroundTask.id, BackgroundTask.kind, BackgroundTask.state, BackgroundTask.attempts, BackgroundTask.stalled,
        BackgroundTask.worker, BackgroundTask.heartbeat_at, BackgroundTask.started_at, BackgroundTask.done,
        BackgroundTask.total, BackgroundTask.requested_by_id, BackgroundTask.requested_by).where(
            BackgroundTask.kind.in_(HANDLERS),
            sa.or_(sa.and_(BackgroundTask.state == "waiting", BackgroundTask.not_before <= now),
                   BackgroundTask.state == "running")).order_by(BackgroundTask.id).limit(LOOKED_AT)).all()
    session().rollback()
    for row in rows:
        if (row.state == "waiting" or _dead(row, now)) and _claimed(row, now):
            work = RunningTask(row.id, row.kind, row.attempts + 1, row.requested_by_id, row.requested_by, row.done,
                               row.total)
            if row.state == "waiting" or row.stalled + 1 < MOST_STALLED:
                return work
            _end(work, "failed", (f"Tiến trình nền dừng đột ngột {MOST_STALLED} lần ở cùng một chỗ.",
                                  f"The worker died {MOST_STALLED} times at the same place."))
    return None


def enqueue_periodic() -> None:
    """Enqueue what is due by the clock of the laboratory; a unique period makes one task of several workers' wishes."""
    now = clock.now()
    today = local_date(now)
    for wanted in PERIODIC.values():
        period = f"{wanted.kind}@{today.isoformat()}"
        if local(now).time() < wanted.at or not wanted.on(today):
            continue
        if session().scalar(sa.select(BackgroundTask.id).where(BackgroundTask.period == period)) is not None:
            continue
        try:
            with write("task.periodic", actor=SYSTEM):
                enqueue(wanted.kind, wanted.payload, wanted.title, period=period)
        except IntegrityError:
            continue  # another worker was faster


def _dead(row: Any, now: datetime) -> bool:
    host, _colon, process = row.worker.rpartition(":")
    if host == socket.gethostname() and not _alive(int(process)):
        return True
    return row.heartbeat_at is None or row.heartbeat_at + LEASE < now


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _claimed(row: Any, now: datetime) -> bool:
    """Whether the task, as it was read, is ours now: it is not when anybody has moved it meanwhile."""
    with _own_connection(changes=True) as connection:
        return connection.execute(sa.update(BackgroundTask).where(
            BackgroundTask.id == row.id, BackgroundTask.state == row.state,
            BackgroundTask.attempts == row.attempts).values(
                state="running", attempts=row.attempts + 1, worker=worker_name(), heartbeat_at=now,
                started_at=row.started_at or now,
                stalled=row.stalled + 1 if row.state == "running" else row.stalled)).rowcount == 1


def _run(work: RunningTask) -> None:
    payload = json.loads(session().scalars(
        sa.select(BackgroundTask.payload).where(BackgroundTask.id == work.id)).one())
    session().rollback()
    if work.attempt > 1:  # a new run says of each item again what becomes of it
        with _own_connection(changes=True) as connection:
            connection.execute(sa.delete(TaskFailure).where(TaskFailure.task_id == work.id))
    ended = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    beating = threading.Thread(target=_beat, args=(app, work, ended), daemon=True)
    beating.start()
    try:
        with acting_as(work.requested_by_id or "", work.requested_by):
            HANDLERS[work.kind](work, payload)
        _end(work, "done")
    except Cancelled:
        _end(work, "cancelled")
    except Interrupted:
        _put_back(work)
    except Lost:
        log.warning("task %s was taken over by another worker", work.id)
    except DomainError as error:
        _end(work, "failed", (error.vi, error.en))
    except OperationalError:
        log.exception("task %s: the database is away; it will be tried again", work.id)
        _put_back(work, timedelta(seconds=5))
    except Exception as error:
        log.exception("task %s (%s) failed", work.id, work.kind)
        _end(work, "failed", (f"Lỗi không lường trước ({type(error).__name__}); xem nhật ký máy chủ.",
                              f"Unexpected fault ({type(error).__name__}); see the server's log."))
    finally:
        ended.set()
        session().rollback()
        beating.join()


def _beat(app: Flask, work: RunningTask, ended: threading.Event) -> None:
    while not ended.wait(HEARTBEAT_SECONDS):
        try:
            with app.app_context():
                _say(work.id, work.attempt, heartbeat_at=clock.now())
        except Lost:
            return
        except OperationalError:
            log.warning("task %s: no heartbeat, the database is away", work.id)


def _end(work: RunningTask, state: str, error: tuple[str, str] = ("", "")) -> None:
    session().rollback()
    with write("task.end", actor=_actor(work)) as current:
        row = current.get(BackgroundTask, work.id, populate_existing=True, with_for_update=True)
        if row is None or row.state != "running" or row.attempts != work.attempt:
            return
        row.state, row.finished_at = state, clock.now()
        row.done, row.total = work.done, work.total
        row.error_vi, row.error_en = error
        if work.answer is not None:
            row.result = json.dumps(work.answer, ensure_ascii=False)


def _put_back(work: RunningTask, after: timedelta = timedelta()) -> None:
    try:
        _say(work.id, work.attempt, state="waiting", not_before=clock.now() + after, worker="")
    except (Lost, OperationalError):
        log.warning("task %s could not be put back; it will be taken over", work.id)


def _say(task_id: int, attempt: int, **values: Any) -> None:
    """Change the row of this attempt. Raises Lost when another attempt runs."""
    with _own_connection(changes=True) as connection:
        changed = connection.execute(sa.update(BackgroundTask).where(
            BackgroundTask.id == task_id, BackgroundTask.attempts == attempt, BackgroundTask.state == "running",
        ).values(**values)).rowcount
    if changed != 1:
        raise Lost


@contextmanager
def _own_connection(*, changes: bool = False) -> Iterator[sa.Connection]:
    """A short transaction beside the session's; refused inside write(), where it would wait for itself."""
    if database.is_writing():
        raise RuntimeError("progress is told outside write()")
    if not changes:
        with db.engine.connect() as connection:
            yield connection
        return
    with writing(), db.engine.begin() as connection:
        yield connection


def _actor(work: RunningTask) -> tuple[str, str]:
    return (str(work.requested_by_id), work.requested_by) if work.requested_by_id is not None else SYSTEM
