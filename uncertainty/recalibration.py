"""When to calibrate next: four methods of ILAC-G24:2022 (= OIML D 10:2022) as functions of what calibrations showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from uncertainty import polynomial
from uncertainty.errors import InputError
from uncertainty.exact import LeastSquares, SingularError, column, fraction, least_squares, powers, root
from uncertainty.points import Points
from uncertainty.polynomial_fit import PolynomialFit, fit_polynomial


@dataclass(frozen=True, slots=True)
class Tested:
    """Method A3 of NCSLI RP-1: the assigned interval tested against a target reliability."""

    recommended_days: int
    days: float
    """The same before rounding."""
    rejection_confidence: float
    """|Q|: confidence that the interval does not meet the target."""
    observed_reliability: float
    reliability_interval: tuple[float, float]
    """Clopper-Pearson interval of the reliability at the confidence asked for."""


@dataclass(frozen=True, slots=True)
class Drifting:
    """Interval from variables data: the drift since calibration, a polynomial without constant term."""

    coefficients: tuple[float, ...]
    """Of t, t², … in the quantity's unit per day, per day², …"""
    standard_uncertainties: tuple[float, ...]
    residual_standard_deviation: float
    recommended_days: float | None
    """First day on which u(t) reaches the target; 0 when it exceeds it from the start, None when it never does."""
    drift: float | None
    """Expected drift on that day."""


@dataclass(frozen=True, slots=True)
class Stair:
    """Staircase (method 1): one step up or down after each calibration."""

    recommended_days: int
    is_longer: bool
    is_capped: bool
    """Whether the longest or shortest permitted interval was met."""


@dataclass(frozen=True, slots=True)
class Charted:
    """Control chart (method 2): a drift line through the calibrations, and when it may leave the limits."""

    recommended_days: float | None
    """Days after the last calibration; None when the line and its band never reach the limit."""
    drift_per_day: float
    drift_standard_uncertainty: float
    scatter_ratio: float
    """√(χ²/dof), at least 1: by this the band is widened where the values scatter more than their U explains."""


def reliability_tested_interval(
    in_tolerance: int, tested: int, interval_days: float, target_reliability: float, confidence: float = 0.5
) -> Tested:
    """I = I₀·10^((x/n − R)·Q), x of n calibrations in tolerance at the end of I₀ days, target R.

    Q = 1 − 2F(x; n, R) below the target and 1 − 2(1 − F(x − 1; n, R)) above it, F the binomial distribution function
    (NCSLI RP-1, method A3; the upward form awaits confirmation against RP-1). At the target nothing changes and Q is 0.
    """
    observed = fraction(in_tolerance) / tested
    gap = observed - fraction(target_reliability)
    q = 0.0
    if gap < 0:
        q = 1 - 2 * _at_most(in_tolerance, tested, target_reliability)
    elif gap > 0:
        q = 1 - 2 * (1 - _at_most(in_tolerance - 1, tested, target_reliability))
    days = interval_days * 10 ** (float(gap) * q)
    return Tested(int(days + 0.5), days, abs(q), float(observed), clopper_pearson(in_tolerance, tested, confidence))


