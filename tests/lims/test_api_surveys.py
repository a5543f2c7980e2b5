"""Surveys are begun, filled in and finished through the API."""
from __future__ import annotations

from typing import Any

import pytest

from lims.customers import service as customers
from lims.customers.models import Instrument
from lims.shared.db import session
from lims.surveys.models import Survey
from tests.lims.people import person
from tests.lims.programs import Program, conforms, faults

SCALE = {"kind": "platform_scale", "serial": "0915077", "name": "Cân bàn 150 kg", "maker": "CAS"}
WRITE = ("surveys:read", "surveys:write")


@pytest.fixture
def program(app_on_both: Any) -> Program:
    customers.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3"})
    return Program(app_on_both, person("reception"), *WRITE)


def begun(program: Program, **other: Any) -> Any:
    answer = program.post("/surveys", {"customer": "KH-0001", "visited_on": "2026-11-20", "team": "Minh, Hà", **other})
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_survey_is_begun_filled_in_and_finished(program: Program) -> None:
    draft = begun(program)
    conforms(draft, {"$ref": "#/components/schemas/Survey"})
    address, version = draft["url"], draft["version"]
    question = draft["questions"][0]["key"]
    filled = program.patch(address, {"findings": "Có sổ theo dõi", "answers": {question: "yes"}, "rows": [
        {"key": "row-1", "fields": SCALE}, {"key": "row-2", "fields": {**SCALE, "serial": "2", "year": "20x6"}}]},
        version)
    assert filled.status_code == 200, filled.text
    first, second = filled.json["rows"]
    assert (filled.json["questions"][0]["answer"], filled.json["team"], first["revision"]) == ("yes", "Minh, Hà", 1)
    assert [one["field"] for one in second["faults"]] == ["year"]
    version = filled.json["version"]
    early = program.patch(address, {"state": "finished"}, version)
    assert (early.status_code, list(faults(early))) == (422, ["#/rows/1/fields/year"])
    mended = program.patch(address, {"rows": [{"key": "row-2", "revision": 1, "fields": {"year": "2016"}}]}, version)
    row = mended.json["rows"][1]
    assert (row["revision"], row["fields"]["serial"], row["fields"]["year"], row["faults"]) == (2, "2", "2016", [])
    assert (mended.json["findings"], mended.json["questions"][0]["answer"]) == ("Có sổ theo dõi", "yes")
    lost = program.patch(address, {"findings": "khác", "rows": [
        {"key": "row-2", "revision": 1, "fields": {"year": "2017"}}]}, mended.json["version"])
    assert (lost.status_code, list(faults(lost))) == (409, ["#/rows/0"])
    assert program.get(address)["findings"] == "Có sổ theo dõi"
    gone = program.patch(address, {"rows": [{"key": "row-1", "revision": 1, "removed": True}]}, mended.json["version"])
    assert [one["key"] for one in gone.json["rows"]] == ["row-2"]
    done = program.patch(address, {"state": "finished"}, gone.json["version"])
    assert (done.status_code, done.json["state"], done.json["rows"][0]["outcome"]) == (200, "finished", "new")
    assert program.patch(address, {"findings": "x"}, version).status_code == 412
    assert program.patch(address, {"findings": "x"}, done.json["version"]).status_code == 409
    session().rollback()
    assert [row.serial for row in session().query(Instrument)] == ["2"]


def test_a_second_draft_is_begun_only_where_it_is_meant(program: Program) -> None:
    begun(program)
    again = program.post("/surveys", {"customer": "KH-0001", "visited_on": "2026-11-20", "team": "Minh"})
    assert (again.status_code, list(faults(again))) == (422, ["#/customer"])
    assert begun(program, anew=True)["number"] != "KS26-0001"
    assert session().query(Survey).count() == 2


@pytest.mark.parametrize(("body", "at"), [
    ({"visited_on": "2026-12-31"}, "#/visited_on"), ({"team": ""}, "#/team"),
    ({"answers": {"none": "x"}}, "#/answers/none"), ({"answers": []}, "#/answers"),
    ({"rows": [{"key": "row-1", "fields": {"colour": "red"}}]}, "#/rows/0/fields/colour"),
    ({"rows": [{"fields": SCALE}]}, "#/rows/0/key"), ({"rows": [{"key": "r"}]}, "#/rows/0/key"),
    ({"rows": [{"key": "row-1", "fields": {"note": "x" * 501}}]}, "#/rows/0/fields/note"),
    ({"state": "draft"}, "#/state"), ({"state": "finished", "keep": ["row-9"]}, "#/keep/0"),
    ({"state": "finished", "findings": "x"}, "#/findings")])
def test_what_is_wrong_is_told_at_its_place(app: Any, body: dict[str, Any], at: str) -> None:
    customers.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3"})
    program = Program(app, person("reception"), *WRITE)
    draft = begun(program)
    refused = program.patch(draft["url"], body, draft["version"])
    assert (refused.status_code, list(faults(refused))) == (422, [at])


def test_begun_for_nobody_or_by_somebody_who_may_not_it_is_refused(app: Any) -> None:
    body = {"customer": "KH-0009", "visited_on": "2026-11-20", "team": "Minh"}
    assert list(faults(Program(app, person("reception"), *WRITE).post("/surveys", body))) == ["#/customer"]
    assert Program(app, person("administrator"), *WRITE).post("/surveys", body).status_code == 403
