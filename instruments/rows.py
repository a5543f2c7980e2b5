"""One row: from what is given to the result, its budget, its verdict and its printed texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from instruments.evaluation import Judged, Printed, Reason, Row
from instruments.formula import Formula
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
    parts: dict[str, Any] = {
        "table": table.key,
        "point": point.number,
        "nominal": point.value,
        "nominal_text": point.text,
        "cells": row_cells(table, point.number),
        "state": "waiting",
        "message": None,
        "where": "",
        "unit": table.result.report_unit if table.result else "",
    }
    take_limits(givens, early=True)
    early = (givens.lower, givens.upper, givens.mpe_lower, givens.mpe_upper)
    try:
        take_readings(givens)
        take_standards(givens)
        take_derived(givens)
        if givens.upper is None:
            take_limits(givens, early=False)
        check_standards(givens)
        return EvaluatedRow(_complete(givens, dict(parts)), None, tuple(givens.warnings), givens.numbers)
    except Unfinished as unfinished:
        return EvaluatedRow(_unfinished(parts, unfinished, *early), unfinished.reason, tuple(givens.warnings),
                            givens.numbers)  # fmt: skip


def _unfinished(
    parts: dict[str, Any],
    unfinished: Unfinished,
    lower: float | None,
    upper: float | None,
    mpe_lower: float | None,
    mpe_upper: float | None,
) -> Row:
    """The row with the limits that were known before its readings, and what it waits for."""
    reason = unfinished.reason
    return Row(
        **{
            **parts,
            "state": "waiting" if unfinished.waiting else "error",
            "message": reason.text,
            "where": reason.where,
            "mpe_lower": lower,
            "mpe_upper": upper,
            "mpe_text": limits_text(mpe_lower, mpe_upper, None),
        }
    )


def row_cells(table: Table, point: int) -> tuple[str, ...]:
    """Keys of a row's cells in order of column and repeat."""
    return tuple(
        [
            f"{table.key}/{point}/{column.key}/{repeat}"
            for column in table.readings
            for repeat in range(1, column.repeat + 1)
        ]
    )


def _complete(givens: Givens, parts: dict[str, Any]) -> Row:
    """The row made of its parts: once, since a sheet has many rows and a review many sheets."""
    parts.update(mpe_lower=givens.lower, mpe_upper=givens.upper, standards=tuple(givens.uses.values()))
    if givens.table.result is None:
        return _finish(givens, parts, None)
    document, budget, stated = _budget(givens)
    givens.numbers.update(result=stated.value, result_U=stated.U, result_k=stated.k)
    parts.update(
        value=stated.value,
        U=stated.U,
        k=stated.k,
        value_text=stated.reported.value,
        U_text=stated.reported.expanded_uncertainty,
        k_text=format_places(stated.k, K_DECIMALS),
        document=document,
        budget=None if givens.sheet.lean else budget,
    )
    return _finish(givens, parts, stated)


def _finish(givens: Givens, parts: dict[str, Any], stated: Stated | None) -> Row:
    """Criteria, verdict and texts."""
    criteria = _judged(givens, stated)
    verdict = worst(entry.verdict for entry in criteria)
    _warn_of_limits(givens, stated)
    result_places = -stated.reported.place if stated else None
    parts.update(
        state="complete",
        criteria=criteria,
        verdict=verdict,
        mpe_text=limits_text(givens.mpe_lower, givens.mpe_upper, result_places),
        derived=_derived(givens),
    )
    return Row(**parts, printed=_printed(givens, parts, result_places or 0))


