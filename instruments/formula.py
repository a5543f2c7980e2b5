"""Formulas of procedures: the engine's safe notation, compiled once, evaluated with named numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from instruments.words import Words
from uncertainty.compiled import compile_floats
from uncertainty.expression import parse


class UnknownNumber(LookupError):
    """A name of the formula has no number yet; `name` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class FormulaFailed(ArithmeticError):
    """The formula has no finite answer for these numbers; `text` says why."""

    def __init__(self, formula: str, why: Words) -> None:
        super().__init__(f"{formula}: {why.en}")
        self.text = Words(f"công thức {formula}: {why.vi}", f"formula {formula}: {why.en}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula; `names` are the names it needs, in order of first appearance."""

    text: str
    names: tuple[str, ...]
    _function: Callable[..., tuple[float, ...]] = field(repr=False, compare=False)

    def value(self, numbers: Mapping[str, float]) -> float:
        """The finite answer for these numbers; UnknownNumber or FormulaFailed otherwise."""
        try:
            arguments = [numbers[name] for name in self.names]
        except KeyError as missing:
            raise UnknownNumber(str(missing.args[0])) from None
        try:
            (answer,) = self._function(*arguments)
        except ZeroDivisionError:
            raise FormulaFailed(self.text, Words("chia cho 0", "division by zero")) from None
        except OverflowError:
            raise FormulaFailed(self.text, _TOO_LARGE) from None
        except ValueError:
            raise FormulaFailed(self.text, Words("ngoài miền xác định", "outside the domain of a function")) from None
        if not math.isfinite(answer):
            raise FormulaFailed(self.text, _TOO_LARGE)
        return answer


@lru_cache(maxsize=4096)
def read_formula(text: str) -> Formula:
    """Parse and compile; `uncertainty.errors.InputError` says what is wrong and at which character."""
    expression = parse(text)
    return Formula(text, expression.names, compile_floats(expression.graph, expression.names, [expression.root]))


_TOO_LARGE = Words("kết quả vượt quá phạm vi tính được", "the answer is beyond what can be calculated")
