"""The empty sheet of a procedure: its grid of cells, before any reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.chosen_units import with_units
from instruments.evaluation import Reason
from instruments.fields import FieldValues, read_fields
from instruments.formula import Formula, FormulaFailed, UnknownNumber
from instruments.printing import limits_text
from instruments.procedure_model import (
    Check,
    EnvironmentLimit,
    Field,
    Procedure,
    ReadingColumn,
    StandardSlot,
    Table,
    Timer,
)
from instruments.scope import (
    PointNominal,
    point_numbers,
    sheet_numbers,
    table_points,
    table_title,
    wanted,
    wanted_slots,
    wanted_tables,
)
from instruments.words import Words
from uncertainty.rounding import exact_decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell to type in."""

    key: str
    """"main/3/up/1"."""
    point: int
    column: str
    repeat: int
    optional: bool
    order: int
    """Rank in the order of measuring within the table, from 1: up columns downwards, then down columns upwards."""
    expected: Decimal | None
    within: Decimal | None
    """Guard: a reading farther than this from `expected` is asked about."""
    resolution: Decimal | None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A reading column with its repeats."""

    key: str
    label: Words
    unit: str
    repeat: int
    direction: Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """One row of the grid."""

    number: int
    nominal: float
    nominal_text: str
    mpe_text: str
    """Limits at this point when they do not depend on readings, else empty."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One block of the grid; `cells` in order of point, column, repeat."""

    key: str
    title: Words
    point_label: Words
    point_unit: str
    points: tuple[SheetPoint, ...]
    columns: tuple[SheetColumn, ...]
    cells: tuple[Cell, ...]
    has_result: bool


@dataclass(frozen=True, slots=True)
class SlotNeed:
    """A standard wanted: quantity, unit, range to cover and greatest U at the hardest point (unit of the slot).

    Range and U are None where they are not known yet, or where several standards may share the points."""

    key: str
    label: Words
    quantity: str
    unit: str
    lower: float | None
    upper: float | None
    u_at_most: float | None
    min_count: int
    max_count: int
    u_limits: tuple[tuple[float, float], ...] = ()
    """(place, greatest U there) of each point, where one standard serves them all and reads its certificate there."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Everything that a page needs to draw the sheet."""

    fields: tuple[Field, ...]
    environment: tuple[EnvironmentLimit, ...]
    checks: tuple[Check, ...]
    standards: tuple[SlotNeed, ...]
    tables: tuple[SheetTable, ...]
    timers: tuple[Timer, ...]
    """Times to be waited or held, each beside its table or, without one, beside the sheet."""
    second_pair: bool
    """Somebody else than who measured looks over the readings before they are submitted."""
    problems: tuple[Reason, ...]
    """Fields that are missing or wrong; a table whose points need them is empty."""

    def cell(self, key: str) -> Cell:
        """The cell of that key; KeyError when the sheet has none."""
        for table in self.tables:
            for cell in table.cells:
                if cell.key == key:
                    return cell
        raise KeyError(key)


