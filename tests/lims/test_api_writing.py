"""Writing through the API: a request sent twice, a change of what somebody else changed, bodies that are refused."""
from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from lims.api import once
from lims.api.models import KeptAnswer
from lims.customers.models import Customer
from lims.shared.audit import AuditTransaction
from lims.shared.db import session
from tests.lims.people import person
from tests.lims.programs import Program, faults

BODY = {"name": "Công ty Nước sạch", "address": "12 Lê Lợi", "tax_code": "0101234567"}
WRITE = ("customers:read", "customers:write")


def customers() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Customer)) or 0


def at_once(*acts: Any) -> list[Any]:
    """What these give, begun at the same moment."""
    barrier, found = Barrier(len(acts)), [None] * len(acts)

    def run(at: int) -> None:
        barrier.wait()
        found[at] = acts[at]()

    threads = [Thread(target=run, args=(at,)) for at in range(len(acts))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


class TestSentTwice:
    def test_a_request_is_done_once_and_answered_alike(self, app_on_both: Any) -> None:
        program = Program(app_on_both, person("reception"), *WRITE)
        first = program.post("/customers", BODY, key="order-1")
        assert (first.status_code, first.headers["ETag"]) == (201, f'"{first.json["version"]}"')
        assert program.patch(first.json["url"], {"note": "changed since"}, first.json["version"]).status_code == 200
        again = program.send("POST", "/customers", {"Idempotency-Key": '"order-1"'},
                             json=dict(reversed(BODY.items())))
        assert (again.status_code, again.data, again.headers["Location"], again.headers["ETag"]) == (
            201, first.data, first.headers["Location"], first.headers["ETag"])
        assert again.headers["Idempotency-Replayed"] == "true"
        assert customers() == 1

    def test_a_key_is_of_one_person_and_one_request(self, app: Any) -> None:
        program = Program(app, person("reception"), *WRITE)
        assert program.post("/customers", BODY, key="k").status_code == 201
        other = program.post("/customers", {**BODY, "tax_code": "0109999999"}, key="k")
        assert (other.status_code, other.json["field"]) == (422, "Idempotency-Key")
        colleague = Program(app, person("reception", "colleague"), *WRITE)
        assert colleague.post("/customers", {**BODY, "tax_code": "0109999999"}, key="k").status_code == 201

    def test_what_was_refused_may_be_sent_again_with_the_same_key(self, app: Any) -> None:
        program = Program(app, person("reception"), *WRITE)
        assert program.post("/customers", {**BODY, "name": ""}, key="k").status_code == 422
        assert program.post("/customers", BODY, key="k").status_code == 201

    @pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": ""}, {"Idempotency-Key": "a" * 201},
                                         {"Idempotency-Key": "khóa"}])
    def test_without_a_key_nothing_is_made(self, app: Any, headers: dict[str, str]) -> None:
        answer = Program(app, person("reception"), *WRITE).send("POST", "/customers", headers, json=BODY)
        assert (answer.status_code, answer.json["field"]) == (400, "Idempotency-Key")
        assert customers() == 0

    def test_of_two_at_once_one_is_done(self, app_on_both: Any) -> None:
        program = Program(app_on_both, person("reception"), *WRITE)
        without_code = {"name": "Cân Hùng", "address": "Chợ Đầm"}  # nothing else would keep the second from being made
        key = {"Idempotency-Key": "twice"}
        answers = at_once(*[lambda: program.send("POST", "/customers", key, json=without_code)] * 4)
        assert [one.status_code for one in answers] == [201] * 4
        assert len({one.data for one in answers}) == 1
        session().rollback()
        assert customers() == 1

    def test_an_answer_is_kept_with_the_row_or_not_at_all(self, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        program = Program(app, person("reception"), *WRITE)
        monkeypatch.setattr("lims.shared.audit.canonical_json", lambda _value: 1 / 0)
        with pytest.raises(ZeroDivisionError):  # the trail fails, after the answer was kept
            program.post("/customers", BODY, key="k")
        monkeypatch.undo()
        session().rollback()
        assert (customers(), session().scalar(sa.select(sa.func.count()).select_from(KeptAnswer))) == (0, 0)
        assert program.post("/customers", BODY, key="k").status_code == 201

    def test_answers_are_forgotten_after_their_days(self, app: Any, clock: Any) -> None:
        program = Program(app, person("reception"), *WRITE)
        program.post("/customers", BODY, key="old")
        clock.instant += timedelta(days=once.KEPT_DAYS, seconds=1)
        assert once.forget_answers() == 1
        assert session().query(KeptAnswer).count() == 0


def made(program: Program, **other: str) -> tuple[str, int]:
    """Address and version of a new customer."""
    answer = program.post("/customers", {**BODY, **other}).json
    return answer["url"], answer["version"]


class TestIfMatch:
    def test_a_change_needs_the_version_that_was_read(self, app: Any) -> None:
        program = Program(app, person("reception"), *WRITE)
        url, version = made(program)
        assert program.ask("GET", url).headers["ETag"] == f'"{version}"'
        assert program.patch(url, {"note": "a"}).status_code == 428
        done = program.patch(url, {"note": "a"}, version)
        assert (done.status_code, done.headers["ETag"], done.json["note"], done.json["name"]) == (
            200, f'"{version + 1}"', "a", BODY["name"])
        stale = program.patch(url, {"note": "b"}, version)
        assert (stale.status_code, stale.json["field"]) == (412, "If-Match")
        assert program.get(url)["note"] == "a"

    @pytest.mark.parametrize(("sent", "status"), [('"%s"', 200), ("*", 200), ('"9", "%s"', 200), ('W/"%s"', 412),
                                                  ("x", 412), ("", 412)])
    def test_the_forms_of_the_header(self, app: Any, sent: str, status: int) -> None:
        program = Program(app, person("reception"), *WRITE)
        url, version = made(program)
        answer = program.send("PATCH", url, {"If-Match": sent.replace("%s", str(version))}, json={"note": "a"})
        assert answer.status_code == status

    def test_of_two_at_once_one_is_told_that_it_read_an_older_version(self, app_on_both: Any) -> None:
        program = Program(app_on_both, person("reception"), *WRITE)
        url, version = made(program)
        read = {"If-Match": f'"{version}"'}
        answers = at_once(*[lambda text=text: program.send("PATCH", url, read, json={"note": text})
                            for text in "abcd"])
        assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]
        session().rollback()
        winner = next(one for one in answers if one.status_code == 200)
        assert program.get(url)["note"] == winner.json["note"]

    def test_a_rule_that_refuses_is_no_stale_version(self, app: Any) -> None:
        program = Program(app, person("reception"), *WRITE)
        program.post("/customers", BODY)
        other, version = made(program, tax_code="0109999999")
        answer = program.patch(other, {"tax_code": BODY["tax_code"]}, version)
        assert (answer.status_code, list(faults(answer))) == (422, ["#/tax_code"])


