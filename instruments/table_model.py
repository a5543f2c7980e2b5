"""The tables of a checked procedure: points, readings, limits, budget, printed columns; frozen values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from instruments.formula import Formula
from instruments.words import Words

Take = Literal["max_abs", "max", "min", "range", "mean", "s", "sum", "first", "last"]
Confirmation = Literal["confirmed", "unconfirmed"]
"""Whether the laboratory's administrator or a read original stands behind a rule; unconfirmed ones are printed so."""


@dataclass(frozen=True, slots=True)
class Points:
    """Where a table measures. The typed list of `field` wins; else one of `values`, `percent`, `evenly`."""

    label: Words
    unit: str
    field: str | None
    values: tuple[Formula, ...]
    percent: tuple[float, ...]
    evenly: Formula | None
    """Number of points from `start` to `end`, both included."""
    start: Formula | None
    end: Formula | None
    """Ends of the range for `percent` and `evenly`."""
    nominal: Formula | None = None
    """What `nominal` means where the points are numbers of positions: the load of every position on a pan."""
    round_to: Formula | None = None
    """Points of `percent` and `evenly` are put on the nearest multiple of this: a mark of the scale."""


@dataclass(frozen=True, slots=True)
class ReadingColumn:
    """Cells that are typed. With key "up" formulas may use up (the mean), up_s, up_n, up_min, up_max, up_range."""

    key: str
    label: Words
    unit: str
    repeat: int
    at_least: int
    """Readings without which a row waits; further cells up to `repeat` may stay empty."""
    direction: Literal["up", "down", "none"]
    resolution: Formula | None
    expected: Formula | None
    within: Formula | None
    """A reading farther than this from `expected` is asked about before it is believed."""
    blank: Formula | None = None
    """What an empty cell stands for, over what is known before readings; None: the reading is wanted."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A number computed in each row from what stands before it; later formulas may use it."""

    key: str
    label: Words
    unit: str
    formula: Formula
    each: bool = False
    """Computed from each repeat of the readings by itself: then key is the mean, with key_s, key_n and the extremes."""
    decimals: int | None = None
    """Decimals on the sheet; None: as many as were typed in the row."""
    shown: bool = True
    """Whether the sheet shows it beside the readings; otherwise it only serves later formulas."""


@dataclass(frozen=True, slots=True)
class When:
    """Where a table or check belongs to the sheet: by the choice of a field, or because a field is filled in."""

    field: str
    values: tuple[str, ...]
    """Choices under which it is wanted; empty: whenever the field has a value."""


@dataclass(frozen=True, slots=True)
class Mpe:
    """Permissible errors at a point, in the unit of the report. Formulas may use mpe (= upper), mpe_lower."""

    lower: Formula
    upper: Formula
    about: Formula | None
    """What the errors are counted from when the result is no error itself: the nominal mass of a weight."""
    u_at_most: Formula | None
    """Greatest U of the result for a sound decision, e.g. "mpe/3"; a larger one is a warning."""
    source: str
    confirmation: Confirmation


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that must lie inside limits (same unit on both sides) for a row to pass."""

    key: str
    label: Words
    unit: str
    formula: Formula | None
    """None: the reported result, judged by the decision rule with its uncertainty; else simple acceptance."""
    lower: Formula | None
    upper: Formula | None
    """Limits, both included; None where that side is open."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of the model, becoming one input of a `calc budget` document."""

    name: str
    label: Words
    unit: str
    readings: str | None
    """Key of a reading column (or of a derived one of each repeat) whose repeats are the readings; then there is no
    `value`."""
    value: Formula | None
    spread: Mapping[str, Formula]
    """E.g. {"half_width": ...}; the keys are those of the document, the numbers are evaluated per point."""
    distribution: str | None
    relative: bool
    source: str | None
    """Inputs of one source are fully correlated."""
    standard: str | None
    """Slot whose certificate is cited beside this input."""
    evidence: Words | None


@dataclass(frozen=True, slots=True)
class Correlation:
    """Correlation coefficient of two inputs."""

    first: str
    second: str
    r: float


@dataclass(frozen=True, slots=True)
class Result:
    """The quantity of a table with its budget. `report` = budget value times `factor`, in `report_unit`."""

    name: str
    label: Words
    model: str
    inputs: tuple[Input, ...]
    correlations: tuple[Correlation, ...]
    unit: str
    report_unit: str
    factor: str
    """Decimal text, so that 0.001 stays exact; "1" when both units are one."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One number of a whole table, usable by its key in the tables after it: something taken `of` every row, or a
    formula over what is known by then."""

    key: str
    label: Words
    unit: str
    of: Formula | None
    take: Take | None
    formula: Formula | None = None
    digits: int | None = None
    """Significant digits that are shown; None: all that it has."""
    shown: bool = True
    """Whether pages and certificates show it; otherwise it only serves later formulas."""


@dataclass(frozen=True, slots=True)
class PrintedColumn:
    """One column of the certificate's table."""

    key: str
    head: Words
    unit: str
    show: Formula | None
    """Besides the row's names: result, result_U, result_k."""
    kind: Literal["number", "limits", "verdict"]
    """"limits" and "verdict" stand for the words mpe and verdict in the file; their text is not a number."""
    decimals: int | Literal["result", "typed", "point"]
    """"result": the place of U; "typed": the most digits typed in the row; "point": as many as the points need."""
    signed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One block of the sheet."""

    key: str
    title: Words
    points: Points
    readings: tuple[ReadingColumn, ...]
    derived: tuple[Derived, ...]
    mpe: Mpe | None
    criteria: tuple[Criterion, ...]
    result: Result | None
    summary: tuple[Summary, ...]
    columns: tuple[PrintedColumn, ...]
    standards: tuple[str, ...]
    """Slots whose numbers the formulas of the table use."""
    when: When | None = None
    """None: always."""
    overall: tuple[Criterion, ...] = ()
    """What must hold for the table as a whole, over its summary; simple acceptance."""
    walk: Literal["columns", "repeats"] = "columns"
    """Order of measuring: column after column, or all columns of the first repeat, then of the second (A B B A)."""
    as_found: bool = False
    """The readings before an adjustment: stated, but without weight in the verdict."""
    adjusted_title: Words | None = None
    """Title once the instrument was adjusted; None: the same."""
    plain_title: Words | None = None
    """Of readings as found: the title without saying so."""
