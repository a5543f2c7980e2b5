"""Numbers as texts: the certificate's columns, limits, derived numbers; always a decimal point, never rounded twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from instruments.formula import Formula
from instruments.procedure_model import PrintedColumn
from uncertainty.rounding import exact_decimal, format_places

NATURAL_DIGITS = 10
"""Digits of a number that has no place of its own: enough for every limit, too few for binary noise."""

NOTHING = "–"
"""Stands in a column of limits where a point has none."""


@lru_cache(maxsize=8192)
def natural(value: float) -> str:
    """The number with the digits it has, at most ten significant ones; zero has no sign."""
    return f"{exact_decimal(float(f'{value + 0.0:.{NATURAL_DIGITS}g}')).normalize():f}"


def limits_text(lower: float | None, upper: float | None, places: int | None) -> str:
    """ "±0.16" or "-0.10 / +0.20", at `places` where that does not change the limit; empty without limits."""
    if lower is None or upper is None:
        return ""
    if lower == -upper:
        return f"±{_limit(upper, places)}"
    return f"{with_sign(_limit(lower, places))} / {with_sign(_limit(upper, places))}"


def with_sign(text: str) -> str:
    """A plus before a positive number; zero has no sign."""
    return f"+{text}" if not text.startswith("-") and text.strip("0.") else text


def column_text(
    column: PrintedColumn,
    value: Callable[[Formula], float],
    texts: Mapping[str, str],
    places: Mapping[str, int],
) -> str:
    """One cell of the certificate. `texts`: what is already printed (nominal, result, result_U, result_k, mpe,
    verdict); `places`: decimals for "result", "typed" and "point"."""
    if column.show is None:
        return (texts["mpe"] or NOTHING) if column.kind == "limits" else texts["verdict"]
    wanted = column.decimals if isinstance(column.decimals, int) else places[column.decimals]
    ready = texts.get(column.show.text) if _ready(column.show, column.decimals) else None
    text = ready if ready is not None else format_places(value(column.show), wanted)
    return with_sign(text) if column.signed else text


def _ready(show: Formula, decimals: int | str) -> bool:
    """The result, its U and its k are printed as stated; the nominal as the points are written."""
    if show.text == "result_k":
        return not isinstance(decimals, int)
    return (show.text, decimals) in {("result", "result"), ("result_U", "result"), ("nominal", "point")}


def _limit(limit: float, places: int | None) -> str:
    text = natural(limit)
    if places is None:
        return text
    placed = format_places(limit, places)
    return placed if exact_decimal(float(placed)) == exact_decimal(float(text)) else text
