"""Results that no double can hold: refused as wrong input, never given as infinite or as a crash."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from math import isfinite

import numpy as np

from uncertainty.errors import InputError

Calculation = Callable[[Mapping[str, object]], dict[str, object]]


def within_doubles(calculate: Calculation) -> Calculation:
    """Make a document's calculation raise `InputError` where its numbers leave the range of a double.

    That is where numbers 10³⁰⁰ times apart meet: a slip of a unit or of an exponent.
    """

    @wraps(calculate)
    def guarded(document: Mapping[str, object]) -> dict[str, object]:
        try:
            with np.errstate(over="raise", invalid="raise", divide="raise"):
                result = calculate(document)
        except (OverflowError, FloatingPointError, ZeroDivisionError, np.linalg.LinAlgError):
            raise _out_of_range() from None
        if not _is_finite(result):
            raise _out_of_range()
        return result

    return guarded


def _is_finite(value: object) -> bool:
    if isinstance(value, float):
        return isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, list) or all(map(_is_finite, value))


def _out_of_range() -> InputError:
    return InputError(
        "",
        vi="các số cách nhau quá xa, kết quả vượt phạm vi của số thực kép; kiểm tra đơn vị và số mũ",
        en="the numbers are too far apart and a result leaves the range of a double; check units and exponents",
    )
