"""What the audit trail says of one standard: every change of it, its certificates and its schedules, newest first."""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from lims.auth.models import User
from lims.equipment import words
from lims.equipment.models import DutyRecord, Schedule, Standard, StandardCertificate, StandardStateChange
from lims.shared.audit import AuditEvent, AuditTransaction
from lims.shared.db import session
from lims.shared.i18n import day, decimal

UNTOLD = {"search", "version", "id", "standard_id", "created_at"}
"""Columns whose change tells a person nothing."""
_WORDS: Mapping[str, Mapping[str, Any]] = {
    "state": words.STATE, "level": words.LEVEL, "interval_unit": words.INTERVAL_UNIT, "quantity": words.QUANTITY}


@dataclass(frozen=True)
class Step:
    """One transaction: who did what, when, why, and which values it changed, as (column, old, new) in words."""

    seq: int
    at: datetime
    actor: str
    action: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]


def steps(standard: Standard, limit: int = 50) -> list[Step]:
    """The newest transactions that touched the standard or what belongs to it."""
    touched = sa.or_(*(sa.and_(AuditEvent.entity == entity, AuditEvent.entity_id.in_(ids))
                       for entity, ids in _belongings(standard) if ids))
    query = (sa.select(AuditTransaction, AuditEvent.entity, AuditEvent.operation, AuditEvent.changes)
             .join(AuditEvent, AuditEvent.seq == AuditTransaction.seq).where(touched)
             .order_by(AuditEvent.seq.desc(), AuditEvent.position).limit(10 * limit))
    people = {str(user_id): name for user_id, name in session().execute(sa.select(User.id, User.full_name))}
    found: dict[int, tuple[AuditTransaction, list[tuple[str, str, str]]]] = {}
    for transaction, entity, operation, changes in session().execute(query):
        told = found.setdefault(transaction.seq, (transaction, []))[1]
        if operation == "update" and entity in (Standard.__tablename__, Schedule.__tablename__):
            told.extend((column, _in_words(column, old, people), _in_words(column, new, people))
                        for column, (old, new) in json.loads(changes).items() if column not in UNTOLD)
    return [Step(row.seq, row.at, row.actor, row.action, row.reason, tuple(told))
            for row, told in list(found.values())[:limit]]


def _in_words(column: str, value: Any, people: Mapping[str, str]) -> str:
    text = "–" if value is None or value == "" else str(value)
    if column in ("custodian_id", "responsible_id"):
        return people.get(text, text)
    if column in ("used", "cost", "price"):
        return decimal(text)
    if (column.endswith("_on") or column == "parts_from") and value is not None:
        return day(date.fromisoformat(text))
    return str(_WORDS.get(column, {}).get(text, text))


def _belongings(standard: Standard) -> Sequence[tuple[str, list[str]]]:
    own = ((model.__tablename__, list(session().scalars(sa.select(model.id).where(model.standard_id == standard.id))))
           for model in (StandardCertificate, Schedule, StandardStateChange, DutyRecord))
    return [(Standard.__tablename__, [str(standard.id)]),
            *((table, [str(row_id) for row_id in ids]) for table, ids in own)]
