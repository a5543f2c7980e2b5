"""Derivatives against an independent oracle: complex steps for the first, and the symbolic ones for the higher."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.compiled import compile_floats
from uncertainty.graph import FUNCTIONS, Graph
from uncertainty.model import Model, compile_model
from uncertainty.taylor import higher_derivatives

POINT = {"x": 0.6, "y": 0.35, "z": 1.7}
FORMULAS = [
    "x + y - z",
    "x*y*z",
    "x/(y*z) - y/x",
    "-x**2 + z**-3",
    "x**y + z**x",
    "(x*y)**2.5",
    "sqrt(x*z)",
    "exp(x*y) - exp(-z)",
    "log(x + y)*log10(z)",
    "sin(x*y) + cos(z/x) + tan(x)",
    "asin(x*y) + acos(y) + atan(z*x)",
    "atan2(x, z) + atan2(-z, y) + atan2(y, -x)",
    "sinh(x) + cosh(y*z) + tanh(z*x)",
    "abs(x - z)*y + abs(z)",
    "min(x*x, z)*y + max(y, x, z)*x",
    "x + y - z*(x*y + y*z)",
    "1/(1 + exp(-x*z/y))",
]
STEP = 1e-30


def _sign(number: complex) -> float:
    return 1.0 if number.real >= 0.0 else -1.0


def _complex_atan2(y: complex, x: complex) -> complex:
    """atan2 continued to small imaginary parts: its derivative is (x dy - y dx)/(x² + y²)."""
    a, b = complex(y), complex(x)
    turn = (b.real * a.imag - a.real * b.imag) / (a.real**2 + b.real**2)
    return complex(math.atan2(a.real, b.real), turn)


COMPLEX: dict[str, Callable[..., complex]] = {
    **{name: getattr(cmath, name) for name, (count, _) in FUNCTIONS.items() if count == 1 and name != "abs"},
    "atan2": _complex_atan2,
    "abs": lambda a: _sign(complex(a)) * a,
    "min": lambda *a: min(a, key=lambda one: complex(one).real),
    "max": lambda *a: max(a, key=lambda one: complex(one).real),
}


def complex_step(formula: str, name: str) -> float:
    """∂f/∂name with the imaginary part of f(x + ih)/h, exact to rounding (Squire and Trapp, SIAM Rev. 40, 110)."""
    moved = {key: complex(number, STEP if key == name else 0.0) for key, number in POINT.items()}
    return complex(eval(formula, {"__builtins__": {}}, {**COMPLEX, **moved})).imag / STEP


def agrees_with_complex_steps(formula: str) -> bool:
    model = Model((("", formula),), tuple(POINT))
    _, (gradient,) = model.values_and_gradients(tuple(POINT.values()))
    expected = [complex_step(formula, name) for name in POINT]
    return gradient == pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_first_derivative_is_the_complex_step(formula: str) -> None:
    assert agrees_with_complex_steps(formula)


OPERATIONS = ["+", "-", "*", "/", "**", "neg", *FUNCTIONS]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_error_of_one_per_cent_in_any_derivative_is_found(operation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original = Graph._partial

    def planted(self: Graph, name: str, value: int, arguments: tuple[int, ...], position: int) -> int:
        partial = original(self, name, value, arguments, position)
        return self.multiply(partial, self.constant(1.01)) if name == operation else partial

    monkeypatch.setattr(Graph, "_partial", planted)
    assert not all(agrees_with_complex_steps(formula) for formula in FORMULAS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_second_and_third_derivatives_are_the_symbolic_ones(formula: str) -> None:
    model = compile_model(formula, tuple(POINT))
    steps = {"x": 0.5, "y": 2.0, "z": 0.1}
    found = higher_derivatives(model.graph, model.roots[0], POINT, steps)
    sizes = np.array(list(steps.values()))
    for i, first in enumerate(POINT):
        for j, second in enumerate(POINT):
            f_ij = _symbolic(model, first, second)
            f_ijj = _symbolic(model, first, second, second)
            assert found.second[i, j] == pytest.approx(f_ij * sizes[i] * sizes[j], rel=1e-10, abs=1e-12)
            assert found.third[i, j] == pytest.approx(f_ijj * sizes[i] * sizes[j] ** 2, rel=1e-10, abs=1e-12)


def _symbolic(model: Model, *names: str) -> float:
    node = model.graph.differentiate(model.roots[0], *names)
    return compile_floats(model.graph, model.inputs, [node])(*POINT.values())[0]


@given(
    st.lists(st.sampled_from(FORMULAS), min_size=2, max_size=3), st.sampled_from(["{}*{}", "{}+{}", "exp(-({})*({}))"])
)
@settings(max_examples=40, deadline=None)
def test_derivatives_of_compositions_are_the_complex_step(parts: Sequence[str], form: str) -> None:
    assert agrees_with_complex_steps(form.format(f"({parts[0]})", f"({parts[1]})"))


def test_the_derivatives_of_arrays_are_those_of_numbers() -> None:
    rng = np.random.default_rng(5)
    columns = [rng.uniform(0.2, 0.9, 50) for _ in POINT]
    for formula in FORMULAS:
        model = compile_model(formula, tuple(POINT))
        found = [np.broadcast_to(row, 50) for row in model.arrays_with_gradients(*columns)]
        for point in range(0, 50, 7):
            values, (gradient,) = model.values_and_gradients([float(column[point]) for column in columns])
            assert [row[point] for row in found] == pytest.approx([*values, *gradient], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [("abs(x)", 1.0), ("max(x, -x)", 1.0), ("min(x, -x)", 1.0), ("x**2", 0.0), ("atan2(x, 1)", 1.0)],
)
def test_at_a_kink_the_derivative_is_that_of_one_side(formula: str, expected: float) -> None:
    _, ((derivative,),) = compile_model(formula, ("x",)).values_and_gradients((0.0,))
    assert derivative == expected


@pytest.mark.parametrize("formula", ["sqrt(x)", "x**0.5", "atan2(x, 0*x)", "asin(1 + x)"])
def test_a_derivative_that_does_not_exist_is_no_number(formula: str) -> None:
    (value,), ((derivative,),) = compile_model(formula, ("x",)).values_and_gradients((0.0,))
    assert math.isfinite(value)
    assert not math.isfinite(derivative)


def test_one_missing_derivative_does_not_hide_the_others() -> None:
    _, (gradient,) = compile_model("sqrt(x) + 3*y", ("x", "y")).values_and_gradients((0.0, 1.0))
    assert gradient[1] == 3.0


def test_a_sensitivity_can_be_read() -> None:
    """GUM H.1.3: the sensitivity to δα is -l_s·θ."""
    model = compile_model("ls + d - ls*(da*th + al*dt)", ("ls", "d", "da", "th", "al", "dt"))
    texts: tuple[Any, ...] = model.sensitivity_texts[0]
    assert texts[1:3] == ("1", "-(ls * th)")


def test_kinks_are_found_with_what_becomes_zero_there() -> None:
    model = compile_model("abs(x - y) + min(x, 2)*sin(x)", ("x", "y"))
    kinks = {kink.text: model.node_and_gradient(kink.gap, (5.0, 3.0))[0] for kink in model.kinks(0)}
    assert kinks == {"abs(x - y)": 2.0, "min(x, 2)": 3.0}
