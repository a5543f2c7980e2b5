"""Rows that may change, but never without the trail: what stands in them is what their events leave, one after another.

Who measured and on which day, which standard and certificate, what was agreed and authorised, when a standard is due:
no document says so a second time while the work goes on, and impact and reverse trace rest on it afterwards.
"""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty, Mapper, Session, undefer

from lims.issue.raw_rows import PAGE, same
from lims.shared import audit
from lims.shared.audit import AuditEvent
from lims.shared.db import Base

TRACED = ("customer", "instrument", "job", "job_item", "worksheet", "worksheet_standard", "worksheet_room",
          "item_statement", "amendment", "authorisation", "officer_card", "standard", "standard_function", "schedule",
          "interval_cap", "impact_review", "legal_hold", "legal_designation", "struck_mark", "plan_entry",
          "survey", "survey_row")
"""Tables that only the unit of work writes: every change of theirs is in the trail, column by column."""
FILLED = {"instrument": ("last_service", "last_verdict", "last_on", "last_body", "last_number", "valid_until",
                         "due_on"),
          "officer_card": ("ended_on",)}
"""Columns that a migration filled from what was known: the trail of an older row is silent about them."""


def untraced_changes(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Rows that differ from what the trail leaves of them, appeared without it, or are gone without it."""
    mappers = {str(mapper.local_table): mapper for mapper in Base.registry.mappers}
    for name in TRACED:
        yield from _table(session, name, mappers[name], counts)


def _table(session: Session, name: str, mapper: Mapper[Any], counts: Counter[str]) -> Iterator[str]:
    key = mapper.primary_key[0]
    columns = [column for column in mapper.column_attrs
               if column.key not in audit.REDACTED and column.columns[0] is not mapper.version_id_col]
    query = sa.select(mapper.class_).order_by(key).limit(PAGE).options(
        *(undefer(column.class_attribute) for column in columns if column.deferred))
    last, seen = 0, 0
    while rows := session.scalars(query.where(key > last)).unique().all():
        identities = [mapper.primary_key_from_instance(row)[0] for row in rows]
        left = _left(session, name, [str(identity) for identity in identities])
        for identity, row in zip(identities, rows, strict=True):
            known = left.get(str(identity))
            if known is None:
                yield f"{name} {identity}: the audit trail does not know it"
            elif altered := [column.key for column in columns if not _agrees(name, row, column, known)]:
                yield f"{name} {identity}: {', '.join(altered)} changed beside the audit trail"
        seen, last = seen + len(rows), identities[-1]
        session.expunge_all()
    counts["traced rows"] += seen
    made = {operation: session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(
        AuditEvent.entity == name, AuditEvent.operation == operation)) or 0 for operation in ("insert", "delete")}
    if seen < (expected := made["insert"] - made["delete"]):
        yield f"{name}: {expected - seen} of {expected} rows are gone beside the audit trail"


def _agrees(name: str, row: Any, column: ColumnProperty[Any], known: dict[str, Any]) -> bool:
    if column.key in known:
        return same(row, [column], [], known)
    # a column younger than the row: the migration gave it what a new row has
    value, default = getattr(row, column.key), column.columns[0].default
    usual = default.arg if isinstance(default, sa.ColumnDefault) and default.is_scalar else None
    return not value or value == usual or column.key in FILLED.get(name, ())


def _left(session: Session, entity: str, identities: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the events leave of each row: column to [before, after] of its last change; nothing of a deleted one."""
    left: dict[str, dict[str, Any]] = {}
    for event in session.execute(
            sa.select(AuditEvent.entity_id, AuditEvent.operation, AuditEvent.changes).where(
                AuditEvent.entity == entity, AuditEvent.entity_id.in_(identities))
            .order_by(AuditEvent.seq, AuditEvent.position)):
        if event.operation == "update":
            left.setdefault(event.entity_id, {}).update(json.loads(event.changes))
        elif event.operation == "insert":
            left[event.entity_id] = json.loads(event.changes)
        elif event.operation == "delete":
            left.pop(event.entity_id, None)
    return left
