"""Formulas compiled to Python functions of floats or of numpy arrays, with their first derivatives.

Only node numbers, float literals and fixed operation names ever reach the compiler: no text a user wrote does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from uncertainty.graph import OPERATIONS, Graph

_NEST = 12
"""How deep a value used once is written inside its user; deeper ones get a line of their own."""
_MULTIPLIED = (2.0, 3.0)
"""Powers written as products: the general power is slow on arrays."""
_LOCAL = re.compile(r"\bv[0-9]+\b")

_ARRAY_OPERATIONS: dict[str, Callable[..., Any]] = {
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "abs": np.abs,
    "min": np.minimum,
    "max": np.maximum,
    "sign": lambda x: np.where(np.asarray(x) >= 0.0, 1.0, -1.0),
    "at_least": lambda a, b: np.where(np.asarray(a) >= b, 1.0, 0.0),
    "pow": np.power,
}
_FLOAT_OPERATIONS: dict[str, Callable[..., Any]] = {
    **{name: meaning for name, meaning in OPERATIONS.items() if name.isidentifier()},
    "pow": OPERATIONS["**"],
}


def compile_floats(graph: Graph, names: Sequence[str], roots: Sequence[int]) -> Callable[..., tuple[float, ...]]:
    """`f(x1, x2, …) -> (root1, root2, …)` on floats, arguments in the order of `names`.

    Raises ZeroDivisionError, OverflowError or ValueError outside the domain of an operation; a product or a sum that
    overflows gives an infinity, so the caller checks what comes out.
    """
    return _compile(graph, names, roots, _FLOAT_OPERATIONS, release=False)


def compile_arrays(graph: Graph, names: Sequence[str], roots: Sequence[int]) -> Callable[..., tuple[Any, ...]]:
    """The same on numpy arrays that broadcast; a root that no argument enters comes out as a plain float.

    Outside a domain numpy gives nan or inf and warns: callers run it under `np.errstate(all="ignore")` and look.
    """
    return _compile(graph, names, roots, _ARRAY_OPERATIONS, release=True)


def _compile(
    graph: Graph,
    names: Sequence[str],
    roots: Sequence[int],
    operations: dict[str, Callable[..., Any]],
    *,
    release: bool,
) -> Callable[..., tuple[Any, ...]]:
    source = _Source(graph, names, roots).text(release)
    namespace: dict[str, Any] = {"__builtins__": {}, **operations}
    exec(compile(source, "<formula>", "exec"), namespace)
    function: Callable[..., tuple[Any, ...]] = namespace["formula"]
    return function


class _Source:
    """Writes the function for some roots of a graph: one line per shared value, the others nested in their user."""

    def __init__(self, graph: Graph, names: Sequence[str], roots: Sequence[int]) -> None:
        self._graph = graph
        self._roots = list(roots)
        self._parameters = {name: f"x{position}" for position, name in enumerate(names)}
        self._order = graph.reachable(roots)
        self._uses = Counter(argument for number in self._order for argument in graph.nodes[number].arguments)
        self._uses.update(roots)
        self._uses.update(self._multiplied_bases())
        self._text: dict[int, str] = {}
        self._nesting: dict[int, int] = {}
        self._lines: list[tuple[int, str]] = []

    def _multiplied_bases(self) -> list[int]:
        """Bases that stand twice or more in the text of their power, so that each gets a line of its own."""
        nodes = [self._graph.nodes[number] for number in self._order]
        powers = [node.arguments for node in nodes if node.operation == "**"]
        return [base for base, exponent in powers if self._graph.number(exponent) in _MULTIPLIED]

    def text(self, release: bool) -> str:
        for number in self._order:
            self._write(number)
        results = ", ".join(self._text[root] for root in self._roots)
        body = self._released() if release else [line for _, line in self._lines]
        head = f"def formula({', '.join(self._parameters.values())}):"
        return "\n    ".join([head, *body, f"return ({results},)"]) + "\n"

    def _write(self, number: int) -> None:
        node = self._graph.nodes[number]
        nesting = 1 + max((self._nesting[argument] for argument in node.arguments), default=-1)
        text = self._operation(number)
        leaf = node.operation in ("constant", "variable")
        if not leaf and (self._uses[number] > 1 or nesting > _NEST):
            self._lines.append((number, f"v{number} = {text}"))
            text, nesting = f"v{number}", 0
        self._text[number], self._nesting[number] = text, nesting

    def _operation(self, number: int) -> str:
        operation, arguments, constant, name = self._graph.nodes[number]
        if operation == "constant":
            return repr(constant) if constant >= 0.0 else f"({constant!r})"
        if operation == "variable":
            return self._parameters[name]
        texts = [self._text[argument] for argument in arguments]
        if operation == "neg":
            return f"(-{texts[0]})"
        if operation == "**":
            return self._power(arguments, texts)
        if operation in ("+", "-", "*", "/"):
            return f"({texts[0]} {operation} {texts[1]})"
        return f"{operation}({', '.join(texts)})"

    def _power(self, arguments: tuple[int, ...], texts: list[str]) -> str:
        base, exponent = texts
        number = self._graph.number(arguments[1])
        if number in _MULTIPLIED:
            return f"({' * '.join([base] * int(number))})"
        if number == -1.0:
            return f"(1.0 / {base})"
        return f"pow({base}, {exponent})"

    def _released(self) -> list[str]:
        """The lines, each followed by a `del` of the arrays it used last: memory stays in the cache."""
        result = " ".join(self._text[root] for root in self._roots)
        last: dict[str, int] = {}
        for position, (_, line) in enumerate(self._lines):
            last.update(dict.fromkeys(_LOCAL.findall(line), position))
        dead: dict[int, list[str]] = {}
        for name in last.keys() - set(_LOCAL.findall(result)):
            dead.setdefault(last[name], []).append(name)
        body: list[str] = []
        for position, (_, line) in enumerate(self._lines):
            body.append(line)
            if position in dead:
                body.append(f"del {', '.join(sorted(dead[position]))}")
        return body
