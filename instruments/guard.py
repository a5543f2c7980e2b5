"""The typing guard: a reading far from what is expected is asked about before it is believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.typed_number import TypedNumber
from instruments.words import Words

MOST_PLACES = 6
"""Longest slip of the decimal mark that is looked for."""

Kind = Literal["missed_comma", "missed_digit", "swapped_digits", "wrong_sign", "far"]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a reading is asked about; `suggestion` is the canonical text of what was probably meant, if one is seen."""

    kind: Kind
    suggestion: str | None
    text: Words


def guard(
    typed: TypedNumber, expected: Decimal | None, within: Decimal | None, resolution: Decimal | None = None
) -> Suspicion | None:
    """None when the reading is believable or nothing is expected; pure, the same on the page and on the server.

    A reading is believable within `within` of `expected` (same unit, `within` > 0). Otherwise the usual slips are
    tried, commonest first: a decimal mark left out or misplaced, a wrong sign, two digits swapped, a digit doubled or
    left out; a slip counts only when it explains the reading. A left-out digit cannot be guessed: no suggestion.
    A suggestion is a multiple of `resolution` when that is given.
    """
    if expected is None or within is None or _near(typed.value, expected, within):
        return None
    for kind, candidate in _slips(typed):
        if _near(candidate, expected, within) and _on_step(candidate, resolution):
            return _suspicion(kind, f"{candidate:f}", expected)
    if _digit_left_out(typed.value, expected, within):
        return _suspicion("missed_digit", None, expected)
    return _suspicion("far", None, expected)


def _near(value: Decimal, expected: Decimal, within: Decimal) -> bool:
    return abs(value - expected) <= within


def _on_step(value: Decimal, resolution: Decimal | None) -> bool:
    return resolution is None or resolution <= 0 or value % resolution == 0


def _slips(typed: TypedNumber) -> Iterator[tuple[Kind, Decimal]]:
    """What may have been meant, most usual first; every candidate keeps the digits typed."""
    value = typed.value
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)  # a typed number is finite
    for places in range(1, MOST_PLACES + 1):
        yield "missed_comma", Decimal((sign, digits, exponent - places))
        yield "missed_comma", Decimal((sign, digits, exponent + places))
    yield "wrong_sign", -value
    for at in range(len(digits) - 1):
        if digits[at] != digits[at + 1]:
            swapped = (*digits[:at], digits[at + 1], digits[at], *digits[at + 2 :])
            yield "swapped_digits", Decimal((sign, swapped, exponent))
    for at in range(1, len(digits)):
        if digits[at] == digits[at - 1]:
            yield "missed_digit", Decimal((sign, digits[:at] + digits[at + 1 :], exponent))


def _digit_left_out(value: Decimal, expected: Decimal, within: Decimal) -> bool:
    """Whether one more digit somewhere would bring the reading near what is expected."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    return any(
        _near(Decimal((sign, (*digits[:at], digit, *digits[at:]), exponent)), expected, within)
        for at in range(len(digits) + 1)
        for digit in range(10)
    )


def _suspicion(kind: Kind, suggestion: str | None, expected: Decimal) -> Suspicion:
    vi, en = _WORDS[kind]
    about = f"{expected.normalize():f}"
    return Suspicion(
        kind,
        suggestion,
        Words(f"{vi} Dự đoán {about.replace('.', ',')}.", f"{en} About {about} was expected."),
    )


_WORDS: dict[Kind, Words] = {
    "missed_comma": Words("Thiếu hoặc sai dấu phẩy?", "Decimal mark missing or misplaced?"),
    "missed_digit": Words("Thừa hoặc thiếu chữ số?", "A digit too many or too few?"),
    "swapped_digits": Words("Đảo hai chữ số?", "Two digits swapped?"),
    "wrong_sign": Words("Sai dấu âm, dương?", "Wrong sign?"),
    "far": Words("Xa giá trị dự đoán.", "Far from what was expected."),
}
