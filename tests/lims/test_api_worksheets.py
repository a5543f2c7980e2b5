"""Worksheets through the API: begun once, readings as typed with the questions of the page, standards, submission."""
from __future__ import annotations

import hashlib
from typing import Any

import pytest

from lims.auth.models import User
from lims.jobs.models import Observation, Worksheet
from lims.shared.audit import canonical_json
from lims.shared.db import session
from tests.lims import factories
from tests.lims.factories import MULTIMETER
from tests.lims.people import person
from tests.lims.programs import Program, faults
from tests.lims.test_api_writing import at_once

SCOPES = ("worksheets:read", "worksheets:write", "jobs:read")
READING = "main/1/ind/1"


class Desk:
    """A technician's program and an item assigned to that person."""

    def __init__(self, app: Any) -> None:
        self.user: User = factories.technician()
        self.program = Program(app, self.user, *SCOPES)
        self.code = factories.item(MULTIMETER, self.user).code
        self.sheet = f"/worksheets/{self.code}"

    def begin(self) -> Any:
        answer = self.program.post("/worksheets", {"item": self.code})
        assert answer.status_code == 201, answer.text
        return answer

    def write(self, cell: str, text: object, base: object = 0, **other: Any) -> Any:
        return self.program.post(f"{self.sheet}/cells", {"cells": [
            {"cell": cell, "text": text, "base_revision": base, **other}]})

    def version(self) -> str:
        return str(self.program.get(self.sheet)["version"])

    def stands(self, cell: str) -> str:
        return str(next(one["text"] for one in self.program.get(self.sheet)["cells"] if one["cell"] == cell))


@pytest.fixture
def desk(app: Any) -> Desk:
    return Desk(app)


def test_a_sheet_is_begun_filled_and_submitted_by_a_program(app_on_both: Any) -> None:
    desk = Desk(app_on_both)
    standard = factories.standard(MULTIMETER)
    assert desk.program.get(desk.sheet, 404)["detail"]
    sheet = desk.program.read(desk.begin().headers["Location"], "Worksheet")
    assert (sheet["item"], sheet["state"], sheet["open"]) == (desk.code, "measuring", True)
    assert {READING, "check/external", "env/temperature/start", "field/resolution"} <= {
        one["cell"] for one in sheet["cells"]}
    cells = [{"cell": cell, "text": text, "base_revision": 0} for cell, text in MULTIMETER.cells.items()]
    written = desk.program.post(f"{desk.sheet}/cells", {"cells": cells})
    assert written.status_code == 200, written.text
    assert {one["status"] for one in written.json["outcomes"]} == {"saved"}
    row = session().query(Observation).filter_by(cell=READING).one()
    assert (row.text, row.source, row.by_id) == ("100,1", "api", desk.user.id)
    early = desk.program.post(f"{desk.sheet}/submit", {}, version=written.json["version"])
    assert early.status_code == 422  # no standard yet
    assert early.json["errors"]
    assert all("pointer" not in one for one in early.json["errors"])
    chosen = desk.program.post(f"{desk.sheet}/standards", {"standard": standard.asset_number},
                               version=desk.version()).json
    assert [one["standard"] for slot in chosen["standards"] for one in slot["chosen"]] == [standard.asset_number]
    assert chosen["evaluation"]["rows"][0]["U_text"] == "0.05"  # EA-4/02 S9
    done = desk.program.post(f"{desk.sheet}/submit", {}, version=chosen["version"])
    assert done.status_code == 200, done.text
    assert (done.json["state"], done.json["open"]) == ("submitted", False)
    result, = desk.program.listed(f"{desk.sheet}/results", "ResultPage")
    assert hashlib.sha256(canonical_json(result["evaluation"]).encode()).hexdigest() == result["digest"]
    assert len(desk.program.listed(f"{desk.sheet}/history", "EntryPage")) == len(cells)
    assert [one["item"] for one in desk.program.listed("/worksheets?state=submitted", "WorksheetPage")] == [desk.code]
    assert desk.write("main/1/ind/1", "100,2", 1, reason="sửa").status_code == 409  # it is not open any more


