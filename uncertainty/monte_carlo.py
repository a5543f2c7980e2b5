"""Propagation of distributions (JCGM 101:2008, JCGM 102:2011): what is asked of it, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.binned_values import BinnedValues
from uncertainty.errors import InputError
from uncertainty.order_statistics import Interval, OrderedValues, quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.inputs import Input

    Floats = NDArray[np.float64]

DEFAULT_TRIALS = 1_000_000
MIN_TRIALS = 100
MAX_TRIALS = 1_000_000_000
"""Most trials of one run."""
MAX_ORDERED = 10_000_000
"""Most values that are kept (80 MB) and put in order; those of longer runs are counted in bins."""


@dataclass(frozen=True)
class MonteCarlo:
    """How a Monte Carlo run is made."""

    trials: int | None = None
    """Number of trials; None for the default, or when `digits` decides."""
    seed: int = 1
    """Same seed, same numbers (on one machine with one set of library versions)."""
    probability: float | None = None
    """Coverage probability of the intervals; None takes that of the budget's coverage."""
    digits: int | None = None
    """As many trials as make the results stable to so many significant digits of u (1 to 3)."""

    def __post_init__(self) -> None:
        if self.trials is not None and not MIN_TRIALS <= self.trials <= MAX_TRIALS:
            raise InputError(
                "monte_carlo.trials",
                vi=f"cần số nguyên từ {MIN_TRIALS} đến {MAX_TRIALS}",
                en=f"expected a whole number from {MIN_TRIALS} to {MAX_TRIALS}",
            )
        if self.trials is not None and self.digits is not None:
            raise InputError(
                "monte_carlo.digits", vi="chỉ nêu trials hoặc digits", en="state either trials or digits, not both"
            )
        if self.digits is not None and not 1 <= self.digits <= 3:
            raise InputError("monte_carlo.digits", vi="cần 1, 2 hoặc 3", en="expected 1, 2 or 3")
        if self.seed < 0:
            raise InputError(
                "monte_carlo.seed", vi="cần số nguyên không âm", en="expected a whole number of at least 0"
            )
        if self.probability is not None and not 0.0 < self.probability < 1.0:
            raise InputError(
                "monte_carlo.probability", vi="xác suất phải nằm trong (0, 1)", en="the probability must lie in (0, 1)"
            )


class Question(NamedTuple):
    """What is wanted of one output's distribution."""

    probability: float
    """Coverage probability of the symmetric and the shortest interval."""
    coverage_probability: float
    """That of the interval which may become the stated one."""
    window: Interval | None = None
    """An interval [low, high] whose coverage is asked for."""


@dataclass(frozen=True)
class MonteCarloOutput:
    """The distribution of one output, in its unit."""

    trials: int
    mean: float | None
    """None when the distribution has no mean."""
    standard_deviation: float | None
    """None when the distribution has no variance."""
    symmetric: Interval
    shortest: Interval
    numerical_error: float
    """Largest standard error of the ends of `symmetric`, due to the finite number of trials."""
    coverage_interval: Interval
    """The symmetric interval of the coverage probability."""
    part_inside: float | None
    """Coverage of the window that was asked for."""
    stable: bool = True
    """False when the digits asked for were not reached within the largest number of trials."""


class Failed(NamedTuple):
    """An output whose model had no finite value in some trials, so that it has no distribution."""

    trials: int
    without_value: int


class MonteCarloRun(NamedTuple):
    """One run for all outputs."""

    outputs: tuple[MonteCarloOutput | Failed, ...]
    correlation: Floats | None
    """Correlation matrix of the outputs; None for one output, or where a variance is missing."""
    region: tuple[float, float] | None
    """(k_ellipse, k_rectangle) of two outputs at the coverage probability (JCGM 102 7.7)."""


class Moments(NamedTuple):
    """Means and covariances of all outputs over all trials, and how many trials had no finite value."""

    mean: Floats
    covariance: Floats
    failures: NDArray[np.int64]

    @property
    def correlation(self) -> Floats:
        deviation = np.sqrt(np.diag(self.covariance))
        matrix: Floats = np.clip(self.covariance / np.outer(deviation, deviation), -1.0, 1.0)
        return matrix


def existing_moments(inputs: Sequence[Input], used: Sequence[str]) -> int:
    """How many moments a result of these inputs has: that of the worst (2 = mean and variance, 1 = mean, 0 = none)."""
    return min((item.distribution.moments for item in inputs if item.name in used), default=2)


def describe(
    values: OrderedValues | BinnedValues, trials: int, question: Question, moments: Moments, number: int, existing: int
) -> MonteCarloOutput:
    """The distribution of output `number` from all its values, which must be finite."""
    mean = float(moments.mean[number])
    deviation = math.sqrt(float(moments.covariance[number, number]))
    return MonteCarloOutput(
        trials=trials,
        mean=mean if existing >= 1 and math.isfinite(mean) else None,
        standard_deviation=deviation if existing == 2 and math.isfinite(deviation) else None,
        symmetric=values.symmetric,
        shortest=values.shortest,
        numerical_error=values.numerical_error,
        coverage_interval=values.symmetric_at(question.coverage_probability),
        part_inside=None if question.window is None else values.part_inside(*question.window),
    )


Visit = Callable[[Callable[[slice, "Floats"], None]], None]
"""Calls a function with (place among the trials, values of all outputs) for every block of trials."""


def joint_region(visit: Visit, trials: int, moments: Moments, probability: float) -> tuple[float, float] | None:
    """(k_ellipse, k_rectangle) of two outputs about their means (JCGM 102 7.7); None where their matrix is singular."""
    if moments.failures.any() or not np.all(np.isfinite(moments.covariance)):
        return None
    deviation = np.sqrt(np.diag(moments.covariance))
    if not np.all(deviation > 0.0) or abs(moments.correlation[0, 1]) > 1.0 - 1e-12:
        return None
    r = float(moments.correlation[0, 1])
    distances = np.empty(trials)

    def ellipse(place: slice, values: Floats) -> None:
        a, b = (values - moments.mean[:, None]) / deviation[:, None]
        distances[place] = (a * a - 2.0 * r * a * b + b * b) / (1.0 - r * r)

    def rectangle(place: slice, values: Floats) -> None:
        distances[place] = np.abs((values - moments.mean[:, None]) / deviation[:, None]).max(axis=0)

    visit(ellipse)
    k_ellipse = math.sqrt(quantile(distances, probability))
    visit(rectangle)
    return k_ellipse, quantile(distances, probability)


def complete(outputs: Sequence[MonteCarloOutput | Failed]) -> bool:
    """Every output has a variance above 0, so that correlations between them exist."""
    return all(isinstance(output, MonteCarloOutput) and output.standard_deviation for output in outputs)
