"""Rows that may change, but never without the trail: what stands in them is what their events leave, one after another.

Who measured and on which day, which standard and certificate, what was agreed and authorised, when a standard is due:
no document says so a second time while the work goes on, and impact and reverse trace rest on it afterwards.
"""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ColumnProperty, Mapper, Session, lazyload, selectinload, undefer

from lims.issue.before_trail import FILLED, SHIPPED, UNTOLD
from lims.issue.raw_rows import PAGE, same
from lims.shared import audit
from lims.shared.audit import AuditEvent
from lims.shared.db import Base

TRACED = (
    # people, and what they may do
    "user_account", "role", "authorisation", "competence_event", "officer_card", "person_certificate", "person_paper",
    "training_need", "api_token", "calendar_feed", "register_choice", "organisation", "separate_review",
    # customers and their work
    "customer", "instrument", "job", "job_counter", "job_item", "worksheet", "worksheet_standard", "worksheet_room",
    "worksheet_photo", "bench_load", "bench_position", "item_statement", "amendment", "visit_request",
    "procedure_draft", "capability",
    # equipment and rooms
    "standard", "standard_function", "schedule", "interval_cap", "reservation", "room", "room_limit",
    "room_procedure_limit", "room_reading", "impact_review", "check_plan", "comparison", "comparison_action",
    # keys, series, law
    "seal_key", "signing_key", "series_choice", "legal_hold", "legal_designation", "legal_document", "legal_edition",
    "legal_row", "legal_confirmation", "struck_mark", "sticker_series",
    # due dates told
    "alert", "alert_notice", "person_alert", "person_alert_notice", "outbox_message", "report_deadline",
    # surveys, programmes, plans
    "survey", "survey_row", "survey_photo", "survey_follow_up", "coverage_purchase", "programme", "programme_action",
    "programme_expert", "programme_measurement", "programme_numbering", "programme_part", "plan", "plan_basis",
    "plan_difficulty", "plan_discrepancy", "plan_entry", "plan_item", "plan_purchase", "plan_target",
)
"""Tables that only the unit of work writes: every change of theirs is in the trail, column by column."""
PASSING = {"outbox_message": ("claimed_until", "attempts")}
"""Columns of the moment: who sends a message claims it beside the trail, for seconds."""
ONE_BY_ONE = {"room_reading": "import_id"}
"""Tables of which the trail knows a row by itself only where this column is empty; the others are a batch's."""
NAMED = 5
"""Rows of a table that are named when they are gone; the others are counted."""


@dataclass
class _Left:
    """What the events leave of a row: column to [before, after] of its last change, and the names it is linked with."""

    columns: dict[str, Any] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=dict)
    inserted: bool = False

    def take(self, changes: dict[str, Any], linked: Sequence[str]) -> None:
        for name in linked:
            gone, come = changes.pop(name, ([], []))
            self.links[name] = self.links.get(name, set()) - set(gone) | set(come)
        self.columns.update(changes)


def untraced_changes(session: Session, counts: Counter[str]) -> Iterator[str]:
    """Rows that differ from what the trail leaves of them, appeared without it, or are gone without it."""
    mappers = {str(mapper.local_table): mapper for mapper in Base.registry.mappers}
    filled = set(session.scalars(sa.union_all(*(
        sa.select(sa.literal(name)).where(sa.exists().select_from(mappers[name].local_table)) for name in TRACED))))
    told = set(session.scalars(sa.select(AuditEvent.entity).distinct()))
    for name in TRACED:
        if name in filled or name in told or name in SHIPPED:
            yield from table_faults(session, name, mappers[name], counts)


