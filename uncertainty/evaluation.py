"""The evaluation of a budget: first order, coverage, second order, and Monte Carlo where it is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import NamedTuple

from uncertainty.budget import Budget, BudgetResult, Contribution, Result
from uncertainty.correlation import CorrelationMatrix
from uncertainty.coverage import Coverage, EffectiveDof, effective_dof
from uncertainty.expansion import Expansion, expand, expand_simulated, no_simulation, validate_expansion
from uncertainty.model import Model
from uncertainty.monte_carlo import Failed, MonteCarlo, MonteCarloOutput, MonteCarloRun, Question
from uncertainty.notes import Note
from uncertainty.propagation import FirstOrder, correlation_of, propagate
from uncertainty.region import CoverageRegion, gaussian_region
from uncertainty.remarks import derivative_notes, kink_notes, missing_moment_notes
from uncertainty.second_order import second_order
from uncertainty.validity import Validation


def evaluate(budget: Budget, *, lean: bool = False) -> BudgetResult:
    """Evaluate a budget.

    `lean` leaves out the second order and the remarks about kinks. Raises `InputError` for a model, a correlation or a
    value that cannot be calculated with, and where a coverage by Monte Carlo is asked for that does not exist.
    """
    cases = _cases(budget)
    run = _simulated(budget, cases)
    results = tuple([_result(case, run, lean) for case in cases])
    several = not isinstance(budget.model, str)
    if not several:
        return BudgetResult(results, ((1.0,),), None, None, several)
    firsts, correlation = [case.first for case in cases], budget.compiled.correlation
    matrix = tuple(tuple(correlation_of(a, b, correlation) for b in firsts) for a in firsts)
    simulated = None if run is None or run.correlation is None else tuple(map(tuple, run.correlation.tolist()))
    region = _region(budget.coverage.probability, matrix, run)
    return BudgetResult(results, matrix, simulated, region, several, tuple(_joint_notes(matrix, region)))


def stated(budget: Budget) -> list[tuple[float, Expansion]]:
    """Value and coverage of every output, the same that `evaluate` gives, without what else it says of them."""
    cases = _cases(budget)
    run = _simulated(budget, cases)
    return [(case.value, _expansion(case, run)[0]) for case in cases]


class _Case(NamedTuple):
    """One output and what first order says of it."""

    budget: Budget
    model: Model
    output: int
    correlation: CorrelationMatrix | None
    value: float
    gradient: Sequence[float]
    first: FirstOrder
    dof: EffectiveDof


def _cases(budget: Budget) -> list[_Case]:
    model, correlation, point, spreads, _ = budget.compiled
    inputs = budget.inputs
    values, gradients = model.values_and_gradients(point)
    cases = []
    for output, (value, gradient) in enumerate(zip(values, gradients, strict=True)):
        first = propagate(gradient, spreads, correlation)
        dof = effective_dof(first.shares, inputs, correlation)
        cases.append(_Case(budget, model, output, correlation, value, gradient, first, dof))
    return cases


def _simulated(budget: Budget, cases: Sequence[_Case]) -> MonteCarloRun | None:
    coverage = budget.coverage
    if budget.monte_carlo is None and coverage.method not in ("monte_carlo", "auto"):
        return None
    # Imported on use: most budgets need no random numbers.
    from uncertainty.simulation import simulate

    settings = budget.monte_carlo or MonteCarlo()
    questions = []
    for case in cases:
        window = None
        if coverage.method == "dominant":
            window = _expanded(case, coverage).interval
        questions.append(Question(settings.probability or coverage.probability, coverage.probability, window))
    importance = [max(abs(case.first.shares[i]) for case in cases) for i in range(len(budget.inputs))]
    compiled = budget.compiled
    return simulate(compiled.model, budget.inputs, compiled.correlation, settings, questions, importance=importance)


def _expanded(case: _Case, coverage: Coverage) -> Expansion:
    return expand(case.value, case.first, case.dof.dof, case.budget.inputs, case.correlation, coverage)


def _result(case: _Case, run: MonteCarloRun | None, lean: bool) -> Result:
    budget, first = case.budget, case.first
    expansion, simulated, validation = _expansion(case, run)
    second = None
    if not lean:
        second = second_order(case.model, case.output, budget.inputs, case.value, first, case.correlation)
    notes = _first_order_notes(case, lean)
    notes += expansion.notes
    notes += second.notes if second else ()
    notes += _simulation_notes(case, simulated, expansion)
    exists = math.isfinite(first.standard_uncertainty)
    return Result(
        name=case.model.outputs[case.output] or budget.name,
        unit=budget.unit,
        value=case.value,
        standard_uncertainty=first.standard_uncertainty if exists else None,
        effective_dof=case.dof.dof if exists else math.inf,
        expansion=expansion,
        coverage_probability=budget.coverage.probability,
        contributions=_contributions(case, lean),
        second_order=second,
        monte_carlo=simulated if isinstance(simulated, MonteCarloOutput) else None,
        seed=None if run is None else (budget.monte_carlo or MonteCarlo()).seed,
        validation=validation,
        reporting=budget.reporting,
        notes=tuple(notes),
    )


def _expansion(
    case: _Case, run: MonteCarloRun | None
) -> tuple[Expansion, MonteCarloOutput | Failed | None, Validation | None]:
    """The coverage of an output, with the simulation that it was chosen by."""
    if run is None:
        return _expanded(case, case.budget.coverage), None, None
    budget, simulated, validation = case.budget, run.outputs[case.output], None
    if isinstance(simulated, MonteCarloOutput):
        probability = (budget.monte_carlo and budget.monte_carlo.probability) or budget.coverage.probability
        validation = validate_expansion(case.value, case.first, case.dof.dof, budget.coverage, probability, simulated)
    return _chosen(case, simulated, validation), simulated, validation


def _chosen(case: _Case, simulated: MonteCarloOutput | Failed | None, validation: Validation | None) -> Expansion:
    coverage = case.budget.coverage
    valid = validation is not None and validation.valid
    if coverage.method == "monte_carlo" or (coverage.method == "auto" and not valid):
        if isinstance(simulated, Failed):
            raise no_simulation(case.model.paths[case.output], simulated.without_value, simulated.trials)
        assert simulated is not None
        return expand_simulated(case.value, case.first, simulated)
    return _expanded(case, coverage)


def _contributions(case: _Case, lean: bool) -> tuple[Contribution, ...]:
    inputs, first = case.budget.inputs, case.first
    formulas = (None,) * len(inputs) if lean else case.model.sensitivity_texts[case.output]
    rows = [
        Contribution(item, sensitivity, abs(weight), share, formula)
        for item, sensitivity, weight, share, formula in zip(
            inputs, case.gradient, first.weights, first.shares, formulas, strict=True
        )
    ]
    if math.isfinite(first.standard_uncertainty):
        rows.sort(key=_SHARE, reverse=True)
    return tuple(rows)


_SHARE = attrgetter("share")


def _first_order_notes(case: _Case, lean: bool) -> list[Note]:
    inputs = case.budget.inputs
    notes = [*case.budget.compiled.notes]
    if not all(map(math.isfinite, case.gradient)):
        notes += derivative_notes(case.gradient, inputs)
    if case.first.standard_uncertainty == 0.0 and _any_spread(case):
        notes.append(_NO_FIRST_ORDER)
    if case.dof.formula == "willink":
        notes.append(_WILLINK)
    if not lean:
        notes += kink_notes(case.model, case.output, inputs, case.correlation)
    return notes


def _any_spread(case: _Case) -> bool:
    used = case.model.used[case.output]
    return any(item.standard_uncertainty > 0.0 and item.name in used for item in case.budget.inputs)


def _simulation_notes(case: _Case, simulated: MonteCarloOutput | Failed | None, expansion: Expansion) -> list[Note]:
    if simulated is None:
        return []
    if isinstance(simulated, Failed):
        fault = no_simulation("", simulated.without_value, simulated.trials)
        return [Note(f"Monte Carlo: {fault.vi}.", f"Monte Carlo: {fault.en}.")]
    notes = list(missing_moment_notes(case.budget.inputs, case.model.used[case.output]))
    if simulated.standard_deviation is None and not notes:
        notes.append(_MOMENTS_BEYOND_RANGE)
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


_NO_FIRST_ORDER = Note(
    "Độ không đảm bảo bậc nhất bằng 0 dù các đại lượng đầu vào có độ phân tán; hãy xem bậc hai hoặc Monte Carlo.",
    "The first-order uncertainty is 0 although the inputs have a spread; look at the second order or Monte Carlo.",
)
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
_MOMENTS_BEYOND_RANGE = Note(
    "Monte Carlo: trung bình hoặc độ lệch chuẩn vượt quá phạm vi số (1.8e308).",
    "Monte Carlo: the mean or the standard deviation is beyond the range of numbers (1.8e308).",
)
_NOT_STABLE = Note(
    "Monte Carlo: chưa ổn định đến số chữ số yêu cầu trong số lần thử lớn nhất; xem numerical_error.",
    "Monte Carlo: not stable to the digits asked for within the largest number of trials; see numerical_error.",
)
