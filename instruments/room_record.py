"""What the record of a room says of a period: where nothing was recorded, and where a limit was passed (6.3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one quantity; times of one sequence all with or all without a zone."""

    at: datetime
    value: Decimal


@dataclass(frozen=True, slots=True)
class RoomFinding:
    """A gap or an excursion. `extreme` is the value farthest outside, None for a gap."""

    kind: Literal["gap", "excursion"]
    begin: datetime
    end: datetime
    extreme: Decimal | None = None


def examine(
    readings: Sequence[Reading],
    start: datetime,
    end: datetime,
    *,
    lower: Decimal | None,
    upper: Decimal | None,
    longest_gap: timedelta,
    known_until: datetime | None = None,
) -> tuple[RoomFinding, ...]:
    """Gaps longer than `longest_gap` that touch the period, and excursions inside it, by their begin.

    What comes after `known_until` (the present) is not recorded yet: that a reading is still to come is no gap.
    `readings` in the order of time, also some before and after the period: what stands next to it tells whether its
    edges are covered. Limits themselves are inside. Between two readings outside on one side the excursion goes on.
    """
    latest = end + longest_gap if known_until is None else min(end + longest_gap, max(known_until, end))
    found = [
        *_gaps(readings, start, end, longest_gap, latest),
        *_excursions(readings, start, end, lower, upper, longest_gap),
    ]
    return tuple(sorted(found, key=lambda one: (one.begin, one.kind)))


def _gaps(
    readings: Sequence[Reading], start: datetime, end: datetime, longest: timedelta, latest: datetime
) -> list[RoomFinding]:
    found = []
    before = start - longest
    around = [one.at for one in readings if start - longest <= one.at <= end + longest]
    for at in [*around, None]:
        following = at if at is not None else latest if around else end + longest
        if following - before > longest and before < end and following > start:
            gap = (max(before, start), min(following, end))
            if gap[0] < gap[1] or start == end:
                found.append(RoomFinding("gap", *gap))
        before = following
    return found


def _excursions(
    readings: Sequence[Reading],
    start: datetime,
    end: datetime,
    lower: Decimal | None,
    upper: Decimal | None,
    longest: timedelta,
) -> list[RoomFinding]:
    found: list[RoomFinding] = []
    side_before = 0
    for one in readings:
        if not start <= one.at <= end:
            continue
        side = 1 if upper is not None and one.value > upper else -1 if lower is not None and one.value < lower else 0
        if side and side == side_before and one.at - found[-1].end <= longest:
            last = found[-1]
            assert last.extreme is not None  # an excursion has one
            extreme = max(last.extreme, one.value) if side > 0 else min(last.extreme, one.value)
            found[-1] = RoomFinding("excursion", last.begin, one.at, extreme)
        elif side:
            found.append(RoomFinding("excursion", one.at, one.at, one.value))
        side_before = side
    return found
