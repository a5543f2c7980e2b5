"""A result evaluated again with another value or U of one standard: what would have been stated otherwise.

The original is never altered; this says, point by point, what differs (ISO/IEC 17025 7.10.1 c).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from instruments.evaluation import Evaluation, Row
from instruments.observations import Observations, StandardData, StandardPoint
from instruments.unit_factors import unit_factor

UNCHANGED, NUMBERS, POINTS, VERDICT = range(4)
"""Grades of a change: nothing that is printed; value or U of a point; the verdict of a point; the verdict itself."""


@dataclass(frozen=True, slots=True)
class PointChange:
    """One point that would be stated otherwise. Texts are canonical numbers as printed, empty where there is none."""

    key: str
    """"table/point"."""
    point: str
    unit: str
    value: tuple[str, str]
    """Old and new."""
    U: tuple[str, str]
    verdict: tuple[str, str]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"key": self.key, "point": self.point, "unit": self.unit, "value": list(self.value),
                "U": list(self.U), "verdict": list(self.verdict)}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs between a stored evaluation and a new one."""

    old_verdict: str
    new_verdict: str
    grade: int
    greatest_change: float | None
    """Greatest |new - old value| over the old U; None where no point has both."""
    points: tuple[PointChange, ...]


def assumed(data: StandardData, shift: float = 0.0, half_width: float | None = None) -> StandardData:
    """The standard with every value moved by `shift`, and a drift of at least `half_width`, both in its spread unit.

    Procedures without a term for the drift take the half width as well (`instruments.assumed_drift`).

    Raises UnlikeUnits when the spread unit does not turn into the unit of its values.
    """
    if shift == 0.0 and half_width is None:
        return data
    moved = shift * unit_factor(data.spread_unit or data.unit, data.unit) if shift else 0.0
    points = tuple(_moved(point, shift, moved) for point in data.points)
    half = half_width or 0.0
    history = None if data.history is None else max(data.history, half)
    return replace(data, points=points, drift=max(data.drift, half), history=history, assumed_drift=half)


def with_standard(observations: Observations, slot: str, data: StandardData) -> Observations:
    """The same sheet, with this standard in the place of the one of its number in the slot."""
    chosen = observations.standards.get(slot, ())
    present: Sequence[StandardData] = (chosen,) if isinstance(chosen, StandardData) else chosen
    changed = [replace(data, whole=one.whole) if one.asset_number == data.asset_number else one for one in present]
    return replace(observations, standards={**observations.standards, slot: changed})


def compare(stored: Mapping[str, Any], new: Evaluation) -> Comparison:
    """A stored evaluation (its JSON) against a new one of the same sheet."""
    fresh = {row.key: row for table in new.tables for row in table.rows}
    changes: list[PointChange] = []
    greatest: float | None = None
    for table in stored["tables"]:
        for old in table["rows"]:
            row = fresh.get(f"{old['table']}/{old['point']}")
            if row is None:
                continue
            share = _share(old, row)
            if share is not None:
                greatest = share if greatest is None else max(greatest, share)
            change = _point(old, row) or _column(old, row, table["heads"])
            if change is not None:
                changes.append(change)
    flipped = stored["verdict"] != new.verdict
    grade = VERDICT if flipped else UNCHANGED
    if changes and not flipped:
        grade = POINTS if any(one.verdict[0] != one.verdict[1] for one in changes) else NUMBERS
    return Comparison(str(stored["verdict"]), new.verdict, grade, greatest, tuple(changes))


def _moved(point: StandardPoint, shift: float, moved: float) -> StandardPoint:
    if point.correction is not None:
        return replace(point, correction=point.correction + shift)
    return replace(point, value=None if point.value is None else point.value + moved)


def _share(old: Mapping[str, Any], new: Row) -> float | None:
    if old["value"] is None or new.value is None or not old["U"]:
        return None
    return float(abs(new.value - old["value"]) / old["U"])


def _point(old: Mapping[str, Any], new: Row) -> PointChange | None:
    pairs = ((old["value_text"], new.value_text), (old["U_text"], new.U_text), (old["verdict"], new.verdict))
    if all(before == after for before, after in pairs):
        return None
    return PointChange(new.key, new.nominal_text, new.unit, *pairs)


def _column(old: Mapping[str, Any], new: Row, heads: Sequence[Mapping[str, Any]]) -> PointChange | None:
    """The first printed number that differs where value, U and verdict do not: a table without a result prints the
    errors of its rows all the same. Another k beside the same U is none."""
    for head, before, after in zip(heads, old["printed"], new.printed, strict=False):
        is_k = (before, after) == (old["k_text"], new.k_text)
        if before != after and head["kind"] == "number" and not is_k:
            same = (new.verdict, new.verdict)
            return PointChange(new.key, new.nominal_text, head["unit"], (before, after), ("", ""), same)
    return None
