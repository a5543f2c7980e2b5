"""Coverage intervals of more model values than are kept: counted in a hundred thousand bins of equal probability.

The bins' edges are order statistics of the first values. A bin holds some 8·10⁻⁶ of the probability and ends are
interpolated within it, so the answers differ from those of the ordered values by less than their own standard error.
"""

from __future__ import annotations

import math
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Interval = tuple[float, float]
BINS = 1 << 17


class BinnedValues:
    """Counts of values; the same questions as `OrderedValues` answers, once all values have been added."""

    def __init__(self, pilot: Floats, probability: float) -> None:
        ordered = np.sort(pilot)
        self._edges = np.unique(ordered[:: max(1, len(ordered) // BINS)])
        self._counts = np.zeros(len(self._edges) + 1, dtype=np.int64)
        self._low, self._high = float(ordered[0]), float(ordered[-1])
        self._probability = probability
        self._lock = Lock()

    def add(self, values: Floats) -> None:
        """Count some values; any order and any thread gives the same counts."""
        counts = np.bincount(np.searchsorted(self._edges, values), minlength=len(self._counts))
        low, high = float(values.min()), float(values.max())
        with self._lock:
            self._counts += counts
            self._low, self._high = min(self._low, low), max(self._high, high)

    @property
    def symmetric(self) -> Interval:
        """Interval with equal probability outside on both sides."""
        return self.symmetric_at(self._probability)

    def symmetric_at(self, probability: float) -> Interval:
        """The symmetric interval of another probability."""
        low, high = self._at(np.array([0.5 - 0.5 * probability, 0.5 + 0.5 * probability]))
        return float(low), float(high)

    @property
    def shortest(self) -> Interval:
        """The shortest interval of the probability that begins at an edge."""
        points, parts = self._distribution
        starts = parts <= 1.0 - self._probability
        ends = self._at(parts[starts] + self._probability)
        shortest = int(np.argmin(ends - points[starts]))
        return float(points[starts][shortest]), float(ends[shortest])

    @property
    def numerical_error(self) -> float:
        """Larger standard error of the two symmetric ends, as for ordered values."""
        count = int(self._counts.sum())
        errors = []
        for part in (0.5 - 0.5 * self._probability, 0.5 + 0.5 * self._probability):
            spread = math.sqrt(part * (1.0 - part) / count)
            below, above = self._at(np.array([part - spread, part + spread]))
            errors.append(0.5 * float(above - below))
        return max(errors)

    def part_inside(self, low: float, high: float) -> float:
        """Part of the values within [low, high]."""
        points, parts = self._distribution
        below, up_to = np.interp([low, high], points, parts, left=0.0, right=1.0)
        return float(up_to - below)

    @property
    def _distribution(self) -> tuple[Floats, Floats]:
        """Points and the parts of the values up to them."""
        points = np.concatenate([[self._low], self._edges, [self._high]])
        parts = np.concatenate([[0.0], np.cumsum(self._counts)]) / self._counts.sum()
        return points, parts

    def _at(self, parts: Floats) -> Floats:
        points, known = self._distribution
        values: Floats = np.interp(parts, known, points)
        return values
