"""Polynomials with exact coefficients, in ascending powers: value, derivative, change of variable, solution."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

Coefficients = Sequence[Fraction]

# Real roots are found to about √eps when two of them meet.
_SAME_ROOT = 1e-7
_REAL = 1e-9
_NEWTON_STEPS = 5


def value(coefficients: Coefficients, t: Fraction) -> Fraction:
    """Σ c_k t^k."""
    total = Fraction(0)
    for entry in reversed(coefficients):
        total = total * t + entry
    return total


def derivative(coefficients: Coefficients) -> list[Fraction]:
    """Coefficients of the derivative."""
    return [k * entry for k, entry in enumerate(coefficients)][1:]


def substituted(coefficients: Coefficients, centre: Fraction, half: Fraction) -> list[Fraction]:
    """Coefficients in s of the same polynomial, where t = centre + half·s."""
    shifted: list[Fraction] = []
    for entry in reversed(coefficients):
        raised = [Fraction(0), *shifted]
        shifted = [centre * low + high for low, high in zip([*shifted, Fraction(0)], raised, strict=True)] or [
            Fraction(0)
        ]
        shifted[0] += entry
    return [entry * half**k for k, entry in enumerate(shifted[: len(coefficients)])]


def solutions(coefficients: Coefficients, level: Fraction, low: Fraction, high: Fraction) -> list[Fraction]:
    """All real t with Σ c_k t^k = level, nearest to the middle of [low, high] first; roots that meet count once.

    Found in a variable that runs from −1 to 1 between `low` and `high`, where the powers are well conditioned, and
    polished on the exact polynomial.
    """
    if len(coefficients) == 2:
        return [(level - coefficients[0]) / coefficients[1]] if coefficients[1] else []
    centre, half = (low + high) / 2, (high - low) / 2
    local = substituted(coefficients, centre, half)
    local[0] -= level
    scale = max(map(abs, local))
    while local and abs(local[-1]) <= scale * Fraction(1, 10**18):
        local.pop()
    if len(local) < 2:
        return []
    found = np.polynomial.polynomial.polyroots([float(entry / scale) for entry in local])
    real = sorted(float(place.real) for place in found if abs(place.imag) <= _REAL * max(1.0, abs(place)))
    distinct = real[:1] + [b for a, b in pairwise(real) if b - a > _SAME_ROOT]
    return [centre + half * _polished(local, place) for place in sorted(distinct, key=abs)]


def _polished(coefficients: Coefficients, place: float) -> Fraction:
    slopes = derivative(coefficients)
    for _ in range(_NEWTON_STEPS):
        slope = value(slopes, Fraction(place))
        if slope == 0:
            break
        step = float(value(coefficients, Fraction(place)) / slope)
        place -= step
        if abs(step) <= 1e-16:
            break
    return Fraction(place)
