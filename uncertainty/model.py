"""A measurement model: one or several formulas over named inputs, compiled once and cached by their text."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from uncertainty.compiled import compile_arrays, compile_floats
from uncertainty.errors import InputError
from uncertainty.expression import check_name, parse_into
from uncertainty.formula_text import formula_text
from uncertainty.graph import OPERATIONS, Graph

SINGLE = ""
"""Name of the output of a model that is one formula."""


class Kink(NamedTuple):
    """A place where the model bends: |g|, min or max; `gap` is the node that is 0 at the bend."""

    text: str
    gap: int


class Model:
    """Formulas of one or several outputs over one list of inputs; made by `compile_model`."""

    def __init__(self, formulas: Sequence[tuple[str, str]], inputs: Sequence[str]) -> None:
        self.graph = Graph()
        self.inputs = tuple(inputs)
        self.outputs = tuple(name for name, _ in formulas)
        self.paths = tuple(f"model.{name}" if name else "model" for name in self.outputs)
        self.roots = tuple(_roots(self.graph, formulas, self.inputs))
        self._compiled: Callable[..., tuple[float, ...]] | None = None
        self.used = tuple(tuple(self.graph.variables(root)) for root in self.roots)
        self.used_anywhere = frozenset(name for names in self.used for name in names)

    def values(self, point: Sequence[float]) -> tuple[float, ...]:
        """Value of every output at one point (inputs in the model's order); `InputError` where it has none."""
        known = dict(zip(self.inputs, point, strict=True))
        return tuple(_value(self.graph, root, known, path) for root, path in zip(self.roots, self.paths, strict=True))

    def values_and_gradients(self, point: Sequence[float]) -> tuple[tuple[float, ...], list[tuple[float, ...]]]:
        """Every output's value and its derivatives with respect to all inputs, in the model's order.

        A derivative that does not exist at the point (such as that of sqrt at 0) is nan or infinite.
        """
        count = len(self.roots)
        try:
            if self._compiled is None:
                # Refused before the derivatives are made: a formula that has no value must cost nothing.
                self.values(point)
                self._compiled = compile_floats(self.graph, self.inputs, [*self.roots, *self._gradient_nodes])
            numbers = self._compiled(*point)
        except InputError:
            raise
        except (ArithmeticError, ValueError):
            numbers = (*self.values(point), *self._separate_derivatives(point))
        values = tuple(numbers[:count])
        if not all(map(math.isfinite, values)):
            values = self.values(point)
        width = len(self.inputs)
        return values, [numbers[start : start + width] for start in range(count, len(numbers), width)]

    @cached_property
    def arrays(self) -> Callable[..., tuple[Any, ...]]:
        """`f(x1, x2, …)` on arrays of points, one result per output; see `compile_arrays`."""
        return compile_arrays(self.graph, self.inputs, self.roots)

    @cached_property
    def arrays_with_gradients(self) -> Callable[..., tuple[Any, ...]]:
        """The values of all outputs, then all derivatives output by output, on arrays; see `compile_arrays`."""
        return compile_arrays(self.graph, self.inputs, [*self.roots, *self._gradient_nodes])

    @cached_property
    def sensitivity_texts(self) -> tuple[tuple[str, ...], ...]:
        """The formulas of ∂output/∂input, output by output, to show where a sensitivity comes from."""
        texts = [formula_text(self.graph, node) for node in self._gradient_nodes]
        width = len(self.inputs)
        return tuple(tuple(texts[start : start + width]) for start in range(0, width * len(self.roots), width))

    def kinks(self, output: int) -> list[Kink]:
        """The bends of one output: its abs, min and max."""
        graph, kinks = self.graph, []
        for number in graph.reachable([self.roots[output]]):
            operation, arguments, _, _ = graph.nodes[number]
            if operation == "abs":
                kinks.append(Kink(formula_text(graph, number, longest=60), arguments[0]))
            elif operation in ("min", "max"):
                kinks.append(Kink(formula_text(graph, number, longest=60), graph.subtract(*arguments)))
        return kinks

    def node_and_gradient(self, node: int, point: Sequence[float]) -> tuple[float, list[float]]:
        """Value and derivatives of a part of the model at a point where the model itself has a value."""
        value, *derivatives = self._each([node, *self.graph.gradient(node, self.inputs)], point)
        return value, derivatives

    @cached_property
    def _gradient_nodes(self) -> list[int]:
        return [node for root in self.roots for node in self.graph.gradient(root, self.inputs)]

    def _separate_derivatives(self, point: Sequence[float]) -> list[float]:
        """Each derivative on its own, nan where it does not exist: one of them must not hide the others."""
        return self._each(self._gradient_nodes, point)

    def _each(self, nodes: Sequence[int], point: Sequence[float]) -> list[float]:
        numbers: list[float] = []
        for node in nodes:
            try:
                numbers += compile_floats(self.graph, self.inputs, [node])(*point)
            except (ArithmeticError, ValueError):
                numbers.append(math.nan)
        return numbers


def compile_model(model: str | Mapping[str, str], inputs: Sequence[str]) -> Model:
    """The compiled model of a formula, or of several by output name; an output may use another output.

    Raises `InputError` at `model` or `model.NAME`: syntax, an unknown name, a circular use, a name taken twice.
    """
    formulas = ((SINGLE, model),) if isinstance(model, str) else tuple(model.items())
    return _cached_model(formulas, tuple(inputs))


@lru_cache(maxsize=512)
def _cached_model(formulas: tuple[tuple[str, str], ...], inputs: tuple[str, ...]) -> Model:
    return Model(formulas, inputs)


def _roots(graph: Graph, formulas: Sequence[tuple[str, str]], inputs: Sequence[str]) -> list[int]:
    parsed = {}
    for name, text in formulas:
        path = f"model.{name}" if name else "model"
        if name:
            check_name(name, path)
        if name in inputs:
            raise InputError(path, vi="tên này đã là một đại lượng đầu vào", en="this name is already an input")
        parsed[name] = parse_into(graph, text, path)
    known = {*inputs, *(name for name in parsed if name)}
    for name, expression in parsed.items():
        missing = [used for used in expression.names if used not in known]
        if missing:
            raise _unknown_names(f"model.{name}" if name else "model", missing, inputs)
    finished: dict[str, int] = {}

    def finish(name: str, trail: tuple[str, ...]) -> int:
        if name in trail:
            circle = " → ".join((*trail[trail.index(name) :], name))
            raise InputError(f"model.{name}", vi=f"định nghĩa vòng tròn: {circle}", en=f"circular definition: {circle}")
        if name not in finished:
            used = [other for other in parsed[name].names if other in parsed]
            replaced = {other: finish(other, (*trail, name)) for other in used}
            finished[name] = _substitute(graph, parsed[name].root, replaced)
        return finished[name]

    return [finish(name, ()) for name in parsed]


def _substitute(graph: Graph, root: int, replaced: Mapping[str, int]) -> int:
    if not replaced:
        return root
    became: dict[int, int] = {}
    for number in graph.reachable([root]):
        operation, arguments, _, name = graph.nodes[number]
        if operation in ("variable", "constant"):
            became[number] = replaced.get(name, number)
        else:
            became[number] = graph.node(operation, *(became[argument] for argument in arguments))
    return became[root]


def _unknown_names(path: str, missing: Sequence[str], inputs: Sequence[str]) -> InputError:
    names, known = ", ".join(missing), ", ".join(inputs) or "–"
    return InputError(
        path,
        vi=f"{names} không có trong inputs; đã khai báo: {known}",
        en=f"{names} not among the inputs; declared: {known}",
    )


_DOMAIN = {
    "/": ("chia cho 0", "division by zero"),
    "sqrt": ("căn bậc hai của số âm", "square root of a negative number"),
    "log": ("logarit của số không dương", "logarithm of a number that is not positive"),
    "log10": ("logarit của số không dương", "logarithm of a number that is not positive"),
    "asin": ("đối số ngoài [-1, 1]", "argument outside [-1, 1]"),
    "acos": ("đối số ngoài [-1, 1]", "argument outside [-1, 1]"),
    "**": (
        "lũy thừa không có giá trị thực hữu hạn (số âm mũ lẻ phần, hoặc 0 mũ âm)",
        "a power without a finite real value (negative base with a fractional exponent, or 0 to a negative one)",
    ),
}


def _value(graph: Graph, root: int, point: Mapping[str, float], path: str) -> float:
    """Evaluate node by node; `InputError` names the first operation that has no finite value at the point."""
    numbers: dict[int, float] = {}
    for number in graph.reachable([root]):
        operation, arguments, constant, name = graph.nodes[number]
        if operation in ("constant", "variable"):
            numbers[number] = point[name] if name else constant
            continue
        try:
            result = OPERATIONS[operation](*[numbers[argument] for argument in arguments])
            overflowed = not math.isfinite(result)
        except (ArithmeticError, ValueError) as error:
            result, overflowed = math.nan, isinstance(error, OverflowError)
        if not math.isfinite(result):
            raise _no_value(path, formula_text(graph, number, longest=80), "" if overflowed else operation)
        numbers[number] = result
    return numbers[root]


def _no_value(path: str, text: str, operation: str) -> InputError:
    vi, en = _DOMAIN.get(operation, ("vượt quá phạm vi số (1.8e308)", "beyond the range of numbers (1.8e308)"))
    return InputError(path, vi=f"không tính được {text}: {vi}", en=f"{text} has no value here: {en}")
