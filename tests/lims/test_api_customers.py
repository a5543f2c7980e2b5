"""Customers and instruments through the API: lists, filters, what is created and changed."""
from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lims.api.operations import OPERATIONS
from lims.customers import service
from tests.lims.people import person
from tests.lims.programs import Program, faults

DOCS = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
GAUGE = {"kind": "dial_pressure_gauge", "name": "Áp kế", "serial": "A-1", "maker": "WIKA"}


@pytest.fixture
def program(app_on_both: Any) -> Program:
    return Program(app_on_both, person("reception"), "customers:read", "customers:write")


def customer(program: Program, name: str, **other: Any) -> str:
    return str(program.post("/customers", {"name": name, "address": "x", **other}).json["code"])


def codes(program: Program, query: str) -> list[str]:
    return [one["code"] for one in program.listed(f"/customers?{query}", "CustomerPage")]


def test_customers_are_searched_filtered_and_paged(program: Program) -> None:
    made = [customer(program, f"Công ty {at}", sector="food" if at % 2 else "water", active=at != 3) for at in range(4)]
    assert codes(program, "") == made[::-1]
    assert codes(program, "q=cong+ty+2") == [made[2]]
    assert codes(program, "sector=food") == [made[3], made[1]]
    assert codes(program, "active=true&sector=food") == [made[1]]
    assert codes(program, "active=false") == [made[3]]
    for wrong, pointer in (("sector=fodo", "sector"), ("active=1", "active"), ("colour=red", "colour")):
        answer = program.ask("GET", f"/customers?{wrong}")
        assert (answer.status_code, answer.json["field"]) == (422, pointer)
    assert program.read(f"/customers/{made[0].lower()}", "Customer")["code"] == made[0]
    program.get("/customers/KH-9999", 404)


def test_an_instrument_is_created_found_and_changed(program: Program) -> None:
    code = customer(program, "Công ty")
    first = program.post("/instruments", {**GAUGE, "customer": code, "last_service": "verification",
                                          "last_on": "2026-03-02", "valid_until": "2027-03-01"})
    assert first.status_code == 201, first.data
    assert (first.json["due_on"], first.json["state"], first.json["customer"]) == ("2027-03-01", "in_date", code)
    second = program.post("/instruments", {**GAUGE, "customer": code, "serial": "A-2", "in_use": False}).json
    listed = program.listed(f"/instruments?customer={code}", "InstrumentPage")
    assert [one["id"] for one in listed] == [first.json["id"]]
    assert [one["id"] for one in program.get("/instruments?in_use=false")["items"]] == [second["id"]]
    changed = program.patch(first.json["url"], {"serial": "A-3", "last_on": None}, first.json["version"])
    assert (changed.status_code, changed.json["serial"], changed.json["last_on"]) == (200, "A-3", None)
    assert (changed.json["last_service"], changed.json["valid_until"]) == ("verification", "2027-03-01")  # kept
    assert program.read(changed.json["url"], "Instrument") == changed.json
    assert program.get("/instruments?q=a3")["items"] == [changed.json]


def test_rules_of_instruments_are_those_of_the_page(program: Program) -> None:
    code = customer(program, "Công ty")
    known = program.post("/instruments", {**GAUGE, "customer": code}).json
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "serial"), ({"customer": "KH-77"}, "customer"), ({"kind": "none"}, "kind"), ({"year": "26"}, "year"),
        ({"serial": "B", "last_service": "calibration"}, "last_on"), ({"last_on": "02/03/2026"}, "last_on"),
        ({"last_on": "2026-02-30"}, "last_on"), ({"serial": "B", "last_service": "verification",
                                                  "last_on": "2099-01-01"}, "last_on"),
        ({"last_service": "verification", "last_on": "2026-01-01", "last_verdict": "withdrawn"}, "last_verdict")]
    for change, field in wrong:
        answer = program.post("/instruments", {**GAUGE, "customer": code, **change})
        assert (answer.status_code, list(faults(answer))) == (422, [f"#/{field}"]), change
    other = program.post("/instruments", {**GAUGE, "customer": code, "serial": "B"}).json
    clash = program.patch(other["url"], {"serial": known["serial"]}, other["version"])
    assert (clash.status_code, list(faults(clash))) == (422, ["#/serial"])
    assert program.patch(other["url"], {"customer": code}, other["version"]).status_code == 422  # an owner stays
    assert service.instrument(other["id"]).serial == "B"
    for wrong_query in ("month=2026-13", "state=late", "kind=none", "customer=KH-77"):
        program.get(f"/instruments?{wrong_query}", 422)


def test_the_schemas_say_what_a_body_may_hold(program: Program) -> None:
    described = program.get("/openapi.json")
    schemas = described["components"]["schemas"]
    body = schemas["NewInstrument"]
    assert set(body["required"]) == {"kind", "name", "serial", "customer"}
    assert body["properties"]["serial"] == {"type": "string", "maxLength": 60}
    assert "dial_pressure_gauge" in body["properties"]["kind"]["enum"]
    assert body["properties"]["last_on"] == {"type": ["string", "null"], "format": "date"}
    assert "version" not in body["properties"]
    assert "required" not in schemas["CustomerChange"]
    patch = described["paths"]["/customers/{code}"]["patch"]
    assert {one["name"] for one in patch["parameters"]} == {"code", "If-Match"}
    assert {"412", "428", "422"} <= set(patch["responses"])


def test_every_reference_of_the_description_leads_somewhere(program: Program) -> None:
    described = program.get("/openapi.json")
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(described)))
    assert named <= set(described["components"]["schemas"])


@pytest.mark.parametrize("one", [one for one in OPERATIONS if one.method != "get"],
                         ids=lambda one: f"{one.method} {one.path}")
def test_the_manual_has_an_example_of_every_route_that_writes(one: Any) -> None:
    path = re.sub(r"\\{\w+\\}", r"[^\\s?\"]+", re.escape(one.path))
    assert re.search(rf"curl -X {one.method.upper()} \S+/api/v1{path}[ \"]", DOCS), f"{one.method} {one.path}"
