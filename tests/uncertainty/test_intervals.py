"""Calibration intervals against published tables and against the meaning of each method."""

from __future__ import annotations

import json
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.errors import InputError
from uncertainty.intervals import calculate_document
from uncertainty.recalibration import clopper_pearson, control_chart, drift_interval, reliability_tested_interval

A3: dict[str, Any] = {
    "interval": 1,
    "method": "A3",
    "in_tolerance": 15,
    "tested": 20,
    "interval_days": 365,
    "target_reliability": 0.95,
}
DRIFT: dict[str, Any] = {
    "method": "variables",
    "days": [70, 86, 104, 135, 167, 173],
    "drift": [0.1, 0.11, 0.251, 0.299, 0.403, 0.615],
    "order": 2,
    "initial_standard_uncertainty": 0.28,
    "target_standard_uncertainty": 0.5,
}
STAIRS: dict[str, Any] = {"method": "staircase", "interval_days": 360, "drift": 0.8, "limit": 1.0}
CHART: dict[str, Any] = {
    "method": "control_chart",
    "days": [0, 365, 730],
    "values": [1.0, 1.1, 1.2],
    "expanded_uncertainty": [0.1, 0.1, 0.1],
    "limit": 0.5,
}


@pytest.mark.parametrize(
    ("passed", "days", "recommended", "rejection", "low", "high"),
    [
        (15, 365, 231, 0.9949, 0.6516, 0.8286),
        (14, 365, 205, 0.9993, 0.6000, 0.7843),
        (16, 730, 523, 0.9682, 0.7041, 0.8716),
    ],
)
def test_assets_of_the_ncsl_tutorial(
    passed: int, days: float, recommended: int, rejection: float, low: float, high: float
) -> None:
    """NCSL International Symposium 2019, tutorial on intervals: assets 1 to 3, R = 0.95, 50 % confidence."""
    found = reliability_tested_interval(passed, 20, days, 0.95)
    assert found.recommended_days == recommended
    assert found.rejection_confidence == pytest.approx(rejection, abs=5e-5)
    assert found.reliability_interval == pytest.approx((low, high), abs=5e-5)


def test_another_confidence_changes_the_reliability_interval_alone() -> None:
    result = calculate_document(A3 | {"confidence": 0.95})
    assert result["recommended_days"] == 231
    assert result["reliability_interval"] == pytest.approx([0.5090, 0.9134], abs=5e-5)  # textbook value for 15 of 20


@settings(max_examples=60, deadline=None)
@given(tested=st.integers(1, 60), share=st.floats(0, 1), target=st.floats(0.5, 0.99), confidence=st.floats(0.1, 0.99))
def test_the_formula_of_a3_with_binomial_sums(tested: int, share: float, target: float, confidence: float) -> None:
    passed = round(share * tested)
    at_most = [
        sum(comb(tested, k) * target**k * (1 - target) ** (tested - k) for k in range(top)) for top in range(tested + 2)
    ]
    gap = passed / tested - target
    q = 1 - 2 * at_most[passed + 1] if gap < 0 else 1 - 2 * (1 - at_most[passed])
    found = reliability_tested_interval(passed, tested, 365, target, confidence)
    assert found.days == pytest.approx(365 * 10 ** (gap * q), rel=1e-9)
    low, high = found.reliability_interval
    assert low <= passed / tested <= high


def test_at_the_target_the_interval_stays() -> None:
    found = reliability_tested_interval(19, 20, 365, 0.95)
    assert (found.recommended_days, found.rejection_confidence) == (365, 0)


def test_a_longer_interval_says_what_it_rests_on() -> None:
    result: Any = calculate_document(A3 | {"in_tolerance": 20})
    assert result["recommended_days"] > 365
    assert "RP-1" in result["notes"][0]


def test_no_success_and_all_successes_reach_the_ends() -> None:
    assert clopper_pearson(0, 10, 0.95) == (0.0, pytest.approx(1 - 0.025 ** (1 / 10)))
    assert clopper_pearson(10, 10, 0.95) == (pytest.approx(0.025 ** (1 / 10)), 1.0)


def test_variables_data_of_the_nasa_handbook() -> None:
    """NASA-HDBK-8739.19-5 tables 7-2, 7-3 and 7-7: 327.15 days."""
    result: Any = calculate_document(DRIFT)
    assert result["coefficients"] == [pytest.approx(0.00015741, abs=5e-9), pytest.approx(0.00001674, abs=5e-9)]
    assert result["standard_uncertainties"][0] ** 2 == pytest.approx(0.00000101, abs=5e-9)
    assert result["residual_standard_deviation"] == pytest.approx(0.0708, abs=5e-5)
    assert result["recommended_days"] == pytest.approx(327.15, abs=0.005)


@settings(max_examples=20, deadline=None)
@given(order=st.integers(1, 3), target=st.floats(0.4, 5))
def test_the_uncertainty_meets_its_target_on_the_recommended_day(order: int, target: float) -> None:
    days, drift = np.array(DRIFT["days"], float), np.array(DRIFT["drift"])
    found = drift_interval(DRIFT["days"], DRIFT["drift"], order, 0.28, target)
    design = np.vander(days / 100, order + 1, increasing=True)[:, 1:]
    beta = np.linalg.lstsq(design, drift, rcond=None)[0]
    variance = np.sum((drift - design @ beta) ** 2) / (6 - order)
    assert found.recommended_days is not None
    step = (found.recommended_days / 100) ** np.arange(1, order + 1)
    reached = 0.28**2 + variance + step @ np.linalg.inv(design.T @ design) @ step * variance
    assert reached == pytest.approx(target**2, rel=1e-8)


