"""Risks of a conformity decision: specific to one result, and global over all items (JCGM 106:2012)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import hypot, inf, isfinite, isinf

import numpy as np

from uncertainty.limits import Limits
from uncertainty.priors import FloatArray, NormalPrior, Prior, normal_mass

# The measurement's normal density is resolved in steps of its u this far around each acceptance limit.
_REACH_IN_U = 12
# Bisection halves to the last digits of a double; doubling finds a bracket from one standard uncertainty.
_HALVINGS, _DOUBLINGS = 200, 60
_RESOLUTION = 1e-14


@dataclass(frozen=True, slots=True)
class GlobalRisk:
    """Risks over all items of a population, before any is measured (JCGM 106:2012 9.5); all probabilities."""

    probability_out_of_tolerance: float
    consumer_risk: float
    """Joint probability that an item is accepted and does not conform, R_C."""
    producer_risk: float
    """Joint probability that an item is rejected and conforms, R_P."""
    probability_of_acceptance: float
    conditional_consumer_risk: float | None
    """P(does not conform | accepted); None when nothing is ever accepted."""


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is known after one measurement, in the quantity's unit (JCGM 106:2012 6.2)."""

    mean: float
    standard_deviation: float
    conformance_probability: float


def conformance_probability(value: float, standard_uncertainty: float, limits: Limits) -> float:
    """p_c = Φ((T_U − y)/u) − Φ((T_L − y)/u) of a normal result (JCGM 106:2012 7.4); 0 or 1 when u is 0."""
    if standard_uncertainty == 0:
        return float(limits.contains(value))
    return normal_mass(*_standardized(value, standard_uncertainty, limits))


def nonconformance_probability(value: float, standard_uncertainty: float, limits: Limits) -> float:
    """1 − p_c, summed from its two tails so that a small risk keeps its digits."""
    from scipy.special import ndtr

    if standard_uncertainty == 0:
        return float(not limits.contains(value))
    low, high = _standardized(value, standard_uncertainty, limits)
    return float(ndtr(low) + ndtr(-high))


def global_risk(prior: Prior, measurement_uncertainty: float, limits: Limits, acceptance: Limits) -> GlobalRisk:
    """Consumer's and producer's risk of a test with normal error u_m and given acceptance limits.

    R_C = ∫_{η∉T} g₀(η)·P(accepted|η) dη and R_P = ∫_{η∈T} g₀(η)·P(rejected|η) dη (JCGM 106:2012 9.5.2, equations
    (19) and (20)), by Gauss-Legendre quadrature to about 1e-14. An empty acceptance zone accepts nothing.
    """
    accepted, rejected, cuts = _acceptance(measurement_uncertainty, acceptance)
    consumer = prior.mean_of(accepted, -inf, limits.lower, cuts) + prior.mean_of(accepted, limits.upper, inf, cuts)
    producer = prior.mean_of(rejected, limits.lower, limits.upper, cuts)
    good = prior.mean_of(accepted, limits.lower, limits.upper, cuts)
    total = consumer + good
    outside = prior.mass(-inf, limits.lower) + prior.mass(limits.upper, inf)
    return GlobalRisk(outside, consumer, producer, total, consumer / total if total > 0 else None)


def acceptance_for_consumer_risk(
    prior: Prior, measurement_uncertainty: float, limits: Limits, target: float
) -> float | None:
    """Guard band w whose acceptance limits give the joint consumer's risk `target` (0 < target < 1).

    The same w on every limit; negative when limits outside the tolerance still keep the target. None when accepting
    every item does.
    """

    def risk(guard_band: float) -> float:
        return global_risk(prior, measurement_uncertainty, limits, limits.shrunk(guard_band)).consumer_risk

    step = max(measurement_uncertainty, prior.standard_deviation)
    return _falling_root(risk, target, limits, step)


def acceptance_for_producer_risk(
    prior: Prior, measurement_uncertainty: float, limits: Limits, target: float
) -> float | None:
    """Guard band w whose acceptance limits give the joint producer's risk `target`; None when no w does."""

    def missing(guard_band: float) -> float:
        return -global_risk(prior, measurement_uncertainty, limits, limits.shrunk(guard_band)).producer_risk

    step = max(measurement_uncertainty, prior.standard_deviation)
    return _falling_root(missing, -target, limits, step)


def guard_band_for_specific_risk(standard_uncertainty: float, limits: Limits, target: float) -> float | None:
    """Guard band w at whose acceptance limit the probability of non-conformity is `target` (JCGM 106:2012 8.3.2).

    For one limit w = −u·Φ⁻¹(target). None when no value between two limits has so small a risk.
    """
    from scipy.special import ndtri

    if not limits.is_two_sided:
        return -standard_uncertainty * float(ndtri(target))
    if standard_uncertainty == 0:
        return 0.0

    # By symmetry the lower acceptance limit has the risk of the upper one.
    def risk(guard_band: float) -> float:
        return nonconformance_probability(limits.upper - guard_band, standard_uncertainty, limits)

    return _falling_root(risk, target, limits, standard_uncertainty)


def posterior(prior: Prior, value: float, measurement_uncertainty: float, limits: Limits) -> Posterior | None:
    """Bayes' theorem with a normal likelihood of standard uncertainty u_m > 0 (JCGM 106:2012 6.2 and 7.2).

    A normal prior has the closed form u² = (u₀⁻² + u_m⁻²)⁻¹, y = (y_m/u_m² + y₀/u₀²)u². None when the value lies so
    far from everything the prior allows that the two contradict each other.
    """
    if isinstance(prior, NormalPrior):
        both = hypot(prior.spread, measurement_uncertainty)
        mean = prior.centre + (value - prior.centre) * (prior.spread / both) ** 2
        spread = prior.spread * (measurement_uncertainty / both)
        return Posterior(mean, spread, conformance_probability(mean, spread, limits))
    cuts = _steps(value, measurement_uncertainty)

    def likelihood(eta: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):  # infinitely many u away: likelihood 0
            return np.exp(-0.5 * ((value - eta) / measurement_uncertainty) ** 2)

    total = prior.mean_of(likelihood, -inf, inf, cuts)
    if total < np.exp(-0.5 * _REACH_IN_U**2):
        return None
    mean = prior.mean_of(lambda eta: eta * likelihood(eta), -inf, inf, cuts) / total
    variance = prior.mean_of(lambda eta: (eta - mean) ** 2 * likelihood(eta), -inf, inf, cuts) / total
    inside = prior.mean_of(likelihood, limits.lower, limits.upper, cuts) / total
    return Posterior(mean, variance**0.5, inside)


def measurement_capability_index(standard_uncertainty: float, limits: Limits) -> float | None:
    """C_m = T/(4u_m) (JCGM 106:2012 7.6.3); None for one limit or no uncertainty."""
    if not limits.is_two_sided or standard_uncertainty == 0:
        return None
    return limits.width / (4 * standard_uncertainty)


def uncertainty_ratio(expanded_uncertainty: float, limits: Limits) -> float | None:
    """Test uncertainty ratio TUR = T/(2U), U at 95 % (ANSI/NCSL Z540.3:2006 3.11); None for one limit or U = 0."""
    if not limits.is_two_sided or expanded_uncertainty == 0:
        return None
    return limits.width / (2 * expanded_uncertainty)


def _standardized(value: float, standard_uncertainty: float, limits: Limits) -> tuple[float, float]:
    return (limits.lower - value) / standard_uncertainty, (limits.upper - value) / standard_uncertainty


def _acceptance(
    measurement_uncertainty: float, acceptance: Limits
) -> tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray], FloatArray]:
    """P(accepted | η), P(rejected | η) and the places between which both are smooth."""
    from scipy.special import ndtr

    low, high, u = acceptance.lower, acceptance.upper, measurement_uncertainty
    if low > high:
        return np.zeros_like, np.ones_like, np.array([])
    cuts = np.concatenate([_steps(limit, u) for limit in (low, high) if isfinite(limit)] or [np.array([])])
    if u == 0:
        return (
            lambda eta: ((eta >= low) & (eta <= high)).astype(np.float64),
            lambda eta: ((eta < low) | (eta > high)).astype(np.float64),
            cuts,
        )

    def standardized(limit: float, eta: FloatArray) -> FloatArray:
        with np.errstate(over="ignore"):  # infinitely many u away: probability 0 or 1
            return (limit - eta) / u

    def accepted(eta: FloatArray) -> FloatArray:
        a, b = standardized(low, eta), standardized(high, eta)
        # Φ(b) − Φ(a) from the side where both are small.
        flip = a > 0
        probability: FloatArray = ndtr(np.where(flip, -a, b)) - ndtr(np.where(flip, -b, a))
        return probability

    def rejected(eta: FloatArray) -> FloatArray:
        probability: FloatArray = ndtr(standardized(low, eta)) + ndtr(-standardized(high, eta))
        return probability

    return accepted, rejected, cuts


def _steps(centre: float, standard_uncertainty: float) -> FloatArray:
    return centre + standard_uncertainty * np.arange(-_REACH_IN_U, _REACH_IN_U + 1.0)


def _falling_root(falling: Callable[[float], float], target: float, limits: Limits, step: float) -> float | None:
    """w with falling(w) = target, by bisection, for a function that decreases with w; None when there is none.

    Two acceptance limits meet at w = T/2, the largest w of use.
    """
    low, high = 0.0, limits.width / 2
    for _ in range(_DOUBLINGS):
        if falling(low) > target:
            break
        high, low = low, low - step if low == 0 else 2 * low
    else:
        return None
    if isinf(high):
        high = step
        for _ in range(_DOUBLINGS):
            if falling(high) <= target:
                break
            high *= 2
    if falling(high) > target:
        return None
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if high - low <= _RESOLUTION * (abs(middle) + step):
            break
        if falling(middle) > target:
            low = middle
        else:
            high = middle
    return (low + high) / 2
