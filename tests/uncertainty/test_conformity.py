"""The conformity document: published cases, defaults, and every wrong input by its path."""

from __future__ import annotations

import json
from typing import Any

import pytest

from uncertainty.conformity import calculate_document
from uncertainty.errors import InputError

NORMAL = {"distribution": "normal", "mean": 0, "standard_deviation": 0.12}
RESISTOR: dict[str, Any] = {
    "conformity": 1,
    "limits": {"lower": -0.2, "upper": 0.2},
    "prior": NORMAL,
    "measurement": {"standard_uncertainty": 0.04},
}
RESULT: dict[str, Any] = {
    "conformity": 1,
    "value": 9.97,
    "standard_uncertainty": 0.04,
    "limits": {"lower": 9.9, "upper": 10.1},
}


@pytest.mark.parametrize(
    ("spread", "u", "consumer", "conditional"),
    [
        (1.18818294989389, 0.2970457374734725, 0.0483860326, 0.0826008199),
        (0.7803041460723791, 0.19507603651809477, 0.0285583037, 0.0363227145),
        (0.5102134569246539, 0.12755336423116348, 0.0087100925, 0.0092389664),
    ],
)
def test_consumers_risk_of_rp_19(spread: float, u: float, consumer: float, conditional: float) -> None:
    """NCSLI RP-19 draft table: in-tolerance probability 60, 80 and 95 % at a ratio of 4, to its digits."""
    result = calculate_document(
        {
            "limits": {"lower": -1.0, "upper": 1.0},
            "prior": {"distribution": "normal", "mean": 0, "standard_deviation": spread},
            "measurement": {"standard_uncertainty": u},
        }
    )
    assert result["global"]["consumer_risk"] == pytest.approx(consumer, abs=2e-8)  # type: ignore[index]
    assert result["global"]["conditional_consumer_risk"] == pytest.approx(conditional, abs=2e-8)  # type: ignore[index]


def test_the_rule_defaults_to_simple_with_k_2() -> None:
    result = calculate_document(RESULT)
    assert (result["decision"], result["guard_band"]) == ("pass", 0)
    assert result["acceptance"] == {"lower": 9.9, "upper": 10.1}


def test_the_guard_band_is_k_times_u_times_r() -> None:
    result = calculate_document(RESULT | {"decision_rule": "guarded_r", "r": 0.5, "coverage_factor": 3})
    assert result["guard_band"] == pytest.approx(0.06)
    assert result["acceptance"] == {"lower": pytest.approx(9.96), "upper": pytest.approx(10.04)}


def test_r_outside_its_rule_is_not_used_and_said_so() -> None:
    result = calculate_document(RESULT | {"decision_rule": "guarded", "r": 0.1})
    assert result["guard_band"] == pytest.approx(0.08)
    assert "guarded_r" in _notes(result)


def test_an_empty_acceptance_zone_fails_with_a_note() -> None:
    result = calculate_document(RESULT | {"value": 10.0, "standard_uncertainty": 0.06, "decision_rule": "guarded"})
    assert result["decision"] == "fail"
    assert "miền chấp nhận rỗng" in _notes(result)
    assert "acceptance zone is empty" in _notes(result)


def test_weak_simple_acceptance_is_said_so() -> None:
    assert "1/3" in _notes(calculate_document(RESULT))
    assert "1/3" not in _notes(calculate_document(RESULT | {"standard_uncertainty": 0.01}))


def test_a_side_without_a_limit_is_null_with_a_note() -> None:
    result = calculate_document(RESULT | {"limits": {"upper": 10.1, "lower": None}})
    assert result["acceptance"] == {"lower": None, "upper": 10.1}
    assert result["measurement_capability_index"] is None
    assert "one-sided" in _notes(result)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"standard_uncertainty": 0}, "measurement_capability_index", "infinite"),
        ({"acceptance": {"lower": 9.95, "upper": 10.1}}, "guard_band", "different amounts"),
    ],
)
def test_a_quantity_that_does_not_exist_is_null_with_a_note(change: dict[str, Any], field: str, words: str) -> None:
    result = calculate_document(RESULT | change)
    assert result[field] is None
    assert words in _notes(result)


def test_global_risk_takes_the_limits_of_the_rule() -> None:
    guarded = calculate_document(RESISTOR | {"decision_rule": "guarded"})
    stated = calculate_document(RESISTOR | {"acceptance": {"lower": -0.12, "upper": 0.12}})
    assert guarded["global"] == pytest.approx(stated["global"], rel=1e-9)
    assert guarded["global"]["consumer_risk"] == pytest.approx(0.0004686335988703772, rel=1e-9)  # type: ignore[index]
    assert stated["guard_band"] == pytest.approx(0.08)


def test_stated_acceptance_limits_carry_the_global_risk_beside_a_rule() -> None:
    result = calculate_document(RESISTOR | {"decision_rule": "guarded", "acceptance": {"lower": -0.2, "upper": 0.2}})
    assert result["global"]["consumer_risk"] == pytest.approx(0.01894220671702914, rel=1e-9)  # type: ignore[index]
    assert result["acceptance"] == {"lower": pytest.approx(-0.12), "upper": pytest.approx(0.12)}


