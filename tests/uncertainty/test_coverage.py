"""Coverage factors, degrees of freedom and dominant components."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import stdtr

from uncertainty import distributions as d
from uncertainty.correlation import Correlation, correlation_matrix
from uncertainty.coverage import coverage_factor, effective_dof, sample_correlation, used_dof
from uncertainty.dominant import (
    arcsine_factor,
    dominant_factor,
    rectangular_factor,
    trapezoid_factor,
    triangular_factor,
)
from uncertainty.inputs import Input
from uncertainty.propagation import propagate

Factor = Callable[[float], float]

GUM_TABLE_G2 = [
    # ν, then t_p(ν) for p = 68.27, 90, 95, 95.45, 99, 99.73 %
    (1, 1.84, 6.31, 12.71, 13.97, 63.66, 235.80),
    (2, 1.32, 2.92, 4.30, 4.53, 9.92, 19.21),
    (3, 1.20, 2.35, 3.18, 3.31, 5.84, 9.22),
    (4, 1.14, 2.13, 2.78, 2.87, 4.60, 6.62),
    (5, 1.11, 2.02, 2.57, 2.65, 4.03, 5.51),
    (10, 1.05, 1.81, 2.23, 2.28, 3.17, 3.96),
    (20, 1.03, 1.72, 2.09, 2.13, 2.85, 3.42),
    (50, 1.01, 1.68, 2.01, 2.05, 2.68, 3.16),
    (math.inf, 1.000, 1.645, 1.960, 2.000, 2.576, 3.000),
]


@pytest.mark.parametrize("row", GUM_TABLE_G2, ids=[str(row[0]) for row in GUM_TABLE_G2])
def test_the_factors_are_those_of_the_gum(row: tuple[float, ...]) -> None:
    """JCGM 100:2008 table G.2, printed to two or three decimals."""
    probabilities = (0.6827, 0.90, 0.95, 0.9545, 0.99, 0.9973)
    found = [coverage_factor(p, row[0]) for p in probabilities]
    assert found == pytest.approx(row[1:], rel=1e-4, abs=0.0051)


@pytest.mark.parametrize("dof", [0.7, 1.0, 3.3, 16.0, 1234.5, 1e9])
@pytest.mark.parametrize("probability", [0.1, 0.9545, 0.9999])
def test_a_factor_covers_its_probability(dof: float, probability: float) -> None:
    k = coverage_factor(probability, dof)
    assert 1.0 - 2.0 * stdtr(dof, -k) == pytest.approx(probability, rel=1e-10)


@pytest.mark.parametrize(
    ("effective", "rule", "used"),
    [
        (16.7634, "truncate", 16.0),
        (16.7634, "interpolate", 16.7634),
        (16.7634, "infinite", math.inf),
        (18.9999999999, "truncate", 19.0),
        (18.98, "truncate", 18.0),
        (0.4, "truncate", 1.0),
        (0.4, "interpolate", 0.4),
        (math.inf, "truncate", math.inf),
        (math.inf, "interpolate", math.inf),
    ],
)
def test_the_degrees_of_freedom_used_follow_the_rule(effective: float, rule: str, used: float) -> None:
    assert used_dof(effective, rule) == used


def spreads(inputs: list[Input]) -> list[float]:
    return [item.standard_uncertainty for item in inputs]


def dof_of(inputs: list[Input], gradient: list[float], *correlations: Correlation) -> tuple[float, str]:
    correlation = correlation_matrix(inputs, correlations)
    return effective_dof(propagate(gradient, spreads(inputs), correlation).shares, inputs, correlation)


def test_the_gauge_block_has_sixteen_and_a_half() -> None:
    """GUM H.1.6: 16.7 before truncation with u_c = 32 nm; 16.76 with the exact u_c."""
    inputs = [
        Input.normal("a", 0, 25, dof=18),
        Input.normal("b", 0, 9.7, dof=25.6),
        Input.normal("c", 0, 2.9, dof=50),
        Input.normal("d", 0, 16.6, dof=2),
    ]
    dof, formula = dof_of(inputs, [1, 1, 1, 1])
    assert dof == pytest.approx(16.75, abs=0.05)
    assert formula == "welch_satterthwaite"


def test_known_uncertainties_leave_the_degrees_of_freedom_infinite() -> None:
    assert dof_of([Input.normal("a", 0, 1), Input.rectangular("b", 0, 1)], [1, 1])[0] == math.inf
    assert dof_of([Input.normal("a", 0, 1), Input.normal("b", 0, 0, dof=3)], [1, 1])[0] == math.inf


def test_willinks_form_for_two_correlated_inputs() -> None:
    """u⁴/ν = (a² + r·a·b)²/ν_a + (b² + r·a·b)²/ν_b (Metrologia 44 (2007) 340)."""
    a, b, r = 3.0, 2.0, 0.4
    inputs = [Input.normal("a", 0, a, dof=4), Input.normal("b", 0, b, dof=9)]
    expected = (a * a + b * b + 2 * r * a * b) ** 2 / ((a * a + r * a * b) ** 2 / 4 + (b * b + r * a * b) ** 2 / 9)
    dof, formula = dof_of(inputs, [1, 1], Correlation("a", "b", r))
    assert dof == pytest.approx(expected, rel=1e-12)
    assert formula == "willink"


def test_correlation_with_a_known_uncertainty_needs_no_other_form() -> None:
    inputs = [Input.normal("a", 0, 3, dof=4), Input.normal("b", 0, 2)]
    assert dof_of(inputs, [1, 1], Correlation("a", "b", 0.4))[1] == "welch_satterthwaite"


def test_inputs_of_one_source_count_as_one_component() -> None:
    inputs = [
        Input.normal("a", 0, 0.3, dof=9, source="W1"),
        Input.normal("b", 0, 0.1, dof=9, source="W1"),
        Input.normal("c", 0, 0.2, dof=9),
    ]
    dof, _ = dof_of(inputs, [1, -1, 1])
    assert dof == pytest.approx((0.2**2 + 0.2**2) ** 2 / (0.2**4 / 9 + 0.2**4 / 9), rel=1e-12)


def test_inputs_of_one_source_with_other_degrees_of_freedom_are_components_of_their_own() -> None:
    inputs = [Input.normal("a", 0, 0.3, dof=9, source="W1"), Input.normal("b", 0, 0.1, dof=4, source="W1")]
    dof, formula = dof_of(inputs, [1, 1])
    assert dof == pytest.approx(1 / (0.75**2 / 9 + 0.25**2 / 4), rel=1e-12)
    assert formula == "willink"


def test_readings_taken_together_keep_their_degrees_of_freedom() -> None:
    """GUM H.2.4: five sets read together; the resistance has the 4 degrees of freedom of either approach."""
    voltage = [5.007, 4.994, 5.005, 4.990, 4.999]
    current = [0.019663, 0.019639, 0.019640, 0.019685, 0.019678]
    phase = [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]
    inputs = [Input.readings("V", voltage), Input.readings("I", current), Input.readings("phi", phase)]
    correlations = [
        Correlation("V", "I", -0.36),
        Correlation("V", "phi", 0.86),
        Correlation("I", "phi", -0.65),
    ]
    assert sample_correlation(voltage, current) == pytest.approx(-0.36, abs=0.006)
    dof, formula = dof_of(inputs, [25.55, -6496.0, -219.85], *correlations)
    assert dof == pytest.approx(4.0, rel=1e-12)
    assert formula == "willink"


def test_the_sample_correlation_of_constant_readings_is_zero() -> None:
    assert sample_correlation([1.0, 1.0], [1.0, 2.0]) == 0.0


def dominant(inputs: list[Input], probability: float = 0.95) -> tuple[float, str] | None:
    first = propagate([1.0] * len(inputs), spreads(inputs))
    return dominant_factor(first.weights, first.standard_uncertainty, inputs, None, probability)


@pytest.mark.parametrize(
    ("distribution", "factor", "method"),
    [
        (d.Rectangular(0, 1), rectangular_factor, "dominant_rectangular"),
        (d.Triangular(0, 1), triangular_factor, "dominant_triangular"),
        (d.Arcsine(0, 1), arcsine_factor, "dominant_arcsine"),
    ],
)
def test_one_dominant_input_gives_its_own_factor(distribution: d.Distribution, factor: Factor, method: str) -> None:
    u = distribution.standard_uncertainty
    assert dominant([Input.of("a", distribution), Input.normal("b", 0, 0.3 * u)]) == (factor(0.95), method)
    assert dominant([Input.of("a", distribution), Input.normal("b", 0, 0.301 * u)]) is None


def test_two_dominant_rectangular_inputs_give_the_trapezoid() -> None:
    """EA-4/02 S10.13: half-widths 50 µm and 25 µm, β = 0.33, k = 1.83."""
    pair = [Input.rectangular("a", 0, 50), Input.rectangular("b", 0, 25)]
    u = math.hypot(50, 25) / math.sqrt(3)
    found = dominant([*pair, Input.normal("c", 0, 0.35 * u)])
    assert found is not None
    assert found.method == "dominant_two_rectangular"
    assert found.k == pytest.approx(1.83, abs=0.005)
    assert dominant([*pair, Input.normal("c", 0, 0.351 * u)]) is None


def test_a_normal_input_does_not_dominate_in_this_sense() -> None:
    assert dominant([Input.normal("a", 0, 1), Input.rectangular("b", 0, 0.01)]) is None
    assert dominant([Input.constant("a", 1)]) is None


def test_a_correlated_input_has_no_distribution_of_its_own_in_the_result() -> None:
    inputs = [Input.rectangular("a", 0, 1), Input.rectangular("b", 0, 0.01)]
    correlation = correlation_matrix(inputs, [Correlation("a", "b", 0.5)])
    first = propagate([1, 1], spreads(inputs), correlation)
    assert dominant_factor(first.weights, first.standard_uncertainty, inputs, correlation, 0.95) is None


@pytest.mark.parametrize("beta", [0.0, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("probability", [0.3, 0.6827, 0.95, 0.9545, 0.99])
def test_the_trapezoid_factor_covers_its_probability(beta: float, probability: float) -> None:
    shape = d.Trapezoidal(0.0, 1.0, beta)
    half = trapezoid_factor(probability, beta) * shape.standard_uncertainty
    assert shape.quantile(np.array([0.5 + 0.5 * probability]))[0] == pytest.approx(half, rel=1e-12)


@pytest.mark.parametrize(
    ("shape", "factor"),
    [
        (d.Rectangular(0, 1), rectangular_factor),
        (d.Triangular(0, 1), triangular_factor),
        (d.Arcsine(0, 1), arcsine_factor),
    ],
)
def test_the_factor_of_a_shape_covers_its_probability(shape: d.Distribution, factor: Factor) -> None:
    half = factor(0.9545) * shape.standard_uncertainty
    assert shape.quantile(np.array([0.97725]))[0] == pytest.approx(half, rel=1e-12)
