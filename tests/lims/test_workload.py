"""Figures of the work: counted live and from tallies alike, each equal to its list; spans, areas; home pages."""
from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.issue import issuing
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import session, write
from lims.web.duties import duties
from lims.workload import counting, rules
from lims.workload.figures import figures
from lims.workload.listing import SHOWS, Wanted, count, found
from lims.workload.models import WorkMonth, WorkTally
from lims.workload.rules import quarter_of, span_of
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered


def issued(app: Any, *, took: int = 3) -> JobItem:
    """A certificate issued today for what came in some days ago; two further instruments are open, one overdue."""
    head = laboratory.approver(laboratory.opened())
    item = laboratory.waiting()
    with write("test.job", actor=factories.ACTOR):
        item.job.received_on, item.job.promised_on = clock.today() - timedelta(days=took), clock.today()
    issuing.issue_certificate(item.id, signer=head, password=PASSWORD)
    owner = item.job.customer
    other = factories.item(of=factories.instrument(owner=owner))
    factories.item(of=factories.instrument(owner=owner))
    with write("test.job", actor=factories.ACTOR):
        other.job.promised_on = clock.today() - timedelta(days=1)
    return session().get_one(JobItem, item.id)


def work_for(user: User) -> None:
    """Of every list of the home page more than its duty counts: an item to review and one to sign, one sent back and
    one in time, a standard overdue and one that will be, authorisations that end soon and one that does not."""
    today = clock.today()
    measuring = factories.technician(name="ktv3")
    served_by = session().scalars(sa.select(Standard).limit(1)).one()
    laboratory.waiting(user=measuring, served_by=served_by)
    signable, back = laboratory.waiting(user=measuring, served_by=served_by), factories.item(to=user)
    factories.item(to=user)
    with write("test.work", actor=factories.ACTOR):
        signable.state, back.return_reason, back.job.promised_on = "reviewed", "đọc lại", today - timedelta(days=2)
    by = person("quality_manager", "chuẩn")
    certified(registered(by, "CH-901", custodian_id=by.id), by, today - timedelta(days=400))
    certified(registered(by, "CH-902", custodian_id=by.id), by, today - timedelta(days=350))
    factories.authorise(user, "QT-X", valid_to=today + timedelta(days=60))
    factories.authorise(user, "QT-Y", valid_to=today + timedelta(days=61))


def test_figures_are_what_their_lists_hold(app_on_both: Any) -> None:
    issued(app_on_both)
    today, span = clock.today(), quarter_of(clock.today())
    shown = figures(span, today)
    total = shown.total
    wanted = {"done": total.done.number, "rejected": total.rejected, "late": total.done.late,
              "taken_in": total.taken_in, "open": total.open, "overdue": total.overdue}
    assert wanted == {"done": 1, "rejected": 0, "late": 0, "taken_in": 3, "open": 2, "overdue": 1}
    for show, number in wanted.items():
        assert count(Wanted(show, span), today) == number == len(found(Wanted(show, span), today))
    for row in shown.by_field:
        assert count(Wanted("done", span, field=row.key), today) == row.done.number
    for row in shown.by_area:
        assert count(Wanted("open", span, area=row.key), today) == row.open
    for user, row in shown.by_person:
        assert count(Wanted("done", span, person=user.id), today) == row.done.number
    assert (shown.median_days, shown.slow_days, total.mean_days) == (3, 3, 3)
    brief = figures(span, today, brief=True)
    assert (brief.total, brief.by_field, brief.median_days, brief.slow_days) == (total, shown.by_field, 3, 3)
    assert [row.key for row in shown.by_area] == ["Phường Tân An"]
    assert dict(shown.months)[today.replace(day=1)] == 1


def test_kept_months_say_what_counting_says(app_on_both: Any) -> None:
    issued(app_on_both)
    today, span = clock.today(), quarter_of(clock.today())
    live = figures(span, today)
    month = today.replace(day=1)
    counting.keep([month])  # the days before today
    assert figures(span, today) == live
    assert session().get_one(WorkMonth, month).through == today - timedelta(days=1)
    clock_of = app_on_both.extensions["clock"]
    clock_of.advance(days=1)
    assert month in counting.to_keep(clock.today(), again=0)  # one day more is over
    counting.keep([month])
    assert session().scalar(sa.select(sa.func.count()).select_from(WorkMonth)) == 1
    assert figures(span, today) == live
    counting.keep([month])  # once more changes nothing
    assert figures(span, today) == live
    assert counting.to_keep(clock.today())[-1] == month  # the last year is counted anew every night
    assert month not in counting.to_keep(clock.today(), again=0)
    with write("test.spoil", actor=factories.ACTOR) as current:
        current.execute(sa.update(WorkTally).values(number=WorkTally.number + 1))
    assert figures(span, today) != live  # it is the kept rows that are read


