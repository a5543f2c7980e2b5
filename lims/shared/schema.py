"""The database schema: upgrade by Alembic, and the triggers that refuse to change what must never change."""
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def alembic_config(engine: sa.Engine) -> Config:
    """Alembic's settings, bound to an open engine."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: sa.Engine) -> None:
    """Bring the schema to the newest revision; does nothing when it is there."""
    command.upgrade(alembic_config(engine), "head")


def is_current(engine: sa.Engine) -> bool:
    """Whether the schema is at the newest revision."""
    heads = set(ScriptDirectory.from_config(alembic_config(engine)).get_heads())
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == heads


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


def emptied_beside(dialect: str, table: str, key: str, emptied: Sequence[str], kept: Sequence[str]) -> list[str]:
    """DDL that takes the place of `append_only` on a table of documents: beside a row of `disposal` for the document
    in column `key`, the columns `emptied` may become empty (or NULL) while those `kept` stay; all else is refused."""
    if dialect == "sqlite":
        empty = " AND ".join(f"coalesce(length(NEW.{column}), 0) = 0" for column in emptied)
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in kept)
        return [
            f"DROP TRIGGER {table}_no_update",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NOT ({empty} AND {same} AND EXISTS (SELECT 1 FROM disposal WHERE certificate_id = OLD.{key})) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        ]
    empty = " AND ".join(f"coalesce(length(NEW.{column}), 0) = 0" for column in emptied)
    names = ", ".join(f"'{column}'" for column in emptied)
    same = f"(to_jsonb(NEW) - ARRAY[{names}]) = (to_jsonb(OLD) - ARRAY[{names}])"
    return [
        f"DROP TRIGGER {table}_append_only ON {table}",
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF {empty} AND {same} "
        f"AND EXISTS (SELECT 1 FROM disposal WHERE certificate_id = OLD.{key}) THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]
