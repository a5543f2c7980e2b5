"""Monte Carlo with a fixed number of random trials.

The trials are cut into blocks of fixed size, and block number i has a random stream of its own, derived from the seed
and i. So the values do not depend on how many threads share the blocks, a block fits the processor's cache, and any
part of a run can be made again instead of being kept: memory is bounded whatever the number of trials.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.binned_values import BinnedValues
from uncertainty.monte_carlo import (
    DEFAULT_TRIALS,
    MAX_ORDERED,
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
from uncertainty.order_statistics import OrderedValues
from uncertainty.sampling import Sampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.inputs import Input
    from uncertainty.model import Model

    Floats = NDArray[np.float64]

BLOCK = 16384
"""Trials of one block: its arrays fit the processor's cache."""
_KEPT = 8_000_000
"""Most values of all outputs kept at once; a run with more makes its trials again for every output."""
_PILOT = 1_000_000
"""Values that set the bins of a run whose values are not kept."""


def simulate_trials(
    model: Model,
    inputs: Sequence[Input],
    sampler: Sampler,
    settings: MonteCarlo,
    questions: Sequence[Question],
    *,
    threads: int | None = None,
) -> MonteCarloRun:
    """Run `settings.trials` trials and answer one question per output.

    `threads` is the number of worker threads (default: one per processor); the results do not depend on it.
    """
    trials = _Trials(model, sampler, settings.trials or DEFAULT_TRIALS, settings.seed, threads or os.cpu_count() or 1)
    # Before the answers, which put kept values out of their order.
    region = None
    if len(questions) == 2:
        region = trials.region(questions[0].coverage_probability)
    outputs = trials.answers(questions, [existing_moments(inputs, used) for used in model.used])
    matrix = trials.moments.correlation if len(outputs) > 1 and complete(outputs) else None
    return MonteCarloRun(tuple(outputs), matrix, None if matrix is None else region)


class _Trials:
    """The trials of one run, kept where they fit and made again where they do not."""

    def __init__(self, model: Model, sampler: Sampler, count: int, seed: int, threads: int) -> None:
        self._model = model
        self._sampler = sampler
        self._seed = seed
        self._outputs = len(model.outputs)
        self.count = count
        self._blocks = -(-count // BLOCK)
        self._threads = min(threads, self._blocks)
        self._means = np.zeros((self._blocks, self._outputs))
        self._products = np.zeros((self._blocks, self._outputs, self._outputs))
        self._failures = np.zeros((self._blocks, self._outputs), dtype=np.int64)
        self._moments: Moments | None = None
        self._kept: Floats | None = None
        self._buffer: Floats | None = None
        if count * self._outputs <= _KEPT or (self._outputs == 1 and count <= MAX_ORDERED):
            kept = np.empty((self._outputs, count))
            self._make(lambda place, values: kept.__setitem__((slice(None), place), values))
            self._kept = kept

    @property
    def moments(self) -> Moments:
        if self._moments is None:
            self._make(lambda place, values: None)
        assert self._moments is not None
        return self._moments

    def answers(self, questions: Sequence[Question], existing: Sequence[int]) -> list[MonteCarloOutput | Failed]:
        """The distributions of all outputs; values that are kept are put in order in place."""
        failures = self.moments.failures
        binned = self._binned(questions) if self.count > MAX_ORDERED else []
        outputs: list[MonteCarloOutput | Failed] = []
        for number, question in enumerate(questions):
            if failures[number]:
                outputs.append(Failed(self.count, int(failures[number])))
                continue
            values = binned[number] if binned else OrderedValues(self._values(number), question.probability)
            outputs.append(describe(values, self.count, question, self.moments, number, existing[number]))
        return outputs

    def region(self, probability: float) -> tuple[float, float] | None:
        """(k_ellipse, k_rectangle) of two outputs, from at most so many of the first trials as can be kept."""
        return joint_region(self._visit, min(self.count, MAX_ORDERED), self.moments, probability)

    def _binned(self, questions: Sequence[Question]) -> list[BinnedValues]:
        """The values of all outputs counted in bins that the first million of them set."""
        pilot = np.empty((self._outputs, min(self.count, _PILOT)))
        self._make(lambda place, values: pilot.__setitem__((slice(None), place), values), pilot.shape[1])
        binned = [BinnedValues(row, question.probability) for row, question in zip(pilot, questions, strict=True)]

        def count(place: slice, values: Floats) -> None:
            for row, counted in zip(values, binned, strict=True):
                counted.add(row)

        self._make(count)
        return binned

    def _values(self, number: int) -> Floats:
        """All values of one output, in an array that may be changed (and is used again for the next one)."""
        if self._kept is not None:
            kept: Floats = self._kept[number]
            return kept
        buffer = self._buffer if self._buffer is not None else np.empty(self.count)
        self._buffer = buffer
        self._make(lambda place, values: buffer.__setitem__(place, values[number]))
        return buffer

    def _visit(self, function: Callable[[slice, Floats], None]) -> None:
        """Call the function with every block of values of all outputs, of the first trials that can be kept."""
        if self._kept is None:
            self._make(function, min(self.count, MAX_ORDERED))
            return
        for start in range(0, self.count, BLOCK):
            place = slice(start, min(start + BLOCK, self.count))
            function(place, self._kept[:, place])

    def _make(self, function: Callable[[slice, Floats], None], count: int | None = None) -> None:
        """Make the blocks (of the first `count` trials), shared among the threads, and give each to the function.

        The first time all are made, their moments are summed up in the order of the blocks.
        """
        count = self.count if count is None else count
        if self._threads == 1:
            self._make_share(0, function, count)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                shares = [pool.submit(self._make_share, share, function, count) for share in range(self._threads)]
                for share in shares:
                    share.result()
        if self._moments is None:
            self._moments = self._combined()

    def _make_share(self, share: int, function: Callable[[slice, Floats], None], count: int) -> None:
        rows = np.empty((len(self._model.inputs), BLOCK))
        results = np.empty((self._outputs, BLOCK))
        with np.errstate(all="ignore"):
            for block in range(share, -(-count // BLOCK), self._threads):
                start = block * BLOCK
                size = min(BLOCK, count - start)
                stream = np.random.SeedSequence(self._seed, spawn_key=(block,))
                columns = self._sampler.draw(np.random.Generator(np.random.SFC64(stream)), rows[:, :size])
                values = results[:, :size]
                for row, result in zip(values, self._model.arrays(*columns), strict=True):
                    row[:] = result
                if self._moments is None:
                    self._summarise(block, values)
                function(slice(start, start + size), values)

    def _summarise(self, block: int, values: Floats) -> None:
        means = values.mean(axis=1)
        if not np.all(np.isfinite(means)):
            self._failures[block] = np.count_nonzero(~np.isfinite(values), axis=1)
        self._means[block] = means
        centred = values - means[:, None]
        for i in range(self._outputs):
            for j in range(i + 1):
                self._products[block, i, j] = self._products[block, j, i] = (centred[i] * centred[j]).sum()

    def _combined(self) -> Moments:
        sizes = np.full(self._blocks, float(BLOCK))
        sizes[-1] = self.count - BLOCK * (self._blocks - 1)
        with np.errstate(all="ignore"):
            mean = (self._means * sizes[:, None]).sum(axis=0) / self.count
            apart = self._means - mean
            between = np.einsum("b,bi,bj->ij", sizes, apart, apart)
            covariance = (self._products.sum(axis=0) + between) / (self.count - 1)
        return Moments(mean, covariance, self._failures.sum(axis=0))
