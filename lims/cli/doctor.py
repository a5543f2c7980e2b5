"""`lims doctor`: each thing the installation stands on, in order or what to do."""
from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click

import config
from instruments.words import Words
from lims.cli import fail
from lims.cli.files import language
from lims.cli.finding import BAD, NOTE, OK, Finding, found

LEAST_FREE = 2.0
"""GiB: a year of documents of a small laboratory, and room for a backup beside."""


@click.command()
def doctor() -> None:
    """Check configuration, disk, clock, mail, database, audit trail, archive, backup, retention, the sealing key, the
    time-stamping authority and the keys of the codes; say what to do. The terminal's locale chooses the language.

    Exit status 1 when anything is wrong; a note alone leaves it 0.

    Example: LIMS_DATA_DIR=/srv/lims lims doctor
    """
    try:
        settings = config.load()
    except config.SettingsError as error:
        fail(str(error))
        raise
    findings = list(_findings(settings))
    for finding in findings:
        click.echo(finding.line(language()))
    sys.exit(1 if any(finding.state == BAD for finding in findings) else 0)


def _findings(settings: config.Settings) -> Iterator[Finding]:
    yield _folder(settings.data_dir)
    yield _disk(settings.data_dir)
    yield _private_files(settings.data_dir)
    yield _network_file_system(settings)
    yield from _database(settings)
    yield _mail(settings.smtp_url)
    yield Finding(OK, Words("nhật ký máy chủ", "server's log"), Words(
        "ra luồng lỗi chuẩn, không ghi địa chỉ truy cập; giữ bao lâu do dịch vụ chạy máy chủ đặt (systemd: journald)",
        "to standard error, without addresses of visitors; how long it is kept is set where the service runs "
        "(systemd: journald)"))


def _folder(path: Path) -> Finding:
    subject = Words("thư mục dữ liệu", "data folder")
    if not path.is_dir():
        return Finding(BAD, subject, Words(f"{path} chưa có; đặt LIMS_DATA_DIR hoặc chạy `lims db upgrade`",
                                           f"{path} does not exist; set LIMS_DATA_DIR or run `lims db upgrade`"))
    return found(os.access(path, os.W_OK), subject, Words(str(path), str(path)), Words(
        f"{path} chỉ đọc được: cho tài khoản chạy máy chủ quyền ghi",
        f"{path} is read-only: let the account that runs the server write there"))


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(path if path.is_dir() else Path("/")).free / 2**30
    vi, en = f"còn trống {free:.1f} GiB".replace(".", ","), f"{free:.1f} GiB free"
    return found(free >= LEAST_FREE, Words("đĩa", "disk"), Words(vi, en), Words(
        f"{vi}; dọn chỗ: cần ít nhất {LEAST_FREE:.0f} GiB", f"{en}; make room: at least {LEAST_FREE:.0f} GiB"))


def _private_files(path: Path) -> Finding:
    keys = [one for one in (*path.glob("*.key"), *path.glob("keys/*.key")) if one.is_file()]
    names = ", ".join(one.name for one in keys if one.stat().st_mode & 0o077)
    return found(not names, Words("tệp khóa", "key files"),
                 Words("chỉ tài khoản chạy máy chủ đọc được", "readable by their owner only"),
                 Words(f"người khác đọc được {names}: chạy chmod 600", f"others can read {names}: chmod 600"))


def _network_file_system(settings: config.Settings) -> Finding:
    from lims.shared.mounts import file_system_type, is_network_file_system

    kind = file_system_type(settings.data_dir)
    return found(not (settings.is_sqlite and is_network_file_system(kind)), Words("hệ thống tệp", "file system"),
                 Words(kind, kind), Words(f"{kind}: SQLite cần đĩa trong máy, hoặc dùng PostgreSQL",
                                          f"{kind}: SQLite needs a local disk, or use PostgreSQL"))


def _database(settings: config.Settings) -> Iterator[Finding]:
    import pysqlite3

    from lims.app import create_app
    from lims.cli.doctor_archive import archive_findings
    from lims.cli.doctor_seal import seal_findings
    from lims.shared import schema
    from lims.shared.db import db, journal_settings

    subject, app = Words("cơ sở dữ liệu", "database"), create_app(settings)
    with app.app_context():
        try:
            current = schema.is_current(db.engine)
        except Exception as error:
            why = str(error).splitlines()[0]
            yield Finding(BAD, subject, Words(f"không mở được: {why}", f"not available: {why}"))
            return
        yield found(current, subject, Words("cấu trúc mới nhất", "schema is current"), Words(
            "cấu trúc cũ hoặc chưa có: chạy `lims db upgrade`", "schema is old or missing: run `lims db upgrade`"))
        if settings.is_sqlite:
            journal, synchronous = journal_settings(pysqlite3.sqlite_version_info)
            told = f"{pysqlite3.sqlite_version}, journal_mode={journal}, synchronous={synchronous}"
            yield Finding(OK, Words("SQLite", "SQLite"), Words(told, told))
        if current:
            yield from archive_findings(settings)
            yield from seal_findings(settings)


def _mail(url: str) -> Finding:
    subject = Words("thư điện tử", "mail")
    if not url:
        return Finding(NOTE, subject, Words(
            "chưa đặt LIMS_SMTP_URL: cảnh báo chỉ hiện trong ứng dụng, thư nằm chờ ở hộp gửi",
            "LIMS_SMTP_URL is not set: alerts stay in the application and in the outbox"))
    parts = urlsplit(url)
    try:
        connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with connect(parts.hostname or "", parts.port or (465 if parts.scheme == "smtps" else 25), timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        return Finding(BAD, subject, Words(f"{parts.hostname}: {error}; kiểm tra LIMS_SMTP_URL",
                                           f"{parts.hostname}: {error}; check LIMS_SMTP_URL"))
    return Finding(OK, subject, Words(f"{parts.hostname} trả lời", f"{parts.hostname} answers"))