class TestBodies:
    @pytest.mark.parametrize(("data", "kind", "status", "word"), [
        (b"{", "application/json", 400, "line 1"), (b"\xff", "application/json", 400, "UTF-8"),
        (b'{"name": NaN}', "application/json", 400, "NaN"), (b'{"name": "a", "name": "b"}', "application/json", 400,
                                                             "name"),
        (b"[" * 100_000, "application/json", 400, "JSON"), (b"[]", "application/json", 422, "object"),
        (b"name=a", "application/x-www-form-urlencoded", 415, "application/json"),
        (b'"' + b"a" * 1_000_000 + b'"', "application/json", 413, "1000000")])
    def test_what_is_no_document_is_refused_in_words(self, app: Any, data: bytes, kind: str, status: int,
                                                     word: str) -> None:
        answer = Program(app, person("reception"), *WRITE).send(
            "POST", "/customers", {"Idempotency-Key": "k"}, data=data, content_type=kind)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert word in answer.json["detail"]

    def test_every_fault_is_told_at_its_path_in_the_language_asked_for(self, app: Any) -> None:
        owner = person("reception")
        wrong = {"name": 5, "active": "yes", "colour": "red", "note": ["a"]}
        told = faults(Program(app, owner, *WRITE).post("/customers", wrong))
        assert set(told) == {"#/name", "#/active", "#/colour", "#/note"}
        assert "tax_code" in told["#/colour"]
        wrong = {"name": "", "tax_code": "12", "email": "x", "sector": "none", "phone": "a\u0000"}
        english = faults(Program(app, owner, *WRITE).post("/customers", wrong))
        vietnamese = faults(Program(app, owner, *WRITE, language="vi").post("/customers", wrong))
        assert set(english) == set(vietnamese) == {"#/name", "#/address", "#/tax_code", "#/email", "#/sector",
                                                   "#/phone"}
        assert vietnamese["#/tax_code"] == "Mã số thuế có 10, 12 hoặc 13 chữ số."
        assert english["#/tax_code"] != vietnamese["#/tax_code"]
        assert customers() == 0

    def test_a_pointer_escapes_what_it_must(self, app: Any) -> None:
        assert list(faults(Program(app, person("reception"), *WRITE).post("/customers", {"a/b~": 1}))) == ["#/a~1b~0"]


class TestWho:
    def test_scope_of_the_token_and_permission_of_the_person_are_both_needed(self, app: Any) -> None:
        reception, technician = person("reception"), person("technician")
        assert Program(app, reception, "customers:read").post("/customers", BODY).status_code == 403
        refused = Program(app, technician, *WRITE).post("/customers", BODY)
        assert refused.status_code == 403
        assert "customers.edit" in refused.json["detail"]
        assert customers() == 0

    def test_a_change_stands_in_the_trail_under_the_person_and_the_use_case_of_the_page(self, app: Any) -> None:
        owner = person("reception")
        program = Program(app, owner, *WRITE)
        url, version = made(program)
        program.patch(url, {"note": "a"}, version)
        rows = session().scalars(sa.select(AuditTransaction).order_by(AuditTransaction.seq.desc()).limit(2)).all()
        assert [(row.action, row.actor) for row in rows] == [("customer.change", owner.full_name),
                                                             ("customer.create", owner.full_name)]