def _budget(givens: Givens) -> tuple[Mapping[str, Any], Mapping[str, Any], Stated]:
    sheet, result = givens.sheet, givens.table.result
    assert result is not None  # the caller has looked
    cmc = sheet.observations.cmc.get(givens.key)
    unit = givens.table.points.unit
    title = f"{sheet.procedure.code}, {givens.table.title.vi}: {givens.point.text} {unit}".strip()
    try:
        document = budget_document(
            sheet.procedure,
            result,
            title,
            givens.value,
            givens.value_if_filled,
            givens.readings,
            givens.uses,
            cmc=cmc,
            lean=sheet.lean,
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


def _judged(givens: Givens, stated: Stated | None) -> tuple[Judged, ...]:
    """The table's criteria; without any, the result against its limits."""
    table = givens.table
    if table.criteria:
        return tuple(_judge(givens, criterion, stated) for criterion in table.criteria)
    if table.mpe is None or stated is None or table.result is None:
        return ()
    limits = (givens.lower, givens.upper)
    return (_judge_result(givens, "result", table.result.label, table.result.report_unit, stated, limits),)


def _judge(givens: Givens, criterion: Criterion, stated: Stated | None) -> Judged:
    limits = (_limit(givens, criterion.lower), _limit(givens, criterion.upper))
    if criterion.formula is None and stated is not None:
        return _judge_result(givens, criterion.key, criterion.label, criterion.unit, stated, limits)
    assert criterion.formula is not None  # the reader allows "result" only beside a result
    value = givens.value(criterion.formula)
    return judge_plainly(
        criterion.key, criterion.label, criterion.unit, value, *limits, judged=givens.sheet.rule is not None
    )


def _judge_result(
    givens: Givens, key: str, label: Words, unit: str, stated: Stated, limits: tuple[float | None, float | None]
) -> Judged:
    return judge_result(
        key, label, unit, stated.value, stated.U, stated.k, *limits,
        rule=givens.sheet.rule, decision=givens.sheet.procedure.decision,
    )  # fmt: skip


def _limit(givens: Givens, formula: Formula | None) -> float | None:
    """A limit; none where it rests on permissible errors that are not known here."""
    if formula is None or (givens.mpe_upper is None and {"mpe", "mpe_lower"} & set(formula.names)):
        return None
    return givens.value(formula)


def _warn_of_limits(givens: Givens, stated: Stated | None) -> None:
    """What a reviewer must see before a statement of conformity."""
    mpe = givens.table.mpe
    if givens.sheet.rule is None or mpe is None:
        return
    if givens.mpe_upper is None:
        text = Words("không có sai số cho phép ở điểm này", "no maximum permissible error here")
        givens.warnings.append(Reason("no_limits", givens.key, givens.at(text)))
        return
    wanted = None if mpe.u_at_most is None else givens.value(mpe.u_at_most)
    if wanted is not None and stated is not None and wanted * (1 + 1e-9) < stated.U:
        text = Words(
            f"U = {stated.U:.3g} lớn hơn {wanted:.3g} mà quy tắc ra quyết định cần",
            f"U = {stated.U:.3g} is larger than the {wanted:.3g} that the decision rule wants",
        )
        givens.warnings.append(Reason("uncertainty_large", givens.key, givens.at(text)))


def _derived(givens: Givens) -> tuple[Printed, ...]:
    numbers, typed = givens.numbers, givens.typed_decimals
    return tuple(
        [
            Printed(
                entry.key,
                entry.label,
                entry.unit,
                numbers[entry.key],
                format_places(numbers[entry.key], typed if entry.decimals is None else entry.decimals),
            )
            for entry in givens.table.derived
            if entry.shown
        ]
    )


def _printed(givens: Givens, parts: Mapping[str, Any], result_places: int) -> tuple[str, ...]:
    texts = {
        "nominal": parts["nominal_text"],
        "result": parts.get("value_text", ""),
        "result_U": parts.get("U_text", ""),
        "result_k": parts.get("k_text", ""),
        "mpe": parts["mpe_text"],
        "verdict": parts["verdict"],
    }
    point_places = len(parts["nominal_text"].partition(".")[2])
    places = {"result": result_places, "typed": givens.typed_decimals, "point": point_places}
    return tuple(column_text(column, givens.value, texts, places) for column in givens.table.columns)
