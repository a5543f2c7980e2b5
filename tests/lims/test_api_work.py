"""The API lists and reads surveys, measurement-assurance programmes and tasks of the yearly plan."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from lims.auth.service import user
from lims.customers import service as customers
from lims.plans import doings
from lims.plans import service as plans
from lims.programmes import issuing
from lims.programmes import service as programmes
from lims.surveys import finishing
from lims.surveys import service as surveys
from lims.surveys.service import Entry
from tests.lims import laboratory
from tests.lims.counting import statements_of
from tests.lims.people import person
from tests.lims.programs import Program
from tests.lims.test_plans import planned
from tests.lims.test_programmes import ready

SCALE = {"kind": "platform_scale", "serial": "0915077", "name": "Cân bàn 150 kg", "maker": "CAS"}


def test_surveys_are_found_and_tell_what_is_wrong_in_their_rows(app_on_both: Any) -> None:
    by = person("reception")
    mill, other = (customers.create_customer({"name": name, "address": "Thôn 3"})
                   for name in ("Nhà máy gạo Bình Minh", "Chợ Đông"))
    done = surveys.begin(mill.id, date(2026, 11, 20), "Minh, Hà", by)
    surveys.save(done.id, [Entry("row-1", 0, SCALE)], by)
    finishing.finish(done.id, keep=(), out_of_use=(), user=by)
    draft = surveys.begin(other.id, date(2025, 1, 2), "Minh", by)
    surveys.save(draft.id, [Entry("row-1", 0, {**SCALE, "year": "20x6"})], by)
    program = Program(app_on_both, by, "surveys:read")

    def numbers(asked: str) -> list[str]:
        return [one["number"] for one in program.listed(f"/surveys{asked}", "SurveyPage")]

    assert numbers("") == [draft.number, done.number]
    assert numbers("?q=binh minh") == numbers("?year=2026") == numbers("?state=finished") == [done.number]
    assert numbers(f"?customer={mill.code.lower()}") == [done.number]
    assert numbers("?state=draft") == [draft.number]
    for wrong in ("year=26", "customer=KH-9999", "state=open"):
        assert program.get(f"/surveys?{wrong}", 422)["field"] == wrong.split("=")[0]
    kept = program.read(f"/surveys/{done.number.lower()}", "Survey")
    assert (kept["rows"][0]["outcome"], len(kept["record_sha256"]), kept["row_count"]) == ("new", 64, 1)
    row, = program.read(f"/surveys/{draft.number}", "Survey")["rows"]
    assert (row["fields"]["year"], row["revision"]) == ("20x6", 1)
    assert [(one["field"], one["detail"]) for one in row["faults"]] == [("year", "A year has four digits.")]
    assert program.get("/surveys/none", 404)["status"] == 404


def test_programmes_tell_their_gaps_of_today_and_their_documents(app_on_both: Any) -> None:
    head = laboratory.opened()
    issued = ready(head)
    number = issuing.issue(issued.id, version=issued.version, by=head).number
    draft = programmes.create({"customer_id": issued.customer_id, "title": "Đợt hai", "first_on": date(2028, 6, 1),
                               "last_on": date(2030, 5, 31), "basis": "", "wanted_ratio": Decimal(4)}, by=head)
    program = Program(app_on_both, head, "programmes:read")

    def ids(asked: str) -> list[int]:
        return [one["id"] for one in program.listed(f"/programmes{asked}", "ProgrammePage")]

    assert ids(f"?customer={issued.customer.code}") == ids("") == [draft.id, issued.id]
    assert ids("?state=draft") == ids("?q=ĐỢT hai") == [draft.id]
    assert ids("?q=none") == []
    assert program.get("/programmes?state=open", 422)["field"] == "state"
    read = program.read(f"/programmes/{issued.id}", "Programme")
    assert (read["number"], read["document"]["number"], read["result"]) == (number, number, None)
    measured, = read["measurements"]
    assert (measured["lower"], measured["ratio"], measured["gaps"]) == ("7.5", 1.0, ["never_checked", "small_ratio"])
    assert {one["state"] for one in read["actions"]} == {"open"}
    assert program.get("/programmes/999", 404)["status"] == 404


def test_tasks_of_the_plan_tell_the_computed_figure_beside_its_override(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Bài viết", ">=", 3, ""), planned_amount=Decimal(15_000_000))
    before = planned(keeper, year=2025, text="Tuyên truyền, ĐÀO TẠO")
    doings.override(item.targets[0].id, Decimal(2), "đếm tay", by=keeper)
    plans.set_item_state(before.id, "done", "đã nghiệm thu", by=keeper)
    program = Program(app_on_both, keeper, "plans:read")

    def ids(asked: str) -> list[int]:
        return [one["id"] for one in program.listed(f"/plan-items{asked}", "PlanItemPage")]

    assert ids("") == [before.id, item.id]
    assert ids("?year=2025") == ids("?q=tuyen truyen, đào") == ids("?state=done") == [before.id]
    assert ids(f"?plan={item.plan_id}") == [item.id]
    assert program.get("/plan-items?year=x", 422)["field"] == "year"
    read = program.read(f"/plan-items/{item.id}", "PlanItem")
    target, = read["targets"]
    assert (target["computed"], target["value"], target["override"]["reason"]) == ("0", "2", "đếm tay")
    assert read["planned_amount"] == "15000000"
    assert program.get("/plan-items/999", 404)["status"] == 404


def test_a_list_asks_the_database_no_more_for_more_rows(app: Any) -> None:
    keeper_id = laboratory.opened().id
    program = Program(app, user(keeper_id), "plans:read", "programmes:read", "surveys:read")
    counted = []
    for year in (2024, 2025, 2026):
        keeper = user(keeper_id)  # counting begins with an empty session
        planned(keeper, year=year)
        row = ready(keeper)
        surveys.begin(row.customer_id, date(2026, 11, 20), "Minh", keeper)
        counted.append(statements_of(lambda: [program.get(address) for address in (
            "/plan-items", "/programmes", "/surveys")]))
    assert counted[1] == counted[2]
