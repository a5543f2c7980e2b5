"""Jobs and items through the API: reception, review of the request, assignment, cancelling, hand-over."""
from __future__ import annotations

from typing import Any

import pytest

from lims.jobs import service
from lims.jobs.models import Job, JobItem
from lims.shared import audit, clock
from lims.shared.db import session
from lims.shared.errors import Conflict
from tests.lims import factories
from tests.lims.counting import statements_of
from tests.lims.people import person
from tests.lims.programs import Program, faults
from tests.lims.test_api_writing import at_once

SCOPES = ("jobs:read", "jobs:write", "customers:read", "customers:write")
METER = {"kind": "multimeter", "name": "Đồng hồ vạn năng", "maker": "Fluke", "model": "117", "procedure": "QT-DI-01"}


@pytest.fixture
def program(app_on_both: Any) -> Program:
    factories.published("multimeter-dc")
    return Program(app_on_both, person("reception"), *SCOPES)


def customer(program: Program) -> str:
    return str(program.post("/customers", {"name": "Nhà máy gạo", "address": "Thôn 3"}).json["code"])


def received(program: Program, *serials: str, **other: Any) -> Any:
    body = {"customer": customer(program), "items": [METER | {"serial": one} for one in serials], **other}
    answer = program.post("/jobs", body)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_several_instruments_come_in_with_one_request_once(program: Program) -> None:
    code = customer(program)
    body = {"customer": code, "promised_on": "2026-12-01", "place": "customer", "delivered_by": "Anh Ba",
            "items": [METER | {"serial": "A1", "accessories": "2 que đo"}, METER | {"serial": "A2"}]}
    first = program.post("/jobs", body, key="night-batch")
    assert program.post("/jobs", body, key="night-batch").data == first.data
    job = program.read(first.headers["Location"], "Job")
    assert job == first.json
    assert (job["number"], job["received_on"], job["promised_on"], job["place"]) == (
        "26-00001", clock.today().isoformat(), "2026-12-01", "customer")
    assert [(one["code"], one["serial"], one["state"]) for one in job["items"]] == [
        ("26-00001/01", "A1", "received"), ("26-00001/02", "A2", "received")]
    assert program.listed("/jobs?q=gao&show=unreviewed", "JobPage")[0]["states"] == {"received": 2}
    item = program.read(job["items"][0]["url"], "JobItem")
    assert item["accessories"] == "2 que đo"
    assert [(one["code"], one["kinds"]) for one in program.listed("/procedures", "ProcedurePage")] == [
        ("QT-DI-01", ["multimeter"])]
    again = program.post("/jobs", {"customer": code, "items": [
        {"instrument": item["instrument"], "procedure": "QT-DI-01"}]}).json
    assert again["items"][0]["instrument"] == item["instrument"]  # a known one needs no particulars


def test_a_new_customer_comes_in_with_the_instruments(program: Program) -> None:
    body = {"new_customer": {"name": "Cân Hùng", "address": "Chợ Đầm", "tax_code": "0101234567"},
            "items": [METER | {"serial": "A1"}]}
    job = program.post("/jobs", body).json
    assert program.get(f"/customers/{job['customer']}")["tax_code"] == "0101234567"
    known = program.post("/jobs", {**body, "items": [METER | {"serial": "A2"}]})
    assert (known.status_code, list(faults(known))) == (422, ["#/new_customer/tax_code"])
    assert session().query(Job).count() == 1


def test_every_refusal_of_a_reception_stands_at_its_value(program: Program) -> None:
    code = customer(program)
    known = received(program, "K1")["items"][0]
    good = METER | {"serial": "A1"}
    wrong: list[tuple[dict[str, Any], set[str]]] = [
        ({"customer": "KH-99"}, {"customer"}), ({"customer": ""}, {"customer"}), ({"items": []}, {"items"}),
        ({"new_customer": {"name": "x", "address": "y"}}, {"new_customer"}),
        ({"customer": "", "new_customer": {"name": "x"}}, {"new_customer/address"}),
        ({"received_on": "2099-01-01"}, {"received_on"}), ({"promised_on": "2020-01-01"}, {"promised_on"}),
        ({"place": "moon"}, {"place"}), ({"items": [good, good]}, {"items/1/serial"}),
        ({"items": [{"procedure": "QT-DI-01"}]}, {"items/0/kind", "items/0/name", "items/0/serial"}),
        ({"items": [good, good | {"serial": "B", "procedure": "QT-X"}]}, {"items/1/procedure"}),
        ({"items": [good | {"kind": "weight"}]}, {"items/0/procedure"}), ({"items": ["A1"]}, {"items/0"}),
        ({"items": [good | {"colour": "red"}]}, {"items/0/colour"}),
        ({"items": [{"instrument": known["instrument"], "procedure": "QT-DI-01"}]}, {"items/0/instrument"})]
    before = session().query(Job).count()
    for change, places in wrong:
        answer = program.post("/jobs", {"customer": code, "items": [good], **change})
        assert (answer.status_code, set(faults(answer))) == (422, {f"#/{place}" for place in places}), change
    assert session().query(Job).count() == before


