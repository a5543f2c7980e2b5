"""Corrections between points with their covariance, against a matrix computation of its own."""
from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.evaluation import StandardUse
from instruments.interpolation import CorrectionPoint, correction_at, correlation_of_common_part, interpolated_u
from instruments.library import load_shipped
from instruments.observations import StandardData, StandardPoint
from instruments.standard_values import serve

SMALL = st.floats(1e-6, 10)
SHARES = st.floats(0.001, 0.999)


@given(st.floats(-5, 5), st.floats(-5, 5), SMALL, SMALL, SHARES, st.floats(-1, 1))
def test_it_is_the_law_of_propagation_with_the_covariance_matrix(c1: float, c2: float, u1: float, u2: float, s: float,
                                                                  r: float) -> None:
    points = [CorrectionPoint(0.0, c1, u1), CorrectionPoint(1.0, c2, u2)]
    c, u = correction_at(points, s, r)
    sensitivity = np.array([1 - s, s])
    covariance = np.array([[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]])
    assert c == pytest.approx(sensitivity @ [c1, c2], abs=1e-12)
    assert u == pytest.approx(np.sqrt(max(0.0, sensitivity @ covariance @ sensitivity)), rel=1e-6, abs=1e-8)


def test_monte_carlo_agrees() -> None:
    r, s, u1, u2 = 0.4, 0.3, 2.0, 3.0
    draws = np.random.default_rng(1).multivariate_normal(
        [0, 0], [[u1 * u1, r * u1 * u2], [r * u1 * u2, u2 * u2]], 400_000)
    assert interpolated_u(u1, u2, s, r) == pytest.approx((draws @ [1 - s, s]).std(), rel=0.01)


@given(SMALL, SMALL, SHARES, st.floats(-1, 1))
def test_full_correlation_gives_the_largest_u(u1: float, u2: float, s: float, r: float) -> None:
    assert interpolated_u(u1, u2, s, r) <= interpolated_u(u1, u2, s, 1.0) + 1e-12
    assert interpolated_u(u1, u2, s, 1.0) == pytest.approx((1 - s) * u1 + s * u2)


def test_at_a_point_it_is_the_points_own_and_beyond_them_nothing() -> None:
    points = [CorrectionPoint(10, 0.2, 0.01), CorrectionPoint(0, 0.1, 0.02)]
    assert correction_at(points, 10, 0.0) == (0.2, 0.01)
    for x in (-0.1, 10.1):
        with pytest.raises(ValueError, match="beyond"):
            correction_at(points, x)
    with pytest.raises(ValueError, match="once"):
        correction_at([*points, CorrectionPoint(0, 0, 0)], 5)
    with pytest.raises(ValueError, match="lies in"):
        correction_at(points, 5, 1.1)


def test_a_common_part_makes_the_correlation() -> None:
    assert correlation_of_common_part(5.0, 5.0, 3.0) == pytest.approx(9 / 25)
    with pytest.raises(ValueError, match="common"):
        correlation_of_common_part(5.0, 2.0, 3.0)


@pytest.mark.parametrize(("r", "U"), [(1.0, 0.4), (0.0, 0.4 / np.sqrt(2)), (-1.0, 0.0)])
def test_an_evaluation_takes_the_stated_correlation(r: float, U: float) -> None:
    slot = next(slot for slot in load_shipped("multimeter-dc").standards if slot.between == "linear")
    points = (StandardPoint(0, 0.4, 2.0, value=0.1), StandardPoint(10, 0.4, 2.0, value=10.3))
    use: StandardUse = serve(slot, [StandardData("CH", "1", "V", points, correlation=r)], 5.0)[0]
    assert (use.correction, use.U) == (pytest.approx(0.2), pytest.approx(U, abs=1e-12))

