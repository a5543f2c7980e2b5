"""What `lims doctor` says of the record: clock, audit trail, nightly check, last backup, retention."""
from __future__ import annotations

import ctypes
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

import config
from instruments.words import Words
from lims.cli.finding import BAD, NOTE, OK, Finding, found
from lims.cli.last_backup import LastBackup
from lims.issue import retention, scrub, work_retention
from lims.issue.models import KINDS, Certificate
from lims.jobs.disposal import trails
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.audit import AuditTransaction, verify_chain
from lims.shared.db import session
from lims.shared.i18n import instant
from lims.shared.organisation import Organisation

BACKUP_DAYS = 2
TOLERATED = timedelta(minutes=2)
_UNSYNCHRONISED = 0x40
"""STA_UNSYNC of adjtimex(2)."""


def archive_findings(settings: config.Settings) -> Iterator[Finding]:
    """Needs an application context on a current schema."""
    yield _clock(clock.now(), session().scalar(sa.select(sa.func.max(AuditTransaction.at))), synchronised())
    yield _trail()
    first = session().scalar(sa.select(sa.func.min(Certificate.issued_at)))
    demonstration = bool(session().scalar(sa.select(Organisation.demonstration)))
    yield _scrub(first, demonstration)
    yield _backup(LastBackup.read(settings.data_dir), first, demonstration)
    yield _retention()


def synchronised() -> bool | None:
    """Whether the system says that its clock follows a time server; None where it does not tell."""
    try:
        state = (ctypes.c_long * 64)()  # struct timex with room to spare; modes = 0 only reads
        if ctypes.CDLL(None).adjtimex(ctypes.byref(state)) < 0:
            return None
    except (OSError, AttributeError):
        return None
    status = ctypes.cast(ctypes.byref(state, 5 * ctypes.sizeof(ctypes.c_long)), ctypes.POINTER(ctypes.c_int))[0]
    return not status & _UNSYNCHRONISED


def _clock(now: datetime, newest: datetime | None, follows: bool | None) -> Finding:
    subject = Words("đồng hồ", "clock")
    if newest is not None and newest > now + TOLERATED:
        return Finding(BAD, subject, Words(
            f"{instant(now)}, sớm hơn bản ghi mới nhất ({instant(newest)}): chỉnh lại giờ máy",
            f"{instant(now)}, before the newest record ({instant(newest)}): set the clock"))
    if follows is False:
        return Finding(NOTE, subject, Words(
            f"{instant(now)}; hệ điều hành báo chưa đồng bộ giờ: bật dịch vụ giờ (systemd-timesyncd, chrony)",
            f"{instant(now)}; the system says that it follows no time server: turn one on "
            "(systemd-timesyncd, chrony)"))
    return Finding(OK, subject, Words(instant(now), instant(now)))


def _trail() -> Finding:
    faults = list(verify_chain(session(), trails(session())))
    number, first = session().execute(sa.select(sa.func.count(), sa.func.min(AuditTransaction.at))
                                      .select_from(AuditTransaction)).one()
    since = instant(clock.now() if first is None else first)
    wrong = faults[0] if faults else ""
    return found(not faults, Words("nhật ký sửa đổi", "audit trail"), Words(
        f"chuỗi còn nguyên, {number} bản ghi từ {since}, giữ mãi",
        f"chain is whole, {number} records since {since}, kept for ever"), Words(
        f"{wrong}; chạy `lims verify`, khôi phục từ bản sao lưu", f"{wrong}; run `lims verify`, restore from a backup"))


def _scrub(first_issued: datetime | None, demonstration: bool) -> Finding:
    """What the last nightly check of the archive found, and that there was one."""
    subject, last = Words("kiểm tra hằng đêm", "nightly check"), scrub.newest(session())
    if scrub.is_late(last, first_issued, clock.now()) and not (last is None and demonstration):
        return Finding(BAD, subject, Words(
            "hai ngày nay không chạy: để `lims serve` hoặc `lims worker` chạy qua đêm",
            "none for two days: keep `lims serve` or `lims worker` running at night"))
    if last is None:
        return Finding(NOTE, subject, Words("chưa chạy lần nào; tự chạy lúc 1:30 khi máy chủ bật",
                                            "none yet; it runs at 1:30 while the server is up"))
    vi = f"{instant(last.finished_at)}, {last.checked} giấy, {last.rendered} giấy dựng lại"
    en = f"{instant(last.finished_at)}, {last.checked} documents, {last.rendered} rendered again"
    wrong = last.faults[0] if last.faults else ""
    return found(last.in_order, subject, Words(vi, en), Words(f"{vi}: {wrong}; khôi phục từ bản sao lưu",
                                                              f"{en}: {wrong}; restore from a backup"))


def _backup(last: LastBackup | None, first_issued: datetime | None, demonstration: bool) -> Finding:
    subject = Words("sao lưu", "backup")
    advice = Words("chạy `lims backup THƯ_MỤC` hằng ngày, cất ở máy khác",
                   "run `lims backup FOLDER` every day, and keep it on another machine")
    if last is None:
        quiet = first_issued is None or demonstration
        return Finding(NOTE if quiet else BAD, subject, Words(f"chưa có lần nào: {advice.vi}", f"none: {advice.en}"))
    if last.seq and session().scalar(sa.select(AuditTransaction.link).where(
            AuditTransaction.seq == last.seq)) != last.link:
        return Finding(BAD, subject, Words(
            f"nhật ký không còn chứa bản ghi {last.seq} như lúc sao lưu {instant(last.at)}: "
            "chạy `lims verify --anchor`",
            f"the trail no longer holds transaction {last.seq} as it was at the backup of {instant(last.at)}: "
            "run `lims verify --anchor`"))
    vi, en = f"lần cuối {instant(last.at)}, {last.folder}", f"last on {instant(last.at)}, {last.folder}"
    return found(clock.now() - last.at <= timedelta(days=BACKUP_DAYS), subject, Words(vi, en), Words(
        f"{vi}, quá {BACKUP_DAYS} ngày: {advice.vi}", f"{en}, more than {BACKUP_DAYS} days ago: {advice.en}"))


def _retention() -> Finding:
    """Kinds of record that nobody gave a rule, and what waits for disposal."""
    today = clock.today()
    known = retention.rules_on(today)
    missing = sum(kind not in known for kind in (*KINDS, retention.JOB))
    documents = session().scalar(sa.select(sa.func.count()).select_from(retention.due(today).subquery())) or 0
    jobs = session().scalar(sa.select(sa.func.count()).select_from(
        work_retention.work_due(today).with_only_columns(JobItem.id).subquery())) or 0
    vi = f"hết thời hạn: {documents} giấy, {jobs} hồ sơ đo"
    en = f"past their time: {documents} documents, {jobs} job records"
    if missing:
        vi += f"; {missing} loại chưa có quy định, giữ mãi (Giấy đã cấp → Lưu giữ, hủy hồ sơ)"
        en += f"; {missing} kinds have no rule and are kept for ever (Giấy đã cấp → Lưu giữ, hủy hồ sơ)"
    return Finding(NOTE if missing or documents or jobs else OK, Words("lưu giữ hồ sơ", "retention"), Words(vi, en))