def test_the_request_is_reviewed_and_what_is_not_said_stays(program: Program) -> None:
    job = received(program, "A1", "A2")
    one, other = (item["code"] for item in job["items"])
    answer = program.post(f"/jobs/{job['number']}/review", {"note": "đã trao đổi", "items": [
        {"item": one, "decision_rule": "simple", "interval_agreed_months": 12}]}, version=job["version"])
    assert answer.status_code == 200, answer.text
    assert answer.json["reviewed_by"] == answer.json["received_by"]
    agreed = {item["code"]: (item["decision_rule"], item["interval_agreed_months"]) for item in answer.json["items"]}
    assert agreed[one] == ("simple", 12)
    assert agreed[other] == (job["items"][1]["decision_rule"], None)
    stale = program.post(f"/jobs/{job['number']}/review", {}, version=job["version"])
    assert stale.status_code == 412
    for items, place in (([{"item": "26-9/01"}], "items/0/item"), ([{"item": one, "decision_rule": "mine"}],
                                                                 "items/0/decision_rule"),
                         ([{"item": one, "interval_agreed_months": 0}], "items/0/interval_agreed_months")):
        wrong = program.post(f"/jobs/{job['number']}/review", {"items": items}, version=answer.json["version"])
        assert (wrong.status_code, list(faults(wrong))) == (422, [f"#/{place}"])


def test_a_job_changes_by_its_version(program: Program) -> None:
    job = received(program, "A1", note="cẩn thận")
    done = program.patch(job["url"], {"promised_on": "2026-12-24"}, job["version"])
    assert (done.json["promised_on"], done.json["note"]) == ("2026-12-24", "cẩn thận")
    assert program.patch(job["url"], {"note": ""}, job["version"]).status_code == 412
    early = program.patch(job["url"], {"promised_on": "2026-01-01"}, done.json["version"])
    assert (early.status_code, list(faults(early))) == (422, ["#/promised_on"])
    assert [one.action for one in session().query(audit.AuditTransaction).order_by(
        audit.AuditTransaction.seq.desc()).limit(1)] == ["job.change"]


def test_of_two_who_change_a_job_or_an_item_at_once_one_is_told(program: Program) -> None:
    job = received(program, "A1")
    item, read = job["items"][0], {"If-Match": f'"{job["version"]}"'}
    answers = at_once(*[lambda text=text: program.send("PATCH", job["url"], read, json={"note": text})
                        for text in "abc"])
    assert sorted(one.status_code for one in answers) == [200, 412, 412]
    session().rollback()
    service.change_job(session().query(Job).one().id, promised_on=None, delivered_by="", note="")
    for act in (lambda: service.change_job(1, promised_on=None, delivered_by="", note="x", version=job["version"]),
                lambda: service.review_request(1, rules={}, intervals={}, note="", user=person("head"),
                                               version=job["version"]),
                lambda: service.cancel(1, "x", item["version"] + 1), lambda: service.hand_over([1], "x", 9),
                lambda: service.assign([1], 1, 9)):
        with pytest.raises(Conflict, match="Somebody else"):
            act()


def test_an_item_is_assigned_to_somebody_authorised(program: Program) -> None:
    performer, stranger = factories.technician(), person("technician", "other")
    job = received(program, "A1")
    item = job["items"][0]
    early = program.patch(item["url"], {"assigned_to": performer.username}, item["version"])
    assert early.status_code == 409  # the request was not reviewed
    program.post(f"/jobs/{job['number']}/review", {}, version=job["version"])
    for nobody in (stranger.username, "none", ""):
        wrong = program.patch(item["url"], {"assigned_to": nobody}, program.get(item["url"])["version"])
        assert (wrong.status_code, list(faults(wrong))) == (422, ["#/assigned_to"]), nobody
    item = program.get(item["url"])
    done = program.patch(item["url"], {"assigned_to": performer.username}, item["version"])
    assert (done.json["state"], done.json["assigned_to_user"]) == ("assigned", performer.username)
    assert program.patch(item["url"], {"assigned_to": performer.username}, item["version"]).status_code == 412
    assert [one["code"] for one in program.listed(f"/job-items?assigned_to={performer.username}", "JobItemPage")] == [
        item["code"]]
    assert program.get("/job-items?state=received")["items"] == []
    assert program.get(f"/job-items?q={item['code'][:8]}&job={job['number']}&procedure=QT-DI-01")["items"] != []


def test_an_item_is_cancelled_with_a_reason_and_handed_over_once_issued(program: Program) -> None:
    job = received(program, "A1", "A2")
    first, second = job["items"]
    assert program.post(f"{first['url']}/cancel", {}, version=first["version"]).status_code == 422
    gone = program.post(f"{first['url']}/cancel", {"reason": "khách lấy về"}, version=first["version"])
    assert gone.json["state"] == "cancelled"
    assert program.post(f"{second['url']}/hand-over", {"to": "Ba"}, version=second["version"]).status_code == 409


def test_permissions_are_those_of_the_pages(app: Any) -> None:
    factories.published("multimeter-dc")
    reception = Program(app, person("reception"), *SCOPES)
    job = received(reception, "A1")
    technician = Program(app, person("technician", "nobody"), *SCOPES)
    for method, path in (("POST", "/jobs"), ("PATCH", job["url"]), ("POST", job["url"] + "/review"),
                         ("PATCH", job["items"][0]["url"]), ("POST", job["items"][0]["url"] + "/cancel"),
                         ("POST", job["items"][0]["url"] + "/hand-over")):
        assert technician.ask(method, path, {}).status_code == 403, path
    assert technician.get(job["url"])["number"] == job["number"]


def test_a_list_of_items_asks_as_often_for_many_as_for_few(app: Any) -> None:
    factories.published("multimeter-dc")
    program = Program(app, person("reception"), *SCOPES)
    received(program, "A1")
    program.get("/job-items")
    few = statements_of(lambda: program.get("/job-items"))
    received(program, *[f"B{at}" for at in range(12)])
    assert statements_of(lambda: program.get("/job-items")) == few
    assert session().query(JobItem).count() == 13
