"""The uncertainty of a correction between two points of a certificate, with the covariance of the two points.

Between (x1, c1, u1) and (x2, c2, u2) the correction on the straight line at s = (x - x1)/(x2 - x1) is
c = (1 - s) c1 + s c2, and by the law of propagation for correlated inputs (JCGM 100:2008, 5.2.2, formula (16))
u^2 = (1 - s)^2 u1^2 + s^2 u2^2 + 2 s (1 - s) r u1 u2. r is the correlation of the two points: certificates seldom
state it, and the part that all points share (the laboratory's own standard) usually dominates, so r = 1 is taken where
nothing is known. It is also the greatest u: u = (1 - s) u1 + s u2.
"""

from __future__ import annotations

import math


def interpolated_u(u1: float, u2: float, s: float, r: float = 1.0) -> float:
    """u at the share s (0 to 1) of the way from the first point to the second."""
    a, b = (1 - s) * u1, s * u2
    return math.sqrt(max(0.0, a * a + b * b + 2 * r * a * b))
