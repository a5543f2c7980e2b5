"""An uncertainty budget: what goes in, and the evaluation that gives values, uncertainties and coverage.

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

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from uncertainty.correlation import Correlation, CorrelationMatrix, correlation_matrix
from uncertainty.coverage import Coverage, effective_dof
from uncertainty.errors import InputError
from uncertainty.expansion import Expansion, expand, expand_simulated, no_simulation, validate_expansion
from uncertainty.inputs import Input
from uncertainty.model import Model, compile_model
from uncertainty.monte_carlo import Failed, MonteCarlo, MonteCarloOutput, MonteCarloRun, Question
from uncertainty.notes import Note
from uncertainty.propagation import FirstOrder, correlation_of, propagate
from uncertainty.region import CoverageRegion, gaussian_region
from uncertainty.remarks import derivative_notes, input_notes, kink_notes, missing_moment_notes, unused_notes
from uncertainty.second_order import SecondOrder, second_order
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

    def __post_init__(self) -> None:
        names = [item.name for item in self.inputs]
        for name in names:
            if names.count(name) > 1:
                raise InputError(f"inputs.{name}", vi="tên này xuất hiện hai lần", en="this name appears twice")


class Contribution(NamedTuple):
    """One row of a budget."""

    input: str
    value: float
    standard_uncertainty: float
    dof: float
    """Infinite when the standard uncertainty is known exactly."""
    distribution: str
    sensitivity: float
    """∂y/∂x, result's unit per input's unit; nan or inf where it does not exist."""
    contribution: float
    """|c|·u in the result's unit."""
    share: float
    """Part of u² due to this input with its covariances."""


@dataclass(frozen=True)
class Result:
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


@dataclass(frozen=True)
class BudgetResult:
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


def evaluate(budget: Budget, *, lean: bool = False) -> BudgetResult:
    """Evaluate a budget: first order, coverage, second order, and Monte Carlo where asked for.

    `lean` leaves out the second order and the remarks about kinks. Raises `InputError` for a model, a correlation or a
    value that cannot be calculated with, and where a coverage by Monte Carlo is asked for that does not exist.
    """
    inputs = budget.inputs
    model = compile_model(budget.model, [item.name for item in inputs])
    correlation = correlation_matrix(inputs, budget.correlations)
    values, gradients = model.values_and_gradients([item.value for item in inputs])
    firsts = [propagate(gradient, inputs, correlation) for gradient in gradients]
    run = _simulated(budget, model, correlation, values, firsts)
    results = [
        _result(_Case(budget, model, output, correlation, values[output], gradients[output], firsts[output]), run, lean)
        for output in range(len(firsts))
    ]
    matrix = tuple(tuple(correlation_of(a, b, correlation) for b in firsts) for a in firsts)
    simulated = None if run is None or run.correlation is None else tuple(map(tuple, run.correlation.tolist()))
    region = _region(budget.coverage.probability, matrix, run)
    several = not isinstance(budget.model, str)
    return BudgetResult(tuple(results), matrix, simulated, region, several, tuple(_joint_notes(matrix, region)))


class _Case(NamedTuple):
    """One output and what first order says of it."""

    budget: Budget
    model: Model
    output: int
    correlation: CorrelationMatrix | None
    value: float
    gradient: Sequence[float]
    first: FirstOrder


def _simulated(
    budget: Budget,
    model: Model,
    correlation: CorrelationMatrix | None,
    values: Sequence[float],
    firsts: Sequence[FirstOrder],
) -> MonteCarloRun | None:
    if budget.monte_carlo is None and budget.coverage.method not in ("monte_carlo", "auto"):
        return None
    # Imported on use: most budgets need no random numbers.
    from uncertainty.simulation import simulate

    settings, coverage = budget.monte_carlo or MonteCarlo(), budget.coverage
    questions = []
    for value, first in zip(values, firsts, strict=True):
        window = None
        if coverage.method == "dominant":
            stated = expand(value, first, math.inf, budget.inputs, correlation, coverage)
            window = stated.interval if stated.method_used != "student_t" else None
        questions.append(Question(settings.probability or coverage.probability, coverage.probability, window))
    importance = [max(abs(first.shares[i]) for first in firsts) for i in range(len(budget.inputs))]
    return simulate(model, budget.inputs, correlation, settings, questions, importance=importance)


