"""The audit trail: every change of every row, chained by SHA-256, written in the transaction that makes the change.

It cannot be switched off: the session's own events collect old and new values, and each commit appends one link over
its events. Link n is SHA-256("lims-audit-1" + link n-1 + digest n); `verify_chain` recomputes all of them.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import has_request_context, request
from flask_login import current_user
from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column

from lims.shared import clock
from lims.shared.db import Base

CHAIN = b"lims-audit-1"
GENESIS = "0" * 64
REDACTED = {"password", "fs_uniquifier", "tf_totp_secret", "mf_recovery_codes", "secret", "content"}
EMPTIABLE = {"observation": ("text", "value"), "result": ("evaluation",)}
"""What the trail forgets of a row when the records of a job are disposed of; who and when stay."""
GONE = "•"
SECRET = "•"
"""Stands before the digest of a secret; alone in trails written before digests were kept."""


class AuditTransaction(Base):
    """One committed transaction: who, when, which use case, why; `link` chains it to all before."""

    __tablename__ = "audit_transaction"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    digest: Mapped[str]
    link: Mapped[str]


class AuditEvent(Base):
    """One changed row: `changes` is canonical JSON {column: [old, new]}."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(sa.ForeignKey("audit_transaction.seq"), index=True)
    position: Mapped[int]
    entity: Mapped[str]
    entity_id: Mapped[str]
    operation: Mapped[str]
    changes: Mapped[str]
    __table_args__ = (sa.Index("ix_audit_event_entity", "entity", "entity_id"),)


class AuditHead(Base):
    """The end of the chain; its one row is locked last in every writing transaction."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    link: Mapped[str]


@dataclass(frozen=True)
class Change:
    """One row's change before it is written."""

    entity: str
    entity_id: str
    operation: str
    changes: dict[str, list[Any]]

    def canonical(self) -> dict[str, Any]:
        return {"entity": self.entity, "id": self.entity_id, "operation": self.operation, "changes": self.changes}


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


_acting: ContextVar[tuple[str, str] | None] = ContextVar("lims_acting", default=None)


@contextmanager
def acting_as(person_id: object, name: str) -> Iterator[None]:
    """Changes made inside, by a script, are this person's."""
    token = _acting.set((str(person_id), name))
    try:
        yield
    finally:
        _acting.reset(token)


def note(session: Session, entity: str, entity_id: object, operation: str, changes: dict[str, list[Any]]) -> None:
    """Record a change made by SQL outside the unit of work (a counter raised by compare-and-set)."""
    _collected(session).append(Change(entity, str(entity_id), operation, changes))


def install(session_class: Any) -> None:
    """Listen to this session factory: collect changes at each flush, append the link at commit."""
    event.listen(session_class, "after_flush", _collect)
    event.listen(session_class, "before_commit", _append)
    event.listen(session_class, "after_rollback", _forget)


def events_of(session: Session, entity: str, entity_id: object) -> int:
    """How many changes of one row the trail holds: a revision for rows that count none of their own."""
    return session.scalar(sa.select(sa.func.count()).where(
        AuditEvent.entity == entity, AuditEvent.entity_id == str(entity_id))) or 0


def position(session: Session) -> int:
    """Number of the last committed transaction: whatever is committed after this was read has a greater one."""
    return session.scalars(sa.select(AuditHead.seq).where(AuditHead.id == 1)).one()


def moved_since(session: Session, seq: int, *, but: Iterable[str] = ()) -> bool:
    """Whether any row was changed after transaction `seq`, changes of the tables `but` left out."""
    return session.scalar(sa.select(AuditEvent.id).where(
        AuditEvent.seq > seq, AuditEvent.entity.not_in(tuple(but))).limit(1)) is not None


