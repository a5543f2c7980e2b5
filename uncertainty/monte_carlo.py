"""Propagation of distributions by Monte Carlo (JCGM 101:2008, JCGM 102:2011).

The trials are cut into blocks of fixed size, and block number i has a random stream of its own, derived from the seed
and i. So the values do not depend on how many threads share the blocks, a block fits the processor's cache, and any
part of a run can be made again instead of being kept: memory is bounded whatever the number of trials.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.errors import InputError
from uncertainty.order_statistics import Interval, OrderedValues
from uncertainty.sampling import Sampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input
    from uncertainty.model import Model

    Floats = NDArray[np.float64]

DEFAULT_TRIALS = 1_000_000
MIN_TRIALS = 100
MAX_TRIALS = 10_000_000
"""Most trials of one run; their values for one output take 80 MB."""
BLOCK = 16384
"""Trials of one block: its arrays fit the processor's cache."""
_KEPT = 8_000_000
"""Most values of all outputs kept at once; a run with more makes its trials again for every output."""


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


def simulate(
    model: Model,
    inputs: Sequence[Input],
    correlation: CorrelationMatrix | None,
    settings: MonteCarlo,
    questions: Sequence[Question],
    *,
    threads: int | None = None,
) -> MonteCarloRun:
    """Run `settings.trials` trials and answer one question per output.

    `threads` is the number of worker threads (default: one per processor); the results do not depend on it.
    """
    used = sorted({name for names in model.used for name in names})
    sampler = Sampler(inputs, correlation, used)
    trials = _Trials(model, sampler, settings.trials or DEFAULT_TRIALS, settings.seed, threads or os.cpu_count() or 1)
    region = None
    if len(model.outputs) == 2:
        region = trials.region(questions[0].coverage_probability)
    outputs = [
        trials.answer(number, question, existing_moments(inputs, model.used[number]))
        for number, question in enumerate(questions)
    ]
    complete = all(isinstance(output, MonteCarloOutput) and output.standard_deviation for output in outputs)
    matrix = trials.moments.correlation if complete and len(outputs) > 1 else None
    return MonteCarloRun(tuple(outputs), matrix, region if complete else None)


def existing_moments(inputs: Sequence[Input], used: Sequence[str]) -> int:
    """How many moments a result of these inputs has: that of the worst (2 = mean and variance, 1 = mean, 0 = none)."""
    return min((item.distribution.moments for item in inputs if item.name in used), default=2)


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


