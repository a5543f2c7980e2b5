"""Quantile functions of the distributions that have no cheap closed one, on whole arrays of probabilities."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_T_REACH = 6.0
"""Normal scores up to here are tabulated (all but 2 in 10⁹ draws); beyond, the library inverts."""
_T_NODES = 1201


def trapezoid_quantile(probability: Floats, beta: float) -> Floats:
    """Quantiles of the trapezoid over ±1 with top/base beta: square roots in the flanks, a line between them."""
    tail = np.minimum(probability, 1.0 - probability)
    flank = np.sqrt(2.0 * tail * (1.0 - beta**2)) - 1.0
    straight = (tail - 0.5) * (1.0 + beta)
    lower = np.where(tail < 0.5 * (1.0 - beta) / (1.0 + beta), flank, straight)
    return np.where(probability <= 0.5, lower, -lower)


@lru_cache(maxsize=64)
def t_quantile(dof: float) -> Callable[[Floats], Floats]:
    """Quantiles of the standard t, by table: the library's inversion takes ten times as long as all the rest."""
    from scipy.special import ndtr, ndtri, stdtrit

    lower = np.linspace(-_T_REACH, 0.0, _T_NODES)
    below = stdtrit(dof, ndtr(lower))
    scores, quantiles = np.concatenate([lower, -lower[-2::-1]]), np.concatenate([below, -below[-2::-1]])
    table = _Hermite(scores, quantiles, _t_slope(scores, quantiles, dof))

    def quantile(probability: Floats) -> Floats:
        score = ndtri(probability)
        values = table(score)
        far = np.abs(score) > _T_REACH
        if far.any():
            values[far] = stdtrit(dof, probability[far])
        return values

    return quantile


def _t_slope(scores: Floats, quantiles: Floats, dof: float) -> Floats:
    """dt/dz = φ(z)/f(t), from the two densities."""
    log_constant = math.lgamma(0.5 * (dof + 1.0)) - math.lgamma(0.5 * dof) - 0.5 * math.log(dof * math.pi)
    log_density = log_constant - 0.5 * (dof + 1.0) * np.log1p(quantiles**2 / dof)
    slope: Floats = np.exp(-0.5 * scores**2 - 0.5 * math.log(2.0 * math.pi) - log_density)
    return slope


@lru_cache(maxsize=64)
def curvilinear_quantile(ratio: float) -> Callable[[Floats], Floats]:
    """Quantiles of the curvilinear trapezoid of half-width 1 known to ±ratio, by table of its distribution function."""
    if ratio == 0.0:
        return lambda probability: 2.0 * probability - 1.0
    # Nodes dense towards the end, where the density goes to zero.
    position = (1.0 + ratio) * (1.0 - np.linspace(1.0, 0.0, 4001) ** 2)
    upper_tail = _curvilinear_tail(position, ratio)

    def quantile(probability: Floats) -> Floats:
        tail = np.minimum(probability, 1.0 - probability)
        distance = np.interp(-tail, -upper_tail, position)
        return np.where(probability <= 0.5, -distance, distance)

    return quantile


def _curvilinear_tail(position: Floats, ratio: float) -> Floats:
    """Probability above `position` ≥ 0: the mean over half-widths w in 1 ± ratio of max(0, w - x)/(2w)."""
    low = np.clip(position, 1.0 - ratio, 1.0 + ratio)
    high = 1.0 + ratio
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.where(position > 0.0, position * np.log(high / np.maximum(low, 1e-300)), 0.0)
    tail: Floats = (high - low - logarithm) / (4.0 * ratio)
    return tail


class _Hermite:
    """Cubic Hermite interpolation on equally spaced nodes: values and slopes are met exactly."""

    def __init__(self, nodes: Floats, values: Floats, slopes: Floats) -> None:
        self._start = float(nodes[0])
        self._step = float(nodes[1] - nodes[0])
        self._last = len(nodes) - 2
        rise = np.diff(values)
        left, right = slopes[:-1] * self._step, slopes[1:] * self._step
        self._c0, self._c1 = values[:-1].copy(), left
        self._c2, self._c3 = 3.0 * rise - 2.0 * left - right, left + right - 2.0 * rise

    def __call__(self, x: Floats) -> Floats:
        position = (x - self._start) * (1.0 / self._step)
        cell = position.astype(np.intp)
        np.clip(cell, 0, self._last, out=cell)
        position -= cell
        values: Floats = self._c3.take(cell)
        for coefficient in (self._c2, self._c1, self._c0):
            values *= position
            values += coefficient.take(cell)
        return values