def emptied(entity: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes of an event without what a disposal destroys; the same before and after it."""
    return {column: [None, GONE] if column in EMPTIABLE.get(entity, ()) else values
            for column, values in changes.items()}


def outline_digest(session: Session, seqs: Sequence[int]) -> str:
    """SHA-256 over these transactions without what a disposal destroys: it says the same before and after one."""
    digest = hashlib.sha256()
    for start in range(0, len(seqs), 500):
        part = sorted(seqs)[start:start + 500]
        bodies = _events_of(session, AuditEvent.seq.in_(part))
        for seq in part:
            outline = [one | {"changes": emptied(one["entity"], one["changes"])} for one in bodies.get(seq, [])]
            digest.update(canonical_json([seq, outline]).encode())
    return digest.hexdigest()


def altered_transactions(session: Session, seqs: Sequence[int]) -> list[int]:
    """Those of the transactions that do not match their digest, those emptied before left out."""
    rows = session.scalars(sa.select(AuditTransaction).where(AuditTransaction.seq.in_(seqs))).all()
    bodies = _events_of(session, AuditEvent.seq.in_(seqs))
    return [row.seq for row in rows if not _holds(row, bodies.get(row.seq, [])) and not _is_emptied(bodies[row.seq])]


def verify_chain(session: Session, disposed: Collection[int] = ()) -> Iterator[str]:
    """Faults of the trail, one sentence each; nothing when every link, event and the head agree.

    Transactions in `disposed` were emptied beside a disposal of job records: they cannot match their digest any more,
    their outline is kept with the disposal (`outline_digest`)."""
    previous, seq = GENESIS, 0
    while page := session.scalars(sa.select(AuditTransaction).where(AuditTransaction.seq > seq)
                                  .order_by(AuditTransaction.seq).limit(500)).all():
        bodies = _events_of(session, AuditEvent.seq.between(page[0].seq, page[-1].seq))
        for row in page:
            if row.seq != seq + 1:
                yield f"audit: transaction {seq + 1} is missing"
            body = bodies.get(row.seq, [])
            if not _holds(row, body) and not (row.seq in disposed and _is_emptied(body)):
                yield f"audit: transaction {row.seq} does not match its digest"
            if row.link != _link(previous, row.digest):
                yield f"audit: the chain breaks at transaction {row.seq}"
            previous, seq = row.link, row.seq
        session.expunge_all()
    head = session.get(AuditHead, 1)
    if head is None or (head.seq, head.link) != (seq, previous):
        yield "audit: the head does not match the last transaction (the tail was cut)"


def _holds(row: AuditTransaction, body: list[dict[str, Any]]) -> bool:
    return row.digest == _digest(row.seq, row.at, row.actor_id, row.actor, row.action, row.reason, body)


def _is_emptied(body: list[dict[str, Any]]) -> bool:
    """Whether any of its events says no more what a disposal destroyed."""
    return any([None, GONE] in one["changes"].values() for one in body if one["entity"] in EMPTIABLE)


def _events_of(session: Session, wanted: sa.ColumnElement[bool]) -> dict[int, list[dict[str, Any]]]:
    bodies: dict[int, list[dict[str, Any]]] = {}
    for row in session.scalars(sa.select(AuditEvent).where(wanted)
                               .order_by(AuditEvent.seq, AuditEvent.position)):
        change = Change(row.entity, row.entity_id, row.operation, json.loads(row.changes))
        bodies.setdefault(row.seq, []).append(change.canonical())
    return bodies


def _collected(session: Session) -> list[Change]:
    return session.info.setdefault("audit_changes", [])


def _collect(session: Session, _context: Any) -> None:
    changes = _collected(session)
    for operation, objects in (("insert", session.new), ("update", session.dirty), ("delete", session.deleted)):
        for instance in objects:
            if isinstance(instance, AuditTransaction | AuditEvent | AuditHead):
                continue
            values = _values(instance, operation)
            if values:
                key = ",".join(str(part) for part in inspect(instance).mapper.primary_key_from_instance(instance))
                changes.append(Change(instance.__tablename__, key, operation, values))


def _values(instance: Any, operation: str) -> dict[str, list[Any]]:
    state = inspect(instance)
    values: dict[str, list[Any]] = {}
    for attribute in state.mapper.column_attrs:
        history = state.attrs[attribute.key].history
        if operation == "update" and not history.has_changes():
            continue
        value = plain(attribute.key, getattr(instance, attribute.key))
        if operation == "update":
            values[attribute.key] = [plain(attribute.key, history.deleted[0] if history.deleted else None), value]
        elif value is not None:
            values[attribute.key] = [None, value] if operation == "insert" else [value, None]
    for relation in state.mapper.relationships:
        if relation.secondary is not None and relation.key in state.dict:
            history = state.attrs[relation.key].history
            if history.added or history.deleted:
                values[relation.key] = [sorted(map(str, history.deleted or ())), sorted(map(str, history.added or ()))]
    return values


def plain(key: str, value: Any) -> Any:
    """A column's value as events hold it: JSON types, bytes as their SHA-256, secrets as a dot with theirs.

    Nobody guesses a secret from its digest: a password stands salted already, the others are random."""
    if value is None or isinstance(value, bool | int | str):
        return _hidden(value) if key in REDACTED and isinstance(value, str) else value
    if isinstance(value, bytes | bytearray | memoryview):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | float):
        return str(value)
    return canonical_json(value)


def _hidden(value: str) -> str:
    return SECRET + hashlib.sha256(value.encode()).hexdigest()


def _append(session: Session) -> None:
    session.flush()
    changes = session.info.pop("audit_changes", [])
    if not changes:
        return
    context = session.info.get("audit") or {}
    actor_id, actor = actor_of(session)
    action = context.get("action") or (request.endpoint if has_request_context() else None) or "system"
    reason = context.get("reason", "")
    head = session.scalars(sa.select(AuditHead).where(AuditHead.id == 1).with_for_update()
                           .execution_options(populate_existing=True)).one()
    at, seq = clock.now(), head.seq + 1
    body = [change.canonical() for change in changes]
    digest = _digest(seq, at, actor_id, actor, action, reason, body)
    link = _link(head.link, digest)
    session.execute(sa.insert(AuditTransaction).values(
        seq=seq, at=at, actor_id=actor_id, actor=actor, action=action, reason=reason, digest=digest, link=link))
    session.execute(sa.insert(AuditEvent), [
        {"seq": seq, "position": position, "entity": change.entity, "entity_id": change.entity_id,
         "operation": change.operation, "changes": canonical_json(change.changes)}
        for position, change in enumerate(changes)])
    raised = session.execute(sa.update(AuditHead).where(AuditHead.id == 1, AuditHead.seq == seq - 1)
                             .values(seq=seq, link=link).execution_options(synchronize_session=False))
    if raised.rowcount != 1:  # type: ignore[attr-defined]
        raise RuntimeError("the audit head moved during the transaction")


def actor_of(session: Session) -> tuple[str, str]:
    """(id, name) of whoever makes the open transaction; the id is "" for the system and the command line."""
    return (session.info.get("audit") or {}).get("actor") or _current_actor()


def _forget(session: Session) -> None:
    session.info.pop("audit_changes", None)


def _current_actor() -> tuple[str, str]:
    if (acting := _acting.get()) is not None:
        return acting
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.id), str(current_user.full_name)
    return "", "system"


def _digest(seq: int, at: datetime, actor_id: str, actor: str, action: str, reason: str,
            events: list[dict[str, Any]]) -> str:
    body = {"seq": seq, "at": at.isoformat(), "actor_id": actor_id, "actor": actor, "action": action,
            "reason": reason, "events": events}
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _link(previous: str, digest: str) -> str:
    return hashlib.sha256(CHAIN + bytes.fromhex(previous) + bytes.fromhex(digest)).hexdigest()
