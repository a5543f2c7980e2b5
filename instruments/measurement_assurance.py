"""Whether an instrument measures well enough for a required tolerance, and which gaps a measurement has on a day.

Sources: TUR = T/(2U) with U at 95 % (ANSI/NCSL Z540.3:2006, 3.11); C_m = T/(4u) (JCGM 106:2012, 7.6.3); the standard
uncertainty of an instrument of which only its maximum permissible error is known is MPE/√3 (JCGM 100:2008, 4.3.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import inf, sqrt
from typing import Literal

from uncertainty.limits import Limits
from uncertainty.risk import measurement_capability_index, uncertainty_ratio

Gap = Literal["no_instrument", "out_of_use", "never_checked", "failed", "overdue", "ends_within", "no_uncertainty",
              "no_tolerance", "small_ratio"]  # fmt: skip
GAPS: tuple[Gap, ...] = ("no_instrument", "out_of_use", "never_checked", "failed", "overdue", "ends_within",
                         "no_uncertainty", "no_tolerance", "small_ratio")  # fmt: skip
URGENT: frozenset[Gap] = frozenset({"no_instrument", "out_of_use", "never_checked", "failed", "overdue", "small_ratio"})
"""Gaps that make the measurement unfit or unlawful; the others are to be seen to within the programme."""
COVERAGE = 2.0


@dataclass(frozen=True)
class Capability:
    """What an instrument can do for a tolerance: U (k = 2) in the unit of the tolerance, TUR and C_m; None: unknown or
    one-sided."""

    expanded: float | None
    ratio: float | None
    index: float | None


@dataclass(frozen=True)
class Standing:
    """The instrument of a measurement on a day: "" for no service known."""

    in_use: bool
    service: str
    verdict: str
    due_on: date | None
    legal: bool


def capability(
    lower: Decimal | None, upper: Decimal | None, *, expanded: Decimal | None, factor: Decimal = Decimal(2),
    permissible: Decimal | None = None,
) -> Capability:  # fmt: skip
    """Capability of an instrument for the tolerance `lower` to `upper` (None: no limit on that side), one unit.

    `expanded` is U of its certificate with coverage factor `factor`; without it `permissible`, the half-width of its
    limits of error, stands for u = MPE/√3. Raises ValueError where a number is not positive or the limits are reversed.
    """
    if lower is not None and upper is not None and lower >= upper:
        raise ValueError("the lower limit is below the upper one")
    if any(number is not None and not number > 0 for number in (expanded, factor, permissible)):
        raise ValueError("uncertainty, factor and permissible error are positive")
    if expanded is not None:
        standard = float(expanded / factor)
    elif permissible is not None:
        standard = float(permissible) / sqrt(3)
    else:
        return Capability(None, None, None)
    limits = Limits(-inf if lower is None else float(lower), inf if upper is None else float(upper))
    return Capability(COVERAGE * standard, uncertainty_ratio(COVERAGE * standard, limits),
                      measurement_capability_index(standard, limits))  # fmt: skip


def gaps(
    instrument: Standing | None, found: Capability, *, has_tolerance: bool, wanted_ratio: Decimal, today: date,
    until: date,
) -> tuple[Gap, ...]:  # fmt: skip
    """The gaps of one measurement on `today` for a programme that runs to `until`, most telling first."""
    missing: list[Gap] = list(_of_instrument(instrument, today, until))
    if not has_tolerance:
        missing.append("no_tolerance")
    elif found.expanded is None:
        missing.append("no_uncertainty")
    elif found.ratio is not None and found.ratio < float(wanted_ratio):
        missing.append("small_ratio")
    return tuple(missing)


def _of_instrument(instrument: Standing | None, today: date, until: date) -> tuple[Gap, ...]:
    if instrument is None:
        return ("no_instrument",)
    if not instrument.in_use:
        return ("out_of_use",)
    if not instrument.service or (instrument.legal and instrument.service != "verification"):
        return ("never_checked",)
    if instrument.verdict in ("fail", "withdrawn"):
        return ("failed",)
    if instrument.due_on is not None and instrument.due_on < today:
        return ("overdue",)
    if instrument.due_on is not None and instrument.due_on <= until:
        return ("ends_within",)
    return ()
