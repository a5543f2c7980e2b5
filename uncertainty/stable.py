"""Monte Carlo with as many points as make the results stable to a number of significant digits of u.

Instead of random trials it takes sixteen randomly shifted copies of one lattice: the scatter of the sixteen results
tells the error of their mean, and the lattice is refined until that error is small against the numerical tolerance of
JCGM 101 7.9.2 for the mean, the standard deviation and both ends of the symmetric interval. Random trials would need
ten to a hundred times as many points, and the stopping rule of 7.9.4 is right in some 85 % of runs only.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.lattice import MAX_LEVEL, VECTOR, added_points
from uncertainty.monte_carlo import (
    Failed,
    Moments,
    MonteCarlo,
    MonteCarloOutput,
    MonteCarloRun,
    Question,
    complete,
    describe,
    existing_moments,
    joint_region,
)
from uncertainty.order_statistics import OrderedValues, symmetric_ranks
from uncertainty.sampling import Sampler
from uncertainty.validity import numerical_tolerance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.inputs import Input
    from uncertainty.model import Model

    Floats = NDArray[np.float64]

SHIFTS = 16
"""Independent copies of the lattice."""
FIRST_LEVEL = 11
"""2^11 points in every copy to begin with."""
SAFETY = 2.3
"""Standard errors that must fit into the tolerance (JCGM 101 7.9.4 takes 2, of an error that it has just estimated)."""
_BLOCK = 16384
"""Points made together: their arrays fit the processor's cache."""


def simulate_stable(
    model: Model,
    inputs: Sequence[Input],
    sampler: Sampler,
    settings: MonteCarlo,
    questions: Sequence[Question],
    *,
    threads: int | None = None,
) -> MonteCarloRun:
    """Refine until all outputs are stable to `settings.digits` digits, or the finest lattice is reached.

    The results depend on the seed only, not on the number of threads.
    """
    existing = [existing_moments(inputs, used) for used in model.used]
    digits = settings.digits or 2
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        lattice = _Lattice(model, sampler, settings.seed, pool)
        while True:
            lattice.refine()
            found = [
                _is_stable(values, question.probability, moments, digits)
                for values, question, moments in zip(lattice.values, questions, existing, strict=True)
            ]
            failed = not np.isfinite(lattice.values).all()
            if all(stable for stable, _ in found) or lattice.level == MAX_LEVEL or failed:
                break
    return _run(lattice.values, questions, existing, found)


class _Lattice:
    """Values of all outputs at the points so far, shape (outputs, shifts, points)."""

    def __init__(self, model: Model, sampler: Sampler, seed: int, pool: ThreadPoolExecutor) -> None:
        self._model = model
        self._sampler = sampler
        self._pool = pool
        self._dimensions = min(sampler.dimensions, len(VECTOR))
        self._seed = seed
        self.level = FIRST_LEVEL - 1
        self._shifts = np.random.default_rng(np.random.SeedSequence(seed)).random((SHIFTS, self._dimensions))
        self.values: Floats = np.empty((len(model.outputs), SHIFTS, 0))

    def refine(self) -> None:
        """Double the points of every copy (the first time: make them)."""
        self.level += 1
        points = 1 << (self.level if self.level == FIRST_LEVEL else self.level - 1)
        added = np.empty((len(self._model.outputs), SHIFTS, points))
        together = min(SHIFTS, max(1, _BLOCK // points))
        groups = [slice(start, min(start + together, SHIFTS)) for start in range(0, SHIFTS, together)]
        for done in [self._pool.submit(self._make, group, added[:, group]) for group in groups]:
            done.result()
        self.values = np.concatenate([self.values, added], axis=2)

    def _make(self, group: slice, added: Floats) -> None:
        shifts = range(SHIFTS)[group]
        first = self.level == FIRST_LEVEL
        points = np.concatenate(
            [added_points(self.level, self._shifts[shift], first=first) for shift in shifts], axis=1
        )
        if self._sampler.dimensions > self._dimensions:
            # Beyond the lattice's dimensions the points are random, which is right and only less even.
            stream = np.random.SeedSequence(self._seed, spawn_key=(self.level, shifts[0]))
            rest = self._sampler.dimensions - self._dimensions
            points = np.concatenate([points, np.random.default_rng(stream).random((rest, points.shape[1]))])
        with np.errstate(all="ignore"):
            for values, result in zip(added, self._model.arrays(*self._sampler.from_uniform(points)), strict=True):
                values[...] = np.reshape(np.broadcast_to(result, points.shape[1]), values.shape)


def _is_stable(values: Floats, probability: float, existing: int, digits: int) -> tuple[bool, float]:
    """Whether one output is stable, and the larger standard error of its interval's ends, from its copies' values."""
    ordered = np.sort(values, axis=1)
    ranks = symmetric_ranks(values.shape[1], probability)
    results = [ordered[:, ranks.low], ordered[:, ranks.high]]
    with np.errstate(all="ignore"):
        means, deviations = values.mean(axis=1), values.std(axis=1)
        deviation = math.sqrt(np.mean(deviations**2) + np.var(means))
        if existing >= 1:
            results.append(means)
        if existing == 2:
            results.append(deviations)
        errors = np.std(results, axis=1, ddof=1) / math.sqrt(SHIFTS)
    end_error = float(errors[:2].max())
    if not math.isfinite(deviation):
        return False, end_error
    return SAFETY * float(errors.max()) <= numerical_tolerance(deviation, digits), end_error


def _run(
    copies: Floats, questions: Sequence[Question], existing: Sequence[int], found: Sequence[tuple[bool, float]]
) -> MonteCarloRun:
    values = copies.reshape(len(questions), -1)
    moments = _moments(values)
    region = None
    if len(questions) == 2:
        place = slice(0, values.shape[1])
        probability = questions[0].coverage_probability
        region = joint_region(lambda function: function(place, values), values.shape[1], moments, probability)
    outputs: list[MonteCarloOutput | Failed] = []
    for number, (question, (stable, end_error)) in enumerate(zip(questions, found, strict=True)):
        if moments.failures[number]:
            outputs.append(Failed(values.shape[1], int(moments.failures[number])))
            continue
        ordered = OrderedValues(values[number], question.probability)
        output = describe(ordered, values.shape[1], question, moments, number, existing[number])
        outputs.append(replace(output, numerical_error=end_error, stable=stable))
    matrix = moments.correlation if len(outputs) > 1 and complete(outputs) else None
    return MonteCarloRun(tuple(outputs), matrix, None if matrix is None else region)


def _moments(values: Floats) -> Moments:
    count = len(values)
    covariance = np.empty((count, count))
    with np.errstate(all="ignore"):
        mean = values.mean(axis=1)
        centred = values - mean[:, None]
        for i in range(count):
            for j in range(i + 1):
                # Not a matrix product: that one splits its sums by the number of threads.
                covariance[i, j] = covariance[j, i] = (centred[i] * centred[j]).sum() / (values.shape[1] - 1)
    return Moments(mean, covariance, np.count_nonzero(~np.isfinite(values), axis=1))
