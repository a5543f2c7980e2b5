"""Are results and attached files what their digests say, and is of disposed job records what it should be?"""
from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.jobs.disposal import Contents
from lims.jobs.disposal_models import WorkDisposal
from lims.jobs.models import JobItem, Observation, Result, Worksheet
from lims.jobs.photo_models import WorksheetPhoto
from lims.shared.audit import outline_digest
from lims.shared.files import StoredFile

PAGE = 100


def results(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Every evaluation against its digest; those that were disposed of with their sheet hold nothing."""
    gone = set(session.scalars(sa.select(WorkDisposal.worksheet_id)))
    for row in session.execute(sa.select(Result.id, Result.worksheet_id, Result.evaluation,
                                         Result.digest)).yield_per(PAGE):
        counts["results"] += 1
        if row.worksheet_id in gone and not row.evaluation:
            continue
        if hashlib.sha256(row.evaluation.encode()).hexdigest() != row.digest:
            yield f"result {row.id} does not match its digest"


def files(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Every attached file against its digest; photographs disposed of with their sheet hold nothing."""
    gone = set(session.scalars(sa.select(WorksheetPhoto.file_id).join(
        WorkDisposal, WorkDisposal.worksheet_id == WorksheetPhoto.worksheet_id)))
    for row in session.execute(sa.select(StoredFile.id, StoredFile.content, StoredFile.sha256)).yield_per(PAGE):
        counts["attached files"] += 1
        if row.id in gone and not row.content:
            continue
        if hashlib.sha256(row.content).hexdigest() != row.sha256:
            yield f"attached file {row.id} does not match its SHA-256"


def disposals(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Nothing is left of what was disposed of, and its count, digests and trail are those that were told."""
    rows = session.execute(sa.select(WorkDisposal.worksheet_id, JobItem.code, WorkDisposal.contents, WorkDisposal.trail,
                                     WorkDisposal.trail_sha256)
                           .join(Worksheet, Worksheet.id == WorkDisposal.worksheet_id)
                           .join(JobItem, JobItem.id == Worksheet.item_id).order_by(WorkDisposal.id)).all()
    for sheet_id, code, contents, trail, trail_sha256 in rows:
        counts["job records disposed under a rule"] += 1
        told = Contents.read(contents)
        if _left(session, sheet_id):
            yield f"{code}: its records were disposed of, but some are still there"
        if told.readings != session.scalar(sa.select(sa.func.count()).select_from(Observation).where(
                Observation.worksheet_id == sheet_id)) or told.results != list(session.scalars(
                    sa.select(Result.digest).where(Result.worksheet_id == sheet_id).order_by(Result.revision))):
            yield f"{code}: its disposal tells other records than there were"
        if outline_digest(session, json.loads(trail)) != trail_sha256:
            yield f"{code}: what the audit trail keeps of its disposed records was changed"


def _left(session: Session, sheet_id: int) -> bool:
    typed = sa.select(Observation.id).where(Observation.worksheet_id == sheet_id, sa.or_(
        Observation.text != "", Observation.value.is_not(None)))
    computed = sa.select(Result.id).where(Result.worksheet_id == sheet_id, Result.evaluation != "")
    drawn = sa.select(WorksheetPhoto.id).join(StoredFile, StoredFile.id == WorksheetPhoto.file_id).where(
        WorksheetPhoto.worksheet_id == sheet_id, sa.func.length(StoredFile.content) > 0)
    return any(session.scalar(sa.select(query.exists())) for query in (typed, computed, drawn))
