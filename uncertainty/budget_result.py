"""A budget's result as plain JSON values: what does not exist is null, with the reason in the notes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from uncertainty import ENGINE_VERSION
from uncertainty.statement import state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uncertainty.budget import BudgetResult, Contribution, Result
    from uncertainty.validity import Validation

Json = dict[str, object]


def result_document(result: BudgetResult, *, lean: bool = False) -> Json:
    """The result of a budget: one output at the top, several under `outputs`."""
    if not result.several:
        return {**_output(result.outputs[0], lean), "engine_version": ENGINE_VERSION}
    names = [output.name for output in result.outputs]
    document: Json = {
        "outputs": {output.name: _output(output, lean) for output in result.outputs},
        "output_correlations": _matrix(names, result.correlations),
    }
    if result.simulated_correlations is not None:
        document["simulated_output_correlations"] = _matrix(names, result.simulated_correlations)
    if len(names) == 2:
        region = result.region
        document["coverage_region"] = None if region is None else region._asdict()
    document["notes"] = [str(note) for note in result.notes]
    document["engine_version"] = ENGINE_VERSION
    return document


def _output(result: Result, lean: bool) -> Json:
    expansion = result.expansion
    stated = None if lean else state(result)
    notes = (*result.notes, *(stated.notes if stated else ()))
    return {
        "value": result.value + 0.0,
        "standard_uncertainty": result.standard_uncertainty,
        "effective_dof": finite(result.effective_dof),
        "dof_used": finite(expansion.dof_used),
        "coverage_factor": finite(expansion.coverage_factor),
        "coverage_probability": result.coverage_probability,
        "expanded_uncertainty": finite(expansion.expanded_uncertainty),
        "interval": None if expansion.interval is None else list(map(finite, expansion.interval)),
        "method_used": expansion.method_used,
        "contributions": [_contribution(row) for row in result.contributions],
        "second_order": _second_order(result),
        "monte_carlo": _monte_carlo(result),
        "reported": stated.document if stated else None,
        "notes": [str(note) for note in notes],
    }


def _contribution(row: Contribution) -> Json:
    item, sensitivity, contribution, share, formula = row
    usual = math.isfinite(sensitivity + contribution + share)
    return {
        "input": item.name,
        "value": item.value + 0.0,
        "standard_uncertainty": item.standard_uncertainty,
        "dof": finite(item.dof),
        "distribution": item.distribution.kind,
        "sensitivity": sensitivity + 0.0 if usual else finite(sensitivity),
        "contribution": contribution + 0.0 if usual else finite(contribution),
        "share": share + 0.0 if usual else finite(share),
        "unit": item.unit,
        "sensitivity_formula": formula,
    }


def _second_order(result: Result) -> Json | None:
    second = result.second_order
    return None if second is None else {"value": second.value, "standard_uncertainty": second.standard_uncertainty}


def _monte_carlo(result: Result) -> Json | None:
    simulated = result.monte_carlo
    if simulated is None:
        return None
    return {
        "trials": simulated.trials,
        "seed": result.seed,
        "mean": simulated.mean,
        "standard_deviation": simulated.standard_deviation,
        "symmetric": list(simulated.symmetric),
        "shortest": list(simulated.shortest),
        "numerical_error": finite(simulated.numerical_error),
        **_validation(result.validation),
    }


def _validation(validation: Validation | None) -> Json:
    if validation is None:
        return {"gum_valid": None, "d_low": None, "d_high": None, "delta": None}
    return {
        "gum_valid": validation.valid,
        "d_low": finite(validation.d_low),
        "d_high": finite(validation.d_high),
        "delta": finite(validation.delta),
    }


def _matrix(names: Sequence[str], matrix: Sequence[Sequence[float]]) -> Json:
    return {
        name: {other: finite(r) for other, r in zip(names, row, strict=True)}
        for name, row in zip(names, matrix, strict=True)
    }


def finite(number: float | None) -> float | None:
    """A finite number; -0.0 becomes 0.0, what is not finite becomes null."""
    return number + 0.0 if number is not None and math.isfinite(number) else None
