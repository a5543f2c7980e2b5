"""The uncertainty between two points with their covariance, against a matrix computation of its own."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.evaluation import StandardUse
from instruments.interpolation import interpolated_u
from instruments.library import load_shipped
from instruments.observations import StandardData, StandardPoint
from instruments.standard_values import serve

SMALL = st.floats(1e-6, 10)
SHARES = st.floats(0.001, 0.999)


@given(SMALL, SMALL, SHARES, st.floats(-1, 1))
def test_it_is_the_law_of_propagation_with_the_covariance_matrix(u1: float, u2: float, s: float, r: float) -> None:
    sensitivity = np.array([1 - s, s])
    covariance = np.array([[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]])
    assert interpolated_u(u1, u2, s, r) == pytest.approx(
        np.sqrt(max(0.0, sensitivity @ covariance @ sensitivity)), rel=1e-6, abs=1e-8)


def test_monte_carlo_agrees() -> None:
    r, s, u1, u2 = 0.4, 0.3, 2.0, 3.0
    draws = np.random.default_rng(1).multivariate_normal(
        [0, 0], [[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]], 400_000)
    assert interpolated_u(u1, u2, s, r) == pytest.approx((draws @ [1 - s, s]).std(), rel=0.01)


@given(SMALL, SMALL, SHARES, st.floats(-1, 1))
def test_full_correlation_gives_the_largest_u(u1: float, u2: float, s: float, r: float) -> None:
    assert interpolated_u(u1, u2, s, r) <= interpolated_u(u1, u2, s, 1.0) + 1e-12
    assert interpolated_u(u1, u2, s, 1.0) == pytest.approx((1 - s) * u1 + s * u2)


@pytest.mark.parametrize(("r", "U"), [(1.0, 0.4), (0.0, 0.4 / np.sqrt(2)), (-1.0, 0.0)])
def test_an_evaluation_takes_the_stated_correlation(r: float, U: float) -> None:
    slot = next(slot for slot in load_shipped("multimeter-dc").standards if slot.between == "linear")
    points = (StandardPoint(0, 0.4, 2.0, value=0.1), StandardPoint(10, 0.4, 2.0, value=10.3))
    use: StandardUse = serve(slot, [StandardData("CH", "1", "V", points, correlation=r)], 5.0)[0]
    assert (use.correction, use.U) == (pytest.approx(0.2), pytest.approx(U, abs=1e-12))

