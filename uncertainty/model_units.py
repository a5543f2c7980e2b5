"""Dimensional checking of a model: the units of its inputs must fit together and make the unit of its result.

Numbers enter a model as they stand, so not only the dimension but the size of a unit counts: kPa + bar is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isclose, prod

from uncertainty.errors import InputError
from uncertainty.formula_text import formula_text
from uncertainty.graph import Graph
from uncertainty.model import Model
from uncertainty.unit_labels import Symbol, UnitError, symbol
from uncertainty.unit_table import BASE
from uncertainty.units import Unit, unit

_SAME_SIZE = 1e-12
_LONGEST_PART = 60
_ALIKE = ("+", "-", "min", "max", "atan2", "at_least")
_KEEP = ("neg", "abs")
# These answer with a number whatever they are given.
_ANSWER_NUMBER = ("sign", "atan2", "at_least")


@dataclass(frozen=True, slots=True)
class _Measure:
    """A product of rational powers of symbols; sqrt makes halves, which a printed unit does not have."""

    terms: tuple[tuple[str, Fraction], ...] = ()

    @property
    def dimension(self) -> tuple[Fraction, ...]:
        return tuple(
            sum((_meaning(name).dimension[k] * power for name, power in self.terms), Fraction(0))
            for k in range(len(BASE))
        )

    @property
    def size(self) -> float:
        return prod(math.pow(float(_meaning(name).scale), power) for name, power in self.terms)

    @property
    def label(self) -> str:
        if all(power.denominator == 1 for _, power in self.terms):
            return Unit(tuple((name, int(power)) for name, power in self.terms)).symbol
        return "·".join(name if power == 1 else f"{name}^({power})" for name, power in self.terms)

    def power(self, exponent: Fraction) -> _Measure:
        return _Measure(tuple((name, power * exponent) for name, power in self.terms if exponent))

    def times(self, other: _Measure) -> _Measure:
        powers: dict[str, Fraction] = {}
        for name, power in (*self.terms, *other.terms):
            powers[name] = powers.get(name, Fraction(0)) + power
        return _Measure(tuple((name, power) for name, power in powers.items() if power))


_NUMBER = _Measure()


def check_model_units(model: Model, input_units: Mapping[str, str], output_units: Mapping[str, str]) -> None:
    """Raise `InputError` unless the units fit; an input without a unit is a number, an output without one is free.

    `input_units` and `output_units` are labels by name (the single output's name is empty). Sums and comparisons need
    one unit of one size; sin, exp, log and the like, and exponents, need plain numbers; an exponent of a quantity must
    be a constant. A zero in the formula fits every unit. The path is that of the output's formula, or of the label.
    """
    measures = {name: _measure(label, f"inputs.{name}.unit") for name, label in input_units.items() if label}
    for output, root, path in zip(model.outputs, model.roots, model.paths, strict=True):
        found = _of_formula(model.graph, root, measures, path)
        label = output_units.get(output, "")
        if not label or found is None:
            continue
        stated = _measure(label, "quantity.unit")
        if not _alike(found, stated):
            raise InputError(
                path,
                vi=f"mô hình cho kết quả theo {found.label}, nhưng đơn vị đã nêu là {stated.label}",
                en=f"the model gives its result in {found.label}, but the stated unit is {stated.label}",
            )


def _of_formula(graph: Graph, root: int, inputs: Mapping[str, _Measure], path: str) -> _Measure | None:
    """Unit of a formula; None for a zero, which has any."""
    found: dict[int, _Measure | None] = {}
    for number in graph.reachable([root]):
        operation, arguments, constant, name = graph.nodes[number]
        if operation == "constant":
            found[number] = None if constant == 0 else _NUMBER
        elif operation == "variable":
            found[number] = inputs.get(name, _NUMBER)
        else:
            given = [found[argument] for argument in arguments]
            try:
                found[number] = _of_operation(operation, given, graph.number(arguments[-1]))
            except UnitError as error:
                part = formula_text(graph, number, longest=_LONGEST_PART)
                raise InputError(path, vi=f"{part}: {error.vi}", en=f"{part}: {error.en}") from None
    return found[root]


def _of_operation(operation: str, given: list[_Measure | None], last_number: float | None) -> _Measure | None:
    if operation in _ALIKE:
        return _of_alike(operation, given)
    if operation in _KEEP:
        return given[0]
    if operation in _ANSWER_NUMBER:
        return _NUMBER
    first = given[0] or _NUMBER
    if operation in ("*", "/"):
        if given[0] is None:
            return None
        second = given[1] or _NUMBER
        return first.times(second if operation == "*" else second.power(Fraction(-1)))
    if operation == "sqrt":
        return first.power(Fraction(1, 2))
    if operation == "**":
        return _of_power(first, given[1] or _NUMBER, last_number)
    _need_number(operation, first)
    return _NUMBER


def _of_alike(operation: str, given: list[_Measure | None]) -> _Measure | None:
    known = [measure for measure in given if measure is not None]
    for other in known[1:]:
        if _alike(known[0], other):
            continue
        if known[0].dimension == other.dimension:
            raise UnitError(
                vi=f"{known[0].label} và {other.label} cùng loại nhưng khác độ lớn; hãy dùng một đơn vị",
                en=f"{known[0].label} and {other.label} are of one kind but of different size; use one unit",
            )
        raise UnitError(
            vi=f"{known[0].label} và {other.label} là hai loại đơn vị khác nhau",
            en=f"{known[0].label} and {other.label} are units of different kinds",
        )
    return _NUMBER if operation in _ANSWER_NUMBER else next(iter(known), None)


def _of_power(base: _Measure, exponent: _Measure, number: float | None) -> _Measure:
    _need_number("**", exponent)
    if not any(base.dimension) and isclose(base.size, 1, rel_tol=_SAME_SIZE):
        return _NUMBER
    if number is None:
        raise UnitError(
            vi=f"số mũ của {base.label} phải là hằng số",
            en=f"the exponent of a quantity in {base.label} must be a constant",
        )
    return base.power(Fraction(number).limit_denominator(1000))


def _need_number(operation: str, measure: _Measure) -> None:
    if any(measure.dimension) or not isclose(measure.size, 1, rel_tol=_SAME_SIZE):
        hint_vi, hint_en = ("", "")
        if not any(measure.dimension):
            hint_vi, hint_en = " (đổi về số, góc theo radian)", " (convert it to a plain number, an angle to radians)"
        raise UnitError(
            vi=f"{operation} cần một số không có đơn vị, nhưng gặp {measure.label}{hint_vi}",
            en=f"{operation} needs a plain number, found {measure.label}{hint_en}",
        )


def _alike(first: _Measure, second: _Measure) -> bool:
    return first.dimension == second.dimension and isclose(first.size, second.size, rel_tol=_SAME_SIZE)


def _measure(label: str, path: str) -> _Measure:
    try:
        return _Measure(tuple((name, Fraction(power)) for name, power in unit(label).terms))
    except UnitError as error:
        raise InputError(path, vi=error.vi, en=error.en) from None


def _meaning(name: str) -> Symbol:
    found = symbol(name)
    assert found is not None  # a unit holds only known symbols
    return found
