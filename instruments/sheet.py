"""The empty sheet of a procedure: its grid of cells, before any reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.evaluation import Reason
from instruments.procedure_model import Check, EnvironmentLimit, Field, Procedure
from instruments.words import Words


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
    """Rank in the order of measuring within the table, from 1: up columns downwards, down columns upwards."""
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
    """A standard wanted: quantity, unit, range to cover and greatest U at the hardest point (unit of the slot)."""

    key: str
    label: Words
    quantity: str
    unit: str
    lower: float | None
    upper: float | None
    u_at_most: float | None
    min_count: int
    max_count: int


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """Everything that a page needs to draw the sheet."""

    fields: tuple[Field, ...]
    environment: tuple[EnvironmentLimit, ...]
    checks: tuple[Check, ...]
    standards: tuple[SlotNeed, ...]
    tables: tuple[SheetTable, ...]
    problems: tuple[Reason, ...]
    """Fields that are missing or wrong, so that points or resolutions are not known yet (tables then are empty)."""

    def cell(self, key: str) -> Cell:
        """The cell of that key; KeyError when the sheet has none."""
        for table in self.tables:
            for cell in table.cells:
                if cell.key == key:
                    return cell
        raise KeyError(key)


def layout(procedure: Procedure, instrument: Mapping[str, str]) -> SheetLayout:
    """The grid for an instrument with these field texts (missing ones take their default)."""
    raise NotImplementedError
