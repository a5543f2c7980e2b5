"""What is said of a table as a whole, once every row is complete: its summary numbers and what they must keep to."""

from __future__ import annotations

import math
from collections.abc import Sequence

from instruments.evaluation import Judged, Printed
from instruments.formula import Formula, FormulaFailed, UnknownNumber
from instruments.judgement import judge_plainly
from instruments.printing import natural
from instruments.procedure_model import Summary, Table
from instruments.row_givens import Sheet
from instruments.rows import EvaluatedRow
from uncertainty.rounding import exact_decimal


def summaries(sheet: Sheet, table: Table, rows: Sequence[EvaluatedRow]) -> tuple[Printed, ...]:
    """The summary numbers that are shown; all of them become known to the formulas and tables after them.

    One that cannot be formed (no row has what it is taken of, or its formula fails) is left out.
    """
    found: list[Printed] = []
    for entry in table.summary:
        value = _value(sheet, entry, rows)
        if value is None:
            continue
        sheet.numbers[entry.key] = value
        if entry.shown:
            found.append(Printed(entry.key, entry.label, entry.unit, value, _text(value, entry.digits)))
    return tuple(found)


def overall(sheet: Sheet, table: Table) -> tuple[Judged, ...]:
    """The criteria of the whole table, by simple acceptance; one whose numbers are missing is left out."""
    judged = []
    for criterion in table.overall:
        value = _known(criterion.formula, sheet)
        lower, upper = _known(criterion.lower, sheet), _known(criterion.upper, sheet)
        missing = (criterion.lower and lower is None) or (criterion.upper and upper is None)
        if value is not None and not missing:
            judged.append(
                judge_plainly(
                    criterion.key, criterion.label, criterion.unit, value, lower, upper, judged=sheet.rule is not None
                )
            )
    return tuple(judged)


def _value(sheet: Sheet, entry: Summary, rows: Sequence[EvaluatedRow]) -> float | None:
    if entry.formula is not None:
        return _known(entry.formula, sheet)
    try:
        values = [entry.of.value(row.numbers) for row in rows] if entry.of else []
    except (UnknownNumber, FormulaFailed):
        return None
    return _take(entry, values)


def _take(summary: Summary, values: Sequence[float]) -> float | None:
    if not values or (summary.take == "s" and len(values) < 2):
        return None
    mean = math.fsum(values) / len(values)
    return {
        "max_abs": lambda: max(abs(value) for value in values),
        "max": lambda: max(values),
        "min": lambda: min(values),
        "range": lambda: max(values) - min(values),
        "mean": lambda: mean,
        "sum": lambda: math.fsum(values),
        "first": lambda: values[0],
        "last": lambda: values[-1],
        "s": lambda: math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)),
    }[summary.take or "mean"]()


def _known(formula: Formula | None, sheet: Sheet) -> float | None:
    try:
        return None if formula is None else formula.value(sheet.numbers)
    except (UnknownNumber, FormulaFailed):
        return None


def _text(value: float, digits: int | None) -> str:
    """Its digits, trailing zeros kept where a number of significant digits is asked for."""
    if digits is None or value == 0:
        return natural(value)
    rounded = exact_decimal(float(f"{value:.{digits - 1}e}"))
    return f"{rounded:.{max(0, digits - 1 - rounded.adjusted())}f}"
