"""One row: from what is given to the result, its budget, its verdict and its printed texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from instruments.evaluation import Judged, Printed, Reason, Row
from instruments.judgement import judge_plainly, judge_result, worst
from instruments.point_budget import Stated, budget_document, run_budget, state
from instruments.printing import column_text, limits_text
from instruments.procedure_model import Criterion, Table
from instruments.row_givens import (
    Givens,
    Sheet,
    Unfinished,
    check_standards,
    take_derived,
    take_limits,
    take_readings,
    take_standards,
)
from instruments.scope import PointNominal, point_numbers
from instruments.words import Words
from uncertainty.errors import InputError
from uncertainty.rounding import format_places

K_DECIMALS = 2
"""Decimals of a printed coverage factor (EA-4/02: k = 2,00; 1,65; 1,83)."""


@dataclass(frozen=True, slots=True)
class EvaluatedRow:
    """The row, why it is not complete (None when it is), and what a reviewer should see."""

    row: Row
    reason: Reason | None
    warnings: tuple[Reason, ...]
    numbers: Mapping[str, float]
    """Every number of the row by its name, for the summary of the table."""


def evaluate_row(sheet: Sheet, table: Table, point: PointNominal) -> EvaluatedRow:
    """Evaluate one point; what is missing or wrong is said in the row, never raised."""
    numbers = point_numbers(sheet.procedure, sheet.numbers, sheet.fields.choices, point)
    givens = Givens(sheet, table, point, numbers)
    row = Row(
        table=table.key,
        point=point.number,
        nominal=point.value,
        nominal_text=point.text,
        cells=row_cells(table, point.number),
        state="waiting",
        message=None,
        where="",
        unit=table.result.report_unit if table.result else "",
    )
    try:
        take_limits(givens, early=True)
        row = replace(
            row,
            mpe_lower=givens.lower,
            mpe_upper=givens.upper,
            mpe_text=limits_text(givens.lower, givens.upper, None),
        )
        take_readings(givens)
        take_standards(givens)
        take_derived(givens)
        take_limits(givens, early=False)
        check_standards(givens)
        return EvaluatedRow(_complete(givens, row), None, tuple(givens.warnings), givens.numbers)
    except Unfinished as unfinished:
        reason = unfinished.reason
        stopped = replace(
            row, state="waiting" if unfinished.waiting else "error", message=reason.text, where=reason.where
        )
        return EvaluatedRow(stopped, reason, tuple(givens.warnings), givens.numbers)


def row_cells(table: Table, point: int) -> tuple[str, ...]:
    """Keys of a row's cells in order of column and repeat."""
    return tuple(
        f"{table.key}/{point}/{column.key}/{repeat}"
        for column in table.readings
        for repeat in range(1, column.repeat + 1)
    )


def _complete(givens: Givens, row: Row) -> Row:
    row = replace(row, mpe_lower=givens.lower, mpe_upper=givens.upper, standards=tuple(givens.uses.values()))
    if givens.table.result is None:
        return _finish(givens, row, None)
    document, budget, stated = _budget(givens)
    givens.numbers.update(result=stated.value, result_U=stated.U, result_k=stated.k)
    row = replace(
        row,
        value=stated.value,
        U=stated.U,
        k=stated.k,
        value_text=stated.reported.value,
        U_text=stated.reported.expanded_uncertainty,
        k_text=format_places(stated.k, K_DECIMALS),
        document=document,
        budget=budget,
    )
    return _finish(givens, row, stated)


