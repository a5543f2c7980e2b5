"""How many statements a piece of work sends to the database."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from lims.shared.db import db


def statements_of(work: Callable[[], Any]) -> int:
    """Statements sent while `work` runs, starting from an empty session."""
    count = 0

    def seen(*_arguments: Any) -> None:
        nonlocal count
        count += 1

    db.session.rollback()
    db.session.expunge_all()
    event.listen(db.engine, "before_cursor_execute", seen)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", seen)
    return count