def test_stated_acceptance_limits_decide_when_no_rule_is_named() -> None:
    result = calculate_document(RESULT | {"acceptance": {"lower": 9.98, "upper": 10.02}})
    assert result["decision"] == "fail"


@pytest.mark.parametrize(
    "prior",
    [
        {"distribution": "rectangular", "lower": -0.3, "upper": 0.3},
        {"distribution": "rectangular", "mean": 0, "half_width": 0.3},
    ],
)
def test_a_rectangular_prior_is_stated_by_limits_or_by_its_half_width(prior: dict[str, Any]) -> None:
    result = calculate_document(RESISTOR | {"prior": prior})
    assert result["global"]["probability_out_of_tolerance"] == pytest.approx(1 / 3)  # type: ignore[index]


def test_a_value_beside_a_prior_has_a_posterior() -> None:
    result = calculate_document(RESISTOR | {"value": 0.19, "standard_uncertainty": 0.04})
    assert result["conformance_probability"] == pytest.approx(0.5987063256829238, rel=1e-12)
    assert result["posterior"]["mean"] == pytest.approx(0.171)  # type: ignore[index]


@pytest.mark.parametrize("kind", ["consumer_risk", "producer_risk", "specific_risk"])
def test_acceptance_is_solved_for_each_target(kind: str) -> None:
    solved = calculate_document(RESISTOR | {"solve_acceptance_for": {kind: 0.01}})["acceptance_for_target"]
    assert solved["upper"] == pytest.approx(0.2 - solved["guard_band"])  # type: ignore[index]


def test_a_target_without_limits_is_null_with_a_note() -> None:
    result = calculate_document(RESISTOR | {"solve_acceptance_for": {"consumer_risk": 0.3}})
    assert result["acceptance_for_target"] == {"lower": None, "upper": None, "guard_band": None}
    assert "consumer_risk = 0.3" in _notes(result)


def test_acceptance_beyond_the_tolerance_is_said_so() -> None:
    result = calculate_document(RESISTOR | {"solve_acceptance_for": {"consumer_risk": 0.05}})
    assert "outside the tolerance" in _notes(result)


def test_nothing_accepted_leaves_no_conditional_risk() -> None:
    result = calculate_document(RESISTOR | {"decision_rule": "guarded_r", "r": 3})
    assert result["global"]["conditional_consumer_risk"] is None  # type: ignore[index]
    assert "nothing is ever accepted" in _notes(result)


def test_every_result_is_plain_json() -> None:
    for document in (RESULT, RESISTOR, RESISTOR | {"decision_rule": "guarded_r", "r": 3}):
        json.dumps(calculate_document(document), allow_nan=False)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"value": "9.97"}, "value"),
        ({"value": float("nan")}, "value"),
        ({"standard_uncertainty": -1}, "standard_uncertainty"),
        ({"limits": {}}, "limits"),
        ({"limits": {"lower": 10.1, "upper": 9.9}}, "limits"),
        ({"limits": {"lower": 1, "uper": 2}}, "limits.uper"),
        ({"limits": [9.9, 10.1]}, "limits"),
        ({"decision_rule": "strict"}, "decision_rule"),
        ({"r": "1"}, "r"),
        ({"coverage_factor": 0}, "coverage_factor"),
        ({"prior": NORMAL}, "measurement"),
        ({"measurement": {"standard_uncertainty": 1}}, "prior"),
        ({"prior": NORMAL | {"standard_deviation": 0}, "measurement": {"standard_uncertainty": 1}},
         "prior.standard_deviation"),
        ({"prior": NORMAL | {"shape": 1}, "measurement": {"standard_uncertainty": 1}}, "prior.shape"),
        ({"prior": {"distribution": "beta"}, "measurement": {"standard_uncertainty": 1}}, "prior.distribution"),
        ({"prior": {"distribution": "rectangular", "lower": 1, "upper": 1}, "measurement": {"standard_uncertainty": 1}},
         "prior.upper"),
        ({"prior": {"distribution": "rectangular", "lower": 1, "half_width": 1},
          "measurement": {"standard_uncertainty": 1}}, "prior"),
        ({"prior": NORMAL, "measurement": {}}, "measurement.standard_uncertainty"),
        ({"solve_acceptance_for": {"consumer_risk": 0.01}}, "prior"),
        ({"solve_acceptance_for": {"specific_risk": 1}}, "solve_acceptance_for.specific_risk"),
        ({"solve_acceptance_for": {"specific_risk": 0.1, "consumer_risk": 0.1}}, "solve_acceptance_for"),
        ({"acceptance": {"lower": 2, "upper": 1}}, "acceptance"),
        ({"conformity": 2}, "conformity"),
        ({"limit": {}}, "limit"),
    ],
)  # fmt: skip
def test_wrong_input_is_named_by_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document(RESULT | change)
    assert caught.value.path == path
    assert caught.value.vi
    assert caught.value.en


@pytest.mark.parametrize("key", ["value", "standard_uncertainty", "limits"])
def test_what_a_decision_needs_is_asked_for(key: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document({name: value for name, value in RESULT.items() if name != key})
    assert caught.value.path == key


def _notes(result: dict[str, object]) -> str:
    notes = result["notes"]
    assert isinstance(notes, list)
    return "\n".join(notes)
