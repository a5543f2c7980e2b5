"""Calibration curves: a polynomial fitted to points, and what it says of a further value (GUM H.3, ISO/TS 28037:2010).

The linear problem is solved in exact arithmetic on the numbers as given, so neither the choice of `x_offset` nor the
conditioning of the powers costs a digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import fsum, sqrt
from operator import mul

import numpy as np

from uncertainty import polynomial
from uncertainty.errors import InputError
from uncertainty.errors_in_variables import adjust
from uncertainty.exact import LeastSquares, SingularError, column, fraction, least_squares, powers, root
from uncertainty.points import Points

GREATEST_DEGREE = 12
"""Highest degree that is fitted."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Value of the curve at x; u is that of the curve alone, not of a further observation (GUM H.3.4)."""

    x: float
    y: float
    standard_uncertainty: float | None
    """None when it would need residuals and there are no degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Inverse:
    """The x at which the curve has the observed y."""

    x: float
    standard_uncertainty: float | None
    is_inside: bool
    """Whether x lies in the range of the fitted points."""


@dataclass(frozen=True, slots=True)
class PolynomialFit:
    """f(x) = Σ b_k (x − x_offset)^k, p coefficients, fitted to n points."""

    parameters: tuple[float, ...]
    """b_0, b_1, … in the unit of y over powers of the unit of x."""
    standard_uncertainties: tuple[float, ...] | None
    """Of the parameters; None when they would need residuals and n = p."""
    correlation: tuple[tuple[float, ...], ...]
    """p × p correlation matrix of the parameters."""
    residual_standard_deviation: float | None
    """√(Σ(y − f(x))²/(n − p)), in the unit of y; None when n = p."""
    dof: int
    """n − p."""
    chi_squared: float | None
    """Least weighted sum of squares; None when no uncertainty was given."""
    residuals: tuple[float, ...]
    """y − f(x) at the points as observed."""
    x_offset: float
    x_range: tuple[float, float]
    """Smallest and largest x of the points."""
    observation_uncertainty: float | None
    """Standard uncertainty of one further observation of y: the residual s, or the quadratic mean of the given u_y."""
    exact_parameters: tuple[Fraction, ...] = field(repr=False)
    exact_covariance: tuple[tuple[Fraction, ...], ...] | None = field(repr=False)

    def predict(self, x: float) -> Prediction:
        """Value of the curve at `x` and its standard uncertainty."""
        t = fraction(x) - fraction(self.x_offset)
        return Prediction(x, float(polynomial.value(self.exact_parameters, t)), self._curve_uncertainty(t))

    def invert(self, observed: Sequence[float], standard_uncertainty: float | None = None) -> Inverse | None:
        """x of one unknown from its m observations: u² = (u_1²/m + u(f(x))²)/f′(x)² (ISO/TS 28037:2010 6.4.2).

        `standard_uncertainty` is u_1, that of a single observation; `observation_uncertainty` when left out. Of several
        solutions the one inside the range of the points is taken. None when there is no solution, when several lie
        inside, or where the curve is level.
        """
        mean = sum(map(fraction, observed), Fraction(0)) / len(observed)
        offset = fraction(self.x_offset)
        low, high = (fraction(end) - offset for end in self.x_range)
        places = polynomial.solutions(self.exact_parameters, mean, low, high)
        grace = (high - low) / 10**9
        inside = [t for t in places if low - grace <= t <= high + grace]
        if not places or len(inside) > 1:
            return None
        t = (inside or places)[0]
        slope = float(polynomial.value(polynomial.derivative(self.exact_parameters), t))
        if slope == 0:
            return None
        single = self.observation_uncertainty if standard_uncertainty is None else standard_uncertainty
        curve = self._curve_uncertainty(t)
        total = None if single is None or curve is None else sqrt(single**2 / len(observed) + curve**2) / abs(slope)
        return Inverse(float(t + offset), total, bool(inside))

    def _curve_uncertainty(self, t: Fraction) -> float | None:
        if self.exact_covariance is None:
            return None
        steps = [t**k for k in range(len(self.exact_parameters))]
        rows = (sum(map(mul, row, steps), Fraction(0)) for row in self.exact_covariance)
        return root(sum(map(mul, rows, steps), Fraction(0)))


def fit_polynomial(points: Points, degree: int = 1, *, x_offset: float = 0.0) -> PolynomialFit:
    """Fit y = Σ b_k (x − x_offset)^k of the given degree (1 to 12) to more than `degree` points.

    Without any uncertainty the points count equally and the covariance is (AᵀA)⁻¹s² with n − p degrees of freedom
    (GUM H.3.2). With `u_y`, weights 1/u_y², or `covariance_y`, generalised least squares, the covariance is
    (AᵀV⁻¹A)⁻¹ and not scaled (ISO/TS 28037:2010 clauses 6 and 9). With `u_x` each point may move in x as well
    (York 2004; ISO/TS 28037:2010 clause 7); y is then exact where no uncertainty of it is given. Raises `InputError`.
    """
    _check(points, degree)
    x, y, variance = points.x, points.y, None
    if points.u_x is not None:
        adjusted = adjust(points, degree)
        x, y, variance = adjusted.x.tolist(), adjusted.y.tolist(), adjusted.variance
    elif points.has_uncertainties:
        variance = points.variance_y()
    weights = matrix = None
    if variance is not None and variance.ndim == 1:
        weights = (1 / variance).tolist()
    elif variance is not None:
        inverse = np.linalg.inv(variance)
        matrix = ((inverse + inverse.T) / 2).tolist()
    columns = powers(column(x, x_offset), range(degree + 1))
    try:
        solution = least_squares(columns, column(y), weights=weights, weight_matrix=matrix)
    except SingularError:
        raise InputError(
            "x",
            vi="các điểm không xác định được đường cong: x cách nhau quá xa so với u_x",
            en="the points do not determine the curve: x are too far apart beside u_x",
        ) from None
    return _described(solution, points, x_offset)


def _check(points: Points, degree: int) -> None:
    if not 1 <= degree <= GREATEST_DEGREE:
        raise InputError(
            "degree",
            vi=f"bậc phải từ 1 đến {GREATEST_DEGREE}, nhưng gặp {degree}",
            en=f"the degree must be from 1 to {GREATEST_DEGREE}, found {degree}",
        )
    different = len(set(points.x))
    if different <= degree:
        raise InputError(
            "x",
            vi=f"bậc {degree} cần ít nhất {degree + 1} giá trị x khác nhau, chỉ có {different}",
            en=f"degree {degree} needs at least {degree + 1} different values of x, found {different}",
        )


def _described(solution: LeastSquares, points: Points, x_offset: float) -> PolynomialFit:
    count, exact = len(solution.parameters), solution.parameters
    dof = len(points.x) - count
    offset = fraction(x_offset)
    residuals = [
        float(fraction(y) - polynomial.value(exact, fraction(x) - offset))
        for x, y in zip(points.x, points.y, strict=True)
    ]
    scatter = sqrt(fsum(residual**2 for residual in residuals) / dof) if dof else None
    covariance: tuple[tuple[Fraction, ...], ...] | None = solution.cofactors
    chi_squared, single = float(solution.square_sum), scatter
    if points.has_uncertainties:
        variance = points.variance_y()
        single = sqrt(float(np.mean(variance if variance.ndim == 1 else np.diagonal(variance))))
    else:
        covariance = _scaled(solution, dof)
    return PolynomialFit(
        parameters=tuple(map(float, exact)),
        standard_uncertainties=None if covariance is None else tuple(root(covariance[k][k]) for k in range(count)),
        correlation=_correlation(solution.cofactors),
        residual_standard_deviation=scatter,
        dof=dof,
        chi_squared=chi_squared if points.has_uncertainties else None,
        residuals=tuple(residuals),
        x_offset=x_offset,
        x_range=(min(points.x), max(points.x)),
        observation_uncertainty=single,
        exact_parameters=exact,
        exact_covariance=covariance,
    )


def _scaled(solution: LeastSquares, dof: int) -> tuple[tuple[Fraction, ...], ...] | None:
    if dof == 0:
        return None
    variance = solution.square_sum / dof
    return tuple(tuple(entry * variance for entry in row) for row in solution.cofactors)


def _correlation(cofactors: tuple[tuple[Fraction, ...], ...]) -> tuple[tuple[float, ...], ...]:
    size = range(len(cofactors))
    return tuple(
        tuple(
            root(cofactors[j][k] ** 2 / (cofactors[j][j] * cofactors[k][k])) * (1 if cofactors[j][k] >= 0 else -1)
            for k in size
        )
        for j in size
    )
