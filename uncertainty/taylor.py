"""Second and third derivatives of a formula at one point, by arithmetic with truncated Taylor polynomials.

Every value becomes a polynomial of third degree in two directions, for all pairs of inputs at once. The work grows
with the length of the formula times the number of pairs, where symbolic third derivatives could grow without bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.graph import Graph

    Floats = NDArray[np.float64]

_X, _Y, _XX, _XY, _YY, _XXX, _XXY, _XYY, _YYY = range(9)


@dataclass(frozen=True, eq=False)
class HigherDerivatives:
    """Derivatives of a formula with respect to n inputs, each scaled by the steps of the inputs that it names."""

    second: Floats
    """f_ij·s_i·s_j, shape (n, n), symmetric."""
    third: Floats
    """f_ijj·s_i·s_j², shape (n, n)."""


def higher_derivatives(
    graph: Graph, root: int, point: Mapping[str, float], steps: Mapping[str, float]
) -> HigherDerivatives:
    """Second derivatives and the third ones f_ijj with respect to the inputs in `steps`, in that order.

    `point` holds the value of every input of the formula. Raises ArithmeticError or ValueError where a derivative does
    not exist. At a kink the branch of the formula is the one its value takes.
    """
    names = list(steps)
    pairs = _interacting(graph, root, names)
    derivatives = HigherDerivatives(np.zeros((len(names),) * 2), np.zeros((len(names),) * 2))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for start in range(0, len(pairs), _CHUNK):
            first, second = np.array(pairs[start : start + _CHUNK], dtype=np.intp).T
            seeds = {name: (position, steps[name]) for position, name in enumerate(names)}
            coefficients = _expand(graph, root, point, _Seeds(seeds, first, second))
            if coefficients is not None:
                _enter(derivatives, coefficients, first, second)
    return derivatives


_CHUNK = 1024
"""Pairs expanded together: bounds the memory whatever the number of inputs."""
_LINEAR = ("+", "-", "neg", "abs", "min", "max")


def _interacting(graph: Graph, root: int, names: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of inputs (i ≤ j) whose second or third derivatives may differ from 0, by the form of the formula."""
    bit = {name: 1 << position for position, name in enumerate(names)}
    reach: dict[int, int] = {}
    partners = [0] * len(names)

    def meet(one: int, other: int) -> None:
        for position in range(len(names)):
            if one >> position & 1:
                partners[position] |= other
            if other >> position & 1:
                partners[position] |= one

    for number in graph.reachable([root]):
        operation, arguments, _, name = graph.nodes[number]
        masks = [reach[argument] for argument in arguments]
        reach[number] = bit.get(name, 0)
        for mask in masks:
            reach[number] |= mask
        if operation == "*":
            meet(*masks)
        elif operation == "/":
            meet(masks[1], masks[0] | masks[1])
        elif masks and operation not in _LINEAR:
            meet(reach[number], reach[number])
    return [(i, j) for i in range(len(names)) for j in range(i, len(names)) if partners[i] >> j & 1]


def _enter(
    derivatives: HigherDerivatives, coefficients: Floats, first: NDArray[np.intp], second: NDArray[np.intp]
) -> None:
    derivatives.second[first, second] = derivatives.second[second, first] = coefficients[_XY]
    derivatives.third[first, second] = 2.0 * coefficients[_XYY]
    derivatives.third[second, first] = 2.0 * coefficients[_XXY]
    diagonal = first == second
    own = first[diagonal]
    derivatives.second[own, own] = 2.0 * coefficients[_XX, diagonal]
    derivatives.third[own, own] = 6.0 * coefficients[_XXX, diagonal]


@dataclass(frozen=True, eq=False)
class _Seeds:
    """The inputs as polynomials: one step along x in the pairs where it is the first, along y where the second."""

    steps: Mapping[str, tuple[int, float]]
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    def of(self, name: str) -> Floats | None:
        """None for an input that does not vary in any of the pairs."""
        if name not in self.steps:
            return None
        position, step = self.steps[name]
        along_x = self.first == position
        along_y = (self.second == position) & (self.first != self.second)
        if not (along_x.any() or along_y.any()):
            return None
        seed = np.zeros((9, len(self.first)))
        seed[_X, along_x] = step
        seed[_Y, along_y] = step
        return seed


