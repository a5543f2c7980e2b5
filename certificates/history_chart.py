"""The history of a standard at one point: value ± U at each calibration, fitted line, limits, due day; black lines with
direct labels, as in the error chart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from certificates.chart import Axis, round_axis
from certificates.flow import Block
from certificates.fonts import Face
from certificates.formats import figure
from certificates.sheet import MM, THIN, Align, Sheet

_SIZE = 7.6
_NAMED = 7.2
MOST_YEARS = 12


@dataclass(frozen=True)
class HistoryPoint:
    """The deviation found on a day, with its expanded uncertainty."""

    on: date
    value: float
    spread: float


@dataclass(frozen=True)
class HistoryChart:
    """At least one point, in the order of time. `trend` is the fitted line, two points of it; `upright` are days with
    their names (due, predicted). Values, limits and trend are in `unit`."""

    caption: str
    unit: str
    points: tuple[HistoryPoint, ...]
    lower: float | None = None
    upper: float | None = None
    trend: tuple[tuple[date, float], ...] = ()
    upright: tuple[tuple[date, str], ...] = ()

    def spoken(self) -> str:
        """The chart in words."""
        return f"{self.caption}: " + "; ".join(
            f"{point.on:%d/%m/%Y} {_shown(point.value)} ± {_shown(point.spread)} {self.unit}" for point in self.points
        )


class HistoryBlock(Block):
    """The chart on a page, as wide as the text; it stays on one page."""

    gap = 1 * MM
    height = 50 * MM

    def __init__(self, chart: HistoryChart, room: float) -> None:
        self.chart, self.room = chart, room
        edges = [point.value + sign * point.spread for point in chart.points for sign in (-1, 1)]
        edges += [limit for limit in (chart.lower, chart.upper) if limit is not None]
        edges += [value for _day, value in chart.trend]
        self.axis = round_axis(Decimal(f"{min(edges):.9g}"), Decimal(f"{max(edges):.9g}"), 5)
        days = [*(point.on for point in chart.points), *(day for day, _one in (*chart.trend, *chart.upright))]
        self.first, self.last = min(days), max(days)

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As one figure."""
        bottom = top - self.height
        with sheet.tag("Figure", alternative=self.chart.spoken()) as element:
            element.box = (x, bottom, x + self.room, top)
            left, right = x + 19 * MM, x + self.room - 26 * MM
            low, high = bottom + 8 * MM, top - 7 * MM
            along, up = self._along(left, right), _up(self.axis, low, high)
            self._axes(sheet, (left, right, low, high), along, up)
            self._limits(sheet, left, right, up)
            for day, words in self.chart.upright:
                sheet.rule(along(day), low, along(day), high, THIN, dash=(1.5, 1.5))
                sheet.put(along(day), high + 1.4 * MM, words, Face.SANS, _NAMED, Align.CENTRE)
            if self.chart.trend:
                sheet.path([(along(day), up(value)) for day, value in self.chart.trend], 0.6)
            self._points(sheet, along, up)

    def _along(self, left: float, right: float) -> Callable[[date], float]:
        length = max((self.last - self.first).days, 1)
        begin, room = left + 5 * MM, right - left - 10 * MM
        return lambda day: begin + room * (day - self.first).days / length

    def _axes(
        self,
        sheet: Sheet,
        frame: tuple[float, float, float, float],
        along: Callable[[date], float],
        up: Callable[[float], float],
    ) -> None:
        left, right, low, high = frame
        for tick in self.axis.ticks:
            sheet.rule(left, up(float(tick)), right, up(float(tick)), THIN if not tick else 0.25, dash=(0.4, 2))
            sheet.put(left - 2 * MM, up(float(tick)) - 2.6, figure(str(tick), True), Face.SERIF, _SIZE, Align.RIGHT)
        sheet.put(left - 2 * MM, high + 3.2 * MM, self.chart.unit, Face.SANS, _NAMED, Align.RIGHT)
        sheet.rule(left, low, right, low)
        for day, words in self._years():
            sheet.rule(along(day), low, along(day), low - 1.2 * MM)
            sheet.put(along(day), low - 4.4 * MM, words, Face.SERIF, _SIZE, Align.CENTRE)

    def _years(self) -> Iterable[tuple[date, str]]:
        """1 January of each year in the range, thinned out; its two ends when there is none."""
        marks = [date(year, 1, 1) for year in range(self.first.year + 1, self.last.year + 1)]
        if not marks:
            return [(day, f"{day:%d/%m/%Y}") for day in dict.fromkeys((self.first, self.last))]
        return [(day, f"{day.year}") for day in marks[:: -(-len(marks) // MOST_YEARS)]]

    def _limits(self, sheet: Sheet, left: float, right: float, up: Callable[[float], float]) -> None:
        for limit in (self.chart.lower, self.chart.upper):
            if limit is not None:
                sheet.rule(left, up(limit), right, up(limit), 0.9, dash=(5, 2.5))
                sheet.put(right + 2 * MM, up(limit) - 2.4, f"giới hạn {_shown(limit)}", Face.SANS, _NAMED)

    def _points(self, sheet: Sheet, along: Callable[[date], float], up: Callable[[float], float]) -> None:
        cap = 1.1 * MM
        for point in self.chart.points:
            x = along(point.on)
            low, high = up(point.value - point.spread), up(point.value + point.spread)
            sheet.path([(x, low), (x, high)], 0.9)
            sheet.path([(x - cap, low), (x + cap, low)], 0.9)
            sheet.path([(x - cap, high), (x + cap, high)], 0.9)
            sheet.disc(x, up(point.value), 1.9)


def _up(axis: Axis, low: float, high: float) -> Callable[[float], float]:
    bottom, span = float(axis.low), float(axis.high - axis.low)
    return lambda value: low + (high - low) * (value - bottom) / span


def _shown(value: float) -> str:
    return figure(f"{Decimal(f'{value:.6g}'):f}", True)
