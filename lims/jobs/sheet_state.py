"""The sheet as its script sees it: cells, rows with results, chart, verdict; plain JSON in the page's language."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from instruments.evaluation import ChartPoint, Evaluation, Judged, Reason, TableResult
from instruments.procedure import Procedure
from instruments.sheet import SheetLayout
from lims.jobs.cells import Outcome
from lims.jobs.models import Worksheet
from lims.jobs.observations import Entry, Stands, entries, is_reading, latest, newest_of, sheet_layout
from lims.jobs.procedures import procedure_of
from lims.jobs.results import evaluate_sheet
from lims.jobs.rows_shown import ROWS
from lims.jobs.second_look import standing_look
from lims.jobs.shown import number
from lims.jobs.timers import too_early
from lims.shared.clock import local
from lims.shared.i18n import language

TO_COME = ("cell_missing", "check_missing")
"""Reasons that only say what is not typed or done yet; the count and the empty boxes show it."""


def state_of(worksheet: Worksheet, *, seen: int = 0) -> dict[str, Any]:
    """Everything that may have changed since the entry `seen`: cells written after it, and the whole evaluation."""
    fresh = entries(worksheet.id, after=seen)
    cells = newest_of([worksheet.id]).get(worksheet.id, {})
    procedure = procedure_of(worksheet.item)
    evaluation, layout = evaluate_sheet(worksheet, lean=True, cells=cells), sheet_layout(worksheet)
    results = evaluation_state(evaluation, procedure)
    results["warnings"] += _reasons(list(too_early(layout, cells)))
    return {
        "seen": max((entry.id for entry in fresh), default=seen),
        "cells": {cell: cell_state(entry) for cell, entry in latest(fresh).items()},
        "evaluation": results, "progress": progress(layout, cells),
        "looked": look_state(standing_look(entries(worksheet.id))) if layout.second_pair else None,
    }


def cell_state(entry: Entry) -> dict[str, Any]:
    """What a cell shows: text as typed, revision, who and when."""
    return {"revision": entry.revision, "text": entry.text, "by": entry.by, "by_id": entry.by_id,
            "at": f"{local(entry.at):%H:%M}", "reason": entry.reason}


def look_state(look: Entry | None) -> dict[str, Any]:
    """Who looked over the readings, empty while nobody did."""
    return {"by": look.by if look else "", "at": f"{local(look.at):%H:%M}" if look else ""}


def outcome_state(outcome: Outcome) -> dict[str, Any]:
    """What became of one change, with the cell as it stands now."""
    return {
        "cell": outcome.cell, "status": outcome.status, "code": outcome.code,
        "now": cell_state(outcome.now) if outcome.now else None,
        "message": outcome.message.in_language(language()) if outcome.message else "",
        "suggestion": typed_form(outcome.suggestion) if outcome.suggestion else None,
        "candidates": {meaning: number(text) for meaning, text in outcome.candidates.items()},
    }


def typed_form(canonical: str) -> str:
    """A canonical number as a person would type it in the page's language."""
    return canonical.replace(".", ",") if language() == "vi" else canonical


def progress(layout: SheetLayout, cells: Mapping[str, Stands]) -> dict[str, int]:
    """How many of the readings that are wanted stand in the sheet."""
    wanted = {cell.key for table in layout.tables for cell in table.cells if not cell.optional}
    filled = {cell for cell, entry in cells.items() if is_reading(cell) and entry.text}
    return {"filled": len(filled & wanted), "wanted": len(wanted)}


def evaluation_state(evaluation: Evaluation, procedure: Procedure) -> dict[str, Any]:
    """Rows, charts, checks, verdict and what it still waits for."""
    words, signs = verdict_words(), {table.key: signed_columns(procedure, table.key) for table in evaluation.tables}
    return {
        "verdict": evaluation.verdict, "words": words[evaluation.verdict],
        "rows": {row.key: ROWS.state(row, is_signed(procedure, table.key, row.mpe_lower), words, signs[table.key])
                 for table in evaluation.tables for row in table.rows},
        "tables": [_table(table) for table in evaluation.tables],
        "checks": {check.key: check.state for check in evaluation.checks},
        "check_words": check_words(),
        "reasons": _reasons(worth_naming(evaluation.reasons)), "warnings": _reasons(evaluation.warnings),
    }


def worth_naming(reasons: Sequence[Reason]) -> list[Reason]:
    """What a person has to be told of: not readings and steps still to come; and conditions of the room only once
    those are there, for then nothing but their own empty boxes tells that the sheet waits for them."""
    to_come = [reason for reason in reasons if reason.code in TO_COME]
    return [reason for reason in reasons
            if reason.code not in TO_COME and not (to_come and reason.code == "environment_missing")]


def verdict_words() -> Mapping[str, str]:
    """Verdict of a row or sheet -> its word, in the page's language."""
    return _verdict_words(str(get_locale()))


def check_words() -> Mapping[str, str]:
    """Result of a step of the procedure -> its word, in the page's language."""
    return _check_words(str(get_locale()))


@lru_cache(maxsize=8)
def _verdict_words(_locale: str) -> Mapping[str, str]:
    return {"pass": _("Đạt"), "fail": _("Không đạt"), "conditional_pass": _("Đạt có điều kiện"),
            "conditional_fail": _("Không đạt có điều kiện"), "not_stated": _("Không kết luận"),
            "incomplete": _("Chưa đủ")}


@lru_cache(maxsize=8)
def _check_words(_locale: str) -> Mapping[str, str]:
    return {"pass": _("Đạt"), "fail": _("Không đạt"), "na": _("Không áp dụng")}


def is_signed(procedure: Procedure, table: str, mpe_lower: float | None) -> bool:
    """Whether a result is shown with its sign: the certificate prints it so, or limits around zero judge it."""
    return has_sign(mpe_lower) or "result" in signed_columns(procedure, table)


def has_sign(mpe_lower: float | None) -> bool:
    """Whether limits around zero judge the result."""
    return mpe_lower is not None and mpe_lower < 0


def signed_columns(procedure: Procedure, table: str) -> frozenset[str]:
    """What the certificate prints of a table with its sign: "result", keys of derived numbers."""
    return frozenset(column.show.text for column in procedure.table(table).columns
                     if column.signed and column.show is not None)


def chart_points(points: Iterable[ChartPoint] | Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Points of a chart, from an evaluation or from its JSON."""
    names = ("x", "value", "U", "lower", "upper", "verdict")
    return [{name: point[name] if isinstance(point, Mapping) else getattr(point, name) for name in names}
            for point in points]


def _table(table: TableResult) -> dict[str, Any]:
    return {"key": table.key, "points": chart_points(table.chart), "unit": table.chart_unit,
            "x": table.chart_x.in_language(language()), "x_unit": table.chart_x_unit,
            "summary": [{"label": one.label.in_language(language()), "text": number(one.text), "unit": one.unit}
                        for one in table.summary] + [_overall(judged) for judged in table.overall]}


def _overall(judged: Judged) -> dict[str, str]:
    """What is judged of a whole table, as one more entry of its summary."""
    words = verdict_words()[judged.verdict].lower() if judged.verdict != "not_stated" else ""
    return {"label": judged.label.in_language(language()), "text": words, "unit": ""}


def _reasons(reasons: Sequence[Reason]) -> list[dict[str, str]]:
    return [{"code": reason.code, "where": reason.where, "text": reason.text.in_language(language())}
            for reason in reasons]
