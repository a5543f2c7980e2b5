"""Second-order terms of the law of propagation (GUM 5.1.2, note)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from uncertainty.notes import Note
from uncertainty.taylor import higher_derivatives

if TYPE_CHECKING:
    from uncertainty.correlation import CorrelationMatrix
    from uncertainty.inputs import Input
    from uncertainty.model import Model
    from uncertainty.propagation import FirstOrder


class SecondOrder(NamedTuple):
    """Value and standard uncertainty of a result with the second-order terms; None where there is none."""

    value: float | None
    """y + ½·tr(HΣ); without correlation y + ½Σ f_ii u_i²."""
    standard_uncertainty: float | None
    notes: tuple[Note, ...] = ()


def second_order(
    model: Model,
    output: int,
    inputs: Sequence[Input],
    value: float,
    first: FirstOrder,
    correlation: CorrelationMatrix | None,
) -> SecondOrder:
    """The terms for one output, by exact second and third derivatives at the estimates.

    u² = Σ(f_i u_i)² + Σ_ij [½ f_ij² + f_i f_ijj] u_i² u_j², which holds for independent, symmetric inputs: with
    correlated ones only the value is given, and where the sum is negative there is no uncertainty to state.
    """
    spread = [i for i, item in enumerate(inputs) if item.standard_uncertainty > 0.0 and item.name in model.used[output]]
    steps = {inputs[i].name: inputs[i].standard_uncertainty for i in spread}
    point = {item.name: item.value for item in inputs}
    try:
        derivatives = higher_derivatives(model.graph, model.roots[output], point, steps)
    except (ArithmeticError, ValueError):
        return SecondOrder(None, None, (_NO_DERIVATIVES,))
    if correlation is not None:
        block = correlation.matrix[np.ix_(spread, spread)]
        if np.any(block != np.eye(len(spread))):
            shift = 0.5 * float(np.sum(derivatives.second * block))
            return _finite(value + shift, math.nan, _CORRELATED)
    shift = 0.5 * float(np.trace(derivatives.second))
    weights = np.array([first.weights[i] for i in spread])
    scale = max(first.standard_uncertainty, float(np.abs(derivatives.second).max(initial=0.0)))
    if not math.isfinite(scale):
        return SecondOrder(None, None, (_NO_DERIVATIVES,))
    if scale == 0.0:
        return SecondOrder(value, 0.0)
    with np.errstate(all="ignore"):
        second, third = derivatives.second / scale, derivatives.third / scale
        terms = 0.5 * second**2 + (weights / scale)[:, None] * third
        variance = (first.standard_uncertainty / scale) ** 2 + float(np.sum(terms))
    deviation = scale * math.sqrt(variance) if variance >= 0.0 else math.nan
    return _finite(value + shift, deviation, _NEGATIVE)


def _finite(value: float, deviation: float, reason: Note) -> SecondOrder:
    if not math.isfinite(value):
        return SecondOrder(None, None, (_NO_DERIVATIVES,))
    if not math.isfinite(deviation):
        return SecondOrder(value, None, (reason,))
    return SecondOrder(value, deviation)


_NO_DERIVATIVES = Note(
    "Số hạng bậc hai không tính được: đạo hàm bậc hai hoặc bậc ba không tồn tại tại giá trị ước lượng.",
    "No second-order terms: a second or third derivative does not exist at the estimates.",
)
_CORRELATED = Note(
    "Số hạng bậc hai: các đại lượng đầu vào tương quan nên chỉ có giá trị hiệu chỉnh ½·tr(HΣ), không có độ không đảm"
    " bảo đo (GUM 5.1.2, chú thích).",
    "Second order: with correlated inputs only the value with the shift ½·tr(HΣ) is given, no uncertainty"
    " (GUM 5.1.2, note).",
)
_NEGATIVE = Note(
    "Số hạng bậc hai: tổng phương sai âm, khai triển không hội tụ tại đây; hãy dùng Monte Carlo.",
    "Second order: the variance came out negative, the expansion does not hold here; use Monte Carlo.",
)
