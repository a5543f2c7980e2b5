"""Changing the database behind the application's back, as somebody with the file and no scruples would."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pysqlite3
from sqlalchemy.orm import Session

from lims.shared.db import db, session, writing


def tamper(*statements: str) -> None:
    """Drop every trigger and run the statements on the SQLite file directly, without foreign keys."""
    db.session.rollback()
    path = Path(str(db.engine.url.database))
    connection = pysqlite3.connect(str(path), isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    db.session.expire_all()


def without_guards(statement: Any, look: Callable[[Session], list[str]]) -> list[str]:
    """What a look finds once the statement was run below the triggers, on either database; taken back."""
    session().rollback()
    with writing(), db.engine.connect() as connection:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql(f"ALTER TABLE {statement.table.name} DISABLE TRIGGER USER")
        connection.execute(statement)
        with Session(bind=connection, join_transaction_mode="create_savepoint") as inside:
            found = look(inside)
        transaction.rollback()
    return found
