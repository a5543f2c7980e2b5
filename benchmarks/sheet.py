"""A sheet of forty points with full budgets: everything anew, and after one reading was changed. CPU time only."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from instruments.evaluate import evaluate
from instruments.library import load_shipped, reference_cases
from instruments.observations import Observations
from instruments.row_memory import RowMemory

PROCEDURE = "thermometer-bath"
POINTS = 40
ROUNDS = 30


def measure() -> tuple[dict[str, float], str]:
    """Median CPU milliseconds of one evaluation: nothing known, lean and full, and with all but one row known."""
    procedure, sheet = load_shipped(PROCEDURE), sheet_of_points()
    rows = {
        "sheet_40_new_lean_ms": _median(lambda _round: evaluate(procedure, sheet, lean=True)),
        "sheet_40_new_full_ms": _median(lambda _round: evaluate(procedure, sheet)),
    }
    for name, lean in (("sheet_40_one_cell_lean_ms", True), ("sheet_40_one_cell_full_ms", False)):
        memory = RowMemory()
        evaluate(procedure, sheet, lean=lean, memory=memory)
        rows[name] = _median(lambda at, lean=lean, memory=memory: evaluate(  # type: ignore[misc]
            procedure, _with_another(sheet, at), lean=lean, memory=memory))  # fmt: skip
    text = "\n".join(f"{name:28} {value:7.2f}" for name, value in rows.items())
    return rows, f"Forty points, eleven inputs, four repeats of two columns ({PROCEDURE}); CPU time\n{text}"


def _median(work: Callable[[int], object]) -> float:
    work(0)
    taken = []
    for at in range(1, ROUNDS + 1):
        start = time.process_time()
        work(at)
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


def sheet_of_points() -> Observations:
    """The reference case with forty points, four repeats of both columns."""
    case = reference_cases(PROCEDURE)[0].observations
    points = [at * 2.5 for at in range(POINTS)]
    readings = {}
    for number, point in enumerate(points, 1):
        for repeat in range(1, 5):
            readings[f"main/{number}/std/{repeat}"] = Decimal(f"{point + 0.012 + 0.001 * repeat:.3f}")
            readings[f"main/{number}/ind/{repeat}"] = Decimal(f"{point + 0.1 * (repeat % 2):.1f}")
    listed = "; ".join(f"{point:g}" for point in points)
    return replace(case, instrument={**case.instrument, "test_points": listed}, readings=readings)


def _with_another(sheet: Observations, at: int) -> Observations:
    """One reading changed to what it has never been before."""
    key = f"main/{at % POINTS + 1}/ind/1"
    return replace(sheet, readings={**sheet.readings, key: Decimal(f"{at % POINTS * 2.5 + at / 1000:.3f}")})
