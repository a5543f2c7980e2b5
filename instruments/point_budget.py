"""One point becomes one `calc budget` document, and its result is stated in the unit of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from instruments.evaluation import StandardUse
from instruments.formula import Formula
from instruments.procedure_model import Coverage, Input, Procedure, Result
from uncertainty.budget_document import state_document
from uncertainty.calc import calculate
from uncertainty.rounding import Reported, exact_decimal, report


@dataclass(frozen=True, slots=True)
class Stated:
    """Value, U and k in the unit of the report, not rounded, and the printed pair."""

    value: float
    U: float
    k: float
    raised_to_cmc: bool
    reported: Reported


def budget_document(
    procedure: Procedure,
    result: Result,
    title: str,
    value: Callable[[Formula], float],
    value_if_filled: Callable[[Formula], float | None],
    readings: Mapping[str, Sequence[float]],
    uses: Mapping[str, StandardUse],
    *,
    cmc: float | None,
    lean: bool,
) -> dict[str, Any]:
    """The `calc budget` document of one point: plain numbers and texts, ready to be saved and run.

    `value` evaluates a formula at this point (and raises what its owner wants raised), `value_if_filled` gives None
    when an optional field is blank: degrees of freedom that are not stated are infinite. `cmc` in the report's unit.
    """
    document: dict[str, Any] = {
        "budget": 1,
        "title": title,
        "quantity": {"name": result.name, "unit": result.unit},
        "model": result.model,
        "inputs": {entry.name: _input(entry, value, value_if_filled, readings, uses) for entry in result.inputs},
        "coverage": _coverage(procedure.coverage),
        "reporting": {"digits": procedure.coverage.digits},
    }
    if result.correlations:
        document["correlations"] = [{"between": [pair.first, pair.second], "r": pair.r} for pair in result.correlations]
    if procedure.coverage.monte_carlo is not None and not lean:
        document["monte_carlo"] = dict(procedure.coverage.monte_carlo)
    if cmc is not None:
        document["reporting"]["cmc"] = float(exact_decimal(cmc) / Decimal(result.factor))
    return document


def run_budget(document: Mapping[str, Any], *, seed: int | None, lean: bool) -> dict[str, Any]:
    """The engine's result, of a lean evaluation no more than what is stated; `uncertainty.errors.InputError` when the
    document cannot be calculated."""
    if lean:
        return dict(state_document(document, seed=seed))
    answer: dict[str, Any] = calculate("budget", document, seed=seed)
    return answer


def state(result: Result, coverage: Coverage, budget: Mapping[str, Any], cmc: float | None) -> Stated:
    """The budget's value and U in the unit of the report; U at least the `cmc` (same unit, ILAC-P14:09/2020 5.3)."""
    value, calculated = _reported(budget["value"], result), _reported(budget["expanded_uncertainty"], result)
    raised = cmc is not None and calculated < cmc
    expanded = cmc if cmc is not None and raised else calculated
    reported = report(value, expanded, digits=coverage.digits, cmc=cmc)
    return Stated(value, expanded, float(budget["coverage_factor"]), raised, reported)


def _reported(number: float, result: Result) -> float:
    return number if result.factor == "1" else float(exact_decimal(number) * Decimal(result.factor))


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {"probability": coverage.probability, "dof_rule": coverage.dof_rule, "method": coverage.method}


def _input(
    entry: Input,
    value: Callable[[Formula], float],
    value_if_filled: Callable[[Formula], float | None],
    readings: Mapping[str, Sequence[float]],
    uses: Mapping[str, StandardUse],
) -> dict[str, Any]:
    stated = _spread(entry, value, value_if_filled)
    if entry.readings is not None:
        found: dict[str, Any] = {"readings": list(readings[entry.readings]), **stated}
    else:
        assert entry.value is not None  # the reader gives every input readings or a value
        found = {"value": value(entry.value), **stated}
        if not stated:
            found["distribution"] = "constant"
        elif entry.distribution is not None:
            found["distribution"] = entry.distribution
    if entry.relative and stated:
        found["relative"] = True
    if entry.unit:
        found["unit"] = entry.unit
    if entry.source:
        found["source"] = entry.source
    note = _note(entry, uses)
    if note:
        found["note"] = note
    return found


def _spread(
    entry: Input, value: Callable[[Formula], float], value_if_filled: Callable[[Formula], float | None]
) -> dict[str, float]:
    """The spread as numbers; degrees of freedom that rest on a blank optional field are left out."""
    stated = {}
    for key, formula in entry.spread.items():
        number = value_if_filled(formula) if key == "dof" else value(formula)
        if number is not None:
            stated[key] = number
    return stated


def _note(entry: Input, uses: Mapping[str, StandardUse]) -> str:
    evidence = entry.evidence.vi if entry.evidence else ""
    use = uses.get(entry.standard) if entry.standard else None
    if use is None:
        return evidence
    cited = ", GCN ".join(name for name in (use.asset_number, use.certificate_number) if name)
    return f"{evidence}; {cited}" if evidence else cited
