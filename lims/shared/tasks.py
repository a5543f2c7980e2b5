"""The one queue of background work: a row written in the caller's transaction, run by a worker (task_runner.py).

A feature registers `@task("kind")` on a function `run(work, payload)` and calls `enqueue(...)` inside its `write()`.
The row is committed with the rest or not at all. A task is run at least once: a worker that was killed is followed by
another, so a handler finds out what was done already and does the rest. Numbers of progress are not audited, the
request, the cancelling and the end are.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.shared import audit, clock
from lims.shared.db import Base, session, write
from lims.shared.errors import Conflict, NotFound

STATES = ("waiting", "running", "done", "failed", "cancelled")
ENDED = ("done", "failed", "cancelled")
Title = tuple[str, str]
"""The same words in Vietnamese and English."""


class BackgroundTask(Base):
    """One piece of background work. `attempts` also tells the present run from one that was believed dead."""

    __tablename__ = "background_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title_vi: Mapped[str]
    title_en: Mapped[str]
    payload: Mapped[str] = mapped_column(deferred=True)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    requested_by_id: Mapped[int | None] = mapped_column(index=True)
    requested_by: Mapped[str]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    period: Mapped[str | None] = mapped_column(unique=True)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    stalled: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(default="")
    heartbeat_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    error_vi: Mapped[str] = mapped_column(default="")
    error_en: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting','running','done','failed','cancelled')", name="state"),
    )

    def title(self, language: str) -> str:
        return self.title_vi if language == "vi" else self.title_en

    def error(self, language: str) -> str:
        return self.error_vi if language == "vi" else self.error_en

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class TaskFailure(Base):
    """One item of a task that could not be done, and why."""

    __tablename__ = "task_failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("background_task.id"))
    item: Mapped[str]
    reason_vi: Mapped[str]
    reason_en: Mapped[str]
    __table_args__ = (sa.UniqueConstraint("task_id", "item"),)

    def reason(self, language: str) -> str:
        return self.reason_vi if language == "vi" else self.reason_en


class TaskFile(Base):
    """A file that a task made; kept for some days (task_files.py), then made again by asking again."""

    __tablename__ = "task_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(sa.ForeignKey("background_task.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TaskFilePart(Base):
    """A megabyte of a file, so that neither writing nor sending holds the whole."""

    __tablename__ = "task_file_part"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("task_file.id"))
    position: Mapped[int]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)
    __table_args__ = (sa.UniqueConstraint("file_id", "position"),)


class Handler(Protocol):
    """What is registered for a kind; `work` is a task_runner.RunningTask."""

    def __call__(self, work: Any, payload: Any, /) -> None: ...


@dataclass(frozen=True)
class Periodic:
    """A task that the workers enqueue by themselves: once on each day that `on` names, from `at` local time."""

    kind: str
    title: Title
    at: time
    on: Callable[[date], bool]
    payload: Mapping[str, Any]


HANDLERS: dict[str, Handler] = {}
PERIODIC: dict[str, Periodic] = {}


def task(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does tasks of this kind."""
    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def periodic(kind: str, title: Title, at: time, *, on: Callable[[date], bool] = lambda _day: True,
             payload: Mapping[str, Any] | None = None) -> None:
    """Have the kind run once a day (where `on` says so) from `at`; several workers still make one task of it.

    A worker that was off at that time does it later on the same day; days that passed meanwhile are not made up for."""
    PERIODIC[kind] = Periodic(kind, title, at, on, payload or {})


def enqueue(kind: str, payload: Mapping[str, Any], title: Title, total: int = 0, *,
            not_before: datetime | None = None, period: str | None = None) -> BackgroundTask:
    """Add a task to the transaction that is open (inside `write()`); it belongs to whoever the transaction is made by.

    `payload` is kept as JSON and shown in the audit trail: no passwords. `total` is the number of items, 0 = unknown.
    """
    if kind not in HANDLERS:
        raise ValueError(f"no handler is registered for tasks of kind {kind!r}")
    current = session()
    if "audit" not in current.info:
        raise RuntimeError("a task is enqueued inside write(), in the transaction that asks for it")
    person_id, person = audit.actor_of(current)
    row = BackgroundTask(kind=kind, payload=json.dumps(payload, ensure_ascii=False), title_vi=title[0],
                         title_en=title[1], total=total, requested_by=person, period=period,
                         requested_by_id=int(person_id) if person_id.isdigit() else None,
                         created_at=clock.now(), not_before=not_before or clock.now())
    current.add(row)
    current.flush()
    return row


def task_for(task_id: int, person_id: int, *, oversees: bool) -> BackgroundTask:
    """A person's own task, or anybody's for whoever oversees all. Raises NotFound."""
    row = session().get(BackgroundTask, task_id, populate_existing=True)
    if row is None or not (oversees or row.requested_by_id == person_id):
        raise NotFound("Không có việc nền này.", "There is no such background task.")
    return row


def failures_of(task_id: int, limit: int = 200) -> list[TaskFailure]:
    """What could not be done, in the order it was met."""
    return list(session().scalars(sa.select(TaskFailure).where(TaskFailure.task_id == task_id)
                                  .order_by(TaskFailure.id).limit(limit)))


def count_failures(task_ids: list[int]) -> dict[int, int]:
    """How many items failed, by task."""
    rows = session().execute(sa.select(TaskFailure.task_id, sa.func.count()).where(TaskFailure.task_id.in_(task_ids))
                             .group_by(TaskFailure.task_id))
    return {task_id: count for task_id, count in rows.all()}  # noqa: C416  (a Row is no tuple to the type checker)


def cancel(task_id: int, person_id: int, *, oversees: bool) -> BackgroundTask:
    """Stop a task: at once while it waits, after the item in work while it runs; what is done stays done."""
    with write("task.cancel") as current:
        row = current.get(BackgroundTask, task_for(task_id, person_id, oversees=oversees).id, populate_existing=True,
                          with_for_update=True)
        if row is None or row.ended:
            raise Conflict("Việc này đã kết thúc.", "This task has ended.")
        row.cancel_requested = True
        if row.state == "waiting":
            row.state, row.finished_at = "cancelled", clock.now()
    return row


def own_tasks(person_id: int | None) -> sa.Select[BackgroundTask]:
    """Tasks of one person, None: of everybody."""
    query = sa.select(BackgroundTask)
    return query if person_id is None else query.where(BackgroundTask.requested_by_id == person_id)


def unfinished(current: Session, kind: str) -> bool:
    """Whether a task of this kind waits or runs."""
    return current.scalar(sa.select(BackgroundTask.id).where(
        BackgroundTask.kind == kind, BackgroundTask.state.in_(("waiting", "running"))).limit(1)) is not None
