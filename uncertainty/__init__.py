"""Measurement uncertainty: budgets, coverage, Monte Carlo, conformity, fits, comparisons; no web and no database.

```
from uncertainty import Budget, Input, evaluate

budget = Budget("V/I", (Input.normal("V", 4.999, 0.0032), Input.normal("I", 0.019661, 9.5e-6)), unit="Ω")
(result,) = evaluate(budget).outputs
```

The names below are imported when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uncertainty.budget import Budget as Budget
    from uncertainty.budget import BudgetResult as BudgetResult
    from uncertainty.budget import Contribution as Contribution
    from uncertainty.budget import Reporting as Reporting
    from uncertainty.budget import Result as Result
    from uncertainty.calc import as_table as as_table
    from uncertainty.calc import calculate as calculate
    from uncertainty.calc import load_document as load_document
    from uncertainty.correlation import Correlation as Correlation
    from uncertainty.coverage import Coverage as Coverage
    from uncertainty.errors import InputError as InputError
    from uncertainty.evaluation import evaluate as evaluate
    from uncertainty.inputs import Input as Input
    from uncertainty.model import compile_model as compile_model
    from uncertainty.monte_carlo import MonteCarlo as MonteCarlo
    from uncertainty.propagation import propagate_points as propagate_points

ENGINE_VERSION = "1.0"
"""Version of the numbers this engine gives; kept with every result, raised whenever a result may change."""

_PLACES = {
    "Budget": "budget",
    "BudgetResult": "budget",
    "Contribution": "budget",
    "Reporting": "budget",
    "Result": "budget",
    "as_table": "calc",
    "calculate": "calc",
    "load_document": "calc",
    "Correlation": "correlation",
    "Coverage": "coverage",
    "InputError": "errors",
    "evaluate": "evaluation",
    "Input": "inputs",
    "compile_model": "model",
    "MonteCarlo": "monte_carlo",
    "propagate_points": "propagation",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module 'uncertainty' has no attribute {name!r}")
    return getattr(import_module(f"uncertainty.{_PLACES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