def table_faults(session: Session, name: str, mapper: Mapper[Any], counts: Counter[str]) -> Iterator[str]:
    """Those of one table, in the order of its key."""
    key = list(mapper.primary_key)
    columns = [column for column in mapper.column_attrs if column.columns[0] is not mapper.version_id_col
               and column.columns[0] not in key and column.key not in PASSING.get(name, ())]
    links = [relation for relation in mapper.relationships if relation.secondary is not None]
    query = sa.select(mapper.class_).order_by(*key).limit(PAGE).options(
        lazyload("*"), *(undefer(column.class_attribute) for column in columns if column.deferred),
        *(selectinload(relation.class_attribute) for relation in links))
    if name in ONE_BY_ONE:
        query = query.where(mapper.columns[ONE_BY_ONE[name]].is_(None))
    shipped = SHIPPED[name].left() if name in SHIPPED else {}
    untold = set(session.scalars(sa.text(UNTOLD[name]))) if name in UNTOLD else set()
    present: set[str] = set()
    following = query
    while rows := session.scalars(following).unique().all():
        identities = [mapper.primary_key_from_instance(row) for row in rows]
        written = [",".join(map(str, identity)) for identity in identities]
        left = _left(session, name, written, [relation.key for relation in links])
        for identity, row in zip(written, rows, strict=True):
            present.add(identity)
            known = left.get(identity, _Left())
            if not known.inserted and shipped:
                came = shipped.pop(tuple(getattr(row, part) for part in SHIPPED[name].key), None)
                known.inserted, known.columns = came is not None, {**(came or {}), **known.columns}
            if not known.inserted and identity not in untold:
                yield f"{name} {identity}: the audit trail does not know it"
            elif altered := [*(one.key for one in columns if not _agrees(name, row, one, known.columns)),
                             *(one.key for one in links if not _linked(row, one.key, known.links))]:
                yield f"{name} {identity}: {', '.join(altered)} changed beside the audit trail"
        following = query.where(sa.tuple_(*key) > sa.tuple_(*(
            sa.bindparam(None, value, type_=column.type) for column, value in zip(key, identities[-1], strict=True))))
        session.expunge_all()
    counts["traced rows"] += len(present)
    yield from _gone(session, name, present)
    yield from (f"{name} {', '.join(map(str, came))}: it is gone beside the audit trail" for came in shipped)


def _gone(session: Session, name: str, present: set[str]) -> Iterator[str]:
    """Rows that were inserted, not deleted, and are not there."""
    standing: dict[str, bool] = {}
    for identity, operation in session.execute(
            sa.select(AuditEvent.entity_id, AuditEvent.operation)
            .where(AuditEvent.entity == name, AuditEvent.operation.in_(("insert", "delete")),
                   AuditEvent.entity_id.not_like("import %"))
            .order_by(AuditEvent.seq, AuditEvent.position)):
        standing[identity] = operation == "insert"
    gone = [identity for identity, stands in standing.items() if stands and identity not in present]
    for identity in gone[:NAMED]:
        yield f"{name} {identity}: it is gone beside the audit trail"
    if len(gone) > NAMED:
        yield f"{name}: {len(gone)} rows are gone beside the audit trail"


def _agrees(name: str, row: Any, column: ColumnProperty[Any], known: dict[str, Any]) -> bool:
    value = getattr(row, column.key)
    if column.key in known:
        recorded = known[column.key][1]
        # of a secret the older trail says only that there was one
        return recorded in (audit.plain(column.key, value), audit.SECRET) or same(row, [column], [], known)
    # a column younger than the row: the migration gave it what a new row has
    default = column.columns[0].default
    usual = default.arg if isinstance(default, sa.ColumnDefault) and default.is_scalar else None
    return not value or value == usual or column.key in FILLED.get(name, ())


def _linked(row: Any, key: str, known: dict[str, set[str]]) -> bool:
    return {str(one) for one in getattr(row, key)} == known.get(key, set())


def _left(session: Session, entity: str, identities: Sequence[str], linked: Sequence[str]) -> dict[str, _Left]:
    """What the events leave of each row; nothing of a deleted one."""
    left: dict[str, _Left] = {}
    for event in session.execute(
            sa.select(AuditEvent.entity_id, AuditEvent.operation, AuditEvent.changes).where(
                AuditEvent.entity == entity, AuditEvent.entity_id.in_(identities))
            .order_by(AuditEvent.seq, AuditEvent.position)):
        if event.operation == "update":
            left.setdefault(event.entity_id, _Left()).take(json.loads(event.changes), linked)
        elif event.operation == "insert":
            left[event.entity_id] = _Left(inserted=True)
            left[event.entity_id].take(json.loads(event.changes), linked)
        elif event.operation == "delete":
            left.pop(event.entity_id, None)
    return left
