"""Exact polynomials: value, change of variable and real solutions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.polynomial import derivative, solutions, substituted, value

small = st.fractions(min_value=-5, max_value=5, max_denominator=50)


def _with_roots(roots: list[int]) -> list[Fraction]:
    product = [Fraction(1)]
    for root in roots:
        raised = [Fraction(0), *product]
        product = [high - root * low for low, high in zip([*product, Fraction(0)], raised, strict=True)]
    return product


@settings(max_examples=60, deadline=None)
@given(coefficients=st.lists(small, min_size=1, max_size=6), centre=small, half=small, s=small)
def test_a_change_of_variable_keeps_the_value(
    coefficients: list[Fraction], centre: Fraction, half: Fraction, s: Fraction
) -> None:
    assert value(substituted(coefficients, centre, half), s) == value(coefficients, centre + half * s)


@settings(max_examples=30, deadline=None)
@given(coefficients=st.lists(small, min_size=2, max_size=6), t=small)
def test_the_derivative_is_the_linear_term_around_a_point(coefficients: list[Fraction], t: Fraction) -> None:
    assert value(derivative(coefficients), t) == substituted(coefficients, t, Fraction(1))[1]


def test_close_roots_are_found_to_their_last_digits() -> None:
    """Seen from 0, these five roots lose eight digits in floating point."""
    roots = [100, 101, 103, 107, 109]
    found = sorted(solutions(_with_roots(roots), Fraction(0), Fraction(0), Fraction(110)))
    assert [float(t) for t in found] == pytest.approx(roots, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("level", "count"), [(Fraction(-1), 0), (Fraction(0), 1), (Fraction(1, 10**20), 1), (Fraction(4), 2)]
)
def test_a_parabola_meets_a_level_never_once_or_twice(level: Fraction, count: int) -> None:
    parabola = [Fraction(0), Fraction(0), Fraction(1)]
    assert len(solutions(parabola, level, Fraction(-3), Fraction(3))) == count


def test_a_level_curve_has_no_solution() -> None:
    assert solutions([Fraction(1), Fraction(0)], Fraction(2), Fraction(0), Fraction(1)) == []
    assert solutions([Fraction(1), Fraction(0), Fraction(0)], Fraction(2), Fraction(0), Fraction(1)) == []
