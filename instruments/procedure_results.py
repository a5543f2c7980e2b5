"""The budget of a table in a procedure file: model, inputs with their spread, correlations, units."""

from __future__ import annotations

from collections.abc import Collection

from instruments.procedure_model import Correlation, Input, Result
from instruments.procedure_reader import Node
from uncertainty.errors import InputError
from uncertainty.expression import parse
from uncertainty.rounding import exact_decimal

DISTRIBUTIONS = (
    "normal", "rectangular", "triangular", "trapezoidal", "arcsine", "student_t", "curvilinear_trapezoid",
)  # fmt: skip
SPREADS = (
    frozenset({"standard_uncertainty"}),
    frozenset({"expanded_uncertainty", "coverage_factor"}),
    frozenset({"expanded_uncertainty", "probability"}),
    frozenset({"half_width"}),
    frozenset({"half_width", "beta"}),
    frozenset({"half_width", "half_width_uncertainty"}),
    frozenset({"lower", "upper"}),
    frozenset({"scale"}),
)
"""The ways in which an input states its spread, exactly one each (`calc budget`)."""
SPREAD_KEYS = (
    "standard_uncertainty", "expanded_uncertainty", "coverage_factor", "probability", "half_width", "beta",
    "half_width_uncertainty", "lower", "upper", "scale", "pooled_standard_deviation", "dof",
)  # fmt: skip


def read_result(node: Node, names: Collection[str], slots: Collection[str], readings: Collection[str]) -> Result:
    """The budget of a table: model, inputs, correlations and units. `readings`: keys of what has repeats."""
    inputs = tuple(_input(item, names, slots, readings) for item in node.tables("inputs"))
    unit = node.text("unit")
    result = Result(
        name=node.name("name"),
        label=node.words("label"),
        model=node.text("model"),
        inputs=inputs,
        correlations=tuple(_correlation(item, inputs) for item in node.tables("correlations")),
        unit=unit,
        report_unit=node.text("report_unit", unit),
        factor=_factor(node),
    )
    _check_model(node, result)
    node.done()
    return result


def _factor(node: Node) -> str:
    factor = node.number("factor", 1.0)
    if factor <= 0:
        node.fault("factor", "cần một số dương", "expected a positive number")
    return f"{exact_decimal(factor).normalize():f}"


def _input(node: Node, names: Collection[str], slots: Collection[str], columns: Collection[str]) -> Input:
    readings = node.optional_text("readings")
    spread = {key: node.formula(key, names) for key in SPREAD_KEYS if key in node}
    entry = Input(
        name=node.name("name"),
        label=node.words("label"),
        unit=node.text("unit", ""),
        readings=readings,
        value=None if readings is not None else node.formula("value", names),
        spread=spread,
        distribution=node.choice("distribution", DISTRIBUTIONS) if "distribution" in node else None,
        relative=node.flag("relative", False),
        source=node.optional_text("source"),
        standard=node.choice("standard", tuple(slots)) if "standard" in node and slots else None,
        evidence=node.optional_words("evidence"),
    )
    if readings is not None and readings not in columns:
        node.fault("readings", f"không có cột số đọc {readings}", f"there is no reading column {readings}")
    _check_spread(node, entry)
    node.done()
    return entry


def _check_spread(node: Node, entry: Input) -> None:
    stated = frozenset(entry.spread) - {"dof"}
    if entry.readings is not None:
        if stated - {"pooled_standard_deviation"}:
            node.fault(None, "số đọc đã cho độ phân tán; chỉ thêm được pooled_standard_deviation",
                       "readings state the spread; only pooled_standard_deviation may be added")  # fmt: skip
    elif "pooled_standard_deviation" in stated:
        node.fault("pooled_standard_deviation", "chỉ dùng cùng readings", "it goes with readings only")
    elif stated and stated not in SPREADS:
        node.fault(None, f"độ phân tán phải cho đúng một cách, ở đây: {', '.join(sorted(stated))}",
                   f"the spread is stated in exactly one way, here: {', '.join(sorted(stated))}")  # fmt: skip


def _check_model(node: Node, result: Result) -> None:
    inputs = [entry.name for entry in result.inputs]
    try:
        used = parse(result.model, "model").names if result.model else ()
    except InputError as wrong:
        node.fault("model", wrong.vi, wrong.en)
        return
    for name in used:
        if name not in inputs:
            node.fault("model", f"{name} không có trong inputs", f"{name} is not among the inputs")
    for at, name in enumerate(inputs):
        path = (*node.path, "inputs", at, "name")
        if name not in used:
            node.book.add(path, f"mô hình không dùng {name}", f"the model does not use {name}")
        if name in inputs[:at]:
            node.book.add(path, f"{name} có hai lần", f"{name} stands twice")


def _correlation(node: Node, inputs: tuple[Input, ...]) -> Correlation:
    between = node.texts("between")
    known = {entry.name for entry in inputs}
    if len(between) != 2 or not set(between) <= known:
        node.fault("between", "cần tên của hai đại lượng vào", "expected the names of two inputs")
        between = ("", "")
    r = node.number("r")
    if not -1 <= r <= 1:
        node.fault("r", "cần một số từ −1 đến 1", "expected a number, -1 to 1")
    node.done()
    return Correlation(between[0], between[1], r)
