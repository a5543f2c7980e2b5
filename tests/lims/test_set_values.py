"""A weight set whose weights were calibrated one by one: the set offers their values, whoever they are on the day."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from lims.auth.models import User
from lims.equipment import functions, service
from lims.equipment.models import Standard
from lims.equipment.table import TypedRow
from lims.impact import recomputed_sheets
from lims.impact.chain import chain_above
from lims.impact.touched import Touch
from lims.issue import preflight
from lims.issue.dossier import load
from lims.issue.standards_used import served_by, standards_used
from lims.jobs import standards_choice, submission
from lims.jobs.budget_page import budget_of
from lims.jobs.models import Worksheet
from lims.jobs.results import evaluate_sheet, evaluation_of
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid
from tests.lims import factories, laboratory
from tests.lims.factories import CONDITIONS, MULTIMETER, Case
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

SCALE = Case(
    procedure="scale-calibration", kind="technical_balance", name="Cân kỹ thuật 1 kg",
    fields={"mass_unit": "g", "max_capacity": "1000", "d": "0.01"}, standard={}, certificate={},
    cells={"field/rep_load": "500", "field/ecc_load": "200", "field/test_loads": "0; 200; 500; 700",
           "field/weights_class": "F1", "check/external": "pass", "check/warm": "pass",
           **{f"rep/1/ind/{turn}": "500,00" for turn in range(1, 11)},
           **{f"ecc/{place}/ind/1": "200,00" for place in range(1, 6)},
           "main/1/ind/1": "0,00", "main/2/ind/1": "200,00", "main/3/ind/1": "500,01", "main/4/ind/1": "700,02",
           **CONDITIONS})
WEIGHTS = {"500": ("0,8", "0,25"), "200": ("-0,3", "0,10"), "100": ("0,05", "0,05")}
"""Nominal in g -> correction and U in mg, k = 2."""


def weight(by: User, grams: str, days_ago: int = 60, correction: str = "", **other: Any) -> Standard:
    row = registered(by, f"QC-{grams}", name=f"Quả cân {grams} g", quantity="mass", unit="g", spread_unit="mg")
    certify(row, by, days_ago, correction or WEIGHTS[grams][0], **other)
    return row


def certify(row: Standard, by: User, days_ago: int, correction: str, **other: Any) -> None:
    grams = row.asset_number.removeprefix("QC-")
    certified(row, by, clock.today() - timedelta(days=days_ago), unit="g", spread_unit="mg", stated="correction",
              rows=(TypedRow(grams, correction, WEIGHTS[grams][1], "2"),),
              **{"number": f"K-{grams}/{days_ago}"} | other)


@pytest.fixture
def keeper(app: Any) -> User:
    return person("quality_manager", "chatluong")


@pytest.fixture
def box(keeper: User) -> Standard:
    return a_box(keeper)


def a_box(keeper: User) -> Standard:
    """A set of three weights, each with its own certificate, whose values count since thirty days."""
    whole = registered(keeper, "CH-QC-01", name="Bộ quả cân F1", quantity="mass", unit="g", spread_unit="mg")
    for grams in WEIGHTS:
        weight(keeper, grams)
        functions.add_part(whole.id, f"QC-{grams}", by=keeper)
    functions.rest_on_parts(whole.id, clock.today() - timedelta(days=30), by=keeper)
    session().expire_all()
    return whole


def part(grams: str) -> Standard:
    found = service.find_by_code(f"QC-{grams}")
    assert found is not None
    return found


def uses(sheet: Worksheet) -> dict[float, Mapping[str, Any]]:
    session().expire_all()
    rows = evaluate_sheet(sheet).to_json()["tables"][2]["rows"]
    return {row["nominal"]: row["standards"][0] for row in rows if row["standards"]}


def test_each_load_takes_its_values_from_the_weights_that_make_it_up(app_on_both: Any) -> None:
    sheet = factories.filled(SCALE, served_by=a_box(person("quality_manager", "chatluong")))
    found = uses(sheet)
    assert (found[500]["asset_number"], found[500]["certificate_number"]) == ("QC-500", "K-500/60")
    assert (found[500]["correction"], found[500]["U"]) == pytest.approx((0.0008, 0.00025))
    assert (found[700]["asset_number"], found[700]["certificate_number"]) == ("QC-500 + QC-200", "K-500/60 + K-200/60")
    assert (found[700]["correction"], found[700]["U"]) == pytest.approx((0.0005, 0.00035))
    submission.submit(sheet.item.code, sheet.performed_by)
    view = budget_of(sheet, "main", 4)
    assert [standard.asset_number for standard, _certificate in view.certificates] == ["QC-200", "QC-500"]
    assert "QC-500 + QC-200" in view.standing("QC-200")


def test_the_document_names_the_weights_used_and_the_trace_of_one_finds_the_sheet(box: Standard, keeper: User) -> None:
    user = factories.technician(SCALE)
    laboratory.approver(laboratory.opened(), SCALE)
    item = laboratory.waiting(SCALE, user, served_by=box)
    sheet = item.worksheet
    assert sheet is not None
    printed = standards_used(sheet.standards, served_by(evaluation_of(laboratory.result_of(item))))
    assert [(one.asset_number, one.certificate_number) for one in printed] == [
        ("QC-200", "K-200/60"), ("QC-500", "K-500/60")]
    touched = Touch(part("200").id, clock.today() - timedelta(days=9), clock.today())
    assert [one.code for one in touched.results()] == [item.code]
    lines = {one.code: one for one in preflight.findings(load(item.id), None)}
    assert lines["standards"].state == "ok"
    certify(part("200"), keeper, 1, "0,9")
    session().expire_all()
    lines = {one.code: one for one in preflight.findings(load(item.id), None)}
    assert lines["standard_certificate"].state == "stop"


def test_a_weight_with_a_new_certificate_or_in_the_place_of_another_is_followed(box: Standard, keeper: User) -> None:
    sheet = factories.filled(SCALE, served_by=box)
    certify(part("200"), keeper, 1, "0,9")
    with pytest.raises(submission.NotComplete) as wrong:
        submission.submit(sheet.item.code, sheet.performed_by)
    assert [reason.code for reason in wrong.value.reasons] == ["parts_changed"]
    standards_choice.choose(sheet.item.code, "ref", box.id, sheet.performed_by)
    assert uses(sheet)[200]["correction"] == pytest.approx(0.0009)
    functions.remove_part(box.id, part("500").id, by=keeper)
    assert not submission.parts_agree(sheet, sheet.standards[0])
    standards_choice.choose(sheet.item.code, "ref", box.id, sheet.performed_by)
    session().expire_all()
    row = evaluate_sheet(sheet).tables[2].rows[3]
    assert row.message is not None
    assert "CH-QC-01" in row.message.vi


def test_what_stands_against_a_weight_stands_against_the_set(box: Standard, keeper: User) -> None:
    need = standards_choice.slots(factories.started(SCALE, served_by=box))[0].need
    today = clock.today()

    def reasons(on: Any) -> list[str]:
        session().expire_all()
        return [reason.code for reason in standards_choice.assess([box.id], need, on)[box.id].reasons]

    assert reasons(today) == []
    assert reasons(today - timedelta(days=31)) == ["uncertified"]  # before its parts count it has no certificate
    assert reasons(today + timedelta(days=400)) == ["part"] * 3
    service.change_state(part("100").id, "quarantined", "rơi", expected="in_use", by=keeper)
    assert reasons(today) == ["part"]
    service.change_state(part("100").id, "in_use", "đạt", expected="quarantined", by=keeper)
    registered(keeper, "QC-50", name="Quả cân 50 g", quantity="mass", unit="g", spread_unit="mg")
    functions.add_part(box.id, "QC-50", by=keeper)
    assert reasons(today) == ["uncertified", "part"]  # the second says which weight it is


def test_U_of_the_weights_is_asked_about_where_it_is_used(box: Standard) -> None:
    need = standards_choice.slots(factories.started(SCALE, served_by=box))[0].need
    for limits, told in ((((100.0, 0.00006),), []), (((500.0, 0.0002), (100.0, 0.00006)), ["requirement"])):
        asked = replace(need, u_at_most=0.00006, u_limits=limits)
        assert [one.code for one in standards_choice.assess([box.id], asked, clock.today())[box.id].reasons] == told


def test_until_that_day_the_set_keeps_its_own_certificate(box: Standard, keeper: User) -> None:
    own = certified(box, keeper, clock.today() - timedelta(days=50), unit="g", spread_unit="mg", stated="correction",
                    rows=(TypedRow("500", "5", "1", "2"), TypedRow("200", "5", "1", "2")))
    session().expire_all()
    need = standards_choice.slots(factories.started(SCALE, served_by=box))[0].need
    then, now = (standards_choice.assess([box.id], need, clock.today() - timedelta(days=ago))[box.id]
                 for ago in (31, 0))
    assert (then.certificate_id, then.reasons) == (own.id, ())
    assert (now.certificate_id, now.reasons, len(now.parts)) == (None, (), 3)
    certify(part("100"), keeper, 5, "0,06")
    session().expire_all()
    now = standards_choice.assess([box.id], need, clock.today())[box.id]
    assert now.until == part("500").schedules[0].due_on
    assert [line.by_parts for line in chain_above(box.id, clock.today() - timedelta(days=31))] == [False]


def test_a_set_below_its_weights_stands_in_the_chain(box: Standard) -> None:
    lines = chain_above(box.id, clock.today())
    assert [(line.standard.asset_number, line.by_parts) for line in lines] == [
        ("CH-QC-01", True), ("QC-100", False), ("QC-200", False), ("QC-500", False)]
    assert not any(line.faults for line in lines)


def test_a_review_of_one_weight_recomputes_the_loads_that_it_is_in(box: Standard) -> None:
    sheet = factories.filled(SCALE, served_by=box)
    submission.submit(sheet.item.code, sheet.performed_by)
    plan = recomputed_sheets.Plan(1, 1, part("500").id, None, Decimal(50), None)
    (row,), refused = recomputed_sheets.recomputed(plan, [sheet.id])
    assert refused == []
    changed = [one["key"] for one in row["rows"] if one["key"].startswith("main/")]
    assert changed == ["main/3", "main/4"]
    assert row["greatest_change"] is not None


def test_what_a_set_calibrated_is_touched_by_each_of_its_weights(box: Standard, keeper: User) -> None:
    day = clock.today() - timedelta(days=3)
    child = registered(keeper, "CH-QC-09", name="Quả cân M1 500 g", quantity="mass", unit="g", spread_unit="mg")
    certified(child, keeper, day, route="internal", parent_ids=[box.id], unit="g", spread_unit="mg",
              stated="correction", rows=(TypedRow("500", "2", "8", "2"),))
    session().expire_all()
    for grams in WEIGHTS:
        assert [one.asset_number for one in Touch(part(grams).id, day, clock.today()).standards()] == ["CH-QC-09"]
    lines = [line.standard.asset_number for line in chain_above(child.id, clock.today())]
    assert lines == ["CH-QC-09", "CH-QC-01", "QC-100", "QC-200", "QC-500"]


def test_values_of_parts_are_taken_only_where_they_are_values_of_the_set(box: Standard, keeper: User) -> None:
    today = clock.today()
    with pytest.raises(Invalid, match="QC-500"):
        functions.rest_on_parts(box.id, today - timedelta(days=61), by=keeper)
    with pytest.raises(Invalid):
        functions.rest_on_parts(box.id, today + timedelta(days=1), by=keeper)
    system, readout = factories.standard(MULTIMETER, keeper), registered(keeper, "CH-AS-077")
    functions.add_part(system.id, readout.asset_number, by=keeper)
    certified(readout, keeper, today)
    with pytest.raises(Invalid, match="CH-AS-077"):
        functions.rest_on_parts(system.id, today, by=keeper)
    functions.remove_part(system.id, readout.id, by=keeper)
    with pytest.raises(Invalid):
        functions.add_part(box.id, "CH-AS-077", by=keeper)
    with write("test.reset", actor=factories.ACTOR):
        box.parts_from = None
    assert standards_choice.assess([box.id], standards_choice.slots(factories.started(
        MULTIMETER, served_by=system))[0].need, today)[box.id].parts == []


def test_the_set_is_due_with_its_first_weight_and_was_calibrated_with_its_oldest(box: Standard, keeper: User) -> None:
    certify(part("100"), keeper, 5, "0,06")
    session().expire_all()
    main, first = box.schedules[0], part("500").schedules[0]
    assert (main.due_on, main.last_done_on) == (first.due_on, clock.today() - timedelta(days=60))


def test_the_page_says_whose_certificates_count_and_keeps_a_day_that_is_refused(
        box: Standard, keeper: User, app: Any) -> None:
    client = logged_in(app, keeper)
    address = f"/standards/{box.id}/parts/values"
    assert "K-200/60" in client.get(address).text
    too_early = client.post(address, data={"since": f"{clock.today() - timedelta(days=61):%d/%m/%Y}"})
    assert too_early.status_code == 422
    assert "QC-500" in too_early.text
    assert f"{clock.today() - timedelta(days=61):%d/%m/%Y}" in too_early.text
    assert client.post(address, data={"since": f"{clock.today():%d/%m/%Y}"}).status_code == 303
    shown = client.get(f"/standards/{box.id}").text
    assert "K-200/60" in shown
    assert "theo giấy của từng bộ phận" in client.get(f"/standards/{box.id}/trace").text
    client.post(f"/standards/{box.id}/parts/own-values")
    session().expire_all()
    assert service.standard(box.id).parts_from is None
