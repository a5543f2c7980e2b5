"""How a result is written in a document: value, U and k with the right digits, in Vietnamese and in English."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.notes import Note
from uncertainty.rounding import Reported, decimal_comma, format_places, group_thousands, report

if TYPE_CHECKING:
    from uncertainty.budget import Result


class Statement(NamedTuple):
    """The texts of a stated result; `document` is None when there is no U to state."""

    document: dict[str, object] | None
    notes: tuple[Note, ...] = ()


def state(result: Result) -> Statement:
    """Value and expanded uncertainty to the digits that `result.reporting` asks for, never below the CMC."""
    expanded = result.expansion.expanded_uncertainty
    if expanded is None or not math.isfinite(expanded):
        return Statement(None)
    cmc = result.reporting.cmc
    stated = report(result.value, expanded, digits=result.reporting.digits, cmc=cmc)
    k = result.expansion.coverage_factor
    interval = None
    if result.expansion.method_used == "monte_carlo" and result.expansion.interval is not None:
        interval = [format_places(end, -stated.place) for end in result.expansion.interval]
    factor = None if k is None else f"{k:.2f}"
    percent = f"{100.0 * result.coverage_probability:.6g}"
    text = _Text(result.name, stated, result.unit, factor, percent, interval)
    document: dict[str, object] = {
        "value": stated.value,
        "expanded_uncertainty": stated.expanded_uncertainty,
        "coverage_factor": factor,
        "text_vi": decimal_comma(text.written("xác suất phủ", "khoảng phủ")),
        "text_en": text.written("coverage probability", "coverage interval"),
    }
    return Statement(document, (_RAISED,) if cmc is not None and cmc > expanded else ())


class _Text(NamedTuple):
    name: str
    stated: Reported
    unit: str
    factor: str | None
    percent: str
    interval: list[str] | None

    def written(self, probability: str, interval: str) -> str:
        """With decimal points and no comma between the parts, so that all points may become commas."""
        value, uncertainty = group_thousands(self.stated.value), group_thousands(self.stated.expanded_uncertainty)
        sum_ = f"{value} ± {uncertainty}"
        quantity = f"({sum_})\u00a0{self.unit}" if self.unit else sum_
        parts = [f"{self.name} = {quantity}" if self.name else quantity]
        if self.factor is not None:
            parts.append(f"k = {self.factor}")
        parts.append(f"{probability} {self.percent}\u00a0%")
        if self.interval is not None:
            low, high = map(group_thousands, self.interval)
            parts.append(f"{interval} [{low}; {high}]" + (f"\u00a0{self.unit}" if self.unit else ""))
        return "; ".join(parts)


_RAISED = Note(
    "Độ không đảm bảo mở rộng được nâng lên bằng CMC (ILAC-P14).",
    "The expanded uncertainty was raised to the CMC (ILAC-P14).",
)
