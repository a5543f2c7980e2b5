"""Alembic's environment: runs on the engine handed over by lims.shared.schema."""
from alembic import context

import lims.models  # noqa: F401
from lims.shared.db import Base, writing

engine = context.config.attributes["engine"]

with writing(), engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True,
                      transaction_per_migration=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
