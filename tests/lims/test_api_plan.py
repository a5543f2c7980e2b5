"""Tasks of the yearly plan are added, changed, overridden with a reason and reported on through the API."""
from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lims.plans import service
from lims.shared.audit import AuditTransaction
from lims.shared.db import session
from tests.lims.people import person
from tests.lims.programs import Program, conforms, faults
from tests.lims.test_plans import planned

WRITE = ("plans:read", "plans:write")
TASK = {"text": "Tập huấn 3 lớp", "mark": "2.4", "starts_on": "2026-01-01", "ends_on": "2026-12-31",
        "planned_amount": "15000000"}


def test_a_task_is_added_changed_counted_overridden_and_called_done(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper).plan_id
    program = Program(app_on_both, keeper, *WRITE)
    made = program.post("/plan-items", {**TASK, "year": 2026})
    assert made.status_code == 201, made.text
    conforms(made.json, {"$ref": "#/components/schemas/PlanItem"})
    assert (made.json["plan"], made.json["position"], made.json["planned_amount"]) == (plan, 20, "15000000")
    address = made.json["url"]
    changed = program.patch(address, {"spent_amount": 9000000, "deliverable": "3 lớp"}, made.json["version"])
    assert (changed.status_code, changed.json["spent_amount"], changed.json["text"], changed.json["position"],
            changed.json["planned_amount"]) == (200, "9000000", TASK["text"], 20, "15000000")
    aimed = program.post(f"{address}/targets", {"title": "Lớp", "comparator": ">=", "quantity": 3, "unit": "lớp"})
    target, = aimed.json["targets"]
    done = program.post(f"{address}/entries", {"on": "2026-11-20", "text": "Lớp 1", "target": target["id"],
                                               "link": "https://bao.example/1"})
    assert (done.status_code, done.json["targets"][0]["value"], len(done.json["entries"])) == (201, "1", 1)
    body = {"target": target["id"], "value": "3", "reason": "hai lớp ghi ở phiếu giấy"}
    over = program.post(f"{address}/overrides", body, key="o-1")
    found, = over.json["targets"]
    assert (found["computed"], found["value"], found["standing"], found["override"]["by_user"]) == (
        "1", "3", "met", "qualitymanager")
    assert program.post(f"{address}/overrides", body, key="o-1").data == over.data
    back = program.post(f"{address}/overrides", {**body, "value": None, "reason": "đã nhập đủ"})
    assert (back.json["targets"][0]["value"], back.json["targets"][0]["override"]) == ("1", None)
    ended = program.patch(address, {"state": "done", "state_reason": "đã nghiệm thu"}, changed.json["version"])
    assert (ended.json["state"], ended.json["state_reason"], ended.json["standing"]) == ("done", "đã nghiệm thu", "met")
    assert program.patch(address, {"mark": "x"}, changed.json["version"]).status_code == 412
    session().rollback()
    acts = [row.action for row in session().query(AuditTransaction).order_by(AuditTransaction.seq)
            if row.action.startswith("plan.")]
    assert acts[2:] == [f"plan.{one}" for one in ("add_item", "change_item", "add_target", "entry", "override",
                                                  "override", "item_done")]


@pytest.mark.parametrize(("path", "body", "at"), [
    ("", {**TASK}, "#/plan"), ("", {**TASK, "year": 2031}, "#/year"), ("", {**TASK, "plan": 2**63}, "#/plan"),
    ("", {**TASK, "plan": 9}, "#/plan"),
    ("", {**TASK, "year": 2026, "text": ""}, "#/text"),
    ("", {**TASK, "year": 2026, "ends_on": "2025-12-31"}, "#/ends_on"),
    ("", {**TASK, "year": 2026, "planned_amount": "0.5"}, "#/planned_amount"),
    ("", {**TASK, "year": "2026"}, "#/year"),
    ("/1/overrides", {"target": 1, "value": 2}, "#/reason"), ("/1/overrides", {"target": 2, "reason": "x"}, "#/target"),
    ("/1/overrides", {"target": 1, "value": -1, "reason": "x"}, "#/value"),
    ("/1/entries", {"on": "2026-11-20", "text": "Lớp", "target": 2}, "#/target"),
    ("/1/entries", {"on": "2027-01-01", "text": "Lớp"}, "#/on"),
    ("/1/targets", {"title": "Lớp", "comparator": "~", "quantity": 3, "unit": "lớp"}, "#/comparator")])
def test_what_is_wrong_is_told_at_its_place(app: Any, path: str, body: dict[str, Any], at: str) -> None:
    keeper = person("quality_manager")
    planned(keeper, ("Bài viết", ">=", 3, ""))
    planned(keeper, ("Bài viết", ">=", 3, ""), year=2025)
    refused = Program(app, keeper, *WRITE).post(f"/plan-items{path}", body)
    assert (refused.status_code, list(faults(refused))) == (422, [at])


def test_a_closed_plan_stays_and_each_needs_the_permission_of_its_page(app: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Bài viết", ">=", 3, ""), planned_amount=Decimal(1))
    for state in ("issued", "closed"):
        service.set_state(item.plan_id, state, by=keeper)
    program = Program(app, keeper, *WRITE)
    version = item.version
    assert program.patch("/plan-items/1", {"mark": "x"}, version).status_code == 409
    assert program.patch("/plan-items/1", {"state": "done"}, version).json["field"] == "state_reason"
    assert program.post("/plan-items/1/overrides", {"target": 1, "value": 2, "reason": "x"}).status_code == 409
    assert program.post("/plan-items/9/targets", {"title": "Lớp", "comparator": ">=", "quantity": 3,
                                                  "unit": "lớp"}).status_code == 404
    worker = Program(app, person("technician"), *WRITE)
    assert worker.post("/plan-items", {**TASK, "year": 2026}).status_code == 403
    assert worker.post("/plan-items/1/overrides", {}).status_code == 403
    assert worker.post("/plan-items/1/entries", {"on": "2026-11-20", "text": "Lớp"}).status_code == 409
