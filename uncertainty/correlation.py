"""Correlation between inputs: stated coefficients and shared sources, checked to be possible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.inputs import Input

_NEGATIVE = 1e-9
"""An eigenvalue below minus this is a contradiction, not rounding in the sixteenth digit."""


@dataclass(frozen=True)
class Correlation:
    """Coefficient r in [-1, 1] between two inputs (of their normal scores where they are not normal)."""

    first: str
    second: str
    r: float


@dataclass(frozen=True, eq=False)
class CorrelationMatrix:
    """All coefficients between the inputs of one budget, in the order of the inputs."""

    matrix: NDArray[np.float64]

    @cached_property
    def groups(self) -> list[list[int]]:
        """Positions of inputs that hang together by coefficients other than 0; at least two in each group."""
        count = len(self.matrix)
        group_of = list(range(count))
        for i in range(count):
            for j in range(i):
                if self.matrix[i, j] != 0.0 and group_of[i] != group_of[j]:
                    merged, gone = group_of[j], group_of[i]
                    group_of = [merged if group == gone else group for group in group_of]
        members = [[i for i in range(count) if group_of[i] == group] for group in sorted(set(group_of))]
        return [group for group in members if len(group) > 1]

    @cached_property
    def factor(self) -> NDArray[np.float64]:
        """L with L·Lᵀ = R, by Cholesky with the largest pivot first, which also serves singular matrices.

        Fully correlated inputs get equal rows, so that their difference has exactly no uncertainty.
        """
        rest = self.matrix.copy()
        factor = np.zeros_like(rest)
        for column in range(len(rest)):
            pivot = int(np.argmax(np.diag(rest)))
            size = rest[pivot, pivot]
            if size <= 1e-12:
                break
            factor[:, column] = rest[:, pivot] / math.sqrt(size)
            rest -= np.outer(factor[:, column], factor[:, column])
        return factor


def correlation_matrix(inputs: Sequence[Input], correlations: Sequence[Correlation]) -> CorrelationMatrix | None:
    """The checked matrix, or None when nothing is correlated.

    Raises `InputError` at `correlations…`: unknown or equal names, |r| > 1, two different r for one pair (also against
    a shared source), or coefficients that no quantities can have together (not positive semidefinite).
    """
    if not correlations and all(item.source is None for item in inputs):
        return None
    position = {item.name: i for i, item in enumerate(inputs)}
    stated: dict[tuple[int, int], float] = {}
    for i, item in enumerate(inputs):
        for j in range(i):
            if item.source is not None and inputs[j].source == item.source:
                stated[j, i] = 1.0
    for number, correlation in enumerate(correlations):
        _state(stated, correlation, position, f"correlations.{number}")
    if not any(stated.values()):
        return None
    matrix = np.eye(len(inputs))
    for (i, j), r in stated.items():
        matrix[i, j] = matrix[j, i] = r
    lowest = float(np.linalg.eigvalsh(matrix)[0])
    if lowest < -_NEGATIVE:
        raise InputError(
            "correlations",
            vi=f"các hệ số tương quan mâu thuẫn nhau: ma trận không nửa xác định dương (trị riêng {lowest:.3g} < 0)",
            en=f"these coefficients contradict each other: the matrix is not positive semidefinite"
            f" (eigenvalue {lowest:.3g} < 0)",
        )
    return CorrelationMatrix(matrix)


def _state(stated: dict[tuple[int, int], float], correlation: Correlation, position: dict[str, int], path: str) -> None:
    for end, name in enumerate((correlation.first, correlation.second)):
        if name not in position:
            known = ", ".join(position)
            raise InputError(
                f"{path}.between.{end}",
                vi=f"không có đại lượng đầu vào {name!r}; đã khai báo: {known}",
                en=f"there is no input {name!r}; declared: {known}",
            )
    if correlation.first == correlation.second:
        raise InputError(f"{path}.between", vi="cần hai đại lượng khác nhau", en="expected two different inputs")
    if not -1.0 <= correlation.r <= 1.0:
        raise InputError(f"{path}.r", vi="r phải nằm trong [-1, 1]", en="r must lie in [-1, 1]")
    first, second = sorted((position[correlation.first], position[correlation.second]))
    if stated.setdefault((first, second), correlation.r) != correlation.r:
        raise InputError(
            path,
            vi=f"cặp {correlation.first}, {correlation.second} đã có r = {stated[first, second]:g}"
            " (nêu hai lần hoặc chung nguồn)",
            en=f"the pair {correlation.first}, {correlation.second} already has r = {stated[first, second]:g}"
            " (stated twice, or by a shared source)",
        )
