"""Files that tasks make: kept in parts of a megabyte, sent part by part, and dropped after two weeks."""
from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.tasks import TaskFile, TaskFilePart

PART = 1 << 20
KEPT = timedelta(days=14)


def keep(current: Session, task_id: int, name: str, content: bytes | BinaryIO, media_type: str) -> TaskFile:
    """Keep a file of a task in the open transaction; a file of the same name, from a run that was cut, gives way."""
    for former in current.scalars(sa.select(TaskFile).where(TaskFile.task_id == task_id, TaskFile.name == name)):
        _drop(current, [former.id])
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    file = TaskFile(task_id=task_id, name=name, media_type=media_type, size=0, sha256="",
                    expires_at=clock.now() + KEPT)
    digest, size, parts = hashlib.sha256(), 0, []
    source.seek(0)
    while part := source.read(PART):
        digest.update(part)
        size += len(part)
        parts.append(len(part))
    file.size, file.sha256 = size, digest.hexdigest()
    current.add(file)
    current.flush()
    source.seek(0)
    for position, length in enumerate(parts):
        current.execute(sa.insert(TaskFilePart).values(file_id=file.id, position=position, content=source.read(length)))
    return file


def files_of(task_id: int) -> list[TaskFile]:
    """The files of a task that are still kept."""
    return list(session().scalars(sa.select(TaskFile).where(TaskFile.task_id == task_id).order_by(TaskFile.id)))


def file_of(task_id: int, file_id: int) -> TaskFile | None:
    """One of them; None when there is none, or no longer."""
    return session().scalar(sa.select(TaskFile).where(TaskFile.task_id == task_id, TaskFile.id == file_id))


def parts_of(file_id: int, position: int = 0) -> Iterator[bytes]:
    """The bytes, one part in memory at a time."""
    while (part := session().scalar(sa.select(TaskFilePart.content).where(
            TaskFilePart.file_id == file_id, TaskFilePart.position == position))) is not None:
        yield part
        position += 1


def drop_expired(now: datetime) -> int:
    """Delete what is past its time; how many files. They are copies: what they were made from stays."""
    session().rollback()
    expired = list(session().scalars(sa.select(TaskFile.id).where(TaskFile.expires_at <= now).limit(100)))
    session().rollback()
    if expired:
        with write("task.files_expired", actor=("", "system")) as current:
            _drop(current, expired)
    return len(expired)


def _drop(current: Session, file_ids: list[int]) -> None:
    current.execute(sa.delete(TaskFilePart).where(TaskFilePart.file_id.in_(file_ids)))
    current.execute(sa.delete(TaskFile).where(TaskFile.id.in_(file_ids)))
