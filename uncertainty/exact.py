"""Linear least squares in exact arithmetic: the numbers as typed, no rounding until the result.

A decimal number is an integer and a power of ten, so sums of products are integers and the normal equations are solved
without rounding. Ill-conditioned problems (NIST StRD Wampler, Longley) then need no care with scaling or centring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from operator import mul

# Digits carried when a rational number becomes a root: beyond every double.
_ROOT_DIGITS = 40
# No rounding when powers of ten are aligned (1.8e308 beside 4.9e-324).
_EXACT = Context(prec=1400)


class SingularError(ValueError):
    """The columns are linearly dependent: the data do not determine the parameters."""


@dataclass(frozen=True, slots=True)
class LeastSquares:
    """β minimising (y − Aβ)ᵀW(y − Aβ), in exact fractions."""

    parameters: tuple[Fraction, ...]
    cofactors: tuple[tuple[Fraction, ...], ...]
    """(AᵀWA)⁻¹: the covariance of the parameters where W is the inverse covariance of y."""
    square_sum: Fraction
    """The minimum, (y − Aβ)ᵀW(y − Aβ)."""


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers `integers`[i] · 10^`exponent`."""

    integers: list[int]
    exponent: int

    def times(self, other: Column) -> Column:
        """Element by element."""
        return Column(list(map(mul, self.integers, other.integers)), self.exponent + other.exponent)

    def dot(self, other: Column) -> int:
        """Sum of the products, without its power of ten."""
        return sum(map(mul, self.integers, other.integers))


def fraction(value: float) -> Fraction:
    """The decimal number that a float's shortest text states: 0.1 is 1/10."""
    return Fraction(Decimal(repr(float(value))))


def column(values: Sequence[float], offset: float = 0.0) -> Column:
    """Values less an offset, as typed, with the power of ten they share."""
    shift = Decimal(repr(float(offset)))
    numbers = [_EXACT.subtract(Decimal(repr(float(value))), shift) for value in values]
    lowest = min((exponent for exponent in map(_exponent, numbers) if exponent is not None), default=0)
    return Column([int(number.scaleb(-lowest, _EXACT)) for number in numbers], lowest)


def powers(x: Column, exponents: Sequence[int]) -> list[Column]:
    """x^k for each k, in the order asked for."""
    found = {0: Column([1] * len(x.integers), 0)}
    for k in range(1, max(exponents) + 1):
        found[k] = found[k - 1].times(x)
    return [found[k] for k in exponents]


def least_squares(
    columns: Sequence[Column],
    y: Column,
    *,
    weights: Sequence[float] | None = None,
    weight_matrix: Sequence[Sequence[float]] | None = None,
) -> LeastSquares:
    """Solve the weighted linear problem with design matrix `columns` (p columns of n numbers).

    `weights` (n, above 0) is the diagonal of W, `weight_matrix` (n × n, symmetric positive definite) all of it;
    without both W is the identity. Raises `SingularError`.
    """
    weigh = _weighting(weights, weight_matrix)
    weighted = [weigh(entry) for entry in columns]
    target = weigh(y)
    count = len(columns)
    normal = [[columns[j].dot(weighted[k]) for k in range(count)] for j in range(count)]
    right = [entry.dot(target) for entry in columns]
    rows = [[*normal[j], *(int(j == k) for k in range(count)), right[j]] for j in range(count)]
    determinant = _eliminate(rows)
    scale = target.exponent - y.exponent  # power of ten of W
    steps = [entry.exponent for entry in columns]
    parameters = tuple(Fraction(rows[j][-1], determinant) * _ten(y.exponent - steps[j]) for j in range(count))
    cofactors = tuple(
        tuple(Fraction(rows[j][count + k], determinant) * _ten(-steps[j] - steps[k] - scale) for k in range(count))
        for j in range(count)
    )
    explained = sum(
        (beta * right[j] * _ten(steps[j] + target.exponent) for j, beta in enumerate(parameters)), Fraction(0)
    )
    return LeastSquares(parameters, cofactors, y.dot(target) * _ten(y.exponent + target.exponent) - explained)


def root(number: Fraction) -> float:
    """Square root of a fraction that is not negative, rounded once."""
    with localcontext(Context(prec=_ROOT_DIGITS)):
        return float((Decimal(number.numerator) / Decimal(number.denominator)).sqrt())


def _weighting(weights: Sequence[float] | None, matrix: Sequence[Sequence[float]] | None) -> _Weighting:
    if matrix is not None:
        flat = column([entry for row in matrix for entry in row])
        size = len(matrix)
        return _Weighting([flat.integers[i * size : (i + 1) * size] for i in range(size)], None, flat.exponent)
    if weights is not None:
        diagonal = column(weights)
        return _Weighting(None, diagonal.integers, diagonal.exponent)
    return _Weighting(None, None, 0)


@dataclass(frozen=True, slots=True)
class _Weighting:
    """W as a full matrix, a diagonal or the identity; called with a column c it gives W·c."""

    matrix: list[list[int]] | None
    diagonal: list[int] | None
    exponent: int

    def __call__(self, values: Column) -> Column:
        if self.matrix is not None:
            products = [sum(map(mul, row, values.integers)) for row in self.matrix]
        elif self.diagonal is not None:
            products = list(map(mul, self.diagonal, values.integers))
        else:
            products = values.integers
        return Column(products, values.exponent + self.exponent)


def _eliminate(rows: list[list[int]]) -> int:
    """Reduce [N | …] to [d·I | …] in place, fraction-free (Bareiss 1968, Jordan's form); returns d = det N."""
    previous = 1
    for k, pivot_row in enumerate(rows):
        pivot = pivot_row[k]
        if pivot == 0:  # N is positive semidefinite: a zero pivot means dependent columns
            raise SingularError("the columns are linearly dependent")
        for i, row in enumerate(rows):
            if i != k:
                factor = row[k]
                rows[i] = [(pivot * a - factor * b) // previous for a, b in zip(row, pivot_row, strict=True)]
        previous = pivot
    return previous


def _exponent(number: Decimal) -> int | None:
    """Power of ten of the last digit that is not zero; None for zero itself."""
    if not number:
        return None
    exponent = number.normalize(_EXACT).as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent


def _ten(power: int) -> Fraction:
    return Fraction(10**power) if power >= 0 else Fraction(1, 10**-power)
