"""Every table has its place in `lims verify`, and a row changed beside the application is named, column by column."""
from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from importlib.resources import files
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Mapper, Session

from lims.equipment import environment
from lims.equipment.tally import out_of_step as tallies_out_of_step
from lims.issue import covered_tables, integrity
from lims.issue.before_trail import SHIPPED
from lims.issue.traced_rows import ONE_BY_ONE, PASSING, TRACED, table_faults
from lims.legal import sticker_ledger, stickers
from lims.legal.sticker_rules import ACTS, Place, after, moved
from lims.legal.stickers import NewSeries
from lims.shared import audit, bulk_trail
from lims.shared.db import Base, db, session, writing
from tests.lims import factories
from tests.lims.people import person
from tests.lims.standards import registered
from tests.lims.tampering import without_guards
from tests.lims.test_impact_rooms import logged, made

import_module("lims.models")  # every table
MAPPERS = {str(mapper.local_table): mapper for mapper in Base.registry.mappers}
BEFORE: dict[str, Any] = {"INTEGER": 7, "TEXT": "trước", "DATE": date(2026, 1, 5), "BOOLEAN": True,
                          "DATETIME": datetime(2026, 1, 5, 8, tzinfo=UTC), "NUMERIC": Decimal("1.5"),
                          "JSON": {"a": 1}, "BLOB": b"x", "DOUBLE": 1.5}
AFTER: dict[str, Any] = {"INTEGER": 8, "TEXT": "sau", "DATE": date(2036, 1, 5), "BOOLEAN": False,
                         "DATETIME": datetime(2036, 1, 5, 8, tzinfo=UTC), "NUMERIC": Decimal("1.6"),
                         "JSON": {"a": 2}, "BLOB": b"y", "DOUBLE": 2.5}


def test_every_table_of_the_schema_has_one_place() -> None:
    found = covered_tables.places()
    assert {table: lists for table, lists in found.items() if len(lists) != 1} == {
        "room_reading": ["traced", "bulk"]}  # typed one by one, or read from a file
    assert set(found) == set(Base.metadata.tables)
    assert all({**covered_tables.CHECKED, **covered_tables.UNCHECKED}.values())


@contextmanager
def changing(*statements: str) -> Iterator[Session]:
    """The database as somebody with its file would leave it; all is taken back."""
    session().rollback()
    with writing(), db.engine.connect() as connection:
        transaction = connection.begin()
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(sa.text(statement))
        with Session(bind=connection, join_transaction_mode="create_savepoint") as inside:
            yield inside
        transaction.rollback()
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def _kind(column: sa.Column[Any]) -> str:
    return str(column.type.compile()).split("(")[0]


def _entered(current: Session, name: str, mapper: Mapper[Any]) -> str:
    """A row of the table as the unit of work enters one, whatever its keys point to; its identity in the trail."""
    row = mapper.class_(**{column.key: BEFORE[_kind(column.columns[0])] for column in mapper.column_attrs
                           if column.key not in (ONE_BY_ONE.get(name), "id")
                           and not (column.columns[0].primary_key and column.key == "id")})
    current.add(row)
    current.flush()
    return ",".join(str(part) for part in mapper.primary_key_from_instance(row))


def test_each_column_of_a_traced_row_is_watched(app: Any) -> None:
    with changing() as inside:
        audit.install(inside)
        unnoticed = [found for name in TRACED for found in _unnoticed(inside, name, MAPPERS[name])]
    assert unnoticed == []


