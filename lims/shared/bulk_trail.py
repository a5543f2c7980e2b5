"""Rows written many at a time: the trail keeps one digest for each part of a batch in place of every value.

A batch is what some columns name (a logger file, one run of an impact review), its parts are small enough that a
digest which no longer holds says where to look (a quantity and a day, one result)."""
from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.shared import audit
from lims.shared.audit import AuditEvent
from lims.shared.db import Base

OPERATION = "insert_many"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Kind:
    batch: tuple[str, ...]
    part: Callable[[Row], str]


_KINDS: dict[type[Base], _Kind] = {}


def register(model: type[Base], batch: tuple[str, ...], part: Callable[[Row], str]) -> None:
    """Rows of this table are written by `insert`: `batch` are the columns that name the batch."""
    _KINDS[model] = _Kind(batch, part)


def tables() -> set[str]:
    """Names of the tables that are written so."""
    return {model.__tablename__ for model in _KINDS}


def insert(current: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Write rows of one batch, each with every column but its number, and their digests into the trail."""
    if not rows:
        return
    kind = _KINDS[model]
    current.execute(sa.insert(model), rows)
    audit.note(current, model.__tablename__, _name(kind, [rows[0][column] for column in kind.batch]), OPERATION,
               {"digests": [None, _digests(kind, rows)]})


def altered(session: Session) -> Iterator[str]:
    """Parts whose rows are not those that were written, one sentence each."""
    for model, kind in _KINDS.items():
        yield from _altered(session, model, kind)


def _altered(session: Session, model: type[Base], kind: _Kind) -> Iterator[str]:
    table: Any = model.__table__
    told: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    for event in session.execute(sa.select(AuditEvent.entity_id, AuditEvent.operation, AuditEvent.changes).where(
            AuditEvent.entity == table.name, AuditEvent.entity_id.like(_name(kind, ["%"] * len(kind.batch))))
            .order_by(AuditEvent.seq, AuditEvent.position)):
        changes = json.loads(event.changes)
        if event.operation == OPERATION:
            told.setdefault(event.entity_id, {}).update(changes["digests"][1])
        elif "readings" in changes:  # before digests were kept
            numbers[event.entity_id] = changes["readings"][1]
    batch = [table.c[column] for column in kind.batch]
    for values in session.execute(sa.select(*batch).where(batch[0].is_not(None)).distinct().order_by(*batch)).all():
        name = _name(kind, values)
        rows = [dict(row._mapping) for row in session.execute(sa.select(table).where(
            *(column == value for column, value in zip(batch, values, strict=True))))]
        if name not in told:
            if numbers.pop(name, len(rows)) != len(rows):
                yield f"{table.name} {name}: it does not have as many rows as were entered"
            continue
        expected, found = told.pop(name), _digests(kind, rows)
        yield from (f"{table.name} {name}, {part}: its rows are not those that were entered"
                    for part in sorted({*expected, *found}) if expected.get(part) != found.get(part))
    yield from (f"{table.name} {name}: all its rows are gone" for name in {**told, **numbers})


def _name(kind: _Kind, values: Sequence[object]) -> str:
    return ", ".join(f"{column.removesuffix('_id')} {value}"
                     for column, value in zip(kind.batch, values, strict=True))


def _digests(kind: _Kind, rows: Sequence[Row]) -> dict[str, str]:
    """Part -> first half of the SHA-256 over its rows, in whatever order and on whichever database they stand."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        parts[kind.part(row)].append(audit.canonical_json(
            {name: _plain(name, value) for name, value in row.items() if name != "id" and value is not None}))
    return {part: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:32]
            for part, lines in sorted(parts.items())}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, Decimal):  # PostgreSQL writes 1E+2 as 100
        return f"{value.normalize():f}"
    return audit.plain(name, value.astimezone(UTC) if isinstance(value, datetime) else value)
