"""Use cases of statutory reports: what is due, have one made in the background, record that it was sent."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from certificates.report import Report, render_report
from lims.auth.models import User
from lims.plans.paper_views import KINDS as FORMS
from lims.reports import content, rules
from lims.reports.models import FiledReport, ReportDeadline
from lims.reports.pack import pack
from lims.reports.rules import Standing
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version
from lims.shared.task_runner import RunningTask
from lims.shared.tasks import BackgroundTask, Title, enqueue, task

MAKE, PACK = "reports.make", "reports.pack"
BUILDERS: dict[str, Callable[[int, date], Report]] = {
    "activity": content.activity, "group2": content.group2, "plan_half": content.plan_until(6, 30),
    "plan_nine": content.plan_until(9, 30), "plan_year": content.plan_until(12, 31)}
TITLES: dict[str, Title] = {
    "activity": ("Báo cáo hoạt động kiểm định, hiệu chuẩn, thử nghiệm", "Annual activity report"),
    "group2": ("Báo cáo kiểm định phương tiện đo nhóm 2", "Verification of group-2 instruments"),
    "plan_half": ("Báo cáo kế hoạch 6 tháng", "Plan report, half a year"),
    "plan_nine": ("Báo cáo kế hoạch 9 tháng", "Plan report, nine months"),
    "plan_year": ("Báo cáo kế hoạch cả năm", "Plan report, the year")}
FIRST_YEAR = 2015
LONGEST_PACK = 366 * 5


def title_of(kind: str, year: int) -> Title:
    """The title of a report of a year in both languages; "the year" is not followed by "year" once more."""
    vi, en = TITLES[kind]
    return (f"{vi} {year}" if vi.endswith("cả năm") else f"{vi} năm {year}"), f"{en} {year}"


@dataclass(frozen=True)
class DueReport:
    """One report of one year: until when it is due, whether it was sent."""

    kind: str
    year: int
    due_on: date
    basis: str
    filed: FiledReport | None
    standing: Standing


def due_reports(today: date) -> list[DueReport]:
    """Of each kind the report that is due next, or was due last and is not filed; nearest day first."""
    filed = {(row.kind, row.year): row for row in session().scalars(sa.select(FiledReport)).unique()}
    found = []
    for row in deadlines():
        for year in (today.year - 1, today.year):
            due = rules.due_on(year, row.month, row.day, next_year=row.next_year)
            one = filed.get((row.kind, year))
            if year == today.year or due.year == today.year:
                found.append(DueReport(row.kind, year, due, row.basis, one,
                                       rules.standing(due, one is not None, today)))
    return sorted(found, key=lambda one: (one.filed is not None, one.due_on, one.kind))


def waiting(today: date) -> list[DueReport]:
    """Reports that somebody must act on: due soon or overdue."""
    return [one for one in due_reports(today) if one.standing in (Standing.DUE_SOON, Standing.OVERDUE)]


def deadlines() -> list[ReportDeadline]:
    """Deadlines of every kind."""
    return list(session().scalars(sa.select(ReportDeadline).order_by(ReportDeadline.kind)))


def deadline(kind: str) -> ReportDeadline:
    """The deadline of a kind, or NotFound."""
    row = session().get(ReportDeadline, kind)
    if row is None or kind not in BUILDERS:
        raise NotFound("Không có loại báo cáo này.", "No such kind of report.")
    return row


def set_deadline(kind: str, month: int, day: int, basis: str, *, version: int, by: User) -> None:
    """The law moved: another day, and on what grounds."""
    if not 1 <= month <= 12:
        raise Invalid("Tháng từ 1 đến 12.", "A month from 1 to 12.", "month")
    if not 1 <= day <= 31:
        raise Invalid("Ngày từ 1 đến 31.", "A day from 1 to 31.", "day")
    if not basis.strip():
        raise Invalid("Hãy ghi căn cứ.", "Say on what grounds.", "basis")
    with write("report.deadline", actor=(str(by.id), by.full_name), reason=basis):
        row = deadline(kind)
        require_version(row, version)
        row.month, row.day, row.basis = month, day, basis


def request_report(kind: str, year: int, *, by: User) -> BackgroundTask:
    """Have the report of a year made: PDF, Word and Excel."""
    deadline(kind)
    _check_year(year)
    with write("report.request", actor=(str(by.id), by.full_name)):
        return enqueue(MAKE, {"kind": kind, "year": year}, title_of(kind, year), 3)


def request_pack(on: date, since: date, *, by: User) -> BackgroundTask:
    """Have the inspection pack of a day made."""
    if on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "on")
    if since > on:
        raise Invalid("Ngày đầu sau ngày của hồ sơ.", "The first day is after the day of the pack.", "since")
    if (on - since).days > LONGEST_PACK:
        raise Invalid("Không quá 5 năm.", "Five years at most.", "since")
    with write("report.request_pack", actor=(str(by.id), by.full_name)):
        title = (f"Hồ sơ kiểm tra ngày {on:%d/%m/%Y}", f"Inspection pack of {on:%d/%m/%Y}")
        return enqueue(PACK, {"on": on.isoformat(), "since": since.isoformat()}, title, 1)


def file_report(kind: str, year: int, *, filed_on: date, number: str, sent_to: str, by: User) -> None:
    """The report was sent. Raises Invalid at its fields, Conflict when it was recorded before."""
    _check_year(year)
    if filed_on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "filed_on")
    for name, value in (("number", number), ("sent_to", sent_to)):
        if not value.strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    try:
        with write("report.file", actor=(str(by.id), by.full_name)) as current:
            deadline(kind)
            current.add(FiledReport(kind=kind, year=year, filed_on=filed_on, number=number, sent_to=sent_to,
                                    at=clock.now(), by_id=by.id))
    except IntegrityError as error:
        raise Conflict("Báo cáo này đã được ghi là đã gửi.", "This report was recorded as sent already.") from error


@task(MAKE)
def make_report(work: RunningTask, payload: Any) -> None:
    """The three files of a report."""
    kind, year = payload["kind"], int(payload["year"])
    report = BUILDERS[kind](year, clock.today())
    _files(work, report, f"bao-cao-{kind}-{year}".replace("_", "-"))


@task(PACK)
def make_pack(work: RunningTask, payload: Any) -> None:
    """The pack as one PDF."""
    on, since = date.fromisoformat(payload["on"]), date.fromisoformat(payload["since"])
    work.file(f"ho-so-kiem-tra-{on:%Y-%m-%d}.pdf", render_report(pack(on, since, clock.today())), "application/pdf")
    work.progress(1)


def _files(work: RunningTask, report: Report, name: str) -> None:
    for done, (form, (make, media_type)) in enumerate(FORMS.items(), 1):
        work.file(f"{name}.{form}", make(report), media_type)
        work.progress(done)


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= clock.today().year:
        raise Invalid(f"Năm từ {FIRST_YEAR} đến {clock.today().year}.",
                      f"A year from {FIRST_YEAR} to {clock.today().year}.", "year")
