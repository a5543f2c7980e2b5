"""Fitting when x is uncertain too, by York's criterion (York et al., Am. J. Phys. 72 (2004) 367)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uncertainty.errors import InputError
from uncertainty.points import Points

FloatArray = NDArray[np.float64]

_MOST_TURNS = 500
# Fitted places that move less than this share of half the range of x have settled; above it they may already be as
# good as rounding allows when they stop coming nearer.
_SETTLED, _ROUNDING_ALLOWS = 1e-14, 1e-10


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Points moved onto the curve, and the linear problem that the curve solves there."""

    x: FloatArray
    """Fitted places ξ of the n points, in the unit of x."""
    y: FloatArray
    """y − f′(ξ)(x − ξ): what the curve is fitted to at ξ, so that the residual is that of the observed point."""
    variance: FloatArray
    """Variance of those y: n numbers u_y² + f′²u_x², or the n × n covariance matrix V_y + f′ u_x² f′."""


def adjust(points: Points, degree: int) -> Adjusted:
    """Minimise Σ (x − ξ)²/u_x² + (y − f(ξ))ᵀ V⁻¹ (y − f(ξ)) over ξ and a polynomial f of the given degree.

    The points state u_x and, where y is uncertain too, u_y or the covariance matrix V; y is exact otherwise.
    Gauss-Newton on the orthogonal-distance problem: for a line its fixed point is York's solution, and the covariance
    of the parameters at ξ is York's too. Raises `InputError` (path `u_x`) when it does not settle.
    """
    x, y, u_x = (np.asarray(values, dtype=np.float64) for values in (points.x, points.y, points.u_x))
    variance_y = points.variance_y()
    centre, half = (x.max() + x.min()) / 2, (x.max() - x.min()) / 2
    t, u_t = (x - centre) / half, u_x / half
    place = t
    coefficients = np.zeros(degree + 1)
    # The first turn takes x as exact unless y is: then u_x alone must weigh the points.
    slope = np.zeros_like(t) if np.all(_diagonal(variance_y) > 0) else np.full_like(t, np.ptp(y) or 1.0)
    previous = np.inf
    for _ in range(_MOST_TURNS):
        variance = _effective(variance_y, slope, u_t)
        design = np.vander(place, degree + 1, increasing=True)
        target = y - slope * (t - place)
        coefficients = _weighted(design, target, variance)
        residual = target - design @ coefficients
        slope = _derivative(coefficients, place)
        variance = _effective(variance_y, slope, u_t)
        pull = residual / variance if variance.ndim == 1 else np.linalg.solve(variance, residual)
        moved = t + u_t**2 * slope * pull
        change = float(np.max(np.abs(moved - place)))
        place = moved
        if change <= _SETTLED or previous <= change <= _ROUNDING_ALLOWS:
            x_fitted = centre + half * place
            slope = _derivative(coefficients, place)
            return Adjusted(x_fitted, y - slope * (t - place), _effective(variance_y, slope, u_t))
        previous = change
    raise InputError(
        "u_x",
        vi="phép khớp với sai số ở x không hội tụ; kiểm tra u_x so với khoảng của x",
        en="the fit with uncertain x does not settle; check u_x against the range of x",
    )


def _diagonal(variance: FloatArray) -> FloatArray:
    return variance if variance.ndim == 1 else np.diagonal(variance)


def _effective(variance_y: FloatArray, slope: FloatArray, u_t: FloatArray) -> FloatArray:
    extra = (slope * u_t) ** 2
    return variance_y + (extra if variance_y.ndim == 1 else np.diag(extra))


def _weighted(design: FloatArray, target: FloatArray, variance: FloatArray) -> FloatArray:
    if variance.ndim == 1:
        root = np.sqrt(variance)
        whitened, aim = design / root[:, None], target / root
    else:
        lower = np.linalg.cholesky(variance)
        whitened, aim = np.linalg.solve(lower, design), np.linalg.solve(lower, target)
    return np.asarray(np.linalg.lstsq(whitened, aim, rcond=None)[0])


def _derivative(coefficients: FloatArray, places: FloatArray) -> FloatArray:
    return np.asarray(np.polynomial.polynomial.polyval(places, np.polynomial.polynomial.polyder(coefficients)))