class _Trials:
    """The trials of one run, kept where they fit and made again where they do not."""

    def __init__(self, model: Model, sampler: Sampler, trials: int, seed: int, threads: int) -> None:
        self._model = model
        self._sampler = sampler
        self._seed = seed
        self._outputs = len(model.outputs)
        self.count = trials
        self._blocks = -(-trials // BLOCK)
        self._threads = min(threads, self._blocks)
        self._sums = np.zeros((self._blocks, self._outputs))
        self._products = np.zeros((self._blocks, self._outputs, self._outputs))
        self._failures = np.zeros((self._blocks, self._outputs), dtype=np.int64)
        self._moments: Moments | None = None
        self._kept: Floats | None = None
        self._buffer: Floats | None = None
        if trials * self._outputs <= _KEPT:
            kept = np.empty((self._outputs, trials))
            self._make(lambda place, values: kept.__setitem__((slice(None), place), values))
            self._kept = kept

    @property
    def moments(self) -> Moments:
        if self._moments is None:
            self._make(lambda place, values: None)
        assert self._moments is not None
        return self._moments

    def answer(self, number: int, question: Question, existing: int) -> MonteCarloOutput | Failed:
        """The distribution of one output; its values, where kept, are put in order in place."""
        values = self._values(number)
        failures = int(self.moments.failures[number])
        if failures:
            return Failed(self.count, failures)
        ordered = OrderedValues(values, question.probability)
        mean = float(self.moments.mean[number])
        deviation = math.sqrt(float(self.moments.covariance[number, number]))
        window = question.window
        return MonteCarloOutput(
            trials=self.count,
            mean=mean if existing >= 1 and math.isfinite(mean) else None,
            standard_deviation=deviation if existing == 2 and math.isfinite(deviation) else None,
            symmetric=ordered.symmetric,
            shortest=ordered.shortest,
            numerical_error=ordered.numerical_error,
            coverage_interval=ordered.symmetric_at(question.coverage_probability),
            part_inside=None if window is None else ordered.part_inside(*window),
        )

    def region(self, probability: float) -> tuple[float, float] | None:
        """(k_ellipse, k_rectangle) of two outputs (JCGM 102 7.7.2, 7.7.3); None where their matrix is singular.

        To be asked for before the answers, which put the kept values out of their order.
        """
        moments = self.moments
        if moments.failures.any() or not np.all(np.isfinite(moments.covariance)):
            return None
        deviation = np.sqrt(np.diag(moments.covariance))
        if not np.all(deviation > 0.0) or abs(moments.correlation[0, 1]) > 1.0 - 1e-12:
            return None
        r = float(moments.correlation[0, 1])
        distances = np.empty(self.count)

        def ellipse(place: slice, values: Floats) -> None:
            a, b = (values - moments.mean[:, None]) / deviation[:, None]
            distances[place] = (a * a - 2.0 * r * a * b + b * b) / (1.0 - r * r)

        def rectangle(place: slice, values: Floats) -> None:
            distances[place] = np.abs((values - moments.mean[:, None]) / deviation[:, None]).max(axis=0)

        self._visit(ellipse)
        k_ellipse = math.sqrt(_quantile(distances, probability))
        self._visit(rectangle)
        return k_ellipse, _quantile(distances, probability)

    def _values(self, number: int) -> Floats:
        if self._kept is not None:
            kept: Floats = self._kept[number]
            return kept
        if self._buffer is None:
            self._buffer = np.empty(self.count)
        buffer = self._buffer
        self._make(lambda place, values: buffer.__setitem__(place, values[number]))
        return buffer

    def _visit(self, function: Callable[[slice, Floats], None]) -> None:
        """Call the function with every block of values of all outputs."""
        if self._kept is None:
            self._make(function)
            return
        for start in range(0, self.count, BLOCK):
            place = slice(start, min(start + BLOCK, self.count))
            function(place, self._kept[:, place])

    def _make(self, function: Callable[[slice, Floats], None]) -> None:
        """Make all blocks, share them among the threads, and sum up their moments in the order of the blocks."""
        if self._threads == 1:
            self._make_share(0, function)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                shares = [pool.submit(self._make_share, share, function) for share in range(self._threads)]
                for share in shares:
                    share.result()
        if self._moments is None:
            self._moments = self._combined()

    def _make_share(self, share: int, function: Callable[[slice, Floats], None]) -> None:
        rows = np.empty((len(self._model.inputs), BLOCK))
        results = np.empty((self._outputs, BLOCK))
        with np.errstate(all="ignore"):
            for block in range(share, self._blocks, self._threads):
                start = block * BLOCK
                size = min(BLOCK, self.count - start)
                stream = np.random.SeedSequence(self._seed, spawn_key=(block,))
                rng = np.random.Generator(np.random.SFC64(stream))
                columns = self._sampler.draw(rng, rows[:, :size])
                values = results[:, :size]
                for row, result in zip(values, self._model.arrays(*columns), strict=True):
                    row[:] = result
                self._summarise(block, values)
                function(slice(start, start + size), values)

    def _summarise(self, block: int, values: Floats) -> None:
        means = values.mean(axis=1)
        if not np.all(np.isfinite(means)):
            self._failures[block] = np.count_nonzero(~np.isfinite(values), axis=1)
        self._sums[block] = means
        centred = values - means[:, None]
        for i in range(self._outputs):
            for j in range(i + 1):
                product = float(np.dot(centred[i], centred[j])) if i != j else float(np.square(centred[i]).sum())
                self._products[block, i, j] = self._products[block, j, i] = product

    def _combined(self) -> Moments:
        sizes = np.full(self._blocks, float(BLOCK))
        sizes[-1] = self.count - BLOCK * (self._blocks - 1)
        with np.errstate(all="ignore"):
            mean = (self._sums * sizes[:, None]).sum(axis=0) / self.count
            apart = self._sums - mean
            between = np.einsum("b,bi,bj->ij", sizes, apart, apart)
            covariance = (self._products.sum(axis=0) + between) / (self.count - 1)
        return Moments(mean, covariance, self._failures.sum(axis=0))


def _quantile(values: Floats, probability: float) -> float:
    rank = min(max(math.floor(probability * len(values) + 0.5), 1), len(values)) - 1
    values.partition(rank)
    return float(values[rank])
