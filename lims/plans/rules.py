"""Rules of a plan: whether a target is met, where its item stands, which numbers its printed result leaves out."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

LATE_BY = Decimal("0.25")
"""Share of its time by which a count may lag behind before it is called behind."""


class Standing(StrEnum):
    """How a target or an item stands on a day."""

    MET = "met"
    ON_COURSE = "on_course"
    BEHIND = "behind"
    MISSED = "missed"
    UNKNOWN = "unknown"


def holds(value: Decimal, comparator: str, quantity: Decimal) -> bool:
    """Whether `value comparator quantity`; KeyError for an unknown comparator."""
    return {">=": value >= quantity, ">": value > quantity, "=": value == quantity, "<=": value <= quantity,
            "<": value < quantity}[comparator]


def standing(value: Decimal | None, comparator: str, quantity: Decimal, first: date, last: date,
             today: date) -> Standing:
    """Where a target stands on `today`; it may be met through its last day and is missed from the day after.

    A floor (>=, >, =) is met as soon as it holds. A ceiling (<=, <) is on course while it holds and met only when its
    time is over; once broken it is missed, as is an exact number (=) that was passed. Where there is nothing to count
    (a share of nothing) it is unknown, after its time too: that is no failure.
    """
    if value is None:
        return Standing.UNKNOWN
    over = today > last
    if comparator in ("<=", "<"):
        if not holds(value, comparator, quantity):
            return Standing.MISSED
        return Standing.MET if over else Standing.ON_COURSE
    if holds(value, comparator, quantity):
        return Standing.MET
    if over or (comparator == "=" and value > quantity):
        return Standing.MISSED
    elapsed = Decimal((today - first).days) / Decimal(max((last - first).days, 1))
    share = value / quantity if quantity > 0 else Decimal(0)
    return Standing.BEHIND if elapsed - share > LATE_BY else Standing.ON_COURSE


def worst(standings: Iterable[Standing]) -> Standing:
    """Standing of an item from those of its targets: its worst; UNKNOWN where it has none."""
    order = (Standing.MISSED, Standing.BEHIND, Standing.UNKNOWN, Standing.ON_COURSE, Standing.MET)
    return min(standings, key=order.index, default=Standing.UNKNOWN)


def unstated(quantities: Mapping[str, Decimal], deliverable: str) -> list[str]:
    """Names of the targets whose number does not stand in the printed result: "30 enterprises" against "a report".

    A number is found as digits with or without leading zeros ("02 chương trình" states 2); one thing is stated by its
    name alone.
    """
    stated = {int(digits) for digits in re.findall(r"\d+", deliverable, re.ASCII)}
    return [name for name, quantity in quantities.items()
            if quantity > 1 and quantity == quantity.to_integral_value() and int(quantity) not in stated]


def carried(standings: Sequence[Standing], ends_on: date, year: int) -> bool:
    """Whether an item goes over into the next year's plan: it lasts beyond its own year or was not achieved."""
    return ends_on.year > year or any(one is not Standing.MET for one in standings)
