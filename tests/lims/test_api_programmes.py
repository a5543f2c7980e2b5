"""Measurement-assurance programmes are drafted, written, filled with measurements and actions, and followed up."""
from __future__ import annotations

from typing import Any

import pytest

from lims.programmes import issuing, service
from lims.shared.audit import AuditTransaction
from lims.shared.db import session
from tests.lims import factories, laboratory
from tests.lims.people import person
from tests.lims.programs import Program, conforms, faults
from tests.lims.test_programmes import ready

WRITE = ("programmes:read", "programmes:write")
DRAFT = {"title": "Chương trình 2026–2028", "first_on": "2026-06-01", "last_on": "2028-05-31"}
MEASURED = {"what": "Áp suất hơi", "unit": "bar", "lower": "7.500", "upper": 8.5, "expanded": "0.5", "source": "GCN"}
ACTION = {"text": "Hiệu chuẩn lần đầu", "kind": "verification", "owner": "Bình", "due_on": "2026-12-20"}


def test_a_programme_is_drafted_and_filled(app_on_both: Any) -> None:
    head = laboratory.opened()
    gauge = factories.instrument(factories.GAUGE)
    program = Program(app_on_both, head, *WRITE)
    made = program.post("/programmes", {**DRAFT, "customer": gauge.customer.code})
    assert made.status_code == 201, made.text
    conforms(made.json, {"$ref": "#/components/schemas/Programme"})
    assert (made.json["state"], made.json["wanted_ratio"], len(made.json["parts"]) > 5) == ("draft", "4", True)
    address, version = made.json["url"], made.json["version"]
    changed = program.patch(address, {"basis": "Đặt hàng của Sở", "wanted_ratio": 3}, version)
    assert (changed.status_code, changed.json["basis"], changed.json["wanted_ratio"], changed.json["title"]) == (
        200, "Đặt hàng của Sở", "3", DRAFT["title"])
    assert program.patch(address, {"basis": "x"}, version).status_code == 412
    measured = program.post(f"{address}/measurements", {**MEASURED, "instrument": gauge.id})
    assert (measured.status_code, measured.json["lower"], measured.json["ratio"]) == (201, "7.500", 1.0)
    assert measured.json["gaps"] == ["never_checked", "small_ratio"]
    better = program.patch(measured.json["url"], {"expanded": "0.05"}, measured.json["version"])
    assert (better.json["ratio"], better.json["instrument"], better.json["factor"]) == (10.0, gauge.id, "2")
    assert program.patch(measured.json["url"], {"expanded": "1"}, measured.json["version"]).status_code == 412
    section = next(one for one in made.json["parts"] if one["kind"] == "section")
    topic = next(one for one in made.json["parts"] if one["kind"] == "topic")
    assert program.patch(section["url"], {"body": "viết"}, section["version"]).json["body"] == "viết"
    assert list(faults(program.patch(section["url"], {"gap": "x"}, section["version"] + 1))) == ["#/gap"]
    assert program.patch(topic["url"], {"gap": "thiếu sổ"}, topic["version"]).json["gap"] == "thiếu sổ"
    acted = program.post(f"{address}/actions", {**ACTION, "part": topic["id"]})
    assert (acted.status_code, acted.json["part"], acted.json["state"]) == (201, topic["id"], "open")
    later = program.patch(acted.json["url"], {"cost": 2000000}, acted.json["version"])
    assert (later.json["cost"], later.json["part"], later.json["due_on"]) == ("2000000", topic["id"], "2026-12-20")
    group = program.post(f"{address}/experts", {"name": "An", "role": "leader"})
    assert [one["name"] for one in group.json["experts"]] == ["An"]
    whole = program.read(address, "Programme")
    assert ([one["version"] for one in whole["measurements"]], len(whole["actions"])) == ([2], 1)
    for kind, one in (("Part", section), ("Measurement", measured.json), ("Action", acted.json)):
        program.read(one["url"], f"Programme{kind}")
    session().rollback()
    acts = [row.action for row in session().query(AuditTransaction).order_by(AuditTransaction.seq)
            if row.action.startswith("programme.")]
    assert acts == [f"programme.{one}" for one in (
        "create", "change", "measurement", "measurement", "part", "part", "action", "action", "expert")]


def test_of_an_issued_programme_only_what_came_of_its_actions_is_written(app: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    issuing.issue(row.id, version=row.version, by=head)
    program = Program(app, head, *WRITE)
    read = program.read(f"/programmes/{row.id}", "Programme")
    part, action = read["parts"][0], read["actions"][0]
    assert program.patch(part["url"], {"body": "khác"}, part["version"]).status_code == 409
    assert program.patch(read["url"], {"basis": "khác"}, read["version"]).status_code == 409
    assert program.post(f"{read['url']}/actions", ACTION).status_code == 409
    early = program.patch(action["url"], {"state": "done"}, action["version"])
    assert (early.status_code, list(faults(early))) == (422, ["#/done_on"])
    assert list(faults(program.patch(action["url"], {"owner": "x"}, action["version"]))) == ["#/owner"]
    done = program.patch(action["url"], {"state": "done", "done_on": "2026-11-20", "result": "đã hiệu chuẩn"},
                         action["version"])
    assert (done.status_code, done.json["state"], done.json["result"]) == (200, "done", "đã hiệu chuẩn")


@pytest.mark.parametrize(("path", "body", "at"), [
    ("", {**DRAFT, "customer": "KH-9999"}, "#/customer"), ("", DRAFT, "#/customer"),
    ("", {**DRAFT, "customer": "KH-0001", "last_on": "2026-12-31"}, "#/last_on"),
    ("", {**DRAFT, "customer": "KH-0001", "wanted_ratio": 40}, "#/wanted_ratio"),
    ("", {**DRAFT, "customer": "KH-0001", "customer_id": "1"}, "#/customer_id"),
    ("/1/measurements", {**MEASURED, "upper": "7"}, "#/upper"),
    ("/1/measurements", {**MEASURED, "expanded": "-1"}, "#/expanded"),
    ("/1/measurements", {**MEASURED, "instrument": 999}, "#/instrument"),
    ("/1/actions", {**ACTION, "due_on": "2030-01-01"}, "#/due_on"), ("/1/actions", {**ACTION, "part": 999}, "#/part"),
    ("/1/actions", {**ACTION, "kind": "none"}, "#/kind"), ("/1/experts", {"name": "An", "role": "x"}, "#/role")])
def test_what_is_wrong_is_told_at_its_place(app: Any, path: str, body: dict[str, Any], at: str) -> None:
    head = laboratory.opened()
    gauge = factories.instrument(factories.GAUGE)
    program = Program(app, head, *WRITE)
    assert program.post("/programmes", {**DRAFT, "customer": gauge.customer.code}).status_code == 201
    refused = program.post(f"/programmes{path}", body)
    assert (refused.status_code, list(faults(refused))) == (422, [at])


def test_who_may_not_draft_and_what_is_not_there(app: Any) -> None:
    keeper = person("quality_manager")
    assert Program(app, person("technician"), *WRITE).post("/programmes", DRAFT).status_code == 403
    program = Program(app, keeper, *WRITE)
    for path, body in (("measurements", MEASURED), ("actions", ACTION), ("experts", {"name": "An", "role": "member"})):
        assert program.post(f"/programmes/9/{path}", body).status_code == 404
    assert program.patch("/programmes/parts/9", {"body": "x"}, 1).status_code == 404
    assert service.programmes() == []
