"""Surveys at enterprises: how they begin, rows as typed, conflicts, the end that freezes."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Instrument
from lims.issue.integrity import verify
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from lims.surveys import finishing, listing, service, survey_forms
from lims.surveys.models import Survey, SurveyRecord, SurveyRow
from lims.surveys.row_fields import differences, kind_named, read
from lims.surveys.service import Entry
from tests.lims.people import logged_in, person
from tests.lims.surveying import SCALE, VISIT, begun, enterprise

# ---- a row as typed ----


def test_a_kind_is_known_by_its_code_and_by_its_name_without_accents() -> None:
    assert [kind_named(text) for text in ("platform_scale", "Cân bàn", "can ban", "Platform scale", "cân voi")] == [
        "platform_scale"] * 4 + [""]


@pytest.mark.parametrize(("typed", "wrong"), [
    ({"kind": ""}, {"kind"}), ({"serial": " "}, {"serial"}), ({"last_on": "31/02/2026"}, {"last_on"}),
    ({"last_service": "verification"}, {"last_on"}), ({"valid_until": "01/02/2027"}, {"last_service"}),
    ({"last_service": "verification", "last_on": "21/11/2026"}, {"last_on"}),
    ({"last_service": "verification", "last_on": "20/11/2026", "valid_until": "19/11/2026"}, {"valid_until"}),
    ({"last_service": "kiểm"}, {"last_service"}), ({"year": "２０２０"}, {"year"}), ({"maker": "a\x00"}, {"maker"}),
    ({"name": "x" * 201}, {"name"})])
def test_what_is_wrong_in_a_row_is_told_at_its_field(typed: dict[str, str], wrong: set[str]) -> None:
    assert set(read(SCALE | typed, VISIT).faults) == wrong


@given(st.dictionaries(st.sampled_from(["kind", "serial", "year", "last_on", "valid_until", "name", "advice"]),
                       st.text(max_size=70)))
def test_whatever_is_typed_a_row_is_read_or_its_faults_are_told(typed: dict[str, str]) -> None:
    reading = read(typed, VISIT)
    assert reading.faults or reading.values["kind"]
    assert all(fault.vi and fault.en for fault in reading.faults.values())


def test_differences_are_those_that_the_survey_tells_and_not_only_their_case() -> None:
    register = {"name": "Cân bàn", "maker": "CAS", "tag": "CB-01"}
    assert differences(register, {"name": "cân  bàn", "maker": "Vibra", "tag": ""}) == {"maker": ["CAS", "Vibra"]}


# ---- a draft ----


def test_an_entry_sent_twice_is_kept_once_and_a_later_one_on_an_old_revision_asks(app_on_both: Any) -> None:
    user = person("reception")
    survey = begun(user, None, SCALE)
    again = service.save(survey.id, [Entry("row-1", 0, SCALE)], user)
    assert [(one.status, one.revision) for one in again] == [("saved", 1)]
    service.save(survey.id, [Entry("row-1", 1, SCALE | {"maker": "Vibra"})], user)
    (asked,) = service.save(survey.id, [Entry("row-1", 1, SCALE | {"maker": "Ohaus"})], user)
    assert (asked.status, asked.revision, asked.theirs["maker"]) == ("conflict", 2, "Vibra")
    assert [row.fields["maker"] for row in service.get(survey.id).rows] == ["Vibra"]


def test_half_a_row_is_kept_and_its_faults_come_back(app: Any, surveyor: User) -> None:
    survey = begun(surveyor)
    answer = logged_in(app, surveyor).post(f"/surveys/{survey.id}/save", json={"entries": [
        {"key": "row-9", "base": 0, "fields": {"serial": "A1", "last_on": "31/0"}}]}).get_json()
    (outcome,) = answer["outcomes"]
    assert outcome["status"] == "saved"
    assert set(outcome["faults"]) == {"kind", "last_on"}


@pytest.mark.parametrize("body", [None, [], {"entries": [1]}, {"entries": [{"key": 1, "base": 0, "fields": {}}]},
                                  {"entries": [{"key": "head", "base": "1", "fields": {}}]}, {"entries": [{}] * 101}])
def test_what_has_not_the_right_shape_is_refused(app: Any, surveyor: User, body: object) -> None:
    survey = begun(surveyor)
    assert logged_in(app, surveyor).post(f"/surveys/{survey.id}/save", json=body).status_code == 422


def test_the_form_of_a_survey_stays_when_a_newer_version_is_published(app: Any, surveyor: User) -> None:
    survey = begun(surveyor)
    survey_forms.publish("Phiếu mới", "", "yes_no | Có nhà kho | Has a store", "Hà")
    assert (service.get(survey.id).form.version, survey_forms.newest().version) == (1, 2)
    with pytest.raises(Invalid, match="Line 2"):
        survey_forms.read_questions("text | a\nmaybe | b")


# ---- the end ----


def test_rows_meet_the_register_by_serial_and_differences_are_taken_over_or_kept(app_on_both: Any) -> None:
    user, owner = person("reception"), enterprise()
    for serial in ("0915077", "H300-552", "CB-900"):
        customers.create_instrument(owner.id, SCALE | {"serial": serial, "place_of_use": "Kho 1"})
    survey = begun(user, owner, SCALE | {"serial": "0915 077", "place_of_use": "Kho 2"},
                   SCALE | {"serial": "h300552", "place_of_use": "Kho 3"}, SCALE | {"serial": "NEW-1"})
    seen = finishing.preview(service.get(survey.id))
    assert [sorted(one.differences) for one in seen.met] == [["place_of_use"], ["place_of_use"], []]
    assert [one.serial for one in seen.unseen] == ["CB-900"]
    finishing.finish(survey.id, keep={seen.met[1].row.id}, out_of_use={seen.unseen[0].id}, user=user)
    rows = session().scalars(sa.select(SurveyRow).order_by(SurveyRow.id)).all()
    assert [row.outcome for row in rows] == ["changed", "kept", "new"]
    told = session().execute(sa.select(Instrument.serial, Instrument.place_of_use, Instrument.in_use).order_by(
        Instrument.id)).all()
    assert [tuple(one) for one in told] == [("0915077", "Kho 2", True), ("H300-552", "Kho 1", True),
                                            ("CB-900", "Kho 1", False), ("NEW-1", "", True)]


def test_what_the_sticker_says_gives_the_instrument_its_due_date_and_the_overdue_a_recommendation(
        app: Any, surveyor: User) -> None:
    survey = begun(surveyor, None,
                   SCALE | {"last_service": "verification", "last_on": "31/03/2026", "last_sticker": "A 1"},
                   SCALE | {"serial": "OLD", "last_service": "verification", "last_on": "01/02/2024"},
                   {"kind": "calliper", "serial": "TC"})
    finishing.finish(survey.id, keep=(), out_of_use=(), user=surveyor)
    assert [row.advice for row in service.get(survey.id).rows] == ["", "verify", ""]
    (found,) = customers.recognise("0915077")
    assert (found.due_on, found.last_sticker) == (date(2027, 3, 31), "A 1")


def test_the_same_serial_twice_or_a_faulty_row_stops_the_end(app: Any, surveyor: User) -> None:
    survey = begun(surveyor, None, SCALE, SCALE | {"serial": "0915-077"})
    with pytest.raises(Invalid, match="1 fields"):
        finishing.finish(survey.id, keep=(), out_of_use=(), user=surveyor)
    assert session().scalar(sa.select(sa.func.count()).select_from(Instrument)) == 0


def test_a_finished_survey_is_changed_by_nobody(app_on_both: Any) -> None:
    user = person("reception")
    survey = begun(user, None, SCALE)
    finishing.finish(survey.id, keep=(), out_of_use=(), user=user)
    with pytest.raises(Conflict):
        service.save(survey.id, [Entry("row-1", 1, SCALE | {"maker": "Vibra"})], user)
    for statement in ("UPDATE survey SET findings = 'x'", "UPDATE survey_row SET advice = 'x'",
                      "DELETE FROM survey_row", "DELETE FROM survey_record", "UPDATE survey_form SET title_vi = 'x'"):
        with pytest.raises(DatabaseError):
            session().execute(sa.text(statement))
        session().rollback()
    kept = session().scalars(sa.select(SurveyRecord)).one()
    assert kept.statement == finishing.record_text(service.get(survey.id))
    assert list(verify(session()).faults) == []


# ---- the beginning ----


def test_two_presses_begin_one_survey_and_another_visit_is_said_to_be_one(app_on_both: Any) -> None:
    user, owner_id, together = person("reception"), enterprise().id, Barrier(3)
    user_id = user.id
    session().rollback()

    def press(_number: int) -> int:
        with app_on_both.app_context():
            by = session().get_one(User, user_id)
            together.wait(30)
            return service.begin(owner_id, VISIT, "Minh", by).id

    with ThreadPoolExecutor(3) as pool:
        begun_ids = set(pool.map(press, range(3)))
    assert len(begun_ids) == 1
    service.save(begun_ids.pop(), [Entry("row-1", 0, SCALE)], user)
    with pytest.raises(Invalid) as refused:
        service.begin(owner_id, VISIT, "Hà", user)
    assert refused.value.field == "customer"
    service.begin(owner_id, VISIT, "Hà", user, anew=True)
    assert session().scalar(sa.select(sa.func.count()).select_from(Survey)) == 2


def test_an_enterprise_is_named_by_words_without_accents_in_any_order_and_lists_find_it(
        app: Any, surveyor: User) -> None:
    owner = enterprise()
    customers.create_customer({"name": "Nhà máy gạo Đông Hà", "address": "Thôn 4"})
    client = logged_in(app, surveyor)
    sent = {"visited_on": "20/11/2026", "team": "Minh"}
    assert client.post("/surveys/new", data=sent | {"customer": "nha may gao"}).status_code == 422
    assert client.post("/surveys/new", data=sent | {"customer": "minh gao binh"}).status_code == 303
    survey = session().scalars(sa.select(Survey)).one()
    assert survey.customer_id == owner.id
    for text in ("minh binh", "gao nha", owner.code, survey.number.lower()):
        assert survey.number in client.get("/surveys", query_string={"q": text}).text
    assert survey.number not in client.get("/surveys?q=dong+ha").text
    assert "Đông Hà" in client.get("/customers?q=ha+dong+gao").text
    service.begin(owner.id, VISIT - timedelta(days=1), "Hà", surveyor, anew=True)
    for query, number in ((listing.found(), 2), (listing.found(each=True), 1), (listing.found(each=True, year=2026), 1),
                          (listing.found(each=True, year=2025), 0)):
        assert listing.number_of(query) == number


def test_a_number_is_not_given_again_after_its_survey_was_discarded(app_on_both: Any) -> None:
    user, owner = person("reception"), enterprise()
    first = service.begin(owner.id, VISIT, "Minh", user)
    assert service.discard(first.id, user) == first.number
    second = service.begin(owner.id, VISIT, "Minh", user)
    third = service.begin(owner.id, VISIT - timedelta(days=1), "Minh", user, anew=True)
    assert len({first.number, second.number, third.number}) == 3


def test_a_draft_is_taken_away_while_nothing_stands_in_it(app: Any, surveyor: User) -> None:
    client, empty, filled = logged_in(app, surveyor), begun(surveyor), None
    assert "Bỏ phiếu trống" in client.get(f"/surveys/{empty.id}").text
    assert client.post(f"/surveys/{empty.id}/discard").status_code == 303
    assert client.get(f"/surveys/{empty.id}").status_code == 404
    filled = begun(surveyor, customers.create_customer({"name": "Chợ", "address": "1"}), SCALE)
    assert "Bỏ phiếu trống" not in client.get(f"/surveys/{filled.id}").text
    assert client.post(f"/surveys/{filled.id}/discard").status_code == 409


def test_what_came_too_late_goes_to_the_draft_of_the_enterprise_or_to_a_new_one(app: Any, surveyor: User) -> None:
    first = begun(surveyor, None, SCALE)
    with pytest.raises(Conflict):
        service.go_on(first.id, surveyor)
    finishing.finish(first.id, keep=(), out_of_use=(), user=surveyor)
    client = logged_in(app, surveyor)
    assert client.get(f"/surveys/{first.id}/fill").headers["Location"].endswith(f"/surveys/{first.id}")
    told = client.post(f"/surveys/{first.id}/go-on").get_json()
    assert told["fresh"]
    assert told["number"] != first.number
    again = client.post(f"/surveys/{first.id}/go-on").get_json()
    assert (again["number"], again["fresh"]) == (told["number"], False)
