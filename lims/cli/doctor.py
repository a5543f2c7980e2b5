"""`lims doctor`: each thing the installation stands on, in order or what to do."""
from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import click

import config
from lims.cli import fail


class Finding(NamedTuple):
    """One line: ok, or what to do."""

    ok: bool
    subject: str
    text: str


@click.command()
def doctor() -> None:
    """Check configuration, disk, clock, mail, database, archive, the sealing key and the time-stamping authority.

    Example: LIMS_DATA_DIR=/srv/lims lims doctor
    """
    try:
        settings = config.load()
    except config.SettingsError as error:
        fail(str(error))
        raise
    findings = list(_findings(settings))
    for finding in findings:
        click.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.subject:14} {finding.text}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


def _findings(settings: config.Settings) -> Iterator[Finding]:
    yield _folder(settings.data_dir)
    yield _disk(settings.data_dir)
    yield _private_files(settings.data_dir)
    yield _network_file_system(settings)
    yield from _database(settings)
    yield _mail(settings.smtp_url)


def _folder(path: Path) -> Finding:
    if not path.is_dir():
        return Finding(False, "data folder", f"{path} does not exist; set LIMS_DATA_DIR or run `lims db upgrade`")
    writable = os.access(path, os.W_OK)
    return Finding(writable, "data folder", str(path) if writable else f"{path} is read-only")


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(path if path.is_dir() else Path("/")).free / 2**30
    return Finding(free >= 2, "disk", f"{free:.1f} GiB free" + ("" if free >= 2 else "; make room: at least 2 GiB"))


def _private_files(path: Path) -> Finding:
    open_ones = [p for p in (*path.glob("*.key"), *path.glob("keys/*")) if p.is_file() and p.stat().st_mode & 0o077]
    return Finding(not open_ones, "key files", "readable by their owner only" if not open_ones else
                   f"others can read {', '.join(p.name for p in open_ones)}: chmod 600")


def _network_file_system(settings: config.Settings) -> Finding:
    from lims.shared.mounts import file_system_type, is_network_file_system

    kind = file_system_type(settings.data_dir)
    bad = settings.is_sqlite and is_network_file_system(kind)
    advice = ": SQLite needs a local disk, or use PostgreSQL" if bad else ""
    return Finding(not bad, "file system", kind + advice)


def _database(settings: config.Settings) -> Iterator[Finding]:
    import pysqlite3

    from lims.app import create_app
    from lims.cli.doctor_seal import seal_findings
    from lims.jobs.disposal import trails
    from lims.shared import schema
    from lims.shared.audit import verify_chain
    from lims.shared.db import db, journal_settings, session

    app = create_app(settings)
    with app.app_context():
        try:
            current = schema.is_current(db.engine)
        except Exception as error:
            yield Finding(False, "database", f"not available: {error}")
            return
        yield Finding(current, "database", "schema is current" if current else "schema is old: run `lims db upgrade`")
        if settings.is_sqlite:
            journal, synchronous = journal_settings(pysqlite3.sqlite_version_info)
            version = pysqlite3.sqlite_version
            yield Finding(True, "SQLite", f"{version}, journal_mode={journal}, synchronous={synchronous}")
        if current:
            faults = list(verify_chain(session(), trails(session())))
            yield Finding(not faults, "audit trail", faults[0] if faults else "chain is whole")
            yield _scrub()
            yield from (Finding(*one) for one in seal_findings(settings))


def _scrub() -> Finding:
    """What the last nightly check of the archive found, and that there was one."""
    import sqlalchemy as sa

    from lims.issue import scrub
    from lims.issue.models import Certificate
    from lims.shared import clock
    from lims.shared.db import session

    found = scrub.newest(session())
    if scrub.is_late(found, session().scalar(sa.select(sa.func.min(Certificate.issued_at))), clock.now()):
        return Finding(False, "nightly check", "none for two days: keep `lims serve` or `lims worker` running at night")
    if found is None:
        return Finding(True, "nightly check", "none yet")
    told = f"{found.finished_at:%Y-%m-%d %H:%M} UTC, {found.checked} documents, {found.rendered} rendered again"
    return Finding(found.in_order, "nightly check", told if found.in_order else f"{told}: {found.faults[0]}")


def _mail(url: str) -> Finding:
    if not url:
        return Finding(True, "mail", "not configured: alerts stay in the application and in the outbox")
    parts = urlsplit(url)
    try:
        connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with connect(parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25), timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return Finding(False, "mail", f"{parts.hostname}: {error}; check LIMS_SMTP_URL")
    return Finding(True, "mail", f"{parts.hostname} answers")
