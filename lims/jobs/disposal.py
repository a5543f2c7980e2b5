"""The records of a sheet destroyed after their time: what they were, the emptying itself, what is left to look at."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import Observation, Result, Worksheet
from lims.jobs.photo_models import WorksheetPhoto
from lims.shared import audit
from lims.shared.audit import AuditEvent
from lims.shared.db import session
from lims.shared.errors import Conflict, DomainError
from lims.shared.files import StoredFile


class WorkGone(DomainError):
    """Readings, results and photographs of the item were disposed of."""

    def __init__(self) -> None:
        super().__init__("Số đọc, kết quả và ảnh của mục này đã hủy theo quy định lưu giữ.",
                         "Readings, results and photographs of this item were disposed of under a retention rule.",
                         status=410)


@dataclass(frozen=True)
class Contents:
    """What a sheet held: how many readings with one digest over all, the digest of each result, of each photograph."""

    readings: int
    readings_sha256: str
    results: list[str]
    photos: list[str]
    photo_bytes: int

    @classmethod
    def read(cls, text: str) -> Contents:
        """As it stands in `WorkDisposal.contents`."""
        return cls(**json.loads(text))

    def canonical(self) -> str:
        """As it is stored."""
        return audit.canonical_json(asdict(self))


def disposal_of(worksheet: Worksheet | None) -> WorkDisposal | None:
    """How the records of a sheet were disposed of; None while they are there."""
    if worksheet is None:
        return None
    return session().scalar(sa.select(WorkDisposal).where(WorkDisposal.worksheet_id == worksheet.id))


def require_kept(worksheet: Worksheet | None) -> None:
    """Raises WorkGone where the records were disposed of."""
    if disposal_of(worksheet) is not None:
        raise WorkGone


def contents_of(current: Session, worksheet_id: int) -> Contents:
    """What the sheet holds now."""
    readings = hashlib.sha256()
    rows = current.execute(
        sa.select(Observation.cell, Observation.revision, Observation.text, Observation.unit, Observation.at,
                  Observation.by_id).where(Observation.worksheet_id == worksheet_id).order_by(Observation.id)).all()
    for cell, revision, text, unit, at, by in rows:
        readings.update(audit.canonical_json([cell, revision, text, unit, at.isoformat(), by]).encode() + b"\n")
    results = list(current.scalars(sa.select(Result.digest).where(Result.worksheet_id == worksheet_id)
                                   .order_by(Result.revision)))
    files = current.execute(
        sa.select(StoredFile.sha256, StoredFile.size).join(WorksheetPhoto, WorksheetPhoto.file_id == StoredFile.id)
        .where(WorksheetPhoto.worksheet_id == worksheet_id).order_by(WorksheetPhoto.id)).all()
    return Contents(len(rows), readings.hexdigest(), results, [row.sha256 for row in files],
                    sum(row.size for row in files))


def trail_of(current: Session, worksheet_id: int) -> list[int]:
    """The transactions of the audit trail that say what was typed or computed in the sheet, oldest first.

    Raises Conflict when one of them is no longer what was written: destroying it would hide that."""
    seqs = sorted({row.seq for row in _events(current, worksheet_id)})
    if audit.altered_transactions(current, seqs):
        raise Conflict("Nhật ký của mục này không còn khớp; hãy chạy `lims verify` trước khi hủy.",
                       "The audit trail of this item is not in order; run `lims verify` before disposing of it.")
    return seqs


def empty(current: Session, worksheet_id: int) -> None:
    """Readings, results and photographs go, from the trail too; on SQLite from the pages of the file as well.

    The database refuses it without a row of `work_disposal`."""
    if current.get_bind().dialect.name == "sqlite":
        current.connection().exec_driver_sql("PRAGMA secure_delete=ON")
    unsynchronised = {"synchronize_session": False}
    events = [(event.id, audit.canonical_json(audit.emptied(event.entity, json.loads(event.changes))))
              for event in _events(current, worksheet_id)]
    for event_id, changes in events:
        current.execute(sa.update(AuditEvent).where(AuditEvent.id == event_id).values(changes=changes),
                        execution_options=unsynchronised)
    current.execute(sa.update(Observation).where(Observation.worksheet_id == worksheet_id)
                    .values(text="", value=None), execution_options=unsynchronised)
    current.execute(sa.update(Result).where(Result.worksheet_id == worksheet_id)
                    .values(evaluation=""), execution_options=unsynchronised)
    photos = sa.select(WorksheetPhoto.file_id).where(WorksheetPhoto.worksheet_id == worksheet_id)
    current.execute(sa.update(StoredFile).where(StoredFile.id.in_(photos)).values(content=b""),
                    execution_options=unsynchronised)
    audit.note(current, "worksheet", worksheet_id, "update", {"records": ["kept", "disposed"]})


def trails(current: Session) -> set[int]:
    """Every transaction of the audit trail that a disposal has emptied."""
    return {seq for text in current.scalars(sa.select(WorkDisposal.trail)) for seq in json.loads(text)}


def _events(current: Session, worksheet_id: int) -> Sequence[Any]:
    found: list[Any] = []
    for entity, model in (("observation", Observation), ("result", Result)):
        ids = [str(one) for one in current.scalars(sa.select(model.id).where(model.worksheet_id == worksheet_id))]
        for start in range(0, len(ids), 500):
            found += current.execute(
                sa.select(AuditEvent.id, AuditEvent.seq, AuditEvent.entity, AuditEvent.changes)
                .where(AuditEvent.entity == entity, AuditEvent.entity_id.in_(ids[start:start + 500]))).all()
    return found
