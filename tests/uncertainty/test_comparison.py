"""Scores of interlaboratory comparisons at and between their bounds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.comparison import Stated, Verdict, calculate_document, compare
from uncertainty.errors import InputError

CASE: dict[str, Any] = {
    "comparison": 1,
    "lab": {"value": 10.012, "expanded_uncertainty": 0.008},
    "reference": {"value": 10.004, "expanded_uncertainty": 0.006},
    "sigma_pt": 0.004,
}


def test_the_four_scores() -> None:
    """ISO 13528:2022 clause 9 by hand: d = 0.008, U = 0.008 and 0.006, σ_pt = 0.004."""
    result = calculate_document(CASE)
    assert [result[name] for name in ("En", "zeta", "z", "z_prime")] == pytest.approx([0.8, 1.6, 2.0, 1.6], rel=1e-15)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (10.010, "satisfactory"),
        (10.012, "satisfactory"),
        (10.0120001, "questionable"),
        (10.0159999, "questionable"),
        (10.016, "unsatisfactory"),
        (9.996, "satisfactory"),
        (9.992, "unsatisfactory"),
    ],
)
def test_z_is_satisfactory_up_to_2_and_unsatisfactory_from_3(value: float, verdict: str) -> None:
    result: Any = calculate_document(CASE | {"lab": {"value": value, "expanded_uncertainty": 0.008}})
    assert result["verdicts"]["z"] == verdict


@pytest.mark.parametrize(("value", "verdict"), [(10.014, "satisfactory"), (10.0140001, "unsatisfactory")])
def test_en_is_satisfactory_up_to_1_and_never_questionable(value: float, verdict: str) -> None:
    result: Any = calculate_document(CASE | {"lab": {"value": value, "expanded_uncertainty": 0.008}})
    assert result["verdicts"]["En"] == verdict


@pytest.mark.parametrize(("expanded", "z_prime"), [(0.0024, 2.0), (0.0025, 0.008 / (0.004**2 + 0.00125**2) ** 0.5)])
def test_the_references_uncertainty_counts_above_three_tenths_of_sigma(expanded: float, z_prime: float) -> None:
    result = calculate_document(CASE | {"reference": {"value": 10.004, "expanded_uncertainty": expanded}})
    assert result["z_prime"] == pytest.approx(z_prime, rel=1e-14)


def test_the_coverage_factor_turns_u_into_a_standard_uncertainty() -> None:
    common: Any = calculate_document(CASE | {"coverage_factor": 4})
    own: Any = calculate_document(CASE | {side: CASE[side] | {"coverage_factor": 4} for side in ("lab", "reference")})
    assert common["zeta"] == own["zeta"] == pytest.approx(3.2)
    assert common["En"] == own["En"] == pytest.approx(0.8)


def test_a_standard_uncertainty_may_be_stated_instead() -> None:
    sides = {
        "lab": {"value": 10.012, "standard_uncertainty": 0.004},
        "reference": {"value": 10.004, "standard_uncertainty": 0.003},
    }
    assert calculate_document(CASE | sides) == calculate_document(CASE)


def test_without_sigma_there_is_no_z() -> None:
    result: Any = calculate_document({key: value for key, value in CASE.items() if key != "sigma_pt"})
    assert (result["z"], result["z_prime"], result["verdicts"]["z"]) == (None, None, None)
    assert "sigma_pt" in result["notes"][0]


def test_without_any_uncertainty_en_and_zeta_are_undefined() -> None:
    exact = {side: CASE[side] | {"expanded_uncertainty": 0} for side in ("lab", "reference")}
    result: Any = calculate_document(CASE | exact)
    assert (result["En"], result["zeta"], result["z"]) == (None, None, 2.0)
    json.dumps(result, allow_nan=False)


@settings(max_examples=80, deadline=None)
@given(x=st.floats(-100, 100), big_x=st.floats(-100, 100), u=st.floats(0.01, 10), big_u=st.floats(0.01, 10))
def test_exchanging_the_sides_changes_the_sign_alone(x: float, big_x: float, u: float, big_u: float) -> None:
    here, there = compare(Stated(x, u), Stated(big_x, big_u)), compare(Stated(big_x, big_u), Stated(x, u))
    assert here.en is not None
    assert there.en is not None
    assert (here.en.value, here.en.verdict) == (-there.en.value, there.en.verdict)
    assert (abs(here.en.value) <= 1) == (here.en.verdict is Verdict.SATISFACTORY)
    assert here.zeta is not None
    assert here.zeta.value == pytest.approx(2 * here.en.value, rel=1e-14)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"lab": {"value": 1}}, "lab.expanded_uncertainty"),
        ({"lab": {"expanded_uncertainty": 1}}, "lab.value"),
        ({"lab": {"value": 1, "expanded_uncertainty": -1}}, "lab.expanded_uncertainty"),
        ({"lab": {"value": 1, "expanded_uncertainty": 1, "standard_uncertainty": 1}}, "lab.standard_uncertainty"),
        ({"lab": {"value": 1, "expanded_uncertainty": 1, "coverage_factor": 0}}, "lab.coverage_factor"),
        ({"reference": 10.004}, "reference"),
        ({"sigma_pt": 0}, "sigma_pt"),
        ({"coverage_factor": "2"}, "coverage_factor"),
        ({"sigma": 1}, "sigma"),
    ],
)
def test_wrong_input_is_named_by_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document(CASE | change)
    assert caught.value.path == path
