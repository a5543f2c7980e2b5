"""The budget calculation as a document: checked JSON in, plain JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from uncertainty.budget import Budget, Reporting
from uncertainty.budget_result import finite, result_document
from uncertainty.correlation import Correlation
from uncertainty.coverage import DEFAULT_PROBABILITY, DOF_RULES, METHODS, Coverage
from uncertainty.documents import Reader, open_document, wrong_kind
from uncertainty.errors import FaultList, InputError
from uncertainty.evaluation import evaluate, stated
from uncertainty.expression import parse
from uncertainty.input_document import read_input
from uncertainty.inputs import Input
from uncertainty.model import SINGLE
from uncertainty.monte_carlo import MAX_TRIALS, MIN_TRIALS, MonteCarlo

_KNOWN = (
    "title",
    "quantity",
    "model",
    "inputs",
    "correlations",
    "coverage",
    "monte_carlo",
    "reporting",
    "check_units",
    "note",
)
MAX_INPUTS = 200
"""Most inputs of one budget."""
MAX_OUTPUTS = 50
"""Most outputs of one budget."""


def calculate_document(
    document: Mapping[str, object], *, seed: int | None = None, lean: bool = False
) -> dict[str, object]:
    """Evaluate a budget document; `seed` replaces the stated one, `lean` leaves out second order and texts."""
    return result_document(evaluate(read_budget(document, seed=seed), lean=lean), lean=lean)


def state_document(document: Mapping[str, object], *, seed: int | None = None) -> dict[str, float | None]:
    """Value, coverage factor and expanded uncertainty that `calculate_document` gives for a budget of one output; the
    rest of its answer is not formed, for sheets that are evaluated by the thousand."""
    ((value, expansion),) = stated(read_budget(document, seed=seed))
    return {
        "value": value + 0.0,
        "coverage_factor": finite(expansion.coverage_factor),
        "expanded_uncertainty": finite(expansion.expanded_uncertainty),
    }


def read_budget(document: Mapping[str, object], *, seed: int | None = None) -> Budget:
    """The checked budget of a document; raises `InputErrors` with every fault that was found."""
    reader = open_document(document, "budget", _KNOWN)
    try:
        budget = Budget(inputs=_inputs(reader), title=_title(reader), **_frame(reader, document, seed))
        check_units = _check_units(reader)
    except InputError:
        raise _every_fault(reader, seed) from None
    if check_units:
        _fit_units(budget)
    return budget


_FRAMES: dict[tuple[str, int | None], dict[str, Any]] = {}
"""What stands around the inputs, read before: all points of a table have the same. The parts are frozen."""
_MOST_FRAMES = 256


def _frame(reader: Reader, document: Mapping[str, object], seed: int | None) -> dict[str, Any]:
    """Model, coverage and the rest of a budget beside its inputs and title, read once for the same text."""
    try:
        text = json.dumps({name: part for name, part in document.items() if name not in _OWN_PARTS})
    except (TypeError, ValueError):  # no plain JSON: a mapping of another kind
        return _read_frame(reader, seed)
    key = (text, seed)
    found = _FRAMES.get(key)
    if found is None:
        found = _read_frame(reader, seed)
        if len(_FRAMES) >= _MOST_FRAMES:
            _FRAMES.clear()
        _FRAMES[key] = found
    return found


def _read_frame(reader: Reader, seed: int | None) -> dict[str, Any]:
    parts = {name: read(reader) for name, read in _FRAME_PARTS.items()}
    parts["name"], parts["unit"] = parts.pop("quantity")
    simulation = _monte_carlo(reader, seed)
    if simulation is None and seed is not None and parts["coverage"].method in ("monte_carlo", "auto"):
        simulation = MonteCarlo(seed=seed)
    return {**parts, "monte_carlo": simulation}


def _every_fault(reader: Reader, seed: int | None) -> InputError:
    """All faults of a document that has one."""
    faults = FaultList()
    for read in _PARTS:
        with faults.gathering():
            read(reader)
    with faults.gathering():
        _monte_carlo(reader, seed)
    try:
        faults.raise_if_any()
    except InputError as found:
        return found
    raise AssertionError("a document that was refused has a fault")


def _title(reader: Reader) -> str:
    reader.text("note", "")
    return reader.text("title", "")


def _quantity(reader: Reader) -> tuple[str, str]:
    quantity = reader.optional_child("quantity", ("name", "unit"))
    return ("", "") if quantity is None else (quantity.text("name", ""), quantity.text("unit", ""))


def _model(reader: Reader) -> str | dict[str, str]:
    raw = reader.raw("model")
    if isinstance(raw, str):
        parse(raw)
        return raw
    if not isinstance(raw, Mapping):
        raise wrong_kind(
            "model", raw, vi="một công thức hoặc đối tượng tên → công thức", en="a formula or an object name → formula"
        )
    formulas: dict[str, str] = {}
    for name, path, formula in reader.members("model"):
        if not isinstance(formula, str):
            raise wrong_kind(path, formula, vi="một công thức", en="a formula")
        parse(formula, path)
        formulas[name] = formula
    if not 1 <= len(formulas) <= MAX_OUTPUTS:
        raise InputError(
            "model", vi=f"cần từ 1 đến {MAX_OUTPUTS} công thức", en=f"expected from 1 to {MAX_OUTPUTS} formulas"
        )
    return formulas


def _inputs(reader: Reader) -> tuple[Input, ...]:
    members = reader.mapping("inputs")
    if len(members) > MAX_INPUTS:
        raise InputError("inputs", vi=f"tối đa {MAX_INPUTS} đại lượng", en=f"at most {MAX_INPUTS} inputs")
    if not members:
        raise InputError("inputs", vi="cần ít nhất một đại lượng", en="expected at least one input")
    try:
        return tuple([_input(str(name), raw) for name, raw in members.items()])
    except InputError:
        faults = FaultList()
        for name, path, raw in reader.members("inputs"):
            with faults.gathering():
                read_input(name, raw, path)
        faults.raise_if_any()
        raise


_READ: dict[tuple[object, ...], Input] = {}
"""Inputs read before: budgets of many points differ in a few readings. They are frozen, so that they may be shared."""
_MOST_READ = 4096


def _input(name: str, raw: object) -> Input:
    """The input, read once for the same numbers; zeros are told apart by their sign, 1 from 1.0 and true by kind."""
    key: tuple[object, ...] = ()
    if isinstance(raw, dict):
        key = (name, *[(word, value.__class__, value or repr(value)) for word, value in raw.items()])
    try:
        found = _READ.get(key)
    except TypeError:  # a list of readings
        found, key = None, ()
    if found is None:
        found = read_input(name, raw, f"inputs.{name}")
        if key:
            if len(_READ) >= _MOST_READ:
                _READ.clear()
            _READ[key] = found
    return found


def _correlations(reader: Reader) -> tuple[Correlation, ...]:
    if "correlations" not in reader:
        return ()
    faults = FaultList()
    correlations = []
    for path, raw in reader.elements("correlations"):
        with faults.gathering():
            correlations.append(_correlation(Reader(raw, path, ("between", "r"))))
    faults.raise_if_any()
    return tuple(correlations)


def _correlation(reader: Reader) -> Correlation:
    between = reader.elements("between")
    if len(between) != 2 or not all(isinstance(name, str) for _, name in between):
        raise InputError(reader.at("between"), vi="cần tên hai đại lượng", en="expected the names of two inputs")
    first, second = (str(name) for _, name in between)
    return Correlation(first, second, reader.number("r", at_least=-1.0, at_most=1.0))


def _coverage(reader: Reader) -> Coverage:
    coverage = reader.optional_child("coverage", ("probability", "dof_rule", "method"))
    if coverage is None:
        return Coverage()
    return Coverage(
        coverage.number("probability", DEFAULT_PROBABILITY, above=0.0, below=1.0),
        coverage.choice("dof_rule", DOF_RULES, "truncate"),
        coverage.choice("method", METHODS, "student_t"),
    )


def _monte_carlo(reader: Reader, seed: int | None) -> MonteCarlo | None:
    settings = reader.optional_child("monte_carlo", ("trials", "seed", "probability", "digits"))
    if settings is None:
        return None
    stated = settings.integer("seed", 1, at_least=0)
    return MonteCarlo(
        trials=settings.integer("trials", at_least=MIN_TRIALS, at_most=MAX_TRIALS) if "trials" in settings else None,
        seed=stated if seed is None else seed,
        probability=settings.number("probability", above=0.0, below=1.0) if "probability" in settings else None,
        digits=settings.integer("digits", at_least=1, at_most=3) if "digits" in settings else None,
    )


def _reporting(reader: Reader) -> Reporting:
    reporting = reader.optional_child("reporting", ("digits", "cmc"))
    if reporting is None:
        return Reporting()
    return Reporting(
        reporting.integer("digits", 2, at_least=1, at_most=2), reporting.optional_number("cmc", at_least=0.0)
    )


def _check_units(reader: Reader) -> bool:
    """Asked for once for the budget, or with any of its inputs."""
    asked = [raw for raw in reader.mapping("inputs").values() if isinstance(raw, Mapping) and "check_units" in raw]
    return reader.flag("check_units", False) or any(raw["check_units"] is True for raw in asked)


def _fit_units(budget: Budget) -> None:
    # Imported on use: the table of units is not needed by budgets that do not ask for it.
    from uncertainty.model_units import check_model_units

    labels = {item.name: item.unit for item in budget.inputs}
    check_model_units(budget.compiled.model, labels, {SINGLE: budget.unit})


_OWN_PARTS = ("title", "note", "inputs", "check_units")
_FRAME_PARTS: dict[str, Callable[[Reader], Any]] = {
    "quantity": _quantity,
    "model": _model,
    "correlations": _correlations,
    "coverage": _coverage,
    "reporting": _reporting,
}
_PARTS = (_title, _quantity, _model, _inputs, _correlations, _coverage, _reporting, _check_units)
"""In the order in which faults are told."""
