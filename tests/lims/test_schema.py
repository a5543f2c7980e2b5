"""The schema's order of migrations, and the short question whether a database stands at the newest."""
from __future__ import annotations

import re

import sqlalchemy as sa

from lims.shared import schema

FILES = sorted((schema.MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def test_each_migration_bears_its_revision_and_follows_the_one_before() -> None:
    before = None
    for path in FILES:
        revision, = re.findall(r"^revision\b.*= ['\"](.+)['\"]", path.read_text(), re.M)
        follows = re.findall(r"^down_revision\b.*= (?:['\"](.+)['\"]|None)", path.read_text(), re.M)
        assert path.name.startswith(f"{revision}_"), path.name
        assert follows == [before or ""], path.name
        before = revision


def test_an_empty_or_older_database_is_not_current(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    assert schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert not schema.is_current(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE alembic_version"))
    assert not schema.is_current(engine)
    engine.dispose()
