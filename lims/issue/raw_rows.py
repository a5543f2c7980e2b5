"""Rows that must never change: compared with the audit event that inserted each, and guarded by triggers."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty, Mapper, RelationshipProperty, Session, selectinload, undefer

from lims.shared import audit
from lims.shared.audit import AuditEvent
from lims.shared.db import Base, ExactDecimal

APPEND_ONLY = ("audit_transaction", "audit_event", "stored_file", "standard_certificate", "standard_certificate_parent",
               "standard_value", "standard_state_change", "duty_record", "procedure_version", "observation", "result",
               "approval", "certificate", "certificate_document", "certificate_event", "use_record",
               "person_signature", "check_run", "impact_notice", "interval_decision", "room_import", "standard_event",
               "procedure_cases", "survey_form", "survey_record", "legal_reading", "plan_override", "filed_report",
               "sticker_move", "sticker_count", "status_record",
               "lapse_decision", "retention_rule", "disposal", "work_disposal",
               "programme_template", "programme_document", "programme_result")
# Written many at a time and noted as one event: refused changes by the database only.
WRITTEN_IN_BULK = ("impact_item", "room_reading", "legal_edition", "legal_row")
GUARDED = APPEND_ONLY + WRITTEN_IN_BULK
# Changed freely until the survey is finished, then by nobody.
FROZEN_WHEN_FINISHED = ("survey", "survey_row", "survey_photo")


@dataclass(frozen=True)
class Emptied:
    """What a disposal empties of a table's rows: the columns, and which rows, by `key` among the `disposed` (SQL)."""

    key: str
    columns: tuple[str, ...]
    disposed: str


_DOCUMENTS, _SHEETS = "SELECT certificate_id FROM disposal", "SELECT worksheet_id FROM work_disposal"
EMPTIED = {
    "certificate": Emptied("id", ("record",), _DOCUMENTS),
    "certificate_document": Emptied("certificate_id", ("container",), _DOCUMENTS),
    "observation": Emptied("worksheet_id", ("text", "value"), _SHEETS),
    "result": Emptied("worksheet_id", ("evaluation",), _SHEETS),
}
# The database lets them change beside a disposal, so each refuses its own emptying by a guard of its own.
GUARDED_BY_ROW = (*EMPTIED, "stored_file", "audit_event")
PAGE = 500


def altered_rows(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Rows of append-only tables that differ from their insertion, appeared without one, or are gone."""
    mappers = {str(mapper.local_table): mapper for mapper in Base.registry.mappers}
    for name in APPEND_ONLY:
        # the trail itself is checked by its chain, a table of links with the rows that it links
        if not name.startswith("audit_") and name in mappers:
            yield from _table(session, name, mappers[name], counts)


def missing_triggers(session: Session) -> Iterator[str]:
    """Tables whose guard in the database is gone or switched off."""
    if session.get_bind().dialect.name == "sqlite":
        present = set(session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
        wanted = {table: {f"{table}_no_update", f"{table}_no_delete"} for table in GUARDED}
        wanted |= {table: {f"{table}_frozen_update", f"{table}_frozen_delete"} for table in FROZEN_WHEN_FINISHED}
    else:
        present = set(session.scalars(sa.text(
            "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE tgenabled IN ('O', 'A') "
            "AND tgname IN (relname || '_append_only', relname || '_no_truncate', relname || '_frozen')")))
        wanted = {table: {f"{table}_append_only", *([f"{table}_no_truncate"] if table in GUARDED_BY_ROW else ())}
                  for table in GUARDED} | {table: {f"{table}_frozen"} for table in FROZEN_WHEN_FINISHED}
    for table, names in wanted.items():
        if not names <= present:
            yield f"table {table}: the database no longer refuses changes (trigger missing)"


def _table(session: Session, name: str, mapper: Mapper[Any], counts: Counter[str]) -> Iterator[str]:
    key = mapper.primary_key[0]
    kept = [column for column in mapper.column_attrs if column.key not in audit.REDACTED]
    links = [relation for relation in mapper.relationships if relation.secondary is not None]
    expected = session.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(
        AuditEvent.entity == name, AuditEvent.operation == "insert")) or 0
    query = sa.select(mapper.class_).order_by(key).limit(PAGE).options(
        *(undefer(column.class_attribute) for column in kept if column.deferred),
        *(selectinload(relation.class_attribute) for relation in links))
    rule = EMPTIED.get(name)
    disposed = set(session.scalars(sa.text(rule.disposed))) if rule else set()
    last, seen = 0, 0
    while rows := session.scalars(query.where(key > last)).unique().all():
        identities = [mapper.primary_key_from_instance(row)[0] for row in rows]
        inserted = _insertions(session, name, [str(identity) for identity in identities])
        for identity, row in zip(identities, rows, strict=True):
            if str(identity) not in inserted:
                yield f"{name} {identity}: the audit trail does not know it"
            elif not same(row, [one for one in kept if one.key not in rule.columns]
                           if rule and _gone(row, rule, disposed) else kept, links, inserted[str(identity)]):
                yield f"{name} {identity}: it was changed after it was entered"
        seen, last = seen + len(rows), identities[-1]
        session.expunge_all()
    counts["append-only rows"] += seen
    if seen < expected:
        yield f"{name}: {expected - seen} of {expected} rows are gone"


def _gone(row: Any, rule: Emptied, disposed: set[Any]) -> bool:
    """Whether the row is one of what was disposed of, and its content is gone."""
    return getattr(row, rule.key) in disposed and not any(getattr(row, column) for column in rule.columns)


def same(row: Any, columns: Sequence[ColumnProperty[Any]], links: Sequence[RelationshipProperty[Any]],
          inserted: dict[str, Any]) -> bool:
    for relation in links:  # by their number: what they are called may have changed since
        if len(getattr(row, relation.key)) != len(inserted.get(relation.key, [[], []])[1]):
            return False
    for column in columns:
        recorded = inserted.get(column.key, [None, None])[1]
        value = getattr(row, column.key)
        if isinstance(column.columns[0].type, ExactDecimal):  # PostgreSQL writes 1E+2 as 100
            if (None if recorded is None else Decimal(recorded)) != value:
                return False
        elif isinstance(value, datetime):  # one instant, in whatever zone it was entered
            if recorded is None or datetime.fromisoformat(recorded) != value:
                return False
        elif audit.plain(column.key, value) != recorded:
            return False
    return True


def _insertions(session: Session, entity: str, identities: Sequence[str]) -> dict[str, Any]:
    rows = session.execute(sa.select(AuditEvent.entity_id, AuditEvent.changes).where(
        AuditEvent.entity == entity, AuditEvent.operation == "insert", AuditEvent.entity_id.in_(identities)))
    return {row.entity_id: json.loads(row.changes) for row in rows}
