"""An uncertainty budget: what goes in, and what its evaluation gives.

```
budget = Budget(
    model="mS + dD + dm + dC + dB",
    inputs=(
        Input.expanded("mS", 10000.005, 0.045),
        Input.rectangular("dD", 0.0, 0.015),
        Input.pooled("dm", [0.01, 0.03, 0.02], 0.025),
        Input.rectangular("dC", 0.0, 0.010),
        Input.rectangular("dB", 0.0, 0.010),
    ),
    unit="g",
)
(result,) = evaluate(budget).outputs  # EA-4/02 S2: 10000.025 g, U = 0.059 g, k = 2
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.correlation import Correlation, CorrelationMatrix, correlation_matrix
from uncertainty.coverage import Coverage
from uncertainty.errors import InputError
from uncertainty.inputs import Input
from uncertainty.model import Model, compile_model
from uncertainty.notes import Note
from uncertainty.remarks import unused_notes

if TYPE_CHECKING:
    from uncertainty.expansion import Expansion
    from uncertainty.monte_carlo import MonteCarlo, MonteCarloOutput
    from uncertainty.region import CoverageRegion
    from uncertainty.second_order import SecondOrder
    from uncertainty.validity import Validation


@dataclass(frozen=True)
class Reporting:
    """How the result is stated."""

    digits: int = 2
    """Significant digits of U, 1 or 2 (ILAC-P14)."""
    cmc: float | None = None
    """U is never stated below this, in the result's unit."""


@dataclass(frozen=True)
class Budget:
    """A measurement model with its inputs, and what is wanted of it."""

    model: str | Mapping[str, str]
    """One formula, or several by output name."""
    inputs: tuple[Input, ...]
    correlations: tuple[Correlation, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    monte_carlo: MonteCarlo | None = None
    """None runs Monte Carlo only where the coverage method needs it."""
    reporting: Reporting = field(default_factory=Reporting)
    name: str = ""
    """Symbol of the result."""
    unit: str = ""
    """Unit of the result, a label."""
    title: str = ""

    @cached_property
    def compiled(self) -> CompiledBudget:
        """The model and the correlations, checked and compiled once; raises `InputError`."""
        inputs = self.inputs
        names = [item.name for item in inputs]
        if len(set(names)) < len(names):
            name = next(name for name in names if names.count(name) > 1)
            raise InputError(f"inputs.{name}", vi="tên này xuất hiện hai lần", en="this name appears twice")
        model = compile_model(self.model, names)
        return CompiledBudget(
            model,
            correlation_matrix(inputs, self.correlations),
            tuple([item.value for item in inputs]),
            tuple([item.standard_uncertainty for item in inputs]),
            (*unused_notes(inputs, model), *[note for item in inputs for note in item.notes]),
        )


class CompiledBudget(NamedTuple):
    """What a budget's evaluation starts from."""

    model: Model
    correlation: CorrelationMatrix | None
    point: tuple[float, ...]
    """The estimates of all inputs."""
    spreads: tuple[float, ...]
    """Their standard uncertainties."""
    notes: tuple[Note, ...]
    """What must be said of the inputs."""


class Contribution(NamedTuple):
    """One row of a budget."""

    item: Input
    sensitivity: float
    """∂y/∂x, result's unit per input's unit; nan or inf where it does not exist."""
    contribution: float
    """|c|·u in the result's unit."""
    share: float
    """Part of u² due to this input with its covariances."""
    formula: str | None
    """The formula of the sensitivity; None when it was not asked for."""

    @property
    def input(self) -> str:
        """Name of the input."""
        return self.item.name


class Result(NamedTuple):
    """One output of a budget. None stands for what does not exist, with the reason in `notes`."""

    name: str
    unit: str
    value: float
    standard_uncertainty: float | None
    effective_dof: float
    """Infinite when no finite degrees of freedom count."""
    expansion: Expansion
    coverage_probability: float
    contributions: tuple[Contribution, ...]
    """Sorted by share, the largest first."""
    second_order: SecondOrder | None
    """None when it was not asked for."""
    monte_carlo: MonteCarloOutput | None
    """None when no simulation was run, or the model has no value in some trials."""
    seed: int | None
    """Seed of the simulation, if one was run."""
    validation: Validation | None
    """Clause 8 of JCGM 101, when a simulation was run."""
    reporting: Reporting
    notes: tuple[Note, ...]


class BudgetResult(NamedTuple):
    """All outputs of a budget."""

    outputs: tuple[Result, ...]
    correlations: tuple[tuple[float, ...], ...]
    """First-order correlation coefficients of the outputs; nan where one has no spread."""
    simulated_correlations: tuple[tuple[float, ...], ...] | None
    """The same from Monte Carlo."""
    region: CoverageRegion | None
    """For two outputs whose covariance matrix has an inverse."""
    several: bool
    """The model named its outputs."""
    notes: tuple[Note, ...] = ()
    """Remarks on the outputs together."""