def layout(procedure: Procedure, instrument: Mapping[str, str]) -> SheetLayout:
    """The grid for an instrument with these field texts (missing ones take their default)."""
    procedure = with_units(procedure, instrument)
    fields = read_fields(procedure, instrument)
    numbers = sheet_numbers(procedure, fields, {})
    tables = wanted_tables(procedure, fields)
    drafts = [_Draft.of(procedure, table, fields, numbers) for table in tables]
    return SheetLayout(
        fields=procedure.fields,
        environment=procedure.environment,
        checks=tuple(check for check in procedure.checks if wanted(check.when, fields)),
        standards=tuple(_need(slot, drafts, numbers) for slot in wanted_slots(procedure, tables)),
        tables=tuple(draft.as_table() for draft in drafts),
        timers=procedure.timers,
        second_pair=procedure.second_pair,
        problems=fields.problems,
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A table with the numbers known at each of its points before any reading."""

    table: Table
    title: Words
    points: tuple[PointNominal, ...]
    numbers: tuple[dict[str, float], ...]

    @classmethod
    def of(cls, procedure: Procedure, table: Table, fields: FieldValues, sheet: Mapping[str, float]) -> _Draft:
        try:
            points = table_points(table, fields, sheet)
        except (UnknownNumber, FormulaFailed):
            points = ()
        found = [point_numbers(procedure, sheet, fields.choices, point) for point in points]
        for numbers in found:
            upper = _known(table.mpe.upper, numbers) if table.mpe else None
            lower = _known(table.mpe.lower, numbers) if table.mpe else None
            if upper is not None and lower is not None:
                numbers.update(mpe=upper, mpe_lower=lower)
        return cls(table, table_title(table, fields), points, tuple(found))

    def as_table(self) -> SheetTable:
        table = self.table
        return SheetTable(
            key=table.key,
            title=self.title,
            point_label=table.points.label,
            point_unit=table.points.unit,
            points=tuple(
                SheetPoint(point.number, point.value, point.text, _limits(numbers))
                for point, numbers in zip(self.points, self.numbers, strict=True)
            ),
            columns=tuple(
                SheetColumn(column.key, column.label, column.unit, column.repeat, column.direction)
                for column in table.readings
            ),
            cells=self._cells(),
            has_result=table.result is not None,
        )

    def _cells(self) -> tuple[Cell, ...]:
        order = self._order()
        return tuple(
            Cell(
                key=f"{self.table.key}/{point.number}/{column.key}/{repeat}",
                point=point.number,
                column=column.key,
                repeat=repeat,
                optional=repeat > column.at_least or column.blank is not None,
                order=order[point.number, column.key, repeat],
                expected=_decimal(column.expected, numbers),
                within=_decimal(column.within, numbers),
                resolution=_decimal(column.resolution, numbers),
            )
            for point, numbers in zip(self.points, self.numbers, strict=True)
            for column in self.table.readings
            for repeat in range(1, column.repeat + 1)
        )

    def _order(self) -> dict[tuple[int, str, int], int]:
        """Columns one after the other, a down column from the last point to the first; without any up or down
        column, point by point; or all columns of each repeat."""
        columns = self.table.readings
        if self.table.walk == "repeats":
            most = max(column.repeat for column in columns)
            steps = [
                (point.number, column.key, repeat)
                for point in self.points
                for repeat in range(1, most + 1)
                for column in columns
                if repeat <= column.repeat
            ]
        elif all(column.direction == "none" for column in columns):
            steps = [step for point in self.points for column in columns for step in _repeats(point, column)]
        else:
            steps = [
                step
                for column in columns
                for point in (reversed(self.points) if column.direction == "down" else self.points)
                for step in _repeats(point, column)
            ]
        return {step: rank for rank, step in enumerate(steps, 1)}


def _repeats(point: PointNominal, column: ReadingColumn) -> list[tuple[int, str, int]]:
    return [(point.number, column.key, repeat) for repeat in range(1, column.repeat + 1)]


def _need(slot: StandardSlot, drafts: list[_Draft], sheet: Mapping[str, float]) -> SlotNeed:
    rows = [numbers for draft in drafts if slot.key in draft.table.standards for numbers in draft.numbers]
    # Of several standards each serves its own points: what one must keep to is said at each point.
    limits = [_known(slot.u_at_most, numbers) for numbers in rows if slot.max_count == 1]
    places = [_known(slot.at, numbers) for numbers in rows if slot.between != "sum"]
    lower, upper = _range(slot, rows, sheet)
    return SlotNeed(
        key=slot.key,
        label=slot.label,
        quantity=slot.quantity,
        unit=slot.unit,
        lower=lower,
        upper=upper,
        u_at_most=min((limit for limit in limits if limit is not None), default=None),
        min_count=slot.min_count,
        max_count=slot.max_count,
        u_limits=tuple(dict.fromkeys(
            (place, limit) for place, limit in zip(places, limits, strict=False)
            if place is not None and limit is not None)),
    )  # fmt: skip


def _range(
    slot: StandardSlot, rows: list[dict[str, float]], sheet: Mapping[str, float]
) -> tuple[float | None, float | None]:
    """What one standard must cover: the range stated, or the points; nothing where several may share them."""
    if slot.max_count > 1 or slot.between == "sum":
        return None, None
    if slot.needs_from is not None:
        return _known(slot.needs_from, sheet), _known(slot.needs_to, sheet)
    places = [place for numbers in rows for place in [_known(slot.at, numbers)] if place is not None]
    return min(places, default=None), max(places, default=None)


def _known(formula: Formula | None, numbers: Mapping[str, float]) -> float | None:
    """The value, or None when the formula needs what is not known before readings."""
    try:
        return None if formula is None else formula.value(numbers)
    except (UnknownNumber, FormulaFailed):
        return None


def _decimal(formula: Formula | None, numbers: Mapping[str, float]) -> Decimal | None:
    value = _known(formula, numbers)
    return None if value is None else exact_decimal(float(f"{value:.12g}"))


def _limits(numbers: Mapping[str, float]) -> str:
    return limits_text(numbers.get("mpe_lower"), numbers.get("mpe"), None)
