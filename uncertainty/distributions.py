"""The probability distributions of inputs: standard uncertainty, random draws, quantiles (JCGM 101:2008, clause 6.4).

A distribution knows where it lies (its centre), so that a draw is a value of the input itself in the input's unit.
`draw` fills an array with independent values; `quantile` turns probabilities in (0, 1) into values, which serves
correlated inputs (Gaussian copula) and quasi-random points.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from uncertainty.quantiles import curvilinear_quantile, t_quantile, trapezoid_quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Distribution(ABC):
    """What an input may be, given what is known of it."""

    kind: ClassVar[str]
    """Name in documents."""

    @property
    @abstractmethod
    def mean(self) -> float:
        """Expectation in the input's unit (centre of symmetry of a Student t of any degrees of freedom)."""

    @property
    @abstractmethod
    def standard_uncertainty(self) -> float:
        """What the law of propagation uses, in the input's unit; the scale of a Student t (JCGM 101 6.4.9.4 note)."""

    @abstractmethod
    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        """Fill `out` (any length) with independent draws."""

    @abstractmethod
    def quantile(self, probability: Floats) -> Floats:
        """Values below which lie the given probabilities, each in (0, 1); same shape."""

    @property
    def moments(self) -> int:
        """How many moments exist, at most 2: 2 = mean and variance, 1 = mean only, 0 = neither (JCGM 101 6.4.9.4)."""
        return 2

    @property
    def half_width(self) -> float | None:
        """Half-width a of the interval that holds all values of a bounded symmetric distribution, else None."""
        return None


@dataclass(frozen=True)
class Constant(Distribution):
    """A number without spread."""

    kind: ClassVar[str] = "constant"
    value: float

    @property
    def mean(self) -> float:
        return self.value

    @property
    def standard_uncertainty(self) -> float:
        return 0.0

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        out.fill(self.value)

    def quantile(self, probability: Floats) -> Floats:
        return np.full_like(probability, self.value)


@dataclass(frozen=True)
class Normal(Distribution):
    """Gaussian of mean `centre` and standard deviation `scale` (JCGM 101 6.4.7)."""

    kind: ClassVar[str] = "normal"
    centre: float
    scale: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.scale

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.standard_normal(out=out)
        _place(out, self.centre, self.scale)

    def quantile(self, probability: Floats) -> Floats:
        from scipy.special import ndtri

        return _placed(ndtri(probability), self.centre, self.scale)


@dataclass(frozen=True)
class StudentT(Distribution):
    """Scaled and shifted t with `dof` degrees of freedom > 0 (JCGM 101 6.4.9)."""

    kind: ClassVar[str] = "student_t"
    centre: float
    scale: float
    dof: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.scale

    @property
    def moments(self) -> int:
        if self.scale == 0.0:
            return 2
        return (self.dof > 1.0) + (self.dof > 2.0)

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        out[:] = rng.standard_t(self.dof, out.size)
        _place(out, self.centre, self.scale)

    def quantile(self, probability: Floats) -> Floats:
        return _placed(t_quantile(self.dof)(probability), self.centre, self.scale)


@dataclass(frozen=True)
class Rectangular(Distribution):
    """Uniform over centre ± a (GUM 4.3.7, JCGM 101 6.4.2): u = a/√3."""

    kind: ClassVar[str] = "rectangular"
    centre: float
    a: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.a / math.sqrt(3.0)

    @property
    def half_width(self) -> float:
        return self.a

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.random(out=out)
        _place(out, self.centre - self.a, 2.0 * self.a)

    def quantile(self, probability: Floats) -> Floats:
        return _placed(probability, self.centre - self.a, 2.0 * self.a)


@dataclass(frozen=True)
class Triangular(Distribution):
    """Symmetric triangle over centre ± a (GUM 4.3.9, JCGM 101 6.4.5): u = a/√6."""

    kind: ClassVar[str] = "triangular"
    centre: float
    a: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.a / math.sqrt(6.0)

    @property
    def half_width(self) -> float:
        return self.a

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.random(out=out)
        out += rng.random(out.size)
        _place(out, self.centre - self.a, self.a)

    def quantile(self, probability: Floats) -> Floats:
        return _placed(trapezoid_quantile(probability, 0.0), self.centre, self.a)


@dataclass(frozen=True)
class Trapezoidal(Distribution):
    """Symmetric trapezoid over centre ± a, top/base = beta in [0, 1] (GUM 4.3.9, JCGM 101 6.4.4): u = a√((1+β²)/6)."""

    kind: ClassVar[str] = "trapezoidal"
    centre: float
    a: float
    beta: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.a * math.sqrt((1.0 + self.beta**2) / 6.0)

    @property
    def half_width(self) -> float:
        return self.a

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.random(out=out)
        _place(out, self.centre - self.a, self.a * (1.0 + self.beta))
        out += rng.random(out.size) * (self.a * (1.0 - self.beta))

    def quantile(self, probability: Floats) -> Floats:
        return _placed(trapezoid_quantile(probability, self.beta), self.centre, self.a)