def clopper_pearson(successes: int, trials: int, confidence: float) -> tuple[float, float]:
    """Two-sided exact interval of a proportion; its ends are 0 and 1 where all or none succeeded."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(successes, trials - successes + 1, tail)) if successes else 0.0
    high = float(betaincinv(successes + 1, trials - successes, 1 - tail)) if successes < trials else 1.0
    return low, high


def drift_interval(
    days: Sequence[float],
    drift: Sequence[float],
    order: int,
    initial_standard_uncertainty: float,
    target_standard_uncertainty: float,
) -> Drifting:
    """Interval after which u²(t) = u₀² + s² + tᵀCt reaches the target (Castrup; NASA-HDBK-8739.19-5 chapter 7).

    `drift` is as-found less as-left after `days` in use, more pairs than `order`. C is the covariance of the
    coefficients, s the residual standard deviation. Raises `InputError` when the days do not determine the drift.
    """
    exponents = range(1, order + 1)
    try:
        solution = least_squares(powers(column(days), exponents), column(drift))
    except SingularError:
        raise InputError(
            "days",
            vi=f"cần ít nhất {order} khoảng thời gian khác nhau và khác 0",
            en=f"expected at least {order} different times, none of them 0",
        ) from None
    variance = solution.square_sum / (len(days) - order)
    found = _first_reach(
        solution, variance, fraction(initial_standard_uncertainty), fraction(target_standard_uncertainty), max(days)
    )
    return Drifting(
        tuple(map(float, solution.parameters)),
        tuple(root(solution.cofactors[k][k] * variance) for k in range(order)),
        root(variance),
        None if found is None else float(found),
        None if found is None else float(polynomial.value([Fraction(0), *solution.parameters], found)),
    )


def staircase(
    interval_days: int,
    drift: float,
    limit: float,
    *,
    keep_share: float = 0.8,
    extend: float = 1.25,
    cut: float = 0.6,
    shortest_days: int = 1,
    longest_days: int | None = None,
) -> Stair:
    """Longer by `extend` where |drift| ≤ keep_share · limit, else shorter by `cut` (ILAC-G24:2022 method 1).

    `drift` is as-found less last as-left, `limit` > 0 the greatest permitted, in one unit; the interval stays between
    `shortest_days` and `longest_days` (a legal cap, the maker's longest). Rounded down to whole days.
    """
    is_longer = abs(fraction(drift)) <= fraction(keep_share) * fraction(limit)
    step = int(interval_days * fraction(extend if is_longer else cut))
    capped = max(shortest_days, step if longest_days is None else min(step, longest_days))
    return Stair(capped, is_longer, capped != step)


def control_chart(
    days: Sequence[float],
    values: Sequence[float],
    expanded_uncertainties: Sequence[float],
    limit: float,
    coverage_factor: float = 2.0,
) -> Charted:
    """First day on which |x(t) − x_last| + k·u(t) exceeds `limit` (ILAC-G24:2022 method 2).

    A line through at least three calibrations (day, value, U > 0), weights 1/U²; u(t) is that of the line, times
    √(χ²/dof) where this exceeds 1. x_last is the value of the latest calibration, which the laboratory uses until the
    next. 0 when the limit is exceeded at once.
    """
    spreads = [u / coverage_factor for u in expanded_uncertainties]
    last = max(range(len(days)), key=lambda place: days[place])
    line = fit_polynomial(Points(days, values, u_y=spreads), x_offset=days[last])
    assert line.chi_squared is not None  # uncertainties were given
    assert line.standard_uncertainties is not None
    ratio = max(1.0, sqrt(line.chi_squared / line.dof))
    band = fraction(coverage_factor * ratio)
    recommended = _leaves(line, fraction(values[last]), fraction(limit), band)
    return Charted(recommended, line.parameters[1], ratio * line.standard_uncertainties[1], ratio)


def _at_most(successes: int, trials: int, probability: float) -> float:
    """Binomial distribution function by the incomplete beta function."""
    from scipy.special import betaincc

    if successes < 0:
        return 0.0
    return float(betaincc(successes + 1, trials - successes, probability)) if successes < trials else 1.0


def _first_reach(
    solution: LeastSquares, variance: Fraction, initial: Fraction, target: Fraction, longest: float
) -> Fraction | None:
    """Smallest t ≥ 0 with u₀² + s² + tᵀCt = target²; the square grows from its value at 0."""
    order = len(solution.parameters)
    square = [initial**2 + variance, *[Fraction(0)] * (2 * order)]
    if square[0] >= target**2:
        return Fraction(0)
    for j, row in enumerate(solution.cofactors):
        for k, entry in enumerate(row):
            square[j + k + 2] += entry * variance
    return _first_positive(polynomial.solutions(square, target**2, Fraction(0), fraction(longest)))


def _leaves(line: PolynomialFit, current: Fraction, limit: Fraction, band: Fraction) -> float | None:
    """Smallest t ≥ 0 after the line's offset with |f(t) − current| + band·u(t) = limit."""
    assert line.exact_covariance is not None
    (a, b), ((aa, ab), (_, bb)) = line.exact_parameters, line.exact_covariance
    square = [band**2 * entry for entry in (aa, 2 * ab, bb)]
    reached: list[Fraction] = []
    for sign in (1, -1):
        room = [limit - sign * (a - current), -sign * b]  # what is left on this side, linear in t
        if room[0] < 0 or square[0] > room[0] ** 2:
            return 0.0
        gap = [square[0] - room[0] ** 2, square[1] - 2 * room[0] * room[1], square[2] - room[1] ** 2]
        places = polynomial.solutions(gap, Fraction(0), Fraction(0), fraction(line.x_range[1] - line.x_range[0]))
        reached += [t for t in places if polynomial.value(room, t) >= 0]
    first = _first_positive(reached)
    return None if first is None else float(first)


def _first_positive(places: Sequence[Fraction]) -> Fraction | None:
    return min((t for t in places if t > 0), default=None)
