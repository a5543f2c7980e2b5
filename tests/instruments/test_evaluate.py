"""A sheet becomes rows with budgets, and says what is missing or wrong instead of failing."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.library import load_shipped, reference_cases
from instruments.observations import StandardData, StandardPoint
from tests.instruments.sample_procedure import READINGS, STANDARD, evaluated, observed, sample, without
from uncertainty import ENGINE_VERSION


def codes(evaluation: Evaluation) -> list[tuple[str, str]]:
    return [(reason.code, reason.where) for reason in evaluation.reasons]


def test_a_complete_sheet_has_every_result_and_states_no_conformity_unasked() -> None:
    found = evaluated()
    assert found.verdict == "not_stated"
    assert found.reasons == ()
    assert [row.state for table in found.tables for row in table.rows] == ["complete"] * 4
    assert found.engine_version == f"uncertainty {ENGINE_VERSION}"


def test_value_and_u_follow_the_model_in_the_unit_of_the_report() -> None:
    """By hand at 25 mm: I = 25,0025; S = 25 + 0,5 µm; expansion 25·11,5e-6·0,2 K = 0,0575 µm."""
    row = evaluated().row("main/2")
    assert row.value == pytest.approx(0.0025 - 0.0005 + 25 * 11.5e-6 * 0.2, abs=1e-12)
    s = 1.0
    u = math.sqrt(s**2 + 0.1**2 + (25e3 * 11.5e-6 * 0.3) ** 2 / 3)
    assert pytest.approx(2 * u / 1000, rel=1e-5) == row.U
    assert (row.unit, row.value_text, row.U_text, row.k_text) == ("mm", "0.0021", "0.0020", "2.00")


def test_the_standard_is_read_between_its_points_and_named_with_its_certificate() -> None:
    half_way = evaluated(instrument={"range_max": "75", "grade": "1"}, readings={}).row("main/2")
    assert half_way.nominal_text == "37.5"
    (use,) = evaluated(sample(("percent = [0, 50, 100]", "percent = [0, 75, 100]"))).row("main/2").standards
    assert (use.asset_number, use.certificate_number) == ("CH-01", "DD.01.26")
    assert (use.value, use.correction, use.U, use.k) == pytest.approx((37.50075, 0.00075, 0.0003, 2.0))


def test_a_point_beyond_the_certificate_is_an_error_never_an_extrapolation() -> None:
    short = replace(STANDARD, points=STANDARD.points[:2])
    found = evaluated(standards={"ref": short})
    assert found.row("main/2").state == "complete"
    assert found.row("main/3").state == "error"
    assert codes(found) == [("standard_range", "ref")]
    assert "nằm ngoài 0 … 25 mm" in found.reasons[0].text.vi


def test_of_several_standards_the_first_that_covers_the_point_serves_it() -> None:
    low = replace(STANDARD, points=STANDARD.points[:2], asset_number="CH-LOW")
    wide = sample(('u_at_most = "mpe/3"', "count = { min = 1, max = 2 }"))
    found = evaluated(wide, standards={"ref": (low, STANDARD)})
    assert [row.standards[0].asset_number for row in found.tables[1].rows] == ["CH-LOW", "CH-LOW", "CH-01"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"readings": without("main/2/down/1")}, ("cell_missing", "main/2/down/1")),
        ({"readings": without("rep/1/r/3")}, ("cell_missing", "rep/1/r/3")),
        ({"standards": {}}, ("standard_missing", "ref")),
        ({"environment": {}}, ("environment_missing", "temperature")),
        ({"checks": {}}, ("check_missing", "external")),
        ({"instrument": {"grade": "1"}}, ("field_missing", "range_max")),
        ({"instrument": {"range_max": "abc"}}, ("field_wrong", "range_max")),
        ({"standards": {"ref": replace(STANDARD, unit="°C", spread_unit=None)}}, ("standard_unit", "ref")),
        ({"standards": {"ref": replace(STANDARD, points=())}}, ("standard_certificate", "ref")),
        ({"instrument": {"range_max": "50", "s_dof": "0,5", "grade": "1"}}, None),
    ],
)
def test_what_is_missing_or_wrong_makes_the_sheet_incomplete_and_is_named(
    changes: dict[str, object], code: tuple[str, str] | None
) -> None:
    found = evaluated(**changes)
    assert (found.verdict == "incomplete") == (code is not None)
    assert code is None or code in codes(found)


def test_a_missing_repeat_beyond_the_least_number_is_no_fault() -> None:
    assert "rep/1/r/4" in evaluated().row("rep/1").cells
    assert evaluated().row("rep/1").state == "complete"


def test_a_row_says_where_it_waits_and_shows_its_limits_already() -> None:
    row = evaluated(readings={}).row("main/2")
    assert (row.state, row.where, row.mpe_text) == ("waiting", "main/2/up/1", "-0.004 / +0.008")
    assert row.message is not None
    assert row.message.vi == "Kích thước 25 mm: chờ số đọc Tăng"


def test_an_agreed_rule_judges_every_row_with_asymmetric_limits() -> None:
    found = evaluated(decision_rule="simple")
    assert [row.verdict for row in found.tables[1].rows] == ["pass", "pass", "pass"]
    assert found.verdict == "pass"
    high = {**observed().readings, "main/2/up/1": Decimal("25.009"), "main/2/down/1": Decimal("25.010")}
    failed = evaluated(decision_rule="simple", readings=high)
    assert (failed.verdict, codes(failed)) == ("fail", [("out_of_limits", "main/2")])


@pytest.mark.parametrize(
    ("rule", "verdict"), [("simple", "pass"), ("guarded", "fail"), ("four_state", "conditional_pass")]
)
def test_the_rule_of_the_contract_decides_near_a_limit(rule: str, verdict: str) -> None:
    """0,0071 mm of 0,008 mm with U = 0,0020 mm: inside, but by less than U."""
    near = {**observed().readings, "main/2/up/1": Decimal("25.007"), "main/2/down/1": Decimal("25.008")}
    found = evaluated(decision_rule=rule, readings=near)
    assert found.row("main/2").verdict == verdict
    assert found.verdict == verdict


def test_without_a_class_there_are_no_limits_and_a_reviewer_is_told() -> None:
    found = evaluated(decision_rule="simple", instrument={"range_max": "50"})
    assert found.verdict == "not_stated"
    assert [warning.code for warning in found.warnings] == ["no_limits"] * 3
    assert found.row("main/2").printed[3:] == ("–", "not_stated")


def test_an_unconfirmed_table_is_noted_only_where_conformity_is_stated() -> None:
    assert evaluated().notes == ()
    assert [note.en for note in evaluated(decision_rule="simple").notes] == [
        "Unconfirmed against the original: lookup limit (bảng B)"
    ]


def test_u_is_never_below_the_cmc_and_the_reviewer_is_told() -> None:
    found = evaluated(cmc={"main/2": 0.005})
    row = found.row("main/2")
    assert (row.U, row.U_text, row.value_text) == (0.005, "0.0050", "0.0021")
    assert ("cmc_raised", "main/2") in [(warning.code, warning.where) for warning in found.warnings]
    assert evaluated(cmc={"main/2": 0.001}).row("main/2").U_text == "0.0020"


def test_a_large_u_beside_the_limits_is_a_warning() -> None:
    found = evaluated(decision_rule="simple", instrument={"range_max": "50", "grade": "0,5"})
    assert ("uncertainty_large", "main/2") in [(warning.code, warning.where) for warning in found.warnings]


def test_a_standard_that_is_too_coarse_is_a_warning() -> None:
    coarse = replace(STANDARD, points=tuple(replace(point, U=5.0) for point in STANDARD.points))
    warnings = evaluated(standards={"ref": coarse}).warnings
    assert [warning.where for warning in warnings if warning.code == "standard_requirement"] == ["ref"]


def test_environment_outside_its_limits_is_a_warning_at_its_cell() -> None:
    found = evaluated(environment={"temperature/start": Decimal(20), "temperature/end": Decimal("25.8")})
    assert [(warning.code, warning.where) for warning in found.warnings] == [("environment_out", "temperature/end")]


def test_a_summary_of_one_table_enters_the_budgets_of_the_next() -> None:
    assert [(entry.key, entry.value) for entry in evaluated().tables[0].summary] == [("s_rep", pytest.approx(0.001))]
    waiting = evaluated(readings=without("rep/1/r/1")).row("main/2")
    assert waiting.state == "waiting"


def test_degrees_of_freedom_left_blank_are_infinite() -> None:
    with_dof = evaluated(instrument={"range_max": "50", "s_dof": "3"}).row("main/2")
    assert evaluated().row("main/2").k == pytest.approx(2.0, abs=1e-4)
    assert with_dof.k is not None
    assert with_dof.k > 3


def test_printed_columns_keep_the_place_of_u_and_the_sign_of_an_error() -> None:
    assert evaluated(decision_rule="simple").row("main/2").printed == (
        "25", "+0.0021", "25.0025", "-0.0040 / +0.0080", "pass",
    )  # fmt: skip


def test_the_chart_holds_what_is_complete() -> None:
    found = evaluated(readings=without("main/1/up/1"))
    assert [point.x for point in found.tables[1].chart] == [25.0, 50.0]
    assert found.tables[1].chart[0].lower == pytest.approx(-0.004)


def test_a_failed_check_of_a_calibration_is_told_but_does_not_stop() -> None:
    found = evaluated(checks={"external": "fail"})
    assert found.verdict == "not_stated"
    assert [warning.code for warning in found.warnings] == ["check_failed"]


def test_a_verification_stops_at_its_first_failed_check_whatever_is_missing_after_it() -> None:
    gauge = load_shipped("dial-pressure-gauge")
    seen = replace(reference_cases("dial-pressure-gauge")[0].observations, readings={}, checks={"external": "fail"})
    found = evaluate(gauge, seen, lean=True)
    assert found.verdict == "fail"
    assert [outcome.state for outcome in found.checks] == ["fail", "not_done", "not_done", "not_done"]
    assert codes(found) == [("check_failed", "external")]


def test_a_failed_step_waits_for_the_steps_before_it() -> None:
    failing = reference_cases("dial-pressure-gauge")[1].observations
    found = evaluate(load_shipped("dial-pressure-gauge"), replace(failing, checks={"external": "pass"}), lean=True)
    assert found.verdict == "incomplete"
    assert ("check_missing", "technical") in codes(found)


def test_a_reading_whose_cell_is_gone_is_told_not_lost_in_silence() -> None:
    found = evaluated(readings={**observed().readings, "main/9/up/1": Decimal(1)})
    assert [(warning.code, warning.where) for warning in found.warnings] == [("cell_unknown", "main/9/up/1")]


@pytest.mark.parametrize(
    "changes", [{"checks": {"x": "pass"}}, {"environment": {"x/start": Decimal(1)}}, {"standards": {"x": STANDARD}}]
)
def test_keys_that_the_procedure_does_not_have_are_an_error_of_the_caller(changes: dict[str, object]) -> None:
    with pytest.raises(KeyError):
        evaluated(**changes)


def test_one_or_several_outcomes_become_plain_json() -> None:
    plain = evaluated(decision_rule="simple").to_json()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["tables"][1]["rows"][1]["message"] is None
    assert plain["tables"][1]["title"] == {"vi": "Sai số", "en": "Error"}


@pytest.mark.parametrize("values", [("1e308", "1e308"), ("-1e308", "1e308"), ("1e200", "0"), ("1e-300", "2e-300")])
def test_readings_at_the_edge_of_numbers_give_a_message_not_an_infinity(values: tuple[str, str]) -> None:
    readings = {**observed().readings, "main/2/up/1": Decimal(values[0]), "main/2/down/1": Decimal(values[1])}
    found = evaluated(decision_rule="simple", readings=readings)
    json.dumps(found.to_json(), allow_nan=False)
    assert found.row("main/2").state in ("complete", "error")


def test_equal_readings_leave_only_the_other_parts_of_u() -> None:
    same = {**observed().readings, **{f"rep/1/r/{at}": Decimal("25.000") for at in (1, 2, 3)}}
    row = evaluated(readings=same).row("main/2")
    assert pytest.approx(2 * math.sqrt(0.1**2 + (25e3 * 11.5e-6 * 0.3) ** 2 / 3) / 1000, rel=1e-5) == row.U


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(sorted(READINGS)),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1e300"), max_value=Decimal("1e300")),
    ),
    st.sampled_from([None, "simple", "guarded", "four_state"]),
)
def test_whatever_is_typed_the_answer_is_finite_json(readings: dict[str, Decimal], rule: str | None) -> None:
    found = evaluated(readings=readings, decision_rule=rule)
    json.dumps(found.to_json(), allow_nan=False)
    assert found.verdict == "incomplete" or set(READINGS) <= set(readings)


def test_a_standard_of_discrete_values_serves_only_at_them() -> None:
    exact = sample(('u_at_most = "mpe/3"', 'between = "exact"'), ("percent = [0, 50, 100]", "percent = [0, 50, 75]"))
    found = evaluated(exact)
    assert [row.state for row in found.tables[1].rows] == ["complete", "complete", "error"]


def test_two_k_on_one_certificate_are_both_kept_between_their_points() -> None:
    standard = StandardData(
        "A", "1", "mm", (StandardPoint(0, 0.002, 2.0, correction=0.0), StandardPoint(50, 0.003, 3.0, correction=0.0))
    )
    (use,) = evaluated(standards={"ref": standard}).row("main/2").standards
    assert (use.U, use.U / use.k) == pytest.approx((0.0025, 0.001))


def test_without_a_statement_nothing_is_judged_whatever_rule_the_procedure_carries() -> None:
    procedure = sample()
    procedure = replace(procedure, decision=replace(procedure.decision, rule="simple"))
    own = evaluate(procedure, observed())
    none = evaluate(procedure, replace(observed(), decision_rule="none"))
    assert (own.decision_rule, own.verdict) == ("simple", "pass")
    assert (none.decision_rule, none.verdict) == (None, "not_stated")
    assert {row.verdict for table in none.tables for row in table.rows} == {"not_stated"}
    assert none.row("main/2").printed[:2] == own.row("main/2").printed[:2]
