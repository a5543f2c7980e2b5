"""The law of propagation of uncertainty for one result at one estimate, to first order (GUM 5.1.2 and 5.2.2)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from uncertainty.correlation import CorrelationMatrix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from uncertainty.model import Model

    Floats = NDArray[np.float64]

_CANCELLED = 4e-16
"""A combined u below this part of the sum of its parts is rounding: fully correlated parts that cancel give 0."""


class FirstOrder(NamedTuple):
    """Combined standard uncertainty of a result and where it comes from, in the order of the inputs."""

    standard_uncertainty: float
    weights: tuple[float, ...]
    """c_i·u_i with its sign, in the result's unit; 0 for an input without spread."""
    shares: tuple[float, ...]
    """Part of u² that is due to each input with its covariances; they sum to 1, all 0 when u = 0."""


def propagate(
    gradient: Sequence[float], spreads: Sequence[float], correlation: CorrelationMatrix | None = None
) -> FirstOrder:
    """Combine the inputs' standard uncertainties `spreads` by the sensitivities `gradient`, both in one order.

    A sensitivity is in the result's unit per input's unit. One that does not exist (nan, inf) matters only where the
    input has a spread; u is nan or inf then.
    """
    weights = tuple([c * u if u else 0.0 for c, u in zip(gradient, spreads, strict=True)])
    if correlation is None:
        u = math.hypot(*weights)
        if u == 0.0:
            return FirstOrder(0.0, weights, weights)
        return FirstOrder(u, weights, tuple([(w / u) ** 2 for w in weights]))
    return _correlated(weights, correlation)


def correlation_of(first: FirstOrder, second: FirstOrder, correlation: CorrelationMatrix | None) -> float:
    """Correlation coefficient of two results of the same inputs (JCGM 102:2011, 6.2.1); nan when one has no spread."""
    if first.standard_uncertainty == 0.0 or second.standard_uncertainty == 0.0:
        return math.nan
    one = [w / first.standard_uncertainty for w in first.weights]
    two = [w / second.standard_uncertainty for w in second.weights]
    if correlation is not None:
        two = [float(x) for x in correlation.matrix @ two]
    return max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(one, two, strict=True))))


def propagate_points(
    model: Model, values: Sequence[float | Floats], standard_uncertainties: Sequence[float | Floats]
) -> tuple[Floats, Floats, list[float | Floats]]:
    """First order of a one-output model at many points: (values, combined standard uncertainties, sensitivities).

    `values` and `standard_uncertainties` stand in the model's order of inputs, each an array over the points or one
    number for all; the inputs are uncorrelated. A sensitivity that does not vary stays a plain number. Points where
    the model has no value come out as nan or inf.
    """
    import numpy as np

    with np.errstate(all="ignore"):
        result, *sensitivities = model.arrays_with_gradients(*values)
        total = None
        for sensitivity, u in zip(sensitivities, standard_uncertainties, strict=True):
            if isinstance(sensitivity, float) and sensitivity == 0.0:
                continue
            weight = sensitivity * u
            weight *= weight
            total = weight if total is None else total + weight
        shape = np.broadcast_shapes(*(np.shape(value) for value in values))
        combined = np.sqrt(np.broadcast_to(0.0 if total is None else total, shape))
    return np.broadcast_to(result, shape), combined, sensitivities


def _correlated(weights: tuple[float, ...], correlation: CorrelationMatrix) -> FirstOrder:
    import numpy as np

    scale = max(map(abs, weights), default=0.0)
    if scale == 0.0 or not math.isfinite(scale) or any(map(math.isnan, weights)):
        u = 0.0 if scale == 0.0 else math.nan
        return FirstOrder(u, weights, (0.0 if scale == 0.0 else math.nan,) * len(weights))
    scaled = np.array(weights) / scale
    independent = correlation.factor.T @ scaled
    combined = float(np.linalg.norm(independent))
    if combined <= _CANCELLED * float(np.abs(scaled).sum()):
        return FirstOrder(0.0, weights, (0.0,) * len(weights))
    # By the factor as well, so that parts that nearly cancel still sum to 1.
    parts = scaled * (correlation.factor @ independent)
    return FirstOrder(combined * scale, weights, tuple((parts / combined**2).tolist()))
