"""Exact least squares against NIST's certified values and against its own definition."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.uncertainty import strd
from uncertainty.exact import SingularError, column, fraction, least_squares, powers, root

CERTIFIED = 2e-14  # NIST prints 15 significant digits


@pytest.mark.parametrize("name", strd.POLYNOMIALS)
def test_every_certified_digit_of_the_polynomials(name: str) -> None:
    """NIST StRD linear regression, lower to higher difficulty."""
    known = strd.POLYNOMIALS[name]
    found = least_squares(powers(column(known.x), range(known.degree + 1)), column(known.y))
    variance = found.square_sum / (len(known.x) - known.degree - 1)
    assert [float(entry) for entry in found.parameters] == pytest.approx(known.parameters, rel=CERTIFIED, abs=0)
    spreads = [root(found.cofactors[k][k] * variance) for k in range(known.degree + 1)]
    assert spreads == pytest.approx(known.standard_deviations, rel=CERTIFIED, abs=0)
    assert root(variance) == pytest.approx(known.residual_standard_deviation, rel=CERTIFIED, abs=0)


def test_every_certified_digit_of_longley() -> None:
    """NIST StRD Longley: six collinear regressors and a constant."""
    y, *regressors = (column(values) for values in zip(*strd.LONGLEY_ROWS, strict=True))
    found = least_squares([*powers(y, [0]), *regressors], y)
    variance = found.square_sum / 9
    assert [float(entry) for entry in found.parameters] == pytest.approx(strd.LONGLEY_PARAMETERS, rel=CERTIFIED, abs=0)
    spreads = [root(found.cofactors[k][k] * variance) for k in range(7)]
    assert spreads == pytest.approx(strd.LONGLEY_STANDARD_DEVIATIONS, rel=CERTIFIED, abs=0)
    assert root(variance) == pytest.approx(strd.LONGLEY_RESIDUAL, rel=CERTIFIED, abs=0)


def test_a_number_is_what_its_text_says() -> None:
    assert fraction(0.1) == Fraction(1, 10)
    assert column([0.1, 250.0, 0.0], offset=0.1).integers == [0, 2499, -1]


def test_the_root_of_a_fraction_beyond_the_doubles_is_found() -> None:
    assert root(Fraction(1, 10**600)) == 1e-300


def test_dependent_columns_are_refused() -> None:
    with pytest.raises(SingularError):
        least_squares(powers(column([1, 1, 1]), [0, 1]), column([1, 2, 3]))


numbers = st.floats(-100, 100).map(lambda value: round(value, 3))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(numbers, numbers, st.floats(0.1, 10)), min_size=4, max_size=8, unique_by=lambda row: row[0])
)
def test_the_residuals_are_orthogonal_to_every_column(rows: list[tuple[float, float, float]]) -> None:
    x, y, w = (list(values) for values in zip(*rows, strict=True))
    found = least_squares(powers(column(x), range(3)), column(y), weights=w)
    residuals = [
        fraction(b) - sum(beta * fraction(a) ** k for k, beta in enumerate(found.parameters))
        for a, b in zip(x, y, strict=True)
    ]
    for k in range(3):
        assert sum(fraction(c) * r * fraction(a) ** k for a, r, c in zip(x, residuals, w, strict=True)) == 0
    assert found.square_sum == sum(fraction(c) * r * r for r, c in zip(residuals, w, strict=True))


@settings(max_examples=20, deadline=None)
@given(w=st.lists(st.floats(0.1, 10), min_size=5, max_size=5))
def test_a_diagonal_weight_matrix_is_a_list_of_weights(w: list[float]) -> None:
    x, y = column([1, 2, 3, 4, 5]), column([2.1, 3.9, 6.2, 8.1, 9.7])
    listed = least_squares(powers(x, [0, 1]), y, weights=w)
    assert least_squares(powers(x, [0, 1]), y, weight_matrix=np.diag(w).tolist()) == listed


@pytest.mark.parametrize("weight", [0.25, 1600.0])
def test_the_cofactors_of_one_weight_are_its_inverse(weight: float) -> None:
    found = least_squares(powers(column([0.5, 2.5]), [0]), column([3, 5]), weights=[weight, weight])
    assert found.cofactors[0][0] == 1 / (2 * fraction(weight))
    assert found.square_sum == 2 * fraction(weight)


def test_the_slope_through_the_origin_is_the_ratio_of_sums() -> None:
    found = least_squares(powers(column([1, 2, 3]), [1]), column([2, 4.1, 6.2]))
    assert float(found.parameters[0]) == pytest.approx((2 + 8.2 + 18.6) / 14)
    assert root(found.cofactors[0][0]) == pytest.approx(1 / sqrt(14))
