"""Coverage factors when one or two bounded inputs dominate the result (EA-4/02 M:2022, S9.14 and S10.13)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.distributions import Arcsine, Rectangular, Triangular

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input

ONE_DOMINANT = 0.3
"""Largest u_rest/u_largest at which the largest input's own distribution is taken (EA-4/02 S9)."""
TWO_DOMINANT = 0.35
"""Largest u_rest/u_pair at which the trapezoid of the two largest is taken (EA-4/02 S10)."""
_GRACE = 1.0 + 1e-9


class DominantFactor(NamedTuple):
    """k of a result that looks like its dominant part."""

    k: float
    method: str
    """`dominant_rectangular`, `dominant_triangular`, `dominant_arcsine` or `dominant_two_rectangular`."""


def dominant_factor(
    weights: Sequence[float],
    standard_uncertainty: float,
    inputs: Sequence[Input],
    correlation: CorrelationMatrix | None,
    probability: float,
) -> DominantFactor | None:
    """The factor for the combined standard uncertainty u, or None when nothing dominates in one of the known ways.

    `weights` are c_i·u_i in the result's unit. A dominant input that is correlated with another one has no
    distribution of its own in the result, so nothing is claimed then.
    """
    order = sorted(range(len(weights)), key=lambda i: -abs(weights[i]))
    correlated = {i for group in correlation.groups for i in group if weights[i]} if correlation else set()
    if not order or standard_uncertainty <= 0.0 or order[0] in correlated:
        return None
    largest = abs(weights[order[0]])
    drawn = inputs[order[0]].distribution
    single = _SINGLE.get(type(drawn))
    if single and _rest(standard_uncertainty, largest) <= ONE_DOMINANT * largest * _GRACE:
        return DominantFactor(single(probability), f"dominant_{drawn.kind}")
    if len(order) < 2 or order[1] in correlated:
        return None
    second = abs(weights[order[1]])
    pair = math.hypot(largest, second)
    both = isinstance(drawn, Rectangular) and isinstance(inputs[order[1]].distribution, Rectangular)
    if not both or second == 0.0 or _rest(standard_uncertainty, pair) > TWO_DOMINANT * pair * _GRACE:
        return None
    # u = a/√3 for both, so their ratio is that of the half-widths.
    return DominantFactor(trapezoid_factor(probability, (largest - second) / (largest + second)), _TWO)


def rectangular_factor(probability: float) -> float:
    """k = p√3 (EA-4/02 S9.14)."""
    return probability * math.sqrt(3.0)


def triangular_factor(probability: float) -> float:
    """k = (1 - √(1-p))·√6."""
    return (1.0 - math.sqrt(1.0 - probability)) * math.sqrt(6.0)


def arcsine_factor(probability: float) -> float:
    """k = √2·sin(πp/2)."""
    return math.sqrt(2.0) * math.sin(0.5 * math.pi * probability)


def trapezoid_factor(probability: float, beta: float) -> float:
    """k of the trapezoid with top/base `beta` (EA-4/02 S10.13), inside its flat part when p < 2β/(1+β)."""
    per_half_width = math.sqrt((1.0 + beta**2) / 6.0)
    if probability >= 2.0 * beta / (1.0 + beta):
        return (1.0 - math.sqrt((1.0 - probability) * (1.0 - beta**2))) / per_half_width
    return 0.5 * probability * (1.0 + beta) / per_half_width


_SINGLE = {Rectangular: rectangular_factor, Triangular: triangular_factor, Arcsine: arcsine_factor}
_TWO = "dominant_two_rectangular"


def _rest(combined: float, part: float) -> float:
    ratio = part / combined
    return combined * math.sqrt(max(0.0, (1.0 - ratio) * (1.0 + ratio)))
