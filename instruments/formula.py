"""Formulas of procedures: the engine's safe notation, compiled once, evaluated with named numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

from instruments.words import Words
from uncertainty.compiled import compile_floats
from uncertainty.expression import Expression, parse


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
    _answer: Callable[[Mapping[str, float]], float] = field(repr=False, compare=False)

    def value(self, numbers: Mapping[str, float]) -> float:
        """The finite answer for these numbers; UnknownNumber or FormulaFailed otherwise."""
        try:
            answer = self._answer(numbers)
        except KeyError as missing:
            raise UnknownNumber(str(missing.args[0])) from None
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
    return Formula(text, expression.names, _from_numbers(expression))


def _from_numbers(expression: Expression) -> Callable[[Mapping[str, float]], float]:
    """The formula as a function of the named numbers; KeyError names the first that is missing.

    Most formulas of a procedure are one name or one number: those cost no call of a compiled function.
    """
    names, graph, root = expression.names, expression.graph, expression.root
    if len(names) == 1 and graph.nodes[root].operation == "variable":
        return itemgetter(*names)
    function = compile_floats(graph, names, [root])
    if not names:
        return lambda numbers: function()[0]
    if len(names) == 1:
        (name,) = names
        return lambda numbers: function(numbers[name])[0]
    arguments = itemgetter(*names)
    return lambda numbers: function(*arguments(numbers))[0]


_TOO_LARGE = Words("kết quả vượt quá phạm vi tính được", "the answer is beyond what can be calculated")
