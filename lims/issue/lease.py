"""The series lease: while one process plans and renders numbers of a series, the others wait instead of working twice.

It is no database transaction and dies with its holder: `flock` on a file of the data folder beside SQLite, an advisory
lock on a session of its own in PostgreSQL. It only saves work; that a number is given once rests on the
compare-and-set of the series (see series.py).
"""
from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from flask import current_app

from lims.shared.db import db, session
from lims.shared.errors import DomainError

WAIT_SECONDS = 60
_STEP_SECONDS = 0.02
_LOCK_CLASS = 0x4C494D53  # "LIMS": keeps these advisory locks apart from anybody else's in the same database


@contextmanager
def series_lease(series_id: int) -> Iterator[None]:
    """Hold the lease of a series. Raises DomainError (503) when it stays taken for a minute."""
    session().rollback()  # nobody waits here with a transaction open
    settings = current_app.extensions["settings"]
    with _file_lease(settings.data_dir, series_id) if settings.is_sqlite else _database_lease(series_id):
        yield


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold an exclusive `flock` on a file (made when missing). Raises DomainError (503) after a minute."""
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + WAIT_SECONDS
    with path.open("ab") as file:
        while not _locked(file.fileno()):
            if time.monotonic() > deadline:
                raise _busy()
            threading.Event().wait(_STEP_SECONDS)
        yield


def _file_lease(data_dir: Path, series_id: int) -> AbstractContextManager[None]:
    return file_lock(data_dir / "locks" / f"series-{series_id}.lock")


@contextmanager
def _database_lease(series_id: int) -> Iterator[None]:
    import psycopg  # a laboratory on SQLite never loads it

    arguments, parameters = db.engine.dialect.create_connect_args(db.engine.url)
    with psycopg.connect(*arguments, **{**parameters, "autocommit": True}) as connection:
        connection.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
        try:
            connection.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCK_CLASS, series_id))
        except psycopg.errors.LockNotAvailable as error:
            raise _busy() from error
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy() -> DomainError:
    return DomainError("Người khác đang phát hành; hãy thử lại sau ít phút.",
                       "Somebody else is issuing; try again in a few minutes.", status=503)
