"""The document of `lims calc interval`: when to calibrate next, by one of four methods (docs/engine.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from uncertainty.documents import Reader, open_document
from uncertainty.errors import InputError
from uncertainty.notes import note
from uncertainty.number_range import within_doubles
from uncertainty.recalibration import control_chart, drift_interval, reliability_tested_interval, staircase

GREATEST_ORDER = 6
"""Highest power of time in a drift."""


@within_doubles
def calculate_document(document: Mapping[str, object]) -> dict[str, object]:
    """Result of an `interval` document; `InputError` names what is wrong."""
    everything = {key: None for keys, _ in _METHODS.values() for key in keys}
    method = open_document(document, "interval", ("method", *_COMMON, *everything)).choice("method", tuple(_METHODS))
    known, calculate = _METHODS[method]
    return calculate(open_document(document, "interval", ("method", *_COMMON, *known)))


def _tested(reader: Reader) -> dict[str, object]:
    trials = reader.integer("tested", at_least=1)
    found = reliability_tested_interval(
        reader.integer("in_tolerance", at_least=0, at_most=trials),
        trials,
        reader.number("interval_days", above=0),
        reader.number("target_reliability", above=0, below=1),
        reader.number("confidence", 0.5, above=0, below=1),
    )
    notes: list[str] = []
    if found.observed_reliability > reader.number("target_reliability"):
        notes.append(
            note(
                "công thức kéo dài chu kỳ cần được xác nhận theo NCSLI RP-1",
                "the formula for a longer interval awaits confirmation against NCSLI RP-1",
            )
        )
    return {
        "recommended_days": found.recommended_days,
        "calculated_days": found.days,
        "rejection_confidence": found.rejection_confidence,
        "observed_reliability": found.observed_reliability,
        "reliability_interval": list(found.reliability_interval),
        "notes": notes,
    }


def _variables(reader: Reader) -> dict[str, object]:
    order = reader.integer("order", 1, at_least=1, at_most=GREATEST_ORDER)
    days = _ages(reader, at_least=order + 1)
    found = drift_interval(
        days,
        _beside(reader, "drift", days),
        order,
        reader.number("initial_standard_uncertainty", at_least=0),
        reader.number("target_standard_uncertainty", above=0),
    )
    notes: list[str] = []
    if found.recommended_days is None:
        notes.append(
            note(
                "độ không đảm bảo không bao giờ đạt mục tiêu: recommended_days là null",
                "the uncertainty never reaches the target: recommended_days is null",
            )
        )
    elif found.recommended_days == 0:
        notes.append(
            note(
                "độ không đảm bảo ban đầu đã vượt mục tiêu",
                "the initial uncertainty already exceeds the target",
            )
        )
    elif found.recommended_days > max(days):
        notes.append(_extrapolated())
    return {
        "coefficients": list(found.coefficients),
        "standard_uncertainties": list(found.standard_uncertainties),
        "residual_standard_deviation": found.residual_standard_deviation,
        "recommended_days": found.recommended_days,
        "drift_at_recommended_days": found.drift,
        "notes": notes,
    }


def _staircase(reader: Reader) -> dict[str, object]:
    shortest = reader.integer("shortest_days", 1, at_least=1)
    found = staircase(
        reader.integer("interval_days", at_least=1),
        reader.number("drift"),
        reader.number("limit", above=0),
        keep_share=reader.number("keep_share", 0.8, above=0, at_most=1),
        extend=reader.number("extend", 1.25, at_least=1),
        cut=reader.number("cut", 0.6, above=0, at_most=1),
        shortest_days=shortest,
        longest_days=reader.integer("longest_days", at_least=shortest) if "longest_days" in reader else None,
    )
    notes: list[str] = []
    if found.is_capped:
        notes.append(note("chu kỳ được giữ trong giới hạn cho phép", "the interval is held inside its permitted range"))
    return {
        "recommended_days": found.recommended_days,
        "step": "extend" if found.is_longer else "cut",
        "notes": notes,
    }


def _control_chart(reader: Reader) -> dict[str, object]:
    days = _days(reader, at_least=3)
    spreads = _beside(reader, "expanded_uncertainty", days)
    for position, spread in enumerate(spreads):
        if not spread > 0:
            path = f"expanded_uncertainty.{position}"
            raise InputError(
                path, vi=f"phải lớn hơn 0, nhưng gặp {spread:g}", en=f"must be greater than 0, found {spread:g}"
            )
    found = control_chart(
        days,
        _beside(reader, "values", days),
        spreads,
        reader.number("limit", above=0),
        reader.number("coverage_factor", 2.0, above=0),
    )
    longest = reader.optional_number("longest_days", above=0)
    notes: list[str] = []
    recommended = found.recommended_days
    if recommended is None:
        notes.append(
            note(
                "đường trôi cùng dải không đảm bảo không bao giờ chạm giới hạn",
                "the drift line and its band never reach the limit",
            )
        )
    elif recommended == 0:
        notes.append(
            note("giới hạn đã bị vượt ở lần hiệu chuẩn gần nhất", "the limit is exceeded at the latest calibration")
        )
    elif recommended > max(days) - min(days):
        notes.append(_extrapolated())
    if longest is not None and (recommended is None or recommended > longest):
        recommended = longest
    return {
        "recommended_days": recommended,
        "days_to_limit": found.recommended_days,
        "drift_per_day": found.drift_per_day,
        "drift_standard_uncertainty": found.drift_standard_uncertainty,
        "scatter_ratio": found.scatter_ratio,
        "notes": notes,
    }


_COMMON = ("title", "note", "unit")
_METHODS: dict[str, tuple[tuple[str, ...], Callable[[Reader], dict[str, object]]]] = {
    "A3": (("in_tolerance", "tested", "interval_days", "target_reliability", "confidence"), _tested),
    "variables": (
        ("days", "drift", "order", "initial_standard_uncertainty", "target_standard_uncertainty"),
        _variables,
    ),
    "staircase": (
        ("interval_days", "drift", "limit", "keep_share", "extend", "cut", "shortest_days", "longest_days"),
        _staircase,
    ),
    "control_chart": (
        ("days", "values", "expanded_uncertainty", "limit", "coverage_factor", "longest_days"),
        _control_chart,
    ),
}


def _days(reader: Reader, at_least: int) -> list[float]:
    days = reader.numbers("days", at_least=at_least)
    if len(set(days)) < 2:
        raise InputError("days", vi="cần ít nhất 2 ngày khác nhau", en="expected at least 2 different days")
    return days


def _ages(reader: Reader, at_least: int) -> list[float]:
    days = reader.numbers("days", at_least=at_least)
    for position, day in enumerate(days):
        if day < 0:
            raise InputError(
                f"days.{position}",
                vi=f"thời gian không âm, nhưng gặp {day:g}",
                en=f"a time in use is not negative, found {day:g}",
            )
    return days


def _beside(reader: Reader, key: str, days: list[float]) -> list[float]:
    values = reader.numbers(key)
    if len(values) != len(days):
        raise InputError(
            key, vi=f"có {len(values)} số, days có {len(days)}", en=f"{len(values)} numbers, but days has {len(days)}"
        )
    return values


def _extrapolated() -> str:
    return note(
        "chu kỳ dài hơn mọi khoảng đã quan sát (ngoại suy)",
        "the interval is longer than any that was observed (extrapolation)",
    )
