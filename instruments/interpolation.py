"""A correction and its uncertainty between two points of a certificate, with the covariance of the two points.

Between (x1, c1, u1) and (x2, c2, u2) the correction on the straight line at s = (x - x1)/(x2 - x1) is
c = (1 - s) c1 + s c2, and by the law of propagation for correlated inputs (JCGM 100:2008, 5.2.2, formula (16))
u^2 = (1 - s)^2 u1^2 + s^2 u2^2 + 2 s (1 - s) r u1 u2. r is the correlation of the two points: certificates seldom
state it, and the part that all points share (the laboratory's own standard) usually dominates, so r = 1 is taken where
nothing is known. It is also the greatest u: u = (1 - s) u1 + s u2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class CorrectionPoint:
    """A correction `c` with its standard uncertainty `u` (0 or more), both in one unit, at the nominal `x`."""

    x: float
    c: float
    u: float


def correction_at(points: Sequence[CorrectionPoint], x: float, r: float = 1.0) -> tuple[float, float]:
    """(correction, standard uncertainty) at x, r in [-1, 1] between neighbouring points.

    ValueError: no points, a nominal twice, u negative, r outside its limits, or x beyond the points (no extrapolation).
    """
    line = sorted(points, key=lambda point: point.x)
    if not line or any(a.x == b.x for a, b in pairwise(line)):
        raise ValueError("points are needed, each nominal once")
    if not -1.0 <= r <= 1.0 or any(point.u < 0 for point in line):
        raise ValueError("r lies in [-1, 1] and u is not negative")
    for point in line:
        if point.x == x:
            return point.c, point.u
    for a, b in pairwise(line):
        if a.x < x < b.x:
            s = (x - a.x) / (b.x - a.x)
            return (1 - s) * a.c + s * b.c, interpolated_u(a.u, b.u, s, r)
    raise ValueError("beyond the points of the certificate")


def interpolated_u(u1: float, u2: float, s: float, r: float = 1.0) -> float:
    """u at the share s (0 to 1) of the way from the first point to the second."""
    a, b = (1 - s) * u1, s * u2
    return math.sqrt(max(0.0, a * a + b * b + 2 * r * a * b))


def correlation_of_common_part(u1: float, u2: float, common: float) -> float:
    """r of two points whose uncertainties u1 and u2 share a fully correlated part `common` (JCGM 100:2008, F.1.2.3).

    ValueError when the common part is larger than one of them or one is not positive.
    """
    if not 0 <= common <= min(u1, u2) or min(u1, u2) <= 0:
        raise ValueError("the common part is between 0 and the smaller uncertainty")
    return common * common / (u1 * u2)
