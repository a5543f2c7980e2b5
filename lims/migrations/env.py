"""Alembic's environment: runs on the engine handed over by lims.shared.schema."""
from alembic import context

import lims.models  # noqa: F401
from lims.shared.db import Base, writing

engine = context.config.attributes["engine"]

with writing(), engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # A table that others refer to is changed by copying it (sqlite.org/lang_altertable, 12 steps): the references
        # are checked afterwards, and the pragma works only outside a transaction.
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True,
                      transaction_per_migration=True, transactional_ddl=True)
    try:
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if connection.dialect.name == "sqlite":
            cursor = connection.connection.cursor()
            broken = cursor.execute("PRAGMA foreign_key_check").fetchall()
            cursor.execute("PRAGMA foreign_keys=ON")
            if broken:
                raise RuntimeError(f"the upgraded database has broken references: {broken[:5]}")
