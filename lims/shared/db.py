"""The database: one declarative base, column types that keep what was meant, and the one write path.

SQLite runs through pysqlite3 (the system library may carry the WAL-reset fault of 3.7.0-3.51.2); PostgreSQL through
psycopg 3. A write transaction begins with BEGIN IMMEDIATE on SQLite, so that a read followed by a write cannot fail
half way; every commit passes the audit (see audit.py).
"""
from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pysqlite3
import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

log = logging.getLogger("lims.db")

WAL_SAFE_SINCE = (3, 51, 3)
BUSY_SECONDS = 30
LOOK_SECONDS = 0.0015
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC instant; naive values are refused (SQLite keeps no zone, so it is put back on reading)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A decimal with every digit kept: TEXT on SQLite (its NUMERIC is binary), NUMERIC without scale on PostgreSQL."""

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> Any:
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    """Root of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime(), Decimal: ExactDecimal(), str: sa.Text()}


db = SQLAlchemy(metadata=Base.metadata)

_writing: ContextVar[bool] = ContextVar("lims_writing", default=False)


def session() -> Session:
    """The session of the running request or command."""
    return db.session()


def engine_options(url: str) -> dict[str, Any]:
    """Arguments of create_engine for this database."""
    if url.startswith("sqlite"):
        return {"module": pysqlite3, "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}}
    return {"pool_pre_ping": True, "isolation_level": "READ COMMITTED"}


def journal_settings(version: tuple[int, ...]) -> tuple[str, str]:
    """(journal_mode, synchronous) that lose no acknowledged commit when the power fails, for this SQLite version."""
    return ("WAL", "FULL") if version >= WAL_SAFE_SINCE else ("DELETE", "EXTRA")


def install_engine_hooks(engine: sa.Engine) -> None:
    """Pragmas at connection, and BEGIN IMMEDIATE for write transactions (SQLite only)."""
    if engine.dialect.name != "sqlite":
        return
    journal, synchronous = journal_settings(pysqlite3.sqlite_version_info)
    log.info("SQLite %s: journal_mode=%s synchronous=%s", pysqlite3.sqlite_version, journal, synchronous)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (f"journal_mode={journal}", f"synchronous={synchronous}", "foreign_keys=ON",
                       "recursive_triggers=ON", "mmap_size=0", f"busy_timeout={BUSY_SECONDS * 1000}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if _writing.get():
            _wait_for_write_lock(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _wait_for_write_lock(connection: sa.Connection) -> None:
    """BEGIN IMMEDIATE, asked again every millisecond or two.

    SQLite's own waiting sleeps up to a tenth of a second between two looks: a save then misses one short gap after
    another while a batch commits, and a person waits for nothing."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    deadline = time.monotonic() + BUSY_SECONDS
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
            time.sleep(LOOK_SECONDS)
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take the write lock at once."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether a transaction begun now would be a write transaction (inside `write()` or `writing()`)."""
    return _writing.get()


@contextmanager
def write(action: str, *, reason: str = "", actor: tuple[str, str] | None = None) -> Iterator[Session]:
    """One use case, one transaction: everything inside is committed and audited together, or nothing is.

    `action` names the use case ("standard.create"); `actor` is (id, name), by default the person logged in.
    Objects loaded before are refreshed inside, so decisions rest on what the database holds now.
    """
    current = session()
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("a change was made outside write()")
    current.rollback()
    current.info["audit"] = {"action": action, "reason": reason, "actor": actor}
    with writing():
        try:
            yield current
            current.commit()
        except BaseException:
            current.rollback()
            raise
        finally:
            current.info.pop("audit", None)


def insert_if_absent(current: Session, model: type[Base], **values: object) -> bool:
    """Insert a row unless one with the same key stands there already; whether it did. Safe when two do it at once.

    It bypasses the unit of work, so it is for counters and the like; say what matters with audit.note()."""
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[current.get_bind().dialect.name]
    done = current.execute(insert(model).values(**values).on_conflict_do_nothing())  # type: ignore[attr-defined]
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]
