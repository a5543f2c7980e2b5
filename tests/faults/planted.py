"""The mistake that the fault test must find: the next number is max() + 1, without lease and compare-and-set."""
from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa

from lims.issue import issuing, series
from lims.issue.models import Certificate, Series
from lims.shared.db import session

UNIQUE = ("uq_certificate_series_id_serial", "uq_certificate_number", "uq_certificate_number_key")


@dataclass(frozen=True)
class Guessed:
    """A series as the mistaken design sees it."""

    id: int
    year: int
    pattern: str
    next: int
    link: str


def plant() -> None:
    """Number by max() + 1 in this process."""
    series.read = _guess  # type: ignore[assignment]
    series.take = lambda *_arguments: None
    issuing.series_lease = _no_lease


def drop_unique(engine: sa.Engine) -> None:
    """Take the unique constraints on the number away, which would refuse the mistake (the table is still empty)."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for name in UNIQUE:
                connection.execute(sa.text(f"ALTER TABLE certificate DROP CONSTRAINT {name}"))
        return
    connection = engine.raw_connection()
    kept = connection.execute("SELECT sql FROM sqlite_master WHERE tbl_name = 'certificate' AND type <> 'table' "
                              "AND sql IS NOT NULL").fetchall()
    (table,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'certificate'").fetchone()
    for name in UNIQUE:
        table = re.sub(rf",\s*CONSTRAINT {name} UNIQUE \([^)]*\)", "", table)
    connection.execute("PRAGMA foreign_keys=OFF")
    for statement in ("DROP TABLE certificate", table, *(sql for (sql,) in kept), "PRAGMA foreign_keys=ON"):
        connection.execute(statement)
    connection.close()


def _guess(series_id: int) -> Guessed:
    row = session().get_one(Series, series_id, populate_existing=True)
    highest = session().scalar(sa.select(sa.func.max(Certificate.serial)).where(Certificate.series_id == series_id))
    return Guessed(row.id, row.year, row.pattern, (highest or 0) + 1, row.link)


@contextmanager
def _no_lease(_series_id: int) -> Iterator[None]:
    yield
