"""A drawing of filled and stroked outlines: what an SVG logo becomes, for the PDF and for a preview on the screen."""

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

from certificates.pdffile import number

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
SIDE = 1000.0  # units of the longer side: a thousandth of a unit is far below what a printer shows


class ArtworkError(ValueError):
    """An image that is missing, changed or unusable, in both languages."""

    def __init__(self, vi: str, en: str) -> None:
        self.vi, self.en = vi, en
        super().__init__(en)


class Segment(NamedTuple):
    """A step of an outline: "M" move, "L" line, "C" Bézier curve (two handles and the end), "Z" back to the start."""

    kind: str
    points: tuple[Point, ...] = ()


class Ink(NamedTuple):
    """How an outline is drawn: colours as red, green, blue from 0 to 1 (None: not at all), lengths in own units."""

    fill: tuple[float, float, float] | None = (0.0, 0.0, 0.0)
    even_odd: bool = False
    stroke: tuple[float, float, float] | None = None
    width: float = 1.0
    cap: int = 0  # ISO 32000-1, 8.4.3.3: 0 butt, 1 round, 2 square
    join: int = 0  # 8.4.3.4: 0 mitre, 1 round, 2 bevel
    mitre: float = 4.0
    dash: tuple[float, ...] = ()


class Shape(NamedTuple):
    """An outline with its ink."""

    outline: tuple[Segment, ...]
    ink: Ink


class Drawing(NamedTuple):
    """Shapes from the back to the front; x to the right and y up from the lower left, the longer side 1000 units."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    def operators(self) -> bytes:
        """As a content stream (ISO 32000-1, 8.5)."""
        return "\n".join(_operators(shape) for shape in self.shapes).encode("ascii")

    def svg(self) -> bytes:
        """As a file of nothing but paths: what is shown is what is printed, whatever else the given file held."""
        paths = "".join(_element(shape) for shape in self.shapes)
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(self.width)} {number(self.height)}">'
                f'<g transform="matrix(1 0 0 -1 0 {number(self.height)})">{paths}</g></svg>').encode()


def moved(outline: Iterable[Segment], matrix: Matrix) -> tuple[Segment, ...]:
    """The outline under a transformation."""
    a, b, c, d, e, f = matrix
    return tuple(Segment(kind, tuple((a * x + c * y + e, b * x + d * y + f) for x, y in points))
                 for kind, points in outline)


def scaled(ink: Ink, matrix: Matrix) -> Ink:
    """The ink under a transformation; where that stretches one way more, a line takes the mean width."""
    a, b, c, d, _e, _f = matrix
    scale = sqrt(abs(a * d - b * c))
    return ink._replace(width=ink.width * scale, dash=tuple(part * scale for part in ink.dash))


def times(outer: Matrix, inner: Matrix) -> Matrix:
    """The transformation that applies `inner` first."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def _operators(shape: Shape) -> str:
    outline, ink = shape
    code = ["q"]
    if ink.fill:
        code.append(" ".join(map(number, ink.fill)) + " rg")
    if ink.stroke:
        code.append(" ".join(map(number, ink.stroke)) + f" RG {number(ink.width)} w {ink.cap} J {ink.join} j "
                    f"{number(ink.mitre)} M")
        if ink.dash:
            code.append(f"[{' '.join(map(number, ink.dash))}] 0 d")
    names = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    code += [" ".join([*(f"{number(x)} {number(y)}" for x, y in points), names[kind]]) for kind, points in outline]
    star = "*" if ink.even_odd and ink.fill else ""
    code.append({(True, True): "B", (True, False): "f", (False, True): "S"}[bool(ink.fill), bool(ink.stroke)] + star)
    return " ".join([*code, "Q"])


def _element(shape: Shape) -> str:
    outline, ink = shape
    path = " ".join(kind + " ".join(f"{number(x)} {number(y)}" for x, y in points) for kind, points in outline)
    rule = ' fill-rule="evenodd"' if ink.even_odd else ""
    stroke = ""
    if ink.stroke:
        dash = f' stroke-dasharray="{" ".join(map(number, ink.dash))}"' if ink.dash else ""
        cap, join = ("butt", "round", "square")[ink.cap], ("miter", "round", "bevel")[ink.join]
        stroke = (f' stroke="{_colour(ink.stroke)}" stroke-width="{number(ink.width)}" stroke-linecap="{cap}" '
                  f'stroke-linejoin="{join}" stroke-miterlimit="{number(ink.mitre)}"{dash}')
    return f'<path d="{path}" fill="{_colour(ink.fill)}"{rule}{stroke}/>'


def _colour(colour: tuple[float, float, float] | None) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour) if colour else "none"
