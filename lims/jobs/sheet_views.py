"""What the page of a sheet draws, part by part; every text is set in the page's language."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

CELLS_BESIDE = 6
"""With more columns of readings, or of them and what is derived, than this the repeats stand in several lines."""
BESIDE_THE_LANE = 4
"""Columns of readings, derived values and the last visit beside which a lane has its place at 1366 px."""
LONG = 7
"""Characters of a reading that need a wider box."""
BESIDE_K = 5
"""The same for the column of k."""


@dataclass(frozen=True)
class CellView:
    """One box to type in; `name` is read aloud, `note` tells who typed what stands there."""

    key: str
    name: str
    text: str
    revision: int
    note: str
    optional: bool = False
    order: int = 0
    expected: str = ""
    """Canonical number near which a reading is believed at once; `within` says how near."""
    within: str = ""
    head: str = ""
    """Words of the column, shown in an empty box where a narrow screen has no heads."""

    @property
    def keypad(self) -> str:
        """Keyboard of a phone: figures alone have no minus on some, so they serve only where none is expected."""
        return "decimal" if self.expected and not self.expected.startswith("-") else "text"


@dataclass(frozen=True)
class RowView:
    """One point with its boxes; `last` is the result of the visit before."""

    key: str
    nominal: str
    mpe: str
    cells: Sequence[CellView]
    last: str

    @property
    def groups(self) -> list[list[CellView]]:
        """The boxes of one column after the other, where its repeats stand in several lines."""
        return [list(group) for _head, group in groupby(self.cells, key=lambda cell: cell.head)]


@dataclass(frozen=True)
class HeadView:
    """Head of a column of boxes."""

    label: str
    unit: str
    direction: str
    nth: int
    """Which of several repeats, counted from 1; 0 when there is one."""


@dataclass(frozen=True)
class TableView:
    """One block of the grid. `result` is (label, unit, symbol) of what is computed, None when the table only has
    criteria."""

    key: str
    title: str
    point: tuple[str, str]
    heads: Sequence[HeadView]
    rows: Sequence[RowView]
    derived: Sequence[tuple[str, str]]
    result: tuple[str, str, str] | None
    judged: bool
    has_last: bool

    @property
    def wrapped(self) -> bool:
        """Whether repeats stand in several lines: with many readings, or with many columns beside them."""
        repeated = len(self.heads) > len(self.columns)
        beside = len(self.derived) + self.has_last if repeated else 0
        return len(self.heads) + beside > CELLS_BESIDE

    @property
    def limited(self) -> bool:
        """Whether limits stand beside the result; a table that only has criteria says its limits in the verdict."""
        return self.judged and (self.result is not None or any(row.mpe for row in self.rows))

    @property
    def has_lane(self) -> bool:
        """Whether there is room for E ± U as a small picture; the chart shows the same."""
        return self.result is not None and self._beside <= BESIDE_THE_LANE

    @property
    def dense(self) -> bool:
        """Whether the columns have to stand close, k left to the budget."""
        return self.result is not None and self._beside > BESIDE_K

    @property
    def long(self) -> bool:
        """Whether its readings have more digits than a usual box shows."""
        return any(max(len(cell.text), len(cell.expected)) >= LONG for row in self.rows for cell in row.cells)

    @property
    def _beside(self) -> int:
        return len(self.columns if self.wrapped else self.heads) + len(self.derived) + self.has_last

    @property
    def columns(self) -> list[HeadView]:
        """One head for each column, without the number of its repeat."""
        return [replace(head, nth=0) for head in self.heads if head.nth <= 1]


@dataclass(frozen=True)
class FieldView:
    """A characteristic typed before the readings; `text` is what counts now, a default included."""

    cell: CellView
    label: str
    unit: str
    type: str
    choices: Sequence[tuple[str, str]]
    help: str
    required: bool

    @property
    def shown(self) -> str:
        """What counts now with its unit, as one line."""
        text = dict(self.choices).get(self.cell.text, self.cell.text)
        return f"{text} {self.unit}".strip()


@dataclass(frozen=True)
class ConditionView:
    """A condition typed at start and end, with its limits in words."""

    label: str
    limits: str
    start: CellView
    end: CellView


@dataclass(frozen=True)
class CheckView:
    """A step of the procedure; `cell` is None when the readings decide it."""

    key: str
    label: str
    how: str
    cell: CellView | None


@dataclass(frozen=True)
class TimerView:
    """A time to be waited; its cell holds the seconds that were."""

    cell: CellView
    label: str
    seconds: int

    @property
    def length(self) -> str:
        """mm:ss"""
        return f"{self.seconds // 60}:{self.seconds % 60:02d}"


@dataclass(frozen=True)
class SheetView:
    """Everything but the results, which the script draws from its state."""

    tables: Sequence[TableView]
    fields: Sequence[FieldView]
    conditions: Sequence[ConditionView]
    checks: Sequence[CheckView]
    timers: Sequence[TimerView]
    second_pair: bool
    problems: Sequence[str]
    last: Mapping[str, Any] | None
    """The visit before: day, code, and the points of its charts by table."""