@pytest.mark.parametrize(("text", "first", "last"), [
    ("2026", date(2026, 1, 1), date(2026, 12, 31)), ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
    ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29))])
def test_a_span_is_read_from_its_name(text: str, first: date, last: date) -> None:
    span = span_of(text)
    assert span is not None
    assert (span.first, span.last) == (first, last)
    before, after = rules.neighbours(span)
    earlier, later = span_of(before), span_of(after)
    assert earlier is not None
    assert later is not None
    assert earlier.last + timedelta(days=1) == first
    assert later.first - timedelta(days=1) == last


@pytest.mark.parametrize("text", ["", "26", "2026-Q5", "2026-13", "1999", "2200", "２０２６", "2026-Q1 "])
def test_what_names_no_span_is_none(text: str) -> None:
    assert span_of(text) is None


@given(st.dictionaries(st.integers(0, 90), st.integers(1, 40), min_size=1), st.sampled_from([0.5, 0.9]))
def test_a_quantile_is_the_least_number_of_days_that_holds_the_share(days: dict[int, int], share: float) -> None:
    found_days = rules.quantile(days, share)
    assert found_days is not None
    every = sorted(Counter(days).elements())
    assert sum(day <= found_days for day in every) >= share * len(every)
    assert sum(day < found_days for day in every) < share * len(every)


@pytest.mark.parametrize(("commune", "district", "address", "expected"), [
    ("Phường Đông Hà", "TP. Đông Hà", "1 Hùng Vương", "Phường Đông Hà"),
    ("", "Huyện Cam Lộ", "Thôn 3, xã Cam An", "Huyện Cam Lộ"),
    ("", "", "45 Lý Thường Kiệt, phường Phú Hòa, tỉnh Minh Sơn", "Phường Phú Hòa"),
    ("", "", "Thôn 2, xã Triệu Ái, huyện Triệu Phong, tỉnh Quảng Trị", "Huyện Triệu Phong"),
    ("", "", "Khu công nghiệp", ""), ("", "", "", "")])
def test_the_area_of_an_enterprise(commune: str, district: str, address: str, expected: str) -> None:
    assert rules.area_of(commune, district, address) == expected


LISTS = ("/workload/list", "/review", "/bench", "/standards", "/staff/cards")
"""Addresses of duties whose first table holds a row for each one counted."""


@pytest.mark.parametrize("role", ["reception", "technician", "reviewer", "signer", "quality_manager", "head",
                                  "administrator"])
def test_the_home_page_of_each_role_opens_and_every_duty_leads_to_a_page(app: Any, role: str) -> None:
    issued(app)
    user = person(role, "vai")
    work_for(user)
    client, user_id = logged_in(app, user), user.id
    assert client.get("/").status_code == 200
    with app.test_request_context():
        shown = duties(session().get_one(User, user_id), clock.today())
    for duty in shown:
        assert duty.number > 0
        page = client.get(duty.url)
        assert page.status_code == 200
        if duty.url.startswith(LISTS):
            assert len(re.findall("<tr", page.text.partition("<tbody>")[2].partition("</tbody>")[0])) == duty.number
    expected = {"reception": "phương tiện đo quá hẹn trả, cần báo khách", "signer": "phương tiện đo quá hẹn trả",
                "head": "phương tiện đo quá hẹn trả", "administrator": "mục danh mục nhóm 2 chờ xác nhận"}
    if role in expected:
        assert expected[role] in [duty.words for duty in shown]


def test_pages_of_figures(app: Any) -> None:
    issued(app)
    client = logged_in(app, person("reception"))
    for address in ("/workload", "/workload?period=2026", "/workload?period=khong", *(
            f"/workload/list?show={show}" for show in (*SHOWS, "khac")), "/workload/list?field=mass&area=x&person=9"):
        assert client.get(address).status_code == 200, address
    assert client.get("/workload/report.pdf").data.startswith(b"%PDF")
