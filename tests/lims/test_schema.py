"""The schema's order of migrations, and the short question whether a database stands at the newest."""
from __future__ import annotations

import re

import sqlalchemy as sa

from lims.shared import schema

FILES = sorted((schema.MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def test_the_migrations_are_one_chain_and_each_bears_its_revision() -> None:
    follows = {}
    for path in FILES:
        revision, = re.findall(r"^revision\b.*= ['\"](.+)['\"]", path.read_text(), re.M)
        before, = re.findall(r"^down_revision\b.*= (?:['\"](.+)['\"]|None)", path.read_text(), re.M)
        assert path.name.startswith(f"{revision}_"), path.name
        follows[before] = revision
    assert len(follows) == len(FILES)  # none is followed by two
    chain = [""]
    while chain[-1] in follows:
        chain.append(follows[chain[-1]])
    assert chain[1:] == [path.name[:4] for path in FILES]  # who reads the folder reads them in their order
    assert schema.newest_revision() == chain[-1]


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
