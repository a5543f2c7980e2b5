"""The whole database as one SQLite file, taken while the application works, and put back into either database."""
from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysqlite3
import sqlalchemy as sa

import lims.models  # noqa: F401  (fills the metadata)
from lims.shared import schema
from lims.shared.db import Base, engine_options, install_engine_hooks, writing

BATCH = 200
SEEDED = ("audit_head", "role", "legal_row", "legal_edition", "legal_document", "report_deadline")
"""Tables that the schema itself fills, children before parents; a copy brings its own rows."""


def take(engine: sa.Engine, target: Path) -> None:
    """Write everything as of one moment to `target`, a new SQLite file; others go on writing meanwhile."""
    if engine.dialect.name == "sqlite":
        _back_up(str(engine.url.database), target)
        return
    with _opened(target) as copy, engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
        schema.upgrade(copy)
        with source.begin(), writing(), copy.begin() as into:
            _copy(source, into)
    _fold(target)


def put_back(snapshot: Path, engine: sa.Engine) -> None:
    """Fill an empty place with a snapshot, brought up to this version's schema first."""
    beside = _home(engine) if engine.dialect.name == "sqlite" else None  # the same disk, so that it can be renamed
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        current = Path(folder) / "lims.db"
        shutil.copy(snapshot, current)
        with _opened(current) as source:
            schema.upgrade(source)
            if engine.dialect.name != "sqlite":
                _fill(source, engine)
        _fold(current)
        if engine.dialect.name == "sqlite":
            _replace(engine, current)


def is_empty(engine: sa.Engine) -> bool:
    """Whether nothing of a laboratory stands there: no tables, or none with an account, a change or a document."""
    if engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists():
        return True
    present = set(sa.inspect(engine).get_table_names())
    tables = [Base.metadata.tables[name] for name in ("user_account", "audit_transaction") if name in present]
    with engine.connect() as connection:
        return not any(connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables)


def counts(snapshot: Path) -> dict[str, int]:
    """Rows of each table of a snapshot."""
    with _opened(snapshot, read_only=True) as engine, engine.connect() as connection:
        return {table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
                for table in Base.metadata.sorted_tables}


def audit_head(snapshot: Path) -> dict[str, object]:
    """End of the audit trail in a snapshot."""
    table = Base.metadata.tables["audit_head"]
    with _opened(snapshot, read_only=True) as engine, engine.connect() as connection:
        row = connection.execute(sa.select(table.c.seq, table.c.link)).one()
    return {"seq": row.seq, "link": row.link}


@contextmanager
def _opened(path: Path, *, read_only: bool = False) -> Iterator[sa.Engine]:
    url = f"sqlite:///file:{path}?mode=ro&uri=true" if read_only else f"sqlite:///{path}"
    engine = sa.create_engine(url, poolclass=sa.NullPool, **engine_options(url))
    if not read_only:
        install_engine_hooks(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def _back_up(source: str, target: Path) -> None:
    """SQLite's own online backup: one consistent picture, whatever is written meanwhile."""
    original, copy = pysqlite3.connect(source), pysqlite3.connect(str(target))
    try:
        original.backup(copy)
    finally:
        original.close()
        copy.close()
    _fold(target)


def _fold(path: Path) -> None:
    """Leave one file: without its write-ahead log beside it."""
    connection = pysqlite3.connect(str(path))
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def _home(engine: sa.Engine) -> Path:
    home = Path(str(engine.url.database)).parent
    home.mkdir(parents=True, exist_ok=True)
    return home


def _replace(engine: sa.Engine, current: Path) -> None:
    target = Path(str(engine.url.database))
    engine.dispose()
    for leftover in ("-wal", "-shm", "-journal"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    current.replace(target)


def _fill(source: sa.Engine, engine: sa.Engine) -> None:
    schema.upgrade(engine)
    with source.connect() as original, engine.begin() as into:
        _copy(original, into)
        _raise_sequences(into)


def _copy(source: sa.Connection, into: sa.Connection) -> None:
    """Every row of every table, parents before children; within a table in the order of its key."""
    for name in SEEDED:
        with _unguarded(into, name):
            into.execute(sa.delete(Base.metadata.tables[name]))
    for table in Base.metadata.sorted_tables:
        rows = source.execution_options(yield_per=BATCH).execute(sa.select(table).order_by(*table.primary_key.columns))
        with _unguarded(into, table.name):
            for batch in rows.mappings().partitions(BATCH):
                into.execute(sa.insert(table), [dict(row) for row in batch])


@contextmanager
def _unguarded(connection: sa.Connection, table: str) -> Iterator[None]:
    """Meanwhile its rows may go and come, although else nobody may delete one, or add to what is finished."""
    if connection.dialect.name == "sqlite":
        guards = connection.execute(sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"), {"table": table}).all()
        for guard in guards:
            connection.exec_driver_sql(f"DROP TRIGGER {guard.name}")
        yield
        for guard in guards:
            connection.exec_driver_sql(guard.sql)
        return
    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _raise_sequences(connection: sa.Connection) -> None:
    """PostgreSQL's sequences go on after the rows that were brought."""
    for table in Base.metadata.sorted_tables:
        key = table.primary_key.columns.values()[0]
        if isinstance(key.type, sa.Integer) and key.autoincrement is not False and not key.foreign_keys:
            connection.execute(sa.text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), "
                f"greatest((SELECT max({key.name}) FROM {table.name}), 1))"))
