"""The distributions of inputs: their moments, their draws and their quantiles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import gammainc, ndtr, stdtr

from uncertainty import distributions as d
from uncertainty.quantiles import t_quantile

EVERY = [
    d.Constant(3.0),
    d.Normal(1.0, 2.0),
    d.StudentT(1.0, 2.0, 7.5),
    d.Rectangular(1.0, 2.0),
    d.Triangular(1.0, 2.0),
    d.Trapezoidal(1.0, 2.0, 0.4),
    d.Trapezoidal(1.0, 2.0, 0.0),
    d.Trapezoidal(1.0, 2.0, 1.0),
    d.Arcsine(1.0, 2.0),
    d.CurvilinearTrapezoid(1.0, 2.0, 0.5),
    d.CurvilinearTrapezoid(1.0, 2.0, 2.0),
    d.CurvilinearTrapezoid(1.0, 2.0, 0.0),
    d.CurvilinearTrapezoid(1.0, 0.0, 0.0),
    d.Exponential(2.0),
    d.Lognormal(0.1, 0.3),
    d.Gamma(4.0, 0.25),
    d.Sample((1.0, 2.0, 5.0, 5.0)),
]


def names(distribution: d.Distribution) -> str:
    return str(distribution)


@pytest.mark.parametrize("distribution", EVERY, ids=names)
def test_draws_follow_the_quantiles(distribution: d.Distribution) -> None:
    """The empirical distribution function of 40 000 draws is within 0.0136 of the true one (Kolmogorov, one in 10⁶)."""
    drawn = np.empty(40_000)
    distribution.draw(np.random.default_rng(11), drawn)
    drawn.sort()
    probabilities = (np.arange(1, 400) / 400.0).astype(float)
    quantiles = distribution.quantile(probabilities)
    below = np.searchsorted(drawn, quantiles - 1e-9, side="left") / drawn.size
    up_to = np.searchsorted(drawn, quantiles + 1e-9, side="right") / drawn.size
    assert np.all(below <= probabilities + 0.0136)
    assert np.all(up_to >= probabilities - 0.0136)


@pytest.mark.parametrize("distribution", EVERY, ids=names)
def test_the_moments_are_those_of_the_quantiles(distribution: d.Distribution) -> None:
    """Midpoint rule over the probabilities; heavy tails allow some parts in a thousand."""
    values = distribution.quantile((np.arange(200_000) + 0.5) / 200_000)
    deviation = distribution.standard_uncertainty
    if isinstance(distribution, d.StudentT):
        deviation *= math.sqrt(distribution.dof / (distribution.dof - 2.0))
    if isinstance(distribution, d.Sample):
        deviation *= math.sqrt(3.0 / 4.0)
    assert values.mean() == pytest.approx(distribution.mean, abs=2e-4)
    assert values.std() == pytest.approx(deviation, rel=2e-3, abs=1e-9)


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (d.Rectangular(0.0, 1.0), 1 / math.sqrt(3)),
        (d.Triangular(0.0, 1.0), 1 / math.sqrt(6)),
        (d.Arcsine(0.0, 1.0), 1 / math.sqrt(2)),
        (d.Trapezoidal(0.0, 1.0, 0.5), math.sqrt(1.25 / 6)),
        (d.CurvilinearTrapezoid(0.0, 1.0, 0.3), math.sqrt(1 / 3 + 0.09 / 9)),
        (d.Exponential(3.0), 3.0),
        (d.Lognormal(0.0, 0.5), math.exp(0.125) * math.sqrt(math.expm1(0.25))),
        (d.Gamma(4.0, 0.25), 0.5),
        (d.StudentT(0.0, 1.5, 3.0), 1.5),
        (d.Sample((1.0, 2.0, 3.0)), 1.0),
    ],
    ids=str,
)
def test_the_standard_uncertainty_is_the_stated_formula(distribution: d.Distribution, expected: float) -> None:
    assert distribution.standard_uncertainty == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("dof", [0.8, 1.0, 2.0, 3.0, 5.5, 18.0, 300.0, 1e8])
def test_the_quantiles_of_t_invert_its_distribution_function(dof: float) -> None:
    probabilities = np.array([1e-12, 1e-6, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999, 1 - 1e-6])
    assert stdtr(dof, t_quantile(dof)(probabilities)) == pytest.approx(probabilities, rel=1e-7)


def test_the_quantiles_of_t_with_one_degree_of_freedom_are_tangents() -> None:
    probabilities = np.linspace(0.001, 0.999, 500)
    expected = np.tan(np.pi * (probabilities - 0.5))
    assert t_quantile(1.0)(probabilities) == pytest.approx(expected, rel=1e-8, abs=1e-9)


def test_gamma_and_lognormal_quantiles_invert_their_distribution_functions() -> None:
    probabilities = np.linspace(0.01, 0.99, 50)
    assert gammainc(4.0, d.Gamma(4.0, 0.25).quantile(probabilities) / 0.25) == pytest.approx(probabilities)
    assert ndtr((np.log(d.Lognormal(0.1, 0.3).quantile(probabilities)) - 0.1) / 0.3) == pytest.approx(probabilities)


@pytest.mark.parametrize(("dof", "moments"), [(0.5, 0), (1.0, 0), (1.5, 1), (2.0, 1), (2.1, 2)])
def test_a_t_of_few_degrees_of_freedom_lacks_moments(dof: float, moments: int) -> None:
    """JCGM 101:2008 6.4.9.4."""
    assert d.StudentT(0.0, 1.0, dof).moments == moments
    assert d.StudentT(0.0, 0.0, dof).moments == 2


BOUNDED = [distribution for distribution in EVERY if distribution.half_width is not None]


@pytest.mark.parametrize("distribution", BOUNDED, ids=names)
def test_bounded_distributions_stay_within_their_bounds(distribution: d.Distribution) -> None:
    assert distribution.half_width is not None
    extremes = distribution.quantile(np.array([2.0**-54, 0.5, 1 - 2.0**-53]))
    assert np.all(np.abs(extremes - distribution.mean) <= distribution.half_width * (1 + 1e-15))
