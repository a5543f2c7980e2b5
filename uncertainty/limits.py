"""Tolerance and acceptance limits: an interval of permissible values, open on a side that has no limit."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isnan

# A value within this share of u of a limit is on it: no measurement tells them apart, and the sums of decimal
# numbers that make the limit are then not decided by their last binary digit.
GRACE_IN_U = 1e-9
# Sums of two doubles are exact to one unit in the last place; four cover limit ± k·u·r.
_ROUNDING = 4 * 2.0**-52


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one quantity in its unit, both included; -inf or +inf where there is none.

    `lower` may exceed `upper`: that is the empty zone which a guard band wider than half the tolerance leaves.
    """

    lower: float = -inf
    upper: float = inf

    def __post_init__(self) -> None:
        if isnan(self.lower) or isnan(self.upper) or self.lower == inf or self.upper == -inf:
            raise ValueError(f"not limits: {self.lower} to {self.upper}")

    @property
    def width(self) -> float:
        """T = upper − lower (JCGM 106:2012 3.3.5), infinite when a side is open."""
        return self.upper - self.lower

    @property
    def is_two_sided(self) -> bool:
        """Whether both limits are there."""
        return isfinite(self.lower) and isfinite(self.upper)

    def shrunk(self, guard_band: float) -> Limits:
        """Both limits moved inwards by a guard band w (outwards when w < 0), JCGM 106:2012 8.3."""
        return Limits(self.lower + guard_band, self.upper - guard_band)

    def is_empty(self, standard_uncertainty: float = 0.0) -> bool:
        """Whether no value lies inside; `standard_uncertainty` sets the grace of `contains`."""
        return self.lower > self.upper + self._grace(standard_uncertainty)

    def contains(self, value: float, standard_uncertainty: float = 0.0) -> bool:
        """Whether `value` lies inside; a value closer than 1e-9 u (or the rounding of a sum) to a limit is on it."""
        grace = self._grace(standard_uncertainty) + _ROUNDING * abs(value)
        return self.lower - grace <= value <= self.upper + grace

    def _grace(self, standard_uncertainty: float) -> float:
        largest = max((abs(limit) for limit in (self.lower, self.upper) if isfinite(limit)), default=0.0)
        return GRACE_IN_U * standard_uncertainty + _ROUNDING * largest
