"""Statutory reports and the inspection pack: due days, files made in the background, what was in force on a day."""
from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from lims.alerts import planning
from lims.alerts.models import OutboxMessage
from lims.alerts.people import add_source
from lims.equipment import service as equipment
from lims.issue import issuing
from lims.legal import designations
from lims.legal.designations import NewDesignation
from lims.reports import init_app as reports_init
from lims.reports import reminders, rules, service, state_on
from lims.reports.content import designations_table
from lims.reports.pack import pack
from lims.reports.rules import Standing
from lims.reports.work import work_of
from lims.shared import clock, task_files, task_runner
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from lims.shared.tasks import BackgroundTask
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered


def test_a_report_is_due_through_its_day() -> None:
    due = rules.due_on(2025, 3, 30, next_year=True)
    assert due == date(2026, 3, 30)
    assert rules.standing(due, False, due) is Standing.DUE_SOON
    assert rules.standing(due, False, due + timedelta(days=1)) is Standing.OVERDUE
    assert rules.standing(due, True, due + timedelta(days=1)) is Standing.FILED
    assert rules.standing(due, False, date(2025, 12, 29)) is Standing.LATER
    assert rules.standing(due, False, date(2025, 12, 30)) is Standing.DUE_SOON


@given(st.integers(2000, 2199), st.integers(1, 12), st.integers(1, 31), st.booleans())
def test_a_day_that_the_month_lacks_is_its_last(year: int, month: int, day: int, next_year: bool) -> None:
    due = rules.due_on(year, month, day, next_year=next_year)
    assert (due.year, due.month) == (year + next_year, month)
    assert due.day == day or (due + timedelta(days=1)).month != month


def issued() -> None:
    head = laboratory.approver(laboratory.opened())
    issuing.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD)


def test_a_report_is_made_in_the_background_in_three_forms(app_on_both: Any) -> None:
    issued()
    keeper = person("quality_manager")
    year = clock.today().year
    asked = service.request_report("activity", year, by=keeper)
    assert task_runner.run_one()
    assert session().get_one(BackgroundTask, asked.id, populate_existing=True).state == "done"
    files = {one.name: one for one in task_files.files_of(asked.id)}
    assert sorted(name.rsplit(".", 1)[1] for name in files) == ["docx", "pdf", "xlsx"]
    lines = work_of(date(year, 1, 1), clock.today())
    assert [(line.kind, line.calibrated, line.verified_all) for line in lines] == [("multimeter", 1, 0)]
    assert work_of(date(year - 1, 1, 1), date(year - 1, 12, 31)) == []


@pytest.mark.parametrize("year", [2014, 2027])
def test_a_year_without_a_report_is_refused(app: Any, year: int) -> None:
    with pytest.raises(Invalid):
        service.request_report("activity", year, by=person("head"))


def test_what_was_sent_is_recorded_once_and_no_longer_asked_for(app_on_both: Any) -> None:
    keeper, today = person("quality_manager"), date(2026, 2, 1)
    assert ("activity", 2025) in [(one.kind, one.year) for one in service.waiting(today)]
    sent = {"filed_on": clock.today(), "number": "12/BC", "sent_to": "Sở KH&CN", "by": keeper}
    service.file_report("activity", 2025, **sent)
    assert ("activity", 2025) not in [(one.kind, one.year) for one in service.waiting(today)]
    with pytest.raises(Conflict):
        service.file_report("activity", 2025, **sent)
    with pytest.raises(Invalid):
        service.file_report("group2", 2025, **{**sent, "filed_on": clock.today() + timedelta(days=1)})
    with pytest.raises(sa.exc.DatabaseError):
        session().execute(sa.text("UPDATE filed_report SET number = 'khác'"))
    session().rollback()


def test_a_report_is_told_in_the_mail_of_the_day_until_it_is_filed(app_on_both: Any, clock: Any) -> None:
    head, keeper = person("head"), person("quality_manager")
    bare = Flask("bare")
    reports_init(bare)
    assert bare.extensions["due_sources"] == {"report": reminders.SOURCE}
    add_source(app_on_both, reminders.SOURCE)
    for kind, year in (("activity", 2025), ("group2", 2025), ("plan_half", 2026), ("plan_nine", 2026),
                       ("plan_half", 2025), ("plan_nine", 2025)):
        service.file_report(kind, year, filed_on=date(2026, 10, 1), number="1", sent_to="Sở", by=keeper)
    assert planning.plan(date(2026, 10, 15)) == 0  # 61 days before
    assert [planning.plan(date(2026, 10, 16)), planning.plan(date(2026, 10, 16))] == [1, 0]
    mails = list(session().scalars(sa.select(OutboxMessage)))
    assert sorted(mail.recipient for mail in mails) == sorted([head.email, keeper.email])
    assert all("Báo cáo kế hoạch cả năm, 2026" in mail.body and "/reports/plan_year/2026" in mail.body
               for mail in mails)
    page = logged_in(app_on_both, keeper).get("/alerts").text
    assert 'href="/reports/plan_year/2026"' in page
    assert logged_in(app_on_both, keeper).get("/reports/plan_year/2026").status_code == 200
    service.file_report("plan_year", 2026, filed_on=date(2026, 11, 20), number="9", sent_to="Sở", by=keeper)
    assert planning.plan(date(2026, 12, 16)) == 0
    assert "plan_year" not in logged_in(app_on_both, keeper).get("/alerts").text