def _result(case: _Case, run: MonteCarloRun | None, lean: bool) -> Result:
    budget, first, coverage = case.budget, case.first, case.budget.coverage
    dof = effective_dof(first.shares, budget.inputs, case.correlation)
    simulated = None if run is None else run.outputs[case.output]
    validation = None
    if isinstance(simulated, Failed):
        if coverage.method in ("monte_carlo", "auto"):
            raise no_simulation(case.model.paths[case.output], simulated.without_value, simulated.trials)
    elif simulated is not None:
        probability = (budget.monte_carlo and budget.monte_carlo.probability) or coverage.probability
        validation = validate_expansion(case.value, first, dof.dof, coverage, probability, simulated)
    by_simulation = coverage.method == "monte_carlo" or (
        coverage.method == "auto" and not (validation and validation.valid)
    )
    if by_simulation:
        assert isinstance(simulated, MonteCarloOutput)
        expansion = expand_simulated(case.value, first, simulated)
    else:
        expansion = expand(case.value, first, dof.dof, budget.inputs, case.correlation, coverage)
    second = None
    if not lean:
        second = second_order(case.model, case.output, budget.inputs, case.value, first, case.correlation)
    notes = [
        *_first_order_notes(case, dof.formula, lean),
        *expansion.notes,
        *(second.notes if second else ()),
        *_simulation_notes(case, simulated, expansion),
    ]
    exists = math.isfinite(first.standard_uncertainty)
    return Result(
        name=case.model.outputs[case.output] or budget.name,
        unit=budget.unit,
        value=case.value,
        standard_uncertainty=first.standard_uncertainty if exists else None,
        effective_dof=dof.dof if exists else math.inf,
        expansion=expansion,
        coverage_probability=coverage.probability,
        contributions=_contributions(case),
        second_order=second,
        monte_carlo=simulated if isinstance(simulated, MonteCarloOutput) else None,
        seed=None if run is None else (budget.monte_carlo or MonteCarlo()).seed,
        validation=validation,
        reporting=budget.reporting,
        notes=tuple(notes),
    )


def _contributions(case: _Case) -> tuple[Contribution, ...]:
    rows = [
        Contribution(
            item.name,
            item.value,
            item.standard_uncertainty,
            item.dof,
            item.distribution.kind,
            sensitivity,
            abs(weight),
            share,
        )
        for item, sensitivity, weight, share in zip(
            case.budget.inputs, case.gradient, case.first.weights, case.first.shares, strict=True
        )
    ]
    rows.sort(key=_by_share)
    return tuple(rows)


def _by_share(row: Contribution) -> float:
    # Shares that do not exist (nan) go last, as inputs that contribute nothing do.
    return -row.share if row.share == row.share else math.inf


def _first_order_notes(case: _Case, formula: str, lean: bool) -> list[Note]:
    inputs = case.budget.inputs
    notes = [*unused_notes(inputs, case.model.used), *input_notes(inputs)]
    if not all(map(math.isfinite, case.gradient)):
        notes += derivative_notes(case.gradient, inputs)
    if formula == "willink":
        notes.append(_WILLINK)
    if not lean:
        notes += kink_notes(case.model, case.output, inputs, case.correlation)
    return notes


def _simulation_notes(case: _Case, simulated: MonteCarloOutput | Failed | None, expansion: Expansion) -> list[Note]:
    if simulated is None:
        return []
    if isinstance(simulated, Failed):
        fault = no_simulation("", simulated.without_value, simulated.trials)
        return [Note(f"Monte Carlo: {fault.vi}.", f"Monte Carlo: {fault.en}.")]
    notes = list(missing_moment_notes(case.budget.inputs, case.model.used[case.output]))
    if simulated.part_inside is not None and expansion.coverage_factor is not None:
        k, part = expansion.coverage_factor, 100.0 * simulated.part_inside
        notes.append(
            Note(
                f"k = {k:.4g} phủ {part:.2f} % số lần thử Monte Carlo.",
                f"k = {k:.4g} covers {part:.2f} % of the Monte Carlo trials.",
            )
        )
    if not simulated.stable:
        notes.append(_NOT_STABLE)
    return notes


def _joint_notes(matrix: Sequence[Sequence[float]], region: CoverageRegion | None) -> Iterator[Note]:
    if any(not math.isfinite(r) for row in matrix for r in row):
        yield _NO_CORRELATION
    elif len(matrix) == 2 and region is None:
        yield _NO_REGION


def _region(probability: float, matrix: Sequence[Sequence[float]], run: MonteCarloRun | None) -> CoverageRegion | None:
    if len(matrix) != 2:
        return None
    if run is not None and run.region is not None:
        return CoverageRegion(*run.region, probability, simulated=True)
    r = matrix[0][1]
    return gaussian_region(probability, r) if math.isfinite(r) and abs(r) < 1.0 - 1e-12 else None


_WILLINK = Note(
    "Bậc tự do hiệu dụng theo dạng của Willink cho các thành phần tương quan (Metrologia 44 (2007) 340).",
    "Effective degrees of freedom by Willink's form for correlated components (Metrologia 44 (2007) 340).",
)
_NO_CORRELATION = Note(
    "Hệ số tương quan không xác định với kết quả không có độ không đảm bảo bậc nhất (0 hoặc không tồn tại).",
    "There is no correlation coefficient with a result whose first-order uncertainty is 0 or does not exist.",
)
_NO_REGION = Note(
    "Không có vùng phủ: hai kết quả tương quan hoàn toàn.",
    "There is no coverage region: the two results are fully correlated.",
)
_NOT_STABLE = Note(
    "Monte Carlo: chưa ổn định đến số chữ số yêu cầu trong số lần thử lớn nhất; xem numerical_error.",
    "Monte Carlo: not stable to the digits asked for within the largest number of trials; see numerical_error.",
)
