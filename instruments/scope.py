"""The numbers that formulas may use: of the sheet as a whole, and at one point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from instruments.fields import FieldValues
from instruments.formula import FormulaFailed, UnknownNumber
from instruments.observations import Number
from instruments.procedure_model import Lookup, LookupRow, Points, Procedure, StandardSlot, Table, When
from instruments.typed_number import TypedNumber
from instruments.words import Words
from uncertainty.rounding import exact_decimal

ADJUSTED = "adjusted"
"""Key of the field that asks whether the instrument was adjusted, with the choices "no" and "yes"."""
MATCH_GRACE = 1e-9
"""Relative difference within which a number is the row or certificate point that it names."""
SNAP_DIGITS = 12
"""A point computed from a range keeps this many digits: 20 % of 1,6 is 0,32 and not its binary neighbour."""


@dataclass(frozen=True, slots=True)
class PointNominal:
    """One point of a table: its number from 1, where it is, and how it is written."""

    number: int
    value: float
    text: str


def sheet_numbers(procedure: Procedure, fields: FieldValues, environment: Mapping[str, float]) -> dict[str, float]:
    """Fields, constants, environment and lookups by choice; what is not known is left out."""
    numbers = {**fields.numbers, **environment}
    numbers.update((constant.key, constant.value) for constant in procedure.constants)
    for lookup in procedure.lookups:
        if lookup.at is None:
            _look_up(lookup, lookup.rows[0], fields.choices, numbers)
    return numbers


def point_numbers(
    procedure: Procedure, sheet: Mapping[str, float], choices: Mapping[str, str], point: PointNominal
) -> dict[str, float]:
    """The sheet's numbers, nominal, point and the lookups at this point."""
    numbers = {**sheet, "nominal": point.value, "point": float(point.number)}
    for lookup in procedure.lookups:
        row = _row_at(lookup, numbers)
        if row is not None:
            _look_up(lookup, row, choices, numbers)
    return numbers


def environment_numbers(procedure: Procedure, typed: Mapping[str, Number]) -> dict[str, float]:
    """Mean and half span of what was typed at start and end; a condition with neither is left out."""
    numbers: dict[str, float] = {}
    for limit in procedure.environment:
        ends = [plain(typed[key]) for key in environment_keys(limit.key) if key in typed]
        if ends:
            numbers[limit.key] = sum(ends) / len(ends)
            numbers[f"{limit.key}_half"] = (max(ends) - min(ends)) / 2
    return numbers


def environment_keys(key: str) -> tuple[str, str]:
    """Keys of the two cells of one condition."""
    return f"{key}/start", f"{key}/end"


def wanted(when: When | None, fields: FieldValues) -> bool:
    """Whether a table or check belongs to the sheet of these fields."""
    if when is None:
        return True
    if when.values:
        return fields.choices.get(when.field) in when.values
    return any(when.field in values for values in (fields.numbers, fields.lists, fields.choices))


def wanted_tables(procedure: Procedure, fields: FieldValues) -> tuple[Table, ...]:
    """The tables that belong to the sheet of these fields, in order."""
    return tuple(table for table in procedure.tables if wanted(table.when, fields))


def wanted_slots(procedure: Procedure, tables: Sequence[Table]) -> tuple[StandardSlot, ...]:
    """The standards wanted for these tables; one that no table of the procedure uses is wanted always."""
    used = {key for table in procedure.tables for key in table.standards}
    now = {key for table in tables for key in table.standards}
    return tuple(slot for slot in procedure.standards if slot.key in now or slot.key not in used)


def table_title(table: Table, fields: FieldValues) -> Words:
    """The title, which says so where the instrument was adjusted."""
    adjusted = table.adjusted_title is not None and fields.choices.get(ADJUSTED) == "yes"
    return table.adjusted_title if adjusted and table.adjusted_title else table.title


def table_points(table: Table, fields: FieldValues, sheet: Mapping[str, float]) -> tuple[PointNominal, ...]:
    """The points of a table in order; UnknownNumber or FormulaFailed when they cannot be known yet."""
    found = _points(_values(table, fields, sheet))
    nominal = table.points.nominal
    if nominal is None:
        return found
    return tuple(
        PointNominal(point.number, nominal.value({**sheet, "nominal": point.value}), point.text) for point in found
    )


def _values(table: Table, fields: FieldValues, sheet: Mapping[str, float]) -> Sequence[float]:
    points = table.points
    if points.field is not None and points.field in fields.lists:
        return fields.lists[points.field]
    if points.values:
        return [formula.value(sheet) for formula in points.values]
    if points.start is None or points.end is None:
        raise UnknownNumber(points.field or table.key)
    start, end = points.start.value(sheet), points.end.value(sheet)
    if points.percent:
        return _on_marks(points, sheet, [start + (end - start) * share / 100 for share in points.percent])
    assert points.evenly is not None  # the reader demands one of the ways
    count = max(2, min(200, round(points.evenly.value(sheet))))
    return _on_marks(points, sheet, [start + (end - start) * step / (count - 1) for step in range(count)])


def _on_marks(points: Points, sheet: Mapping[str, float], values: list[float]) -> list[float]:
    """The nearest marks of the scale, each once; the values themselves without a step."""
    if points.round_to is None:
        return values
    step = points.round_to.value(sheet)
    if step <= 0:
        raise FormulaFailed(points.round_to.text, Words("bước không dương", "the step is not positive"))
    return list(dict.fromkeys(float(f"{round(value / step) * step:.{SNAP_DIGITS}g}") for value in values))


def point_texts(values: list[float]) -> list[str]:
    """The values with as many decimals as the one that needs most."""
    decimals = max((_decimals(value) for value in values), default=0)
    return [f"{exact_decimal(value):.{decimals}f}" for value in values]


def plain(number: Number) -> float:
    """The float nearest to a typed number."""
    return float(number.value if isinstance(number, TypedNumber) else number)


def same(first: float, second: float) -> bool:
    """Whether two floats name one value."""
    return abs(first - second) <= MATCH_GRACE * max(abs(first), abs(second))


def _points(values: Sequence[float]) -> tuple[PointNominal, ...]:
    return _written(tuple([float(f"{value:.{SNAP_DIGITS}g}") + 0.0 for value in values]))


@lru_cache(maxsize=512)
def _written(snapped: tuple[float, ...]) -> tuple[PointNominal, ...]:
    texts = point_texts(list(snapped))
    return tuple(PointNominal(at, value, text) for at, (value, text) in enumerate(zip(snapped, texts, strict=True), 1))


def _decimals(value: float) -> int:
    exponent = exact_decimal(value).normalize().as_tuple().exponent
    assert isinstance(exponent, int)  # points are finite
    return max(0, -exponent)


def _row_at(lookup: Lookup, numbers: Mapping[str, float]) -> LookupRow | None:
    if lookup.at is None:
        return None
    try:
        at = lookup.at.value(numbers)
    except (UnknownNumber, FormulaFailed):
        return None
    for row in lookup.rows:
        bound = row.bound if row.bound is not None else 0.0
        if same(at, bound) or (lookup.match == "up_to" and at < bound):
            return row
    return None


def _look_up(lookup: Lookup, row: LookupRow, choices: Mapping[str, str], numbers: dict[str, float]) -> None:
    value = row.value if lookup.field is None else row.by_choice.get(choices.get(lookup.field, ""))
    if value is not None:
        numbers[lookup.key] = value
