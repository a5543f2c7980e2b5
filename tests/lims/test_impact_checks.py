"""Intermediate checks of standards: plans, readings, the block after a failure and the way out of it; intervals."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from lims.equipment import functions, schedules, service
from lims.equipment.models import Schedule, Standard
from lims.equipment.table import TypedRow
from lims.impact import checks, drifting, reviews
from lims.impact.checks import PlanDetails
from lims.impact.models import CheckPlan, CheckRun, ImpactReview
from lims.shared import clock, organisation, task_runner
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from tests.lims import factories
from tests.lims.laboratory import HEADING
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

GAUGE = factories.GAUGE
SHEWHART = {"title": "Điểm 10 bar", "artefact": "Áp kế pittông", "unit": "bar", "method": "shewhart",
            "centre": Decimal("10.000"), "sigma": Decimal("0.002"), "repeats": 2}


def planned(keeper: Any, row: Standard | None = None, **other: Any) -> CheckPlan:
    row = row or factories.standard(GAUGE, keeper)
    return checks.create_plan(row.id, PlanDetails(**(SHEWHART | other)), interval_count=3, interval_unit="months",
                              by=keeper)


def run(plan: CheckPlan, by: Any, *readings: str, **other: Any) -> CheckRun:
    return checks.record_run(plan.id, readings=readings, by=by,
                             **({"note": "", "release": True, "done_on": clock.today()} | other))


def test_a_passed_check_keeps_its_readings_as_typed_and_moves_the_schedule(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    done = run(planned(keeper), keeper, "10,0010", "9,9990")
    assert (done.passed, done.readings, done.mean, done.score) == (True, ["10,0010", "9,9990"], Decimal(10), Decimal(0))
    schedule = session().scalars(sa.select(Schedule).where(Schedule.duty == "intermediate_check")).one()
    assert schedule.last_done_on == clock.today()
    assert schedule.due_on is not None


def test_a_failed_check_blocks_and_a_good_one_opens_again_without_a_deadlock(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    failed = run(plan, keeper, "10,007", "10,007")
    assert not failed.passed
    assert [one["code"] for one in failed.findings if one["fails"]] == ["nelson_1"]
    assert service.standard(plan.standard_id).state == "quarantined"
    with pytest.raises(Conflict, match="last intermediate check failed"):
        service.change_state(plan.standard_id, "in_use", "vội", expected="quarantined", by=keeper)
    good = run(plan, keeper, "10,001", "10,000")
    assert good.passed
    assert service.standard(plan.standard_id).state == "in_use"


def test_a_good_check_without_release_leaves_the_decision_to_somebody_else(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    run(plan, keeper, "10,007", "10,007")
    run(plan, keeper, "10,000", "10,000", release=False)
    assert service.standard(plan.standard_id).state == "quarantined"
    service.change_state(plan.standard_id, "in_use", "đã kiểm tra đạt", expected="quarantined", by=keeper)
    assert service.standard(plan.standard_id).state == "in_use"


def test_a_recalibration_after_the_failure_also_ends_the_block(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    run(plan, keeper, "10,007", "10,007")
    certified(service.standard(plan.standard_id), keeper, clock.today(), number="SAU.1")
    service.change_state(plan.standard_id, "in_use", "đã hiệu chuẩn lại", expected="quarantined", by=keeper)


def test_the_review_of_a_failed_check_reckons_with_the_deviation_found(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row = factories.standard(GAUGE, keeper)
    factories.submitted(GAUGE, factories.technician(GAUGE), served_by=row)
    run(planned(keeper, row), keeper, "10,19", "10,21")
    opened = session().scalars(sa.select(ImpactReview)).one()
    assert opened.half_width == Decimal("0.2")
    task_runner.run_one()
    assert session().scalars(sa.select(ImpactReview)).one().changed == 1


@pytest.mark.parametrize(("reads", "readings", "shift"), [
    ("value", "10,2", "0.2"), ("indication", "10,2", "-0.2"), ("value", "9,8", "-0.2"), ("indication", "9,8", "0.2")])
def test_a_value_that_reads_high_has_grown_and_an_indication_that_reads_high_stands_for_less(
        app: Any, reads: str, readings: str, shift: str) -> None:
    keeper = person("quality_manager")
    row = factories.standard(GAUGE, keeper)
    factories.submitted(GAUGE, factories.technician(GAUGE), served_by=row)
    run(planned(keeper, row, reads=reads), keeper, readings, readings)
    opened = session().scalars(sa.select(ImpactReview)).one()
    assert (opened.shift, opened.half_width) == (Decimal(shift), None)


def test_a_good_check_of_another_plan_neither_ends_the_block_nor_moves_the_schedule(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    other = checks.create_plan(plan.standard_id, PlanDetails(**(SHEWHART | {"title": "Điểm 5 bar"})),
                               interval_count=3, interval_unit="months", by=keeper)
    schedule = session().scalars(sa.select(Schedule).where(Schedule.duty == "intermediate_check")).one()
    early, today = clock.today() - timedelta(days=20), clock.today()
    assert run(plan, keeper, "10,000", "10,000", done_on=early).passed
    assert schedule.last_done_on is None  # nobody has checked the other point yet
    assert run(other, keeper, "10,000", "10,000", done_on=today).passed
    session().refresh(schedule)
    assert schedule.last_done_on == early
    assert not run(plan, keeper, "10,007", "10,007").passed
    assert run(other, keeper, "10,000", "10,000").passed
    assert service.standard(plan.standard_id).state == "quarantined"
    with pytest.raises(Conflict, match=plan.title):
        service.change_state(plan.standard_id, "in_use", "vội", expected="quarantined", by=keeper)
    assert run(plan, keeper, "10,000", "10,000").passed
    assert service.standard(plan.standard_id).state == "in_use"
    session().refresh(schedule)
    assert schedule.last_done_on == today


def test_whoever_checks_ends_the_block_of_a_failed_check_but_no_other(app_on_both: Any) -> None:
    keeper, technician = person("quality_manager"), person("technician", "khac")
    plan = planned(keeper)
    state = lambda: service.standard(plan.standard_id).state  # noqa: E731
    run(plan, technician, "10,007", "10,007")
    run(plan, technician, "10,000", "10,000")
    assert state() == "in_use"
    service.change_state(plan.standard_id, "quarantined", "Bị rơi", expected="in_use", by=keeper)
    run(plan, technician, "10,000", "10,000")
    assert state() == "quarantined"
    run(plan, keeper, "10,000", "10,000")
    assert state() == "in_use"


def test_the_standard_is_used_again_when_its_review_is_closed_after_a_good_check(app: Any) -> None:
    keeper, technician = person("quality_manager"), person("technician", "khac")
    row = factories.standard(GAUGE, keeper)
    factories.submitted(GAUGE, factories.technician(GAUGE), served_by=row)
    plan = planned(keeper, row, reads="value")
    run(plan, technician, "10,005", "10,0075")
    opened = session().scalars(sa.select(ImpactReview)).one()
    task_runner.run_one()
    reviews.decide(opened.id, significance="minor", decision="acceptable", evaluation="nhỏ", version=0, by=keeper)
    with pytest.raises(Conflict):
        reviews.close(opened.id, "xong", version=0, by=keeper, release=True)
    session().rollback()
    run(plan, technician, "10,000", "10,000")
    assert service.standard(row.id).state == "quarantined"  # the review is open
    assert opened.number in logged_in(app, technician).get(f"/standards/checks/{plan.id}/run").text
    closed = logged_in(app, keeper).post(f"/standards/reviews/{opened.id}/close", data={
        "resumption": "đã kiểm tra lại, đạt", "release": "y"})
    assert closed.status_code == 303
    assert service.standard(row.id).state == "in_use"


def test_nelson_rules_chosen_in_the_plan_stop_and_the_others_warn(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper, repeats=1, rules=(1, 3))
    warned = [run(plan, keeper, f"10,00{tenth}") for tenth in "0123"]
    assert all(one.passed for one in warned)
    run(plan, keeper, "10,0035")
    last = run(plan, keeper, "10,004")
    assert not last.passed
    assert {one["code"]: one["fails"] for one in last.findings} == {"nelson_3": True, "nelson_6": False}


def test_a_changed_centre_begins_a_new_chart(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper, repeats=1, rules=(1, 3))
    for tenth in "01234":
        run(plan, keeper, f"10,00{tenth}")
    moved = PlanDetails(**(SHEWHART | {"repeats": 1, "rules": (1, 3), "centre": Decimal("10.004")}))
    checks.change_plan(plan.id, moved, version=0, by=keeper)
    assert run(plan, keeper, "10,005").findings == []


def test_the_en_criterion_and_the_action_limit(app: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper, method="en", sigma=None, reference_uncertainty=Decimal("0.003"),
                   own_uncertainty=Decimal("0.004"), repeats=1, action_limit=Decimal("0.004"))
    beyond = run(plan, keeper, "10,0045")
    assert [one["code"] for one in beyond.findings] == ["action_limit"]
    assert beyond.score == Decimal("0.9")


@pytest.mark.parametrize(("readings", "field"), [(("10", ""), "readings.1"), (("x", "10"), "readings.0"),
                                                 (("10",), "readings.1")])
def test_readings_that_are_none_are_refused_at_their_place(app: Any, readings: tuple[str, ...], field: str) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    with pytest.raises(Invalid) as refused:
        run(plan, keeper, *readings)
    assert refused.value.field == field


@pytest.mark.parametrize(("other", "field"), [
    ({"sigma": None}, "sigma"), ({"method": "en"}, "reference_uncertainty"), ({"repeats": 0}, "repeats"),
    ({"method": "x"}, "method"), ({"rules": (9,)}, "rules"), ({"action_limit": Decimal(-1)}, "action_limit")])
def test_a_plan_that_cannot_judge_is_refused_at_its_field(app: Any, other: dict[str, Any], field: str) -> None:
    keeper = person("quality_manager")
    with pytest.raises(Invalid) as refused:
        planned(keeper, **other)
    assert refused.value.field == field


def test_a_check_standard_that_is_not_good_itself_is_refused(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    other = registered(keeper, "CH-AS-900")
    plan = planned(keeper, check_standard_id=other.id)
    with pytest.raises(Conflict):
        run(plan, keeper, "10", "10")


def test_pages_of_checks_by_role_and_with_what_was_typed(app: Any) -> None:
    keeper = person("quality_manager")
    plan = planned(keeper)
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician", "khac"))
    for address in ("/standards/checks", f"/standards/{plan.standard_id}/checks"):
        assert app.test_client().get(address).status_code == 302
        assert technician.get(address).status_code == 200
    assert technician.get(f"/standards/{plan.standard_id}/checks/new").status_code == 403
    assert technician.get("/standards/checks/999999/run").status_code == 404
    wrong = technician.post(f"/standards/checks/{plan.id}/run", data={
        "done_on": "23/11/2026", "readings-0": "10,1x", "readings-1": "10,0"})
    assert wrong.status_code == 422
    assert "10,1x" in wrong.get_data(as_text=True)
    done = technician.post(f"/standards/checks/{plan.id}/run", data={
        "done_on": "23/11/2026", "readings-0": "10,0010", "readings-1": "10,0020"})
    assert done.status_code == 303
    shown = technician.get(f"/standards/{plan.standard_id}/checks").get_data(as_text=True)
    assert "10,0010; 10,0020" in shown
    assert "<svg" in shown
    made = manager.post(f"/standards/{plan.standard_id}/checks/new", data={
        "title": "Điểm 0", "artefact": "khí quyển", "unit": "bar", "repeats": "1", "method": "shewhart", "centre": "0",
        "reads": "value",
        "sigma": "0,001", "rules": ["1", "2"], "active": "y", "interval_count": "2", "interval_unit": "months",
        "check_standard_id": ""})
    assert made.status_code == 303
    edited = manager.get(f"/standards/checks/{plan.id}/edit")
    assert edited.status_code == 200


# ---- drift and intervals ----


def drifting_standard(keeper: Any) -> Standard:
    row = registered(keeper, "CH-AS-077", mpe=Decimal("0.02"))
    for years, value in ((3, "8,000"), (2, "8,004"), (1, "8,009")):
        certified(row, keeper, clock.today() - timedelta(days=365 * years), number=f"D.{years}",
                  rows=[TypedRow("0", "0", "0,004", "2"), TypedRow("8", value, "0,004", "2")])
    return service.standard(row.id)


def test_the_history_is_the_deviation_at_the_point_in_the_order_of_time(app: Any) -> None:
    shown = drifting.history(drifting_standard(person("quality_manager")), Decimal(8))
    assert shown is not None
    assert [round(one.value, 6) for one in shown.calibrations] == [0, 0.004, 0.009]
    assert (shown.limit, shown.in_tolerance, shown.tested) == (0.02, 2, 2)
    assert {one.method for one in shown.proposals} == {"A3", "variables", "control_chart", "staircase"}
    assert all(one.days for one in shown.proposals)


def test_a_forecast_is_stated_to_the_digits_of_its_uncertainty() -> None:
    assert drifting.stated(0.008409, 0.0163) == "+0.008 ± 0.016"
    assert drifting.stated(-0.00201, 0.0048) == "-0.0020 ± 0.0048"


def test_a_standard_that_drifts_to_its_limit_early_stands_so_in_the_printed_due_list(app: Any) -> None:
    keeper = person("quality_manager")
    row = registered(keeper, "CH-AS-078", mpe=Decimal("0.008"))
    for days, value in ((1080, "8,000"), (720, "8,009"), (360, "8,018")):
        certified(row, keeper, clock.today() - timedelta(days=days), number=f"E.{days}",
                  rows=[TypedRow("8", value, "0,001", "2")])
    steady = drifting_standard(keeper)
    found = drifting.forecasts({row.id, steady.id})
    assert set(found) == {row.id}
    due = main_schedule_day(row)
    assert found[row.id] < due
    organisation.save(HEADING)
    printed = logged_in(app, keeper).get(f"/standards/due.pdf?within=60&on={due:%d/%m/%Y}").data
    assert f"{found[row.id]:%d/%m/%Y}" in " ".join(one.extract_text() for one in PdfReader(BytesIO(printed)).pages)


def test_a_further_function_is_forecast_by_its_own_certificates_and_its_own_limit(app: Any) -> None:
    keeper = person("quality_manager")
    row = registered(keeper, "CH-AS-079", mpe=Decimal(1))
    functions.save_function(row.id, functions.FunctionDetails(
        name="Kênh B", quantity="pressure", unit="bar", mpe=Decimal("0.008")), by=keeper)
    (added,) = service.standard(row.id).functions
    alone = registered(keeper, "CH-AS-080", mpe=Decimal("0.008"))
    for days, falling, rising in ((1080, "8,000", "8,000"), (720, "7,991", "8,009"), (360, "7,982", "8,018")):
        for held, value, function_id in ((row, falling, None), (row, rising, added.id), (alone, rising, None)):
            certified(held, keeper, clock.today() - timedelta(days=days), number=f"F{function_id or 0}.{days}",
                      function_id=function_id, rows=[TypedRow("8", value, "0,001", "2")])
    found = drifting.forecasts({row.id, alone.id})
    assert found[row.id] == found[alone.id]


def main_schedule_day(row: Standard) -> date:
    schedule = drifting.main_schedule(service.standard(row.id))
    assert schedule is not None
    assert schedule.due_on is not None
    return schedule.due_on


def test_functions_of_one_standard_drift_each_by_itself_also_on_paper(app: Any) -> None:
    keeper = person("quality_manager")
    row = drifting_standard(keeper)
    functions.save_function(row.id, functions.FunctionDetails(
        name="Điện trở", quantity="resistance", unit="Ω", drift_half_width=Decimal("0.5")), by=keeper)
    (added,) = service.standard(row.id).functions
    for years, value in ((3, "8,3"), (1, "8,7")):
        certified(row, keeper, clock.today() - timedelta(days=365 * years - 20), number=f"R.{years}", unit="Ω",
                  function_id=added.id, rows=[TypedRow("8", value, "0,1", "2")])
    row = service.standard(row.id)
    assert [one.code for one in drifting.points(row)] == ["0", "8", f"{added.id}:8"]
    shown = drifting.history(row, Decimal(8), function_id=added.id)
    assert ([round(one.value, 6) for one in shown.calibrations], shown.unit, shown.limit) == ([0.3, 0.7], "Ω", 0.5)
    assert len(drifting.history(row, Decimal(8)).calibrations) == 3
    organisation.save(HEADING)
    client = logged_in(app, keeper)
    page = client.get(f"/standards/{row.id}/drift?point={added.id}:8").text
    assert "Điện trở" in page
    assert "R.1" in page
    assert "D.1" not in page
    answer = client.get(f"/standards/{row.id}/drift.pdf")
    assert answer.status_code == 200, answer.text
    printed = answer.data
    with pikepdf.open(BytesIO(printed)) as pdf:
        assert pdf.open_metadata()["pdfaid:part"]
    words = " ".join(one.extract_text() for one in PdfReader(BytesIO(printed)).pages)
    assert "Điện trở" in words
    assert "R.3" in words
    assert "D.2" in words


def test_the_interval_changes_by_a_persons_decision_only_and_never_beyond_the_cap(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row = drifting_standard(keeper)
    before = schedules.records(row.id)
    drifting.set_cap(row.id, 18, "Quy định 12/2026", by=keeper)
    shown = drifting.history(service.standard(row.id), Decimal(8))
    with pytest.raises(Invalid) as refused:
        drifting.decide_interval(row.id, count=19, unit="months", method="A3", reason="ổn định", shown=shown, by=keeper)
    assert refused.value.field == "interval_count"
    with pytest.raises(Invalid):
        schedules.set_schedule(row.id, "calibration", interval_count=2, interval_unit="years")
    drifting.decide_interval(row.id, count=18, unit="months", method="A3", reason="ổn định", shown=shown, by=keeper)
    decided = drifting.decisions(row.id)[0]
    assert (decided.old_count, decided.new_count, decided.data["limit"]) == (12, 18, 0.02)
    schedule = drifting.main_schedule(service.standard(row.id))
    assert schedule is not None
    assert (schedule.interval_count, schedule.due_on is not None) == (18, True)
    assert schedules.records(row.id) == before
    with pytest.raises(Invalid):
        drifting.set_cap(row.id, 6, "ngắn hơn", by=keeper)


def test_the_drift_page_shows_and_decides(app: Any) -> None:
    keeper = person("quality_manager")
    row = drifting_standard(keeper)
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician", "khac"))
    page = technician.get(f"/standards/{row.id}/drift?point=8").get_data(as_text=True)
    assert "<svg" in page
    assert "D.1" in page
    assert technician.get(f"/standards/{row.id}/drift?limit=-1").status_code == 422
    assert technician.post(f"/standards/{row.id}/interval").status_code == 403
    wrong = manager.post(f"/standards/{row.id}/interval", data={"interval_count": "9", "interval_unit": "months",
                                                               "method": "staircase", "reason": ""})
    assert wrong.status_code == 422
    good = manager.post(f"/standards/{row.id}/interval?point=8", data={
        "interval_count": "9", "interval_unit": "months", "method": "staircase", "reason": "trôi đều"})
    assert good.status_code == 303
    assert manager.post(f"/standards/{row.id}/interval-cap", data={"months": "6", "basis": "x"}).status_code == 422
    bare = registered(keeper, "CH-AS-078")
    assert technician.get(f"/standards/{bare.id}/drift").status_code == 200
