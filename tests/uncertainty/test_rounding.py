"""Printed results: digits of U, place of the value, the floor of the CMC and the decimal mark."""

from __future__ import annotations

from decimal import Decimal
from math import floor, log10

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.rounding import decimal_comma, format_places, group_thousands, report

sizes = st.floats(min_value=1e-12, max_value=1e12)
values = st.floats(min_value=-1e12, max_value=1e12)


@pytest.mark.parametrize(
    ("value", "expanded", "digits", "printed"),
    [
        (50000837.75, 92.4, 2, ("50000838", "92")),  # GUM H.1, U99 before its rounding up to 93 nm
        (10000.025, 0.0585235, 2, ("10000.025", "0.059")),  # EA-4/02 S2
        (0.10, 0.0487983606, 1, ("0.10", "0.05")),  # EA-4/02 S9
        (0.10, 0.0591772, 1, ("0.10", "0.06")),  # EA-4/02 S10
        (49.999926, 0.0000727976, 2, ("49.999926", "0.000073")),  # EA-4/02 S4
        (-5.4, 0.0996, 2, ("-5.40", "0.10")),  # reaches the next power
        (12.3456, 0.96, 1, ("12", "1")),
        (1.2345, 0.14, 1, ("1.2", "0.2")),  # nearest would lower U by 29 %
        (1.2345, 0.104, 1, ("1.2", "0.1")),  # nearest lowers it by 3.8 %
        (1.0, 0.125, 2, ("1.00", "0.13")),  # a tie does not understate U
        (0.125, 0.12, 2, ("0.12", "0.12")),  # a tie of the value goes to even
        (0.135, 0.12, 2, ("0.14", "0.12")),
        (2.675, 0.10, 2, ("2.68", "0.10")),  # the written number, not its binary neighbour below
        (-0.004, 0.12, 2, ("0.00", "0.12")),  # no negative zero
        (123456.0, 1234.0, 2, ("123500", "1200")),
        (7.0, 0.0, 2, ("7", "0")),
        (0.1 + 0.2, 0.0, 2, ("0.3", "0")),
        (-0.0, 0.0, 2, ("0", "0")),
        (50000623.0, 0.0, 2, ("50000623", "0")),
        (1e-9, 1.25e-11, 2, ("0.000000001000", "0.000000000013")),
        (1e22, 1.2e20, 2, ("10000000000000000000000", "120000000000000000000")),
    ],
)
def test_a_result_is_printed_to_the_digits_of_its_uncertainty(
    value: float, expanded: float, digits: int, printed: tuple[str, str]
) -> None:
    stated = report(value, expanded, digits=digits)
    assert (stated.value, stated.expanded_uncertainty) == printed


@pytest.mark.parametrize(
    ("expanded", "cmc", "printed"),
    [(0.010, 0.020, "0.020"), (0.030, 0.020, "0.030"), (0.010, 0.0123, "0.013"), (0.0, 0.5, "0.50")],
)
def test_the_printed_uncertainty_is_never_below_the_cmc(expanded: float, cmc: float, printed: str) -> None:
    assert report(1.0, expanded, cmc=cmc).expanded_uncertainty == printed


def test_beyond_thirty_places_an_exponent_is_clearer() -> None:
    stated = report(3e-40, 1.2e-41)
    assert (stated.value, stated.expanded_uncertainty) == ("3.00E-40", "1.2E-41")


@pytest.mark.parametrize(
    ("value", "expanded", "digits", "cmc"),
    [
        (1.0, -0.1, 2, None),
        (1.0, float("inf"), 2, None),
        (float("nan"), 0.1, 2, None),
        (1, 0.1, 3, None),
        (1, 1, 2, -1),
    ],
)
def test_what_cannot_be_printed_is_refused(value: float, expanded: float, digits: int, cmc: float | None) -> None:
    with pytest.raises(ValueError, match=r"cannot be printed|not negative|significant digits"):
        report(value, expanded, digits=digits, cmc=cmc)


@settings(max_examples=150, deadline=None)
@given(value=values, expanded=sizes, digits=st.sampled_from([1, 2]))
def test_rounding_moves_u_and_the_value_no_further_than_the_rule_allows(
    value: float, expanded: float, digits: int
) -> None:
    stated = report(value, expanded, digits=digits)
    printed, step = Decimal(stated.expanded_uncertainty), Decimal((0, (1,), stated.place))
    assert len(str(int(printed / step))) == digits
    assert Decimal(repr(expanded)) - printed <= Decimal("0.05") * Decimal(repr(expanded))
    assert abs(Decimal(stated.value) - Decimal(repr(value))) <= step / 2
    assert printed - Decimal(repr(expanded)) <= step


@settings(max_examples=60, deadline=None)
@given(value=st.integers(-(10**9), 10**9), expanded=st.integers(1, 10**6), power=st.integers(-9, 9))
def test_a_change_of_unit_by_a_power_of_ten_keeps_the_digits(value: int, expanded: int, power: int) -> None:
    here = report(value, expanded)
    there = report(float(f"{value}e{power}"), float(f"{expanded}e{power}"))
    assert Decimal(there.value) == Decimal(here.value).scaleb(power)
    assert there.place == here.place + power


@settings(max_examples=80, deadline=None)
@given(expanded=sizes, cmc=sizes)
def test_the_cmc_is_a_floor_for_every_u(expanded: float, cmc: float) -> None:
    assert Decimal(report(0.0, expanded, cmc=cmc).expanded_uncertainty) >= Decimal(repr(cmc))


def test_the_place_is_the_power_of_ten_of_the_last_digit() -> None:
    stated = report(1.0, 0.0367)
    assert (stated.place, stated.decimals) == (floor(log10(0.0367)) - 1, 3)


def test_places_are_kept_with_their_zeros() -> None:
    assert [format_places(2.5, 2), format_places(-0.001, 2), format_places(Decimal("0.125"), 2)] == [
        "2.50",
        "0.00",
        "0.12",
    ]
    assert format_places(1250.0, -2) == "1200"


def test_documents_in_vietnamese_use_the_decimal_comma() -> None:
    assert decimal_comma("-0.10") == "-0,10"


@pytest.mark.parametrize(
    ("plain", "grouped"),
    [
        ("50000838", "50\u00a0000\u00a0838"),
        ("-10000,025", "-10\u00a0000,025"),
        ("1250", "1250"),
        ("123456", "123\u00a0456"),
        ("1.2E-41", "1.2E-41"),
    ],
)
def test_long_numbers_are_grouped_by_no_break_spaces(plain: str, grouped: str) -> None:
    assert group_thousands(plain) == grouped


def test_decimals_are_grouped_on_request() -> None:
    assert group_thousands("49.999926", decimals=True) == "49.999\u00a0926"
