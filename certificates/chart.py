"""The error chart: error ± U against its limits, in black lines with direct labels, so that it survives any copier."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import NamedTuple

from certificates.document import Chart, ChartPoint, Words
from certificates.flow import Block, LayoutError
from certificates.fonts import Face
from certificates.formats import figure
from certificates.sheet import MM, THIN, Align, Sheet
from certificates.typeset import Span

FEWEST_POINTS = 5
_FIGURES = 7.6


class Axis(NamedTuple):
    """Round ticks covering a range; all Decimal, so that a tick prints as it should."""

    ticks: tuple[Decimal, ...]

    @property
    def low(self) -> Decimal:
        """First tick."""
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        """Last tick."""
        return self.ticks[-1]


def round_axis(low: Decimal, high: Decimal, intervals: int) -> Axis:
    """Ticks at 1, 2, 2.5 or 5 times a power of ten that enclose [low, high] in about `intervals` steps."""
    if low == high:
        low, high = low - 1, high + 1
    rough = (high - low) / intervals
    power = Decimal(10) ** rough.adjusted()
    step = next(power * factor for factor in map(Decimal, ("1", "2", "2.5", "5", "10")) if power * factor >= rough)
    first = int((low / step).to_integral_value(rounding="ROUND_FLOOR"))
    last = int((high / step).to_integral_value(rounding="ROUND_CEILING"))
    return Axis(tuple(plain_decimal(step * place) for place in range(first, last + 1)))


def plain_decimal(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value


class _Data(NamedTuple):
    x: Decimal
    error: Decimal
    spread: Decimal
    lower: Decimal | None
    upper: Decimal | None


class ErrorChart(Block):
    """The chart of a result table; the points in the order of x."""

    gap = 2 * MM
    height = 57 * MM

    def __init__(self, chart: Chart, room: float) -> None:
        self.chart, self.room = chart, room
        self.points = sorted(map(_data, chart.points), key=lambda point: point.x)
        xs = [point.x for point in self.points]
        self.x_axis = round_axis(min(xs), max(xs), 9)
        edges = [point.error + sign * point.spread for point in self.points for sign in (-1, 1)]
        self.limits = limits = [
            limit for point in self.points for limit in (point.lower, point.upper) if limit is not None
        ]
        self.y_axis = round_axis(min([*edges, *limits, Decimal(0)]), max([*edges, *limits, Decimal(0)]), 5)

    @classmethod
    def of(cls, chart: Chart | None, room: float) -> "ErrorChart | None":
        """The chart, or None where there are fewer than five points."""
        return cls(chart, room) if chart and len(chart.points) >= FEWEST_POINTS else None

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As one figure with the range of errors as its spoken form."""
        bottom = top - self.height
        with sheet.tag("Figure", alternative=self._spoken()) as element:
            element.box = (x, bottom, x + self.room, top)
            left, right = x + 14 * MM, x + self.room - 25 * MM
            low, high = bottom + 11 * MM, top - 3 * MM
            along = _scale(self.x_axis, left, right, 0.02)
            up = _scale(self.y_axis, low, high, 0.04)
            self._draw_axes(sheet, x, bottom, (left, right, low, high), along, up)
            for side in ("lower", "upper"):
                self._draw_limit(sheet, side, left, right, along, up)
            self._draw_points(sheet, along, up)

    def _spoken(self) -> str:
        errors = [point.error for point in self.points]
        return (
            f"{self.chart.y_label.vi} ± U, {len(errors)} điểm: từ {figure(str(min(errors)), True)} đến "
            f"{figure(str(max(errors)), True)} {self.chart.y_unit}. {self.chart.y_label.en} ± U, {len(errors)} points."
        )

    def _draw_axes(
        self,
        sheet: Sheet,
        x: float,
        bottom: float,
        frame: tuple[float, float, float, float],
        along: Callable[[Decimal], float],
        up: Callable[[Decimal], float],
    ) -> None:
        left, right, low, high = frame
        for tick in self.y_axis.ticks:
            y = up(tick)
            if tick == 0:
                sheet.rule(left, y, right, y, THIN)
            elif tick not in self.limits:
                sheet.rule(left, y, right, y, 0.25, dash=(0.4, 2))
            sheet.put(left - 2 * MM, y - 2.6, figure(str(tick), True), Face.SERIF, _FIGURES, Align.RIGHT)
        sheet.rule(left, low, right, low)
        for tick in _sparse(self.x_axis.ticks, (right - left) / (11 * MM)):
            sheet.rule(along(tick), low, along(tick), low - 1.2 * MM)
            sheet.put(along(tick), low - 4.4 * MM, figure(str(tick)), Face.SERIF, _FIGURES, Align.CENTRE)
        sheet.line((left + right) / 2, bottom + 1.2 * MM, _label(self.chart.x_label, self.chart.x_unit), Align.CENTRE)
        with sheet.state((0, 1, -1, 0, x + 2.6 * MM, (low + high) / 2)):
            sheet.line(0, 0, _label(_with_u(self.chart.y_label), self.chart.y_unit), Align.CENTRE)

    def _draw_limit(
        self,
        sheet: Sheet,
        side: str,
        left: float,
        right: float,
        along: Callable[[Decimal], float],
        up: Callable[[Decimal], float],
    ) -> None:
        """A dashed line, straight where the limit is one, else through the points; named at its end."""
        limits = [(point.x, limit) for point in self.points if (limit := getattr(point, side)) is not None]
        if not limits:
            return
        if len({limit for _, limit in limits}) == 1:
            path = [(left, up(limits[0][1])), (right, up(limits[0][1]))]
        else:
            path = [(along(at), up(limit)) for at, limit in limits]
        for (x1, y1), (x2, y2) in pairwise(path):
            sheet.rule(x1, y1, x2, y2, 0.9, dash=(5, 2.5))
        x, y = right + 2 * MM, path[-1][1] - 2.4
        sheet.put(x, y, f"giới hạn {figure(str(limits[-1][1]), True)}", Face.SANS, 7.2)
        sheet.put(x, y - 8.4, "limit", Face.SANS_ITALIC, 6.4, english=True)

    def _draw_points(self, sheet: Sheet, along: Callable[[Decimal], float], up: Callable[[Decimal], float]) -> None:
        sheet.path([(along(point.x), up(point.error)) for point in self.points], 0.6)
        cap = 1.1 * MM
        for point in self.points:
            x, y = along(point.x), up(point.error)
            low, high = up(point.error - point.spread), up(point.error + point.spread)
            sheet.path([(x, low), (x, high)], 0.9)
            sheet.path([(x - cap, low), (x + cap, low)], 0.9)
            sheet.path([(x - cap, high), (x + cap, high)], 0.9)
            sheet.disc(x, y, 1.9)


