"""Specific and global risks against JCGM 106:2012, published tables and independent integrals."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from uncertainty import risk
from uncertainty.limits import Limits
from uncertainty.priors import GammaPrior, NormalPrior, Prior, RectangularPrior

BEARING = GammaPrior(4, 0.25)
BELOW_TWO = Limits(upper=2.0)


@pytest.mark.parametrize(
    ("guard_band", "consumer", "producer"),
    [
        (0.00, 0.01894220671702914, 0.03720780017805778),
        (0.04, 0.00433407222181925, 0.11465657840825816),
        (0.08, 0.0004686335988703772, 0.24766964020115234),
    ],
)
def test_a_guard_band_trades_consumers_for_producers_risk(guard_band: float, consumer: float, producer: float) -> None:
    """u₀ = 0.12, u_m = 0.04, T = ±0.2, integrated independently and confirmed by Monte Carlo."""
    limits = Limits(-0.2, 0.2)
    risks = risk.global_risk(NormalPrior(0, 0.12), 0.04, limits, limits.shrunk(guard_band))
    assert risks.consumer_risk == pytest.approx(consumer, rel=1e-11)
    assert risks.producer_risk == pytest.approx(producer, rel=1e-11)


def test_precision_resistors_of_jcgm_106() -> None:
    """JCGM 106:2012 9.5.3: u₀ = 0.12 Ω, u_m = 0.04 Ω, T = ±0.2 Ω: R_C = 2 %, R_P = 4 % with shared risk."""
    limits = Limits(1499.8, 1500.2)
    risks = risk.global_risk(NormalPrior(1500, 0.12), 0.04, limits, limits)
    assert risks.consumer_risk == pytest.approx(0.02, abs=0.002)
    assert risks.producer_risk == pytest.approx(0.04, abs=0.003)


def test_bearing_run_out_of_jcgm_106() -> None:
    """JCGM 106:2012 9.5.4: 4.2 % out of tolerance, R_C = 0.8 %."""
    risks = risk.global_risk(BEARING, 0.25, BELOW_TWO, BELOW_TWO)
    assert risks.probability_out_of_tolerance == pytest.approx(0.042, abs=0.0005)
    assert risks.consumer_risk == pytest.approx(0.008, abs=0.0002)


@pytest.mark.parametrize(("half", "ratio", "consumer"), [(2.0, 4, 0.0080), (2.5, 4, 0.0025), (2.5, 1, 0.005)])
def test_false_acceptance_of_a_normal_process(half: float, ratio: float, consumer: float) -> None:
    """Deaver, How to maintain your confidence, p. 7: limits at 2 and 2.5 σ, accuracy ratio 4 and 1."""
    limits = Limits(-half, half)
    risks = risk.global_risk(NormalPrior(0, 1), 1 / ratio, limits, limits)
    assert risks.consumer_risk == pytest.approx(consumer, abs=0.001 if ratio == 1 else 0.0001)


def test_a_guard_band_restores_the_risk_of_a_better_ratio() -> None:
    """Deaver p. 10: at 2:1 acceptance limits of 0.91 L bring 0.8 % back and cost 6.6 % false rejects."""
    limits = Limits(-2, 2)
    risks = risk.global_risk(NormalPrior(0, 1), 0.5, limits, limits.shrunk(2 - 2 * 0.91))
    assert risks.consumer_risk == pytest.approx(0.008, abs=0.0005)
    assert risks.producer_risk == pytest.approx(0.066, abs=0.001)


@pytest.mark.parametrize(
    "prior", [NormalPrior(0.3, 0.8), GammaPrior(2.5, 0.3), GammaPrior(0.6, 0.5), RectangularPrior(-1.2, 1.5)]
)
@pytest.mark.parametrize("u", [0.003, 0.2, 4.0])
def test_the_quadrature_agrees_with_a_sum_over_equal_slices_of_probability(prior: Prior, u: float) -> None:
    limits, acceptance = Limits(-0.5, 1.0), Limits(-0.4, 0.9)
    eta = _quantiles(prior, 40_001)
    accepted = ndtr((acceptance.upper - eta) / u) - ndtr((acceptance.lower - eta) / u)
    good = (eta >= limits.lower) & (eta <= limits.upper)
    risks = risk.global_risk(prior, u, limits, acceptance)
    assert risks.consumer_risk == pytest.approx(np.mean(accepted * ~good), abs=5e-5)
    assert risks.producer_risk == pytest.approx(np.mean((1 - accepted) * good), abs=5e-5)
    assert risks.probability_of_acceptance == pytest.approx(np.mean(accepted), abs=5e-5)


@settings(max_examples=40, deadline=None)
@given(
    centre=st.floats(-2, 2),
    spread=st.floats(0.05, 3),
    u=st.floats(0.0, 3),
    w=st.floats(-0.5, 1.2),
    half=st.floats(0.2, 2),
)
def test_the_four_outcomes_of_a_test_are_all_there_is(
    centre: float, spread: float, u: float, w: float, half: float
) -> None:
    limits = Limits(-half, half)
    risks = risk.global_risk(NormalPrior(centre, spread), u, limits, limits.shrunk(w))
    good_accepted = risks.probability_of_acceptance - risks.consumer_risk
    assert good_accepted + risks.producer_risk == pytest.approx(1 - risks.probability_out_of_tolerance, abs=1e-12)
    marginal = NormalPrior(centre, float(np.hypot(spread, u))).mass(-half + w, half - w)
    assert risks.probability_of_acceptance == pytest.approx(marginal, abs=1e-12)


def test_a_perfect_measurement_has_no_risk_with_shared_limits() -> None:
    risks = risk.global_risk(NormalPrior(0, 1), 0.0, Limits(-1, 1), Limits(-1, 1))
    assert (risks.consumer_risk, risks.producer_risk) == (0, 0)


@pytest.mark.parametrize("u", [1e-308, 1e-150, 1e150])
def test_the_smallest_and_largest_uncertainties_have_a_risk_and_a_posterior(u: float) -> None:
    limits = Limits(-1, 1)
    risks = risk.global_risk(NormalPrior(0, 1), u, limits, limits)
    assert 0 <= risks.consumer_risk <= risks.probability_out_of_tolerance
    for prior in (NormalPrior(0, 1), RectangularPrior(-2, 2)):
        after = risk.posterior(prior, 0.5, u, limits)
        assert after is None or after.standard_deviation <= prior.standard_deviation


def test_a_tiny_risk_keeps_its_digits() -> None:
    assert risk.nonconformance_probability(0.0, 0.1, Limits(upper=1.0)) == pytest.approx(
        7.619853024160526e-24, rel=1e-12, abs=0
    )


def test_acceptance_for_a_consumers_risk_of_one_in_a_thousand() -> None:
    """JCGM 106:2012 9.5.4: the bearing is accepted up to 1.6718 µm."""
    w = risk.acceptance_for_consumer_risk(BEARING, 0.25, BELOW_TWO, 0.001)
    assert w is not None
    assert BELOW_TWO.shrunk(w).upper == pytest.approx(1.6718, abs=0.0001)


@settings(max_examples=10, deadline=None)
@given(target=st.floats(1e-6, 0.2), u=st.floats(0.02, 0.5))
def test_the_solved_acceptance_limits_give_their_target(target: float, u: float) -> None:
    prior, limits = NormalPrior(0.1, 0.6), Limits(-0.7, 0.7)
    w = risk.acceptance_for_consumer_risk(prior, u, limits, target)
    v = risk.acceptance_for_producer_risk(prior, u, limits, target)
    assert w is not None
    assert v is not None
    assert risk.global_risk(prior, u, limits, limits.shrunk(w)).consumer_risk == pytest.approx(target, rel=1e-6)
    assert risk.global_risk(prior, u, limits, limits.shrunk(v)).producer_risk == pytest.approx(target, rel=1e-6)


def test_a_target_that_accepting_everything_meets_needs_no_limits() -> None:
    assert risk.acceptance_for_consumer_risk(NormalPrior(0, 0.12), 0.04, Limits(-0.2, 0.2), 0.2) is None


def test_a_target_that_rejecting_everything_meets_needs_no_limits() -> None:
    assert risk.acceptance_for_producer_risk(NormalPrior(0, 0.12), 0.04, Limits(-0.2, 0.2), 0.95) is None


@pytest.mark.parametrize(("target", "in_u"), [(0.025, 1.959964), (0.05, 1.644854), (0.00135, 2.99998)])
def test_a_guard_band_for_a_specific_risk_is_a_normal_quantile(target: float, in_u: float) -> None:
    for limits in (Limits(upper=1.0), Limits(lower=-1.0), Limits(-1.0, 1.0)):
        assert risk.guard_band_for_specific_risk(0.05, limits, target) == pytest.approx(in_u * 0.05, rel=1e-5)


def test_between_two_close_limits_a_small_specific_risk_cannot_be_had() -> None:
    assert risk.guard_band_for_specific_risk(1.0, Limits(-1, 1), 0.05) is None


def test_a_normal_posterior_weighs_prior_and_result_by_their_variances() -> None:
    """JCGM 106:2012 7.2.2 with y₀ = 0, u₀ = 1, y = 1, u_m = 1."""
    after = risk.posterior(NormalPrior(0, 1), 1.0, 1.0, Limits(-1, 1))
    assert after is not None
    assert (after.mean, after.standard_deviation) == (pytest.approx(0.5), pytest.approx(0.5**0.5))


@pytest.mark.parametrize("prior", [GammaPrior(4, 0.25), RectangularPrior(0.2, 2.5)])
def test_other_posteriors_agree_with_a_sum_over_slices(prior: Prior) -> None:
    eta = _quantiles(prior, 100_001)
    weight = np.exp(-0.5 * ((1.3 - eta) / 0.25) ** 2)
    after = risk.posterior(prior, 1.3, 0.25, Limits(upper=1.5))
    assert after is not None
    assert after.mean == pytest.approx(np.average(eta, weights=weight), abs=1e-5)
    assert after.conformance_probability == pytest.approx(np.average(eta <= 1.5, weights=weight), abs=1e-4)


def test_a_result_that_the_prior_excludes_has_no_posterior() -> None:
    assert risk.posterior(RectangularPrior(0, 1), 50.0, 0.1, Limits(0, 1)) is None


def test_capability_and_ratio_compare_the_tolerance_with_the_uncertainty() -> None:
    """JCGM 106:2012 7.6.3: C_m = T/(4u); with k = 2 the ratio TUR is the same number."""
    limits = Limits(-0.2, 0.2)
    assert risk.measurement_capability_index(0.02, limits) == pytest.approx(5)
    assert risk.uncertainty_ratio(0.04, limits) == pytest.approx(5)
    assert risk.uncertainty_ratio(0.04, Limits(upper=0.2)) is None


def test_priors_know_their_moments() -> None:
    for prior in (NormalPrior(1, 0.3), BEARING, GammaPrior(0.7, 2), RectangularPrior(-1, 4)):
        mean = prior.mean_of(lambda eta: eta, -inf, inf, np.array([]))
        square = prior.mean_of(lambda eta: eta * eta, -inf, inf, np.array([]))
        assert prior.mass(-inf, inf) == pytest.approx(1)
        assert mean == pytest.approx(prior.mean, rel=1e-10)
        assert square - mean**2 == pytest.approx(prior.standard_deviation**2, rel=1e-9)


def _quantiles(prior: Prior, count: int) -> np.ndarray:
    """Values at equal steps of probability, by inverting the prior's own tabulated distribution function."""
    reach = 12 * prior.standard_deviation
    grid = np.linspace(prior.mean - reach, prior.mean + reach, 200_001)
    below = np.array([prior.mass(-inf, value) for value in grid[::100]])
    steps = (np.arange(count) + 0.5) / count
    return np.interp(steps, below, grid[::100])
