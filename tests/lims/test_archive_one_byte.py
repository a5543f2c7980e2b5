"""One changed byte below the application, on SQLite and on PostgreSQL: `verify` finds it, so does `check`."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from certificates.checking import Verdict
from lims.issue import archive, integrity, service
from lims.issue.check import check_file
from lims.issue.models import Certificate
from lims.shared.db import db, session, writing
from tests.conftest import PASSWORD
from tests.lims import laboratory

PLACES = {
    "archived PDF": ("certificate_document", "content", "form = 'pdf'"),
    "archived DCC": ("certificate_document", "content", "form = 'dcc'"),
    "frozen record": ("certificate", "record", "id = 1"),
    "reading": ("observation", "text", "cell = 'main/1/ind/1'"),
    "audit event": ("audit_event", "changes", "entity = 'observation'"),
    "audit transaction": ("audit_transaction", "actor", "seq = 3"),
}
"""What holds the byte: table, column, and which row."""


@contextmanager
def one_byte_changed(table: str, column: str, where: str) -> Iterator[Session]:
    """The database with a byte in the middle of one value changed, its triggers asleep; taken back afterwards."""
    session().rollback()
    with writing(), db.engine.connect() as connection:
        transaction = connection.begin()
        awake = _triggers_asleep(connection, table)
        key = "seq" if table == "audit_transaction" else "id"
        row = connection.execute(sa.text(
            f"SELECT {key}, {column} FROM {table} WHERE {where} ORDER BY {key} LIMIT 1")).one()
        connection.execute(sa.text(f"UPDATE {table} SET {column} = :value WHERE {key} = :key"),
                           {"value": _changed(row[1]), "key": row[0]})
        awake()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as inside:
            yield inside
        transaction.rollback()


def _triggers_asleep(connection: sa.Connection, table: str) -> Callable[[], None]:
    """Whoever owns the database can do this; what is given back wakes them."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return lambda: connection.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER")) and None
    kept = connection.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _sql in kept:
        connection.execute(sa.text(f"DROP TRIGGER {name}"))
    return lambda: [connection.execute(sa.text(sql)) for _name, sql in kept] and None


def _changed(value: Any) -> Any:
    if isinstance(value, str):
        middle = max(at for at, sign in enumerate(value[:len(value) // 2 + 1]) if sign.isalnum())
        return value[:middle] + ("7" if value[middle] != "7" else "8") + value[middle + 1:]
    content = bytearray(value)
    content[len(content) // 2] ^= 1
    return bytes(content)


@pytest.fixture
def issued(app_on_both: Any) -> Certificate:
    head = laboratory.approver(laboratory.opened())
    return service.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


def test_one_changed_byte_is_found_wherever_it_lies(issued: Certificate) -> None:
    assert integrity.verify(session()).faults == []
    unnoticed = []
    for name, place in PLACES.items():
        with one_byte_changed(*place) as inside:
            if not integrity.verify(inside, render=False).faults:
                unnoticed.append(name)
    assert unnoticed == []
    assert integrity.verify(session(), render=False).faults == []


def test_an_exported_file_is_authentic_until_one_of_its_bytes_changes(issued: Certificate) -> None:
    digital = archive.dcc_of(issued)
    assert digital is not None
    for content in (archive.pdf_of(issued).content, digital.content, issued.record):
        assert check_file(content).verdict is Verdict.AUTHENTIC
        longer = check_file(content + b"\n")  # told beside the digest that a file of its form should have
        assert longer.archived is not None
        assert longer.archived.sha256 == hashlib.sha256(content).hexdigest()
        for at in (len(content) // 3, len(content) // 2, len(content) * 2 // 3):
            spoiled = content[:at] + bytes([content[at] ^ 1]) + content[at + 1:]
            assert check_file(spoiled).verdict is not Verdict.AUTHENTIC