def _data(point: ChartPoint) -> _Data:
    def decimal(text: str) -> Decimal:
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("nan")
        if not value.is_finite():
            raise LayoutError(f"chart: {text!r} is not a plain decimal")
        return value

    return _Data(
        decimal(point.x),
        decimal(point.error),
        abs(decimal(point.expanded_uncertainty)),
        decimal(point.lower) if point.lower else None,
        decimal(point.upper) if point.upper else None,
    )


def _scale(axis: Axis, start: float, end: float, margin: float) -> Callable[[Decimal], float]:
    """Positions on the page, with a margin (share of the length) beyond the outer ticks."""
    room = (end - start) * (1 - 2 * margin)
    span = float(axis.high - axis.low)
    return lambda value: start + (end - start) * margin + float(value - axis.low) / span * room


def _sparse(ticks: Sequence[Decimal], most: float) -> Sequence[Decimal]:
    """Every tick, or every second, third … where there is no room for all figures."""
    return ticks[:: max(1, -(-len(ticks) // max(int(most), 2)))]


def _with_u(words: Words) -> Words:
    return Words(f"{words.vi} ± U", f"{words.en} ± U" if words.en else "")


def _label(words: Words, unit: str) -> list[Span]:
    tail = f", {unit}" if unit else ""
    spans = [Span(words.vi + tail, Face.SANS, 7.2)]
    if words.en:
        spans += [Span("\u00a0\u00a0", Face.SANS, 7.2), Span(words.en + tail, Face.SANS_ITALIC, 6.4, True)]
    return spans
