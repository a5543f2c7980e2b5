"""A formula as a graph of operations in which equal parts are one node, and its symbolic derivatives.

Nodes are numbered in the order they are made, so a node's arguments always have smaller numbers than the node: every
pass over a graph is a plain loop, and no depth of nesting can exhaust the stack.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "sqrt": (1, math.sqrt),
    "exp": (1, math.exp),
    "log": (1, math.log),
    "log10": (1, math.log10),
    "sin": (1, math.sin),
    "cos": (1, math.cos),
    "tan": (1, math.tan),
    "asin": (1, math.asin),
    "acos": (1, math.acos),
    "atan": (1, math.atan),
    "atan2": (2, math.atan2),
    "sinh": (1, math.sinh),
    "cosh": (1, math.cosh),
    "tanh": (1, math.tanh),
    "abs": (1, abs),
    "min": (2, min),
    "max": (2, max),
}
"""Functions a formula may call: number of arguments (min and max take two or more) and meaning."""


def sign(x: float) -> float:
    """+1 or -1; +1 at 0, so that the spread of |x| at the kink is that of x and is not understated."""
    return 1.0 if x >= 0.0 else -1.0


def at_least(a: float, b: float) -> float:
    """1 where a ≥ b, else 0: picks the branch of min and max (the first argument at a tie)."""
    return 1.0 if a >= b else 0.0


OPERATIONS: dict[str, Callable[..., float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": math.pow,
    "neg": lambda a: -a,
    "sign": sign,
    "at_least": at_least,
    **{name: meaning for name, (_, meaning) in FUNCTIONS.items()},
}

_LN10 = math.log(10.0)


class Node(NamedTuple):
    """One operation; a leaf has the operation `constant` (with its `number`) or `variable` (with its `name`)."""

    operation: str
    arguments: tuple[int, ...] = ()
    number: float = 0.0
    name: str = ""


class Graph:
    """Nodes of one or several formulas, and the smart constructors that keep derivatives small."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Node, int] = {}

    def constant(self, number: float) -> int:
        return self._intern(Node("constant", number=number + 0.0))

    def variable(self, name: str) -> int:
        return self._intern(Node("variable", name=name))

    def node(self, operation: str, *arguments: int) -> int:
        """The operation as written; folded to a constant where that gives the number it would give later."""
        numbers = [self.number(argument) for argument in arguments]
        if all(number is not None for number in numbers):
            try:
                folded = OPERATIONS[operation](*numbers)
            except (ArithmeticError, ValueError):
                folded = math.nan
            if math.isfinite(folded):
                return self.constant(folded)
        return self._intern(Node(operation, arguments))

    def number(self, node: int) -> float | None:
        """The number of a constant, None for any other node."""
        return self.nodes[node].number if self.nodes[node].operation == "constant" else None

    def add(self, a: int, b: int) -> int:
        if self.number(a) == 0.0:
            return b
        if self.number(b) == 0.0:
            return a
        if self.nodes[b].operation == "neg":
            return self.node("-", a, self.nodes[b].arguments[0])
        return self.node("+", a, b)

    def subtract(self, a: int, b: int) -> int:
        if self.number(b) == 0.0:
            return a
        if self.number(a) == 0.0:
            return self.negate(b)
        return self.constant(0.0) if a == b else self.node("-", a, b)

    def negate(self, a: int) -> int:
        return self.nodes[a].arguments[0] if self.nodes[a].operation == "neg" else self.node("neg", a)

    def multiply(self, a: int, b: int) -> int:
        for one, other in ((a, b), (b, a)):
            number = self.number(one)
            if number == 0.0:
                return one
            if number == 1.0:
                return other
            if number == -1.0:
                return self.negate(other)
            if self.nodes[one].operation == "neg":
                return self.negate(self.multiply(self.nodes[one].arguments[0], other))
        return self.node("*", a, b)

    def divide(self, a: int, b: int) -> int:
        if self.number(a) == 0.0 or self.number(b) == 1.0:
            return a
        if self.nodes[a].operation == "neg":
            return self.negate(self.divide(self.nodes[a].arguments[0], b))
        return self.node("/", a, b)

    def power(self, a: int, exponent: float) -> int:
        if exponent == 0.0:
            return self.constant(1.0)
        return a if exponent == 1.0 else self.node("**", a, self.constant(exponent))

    def reachable(self, roots: Iterable[int]) -> list[int]:
        """Numbers of all nodes the roots need, arguments before the nodes that use them."""
        needed = set(roots)
        for number in range(max(needed, default=-1), -1, -1):
            if number in needed:
                needed.update(self.nodes[number].arguments)
        return sorted(needed)

    def variables(self, root: int) -> list[str]:
        """Names of the variables that the root depends on, in the order of their nodes."""
        return [self.nodes[n].name for n in self.reachable([root]) if self.nodes[n].operation == "variable"]

    def gradient(self, root: int, names: Sequence[str]) -> list[int]:
        """Nodes of ∂root/∂name for each name, by reverse accumulation (shared parts stay shared)."""
        order = self.reachable([root])
        varying = self._varying(order, set(names))
        adjoint: dict[int, int] = {root: self.constant(1.0)}
        for number in reversed(order):
            if number not in adjoint or number not in varying:
                continue
            for argument, partial in self._partials(number, varying):
                term = self.multiply(adjoint[number], partial)
                adjoint[argument] = self.add(adjoint[argument], term) if argument in adjoint else term
        zero = self.constant(0.0)
        return [adjoint.get(self.variable(name), zero) for name in names]

    def differentiate(self, root: int, *names: str) -> int:
        """Node of the derivative with respect to each name in turn; three names give a third derivative."""
        for name in names:
            (root,) = self.gradient(root, [name])
        return root

    def _intern(self, node: Node) -> int:
        number = self._known.get(node)
        if number is None:
            number = self._known[node] = len(self.nodes)
            self.nodes.append(node)
        return number

    def _varying(self, order: Sequence[int], names: set[str]) -> set[int]:
        varying: set[int] = set()
        for number in order:
            node = self.nodes[number]
            if node.name in names or any(argument in varying for argument in node.arguments):
                varying.add(number)
        return varying

    def _partials(self, number: int, varying: set[int]) -> list[tuple[int, int]]:
        """(argument, ∂node/∂argument) for the arguments that vary."""
        operation, arguments, _, _ = self.nodes[number]
        return [
            (argument, self._partial(operation, number, arguments, position))
            for position, argument in enumerate(arguments)
            if argument in varying
        ]

    def _partial(self, operation: str, value: int, arguments: tuple[int, ...], position: int) -> int:
        one = self.constant(1.0)
        match operation, position:
            case ("+", _) | ("-", 0):
                return one
            case ("-", 1) | ("neg", 0):
                return self.constant(-1.0)
            case ("*", _):
                return arguments[1 - position]
            case ("/", 0):
                return self.divide(one, arguments[1])
            case ("/", 1):
                return self.negate(self.divide(value, arguments[1]))
            case ("**", _):
                return self._power_partial(value, arguments, position)
            case ("atan2", _):
                return self._atan2_partial(arguments, position)
            case ("min" | "max", _):
                first = self.node("at_least", *(arguments if operation == "max" else arguments[::-1]))
                return first if position == 0 else self.subtract(one, first)
            case ("sign" | "at_least", _):
                return self.constant(0.0)
        return self._function_partial(operation, value, arguments[0])

    def _power_partial(self, value: int, arguments: tuple[int, ...], position: int) -> int:
        base, exponent = arguments
        if position == 1:
            return self.multiply(value, self.node("log", base))
        number = self.number(exponent)
        if number is not None:
            return self.multiply(self.constant(number), self.power(base, number - 1.0))
        lower = self.node("**", base, self.subtract(exponent, self.constant(1.0)))
        return self.multiply(exponent, lower)

    def _atan2_partial(self, arguments: tuple[int, ...], position: int) -> int:
        y, x = arguments
        square = self.add(self.node("*", x, x), self.node("*", y, y))
        return self.divide(x, square) if position == 0 else self.negate(self.divide(y, square))

    def _function_partial(self, function: str, value: int, x: int) -> int:
        one = self.constant(1.0)
        match function:
            case "sqrt":
                return self.divide(self.constant(0.5), value)
            case "exp":
                return value
            case "log":
                return self.divide(one, x)
            case "log10":
                return self.divide(self.constant(1.0 / _LN10), x)
            case "sin":
                return self.node("cos", x)
            case "cos":
                return self.negate(self.node("sin", x))
            case "tan":
                return self.add(one, self.node("*", value, value))
            case "asin" | "acos":
                root = self.node("sqrt", self.subtract(one, self.node("*", x, x)))
                return self.divide(one if function == "asin" else self.constant(-1.0), root)
            case "atan":
                return self.divide(one, self.add(one, self.node("*", x, x)))
            case "sinh":
                return self.node("cosh", x)
            case "cosh":
                return self.node("sinh", x)
            case "tanh":
                # 1 - tanh² would lose its digits where tanh is near 1.
                cosh = self.node("cosh", x)
                return self.divide(one, self.node("*", cosh, cosh))
            case "abs":
                return self.node("sign", x)
        raise AssertionError(f"no derivative is known for {function}")
