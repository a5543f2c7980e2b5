"""What an evaluation says: rows with budgets, checks, the overall verdict; frozen, and plain JSON by `to_json`.

All number texts here are canonical: decimal point, ASCII minus, no grouping, trailing zeros kept. Pages and documents
set them in their language with `uncertainty.rounding.decimal_comma` and `group_thousands`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from instruments.words import Words

RowState = Literal["complete", "waiting", "error"]
RowVerdict = Literal["pass", "fail", "conditional_pass", "conditional_fail", "not_stated"]
Overall = Literal["pass", "fail", "conditional_pass", "conditional_fail", "incomplete", "not_stated"]
"""The conditional ones only under the four-state rule (ILAC-G8:09/2019, 4.2.3)."""
CheckState = Literal["pass", "fail", "na", "waiting", "not_done"]
"""not_done: a verification stopped at an earlier check."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is so, with the place it leads to."""

    code: str
    """Stable word: cell_missing, cell_unknown, standard_missing, standard_range, standard_unit, standard_certificate,
    standard_requirement, environment_missing, environment_out, field_missing, field_wrong, formula, budget,
    check_missing, check_failed, out_of_limits, no_limits, uncertainty_large, cmc_raised."""
    where: str
    """Cell, row, field, slot, check or environment key; empty for the whole sheet."""
    text: Words


@dataclass(frozen=True, slots=True)
class Printed:
    """A number with its name: the derived columns, criteria and summaries of a row or table."""

    key: str
    label: Words
    unit: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion of a row: the value against its limits (same unit) and what follows."""

    key: str
    label: Words
    unit: str
    value: float
    lower: float | None
    upper: float | None
    verdict: RowVerdict


@dataclass(frozen=True, slots=True)
class StandardUse:
    """Which standard served a row, and what its certificate says there (in the slot's unit)."""

    slot: str
    asset_number: str
    certificate_number: str
    value: float
    correction: float
    U: float
    k: float
    drift: float


@dataclass(frozen=True, slots=True)
class Row:
    """One point. Numbers are None until the row is complete, and where the table has no result."""

    table: str
    point: int
    nominal: float
    nominal_text: str
    cells: tuple[str, ...]
    state: RowState
    message: Words | None
    """What the row waits for or what is wrong; None when complete."""
    where: str
    """Key of the first missing or faulty cell, slot or field; empty when complete."""
    derived: tuple[Printed, ...] = ()
    value: float | None = None
    """Result in the unit of the report, not rounded."""
    U: float | None = None
    """Expanded uncertainty in the unit of the report, not rounded, not below the CMC when one was given."""
    k: float | None = None
    unit: str = ""
    value_text: str = ""
    U_text: str = ""
    k_text: str = ""
    mpe_lower: float | None = None
    mpe_upper: float | None = None
    mpe_text: str = ""
    """The permissible error: "±0.16" or "-0.10 / +0.20"; empty when there is none. The limits beside it are those of
    the result: the same numbers, unless the result is no error (a mass: nominal ± 0.5)."""
    verdict: RowVerdict = "not_stated"
    criteria: tuple[Judged, ...] = ()
    standards: tuple[StandardUse, ...] = ()
    document: Mapping[str, Any] | None = None
    """The `calc budget` document of this row: writing it to a file and running it gives `budget` again."""
    budget: Mapping[str, Any] | None = None
    """Its result as `calc budget` gives it, in the unit of the budget; None in a lean evaluation."""
    printed: tuple[str, ...] = ()
    """Texts of the certificate's columns, in the order of the table's `columns`; filled when complete."""

    @property
    def key(self) -> str:
        """ "table/point"."""
        return f"{self.table}/{self.point}"


@dataclass(frozen=True, slots=True)
class Head:
    """Head of a printed column."""

    key: str
    head: Words
    unit: str
    kind: Literal["number", "limits", "verdict"]
    """"limits": texts as in `Row.mpe_text`; "verdict": the codes of RowVerdict, to be put into words."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point of the chart, all in the unit of the report; limits None where none apply."""

    x: float
    value: float
    U: float
    lower: float | None
    upper: float | None
    verdict: RowVerdict


@dataclass(frozen=True, slots=True)
class TableResult:
    """One table: rows in the order of the points, heads of the printed columns, summary numbers, chart."""

    key: str
    title: Words
    rows: tuple[Row, ...]
    heads: tuple[Head, ...]
    summary: tuple[Printed, ...]
    chart: tuple[ChartPoint, ...]
    chart_x: Words
    chart_x_unit: str
    chart_unit: str
    overall: tuple[Judged, ...] = ()
    """What is judged of the table as a whole, once every row is complete."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One step of the procedure and how it ended."""

    key: str
    label: Words
    state: CheckState


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole sheet."""

    procedure_code: str
    procedure_version: int
    procedure_digest: str
    engine_version: str
    seed: int | None
    decision_rule: str | None
    """Rule by which conformity was judged; None: not judged."""
    verdict: Overall
    reasons: tuple[Reason, ...]
    """Why the verdict is incomplete or fail, in the order of the sheet; empty for pass and not_stated."""
    warnings: tuple[Reason, ...]
    """What a reviewer must see but does not decide the verdict: environment, requirement on standards, CMC."""
    checks: tuple[CheckOutcome, ...]
    tables: tuple[TableResult, ...]
    notes: tuple[Words, ...]
    """Sentences for the record, e.g. what in the procedure is unconfirmed."""

    def row(self, key: str) -> Row:
        """The row "table/point"; KeyError when there is none."""
        for table in self.tables:
            for row in table.rows:
                if row.key == key:
                    return row
        raise KeyError(key)

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists, strings, numbers and None; Words become {"vi", "en"}."""
        plain = _plain(self)
        assert isinstance(plain, dict)
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return value._asdict()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    return value