def _unnoticed(inside: Session, name: str, mapper: Mapper[Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Changes of one row of the table that are not told, or told when nothing changed."""
    def told() -> list[str]:
        return list(table_faults(inside, name, mapper, Counter()))

    if faults := told():
        yield name, "before", faults
    identity = _entered(inside, name, mapper)
    audit._append(inside)
    key = list(mapper.primary_key)
    newest = inside.execute(sa.select(*key).order_by(*(column.desc() for column in key)).limit(1)).one()
    itself = sa.and_(*(column == value for column, value in zip(key, newest, strict=True)))
    inside.expunge_all()
    if faults := told():
        yield name, "entered", faults
    watched = {column.key: column.columns[0] for column in mapper.column_attrs
               if not column.columns[0].primary_key and column.columns[0] is not mapper.version_id_col
               and column.key not in (*PASSING.get(name, ()), ONE_BY_ONE.get(name))}
    if watched:
        with inside.begin_nested() as point:
            inside.execute(sa.update(mapper.local_table).where(itself).values(
                {column.name: AFTER[_kind(column)] for column in watched.values()}))
            if (faults := told()) != [f"{name} {identity}: {', '.join(watched)} changed beside the audit trail"]:
                yield name, "changed", faults
            point.rollback()
    inside.execute(sa.delete(mapper.local_table).where(itself))
    if (faults := told()) != [f"{name} {identity}: it is gone beside the audit trail"]:
        yield name, "deleted", faults


SHIPPED_CHANGES = {
    "legal_row": "UPDATE legal_row SET cycle_months = 120 WHERE id = 9",
    "legal_document": "UPDATE legal_document SET in_force_from = '2001-01-01' WHERE id = 1",
    "legal_edition": "UPDATE legal_edition SET whole = 0 WHERE id = 4",
    "report_deadline": "UPDATE report_deadline SET month = 12 WHERE kind = 'group2'",
    "role": "UPDATE role SET name = 'signers' WHERE name = 'signer'",
}


@pytest.mark.parametrize("name", SHIPPED)
def test_rows_that_came_with_the_product_are_compared_with_it(name: str, app: Any) -> None:
    with changing(SHIPPED_CHANGES[name]) as inside:
        assert any(fault.startswith(name) for fault in integrity.verify(inside, render=False).faults)
    with changing(f"DELETE FROM {name} WHERE rowid = (SELECT max(rowid) FROM {name})") as inside:
        assert any(fault.startswith(name) and "gone" in fault for fault in table_faults(
            inside, name, MAPPERS[name], Counter()))


def test_a_persons_name_roles_and_password_are_watched(app: Any) -> None:
    who = person("technician").id
    for column, statement in (
            ("full_name", f"UPDATE user_account SET full_name = 'Ai đó' WHERE id = {who}"),
            ("password", f"UPDATE user_account SET password = 'khác' WHERE id = {who}"),
            ("roles", f"UPDATE user_role SET role_id = 1 WHERE user_id = {who}"),
            ("roles", f"DELETE FROM user_role WHERE user_id = {who}")):
        with changing(statement) as inside:
            assert f"user_account {who}: {column} changed beside the audit trail" in integrity.verify(
                inside, render=False).faults


def test_each_reading_of_a_room_is_watched_typed_or_from_a_file(app_on_both: Any) -> None:
    by = person("technician")
    room = made(by)
    environment.import_file(room.id, "a.csv", logged(["20,0", "20,10", "21"]), by=by)
    assert list(bulk_trail.altered(session())) == []
    table = Base.metadata.tables["room_reading"]
    last = session().scalar(sa.select(sa.func.max(table.c.id)))
    day = session().scalar(sa.select(table.c.at).where(table.c.id == last)).astimezone(UTC).date()
    quantity = session().scalar(sa.select(table.c.quantity).where(table.c.id == last))
    said = [f"room_reading import 1, {quantity} {day}: its rows are not those that were entered"]
    for statement in (sa.update(table).where(table.c.id == last).values(value=Decimal("20.3")),
                      sa.delete(table).where(table.c.id == last)):
        assert without_guards(statement, lambda inside: list(bulk_trail.altered(inside))) == said
    assert without_guards(sa.delete(table), lambda inside: list(bulk_trail.altered(inside))) == [
        "room_reading import 1: all its rows are gone"]


def test_each_number_of_the_sticker_ledger_is_watched(app: Any) -> None:
    keeper, holder_id = person("head"), factories.technician().id
    series = stickers.receive(NewSeries("verification", "26V.00001", "26V.00020", date(2026, 11, 20)), keeper)
    stickers.move(series.id, "26V.00001", "26V.00010", "assign", keeper, holder_id=holder_id)
    stickers.move(series.id, "26V.00003", "26V.00003", "lose", keeper, reason="rơi")
    assert integrity.verify(session(), render=False).faults == []
    for change, where in ((f"SET state = 'assigned', holder_id = {holder_id}", 3), ("SET holder_id = NULL", 4),
                          ("SET state = 'stock', holder_id = NULL", 5), ("SET number = '26V.00099'", 6)):
        with changing(f"UPDATE sticker {change} WHERE serial = {where}") as inside:
            faults = list(sticker_ledger.out_of_step(inside))
            assert [fault.split(":")[0] for fault in faults] == [f"sticker 26V.0000{where}"]
    with changing("DELETE FROM sticker WHERE serial = 20") as inside:
        assert list(sticker_ledger.out_of_step(inside)) == ["sticker 26V.00020: it is gone from the ledger"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=10))
def test_a_number_stands_where_its_moves_put_it(acts: list[str]) -> None:
    place: Place | None = moved(None, "receive", 1, "")
    assert place == Place("stock")
    for act in acts:
        following = moved(place, act, 5, "M1")
        assert (following.state if following else None) == after(place.state, act)
        place = following or place
        assert (place.item_code != "") == (place.state in ("drawn", "used", "void"))
        assert (place.holder_id is None) <= (place.state in ("stock", "spoiled", "lost"))
    assert moved(place, "receive", 1, "") is None


def test_a_line_of_the_register_is_compared_with_its_schedule(app: Any) -> None:
    registered(person("technician"))
    with changing("UPDATE duty_line SET provider = 'khác' WHERE schedule_id = 1") as inside:
        assert list(tallies_out_of_step(inside.connection())) == ["duty_line 1: it differs from its schedule"]


def test_tables_that_came_with_the_product_are_never_altered() -> None:
    """Installations keep what they were given: a correction comes by a migration that writes it into the trail too."""
    folder = files("instruments") / "data"
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest()[:16]
            for name in ("group2_instruments.csv", "legal_documents.csv")} == {
        "group2_instruments.csv": "86d57a4182ef913f", "legal_documents.csv": "46be2385ff4b8bc5"}