def test_a_sheet_is_begun_once(app_on_both: Any) -> None:
    desk = Desk(app_on_both)
    answers = at_once(*[lambda key=key: desk.program.send("POST", "/worksheets", {"Idempotency-Key": key}, json={
        "item": desk.code}) for key in ("a", "a", "b")])
    assert sorted(one.status_code for one in answers) in ([201, 201, 409], [201, 409, 409])
    session().rollback()
    assert session().query(Worksheet).count() == 1
    assert desk.program.post("/worksheets", {"item": "26-99999/01"}).json["field"] == "item"


class TestReadings:
    def test_readings_are_strings_and_stand_as_typed(self, desk: Desk) -> None:
        desk.begin()
        wrong = desk.write(READING, 100.1)
        assert list(faults(wrong)) == ["#/cells/0/text"]
        assert "string" in wrong.json["detail"]
        assert desk.write(READING, "100,10").json["outcomes"][0]["now"]["text"] == "100,10"
        assert desk.stands(READING) == "100,10"

    @pytest.mark.parametrize(("body", "pointers"), [
        ({}, {"#/cells"}), ({"cells": []}, {"#/cells"}), ({"cells": [1]}, {"#/cells/0"}),
        ({"cells": [{"text": "1"}]}, {"#/cells/0/base_revision"}),
        ({"cells": [{"text": "1", "base_revision": 0}]}, {"#/cells/0/cell"}),
        ({"cells": [{"cell": READING, "text": "1", "base_revision": -1}]}, {"#/cells/0/base_revision"}),
        ({"cells": [{"cell": READING, "text": "1", "base_revision": 0, "source": "undo"}]}, {"#/cells/0/source"}),
        ({"cells": [{"cell": READING, "text": "1", "base_revision": 0, "confirmed": "yes"}], "dot_means": "x"},
         {"#/dot_means", "#/cells/0/confirmed"})])
    def test_a_body_of_another_shape_is_refused_at_its_place(self, desk: Desk, body: Any, pointers: set[str]) -> None:
        desk.begin()
        answer = desk.program.post(f"{desk.sheet}/cells", body)
        assert (answer.status_code, set(faults(answer))) == (422, pointers)

    def test_the_questions_of_the_page_are_asked(self, desk: Desk) -> None:
        desk.begin()
        far = desk.write(READING, "10,01")
        assert (far.status_code, far.json["outcomes"][0]["status"]) == (422, "guard")
        assert list(faults(far)) == ["#/cells/0/text"]
        assert desk.write(READING, "10,01", confirmed=True).json["outcomes"][0]["status"] == "guard"  # and a reason
        assert desk.write(READING, "1OO").json["outcomes"][0]["status"] == "refused"
        assert desk.write("main/9/ind/1", "1").json["outcomes"][0]["code"] == "unknown_cell"
        dotted = desk.write("env/temperature/start", "20.400")
        assert dotted.json["outcomes"][0]["status"] == "ambiguous"
        assert dotted.json["outcomes"][0]["candidates"] == {"decimal": "20.400", "group": "20400"}
        assert desk.stands(READING) == ""
        assert desk.write(READING, "100,1").status_code == 200
        assert desk.write(READING, "100,1").status_code == 200  # the answer was lost, and it came again
        other = desk.write(READING, "100,2")
        assert (other.status_code, other.json["outcomes"][0]["status"]) == (409, "conflict")
        assert other.json["outcomes"][0]["now"]["text"] == "100,1"
        assert desk.write(READING, "100,2", 1).json["outcomes"][0]["status"] == "reason"
        assert desk.write(READING, "100,2", 1, reason="đọc nhầm").status_code == 200

    def test_what_is_saved_beside_a_question_stands(self, desk: Desk) -> None:
        desk.begin()
        answer = desk.program.post(f"{desk.sheet}/cells", {"dot_means": "decimal", "cells": [
            {"cell": "env/temperature/start", "text": "20.400", "base_revision": 0},
            {"cell": READING, "text": "10,01", "base_revision": 0}]})
        assert [one["status"] for one in answer.json["outcomes"]] == ["saved", "guard"]
        assert (answer.status_code, list(faults(answer))) == (422, ["#/cells/1/text"])
        assert answer.json["detail"].startswith("1 of 2")
        assert desk.stands("env/temperature/start") == "20.400"

    def test_of_two_who_write_one_cell_one_is_told(self, app_on_both: Any) -> None:
        desk = Desk(app_on_both)
        desk.begin()
        bodies = [{"cells": [{"cell": READING, "text": text, "base_revision": 0}]} for text in ("100,1", "100,2")]
        answers = at_once(*[lambda body=body: desk.program.send("POST", f"{desk.sheet}/cells", {}, json=body)
                            for body in bodies])
        assert sorted(one.status_code for one in answers) == [200, 409]
        session().rollback()
        assert session().query(Observation).filter_by(cell=READING).count() == 1


