"""The one parser of numbers that people and programs type."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Convention = Literal["vi", "api"]
DotMeaning = Literal["decimal", "group"]


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number and the characters that were typed for it (blanks around them removed)."""

    text: str
    value: Decimal

    @property
    def decimals(self) -> int:
        """Digits typed after the decimal mark: 2 for "10,00"."""
        raise NotImplementedError

    @property
    def canonical(self) -> str:
        """The same digits with a decimal point, ASCII minus and no groups: "-1 234,50" -> "-1234.50"."""
        raise NotImplementedError


class NumberError(ValueError):
    """The text is no number. `code`: empty, too_long, not_a_number, digits, grouping, too_large, too_small."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.code, self.vi, self.en = code, vi, en


class AmbiguousNumber(NumberError):
    """A dot and exactly three digits ("1.400"): `as_decimal` and `as_group` are the two readings. code "ambiguous"."""

    as_decimal: Decimal
    as_group: Decimal


def parse_typed(
    text: str, *, convention: Convention, resolution: Decimal | None = None, dot_means: DotMeaning | None = None
) -> TypedNumber:
    """Read `text`; NumberError or AmbiguousNumber otherwise.

    "vi": comma decimal; space, U+00A0, U+202F group in threes; a dot is decimal, except before exactly three digits,
    where `dot_means` or else `resolution` (step of the column; a reading is a multiple of it) settles it. "api": dot
    decimal, no groups, exponent allowed.
    """
    raise NotImplementedError
