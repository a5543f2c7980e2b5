"""What a large array of model values says: coverage intervals and their numerical error (JCGM 101:2008, 7.5 to 7.9)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Interval = tuple[float, float]
_CHUNK = 1 << 16


class Ranks(NamedTuple):
    """Positions (from 0) in the sorted values between which a coverage interval lies."""

    low: int
    high: int
    inside: int
    """q: the interval from a value to the q-th after it covers the probability."""


def symmetric_ranks(count: int, probability: float) -> Ranks:
    """Ranks of the probabilistically symmetric interval among `count` values (JCGM 101 7.7.2)."""
    inside = min(max(math.floor(probability * count + 0.5), 1), count - 1)
    low = (count - inside + 1) // 2 - 1
    return Ranks(max(low, 0), min(max(low, 0) + inside, count - 1), inside)


def quantile(values: Floats, probability: float) -> float:
    """The value below which lies this part of the values, which are put partly in order in place."""
    rank = min(max(math.floor(probability * len(values) + 0.5), 1), len(values)) - 1
    values.partition(rank)
    return float(values[rank])


class OrderedValues:
    """An array of model values, put partly in order in place: as far as an interval of one probability needs it.

    Values below the lower end of every interval of that probability, and those above every upper end, are sorted; the
    rest stays as it fell. Nothing is copied, so the array given is changed.
    """

    def __init__(self, values: Floats, probability: float) -> None:
        self._values = values
        self._ranks = symmetric_ranks(len(values), probability)
        outside = len(values) - self._ranks.inside
        self._tails = (outside, self._ranks.inside)
        if 2 * outside >= len(values):
            values.sort()
            self._tails = (len(values), 0)
            return
        values.partition(outside)
        upper = values[outside:]
        upper.partition(self._ranks.inside - outside)
        values[:outside].sort()
        values[self._ranks.inside :].sort()

    @property
    def symmetric(self) -> Interval:
        """Interval with equal probability outside on both sides."""
        return float(self._values[self._ranks.low]), float(self._values[self._ranks.high])

    @property
    def shortest(self) -> Interval:
        """The shortest interval of the probability (JCGM 101 7.7.3)."""
        inside = self._ranks.inside
        count = len(self._values) - inside
        best, at = math.inf, 0
        for start in range(0, count, _CHUNK):
            stop = min(start + _CHUNK, count)
            lengths = self._values[start + inside : stop + inside] - self._values[start:stop]
            shortest = int(np.argmin(lengths))
            if lengths[shortest] < best:
                best, at = float(lengths[shortest]), start + shortest
        return float(self._values[at]), float(self._values[at + inside])

    def symmetric_at(self, probability: float) -> Interval:
        """The symmetric interval of another probability."""
        ranks = symmetric_ranks(len(self._values), probability)
        return self._value(ranks.low), self._value(ranks.high)

    @property
    def numerical_error(self) -> float:
        """Larger standard error of the two symmetric ends.

        An end is the value of rank r, and r itself scatters binomially with √(Mq(1-q)): half the distance between the
        values that many ranks to either side.
        """
        count = len(self._values)
        errors = []
        for rank in (self._ranks.low, self._ranks.high):
            part = (rank + 0.5) / count
            spread = max(1, round(math.sqrt(count * part * (1.0 - part))))
            below, above = max(rank - spread, 0), min(rank + spread, count - 1)
            errors.append((self._value(above) - self._value(below)) * spread / (above - below))
        return max(errors)

    def part_inside(self, low: float, high: float) -> float:
        """Part of the values within [low, high]."""
        inside = 0
        for start in range(0, len(self._values), _CHUNK):
            chunk = self._values[start : start + _CHUNK]
            inside += int(np.count_nonzero((chunk >= low) & (chunk <= high)))
        return inside / len(self._values)

    def _value(self, rank: int) -> float:
        """The value of a rank, putting it in its place when it does not stand in a sorted tail."""
        lower, upper = self._tails
        if lower <= rank < upper:
            self._values[lower:upper].partition(rank - lower)
        return float(self._values[rank])