@dataclass(frozen=True)
class Arcsine(Distribution):
    """U-shaped over centre ± a, a sine of unknown phase (JCGM 101 6.4.6): u = a/√2."""

    kind: ClassVar[str] = "arcsine"
    centre: float
    a: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return self.a / math.sqrt(2.0)

    @property
    def half_width(self) -> float:
        return self.a

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.random(out=out)
        _place(out, -0.5 * math.pi, math.pi)
        np.sin(out, out=out)
        _place(out, self.centre, self.a)

    def quantile(self, probability: Floats) -> Floats:
        return _placed(np.sin((probability - 0.5) * math.pi), self.centre, self.a)


@dataclass(frozen=True)
class CurvilinearTrapezoid(Distribution):
    """Uniform over centre ± a where a itself is known to ± d, 0 ≤ d ≤ a (JCGM 101 6.4.3): u² = a²/3 + d²/9."""

    kind: ClassVar[str] = "curvilinear_trapezoid"
    centre: float
    a: float
    d: float

    @property
    def mean(self) -> float:
        return self.centre

    @property
    def standard_uncertainty(self) -> float:
        return math.sqrt(self.a**2 / 3.0 + self.d**2 / 9.0)

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.random(out=out)
        _place(out, -1.0, 2.0)
        width = rng.random(out.size)
        _place(width, self.a - self.d, 2.0 * self.d)
        out *= width
        out += self.centre

    def quantile(self, probability: Floats) -> Floats:
        return _placed(self._table(probability), self.centre, self.a)

    @cached_property
    def _table(self) -> Callable[[Floats], Floats]:
        return curvilinear_quantile(self.d / self.a) if self.a > 0.0 else np.zeros_like


@dataclass(frozen=True)
class Exponential(Distribution):
    """Positive, known only by its mean > 0 (JCGM 101 6.4.10): u = mean."""

    kind: ClassVar[str] = "exponential"
    scale: float

    @property
    def mean(self) -> float:
        return self.scale

    @property
    def standard_uncertainty(self) -> float:
        return self.scale

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.standard_exponential(out=out)
        out *= self.scale

    def quantile(self, probability: Floats) -> Floats:
        return -self.scale * np.log1p(-probability)


@dataclass(frozen=True)
class Lognormal(Distribution):
    """exp of a Gaussian of mean `mu` and standard deviation `sigma`; the input is positive, in its own unit."""

    kind: ClassVar[str] = "lognormal"
    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        return math.exp(self.mu + 0.5 * self.sigma**2)

    @property
    def standard_uncertainty(self) -> float:
        return self.mean * math.sqrt(math.expm1(self.sigma**2))

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.standard_normal(out=out)
        _place(out, self.mu, self.sigma)
        np.exp(out, out=out)

    def quantile(self, probability: Floats) -> Floats:
        from scipy.special import ndtri

        return np.exp(_placed(ndtri(probability), self.mu, self.sigma))


@dataclass(frozen=True)
class Gamma(Distribution):
    """Gamma of `shape` > 0 and `scale` > 0 (JCGM 101 6.4.11): mean = shape·scale, u = √shape·scale."""

    kind: ClassVar[str] = "gamma"
    shape: float
    scale: float

    @property
    def mean(self) -> float:
        return self.shape * self.scale

    @property
    def standard_uncertainty(self) -> float:
        return math.sqrt(self.shape) * self.scale

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        rng.standard_gamma(self.shape, out=out)
        out *= self.scale

    def quantile(self, probability: Floats) -> Floats:
        from scipy.special import gammaincinv

        values: Floats = gammaincinv(self.shape, probability)
        return values * self.scale


@dataclass(frozen=True)
class Sample(Distribution):
    """Equally likely given values, at least two (JCGM 101 6.5): draws repeat them, u is their standard deviation."""

    kind: ClassVar[str] = "sample"
    values: tuple[float, ...]

    @cached_property
    def _sorted(self) -> Floats:
        return np.sort(np.array(self.values, dtype=np.float64))

    @property
    def mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    @property
    def standard_uncertainty(self) -> float:
        mean = self.mean
        return math.sqrt(math.fsum((value - mean) ** 2 for value in self.values) / (len(self.values) - 1))

    def draw(self, rng: np.random.Generator, out: Floats) -> None:
        np.take(self._sorted, rng.integers(0, len(self.values), out.size), out=out)

    def quantile(self, probability: Floats) -> Floats:
        position = (probability * len(self.values)).astype(np.intp)
        return self._sorted[np.minimum(position, len(self.values) - 1)]


def _place(out: Floats, offset: float, scale: float) -> None:
    out *= scale
    out += offset


def _placed(values: Floats, offset: float, scale: float) -> Floats:
    placed = values * scale
    placed += offset
    return placed