class TestIfMatch:
    def test_a_reading_makes_what_was_read_before_stale(self, desk: Desk) -> None:
        desk.begin()
        before = desk.version()
        written = desk.write(READING, "100,1")
        assert written.headers["ETag"] == f'"{desk.version()}"' != f'"{before}"'
        for path, body in (("/submit", {}), ("/standards", {"standard": "CH-1"}), ("/look", {})):
            assert desk.program.post(desk.sheet + path, body, version=before).status_code == 412, path
            assert desk.program.post(desk.sheet + path, body).status_code == 428, path
        assert desk.program.patch(desk.sheet, {"deviation": "x"}, before).status_code == 412
        done = desk.program.patch(desk.sheet, {"deviation": "đo ngoài trời"}, desk.version())
        assert (done.status_code, done.json["deviation"]) == (200, "đo ngoài trời")
        late = desk.program.patch(desk.sheet, {"performed_on": "2099-01-01"}, desk.version())
        assert (late.status_code, list(faults(late))) == (422, ["#/performed_on"])

    def test_a_standard_comes_and_goes(self, desk: Desk) -> None:
        standard = factories.standard(MULTIMETER)
        desk.begin()
        for body in ({"standard": "none"}, {"standard": standard.asset_number, "slot": "none"}):
            wrong = desk.program.post(f"{desk.sheet}/standards", body, version=desk.version())
            assert list(faults(wrong)) == ["#/standard"], body
        asked = {"standard": standard.asset_number, "slot": MULTIMETER.slot}
        assert desk.program.post(f"{desk.sheet}/standards", asked, version=desk.version()).status_code == 200
        gone = desk.program.post(f"{desk.sheet}/standards/remove", asked, version=desk.version())
        assert [slot["chosen"] for slot in gone.json["standards"]] == [[]]
        again = desk.program.post(f"{desk.sheet}/standards/remove", asked, version=desk.version())
        assert (again.status_code, list(faults(again))) == (422, ["#/standard"])


def test_who_is_not_authorised_writes_nothing(desk: Desk, app: Any) -> None:
    desk.begin()
    stranger = Program(app, person("technician", "stranger"), *SCOPES)
    body = {"cells": [{"cell": READING, "text": "100,1", "base_revision": 0}]}
    assert stranger.post(f"{desk.sheet}/cells", body).status_code == 403
    reception = Program(app, person("reception", "desk"), *SCOPES)
    assert "jobs.measure" in reception.post(f"{desk.sheet}/cells", body).json["detail"]
    reader = Program(app, desk.user, "worksheets:read")
    assert reader.post(f"{desk.sheet}/cells", body).status_code == 403
    assert reader.get(desk.sheet)["item"] == desk.code
    assert session().query(Observation).count() == 0
