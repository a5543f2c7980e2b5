"""What is known of a quantity before it is measured: normal, gamma and rectangular densities, and means under them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

# Gauss-Legendre nodes in each panel: on a panel one standard deviation wide, 16 are exact to the last digit.
_NODES = 16
# Beyond this many standard deviations a normal density is below the smallest double.
_NORMAL_REACH = 38
# Panels towards the origin halve so often, because a gamma density of non-integer shape is not smooth there.
_HALVINGS = 60


class Prior(ABC):
    """A density of possible values, in the quantity's unit."""

    @property
    @abstractmethod
    def mean(self) -> float:
        """Expectation."""

    @property
    @abstractmethod
    def standard_deviation(self) -> float:
        """Standard deviation."""

    @abstractmethod
    def mass(self, lower: float, upper: float) -> float:
        """Probability of a value between two limits (0 when they are crossed), accurate in both tails."""

    @abstractmethod
    def density(self, values: FloatArray) -> FloatArray:
        """Density at values inside the support, shape kept."""

    @abstractmethod
    def cuts(self) -> FloatArray:
        """Places between which the density is smooth, ascending, finite."""

    def mean_of(
        self, weight: Callable[[FloatArray], FloatArray], lower: float, upper: float, cuts: FloatArray
    ) -> float:
        """∫ weight(η) g(η) dη from `lower` to `upper` (either may be infinite).

        `weight` is bounded and vectorised; `cuts` are the places between which it is smooth.
        """
        if not lower < upper:
            return 0.0
        own = self.cuts()
        first, last = max(lower, float(own[0])), min(upper, float(own[-1]))
        if not first < last:  # only a tail, which holds next to nothing
            nearest = np.array([lower if lower >= float(own[-1]) else upper])
            return self.mass(lower, upper) * float(weight(nearest)[0])
        inner = np.concatenate((own, cuts))
        edges = np.unique(np.concatenate(([first, last], inner[(inner > first) & (inner < last)])))
        # The remainders outside the cuts hold next to no probability; the weight hardly changes there.
        remainder = self.mass(lower, first) * float(weight(edges[:1])[0])
        remainder += self.mass(last, upper) * float(weight(edges[-1:])[0])
        nodes, widths = _panels(edges)
        return remainder + float(np.sum(weight(nodes) * self.density(nodes) * widths))


@dataclass(frozen=True, slots=True)
class NormalPrior(Prior):
    """N(`centre`, `spread`²)."""

    centre: float
    spread: float

    def __post_init__(self) -> None:
        if not (isfinite(self.centre) and 0 < self.spread < inf):
            raise ValueError("a normal prior needs a finite mean and a standard deviation above 0")

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_deviation(self) -> float:
        return self.spread

    def mass(self, lower: float, upper: float) -> float:
        return normal_mass((lower - self.centre) / self.spread, (upper - self.centre) / self.spread)

    def density(self, values: FloatArray) -> FloatArray:
        z = (values - self.centre) / self.spread
        return np.exp(-0.5 * z * z) / (self.spread * sqrt(2 * np.pi))

    def cuts(self) -> FloatArray:
        return self.centre + self.spread * np.arange(-_NORMAL_REACH, _NORMAL_REACH + 1.0)


@dataclass(frozen=True, slots=True)
class GammaPrior(Prior):
    """Gamma density of positive values, mean `shape` · `scale` (JCGM 106:2012 9.5.4 takes shape 4, scale 0.25)."""

    shape: float
    scale: float

    def __post_init__(self) -> None:
        if not (0 < self.shape < inf and 0 < self.scale < inf):
            raise ValueError("a gamma prior needs a shape and a scale above 0")

    @property
    def mean(self) -> float:
        return self.shape * self.scale

    @property
    def standard_deviation(self) -> float:
        return sqrt(self.shape) * self.scale

    def mass(self, lower: float, upper: float) -> float:
        from scipy.special import gammainc, gammaincc

        low, high = max(lower, 0.0) / self.scale, max(upper, 0.0) / self.scale
        if not low < high:
            return 0.0
        if low > self.shape:
            return float(gammaincc(self.shape, low) - gammaincc(self.shape, high))
        return float(gammainc(self.shape, high) - gammainc(self.shape, low))

    def density(self, values: FloatArray) -> FloatArray:
        from scipy.special import gammaln

        x = values / self.scale
        density: FloatArray = np.exp((self.shape - 1) * np.log(x) - x - gammaln(self.shape)) / self.scale
        return density

    def cuts(self) -> FloatArray:
        middle = self.mean + self.standard_deviation * np.arange(-_NORMAL_REACH, _NORMAL_REACH + 1.0)
        tail = self.scale * np.arange(1.0, 61.0)
        origin = self.mean * 2.0 ** -np.arange(0.0, _HALVINGS)
        places = np.concatenate((origin, middle, tail))
        return np.unique(places[places > 0])


@dataclass(frozen=True, slots=True)
class RectangularPrior(Prior):
    """Equal density from `lower` to `upper`."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lower) and isfinite(self.upper) and self.lower < self.upper):
            raise ValueError("a rectangular prior needs finite limits, the lower one below the upper one")

    @property
    def mean(self) -> float:
        return (self.lower + self.upper) / 2

    @property
    def standard_deviation(self) -> float:
        return (self.upper - self.lower) / sqrt(12)

    def mass(self, lower: float, upper: float) -> float:
        return max(0.0, min(upper, self.upper) - max(lower, self.lower)) / (self.upper - self.lower)

    def density(self, values: FloatArray) -> FloatArray:
        return np.full_like(values, 1 / (self.upper - self.lower))

    def cuts(self) -> FloatArray:
        return np.array([self.lower, self.upper])


def normal_mass(low: float, high: float) -> float:
    """Φ(high) − Φ(low), 0 when crossed, without losing digits in the upper tail."""
    from scipy.special import ndtr

    if not low < high:
        return 0.0
    return float(ndtr(-low) - ndtr(-high)) if low > 0 else float(ndtr(high) - ndtr(low))


def _panels(edges: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Nodes and widths (quadrature weights) of all panels between consecutive edges, flattened."""
    nodes, weights = _legendre()
    half = np.diff(edges)[:, None] / 2
    middle = (edges[:-1] + edges[1:])[:, None] / 2
    return (middle + half * nodes).ravel(), (half * weights).ravel()


@lru_cache(maxsize=1)
def _legendre() -> tuple[FloatArray, FloatArray]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights
