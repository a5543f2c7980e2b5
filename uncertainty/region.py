"""Coverage regions of two results together: an ellipse or a rectangle (JCGM 102:2011, 6.5)."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.coverage import coverage_factor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class CoverageRegion(NamedTuple):
    """Factors on the standard uncertainties of two results."""

    k_ellipse: float
    """The ellipse where (y - ŷ)ᵀ U⁻¹ (y - ŷ) ≤ k²."""
    k_rectangle: float
    """The rectangle ŷ_j ± k·u(y_j)."""
    probability: float
    simulated: bool
    """From Monte Carlo (JCGM 102 7.7), else for a joint normal distribution (6.5)."""


def gaussian_region(probability: float, correlation: float) -> CoverageRegion:
    """The factors for a joint normal distribution with coefficient `correlation` in [-1, 1]."""
    k_ellipse = math.sqrt(-2.0 * math.log1p(-probability))
    low, high = coverage_factor(probability, math.inf), coverage_factor(0.5 + 0.5 * probability, math.inf)
    for _ in range(60):
        middle = 0.5 * (low + high)
        if _inside_square(middle, correlation) < probability:
            low = middle
        else:
            high = middle
    return CoverageRegion(k_ellipse, 0.5 * (low + high), probability, simulated=False)


def _inside_square(k: float, correlation: float) -> float:
    """P(|Z₁| ≤ k and |Z₂| ≤ k) of two standard normals: ∫ φ(z)·P(|Z₂| ≤ k given z) dz, by Gauss-Legendre."""
    import numpy as np
    from scipy.special import ndtr

    rest = math.sqrt(max(0.0, (1.0 - correlation) * (1.0 + correlation)))
    if rest < 1e-6:
        return float(ndtr(k) - ndtr(-k))
    nodes, weights = _legendre()
    z = k * nodes
    inner = ndtr((k - correlation * z) / rest) - ndtr((-k - correlation * z) / rest)
    density = np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return float(k * np.sum(weights * inner * density))


@lru_cache(maxsize=1)
def _legendre() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Nodes crowd at the ends, where a correlation near ±1 makes the integrand steep."""
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(200)
    return nodes, weights
