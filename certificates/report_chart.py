"""Stacked bars of counts for reports: the same chart in the PDF and, drawn in points, as a picture for Word."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from certificates.flow import Block
from certificates.fonts import Face
from certificates.sheet import MM, Align, Sheet

SHADES = ((0.07, 0.33, 0.34), (0.77, 0.23, 0.2), (0.71, 0.47, 0.03), (0.55, 0.62, 0.65))
"""Fills of the series; each also has its word in the key and its count beside the bar."""
_BAR, _STEP, _KEY = 4.2 * MM, 6.6 * MM, 7 * MM
_LABELS, _COUNTS, _SIZE = 0.36, 20 * MM, 8.0
MOST_BARS = 30
_FONT = Path(__file__).parent / "fonts" / "BeVietnamPro_400Regular.ttf"


@dataclass(frozen=True)
class Bar:
    """One bar: its label and a count for each series."""

    label: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Everything in the bar."""
        return sum(self.counts)


@dataclass(frozen=True)
class ReportChart:
    """A chart with its caption; at most MOST_BARS bars, the rest is left to the table beside it."""

    caption: str
    series: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def shown(self) -> tuple[Bar, ...]:
        """The bars that are drawn."""
        return self.bars[:MOST_BARS]

    @property
    def most(self) -> int:
        """The longest bar, at least 1."""
        return max([1, *(bar.total for bar in self.shown)])

    def spoken(self) -> str:
        """The chart in words."""
        return f"{self.caption}: " + "; ".join(f"{bar.label} {bar.total}" for bar in self.shown)


class ChartBlock(Block):
    """The chart on a page, as wide as the text; it stays on one page."""

    gap = 2 * MM

    def __init__(self, chart: ReportChart, room: float) -> None:
        self.chart, self.room = chart, room
        self.height = _KEY + _STEP * len(chart.shown) + 2 * MM

    def draw(self, sheet: Sheet, x: float, top: float) -> None:
        """As one figure."""
        with sheet.tag("Figure", alternative=self.chart.spoken()) as element:
            element.box = (x, top - self.height, x + self.room, top)
            self._key(sheet, x, top - _SIZE)
            for place, bar in enumerate(self.chart.shown):
                self._bar(sheet, x, top - _KEY - _STEP * place, bar)

    def _key(self, sheet: Sheet, x: float, y: float) -> None:
        x += self.room * _LABELS
        for words, shade in zip(self.chart.series, SHADES, strict=False):
            sheet.box(x, y, 2.6 * MM, 2.6 * MM, fill=shade)
            x = sheet.put(x + 3.8 * MM, y + 0.6, words, Face.SANS, 7.4) + 5 * MM

    def _bar(self, sheet: Sheet, x: float, y: float, bar: Bar) -> None:
        left = x + self.room * _LABELS
        unit = (self.room * (1 - _LABELS) - _COUNTS) / self.chart.most
        sheet.put(left - 2 * MM, y - _BAR + 3, _short(bar.label, 46), Face.SERIF, _SIZE, Align.RIGHT)
        at = left
        for count, shade in zip(bar.counts, SHADES, strict=False):
            if count:
                sheet.box(at, y - _BAR, count * unit, _BAR, fill=shade)
                at += count * unit
        sheet.put(at + 1.5 * MM, y - _BAR + 3, _counted(bar), Face.SERIF, _SIZE)


def chart_png(chart: ReportChart, scale: int = 4) -> bytes:
    """The same drawing as PNG, 165 mm wide at 25,4 * scale pixels an inch and more."""
    wide = 165
    step, bar_high, key = 6.6, 4.2, 8.0
    size = (wide * scale * 2, int((key + step * len(chart.shown) + 2) * scale * 2))
    picture = Image.new("RGB", size, "white")
    pen, unit = ImageDraw.Draw(picture), scale * 2
    font, small = (ImageFont.truetype(_FONT, round(points * 0.353 * unit)) for points in (8.4, 7.6))
    left = wide * _LABELS
    x = left
    for words, shade in zip(chart.series, SHADES, strict=False):
        pen.rectangle((x * unit, 1.6 * unit, (x + 2.6) * unit, 4.2 * unit), fill=_rgb(shade))
        pen.text(((x + 3.8) * unit, 2.9 * unit), words, font=small, fill="black", anchor="lm")
        x += 3.8 + small.getlength(words) / unit + 5
    each = (wide * (1 - _LABELS) - 20) / chart.most
    for place, bar in enumerate(chart.shown):
        top, at = key + step * place, left
        label = next(text for most in range(46, 0, -1) if font.getlength(text := _short(bar.label, most))
                     <= (left - 2) * unit or most == 1)
        pen.text(((left - 2) * unit, (top + bar_high / 2) * unit), label, font=font, fill="black", anchor="rm")
        for count, shade in zip(bar.counts, SHADES, strict=False):
            if count:
                pen.rectangle((at * unit, top * unit, (at + count * each) * unit, (top + bar_high) * unit),
                              fill=_rgb(shade))
                at += count * each
        pen.text(((at + 1.5) * unit, (top + bar_high / 2) * unit), _counted(bar), font=font, fill="black", anchor="lm")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _counted(bar: Bar) -> str:
    parts = [count for count in bar.counts if count]
    return f"{bar.total}" if len(parts) < 2 else f"{bar.total} ({' + '.join(map(str, bar.counts))})"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most - 1].rstrip() + "…"


def _rgb(shade: Sequence[float]) -> tuple[int, ...]:
    return tuple(round(255 * part) for part in shade)