def _finish(givens: Givens, row: Row, stated: Stated | None) -> Row:
    """Criteria, verdict and texts."""
    criteria = tuple(_judge(givens, criterion, stated) for criterion in _criteria(givens.table))
    verdict = worst(entry.verdict for entry in criteria)
    if givens.sheet.rule is not None and givens.table.mpe is not None and givens.upper is None:
        text = Words("không có sai số cho phép ở điểm này", "no maximum permissible error here")
        givens.warnings.append(Reason("no_limits", givens.key, givens.at(text)))
    result_places = -stated.reported.place if stated else None
    row = replace(
        row,
        state="complete",
        criteria=criteria,
        verdict=verdict,
        mpe_text=limits_text(givens.lower, givens.upper, result_places),
        derived=_derived(givens),
    )
    return replace(row, printed=_printed(givens, row, result_places or 0))


def _budget(givens: Givens) -> tuple[Mapping[str, Any], Mapping[str, Any], Stated]:
    sheet, result = givens.sheet, givens.table.result
    assert result is not None  # the caller has looked
    cmc = sheet.observations.cmc.get(givens.key)
    unit = givens.table.points.unit
    title = f"{sheet.procedure.code}, {givens.table.title.vi}: {givens.point.text} {unit}".strip()
    try:
        document = budget_document(
            sheet.procedure, result, title, givens.value, givens.readings, givens.uses, cmc=cmc, lean=sheet.lean
        )
        budget = run_budget(document, seed=sheet.seed, lean=sheet.lean)
        stated = state(result, sheet.procedure.coverage, budget, cmc)
    except InputError as wrong:
        text = Words(f"{wrong.path}: {wrong.vi}", f"{wrong.path}: {wrong.en}")
        raise Unfinished("budget", givens.key, givens.at(text), waiting=False) from None
    if stated.raised_to_cmc:
        text = Words(f"U nâng lên bằng CMC, {cmc:g}", f"U was raised to the CMC, {cmc:g}")
        givens.warnings.append(Reason("cmc_raised", givens.key, givens.at(text)))
    return document, budget, stated


def _criteria(table: Table) -> tuple[Criterion, ...]:
    """The table's criteria; without any, the result against the limits of error."""
    if table.criteria or table.result is None or table.mpe is None:
        return table.criteria
    unit = table.result.report_unit
    return (Criterion("result", table.result.label, unit, None, table.mpe.lower, table.mpe.upper),)


def _judge(givens: Givens, criterion: Criterion, stated: Stated | None) -> Judged:
    rule = givens.sheet.rule
    limits_known = givens.table.mpe is None or givens.upper is not None
    uses_mpe = {"mpe", "mpe_lower"} & {*criterion.lower.names, *criterion.upper.names}
    own_limits = givens.table.mpe is not None and criterion.upper is givens.table.mpe.upper
    known = limits_known or not (uses_mpe or own_limits)
    lower = givens.value(criterion.lower) if known else None
    upper = givens.value(criterion.upper) if known else None
    if criterion.formula is None and stated is not None:
        return judge_result(
            criterion.key, criterion.label, criterion.unit, stated.value, stated.U, stated.k, lower, upper,
            rule=rule, decision=givens.sheet.procedure.decision,
        )  # fmt: skip
    assert criterion.formula is not None  # the reader allows "result" only beside a result
    value = givens.value(criterion.formula)
    return judge_plainly(criterion.key, criterion.label, criterion.unit, value, lower, upper, judged=rule is not None)


def _derived(givens: Givens) -> tuple[Printed, ...]:
    return tuple(
        Printed(
            entry.key,
            entry.label,
            entry.unit,
            givens.numbers[entry.key],
            format_places(givens.numbers[entry.key], givens.typed_decimals),
        )
        for entry in givens.table.derived
    )


def _printed(givens: Givens, row: Row, result_places: int) -> tuple[str, ...]:
    texts = {
        "nominal": row.nominal_text,
        "result": row.value_text,
        "result_U": row.U_text,
        "result_k": row.k_text,
        "mpe": row.mpe_text,
        "verdict": row.verdict,
    }
    point_places = len(row.nominal_text.partition(".")[2])
    places = {"result": result_places, "typed": givens.typed_decimals, "point": point_places}
    return tuple(column_text(column, givens.value, texts, places) for column in givens.table.columns)
