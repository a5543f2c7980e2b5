"""Joint draws of a budget's inputs: independent ones one by one, correlated ones through a Gaussian copula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from uncertainty.distributions import Constant, Normal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input

    Floats = NDArray[np.float64]

_OPEN = 2.0**-54
"""Probabilities stay this far from 0 and 1, where quantiles are infinite."""


class Sampler:
    """Draws the inputs that a model uses; the others, and constants, stand at their value.

    `importance`, one number per input (0 for all when not given), puts the weightiest inputs first among the
    dimensions: quasi-random points are most even in the first ones.
    """

    def __init__(
        self,
        inputs: Sequence[Input],
        correlation: CorrelationMatrix | None,
        used: Sequence[str],
        importance: Sequence[float] | None = None,
    ) -> None:
        self._inputs = inputs
        drawn = [
            i for i, item in enumerate(inputs) if item.name in used and not isinstance(item.distribution, Constant)
        ]
        self._groups: list[tuple[list[int], Floats]] = []
        if correlation is not None:
            for group in correlation.groups:
                members = [i for i in group if i in drawn]
                if len(members) > 1:
                    self._groups.append(
                        (members, correlation.factor[members][:, correlation.factor[members].any(axis=0)])
                    )
        grouped = {i for members, _ in self._groups for i in members}
        self._single = [i for i in drawn if i not in grouped]
        if importance is not None:
            self._single.sort(key=lambda i: -importance[i])
        self.dimensions = len(self._single) + sum(factor.shape[1] for _, factor in self._groups)
        """Independent random numbers behind one joint draw (when made from quantiles)."""

    def draw(self, rng: np.random.Generator, rows: Floats) -> list[Floats | float]:
        """One column per input, in their order; `rows` (inputs × size) is room to work in, and gets overwritten."""
        columns: list[Floats | float] = [item.value for item in self._inputs]
        size = rows.shape[1]
        for i in self._single:
            self._inputs[i].distribution.draw(rng, rows[i])
            columns[i] = rows[i]
        for members, factor in self._groups:
            self._correlated(members, _mixed(factor, rng.standard_normal((factor.shape[1], size))), columns)
        return columns

    def from_uniform(self, points: Floats) -> list[Floats | float]:
        """The same by quantiles from points of the half-open unit cube, shape (dimensions, size), which get changed."""
        columns: list[Floats | float] = [item.value for item in self._inputs]
        probabilities = np.maximum(points, _OPEN, out=points)
        for row, i in enumerate(self._single):
            columns[i] = self._inputs[i].distribution.quantile(probabilities[row])
        row = len(self._single)
        for members, factor in self._groups:
            independent = _normal_scores(probabilities[row : row + factor.shape[1]])
            row += factor.shape[1]
            self._correlated(members, _mixed(factor, independent), columns)
        return columns

    def _correlated(self, members: Sequence[int], scores: Floats, columns: list[Floats | float]) -> None:
        for i, score in zip(members, scores, strict=True):
            distribution = self._inputs[i].distribution
            if isinstance(distribution, Normal):
                columns[i] = distribution.centre + distribution.scale * score
            else:
                columns[i] = distribution.quantile(np.clip(_probabilities(score), _OPEN, 1.0 - _OPEN))


def _mixed(factor: Floats, independent: Floats) -> Floats:
    """factor·independent, summed in one order: a matrix product may sum in another with another number of threads."""
    mixed = np.zeros((len(factor), independent.shape[1]))
    for row, coefficients in zip(mixed, factor, strict=True):
        for coefficient, score in zip(coefficients, independent, strict=True):
            if coefficient != 0.0:
                row += coefficient * score
    return mixed


def _normal_scores(probabilities: Floats) -> Floats:
    from scipy.special import ndtri

    scores: Floats = ndtri(probabilities)
    return scores


def _probabilities(scores: Floats) -> Floats:
    from scipy.special import ndtr

    probabilities: Floats = ndtr(scores)
    return probabilities
