"""Stating a result: the expanded uncertainty to one or two digits, the value to the same place (ILAC-P14:09/2020).

All arithmetic is decimal and starts from the shortest text that identifies the float, so 2.675 rounds as the number
that a person reads and not as its binary neighbour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

NO_BREAK_SPACE = "\u00a0"
# Greatest share of U that rounding to the nearest digit may take away (EA-4/02 M:2022, 6.3).
GREATEST_LOSS = Decimal("0.05")
# A float holds 15 decimal digits faithfully: the rest of an exact value is noise of the arithmetic.
FAITHFUL_DIGITS = 15
# Outside these powers of ten a positional number is only a row of zeros, and an exponent reads better.
SMALLEST_PLACE, LARGEST_POWER = -30, 30

# Enough digits for every float beside every other (1.8e308 to 4.9e-324), so that no operation here ever rounds unasked.
_EXACT = Context(prec=700)


@dataclass(frozen=True, slots=True)
class Reported:
    """A result as it is printed; both numbers are texts with a decimal point that end at the same place."""

    value: str
    expanded_uncertainty: str
    place: int
    """Power of ten of the last digit of both numbers: -2 when they end at hundredths, 1 at tens."""
    digits: int
    """Significant digits of the expanded uncertainty that were asked for, 1 or 2."""

    @property
    def decimals(self) -> int:
        """Digits printed after the decimal mark."""
        return max(0, -self.place)


def report(value: float, expanded: float, *, digits: int = 2, cmc: float | None = None) -> Reported:
    """State `value` ± `expanded`, both in one unit, by ILAC-P14:09/2020 and EA-4/02 M:2022 6.3.

    U has `digits` (1 or 2) significant digits: it is rounded to the nearest (a tie upwards, so U is not understated),
    again when that reaches the next power of ten, and upwards where the nearest would lower it by more than 5 % or
    below `cmc`. The value is rounded half-even to the same place. U is at least `cmc` (same unit) when that is given.
    A U of zero sets no place: the value keeps the digits it has, at most 15 significant ones.

    Raises ValueError when a number is not finite, U or the CMC is negative, or `digits` is neither 1 nor 2.
    """
    if digits not in (1, 2):
        raise ValueError(f"U is stated to 1 or 2 significant digits, not {digits}")
    floor = Decimal(0) if cmc is None else exact_decimal(cmc)
    uncertainty = exact_decimal(expanded)
    if uncertainty < 0 or floor < 0:
        raise ValueError("an expanded uncertainty and a CMC are not negative")
    stated = max(uncertainty, floor)
    if stated == 0:
        return _without_uncertainty(value, digits)
    rounded, place = _round_uncertainty(stated, floor, digits)
    return Reported(_text(_to_place(exact_decimal(value), place), place), _text(rounded, place), place, digits)


@lru_cache(maxsize=8192)
def format_places(value: float | Decimal, places: int) -> str:
    """`value` rounded half-even to `places` decimals (negative: -1 = tens), zeros kept, never a negative zero."""
    return _text(_to_place(exact_decimal(value), -places), -places)


def exact_decimal(value: float | Decimal) -> Decimal:
    """The decimal number that a float's shortest text states; ValueError when it is infinite or not a number."""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not number.is_finite():
        raise ValueError(f"{value} cannot be printed as a number")
    return number


def decimal_comma(text: str) -> str:
    """The same number with the decimal comma of Vietnamese documents: "-0.10" -> "-0,10"."""
    return text.replace(".", ",")


def group_thousands(text: str, *, separator: str = NO_BREAK_SPACE, decimals: bool = False, least: int = 5) -> str:
    """Set the digits of a printed number in groups of three from the decimal mark (ISO 80000-1:2022, 7.3.1).

    Takes a point or a comma. Digits after the mark are grouped only with `decimals`; a side with fewer than `least`
    digits stays whole, so that years and readings such as 1250 do not change.
    """
    match = re.fullmatch(r"([-+\u2212]?)([0-9]+)(?:([.,])([0-9]+))?", text)
    if match is None:
        return text
    sign, whole, mark, fraction = (part or "" for part in match.groups())
    if len(whole) >= least:
        whole = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", separator, whole)
    if decimals and len(fraction) >= least:
        fraction = re.sub(r"([0-9]{3})(?=[0-9])", rf"\1{separator}", fraction)
    return sign + whole + mark + fraction


def _without_uncertainty(value: float, digits: int) -> Reported:
    number = Context(prec=FAITHFUL_DIGITS, rounding=ROUND_HALF_EVEN).plus(exact_decimal(value)).normalize(_EXACT)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # finite, so never the letters of an infinity
    place = min(exponent, 0) if number else 0
    return Reported(_text(_to_place(number, place), place), "0", place, digits)


def _round_uncertainty(uncertainty: Decimal, floor: Decimal, digits: int) -> tuple[Decimal, int]:
    """U at its place; a second turn only when the first one carried it to the next power of ten."""
    place = uncertainty.adjusted() - digits + 1
    while True:
        rounded = _to_place(uncertainty, place, ROUND_HALF_UP)
        if uncertainty - rounded > GREATEST_LOSS * uncertainty or rounded < floor:
            rounded = _to_place(uncertainty, place, ROUND_CEILING)
        needed = rounded.adjusted() - digits + 1
        if needed == place:
            return rounded, place
        place = needed


def _to_place(number: Decimal, place: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    rounded = number.quantize(_unit(place), rounding, _EXACT)
    return rounded.copy_abs() if rounded.is_zero() else rounded


@lru_cache(maxsize=1024)
def _unit(place: int) -> Decimal:
    return Decimal((0, (1,), place))


def _text(number: Decimal, place: int) -> str:
    """The digits of a number that ends at `place`."""
    if place < SMALLEST_PLACE or number.adjusted() > LARGEST_POWER:
        return f"{number:E}"
    return f"{number:f}"