def _expand(graph: Graph, root: int, point: Mapping[str, float], seeds: _Seeds) -> Floats | None:
    """Coefficients of the root (None when no input enters); parts are dropped after their last use."""
    order = graph.reachable([root])
    last_use = {argument: number for number in order for argument in graph.nodes[number].arguments}
    jets: dict[int, _Jet] = {}
    for number in order:
        operation, arguments, constant, name = graph.nodes[number]
        if operation == "variable":
            jets[number] = _Jet(point[name], seeds.of(name))
        elif operation == "constant":
            jets[number] = _Jet(constant, None)
        else:
            jets[number] = _apply(operation, [jets[argument] for argument in arguments])
        for argument in set(arguments):
            if last_use[argument] == number:
                del jets[argument]
    return jets[root].rest


@dataclass(frozen=True, eq=False, slots=True)
class _Jet:
    """A value and its polynomial without the constant term (None = does not vary)."""

    value: float
    rest: Floats | None

    def scaled(self, factor: float) -> Floats | None:
        return None if self.rest is None else factor * self.rest


def _apply(operation: str, jets: Sequence[_Jet]) -> _Jet:
    match operation:
        case "+":
            return _Jet(jets[0].value + jets[1].value, _sum(jets[0].rest, jets[1].rest))
        case "-":
            return _Jet(jets[0].value - jets[1].value, _sum(jets[0].rest, jets[1].scaled(-1.0)))
        case "neg":
            return _Jet(-jets[0].value, jets[0].scaled(-1.0))
        case "*":
            return _product(jets[0], jets[1])
        case "/":
            return _product(jets[0], _composed(jets[1], _power_series(jets[1].value, -1.0)))
        case "**":
            return _power(jets[0], jets[1])
        case "atan2":
            return _atan2(jets[0], jets[1])
        case "abs":
            return jets[0] if jets[0].value >= 0.0 else _apply("neg", jets)
        case "min" | "max":
            first_at_least = jets[0].value >= jets[1].value
            if operation == "min":
                first_at_least = jets[1].value >= jets[0].value
            return jets[0] if first_at_least else jets[1]
    return _composed(jets[0], _SERIES[operation](jets[0].value))


def _sum(a: Floats | None, b: Floats | None) -> Floats | None:
    if a is None or b is None:
        return b if a is None else a
    return a + b


def _product(a: _Jet, b: _Jet) -> _Jet:
    rest = _sum(a.scaled(b.value), b.scaled(a.value))
    if a.rest is not None and b.rest is not None:
        rest = _sum(rest, _multiplied(a.rest, b.rest))
    return _Jet(a.value * b.value, rest)


def _multiplied(a: Floats, b: Floats) -> Floats:
    """Product of two polynomials without constant terms, up to the third degree."""
    product = np.zeros_like(a)
    product[_XX] = a[_X] * b[_X]
    product[_XY] = a[_X] * b[_Y] + a[_Y] * b[_X]
    product[_YY] = a[_Y] * b[_Y]
    product[_XXX] = a[_X] * b[_XX] + a[_XX] * b[_X]
    product[_XXY] = a[_X] * b[_XY] + a[_XY] * b[_X] + a[_Y] * b[_XX] + a[_XX] * b[_Y]
    product[_XYY] = a[_Y] * b[_XY] + a[_XY] * b[_Y] + a[_X] * b[_YY] + a[_YY] * b[_X]
    product[_YYY] = a[_Y] * b[_YY] + a[_YY] * b[_Y]
    return product


Series = tuple[float, float, float, float]
"""A function's value and its first three derivatives at a number."""


