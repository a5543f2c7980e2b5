"""The issue through the API: the scope, the person's permission, a fresh password, the result that was read."""
from __future__ import annotations

from typing import Any

import pytest

from lims.issue.models import Certificate
from lims.jobs.models import JobItem
from lims.shared.db import session
from tests.conftest import PASSWORD
from tests.lims import laboratory
from tests.lims.people import person
from tests.lims.programs import Program, faults
from tests.lims.test_api_writing import at_once

SCOPES = ("certificates:issue", "certificates:read", "jobs:read")


class Desk:
    """A head who may approve, and an item whose result waits."""

    def __init__(self, app: Any, *, authorised: bool = True) -> None:
        self.head = laboratory.opened()
        if authorised:
            laboratory.approver(self.head)
        self.item: JobItem = laboratory.waiting()
        self.code = self.item.code
        self.program = Program(app, self.head, *SCOPES)

    def password(self, text: str = PASSWORD) -> Any:
        return self.program.post("/password-checks", {"password": text})

    def body(self) -> dict[str, Any]:
        found = self.program.get(f"/job-items/{self.code}/preflight")
        return {"item": self.code, "digest": found["digest"], "statements": found["statements"]}


@pytest.fixture
def desk(app: Any) -> Desk:
    return Desk(app)


def issued() -> int:
    session().rollback()
    return session().query(Certificate).count()


def test_a_document_is_issued_once_with_a_fresh_password(app_on_both: Any, clock: Any) -> None:
    desk = Desk(app_on_both)
    body = desk.body()
    asked = desk.program.post("/certificates", body, key="k")
    assert asked.status_code == 401
    assert 'insufficient_user_authentication", max_age="300"' in asked.headers["WWW-Authenticate"]
    assert desk.password().json["valid_until"] > clock.instant.isoformat()
    clock.advance(seconds=299)
    answers = at_once(*[lambda: desk.program.send("POST", "/certificates", {"Idempotency-Key": "k"}, json=body)] * 2)
    assert [one.status_code for one in answers] == [201, 201], answers[0].text
    assert answers[0].data == answers[1].data
    assert issued() == 1
    number = answers[0].json["number"]
    assert desk.program.get(answers[0].headers["Location"]) == answers[0].json
    assert desk.program.get(f"/job-items/{desk.code}")["certificate"] == number
    clock.advance(seconds=1)
    assert desk.program.post("/certificates", body, key="k").data == answers[0].data  # asks for nothing new
    assert desk.program.post("/certificates", body, key="other").status_code == 401
    desk.password()
    assert desk.program.post("/certificates", body, key="other").status_code == 409
    assert issued() == 1


def test_a_wrong_password_counts_as_a_guess_at_the_login(desk: Desk) -> None:
    for _attempt in range(5):
        wrong = desk.password("wrong")
        assert (wrong.status_code, list(faults(wrong))) == (403, ["#/password"])
    assert desk.password().status_code == 429
    assert desk.program.post("/certificates", desk.body()).status_code == 401


def test_another_token_of_the_same_person_needs_a_check_of_its_own(desk: Desk, app: Any) -> None:
    desk.password()
    other = Program(app, desk.head, *SCOPES)
    assert other.post("/certificates", desk.body()).status_code == 401


def test_what_is_signed_is_what_was_read(desk: Desk) -> None:
    desk.password()
    body = desk.body()
    for change in ({"digest": "0" * 64}, {"statements": "7"}):
        assert desk.program.post("/certificates", body | change).status_code == 409, change
    for change, place in (({"item": "26-9/01"}, "#/item"), ({"digest": ""}, "#/digest")):
        assert list(faults(desk.program.post("/certificates", body | change))) == [place]
    assert issued() == 0


def test_what_the_preflight_stops_is_told_and_not_issued(app: Any) -> None:
    desk = Desk(app, authorised=False)
    found = desk.program.get(f"/job-items/{desk.code}/preflight")
    stopping = [one["text"] for one in found["findings"] if one["state"] == "stop"]
    assert (found["ready"], bool(stopping)) == (False, True)
    desk.password()
    answer = desk.program.post("/certificates", desk.body())
    assert answer.status_code == 422
    assert [one["detail"] for one in answer.json["errors"]] == stopping
    assert issued() == 0


def test_a_document_is_withdrawn_with_reason_and_fresh_password(desk: Desk, clock: Any) -> None:
    desk.password()
    made = desk.program.post("/certificates", desk.body())
    url, version = made.json["url"], desk.program.read(made.json["url"], "Certificate")["version"]
    assert made.headers["ETag"] == f'"{version}"'
    wanted = {"withdrawn": True, "reason": "cấp nhầm"}
    assert desk.program.patch(url, wanted).status_code == 428
    for wrong, place in (({"withdrawn": True}, "#/reason"), ({"withdrawn": False, "reason": "x"}, "#/withdrawn"),
                         ({"status": "withdrawn"}, "#/status")):
        answer = desk.program.patch(url, wrong, version)
        assert (answer.status_code, list(faults(answer))) == (422, [place])
    clock.advance(seconds=300)
    assert desk.program.patch(url, wanted, version).status_code == 401
    desk.password()
    done = desk.program.patch(url, wanted, version)
    assert (done.status_code, done.json["status"]) == (200, "withdrawn")
    assert desk.program.patch(url, wanted, version).status_code == 412
    assert desk.program.patch(url, wanted, done.json["version"]).status_code == 409


def test_scope_and_permission_are_both_needed(desk: Desk, app: Any) -> None:
    reader = Program(app, desk.head, "certificates:read", "jobs:read")
    technician = Program(app, person("technician", "other"), *SCOPES)
    for program in (reader, technician):
        for method, path in (("POST", "/password-checks"), ("POST", "/certificates"), ("PATCH", "/certificates/1"),
                             ("GET", f"/job-items/{desk.code}/preflight")):
            assert program.ask(method, path, None if method == "GET" else {}).status_code == 403, path