@pytest.mark.parametrize(
    ("change", "days", "words"),
    [
        ({"target_standard_uncertainty": 0.2}, 0, "already exceeds"),
        ({"order": 1, "drift": [0.070, 0.086, 0.104, 0.135, 0.167, 0.173]}, None, "never reaches"),
    ],
)
def test_an_interval_that_cannot_be_met_or_need_not_end_is_said_so(
    change: dict[str, Any], days: float | None, words: str
) -> None:
    result: Any = calculate_document(DRIFT | change)
    assert result["recommended_days"] == days
    assert words in result["notes"][0]
    json.dumps(result, allow_nan=False)


@pytest.mark.parametrize(
    ("change", "days", "step"),
    [
        ({}, 450, "extend"),
        ({"drift": -0.8}, 450, "extend"),
        ({"drift": 0.81}, 216, "cut"),
        ({"longest_days": 400}, 400, "extend"),
        ({"drift": 5, "shortest_days": 300}, 300, "cut"),
        ({"extend": 1.5}, 540, "extend"),
        ({"keep_share": 0.5}, 216, "cut"),
    ],
)
def test_a_staircase_takes_one_step_inside_its_range(change: dict[str, Any], days: int, step: str) -> None:
    """ILAC-G24:2022 method 1: up to 80 % of the limit is kept and extended."""
    result = calculate_document(STAIRS | change)
    assert (result["recommended_days"], result["step"]) == (days, step)


def test_a_control_chart_ends_where_line_and_band_meet_the_limit() -> None:
    """At that day |x(t) − x_last| + U(t) = limit, with the textbook variance of a line."""
    found = control_chart([0, 365, 730], [1.0, 1.1, 1.2], [0.1] * 3, 0.5)
    assert found.recommended_days is not None
    t = found.recommended_days + 730
    spread = 0.05 * np.sqrt(1 / 3 + (t - 365) ** 2 / (2 * 365**2))
    assert 0.1 * found.recommended_days / 365 + 2 * spread == pytest.approx(0.5, rel=1e-12)


def test_values_that_scatter_more_than_u_widen_the_band() -> None:
    calm = control_chart([0, 365, 730, 1095], [1.0, 1.1, 1.2, 1.3], [0.1] * 4, 0.5)
    wild = control_chart([0, 365, 730, 1095], [1.0, 1.3, 1.0, 1.3], [0.1] * 4, 0.5)
    assert (calm.scatter_ratio, wild.scatter_ratio > 2) == (1, True)
    assert wild.drift_standard_uncertainty > calm.drift_standard_uncertainty


def test_a_mirrored_chart_has_the_same_interval() -> None:
    up = control_chart([0, 365, 730], [1.0, 1.1, 1.25], [0.1] * 3, 0.5)
    down = control_chart([0, 365, 730], [-1.0, -1.1, -1.25], [0.1] * 3, 0.5)
    assert up.recommended_days == pytest.approx(down.recommended_days, rel=1e-12)


def test_the_order_of_the_calibrations_does_not_matter() -> None:
    shuffled = control_chart([730, 0, 365], [1.2, 1.0, 1.1], [0.1] * 3, 0.5)
    assert shuffled == control_chart([0, 365, 730], [1.0, 1.1, 1.2], [0.1] * 3, 0.5)


@pytest.mark.parametrize(
    ("change", "days", "words"),
    [
        ({"limit": 0.05}, 0, "exceeded at the latest"),
        ({"longest_days": 365}, 365, "extrapolation"),
    ],
)
def test_a_chart_is_limited_by_what_is_permitted(change: dict[str, Any], days: float, words: str) -> None:
    result: Any = calculate_document(CHART | change)
    assert result["recommended_days"] == days
    assert words in result["notes"][0]


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "method"),
        ({"method": "guess"}, "method"),
        ({"method": 3}, "method"),
        (A3 | {"tested": 0}, "tested"),
        (A3 | {"in_tolerance": 21}, "in_tolerance"),
        (A3 | {"in_tolerance": 1.5}, "in_tolerance"),
        (A3 | {"target_reliability": 1}, "target_reliability"),
        (A3 | {"confidence": 0}, "confidence"),
        (A3 | {"interval_days": 0}, "interval_days"),
        (A3 | {"days": [1]}, "days"),
        (DRIFT | {"drift": [1, 2]}, "drift"),
        (DRIFT | {"days": [1, 2], "drift": [1, 2]}, "days"),
        (DRIFT | {"days": [50] * 6}, "days"),
        (DRIFT | {"days": [0] * 6, "order": 1}, "days"),
        (DRIFT | {"days": [-1, 2, 3, 4, 5, 6]}, "days.0"),
        (DRIFT | {"order": 7}, "order"),
        (DRIFT | {"target_standard_uncertainty": 0}, "target_standard_uncertainty"),
        (STAIRS | {"limit": 0}, "limit"),
        (STAIRS | {"longest_days": 0}, "longest_days"),
        (STAIRS | {"cut": 1.1}, "cut"),
        (CHART | {"days": [0, 365]}, "days"),
        (CHART | {"days": [5, 5, 5]}, "days"),
        (CHART | {"values": [1, 2]}, "values"),
        (CHART | {"expanded_uncertainty": [0.1, 0, 0.1]}, "expanded_uncertainty.1"),
    ],
)
def test_wrong_input_is_named_by_its_path(document: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document(document)
    assert caught.value.path == path
