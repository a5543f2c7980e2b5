"""Calibration curves against GUM H.3, ISO/TS 28037:2010, York's data and their own definitions."""

from __future__ import annotations

from math import hypot, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.uncertainty import strd
from uncertainty.errors import InputError
from uncertainty.points import Points
from uncertainty.polynomial_fit import Inverse, PolynomialFit, fit_polynomial

SIX = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
EQUAL = Points(SIX, [3.3, 5.6, 7.1, 9.3, 10.7, 12.1], u_y=[0.5] * 6)
UNEQUAL = Points(SIX, [3.2, 4.3, 7.6, 8.6, 11.7, 12.8], u_y=[0.5, 0.5, 0.5, 1.0, 1.0, 1.0])
UNKNOWN = Points(SIX, [3.014, 5.225, 7.004, 9.061, 11.201, 12.762])
PARABOLA = Points([0, 1, 2, 3, 4, 5], [0.0, 1.1, 3.9, 9.1, 16.0, 25.0])


def test_equal_weights_of_iso_ts_28037() -> None:
    """ISO/TS 28037:2010 6.3 example 1."""
    fitted = fit_polynomial(EQUAL)
    assert fitted.parameters == pytest.approx((1.867, 1.757), abs=5e-4)
    assert fitted.standard_uncertainties == pytest.approx((0.465, 0.120), abs=5e-4)
    assert _covariance(fitted) == pytest.approx(-0.050, abs=5e-4)
    assert fitted.chi_squared == pytest.approx(1.665, abs=5e-4)
    assert fitted.dof == 4


def test_unequal_weights_of_iso_ts_28037() -> None:
    """ISO/TS 28037:2010 6.3 example 2."""
    fitted = fit_polynomial(UNEQUAL)
    assert fitted.parameters == pytest.approx((0.885, 2.057), abs=5e-4)
    assert fitted.standard_uncertainties == pytest.approx((0.530, 0.178), abs=5e-4)
    assert _covariance(fitted) == pytest.approx(-0.082, abs=5e-4)
    assert fitted.chi_squared == pytest.approx(4.131, abs=5e-4)


def test_uncertain_x_and_y_of_iso_ts_28037() -> None:
    """ISO/TS 28037:2010 7.4, generalised distance regression."""
    fitted = fit_polynomial(
        Points(
            [1.2, 1.9, 2.9, 4.0, 4.7, 5.9],
            [3.4, 4.4, 7.2, 8.5, 10.8, 13.5],
            u_x=[0.2] * 6,
            u_y=[0.2, 0.2, 0.2, 0.4, 0.4, 0.4],
        )
    )
    assert fitted.parameters == pytest.approx((0.5788, 2.1597), abs=5e-5)
    assert fitted.standard_uncertainties == pytest.approx((0.4764, 0.1355), abs=5e-5)
    assert _covariance(fitted) == pytest.approx(-0.0577, abs=5e-5)
    assert fitted.chi_squared == pytest.approx(2.743, abs=5e-4)


def test_unknown_weights_of_iso_ts_28037() -> None:
    """ISO/TS 28037:2010 annex E: a = 1.172, u = 0.159; b = 1.964, u = 0.041, before its factor of 2."""
    fitted = fit_polynomial(UNKNOWN)
    assert fitted.parameters == pytest.approx((1.172, 1.964), abs=5e-4)
    assert fitted.standard_uncertainties == pytest.approx((0.159, 0.041), abs=5e-4)
    assert fitted.chi_squared is None


def test_pearsons_data_with_yorks_weights() -> None:
    """York 1966: slope −0.480533407, intercept 5.47991022, S = 11.866."""
    w_x = [1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1]
    w_y = [1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500]
    fitted = fit_polynomial(
        Points(
            [0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4],
            [5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5],
            u_x=[1 / sqrt(w) for w in w_x],
            u_y=[1 / sqrt(w) for w in w_y],
        )
    )
    assert fitted.parameters == pytest.approx((5.47991022, -0.480533407), rel=2e-9)
    assert fitted.chi_squared == pytest.approx(11.866, abs=5e-4)
    assert fitted.standard_uncertainties == pytest.approx((0.2950, 0.0580), abs=5e-5)


def test_young_modulus_against_temperature() -> None:
    """Natrella, Experimental Statistics, NBS Handbook 91, 5-4.1."""
    x = [30.0, *(100.0 * place for place in range(1, 16))]
    y = [4642, 4612, 4565, 4513, 4476, 4433, 4389, 4347, 4303, 4251, 4201, 4140, 4100, 4073, 4024, 3999]
    fitted = fit_polynomial(Points(x, y))
    assert fitted.parameters == pytest.approx((4654.9846, -0.44985482), rel=1e-8)
    assert fitted.standard_uncertainties == pytest.approx((sqrt(19.879452), sqrt(0.000025649045)), rel=1e-7)
    assert fitted.residual_standard_deviation == pytest.approx(9.277617, rel=1e-6)
    assert fitted.predict(1200).standard_uncertainty == pytest.approx(sqrt(10.53), rel=0.001)


