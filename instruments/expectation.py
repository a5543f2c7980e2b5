"""What a reading should come to, from earlier visits: of the instrument itself, else of others of its model.

The typing guard (guard.py) knows the nominal value; a slip of one digit may still lie near it. The same instrument read
before at the same point says much more, and so do enough others of the same model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

LEAST_OTHERS = 5
"""Others of a model from which their mean and spread say something."""
OWN_FACTOR = 1.0
"""Of the width of the permissible errors: an instrument that moved farther since its last visit is asked about."""
OTHERS_FACTOR = 5.0
"""Standard deviations of the others beyond which a reading is asked about."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A reading farther than `within` from `expected` is asked about; `source` says whose readings they are."""

    expected: Decimal
    within: Decimal
    source: Literal["own", "model"]


def expectation(
    own: Decimal | None, others: Sequence[Decimal], *, mpe: float | None, resolution: Decimal | None
) -> Expectation | None:
    """The expectation at one cell; None when nothing is known or no width can be given.

    `own` is the instrument's last reading there, `others` are the last readings of others of its model, `mpe` the half
    width of the permissible errors in the unit of the reading. A width is never below five steps of the `resolution`.
    """
    least = max(Decimal(0), 5 * resolution) if resolution is not None else Decimal(0)
    if own is not None and mpe is not None and mpe > 0:
        return Expectation(own, max(least, _decimal(OWN_FACTOR * mpe)), "own")
    if len(others) >= LEAST_OTHERS:
        values = [float(value) for value in others]
        mean = math.fsum(values) / len(values)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
        within = max(least, _decimal(max(OTHERS_FACTOR * spread, 0.5 * mpe if mpe else 0.0)))
        return Expectation(_decimal(mean), within, "model") if within > 0 else None
    return None


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.6g}")
