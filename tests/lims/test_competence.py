"""Competence: what lapses and what lacks by rule, the record of a person, authorisation at start, review and sign."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st

from instruments.recall import add_months
from lims.alerts.models import OutboxMessage, PersonAlert
from lims.alerts.planning import plan
from lims.alerts.service import acknowledge, personal_alerts
from lims.issue import issuing, review
from lims.issue.preparing import NotReady
from lims.jobs import worksheet
from lims.reports import state_on
from lims.shared import clock as lims_clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotPermitted
from lims.shared.measures import Period, measure
from lims.staff import disuse, overview, records, service
from lims.staff.models import ACTIVITIES, Authorisation, LapseDecision
from lims.staff.officers import names_field
from lims.staff.records import Event, Paper, Upload
from lims.staff.rules import Usage, cover, disused, overlap
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person

TODAY = date(2026, 11, 23)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS, st.none() | DAYS), max_size=8), DAYS, st.integers(1, 48))
def test_what_is_proposed_was_unused_for_all_the_months_and_nothing_else_is(
        rows: list[tuple[date, date | None, date | None]], today: date, months: int) -> None:
    usages = [Usage(number, *row) for number, row in enumerate(rows)]
    found = disused(usages, today, months)
    for one in usages:
        seen = [day for day in (one.valid_from, one.last_on, one.kept_on) if day is not None]
        assert (one in found) == all(add_months(day, months) < today for day in seen)
    assert [one.since for one in found] == sorted(one.since for one in found)


@given(st.sets(st.tuples(st.integers(1, 4), st.sampled_from(["A", "B", "C"]), st.sampled_from(ACTIVITIES))),
       st.sets(st.integers(1, 4)), st.integers(1, 3))
def test_a_field_lacks_exactly_the_people_that_are_not_there(
        granted: set[tuple[int, str, str]], carded: set[int], wanted: int) -> None:
    pressure, mass = cover([("A", "pressure", True), ("B", "pressure", False), ("C", "mass", False)], granted,
                           {"pressure": carded}, ACTIVITIES, wanted)
    performers = {who for who, code, activity in granted if code in ("A", "B") and activity == "perform"}
    assert pressure.missing.get("perform", 0) == max(0, wanted - len(performers))
    assert pressure.missing.get("card", 0) == max(0, wanted - len(performers & carded))
    assert "card" not in mass.missing
    assert pressure.unlawful == (not performers & carded)
    counts = {(code, activity): len({who for who, own, done in granted if (own, done) == (code, activity)})
              for code in ("A", "B") for activity in ACTIVITIES}
    assert set(pressure.short) == {(*key, number) for key, number in counts.items() if number < wanted}


def test_a_card_names_its_field_by_whole_words() -> None:
    assert names_field("Áp suất, nhiệt độ", "pressure", "Áp suất")
    assert not names_field("Khối lượng riêng", "mass", "Khối lượng riêng tương đối")
    assert names_field("Khối lượng riêng, khối lượng", "mass")
    assert not names_field("Áp suất", "", "")


def test_start_review_and_sign_each_need_the_authorisation_of_that_day(app_on_both: Any) -> None:
    head = laboratory.opened()
    reviewer, user = person("reviewer", "soat"), factories.technician()
    code = factories.published(factories.MULTIMETER.procedure).code
    granted = session().scalars(sa.select(Authorisation).where(Authorisation.user_id == user.id)).one()
    service.end(granted.id, on=lims_clock.today() - timedelta(days=1), reason="nghỉ")
    item = factories.item(factories.MULTIMETER, user)
    with pytest.raises(NotPermitted, match=f"perform procedure {code}"):
        worksheet.start(item.code, user)
    factories.authorise(user, code, valid_from=lims_clock.today())
    waiting = laboratory.waiting(user=user)
    with pytest.raises(NotPermitted, match="review procedure"):
        review.review_item(waiting.id, reviewer=reviewer, password=PASSWORD)
    factories.authorise(reviewer, code, "review", valid_from=lims_clock.today())
    review.review_item(waiting.id, reviewer=reviewer, password=PASSWORD)
    with pytest.raises((NotReady, NotPermitted)):
        issuing.issue_certificate(waiting.id, signer=head, password=PASSWORD)
    factories.authorise(head, code, "approve", valid_from=lims_clock.today(), valid_to=lims_clock.today())
    assert issuing.issue_certificate(waiting.id, signer=head, password=PASSWORD).number


def test_an_event_closes_its_need_and_striking_it_out_opens_it_again(app_on_both: Any) -> None:
    keeper, user = person("quality_manager"), factories.technician()
    need = records.add_need(user.id, text="học", procedure_code="QT-DI-01", target_on=TODAY + timedelta(days=10),
                            by=keeper)
    with pytest.raises(Invalid):
        records.add_event([keeper.id], Event(kind="training", on=TODAY, subject="x", result="passed",
                                             need_id=need.id), by=keeper)
    with pytest.raises(Invalid):
        records.add_event([user.id], Event(kind="training", on=TODAY + timedelta(days=1), subject="x",
                                           result="passed"), by=keeper)
    records.add_event([user.id], Event(kind="training", on=TODAY, subject="khóa học", result="failed",
                                       need_id=need.id), by=keeper, document=Upload("a.pdf", b"%PDF-1.7 x"))
    assert overview.open_needs() == [need]
    assert trained() == 0
    records.add_event([user.id, keeper.id], Event(kind="training", on=TODAY, subject="khóa học", result="passed",
                                                  need_id=need.id), by=keeper)
    assert (overview.open_needs(), trained()) == ([], 2)
    passed = next(row for row in overview.personal(user, TODAY).events if row.result == "passed")
    records.strike_event(passed.id, "nhầm người", by=keeper)
    assert (overview.open_needs(), trained()) == ([need], 1)


def trained() -> int:
    figure = measure("training.persons")
    assert figure is not None
    period = Period(date(2026, 1, 1), date(2026, 12, 31), TODAY)
    found = figure.value(period)
    with current_app.test_request_context():
        assert found == len(figure.lines(period, None, 50))
    return int(found or 0)


def test_an_authorisation_unused_for_a_year_is_proposed_and_decided_by_somebody_else(app_on_both: Any) -> None:
    laboratory.opened()
    keeper, user = person("quality_manager"), person("technician", "ktv")
    code = factories.published(factories.MULTIMETER.procedure).code
    for one in (user, keeper):
        factories.authorise(one, code, valid_from=TODAY - timedelta(days=800))
    assert {one.granted.user_id for one in disuse.proposals(TODAY)} == {user.id, keeper.id}
    factories.submitted(factories.MULTIMETER, user)
    left = disuse.proposals(TODAY)
    assert [one.granted.user_id for one in left] == [keeper.id]
    with pytest.raises(Conflict):
        disuse.decide(left[0].granted.id, "keep", "tự giữ", by=keeper)
    head = person("head", "giamdoc2")
    with pytest.raises(Invalid):
        disuse.decide(left[0].granted.id, "end", " ", by=head)
    disuse.decide(left[0].granted.id, "keep", "vẫn dạy lại hằng tháng", by=head)
    assert disuse.proposals(TODAY) == []
    (kept,) = disuse.proposals(TODAY + timedelta(days=370), keeper.id)
    assert kept.kept is not None
    with pytest.raises(sa.exc.DatabaseError), write("test.tamper", actor=("", "test")):
        session().execute(sa.text("UPDATE lapse_decision SET reason = 'khác'"))
    session().rollback()
    disuse.set_limits(120, 3, by=head)
    assert disuse.proposals(TODAY + timedelta(days=370)) == []


def test_one_that_is_ended_no_longer_opens_a_sheet(app_on_both: Any, clock: Any) -> None:
    head, user = laboratory.opened(), person("technician", "ktv")
    code = factories.published(factories.MULTIMETER.procedure).code
    factories.authorise(user, code, valid_from=TODAY - timedelta(days=800))
    (proposed,) = disuse.proposals(TODAY)
    disuse.decide(proposed.granted.id, "end", "không còn làm", by=head)
    assert session().scalars(sa.select(LapseDecision)).one().last_on is None
    clock.advance(days=1)
    with pytest.raises(NotPermitted):
        worksheet.start(factories.item(factories.MULTIMETER, user).code, user)


def test_what_expires_is_told_once_to_the_person_and_the_quality_manager_in_the_mail_of_the_day(
        app_on_both: Any, clock: Any) -> None:
    keeper, user = person("quality_manager"), person("technician", "ktv")
    service.add_card(user_id=user.id, number="01", field="Áp suất", issued_by="Sở", valid_from=date(2024, 1, 1),
                     valid_to=TODAY + timedelta(days=30))
    records.add_paper(user.id, Paper(kind="course", title="An toàn", issued_on=date(2024, 1, 1),
                                     valid_to=TODAY - timedelta(days=1)), by=keeper)
    factories.authorise(user, "QT-DI-01", valid_to=TODAY + timedelta(days=6))
    factories.authorise(user, "QT-AS-02", valid_to=TODAY + timedelta(days=6))
    assert [plan(TODAY), plan(TODAY)] == [3, 0]
    rows = {row.kind: row for row in session().scalars(sa.select(PersonAlert)).unique()}
    assert {kind: row.stage for kind, row in rows.items()} == {"card": 30, "paper": -1, "authorisation": 7}
    assert rows["authorisation"].label == "QT-AS-02, QT-DI-01"
    mails = list(session().scalars(sa.select(OutboxMessage)))
    assert sorted(mail.recipient for mail in mails) == ["ktv@example.test", "qualitymanager@example.test"]
    assert all("01 (Áp suất)" in mail.body and "An toàn" in mail.body for mail in mails)
    assert len(personal_alerts(keeper, everybody=True)) == len(personal_alerts(user, everybody=True)) == 3
    assert personal_alerts(keeper, everybody=False) == []
    acknowledge(rows["paper"].id, by=keeper, table=PersonAlert)
    service.add_card(user_id=user.id, number="02", field="Áp suất", issued_by="Sở", valid_from=TODAY,
                     valid_to=TODAY + timedelta(days=1800))
    assert [row.kind for row in personal_alerts(user, everybody=False)] == ["authorisation"]
    clock.advance(days=7)
    assert plan(lims_clock.today()) == 0


@given(DAYS, st.none() | st.integers(0, 40), DAYS, st.none() | st.integers(0, 40))
def test_two_periods_overlap_exactly_where_they_share_a_day(
        first: date, length: int | None, other: date, other_length: int | None) -> None:
    far = date(2031, 12, 31)
    (last, until), (other_last, other_until) = (
        (None, far) if days is None else (start + timedelta(days=days),) * 2
        for start, days in ((first, length), (other, other_length)))
    assert overlap(first, last, other, other_last) == (max(first, other) <= min(until, other_until))


def test_a_second_grant_for_the_same_days_is_refused_at_the_day_and_one_that_follows_is_not(app: Any) -> None:
    keeper, user = person("quality_manager"), person("technician", "ktv")
    code = factories.published(factories.MULTIMETER.procedure).code
    client, typed = logged_in(app, keeper), {
        "user_id": user.id, "procedure_code": code, "activities": ["perform", "review"], "basis": "QĐ 5",
        "valid_from": "01/01/2026", "valid_to": "31/12/2026"}
    assert client.post("/staff/authorisations/new", data=typed).status_code == 303
    again = client.post("/staff/authorisations/new", data={**typed, "activities": ["review"],
                                                           "valid_from": "31/12/2026", "valid_to": ""})
    assert again.status_code == 422
    assert "đã được giao quyền soát xét" in again.text
    assert 'id="valid_from-e"' in again.text
    for other in ({"valid_from": "01/01/2027", "valid_to": ""}, {"activities": ["approve"]}):
        assert client.post("/staff/authorisations/new", data={**typed, **other}).status_code == 303
    before = client.post("/staff/authorisations/new", data={**typed, "valid_from": "01/06/2025"})
    assert before.status_code == 422
    assert 'id="valid_to-e"' in before.text
    assert len(session().scalars(sa.select(Authorisation)).unique().all()) == 5
    with pytest.raises(Invalid, match="new authorisation"):
        service.end(1, on=date(2027, 6, 30), reason="kéo dài")


def test_two_who_grant_the_same_at_once_do_not_both(app_on_both: Any) -> None:
    user_id, together = person("technician", "ktv").id, Barrier(3)
    session().rollback()

    def press(_number: int) -> bool:
        with app_on_both.app_context():
            together.wait(30)
            try:
                service.grant(user_id=user_id, procedure_code="QT-1", activities=["perform"], valid_from=TODAY,
                              valid_to=None, basis="QĐ 5")
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(press, range(3))) == [False, False, True]


def test_a_card_withdrawn_early_keeps_its_printed_date_and_counts_no_longer(app_on_both: Any, clock: Any) -> None:
    keeper, user = person("quality_manager"), person("technician", "ktv")
    service.add_card(user_id=user.id, number="01", field="Áp suất", issued_by="Sở", valid_from=date(2024, 1, 1),
                     valid_to=TODAY + timedelta(days=20))
    (card,) = overview.cards()
    records.end_card(card.id, "chuyển công tác", by=keeper)
    (card,) = overview.cards()
    assert (card.valid_to, card.ended_on, card.last_on) == (TODAY + timedelta(days=20), TODAY, TODAY)
    assert state_on.officers(TODAY)
    assert not state_on.officers(TODAY + timedelta(days=1))
    assert plan(TODAY) == 0
    with pytest.raises(Conflict):
        records.end_card(card.id, "lần nữa", by=keeper)
    shown = logged_in(app_on_both, keeper).get("/staff/cards").text
    assert "13/12/2026" in shown
    assert "Thu hồi 23/11/2026" in shown
    assert "chuyển công tác" in shown


def test_the_table_of_people_and_procedures_shows_who_may_do_what(app: Any) -> None:
    keeper, user, other = person("quality_manager"), person("technician", "ktv"), person("technician", "khac")
    code = factories.published(factories.MULTIMETER.procedure).code
    for activity in ("perform", "approve"):
        factories.authorise(user, code, activity, valid_to=TODAY + timedelta(days=9))
    factories.authorise(other, code, "review", valid_to=TODAY - timedelta(days=1))
    client = logged_in(app, keeper)
    shown = client.get("/staff/grid").text
    cells = re.findall(r'<td data-l="Nguyễn ktv:">(.*?)</td>', shown, re.S)
    assert len(cells) == 1
    assert re.findall(r'class="word">([^<]+)', cells[0]) == ["Thực hiện", "Phê duyệt"]
    assert "02/12/2026" in cells[0]
    assert 'data-l="Nguyễn khac:"' not in shown
    assert "Không ai được giao quyền" in client.get("/staff/grid?on=01/01/2020").text


def test_records_of_others_are_for_those_in_charge_and_documents_only_of_records(app: Any) -> None:
    keeper, user, other = person("quality_manager"), person("technician", "ktv"), person("technician", "khac")
    records.add_paper(user.id, Paper(kind="degree", title="Kỹ sư", issued_on=date(2020, 1, 1)), by=keeper,
                      document=Upload("bang.pdf", b"%PDF-1.7 bang"))
    (paper,) = overview.personal(user, TODAY).papers
    pages = [f"/staff/people/{user.id}", f"/staff/documents/{paper.file_id}"]
    assert [[logged_in(app, who).get(page).status_code for page in pages] for who in (user, keeper, other)] == [
        [200, 200], [200, 200], [403, 403]]
    assert logged_in(app, keeper).get("/staff/documents/99").status_code == 404


def test_the_list_of_people_says_what_is_kept_of_each(app: Any) -> None:
    quality = person("quality_manager", "An")
    user = person("technician", "Bình")
    for code, until in (("QT-A", None), ("QT-B", TODAY), ("QT-C", TODAY - timedelta(days=1))):
        for activity in ("perform", "review"):
            factories.authorise(user, code, activity, valid_to=until)
    (other, mine) = overview.register(TODAY)
    assert (other.user.full_name, other.procedures, other.learned_on) == (quality.full_name, 0, None)
    assert (mine.user.full_name, mine.procedures, mine.cards, mine.papers, mine.needs) == (user.full_name, 2, 0, 0, 0)
    refused, offered = (f'href="/staff/people/{one.id}"' for one in (quality, user))
    text = logged_in(app, user).get("/staff/people").text
    assert (refused in text, offered in text) == (False, True)


def test_the_matrix_leads_nobody_to_a_record_that_is_refused(app: Any) -> None:
    other, user = person("technician", "khac"), person("technician", "ktv")
    factories.authorise(user, factories.published(factories.MULTIMETER.procedure).code)
    found = {who: logged_in(app, who).get(f"/staff?person={user.id}").text.count(f'/staff/people/{user.id}"')
             for who in (user, other)}
    assert found[other] == 0
    assert found[user] > 0


def test_the_matrix_of_a_day_shows_what_was_in_force_then_and_leaves_as_excel(app: Any) -> None:
    keeper, user = person("quality_manager"), person("technician", "ktv")
    code = factories.published(factories.MULTIMETER.procedure).code
    factories.authorise(user, code, valid_from=date(2025, 1, 1), valid_to=date(2025, 6, 30))
    client = logged_in(app, keeper)
    then, now = (client.get(f"/staff?on={day}").get_data(as_text=True) for day in ("30/06/2025", "01/07/2025"))
    assert (">Nguyễn ktv</a>" in then, ">Nguyễn ktv</a>" in now) == (True, False)
    for address in ("/staff.xlsx?on=30/06/2025", "/staff.xlsx?on=30/06/2025&as=list"):
        answer = client.get(address)
        assert (answer.status_code, answer.data[:2]) == (200, b"PK")