def test_inverse_of_a_single_observation() -> None:
    """ISO/TS 28037:2010 6.4.2: y = 10.5, u = 0.5 → x = 4.913, u = 0.322; with the unequal weights and u = 1: 0.533."""
    one = fit_polynomial(EQUAL).invert([10.5])
    two = fit_polynomial(UNEQUAL).invert([10.5], 1.0)
    assert one == Inverse(pytest.approx(4.913, abs=5e-4), pytest.approx(0.322, abs=5e-4), True)
    assert two == Inverse(pytest.approx(4.674, abs=5e-4), pytest.approx(0.533, abs=5e-4), True)


@settings(max_examples=25, deadline=None)
@given(observed=st.lists(st.floats(3.5, 12.5), min_size=1, max_size=5))
def test_inverse_from_replicates_is_the_classical_formula(observed: list[float]) -> None:
    """s_x0 = (s/b)√(1/m + 1/n + (ȳ₀ − ȳ)²/(b²S_xx)), textbook formula for a line of equal weights."""
    fitted = fit_polynomial(UNKNOWN)
    found = fitted.invert(observed)
    assert found is not None
    b, s, mean = fitted.parameters[1], fitted.residual_standard_deviation, np.mean(observed)
    assert s is not None
    spread = s / b * sqrt(1 / len(observed) + 1 / 6 + (mean - np.mean(UNKNOWN.y)) ** 2 / (b * b * 17.5))
    assert found.standard_uncertainty == pytest.approx(spread, rel=1e-9)
    assert fitted.predict(found.x).y == pytest.approx(mean, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(x_offset=st.floats(-1e4, 1e4), at=st.floats(-10, 20))
def test_the_offset_changes_the_coefficients_and_not_the_curve(x_offset: float, at: float) -> None:
    here, there = fit_polynomial(PARABOLA, 2), fit_polynomial(PARABOLA, 2, x_offset=x_offset)
    assert there.predict(at).y == pytest.approx(here.predict(at).y, rel=1e-12, abs=1e-12)
    assert there.predict(at).standard_uncertainty == pytest.approx(here.predict(at).standard_uncertainty, rel=1e-12)
    assert there.parameters[2] == here.parameters[2]


@settings(max_examples=20, deadline=None)
@given(power=st.integers(-20, 20))
def test_a_change_of_unit_scales_the_parameters(power: int) -> None:
    scale = 2.0**power
    here = fit_polynomial(UNEQUAL)
    there = fit_polynomial(Points(SIX, [scale * y for y in UNEQUAL.y], u_y=[scale * u for u in UNEQUAL.u_y or ()]))
    assert there.parameters == pytest.approx([scale * entry for entry in here.parameters], rel=1e-12, abs=0)
    assert there.chi_squared == pytest.approx(here.chi_squared, rel=1e-12, abs=0)


def test_an_uncorrelated_covariance_is_a_list_of_uncertainties() -> None:
    listed = fit_polynomial(UNEQUAL)
    matrix = np.diag(np.square(UNEQUAL.u_y)).tolist()
    full = fit_polynomial(Points(UNEQUAL.x, UNEQUAL.y, covariance_y=matrix))
    assert full.parameters == listed.parameters
    assert full.standard_uncertainties == listed.standard_uncertainties


def test_a_common_error_of_all_y_widens_the_intercept_alone() -> None:
    """V = u²I + c²11ᵀ: the estimates stay, u²(a) grows by c², u(b) stays (algebra of generalised least squares)."""
    plain = fit_polynomial(EQUAL)
    common = (0.25 * np.eye(6) + 0.81).tolist()
    shared = fit_polynomial(Points(EQUAL.x, EQUAL.y, covariance_y=common))
    assert shared.parameters == pytest.approx(plain.parameters, rel=1e-12)
    assert plain.standard_uncertainties is not None
    assert shared.standard_uncertainties == pytest.approx(
        (hypot(plain.standard_uncertainties[0], 0.9), plain.standard_uncertainties[1]), rel=1e-12
    )


def test_correlated_y_beside_uncertain_x_agree_with_listed_ones() -> None:
    matrix = np.diag(np.square(UNEQUAL.u_y)).tolist()
    full = fit_polynomial(Points(SIX, UNEQUAL.y, u_x=[0.1] * 6, covariance_y=matrix))
    listed = fit_polynomial(Points(SIX, UNEQUAL.y, u_x=[0.1] * 6, u_y=UNEQUAL.u_y))
    assert full.parameters == pytest.approx(listed.parameters, rel=1e-12)
    assert full.standard_uncertainties == pytest.approx(listed.standard_uncertainties, rel=1e-12)


def test_exact_x_beside_uncertain_y_is_an_ordinary_weighted_fit() -> None:
    moved = fit_polynomial(Points(SIX, UNEQUAL.y, u_x=[0.0] * 6, u_y=UNEQUAL.u_y))
    assert moved.parameters == pytest.approx(fit_polynomial(UNEQUAL).parameters, rel=1e-13)


def test_uncertain_x_alone_is_the_fit_of_x_on_y() -> None:
    forward = fit_polynomial(Points(SIX, UNEQUAL.y, u_x=[0.1] * 6))
    backward = fit_polynomial(Points(UNEQUAL.y, SIX, u_y=[0.1] * 6))
    assert 1 / forward.parameters[1] == pytest.approx(backward.parameters[1], rel=1e-12)
    assert forward.chi_squared == pytest.approx(backward.chi_squared, rel=1e-12)


def test_the_fit_with_uncertain_x_is_a_minimum() -> None:
    points = Points(PARABOLA.x, PARABOLA.y, u_x=[0.05] * 6, u_y=[0.1] * 6)
    fitted = fit_polynomial(points, 2)
    best = _distance(np.array(fitted.parameters), points)
    assert fitted.chi_squared == pytest.approx(best, rel=1e-5)  # the search is that fine
    for k in range(3):
        for step in (-1e-4, 1e-4):
            moved = np.array(fitted.parameters)
            moved[k] += step
            assert _distance(moved, points) > best


@pytest.mark.parametrize(("observed", "x", "inside"), [(9.05, 3.00, True), (40.0, 6.33, False)])
def test_a_parabola_is_inverted_inside_its_points_first(observed: float, x: float, inside: bool) -> None:
    found = fit_polynomial(PARABOLA, 2).invert([observed])
    assert found is not None
    assert (found.x, found.is_inside) == (pytest.approx(x, abs=0.01), inside)


def test_a_curve_that_is_never_there_or_there_twice_has_no_inverse() -> None:
    valley = fit_polynomial(Points([-2, -1, 0, 1, 2], [4.1, 0.9, 0.0, 1.1, 3.9]), 2)
    assert valley.invert([2.0]) is None
    assert valley.invert([-3.0]) is None
    assert fit_polynomial(Points([1, 2, 3], [5, 5, 5])).invert([4.0]) is None


def test_a_steep_quintic_is_inverted_to_its_last_digits() -> None:
    known = strd.WAMPLER_1
    found = fit_polynomial(Points(known.x, known.y), 5).invert([1365.0])
    assert found is not None
    assert found.x == pytest.approx(4.0, rel=1e-15)


def test_as_many_points_as_parameters_leave_no_uncertainty() -> None:
    fitted = fit_polynomial(Points([1, 2], [3, 5]))
    assert (fitted.dof, fitted.residual_standard_deviation, fitted.standard_uncertainties) == (0, None, None)
    assert fitted.predict(3).standard_uncertainty is None
    assert fitted.correlation[0][1] == pytest.approx(-3 / sqrt(10))


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"y": [1, 2]}, "y"),
        ({"u_y": [0.1, 0.1]}, "u_y"),
        ({"u_y": [0.1, 0.0, 0.1]}, "u_y.1"),
        ({"u_y": [0.1, 0.1, -0.1]}, "u_y.2"),
        ({"u_x": [0.1, 0.0, 0.1]}, "u_x.1"),
        ({"u_x": [0.1, 0.0, 0.1], "u_y": [0.1, 0.0, 0.1]}, "u_y.1"),
        ({"u_y": [0.1] * 3, "covariance_y": np.eye(3).tolist()}, "covariance_y"),
        ({"covariance_y": [[1, 0], [0, 1]]}, "covariance_y"),
        ({"covariance_y": [[1, 0, 0], [0, 1], [0, 0, 1]]}, "covariance_y.1"),
        ({"covariance_y": [[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]}, "covariance_y"),
        ({"covariance_y": [[1, 2, 0], [2, 1, 0], [0, 0, 1]]}, "covariance_y"),
    ],
)
def test_points_that_cannot_be_fitted_are_named(fields: dict[str, list[float]], path: str) -> None:
    with pytest.raises(InputError) as caught:
        Points(**{"x": [1, 2, 3], "y": [1, 2, 4]} | fields)  # type: ignore[arg-type]
    assert caught.value.path == path


@pytest.mark.parametrize(("x", "degree", "path"), [([1, 1, 1], 1, "x"), ([1, 2, 2], 2, "x"), ([1, 2, 3], 13, "degree")])
def test_a_degree_needs_enough_different_x(x: list[float], degree: int, path: str) -> None:
    with pytest.raises(InputError) as caught:
        fit_polynomial(Points(x, [1, 2, 4]), degree)
    assert caught.value.path == path


def _covariance(fitted: PolynomialFit) -> float:
    spreads = fitted.standard_uncertainties
    assert spreads is not None
    return fitted.correlation[0][1] * spreads[0] * spreads[1]


def _distance(coefficients: np.ndarray, points: Points) -> float:
    """Σ min over ξ of (x − ξ)²/u_x² + (y − f(ξ))²/u_y², by a fine search around each point."""
    assert points.u_x is not None
    assert points.u_y is not None
    total = 0.0
    for x, y, u_x, u_y in zip(points.x, points.y, points.u_x, points.u_y, strict=True):
        places = x + u_x * np.linspace(-6, 6, 20001)
        curve = np.polynomial.polynomial.polyval(places, coefficients)
        total += float(np.min(((x - places) / u_x) ** 2 + ((y - curve) / u_y) ** 2))
    return total
