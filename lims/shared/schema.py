"""The database schema: upgrade by Alembic, and the triggers that refuse to change what must never change."""
from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_REVISION = re.compile(r"^(down_)?revision\b[^=\n]*= *['\"](\w+)['\"]", re.MULTILINE)


def alembic_config(engine: sa.Engine) -> Config:
    """Alembic's settings, bound to an open engine."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: sa.Engine) -> None:
    """Bring the schema to the newest revision; does nothing when it is there."""
    if is_current(engine):
        return
    from alembic import command

    command.upgrade(alembic_config(engine), "head")


def is_current(engine: sa.Engine) -> bool:
    """Whether the schema is at the newest revision.

    Alembic is not read in for this question, and no migration is run: every start and every command asks it.
    """
    newest = newest_revision()
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return list(connection.scalars(sa.text("SELECT version_num FROM alembic_version"))) == [newest]


def newest_revision() -> str:
    """The one revision that no other follows; the numbers of the files need not be in that order."""
    revisions, followed = set[str](), set[str]()
    for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"):
        for down, name in _REVISION.findall(path.read_text(encoding="utf-8")):
            (followed if down else revisions).add(name)
    (newest,) = revisions - followed
    return newest


def append_only(dialect: str, table: str, operations: tuple[str, ...] = ("UPDATE", "DELETE")) -> list[str]:
    """DDL that makes the database refuse these operations on a table."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{operation.lower()} BEFORE {operation} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for operation in operations
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(operations)} OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def emptied_beside(dialect: str, table: str, disposed: str, emptied: Sequence[str], kept: Sequence[str],
                   numbers: Sequence[str] = ()) -> list[str]:
    """DDL that takes the place of `append_only` on a table of records: where the condition `disposed` (SQL over OLD)
    holds, the columns `emptied` may become empty (or NULL) and the `numbers` NULL while those `kept` stay; all else is
    refused."""
    empty = " AND ".join([*(f"coalesce(length(NEW.{column}), 0) = 0" for column in emptied),
                          *(f"NEW.{column} IS NULL" for column in numbers)])
    if dialect == "sqlite":
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in kept)
    else:
        names = ", ".join(f"'{column}'" for column in (*emptied, *numbers))
        same = f"(to_jsonb(NEW) - ARRAY[{names}]) = (to_jsonb(OLD) - ARRAY[{names}])"
    return changed_only_where(dialect, table, f"{empty} AND {same} AND {disposed}")


def changed_only_where(dialect: str, table: str, allowed: str) -> list[str]:
    """DDL that takes the place of `append_only`: a row may be updated where `allowed` (SQL over OLD and NEW) holds."""
    if dialect == "sqlite":
        return [
            f"DROP TRIGGER {table}_no_update",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({allowed}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        ]
    return [
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {allowed} THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
