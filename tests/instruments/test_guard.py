"""The typing guard asks about slips and lets believable readings through."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.guard import guard
from instruments.typed_number import parse_typed

D = Decimal


def ask(text: str, expected: str, within: str, resolution: str | None = None) -> tuple[str, str | None] | None:
    typed = parse_typed(text, convention="vi")
    found = guard(typed, D(expected), D(within), D(resolution) if resolution else None)
    return None if found is None else (found.kind, found.suggestion)


@pytest.mark.parametrize(
    ("text", "expected", "within", "answer"),
    [
        ("3950", "3.95", "0.2", ("missed_comma", "3.950")),
        ("39,50", "3.95", "0.2", ("missed_comma", "3.950")),
        ("0,395", "3.95", "0.2", ("missed_comma", "3.95")),
        ("-0,020", "0.02", "0.005", ("wrong_sign", "0.020")),
        ("9,501", "5.90", "0.2", ("swapped_digits", "5.901")),
        ("1000,1", "100.1", "0.5", ("missed_comma", "100.01")),
        ("100,,1".replace(",,", ","), "100.1", "0.5", None),
        ("19,8", "199.8", "0.5", ("missed_digit", None)),
        ("1223,4", "123.4", "0.5", ("missed_digit", "123.4")),
        ("57,3", "100.1", "0.5", ("far", None)),
    ],
)
def test_the_usual_slips_are_named(
    text: str, expected: str, within: str, answer: tuple[str, str | None] | None
) -> None:
    assert ask(text, expected, within) == answer


def test_nothing_is_asked_where_nothing_is_expected() -> None:
    assert guard(parse_typed("5", convention="vi"), None, None) is None


def test_a_suggestion_is_a_step_of_the_display() -> None:
    assert ask("3951", "3.95", "0.2", resolution="0.05") == ("far", None)
    assert ask("3950", "3.95", "0.2", resolution="0.05") == ("missed_comma", "3.950")


def test_the_question_says_what_was_expected_in_both_languages() -> None:
    found = guard(parse_typed("3950", convention="vi"), D("3.950"), D("0.2"))
    assert found is not None
    assert found.text.vi == "Thiếu hoặc sai dấu phẩy? Dự đoán 3,95."
    assert found.text.en == "Decimal mark missing or misplaced? About 3.95 was expected."


@settings(max_examples=150, deadline=None)
@given(
    st.decimals(min_value=D("0.5"), max_value=D(1000), places=3),
    st.integers(min_value=1, max_value=3),
)
def test_a_missed_comma_is_always_seen(true: Decimal, places: int) -> None:
    """Moving the mark by 1 to 3 places is asked about, and the suggestion is near the true value."""
    typed = parse_typed(f"{true.scaleb(places):f}", convention="api")
    found = guard(typed, true, true / 50)
    assert found is not None
    assert found.kind == "missed_comma"
    assert found.suggestion is not None
    assert abs(D(found.suggestion) - true) <= true / 50


@settings(max_examples=150, deadline=None)
@given(st.decimals(min_value=-1000, max_value=1000, places=3), st.decimals(min_value=-1, max_value=1, places=3))
def test_a_reading_within_the_band_is_never_questioned(expected: Decimal, error: Decimal) -> None:
    assert guard(parse_typed(f"{expected + error:f}", convention="api"), expected, D(1)) is None
