"""Charts drawn on the server: where everything stands in an SVG of 720 × 300; the template draws it."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT, TOP, BOTTOM = 720.0, 300.0, 16.0, 262.0
FIGURE, RIGHT_ROOM = 7.2, 132.0
"""Width of one figure of the axis; room at the right for the names of the lines."""


@dataclass(frozen=True)
class Mark:
    """One value; `half` is the length of its bar, None for none. `state` is "", "near" or "out"."""

    x: float
    y: float
    half: float | None = None
    state: str = ""
    told: str = ""


@dataclass(frozen=True)
class Level:
    """A line across: kind "lim" (dashed, named) or "axis"."""

    y: float
    name: str
    kind: str = "lim"


@dataclass(frozen=True)
class Drawing:
    """Everything in SVG coordinates: (x, y, text) labels, paths, bars (x, y, top, bottom, state, told)."""

    y_ticks: tuple[tuple[float, str], ...]
    x_ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str, str, float], ...]
    """(y, kind, name, y of the name)."""
    marks: tuple[tuple[float, float, float | None, float | None, str, str], ...]
    line: str
    trend: str
    band: str
    left: float
    right: float
    upright: tuple[tuple[float, str], ...]


def draw(marks: Sequence[Mark], levels: Sequence[Level], *, x_labels: Sequence[tuple[float, str]],
         number: Callable[[str], str], joined: bool = False, trend: Sequence[tuple[float, float, float]] = (),
         upright: Sequence[tuple[float, str]] = (), breaks: Sequence[float] = ()) -> Drawing:
    """The drawing of at least one mark. `trend` are (x, y, half width) of a fitted line and its band, by x; `upright`
    are vertical lines with their names; a joined line is parted before each x of `breaks`; `number` puts a plain number
    into the page's language."""
    spans = [value for mark in marks for value in (mark.y - (mark.half or 0), mark.y + (mark.half or 0))]
    spans += [level.y for level in levels] + [edge for _x, y, half in trend for edge in (y - half, y + half)]
    low, high = min(spans), max(spans)
    if high <= low:
        room = abs(high) or 1.0
        low, high = low - room / 2, high + room / 2
    low, high = low - 0.06 * (high - low), high + 0.06 * (high - low)
    ticks, places = _steps(low, high)
    labels = [number(f"{tick:.{places}f}") for tick in ticks]
    left = 12 + FIGURE * max(len(label) for label in labels)
    right = WIDTH - RIGHT_ROOM
    xs = [mark.x for mark in marks] + [x for x, _y, _half in trend] + [x for x, _name in upright]
    first, width = min(xs), max(xs) - min(xs)

    def across(x: float) -> float:
        place = left + 16 + (x - first) / width * (right - left - 32) if width else (left + right) / 2
        return round(place, 1)

    def up(y: float) -> float:
        return round(TOP + (high - y) / (high - low) * (BOTTOM - TOP), 1)

    return Drawing(
        y_ticks=tuple((up(tick), label) for tick, label in zip(ticks, labels, strict=True)),
        x_ticks=_sparse([(across(x), label) for x, label in x_labels if first <= x <= max(xs)]),
        levels=_named([(up(level.y), level.kind, level.name) for level in levels]),
        marks=tuple((across(mark.x), up(mark.y), None if mark.half is None else up(mark.y + mark.half),
                     None if mark.half is None else up(mark.y - mark.half), mark.state, mark.told) for mark in marks),
        line="".join(_path([(across(mark.x), up(mark.y)) for mark in run]) for run in _runs(marks, breaks))
        if joined else "",
        trend=_path([(across(x), up(y)) for x, y, _half in trend]),
        band=_path([(across(x), up(y + half)) for x, y, half in trend]
                   + [(across(x), up(y - half)) for x, y, half in reversed(trend)]),
        left=left, right=right, upright=tuple((across(x), name) for x, name in upright))


def years(first: date, last: date) -> list[tuple[float, str]]:
    """1 January of each year in the range, or its two ends when there is none."""
    marks = [date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    if not marks:
        return [(float(day.toordinal()), f"{day:%d/%m/%Y}") for day in dict.fromkeys((first, last))]
    return [(float(day.toordinal()), f"{day.year}") for day in marks]


def days_between(first: date, last: date, count: int = 24) -> list[date]:
    """Days spread evenly from the first through the last."""
    length = (last - first).days
    return [first + timedelta(days=round(length * place / count)) for place in range(count + 1)]


def _steps(low: float, high: float) -> tuple[list[float], int]:
    """Round ticks, steps of 1, 2 or 5 times a power of ten, about five of them; and the decimals they need."""
    raw = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= raw * (1 - 1e-9))
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(place * step, 12) + 0.0 for place in range(first, math.floor(high / step + 1e-9) + 1)], places


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if points else ""


def _runs(marks: Sequence[Mark], breaks: Sequence[float]) -> list[list[Mark]]:
    """The marks from one break to the next."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if not runs or any(runs[-1][-1].x < at <= mark.x for at in breaks):
            runs.append([])
        runs[-1].append(mark)
    return runs


def _sparse(labels: list[tuple[float, str]], room: float = 62.0) -> tuple[tuple[float, str], ...]:
    """Labels that do not run into each other, from the left."""
    kept: list[tuple[float, str]] = []
    for x, text in sorted(labels):
        if not kept or x - kept[-1][0] >= room:
            kept.append((x, text))
    return tuple(kept)


def _named(levels: list[tuple[float, str, str]], room: float = 14.0) -> tuple[tuple[float, str, str, float], ...]:
    """Names moved down where two would stand on each other."""
    placed: list[tuple[float, str, str, float]] = []
    for y, kind, name in sorted(levels):
        at = y if not placed else max(y, placed[-1][3] + room)
        placed.append((y, kind, name, at))
    return tuple(placed)
