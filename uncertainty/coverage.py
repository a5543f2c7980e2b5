"""Degrees of freedom and coverage factors (GUM annex G)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.errors import InputError

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input

DOF_RULES = ("truncate", "interpolate", "infinite")
METHODS = ("student_t", "dominant", "monte_carlo", "auto")
DEFAULT_PROBABILITY = 0.9545
"""k = 2.00 for a normal distribution (ILAC-P14)."""


@dataclass(frozen=True)
class Coverage:
    """How the expanded uncertainty of a budget is made."""

    probability: float = DEFAULT_PROBABILITY
    """Coverage probability, in (0, 1)."""
    dof_rule: str = "truncate"
    """`truncate` takes the whole degrees of freedom below (GUM G.4.1), `interpolate` the real ones, `infinite` none."""
    method: str = "student_t"
    """`student_t`, `dominant`, `monte_carlo` or `auto` (student_t when Monte Carlo validates it)."""

    def __post_init__(self) -> None:
        if not 0.0 < self.probability < 1.0:
            raise InputError(
                "coverage.probability", vi="xác suất phải nằm trong (0, 1)", en="the probability must lie in (0, 1)"
            )
        for path, word, known in (("dof_rule", self.dof_rule, DOF_RULES), ("method", self.method, METHODS)):
            if word not in known:
                words = ", ".join(known)
                raise InputError(f"coverage.{path}", vi=f"cần một trong: {words}", en=f"expected one of: {words}")


class EffectiveDof(NamedTuple):
    """Effective degrees of freedom of a result (infinite when no finite ones count) and the formula that gave them."""

    dof: float
    formula: str
    """`welch_satterthwaite`, or `willink` when inputs of finite degrees of freedom are correlated."""


def effective_dof(
    shares: Sequence[float], inputs: Sequence[Input], correlation: CorrelationMatrix | None
) -> EffectiveDof:
    """ν_eff = 1/Σ(share²/ν) over the independent components of u² (GUM G.4.1, equation G.2b).

    An input's share of u² holds its part of the covariances, which makes this Willink's formula for correlated
    components (Metrologia 44 (2007) 340): u⁴/ν_eff = Σ_i (c_i u_i Σ_j r_ij c_j u_j)²/ν_i. Inputs of one source with
    equal degrees of freedom are one component, and so are readings taken together (the same number, with their own
    correlation): their sum has the degrees of freedom of any of them (section 4.1 there).
    """
    if correlation is None:
        total = sum([share * share / item.dof for share, item in zip(shares, inputs, strict=True)])
        return EffectiveDof(1.0 / total if total else math.inf, _WELCH)
    parts: list[tuple[float, float]] = []
    grouped: set[int] = set()
    correlated = False
    for group in correlation.groups:
        finite = [i for i in group if math.isfinite(inputs[i].dof) and shares[i] != 0.0]
        correlated = correlated or len(finite) > 1
        for component in _components(group, inputs, correlation):
            grouped.update(component)
            parts.append((math.fsum(shares[i] for i in component), inputs[component[0]].dof))
    parts += [(share, inputs[i].dof) for i, share in enumerate(shares) if i not in grouped]
    return EffectiveDof(_combined(parts), _WILLINK if correlated else _WELCH)


def used_dof(effective: float, rule: str) -> float:
    """Degrees of freedom to look k up with: infinite, real, or truncated (at least 1; 18.999999999 counts as 19)."""
    if rule == "infinite" or math.isinf(effective):
        return math.inf
    if rule == "interpolate":
        return effective
    return max(1.0, float(math.floor(effective * (1.0 + 1e-9))))


@lru_cache(maxsize=4096)
def coverage_factor(probability: float, dof: float) -> float:
    """k such that a Student t (normal when `dof` is infinite) lies within ±k with this probability (GUM G.3.3)."""
    from scipy.special import ndtri, stdtrit

    tail = 0.5 * (1.0 - probability)
    return float(-ndtri(tail)) if math.isinf(dof) else float(-stdtrit(dof, tail))


_WELCH = "welch_satterthwaite"
_WILLINK = "willink"


def _combined(parts: Iterable[tuple[float, float]]) -> float:
    total = sum([share * share / dof for share, dof in parts])
    return 1.0 / total if total > 0.0 else math.inf


def _components(group: Sequence[int], inputs: Sequence[Input], correlation: CorrelationMatrix) -> list[list[int]]:
    """The group's inputs, those that count as one component together."""
    components: list[list[int]] = []
    for i in group:
        for component in components:
            if all(_one_component(inputs[i], inputs[j], float(correlation.matrix[i, j])) for j in component):
                component.append(i)
                break
        else:
            components.append([i])
    return components


def _one_component(a: Input, b: Input, r: float) -> bool:
    if a.dof != b.dof:
        return False
    return (a.source is not None and a.source == b.source) or _observed_together(a, b, r)


def _observed_together(a: Input, b: Input, r: float) -> bool:
    if a.observations is None or b.observations is None or len(a.observations) != len(b.observations):
        return False
    return abs(sample_correlation(a.observations, b.observations) - r) <= _PRINTED_R


_PRINTED_R = 0.006
"""A coefficient printed to two digits is the readings' own within this."""


def sample_correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """r of two equally long series of at least two readings (GUM 5.2.3); 0 when one does not vary."""
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    products = [(a - mean_x, b - mean_y) for a, b in zip(x, y, strict=True)]
    size = math.sqrt(math.fsum(a * a for a, _ in products) * math.fsum(b * b for _, b in products))
    return math.fsum(a * b for a, b in products) / size if size > 0.0 else 0.0
