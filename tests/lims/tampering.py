"""Changing the database behind the application's back, as somebody with the file and no scruples would."""
from __future__ import annotations

from pathlib import Path

import pysqlite3

from lims.shared.db import db


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
