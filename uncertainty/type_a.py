"""Type A evaluation: what repeated readings say of their mean (GUM 4.2, H.3.6 for a pooled standard deviation)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class TypeA(NamedTuple):
    """Mean of `number` readings, in their unit."""

    mean: float
    standard_deviation: float
    """s of a single reading: of these readings, or the pooled one that was given."""
    number: int
    standard_uncertainty: float
    """s/√n (GUM 4.2.3)."""
    dof: float
    """n - 1, or those of the pooled s (infinite when not given)."""


def evaluate_readings(readings: Sequence[float]) -> TypeA:
    """Mean and its uncertainty from at least two finite readings; ValueError with fewer.

    Sums are exact and the deviations are taken from the mean, so that readings of 10⁹ that differ by 10⁻² keep their
    digits. Equal readings give u = 0.
    """
    count = len(readings)
    if count < 2:
        raise ValueError("at least two readings are needed for a standard deviation")
    mean = _mean(readings)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in readings) / (count - 1))
    return TypeA(mean, deviation, count, deviation / math.sqrt(count), count - 1.0)


def evaluate_pooled(readings: Sequence[float], standard_deviation: float, dof: float = math.inf) -> TypeA:
    """The same with a standard deviation known from earlier work: u = s_p/√n, n ≥ 1 (GUM 4.2.4)."""
    count = len(readings)
    if count < 1:
        raise ValueError("at least one reading is needed")
    return TypeA(_mean(readings), standard_deviation, count, standard_deviation / math.sqrt(count), dof)


def pooled_standard_deviation(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """(s_p, dof) of several groups of at least two readings with one dispersion (GUM H.3.6): s_p² = Σνs²/Σν."""
    parts = [evaluate_readings(group) for group in groups]
    dof = math.fsum(part.dof for part in parts)
    return math.sqrt(math.fsum(part.dof * part.standard_deviation**2 for part in parts) / dof), dof


def _mean(readings: Sequence[float]) -> float:
    # About the first reading: the sum itself could overflow or round.
    first = readings[0]
    return first + math.fsum(x - first for x in readings) / len(readings)
