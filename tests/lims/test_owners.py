"""The page behind a sticker: it tells number and validity, takes requests within bounds, gives nothing else away."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from lims.auth.models import User
from lims.issue import afterwards, issuing, public
from lims.issue.models import Certificate
from lims.jobs.models import Job, JobCounter
from lims.owners import bounds, requests, sticker_code
from lims.owners.models import OwnerAttempt, VisitRequest
from lims.owners.requests import Asked
from lims.owners.standing import standing
from lims.shared import audit, clock
from lims.shared.db import db, session, write
from lims.shared.errors import Conflict, Invalid
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in, person

NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
FILLED = {"name": "Tạ Đình Quân", "phone": "0200 360 0707", "preferred_on": "01/12/2026", "note": "cổng số 2"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "misses", public.Misses())
    monkeypatch.setattr(bounds, "ASKED_A_MINUTE", 100)


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.opened()


def verified(head: User) -> Certificate:
    item = laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")))
    laboratory.confirmed_gauge(laboratory.approver(head, GAUGE))
    return issuing.issue_certificate(item.id, signer=head, password=PASSWORD)


def address(certificate: Certificate) -> str:
    return f"/t/{sticker_code.address_part(certificate.number, certificate.code)}"


def test_the_page_tells_number_and_validity_and_nothing_of_the_results(app: Any, head: User) -> None:
    made = verified(head)
    text = app.test_client().get(address(made)).text
    assert made.number in text
    assert f"{made.valid_until:%d/%m/%Y}" in text
    for secret in (made.code, made.object_serial, made.customer_name, made.object_name, made.record_digest):
        assert secret not in text


def test_an_unknown_number_a_wrong_code_and_the_paper_s_code_get_one_answer(app: Any, head: User) -> None:
    made = verified(head)
    client, own = app.test_client(), address(made)
    refused = [client.get(path) for path in (
        "/t/none-1", f"/t/{made.number}", f"/t/{made.number}.AAAAAAAAAAAAAAAA", f"/t/{made.number}.{made.code}",
        f"{own}x", f"{own}/nhac-han.icsx", "/t/" + "9" * 500)]
    assert {answer.status_code for answer in refused} == {404}
    assert len({re.sub(r'(nonce|value|href)="[^"]*"', "", answer.text) for answer in refused}) == 1
    assert client.post("/t/none-1", data=FILLED).status_code == 404
    assert client.get(own.lower()).status_code == 200
    assert client.get(own.replace("/t/", "/T/")).status_code == 303


def test_whoever_tries_many_codes_is_held_up(app: Any, head: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "misses", public.Misses(most=3))
    client = app.test_client()
    assert [client.get("/t/none-1").status_code for _try in range(5)] == [404, 404, 404, 429, 429]


def test_the_calendar_file_names_the_last_day(app: Any, head: User) -> None:
    made = verified(head)
    answer = app.test_client().get(f"{address(made)}/nhac-han.ics")
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert (answer.mimetype, event["dtstart"].dt) == ("text/calendar", made.valid_until)
    assert [alarm["trigger"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-30)]


def test_a_withdrawn_document_ends_its_sticker_and_its_calendar(app: Any, head: User, clock: Any) -> None:
    made = verified(head)
    assert standing(made).state == "valid"
    afterwards.withdraw(made.id, signer=head, password=PASSWORD, reason="sai")
    session().expire_all()
    assert standing(made).state == "ended"
    assert app.test_client().get(f"{address(made)}/nhac-han.ics").status_code == 404


def test_a_sticker_expires_after_its_last_day(app: Any, head: User, clock: Any) -> None:
    made = verified(head)
    clock.advance(days=365)
    assert standing(made).state == "valid"
    clock.advance(days=1)
    assert standing(made).state == "expired"


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"phone": "gọi tôi"}, {"phone": "1" * 40}, {"phone": "０９１２３４５６７８"}, {"name": "a\x00b"},
    {"preferred_on": "31/02/2027"}, {"preferred_on": "01/01/2020"}, {"preferred_on": "01/01/2090"},
    {"note": "x" * 3000}])
def test_a_hostile_request_is_told_at_its_field_and_kept_nowhere(app: Any, head: User, wrong: dict[str, str]) -> None:
    answer = app.test_client().post(address(verified(head)), data=FILLED | wrong)
    assert answer.status_code == 422
    assert session().scalar(sa.select(sa.func.count()).select_from(VisitRequest)) == 0


def test_requests_are_bounded_for_an_address_and_for_an_instrument(
        app: Any, head: User, monkeypatch: pytest.MonkeyPatch) -> None:
    made = verified(head)
    client = app.test_client()
    sent = client.post(address(made), data=FILLED | {"phone": "0200 360 0700"}, follow_redirects=True).text
    assert "Đã gửi đề nghị." in sent
    assert 'name="phone"' not in sent  # nothing invites to send it again
    assert [client.post(address(made), data=FILLED | {"phone": f"0200 360 070{number}"}).status_code
            for number in range(4)] == [303, 303, 303, 422]
    monkeypatch.setattr(bounds, "ASKED_A_MINUTE", 7)
    assert [client.post(address(made), data={}).status_code for _try in range(3)] == [422, 422, 429]
    assert "cổng số 2" in client.post(address(made), data=FILLED).text  # what was typed stays
    monkeypatch.setattr(requests, "A_DAY", 3)
    with pytest.raises(Conflict):
        requests.ask(made.id, Asked("A", "0200 360 0707"))


def test_one_telephone_asks_once_for_an_instrument_however_often_it_presses(app_on_both: Any) -> None:
    certificate_id, together = verified(laboratory.opened()).id, Barrier(3)
    session().rollback()

    def press(number: int) -> int:
        with app_on_both.app_context():
            phone = ("0200 360 0707", "02003600707", "+84 200.360.0707")[number]
            together.wait(30)
            return requests.ask(certificate_id, Asked("Tạ", phone, note="cổng số 2")).id

    with ThreadPoolExecutor(3) as pool:
        kept = set(pool.map(press, range(3)))
    assert len(kept) == 1
    requests.ask(certificate_id, Asked("Tạ", "0200 360 0707", note="cổng số 3"))
    requests.ask(certificate_id, Asked("Lê", "0200 360 0708"))
    assert [row.note for row in requests.listed("open")] == ["cổng số 3", ""]


def test_the_bound_of_an_address_is_one_count_for_all_processes(app_on_both: Any) -> None:
    def press(_turn: int) -> bool:
        with app_on_both.app_context():  # as in a process of its own: nothing but the database is shared
            try:
                return bounds.too_many("192.0.2.7", NOON)
            finally:
                db.session.remove()

    session().rollback()
    with ThreadPoolExecutor(4) as pool:
        refused = sum(pool.map(press, range(101)))
    assert refused == 1
    assert not bounds.too_many("192.0.2.8", NOON)
    assert not bounds.too_many("192.0.2.7", NOON + timedelta(minutes=10))
    assert session().scalar(sa.select(sa.func.count()).select_from(OwnerAttempt)) == 1
    assert not list(audit.verify_chain(session()))


def test_reception_makes_one_job_of_a_request(app: Any, head: User) -> None:
    made = verified(head)
    row = requests.ask(made.id, Asked("<b>Tạ</b>", "0200 360 0707", clock.today() + timedelta(days=5), "=1+1"))
    with write("test.counter", actor=factories.ACTOR) as current:
        current.add(JobCounter(year=2026, next=500))  # the jobs of the tests are numbered by themselves
    client = logged_in(app, person("reception"))
    assert "&lt;b&gt;" in client.get("/visits").text
    assert "đề nghị qua tem, chờ gọi lại" in client.get("/").text
    jobs = session().scalar(sa.select(sa.func.count()).select_from(Job))
    assert client.post(f"/visits/{row.id}/accept").status_code == 303
    assert client.post(f"/visits/{row.id}/accept").status_code == 409
    assert session().scalar(sa.select(sa.func.count()).select_from(Job)) == (jobs or 0) + 1
    job = session().get_one(VisitRequest, row.id).job
    assert job is not None
    assert (job.place, job.items[0].regime, job.items[0].instrument_id) == (
        "customer", "periodic", made.item.instrument_id)
    assert row.phone in job.note
    assert job.number in client.get("/visits?state=accepted").text
    requests.ask(made.id, Asked("Lê", "0200 360 0708"))
    assert job.number in client.get("/visits").text  # a second request for the same instrument: it is in a job already


def test_two_who_accept_one_request_at_once_make_one_job(app_on_both: Any) -> None:
    head = laboratory.opened()
    row = requests.ask(verified(head).id, Asked("Tạ", "0200 360 0707"))
    with write("test.counter", actor=factories.ACTOR) as current:
        current.add(JobCounter(year=2026, next=500))
    jobs = session().scalar(sa.select(sa.func.count()).select_from(Job)) or 0
    together, request_id, head_id = Barrier(3), row.id, head.id
    session().rollback()

    def press(_number: int) -> bool:
        with app_on_both.app_context():
            by = session().get_one(User, head_id)
            together.wait(30)
            try:
                requests.accept(request_id, by)
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, range(3))) == [False, False, True]
    assert session().scalar(sa.select(sa.func.count()).select_from(Job)) == jobs + 1


def test_a_refusal_needs_its_reason(app: Any, head: User) -> None:
    row = requests.ask(verified(head).id, Asked("Tạ", "0200 360 0707"))
    client = logged_in(app, person("reception"))
    assert client.post(f"/visits/{row.id}/refuse", data={"reason": " "}).status_code == 422
    assert client.post(f"/visits/{row.id}/refuse", data={"reason": "đã gọi, hẹn lại"}).status_code == 303
    with pytest.raises(Invalid):
        requests.refuse(row.id, "", head)
    assert "đã gọi, hẹn lại" in client.get("/visits?state=refused").text
