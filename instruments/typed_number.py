"""The one parser of numbers that people and programs type: digits are kept as typed, nothing is guessed."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Never

Convention = Literal["vi", "api"]
DotMeaning = Literal["decimal", "group"]

MAX_CHARACTERS = 40
"""Longest text that is read; no reading of an instrument comes near it."""

_BLANKS = " \t\r\n\u00a0\u202f"
_GROUP = "[ \u00a0\u202f]"
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_SPACE_GROUPS = re.compile(rf"[0-9]{{1,3}}(?:{_GROUP}[0-9]{{3}})+(?:[.,][0-9]+)?")
_DOT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_ONE_DOT_THREE = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_API = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?")
_GREATEST = Decimal(sys.float_info.max)
_SMALLEST = Decimal(sys.float_info.min)
_GREATEST_EXPONENT = 330
"""Beyond this even a zero has more places than any float or page could show."""


class NumberError(ValueError):
    """The text is no number. `code`: empty, too_long, not_a_number, digits, grouping, too_large, too_small."""

    def __init__(self, code: str, vi: str, en: str) -> None:
        super().__init__(en)
        self.code, self.vi, self.en = code, vi, en


class AmbiguousNumber(NumberError):
    """A dot and exactly three digits ("1.400"): `as_decimal` and `as_group` are the two readings. Code "ambiguous"."""

    def __init__(self, text: str, as_decimal: Decimal, as_group: Decimal) -> None:
        shown = (f"{as_decimal:f}".replace(".", ","), f"{as_group:f}")
        super().__init__(
            "ambiguous",
            f"“{text}” có thể là {shown[0]} hoặc {shown[1]}: chọn một, hoặc gõ dấu phẩy thập phân.",
            f'"{text}" may be {as_decimal:f} or {as_group:f}: choose one, or type a decimal comma.',
        )
        self.as_decimal, self.as_group = as_decimal, as_group


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number and the characters that were typed for it (blanks around them removed)."""

    text: str
    value: Decimal

    @property
    def decimals(self) -> int:
        """Digits typed after the decimal mark: 2 for "10,00"."""
        exponent = self.value.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def canonical(self) -> str:
        """The same digits with a point, ASCII minus and no groups: "-1 234,50" -> "-1234.50", "-0,0" -> "0.0"."""
        return f"{abs(self.value) if self.value.is_zero() else self.value:f}"


def parse_typed(
    text: str, *, convention: Convention, resolution: Decimal | None = None, dot_means: DotMeaning | None = None
) -> TypedNumber:
    """Read `text`; NumberError or AmbiguousNumber otherwise.

    "vi": the comma is always decimal; space, U+00A0 and U+202F group in threes; a dot is decimal, except before
    exactly three digits, where it could group: there the `resolution` of the column settles it (three or more decimals:
    decimal; a whole number: group), else `dot_means`, else it is ambiguous. Dots beside a comma or beside each other
    can only group ("1.400,5"). "api": the dot is decimal, nothing groups, an exponent is allowed.
    """
    if not isinstance(text, str):
        _refuse_shape()
    stripped = text.strip(_BLANKS)
    if not stripped:
        raise NumberError("empty", "Chưa gõ số.", "No number was typed.")
    if len(stripped) > MAX_CHARACTERS:
        raise NumberError(
            "too_long", f"Dài quá {MAX_CHARACTERS} ký tự.", f"It is longer than {MAX_CHARACTERS} characters."
        )
    sign, digits = _split_sign(stripped)
    plain = _read_api(digits) if convention == "api" else _read_vi(digits, sign, stripped, resolution, dot_means)
    return TypedNumber(stripped, _within_floats(Decimal(sign + plain)))


def _split_sign(text: str) -> tuple[str, str]:
    if text[0] in "-\u2212":
        return "-", text[1:]
    return "", text[1:] if text[0] == "+" else text


def _read_api(digits: str) -> str:
    return digits if _API.fullmatch(digits) else _refuse(digits)


def _read_vi(digits: str, sign: str, typed: str, resolution: Decimal | None, dot_means: DotMeaning | None) -> str:
    """The digits with a decimal point and no groups."""
    if _ONE_DOT_THREE.fullmatch(digits):
        meaning = _settled_by(resolution) or dot_means
        if meaning is None:
            raise AmbiguousNumber(typed, Decimal(sign + digits), Decimal(sign + digits.replace(".", "")))
        return digits if meaning == "decimal" else digits.replace(".", "")
    if _PLAIN.fullmatch(digits):
        return digits.replace(",", ".")
    if _SPACE_GROUPS.fullmatch(digits):
        return re.sub(_GROUP, "", digits).replace(",", ".")
    if _DOT_GROUPS.fullmatch(digits) and dot_means != "decimal":
        return digits.replace(".", "").replace(",", ".")
    return _refuse(digits)


def _settled_by(resolution: Decimal | None) -> DotMeaning | None:
    """A display that shows thousandths has a decimal dot; one of whole steps has none. In between both may be meant."""
    if resolution is None:
        return None
    exponent = resolution.normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # a resolution is finite
    if exponent <= -3:
        return "decimal"
    return "group" if exponent >= 0 else None


def _within_floats(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)  # the patterns admit no letters
    if abs(value) > _GREATEST or exponent > _GREATEST_EXPONENT:
        raise NumberError("too_large", "Số quá lớn.", "The number is too large.")
    if 0 < abs(value) < _SMALLEST or exponent < -_GREATEST_EXPONENT:
        raise NumberError("too_small", "Số quá nhỏ, máy tính sẽ coi là 0.", "The number is so small it would become 0.")
    return value


def _refuse(digits: str) -> Never:
    if any(sign.isnumeric() and sign not in "0123456789" for sign in digits):
        raise NumberError("digits", "Chỉ dùng chữ số 0–9 thường.", "Only the plain digits 0 to 9 are read.")
    if re.fullmatch(r"[0-9][0-9.,\s]*", digits):
        raise NumberError(
            "grouping",
            "Dấu phân cách sai chỗ: dấu phẩy là dấu thập phân, dấu cách chia nhóm ba chữ số, ví dụ 10 000,025.",
            "Separators are misplaced: the comma is decimal, a space groups three digits, e.g. 10 000,025.",
        )
    _refuse_shape()


def _refuse_shape() -> Never:
    raise NumberError("not_a_number", "Không phải là số. Ví dụ: -12,50", "This is not a number. Example: -12,50")
