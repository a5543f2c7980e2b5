"""Does the law of propagation hold? Its coverage interval against that of Monte Carlo (JCGM 101:2008, clause 8)."""

from __future__ import annotations

import math
from typing import NamedTuple

Interval = tuple[float, float]


class Validation(NamedTuple):
    """Comparison of the interval y ± U_p with the Monte Carlo one, both at the Monte Carlo probability."""

    valid: bool
    d_low: float
    d_high: float
    delta: float
    """Numerical tolerance: half of one unit in the last of the significant digits of u."""


def numerical_tolerance(standard_uncertainty: float, digits: int = 2) -> float:
    """δ = ½·10^l where u = c·10^l with c of so many digits (JCGM 101 7.9.2); 0 for u = 0."""
    if standard_uncertainty == 0.0:
        return 0.0
    # The decimal text rounds c as it is printed, so that 99.7 becomes 10·10¹ and not 100·10⁰.
    exponent = int(f"{standard_uncertainty:.{digits - 1}e}".split("e")[1])
    return 0.5 * 10.0 ** (exponent - digits + 1)


def validate(
    value: float, expanded: float, standard_uncertainty: float, simulated: Interval, spread: float
) -> Validation:
    """Compare value ± expanded with the simulated symmetric interval (JCGM 101 8.1.3).

    The tolerance belongs to two digits of `standard_uncertainty`; of `spread`, the half-width of the simulated
    interval, where the law of propagation gives 0.
    """
    delta = numerical_tolerance(standard_uncertainty if standard_uncertainty > 0.0 else spread)
    d_low = abs(value - expanded - simulated[0])
    d_high = abs(value + expanded - simulated[1])
    valid = math.isfinite(d_low) and math.isfinite(d_high) and d_low <= delta and d_high <= delta
    return Validation(valid, d_low, d_high, delta)
