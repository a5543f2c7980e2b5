"""Alembic's environment: runs on the engine handed over by lims.shared.schema."""
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import context

import lims.models  # noqa: F401
from lims.shared.db import Base, writing

engine = context.config.attributes["engine"]


@contextmanager
def without_foreign_keys(connection: sa.Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew: what refers to it must not be asked meanwhile; migrations look after."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction, so it goes before
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


with writing(), engine.connect() as connection, without_foreign_keys(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True,
                      transaction_per_migration=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
