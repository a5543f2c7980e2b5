"""How much a device was used: hours from the spans of its measurements, and the readouts of its hour meter.

What the meter says goes before what was counted: between two readouts the use is their difference, spread over the days
as counted there. Before the first and after the last readout what was counted stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

Day = tuple[date, Decimal]
HUNDREDTH = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, order=True)
class Readout:
    """What an hour meter showed at the end of a day, in hours."""

    on: date
    value: Decimal


def hours(spans: Iterable[tuple[date, datetime, datetime]]) -> list[Day]:
    """Hours of each day covered by the spans (day, begin, end); what overlaps, several devices measured at once, counts
    once. Hundredths of an hour."""
    covered: dict[date, timedelta] = {}
    until: dict[date, datetime] = {}
    for day, begin, end in sorted(spans):
        start = max(begin, until.get(day, begin))
        covered[day] = covered.get(day, timedelta()) + max(end - start, timedelta())
        until[day] = max(end, until.get(day, end))
    return [(day, (Decimal(round(length.total_seconds())) / 3600).quantize(HUNDREDTH))
            for day, length in covered.items()]


def beyond_sheets(typed: Iterable[Day], counted: Iterable[Day]) -> list[Day]:
    """What was typed of each day beyond what its sheets counted.

    For entries of a time when sheets did not count by themselves: whoever typed the uses of a day typed those on sheets
    too, so of the two the greater counts. A day whose entries take off more than they add takes that off."""
    sums: dict[date, Decimal] = {}
    for day, amount in typed:
        sums[day] = sums.get(day, NOTHING) + amount
    for day, amount in counted:
        if sums.get(day, NOTHING) > 0:
            sums[day] -= min(sums[day], amount)
    return sorted((day, amount) for day, amount in sums.items() if amount)


def by_meter(log: Iterable[Day], readouts: Sequence[Readout]) -> list[Day]:
    """The log (day, amount) set right by the readouts, by day. A readout below the one before begins a new meter."""
    standing = sorted(log)
    for before, after in pairwise(sorted(readouts)):
        if after.value >= before.value:
            inside = [one for one in standing if before.on < one[0] <= after.on]
            rest = [one for one in standing if not before.on < one[0] <= after.on]
            standing = sorted([*rest, *_shared(inside, after.value - before.value, after.on)])
    return standing


def _shared(inside: Sequence[Day], total: Decimal, last: date) -> list[Day]:
    """The total spread over the days as they were counted; on the last day where nothing was."""
    counted = sum((amount for _day, amount in inside), NOTHING)
    if counted <= 0:
        return [(last, total)]
    spread = [(day, (amount * total / counted).quantize(HUNDREDTH)) for day, amount in inside]
    rounding = total - sum((amount for _day, amount in spread), NOTHING)
    return [*spread[:-1], (spread[-1][0], spread[-1][1] + rounding)]
