"""What a standard's own history allows for its change since the certificate: half widths of a rectangular contribution.

Between two calibrations in a row a point changed by |b2 - b1|. The greatest of these changes is taken as the bound of
the change until the next one, as long as the intervals are alike: a bound of which no more is known is a rectangle
(JCGM 100:2008, 4.3.7). What the calibrations themselves are uncertain by is part of the certificate's contribution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

Table = Mapping[float, float]
"""Nominal -> deviation from nominal, as one certificate states it."""


def greatest_change(tables: Sequence[Table]) -> float | None:
    """The greatest change of any point from one certificate to the next; `tables` in the order of their days.

    A point counts between certificates that both have it. None when no point was calibrated twice.
    """
    changes = [
        abs(after[nominal] - before[nominal])
        for before, after in pairwise(tables)
        for nominal in after
        if nominal in before
    ]
    return max(changes, default=None)