def test_the_day_of_the_pack_decides(app_on_both: Any) -> None:
    """A standard quarantined today was in use yesterday; an authorisation ended yesterday is gone today."""
    laboratory.opened()
    keeper, technician = person("quality_manager"), person("technician", "ktv")
    today = clock.today()
    standard = registered(keeper, asset_number="CH-01")
    certified(standard, keeper, calibrated_on=today - timedelta(days=30))
    app_on_both.extensions["clock"].advance(days=1)
    equipment.change_state(standard.id, "quarantined", "Nghi ngờ", expected="in_use", by=keeper)
    factories.authorise(technician, "QT-01", valid_from=today - timedelta(days=9), valid_to=today)
    tomorrow = clock.today()
    (then,), (now,) = state_on.standards(today), state_on.standards(tomorrow)
    assert (then.state, then.in_order(today), now.state, now.in_order(tomorrow)) == (
        "in_use", True, "quarantined", False)
    assert state_on.standards(today - timedelta(days=1)) == []  # not in the register yet
    assert then.certificate is not None
    assert [row.procedure_code for row in state_on.authorisations(today)] == ["QT-01"]
    assert state_on.authorisations(tomorrow) == []
    table = next(part for part in pack(today, today, tomorrow).sections[5].parts if not isinstance(part, str))
    assert table.lines[0].cells[-2:] == ("Đang dùng", "Có")
    designations.record(NewDesignation(decision="12/QĐ-TĐC", issued_by="Ủy ban TCĐLCL Quốc gia", code="ĐK 416",
                                       fields=["pressure"], items=[], signed_on=today, valid_from=today,
                                       valid_to=tomorrow), keeper)
    assert [len(designations_table(day).lines) for day in (tomorrow, tomorrow + timedelta(days=1))] == [1, 0]
    assert designations_table(today).lines[0].cells[:4] == ("12/QĐ-TĐC", "Ủy ban TCĐLCL Quốc gia", "ĐK 416", "Áp suất")


def test_the_pack_has_contents_whose_pages_are_right(app: Any) -> None:
    issued()
    keeper = person("quality_manager")
    asked = service.request_pack(clock.today(), clock.today() - timedelta(days=365), by=keeper)
    assert task_runner.run_one()
    (made,) = task_files.files_of(asked.id)
    got = logged_in(app, keeper).get(f"/tasks/{asked.id}/files/{made.id}")
    pages = [page.extract_text().replace("\u00a0", " ") for page in PdfReader(BytesIO(got.data)).pages]
    assert "Mục lục" in pages[0]
    assert f"Trang 1/{len(pages)}" in pages[0]
    for mark, title in (("1", "Tổ chức"), ("6", "Chuẩn đo lường và giấy chứng nhận"), ("16", "Giấy thu hồi, thay thế")):
        named = next(int(page) for line in pages[0].splitlines() if line.startswith(f"{mark} ") and title in line
                     for page in [line.split()[-1]] if page.isdigit()) if any(
            line.startswith(f"{mark} ") and line.split()[-1].isdigit() for line in pages[0].splitlines()) else None
        where = next(at for at, text in enumerate(pages[1:], 2) if f"{mark} {title}" in " ".join(text.split()))
        assert named in (None, where)
        assert str(where) in pages[0].split()
    with pytest.raises(Invalid):
        service.request_pack(clock.today() + timedelta(days=1), clock.today(), by=keeper)


def test_pages_of_reports(app: Any) -> None:
    issued()
    manager, reception = logged_in(app, person("quality_manager")), logged_in(app, person("reception"))
    admin = logged_in(app, person("administrator"))
    assert "30/03" in reception.get("/reports").text
    for kind in service.TITLES:
        assert reception.get(f"/reports/{kind}/2026").status_code == 200
    assert reception.get("/reports/khac/2026").status_code == 404
    assert reception.post("/reports/activity/2026/make").status_code == 403
    assert manager.post("/reports/activity/2026/make").status_code == 303
    assert manager.post("/reports/pack", data={"on": "31/02/2026", "since": ""}).status_code == 422
    assert manager.post("/reports/activity/2025/file", data={
        "filed_on": "20/03/2026", "number": "12/BC", "sent_to": "Sở"}).status_code == 303
    page = manager.get("/reports/activity/2026").text
    assert "/workload/list?show=done&amp;period=2026&amp;kind=multimeter" in page
    assert "/workload/list?show=done&amp;period=2026&amp;kind=multimeter&amp;service=calibration" in page
    assert reception.get("/workload/list?period=2026&service=verification").text.count("<tr>") == 0
    assert manager.get("/workload/list?show=done&period=2026&kind=multimeter").text.count("<tr>") == 2
    assert admin.post("/reports/activity/deadline", data={"day": "45", "month": "3", "basis": "x"}).status_code == 422
    moved = admin.post("/reports/activity/deadline", data={"day": "31", "month": "1", "basis": "TT mới"})
    assert moved.status_code == 303
    assert "31/01" in reception.get("/reports").text
