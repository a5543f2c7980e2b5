"""The one number parser: what is read, what is refused, what is asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.typed_number import AmbiguousNumber, NumberError, parse_typed


def vi(text: str, **settled: object) -> Decimal:
    return parse_typed(text, convention="vi", **settled).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,5", "1.5"),
        ("-12,50", "-12.50"),
        ("\u221212,50", "-12.50"),
        ("+3", "3"),
        ("10,00", "10.00"),
        ("10 000,025", "10000.025"),
        ("1\u00a0000", "1000"),
        ("1\u202f234\u202f567,8", "1234567.8"),
        ("1.5", "1.5"),
        ("1.40", "1.40"),
        ("1.4000", "1.4000"),
        ("0.400", "0.400"),
        ("1234.567", "1234.567"),
        ("1.400,5", "1400.5"),
        ("1.400.000", "1400000"),
        (" 12\n", "12"),
        ("12\t", "12"),
        ("007", "7"),
    ],
)
def test_vietnamese_numbers_are_read_with_a_decimal_comma_and_spaces_in_threes(text: str, value: str) -> None:
    assert vi(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("-", "not_a_number"),
        ("+", "not_a_number"),
        ("--1", "not_a_number"),
        ("nan", "not_a_number"),
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("-Infinity", "not_a_number"),
        ("1e3", "not_a_number"),
        ("1e400", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x1p3", "not_a_number"),
        ("0b1", "not_a_number"),
        ("１２.５", "digits"),
        ("١٢", "digits"),
        ("𝟏𝟐", "digits"),
        ("٣", "digits"),
        ("²", "digits"),
        ("½", "digits"),
        ("1½", "digits"),
        ("\u200b12", "not_a_number"),
        ("\ufeff12", "not_a_number"),
        ("1 00", "grouping"),
        ("1 0000", "grouping"),
        ("12 34", "grouping"),
        ("1,234,567", "grouping"),
        ("1,400.5", "grouping"),
        ("1..4", "grouping"),
        ("5,", "grouping"),
        (",5", "not_a_number"),
        ("1.40.000", "grouping"),
        ("12;5", "not_a_number"),
        ("3 bar", "not_a_number"),
        ("9" * 41, "too_long"),
        ("9" * 5000, "too_long"),
        ("\ud800", "not_a_number"),
        ("1\x000", "not_a_number"),
    ],
)
def test_everything_else_is_refused_with_a_code(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        vi(text)
    assert refused.value.code == code
    assert refused.value.vi
    assert refused.value.en


def test_a_dot_before_exactly_three_digits_is_asked_about_with_both_readings() -> None:
    with pytest.raises(AmbiguousNumber) as asked:
        vi("-1.400")
    assert (asked.value.as_decimal, asked.value.as_group) == (Decimal("-1.400"), Decimal("-1400"))
    assert asked.value.code == "ambiguous"


@pytest.mark.parametrize(
    ("resolution", "value"), [("0.001", "1.400"), ("0.0005", "1.400"), ("1", "1400"), ("10", "1400"), ("5", "1400")]
)
def test_the_resolution_of_the_column_settles_the_dot(resolution: str, value: str) -> None:
    assert vi("1.400", resolution=Decimal(resolution)) == Decimal(value)


@pytest.mark.parametrize("resolution", ["0.05", "0.1", "0.10", "0.5"])
def test_a_resolution_of_tenths_or_hundredths_leaves_the_dot_open(resolution: str) -> None:
    with pytest.raises(AmbiguousNumber):
        vi("1.400", resolution=Decimal(resolution))


@pytest.mark.parametrize(("meaning", "value"), [("decimal", "1.400"), ("group", "1400")])
def test_an_answer_given_once_settles_the_dot(meaning: str, value: str) -> None:
    assert vi("1.400", dot_means=meaning, resolution=Decimal("0.1")) == Decimal(value)


def test_dots_cannot_group_where_the_answer_was_decimal() -> None:
    with pytest.raises(NumberError):
        vi("1.400,5", dot_means="decimal")


@pytest.mark.parametrize(("text", "value"), [("1.400", "1.400"), ("1e3", "1000"), ("-2.5E-3", "-0.0025"), ("+7", "7")])
def test_programs_write_a_decimal_dot_and_may_write_an_exponent(text: str, value: str) -> None:
    assert parse_typed(text, convention="api").value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,5", "grouping"),
        ("1 000", "grouping"),
        ("1e400", "too_large"),
        ("-1e400", "too_large"),
        ("1e-400", "too_small"),
        ("0e-999999", "too_small"),
        ("1e9999999", "not_a_number"),
        ("nan", "not_a_number"),
    ],
)
def test_programs_get_no_groups_no_commas_and_nothing_beyond_floats(text: str, code: str) -> None:
    with pytest.raises(NumberError) as refused:
        parse_typed(text, convention="api")
    assert refused.value.code == code


@pytest.mark.parametrize("value", [True, None, 12, 1.5, [], {}])
def test_what_is_not_text_is_refused(value: object) -> None:
    with pytest.raises(NumberError):
        parse_typed(value, convention="api")  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "decimals"), [("10,00", 2), ("10,0", 1), ("10", 0), ("0,050", 3)])
def test_the_digits_typed_are_kept(text: str, decimals: int) -> None:
    number = parse_typed(text, convention="vi")
    assert (number.text, number.decimals) == (text, decimals)


@pytest.mark.parametrize("text", ["-0", "-0,00"])
def test_minus_zero_is_kept_as_typed_and_equals_zero(text: str) -> None:
    number = parse_typed(text, convention="vi")
    assert number.text == text
    assert number.value == 0
    assert not number.canonical.startswith("-")


@settings(max_examples=150, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_what_is_printed_with_a_comma_is_read_back_whole(number: Decimal) -> None:
    assert vi(f"{number:f}".replace(".", ",")) == number


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=0, max_value=10**15), st.sampled_from([" ", "\u00a0", "\u202f"]))
def test_groups_of_three_never_change_a_number(number: int, separator: str) -> None:
    assert vi(f"{number:,}".replace(",", separator)) == number


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_read_exactly_or_refused(text: str) -> None:
    """No crash, and what is read holds only characters of a plain number."""
    try:
        number = parse_typed(text, convention="vi")
    except NumberError:
        return
    assert set(number.text) <= set("0123456789.,+-\u2212 \u00a0\u202f")
    assert parse_typed(number.canonical, convention="api").value == number.value
