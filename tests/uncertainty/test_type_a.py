"""Type A evaluation of readings."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uncertainty.type_a import evaluate_pooled, evaluate_readings, pooled_standard_deviation


def test_twenty_temperatures_of_the_gum() -> None:
    """GUM 4.4.3, table 1: mean 100.145 °C → 100.14, s = 1.489 → 1.49, s/√20 = 0.333 → 0.33, 19 degrees of freedom."""
    readings = [
        96.90, 98.18, 98.25, 98.61, 99.03, 99.49, 99.56, 99.74, 99.89, 100.07,
        100.33, 100.42, 100.68, 100.95, 101.11, 101.20, 101.57, 101.84, 102.36, 102.72,
    ]  # fmt: skip
    found = evaluate_readings(readings)
    assert found.mean == pytest.approx(100.145, abs=5e-4)
    assert found.standard_deviation == pytest.approx(1.489, abs=5e-4)
    assert found.standard_uncertainty == pytest.approx(0.333, abs=5e-4)
    assert (found.number, found.dof) == (20, 19.0)


def test_differences_of_ten_to_the_minus_two_on_ten_to_the_nine_keep_six_digits() -> None:
    readings = [1e9 + 0.01 * k for k in (0, 1, 2, 3, 4)]
    assert evaluate_readings(readings).standard_deviation == pytest.approx(0.01 * math.sqrt(2.5), rel=1e-4)


def test_equal_readings_have_no_spread() -> None:
    assert evaluate_readings([0.1, 0.1, 0.1]).standard_uncertainty == 0.0


def test_readings_at_the_end_of_the_range_do_not_overflow() -> None:
    assert evaluate_readings([1.7e308, 1.7e308]).mean == 1.7e308


@pytest.mark.parametrize("readings", [[], [1.0]])
def test_fewer_than_two_readings_have_no_standard_deviation(readings: list[float]) -> None:
    with pytest.raises(ValueError, match="two readings"):
        evaluate_readings(readings)


def test_a_pooled_standard_deviation_serves_a_single_reading() -> None:
    """EA-4/02 S2: s_p = 25 mg, three differences, u = 14.4 mg."""
    assert evaluate_pooled([0.02], 0.025).standard_uncertainty == 0.025
    three = evaluate_pooled([0.01, 0.03, 0.02], 0.025)
    assert three.standard_uncertainty == pytest.approx(0.0144, abs=5e-5)
    assert three.mean == pytest.approx(0.02)
    assert math.isinf(three.dof)
    with pytest.raises(ValueError, match="one reading"):
        evaluate_pooled([], 0.025)


def test_a_pooled_standard_deviation_weighs_by_degrees_of_freedom() -> None:
    deviation, dof = pooled_standard_deviation([[1.0, 3.0], [5.0, 5.0, 5.0]])
    assert dof == 3.0
    assert deviation == pytest.approx(math.sqrt(2.0 / 3.0))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12), st.floats(-1e3, 1e3))
def test_a_shift_of_all_readings_does_not_change_their_spread(readings: list[float], shift: float) -> None:
    before, after = evaluate_readings(readings), evaluate_readings([x + shift for x in readings])
    assert after.standard_deviation == pytest.approx(before.standard_deviation, rel=1e-6, abs=1e-8)