def _composed(inner: _Jet, series: Series) -> _Jet:
    """F(inner) from the derivatives of F at the inner value: F + F'δ + F''δ²/2 + F'''δ³/6."""
    value, slope, bend, twist = series
    if inner.rest is None:
        return _Jet(value, None)
    square = _multiplied(inner.rest, inner.rest)
    cube = _multiplied(square, inner.rest)
    return _Jet(value, slope * inner.rest + (0.5 * bend) * square + (twist / 6.0) * cube)


def _power(base: _Jet, exponent: _Jet) -> _Jet:
    if exponent.rest is None:
        return _composed(base, _power_series(base.value, exponent.value))
    logarithm = _composed(base, _log_series(base.value))
    power = _product(exponent, logarithm)
    return _composed(power, _exp_series(power.value))


def _atan2(y: _Jet, x: _Jet) -> _Jet:
    """Locally atan of the quotient that stays finite, plus a constant."""
    if abs(x.value) >= abs(y.value):
        quotient = _apply("/", [y, x])
        turned = _composed(quotient, _atan_series(quotient.value))
    else:
        quotient = _apply("/", [x, y])
        turned = _apply("neg", [_composed(quotient, _atan_series(quotient.value))])
    return _Jet(math.atan2(y.value, x.value), turned.rest)


def _power_series(g: float, exponent: float) -> Series:
    """x^c and its derivatives c·x^(c-1), …; a derivative whose factor is 0 is 0 also where the power is not finite."""
    numbers, factor = [], 1.0
    for order in range(4):
        numbers.append(factor * math.pow(g, exponent - order) if factor else 0.0)
        factor *= exponent - order
    return numbers[0], numbers[1], numbers[2], numbers[3]


def _exp_series(g: float) -> Series:
    e = math.exp(g)
    return e, e, e, e


def _log_series(g: float) -> Series:
    return math.log(g), 1.0 / g, -1.0 / g**2, 2.0 / g**3


def _log10_series(g: float) -> Series:
    value, slope, bend, twist = _log_series(g)
    ln10 = math.log(10.0)
    return value / ln10, slope / ln10, bend / ln10, twist / ln10


def _sin_series(g: float) -> Series:
    return math.sin(g), math.cos(g), -math.sin(g), -math.cos(g)


def _cos_series(g: float) -> Series:
    return math.cos(g), -math.sin(g), -math.cos(g), math.sin(g)


def _tan_series(g: float) -> Series:
    t = math.tan(g)
    slope = 1.0 + t * t
    return t, slope, 2.0 * t * slope, 2.0 * slope * (slope + 2.0 * t * t)


def _asin_series(g: float) -> Series:
    square = (1.0 - g) * (1.0 + g)
    slope = 1.0 / math.sqrt(square)
    return math.asin(g), slope, g * slope / square, (1.0 + 2.0 * g * g) * slope / square**2


def _acos_series(g: float) -> Series:
    _, slope, bend, twist = _asin_series(g)
    return math.acos(g), -slope, -bend, -twist


def _atan_series(g: float) -> Series:
    slope = 1.0 / (1.0 + g * g)
    return math.atan(g), slope, -2.0 * g * slope**2, (6.0 * g * g - 2.0) * slope**3


def _sinh_series(g: float) -> Series:
    return math.sinh(g), math.cosh(g), math.sinh(g), math.cosh(g)


def _cosh_series(g: float) -> Series:
    return math.cosh(g), math.sinh(g), math.cosh(g), math.sinh(g)


def _tanh_series(g: float) -> Series:
    t = math.tanh(g)
    slope = 1.0 / math.cosh(g) ** 2
    return t, slope, -2.0 * t * slope, slope * (4.0 * t * t - 2.0 * slope)


_SERIES: dict[str, Callable[[float], Series]] = {
    "sqrt": lambda g: _power_series(g, 0.5),
    "exp": _exp_series,
    "log": _log_series,
    "log10": _log10_series,
    "sin": _sin_series,
    "cos": _cos_series,
    "tan": _tan_series,
    "asin": _asin_series,
    "acos": _acos_series,
    "atan": _atan_series,
    "sinh": _sinh_series,
    "cosh": _cosh_series,
    "tanh": _tanh_series,
}
