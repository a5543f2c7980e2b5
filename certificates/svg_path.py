"""Outlines of SVG: path data (SVG 1.1, 8.3) and basic shapes (9), as moves, lines and Bézier curves."""

import re
from collections.abc import Iterator, Sequence
from math import acos, ceil, cos, hypot, pi, radians, sin, sqrt, tan

from certificates.vector import ArtworkError, Matrix, Point, Segment, moved

_TOKEN = re.compile(r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|[\s,]+|(.)", re.DOTALL)
_WANTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}
_KAPPA = 4 * (sqrt(2) - 1) / 3  # handle of a quarter circle
_GREATEST, _LEAST_RADIUS, _LEAST_CHORD = 1e7, 1e-6, 1e-9
_FLAGS = re.compile(r"[01]")


def path(data: str) -> list[Segment]:
    """The outline of a path's data. Raises ArtworkError where it cannot be read."""
    pen = _Pen()
    for command, numbers in _commands(data):
        pen.draw(command, numbers)
    return pen.outline


def rectangle(x: float, y: float, width: float, height: float, rx: float, ry: float) -> list[Segment]:
    """A rectangle, its corners rounded by `rx` and `ry`; nothing when it has no area."""
    if width <= 0 or height <= 0:
        return []
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    if not rx or not ry:
        return polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
    kx, ky, right, foot = rx * (1 - _KAPPA), ry * (1 - _KAPPA), x + width, y + height
    return [
        Segment("M", ((x + rx, y),)), Segment("L", ((right - rx, y),)),
        Segment("C", ((right - kx, y), (right, y + ky), (right, y + ry))), Segment("L", ((right, foot - ry),)),
        Segment("C", ((right, foot - ky), (right - kx, foot), (right - rx, foot))), Segment("L", ((x + rx, foot),)),
        Segment("C", ((x + kx, foot), (x, foot - ky), (x, foot - ry))), Segment("L", ((x, y + ry),)),
        Segment("C", ((x, y + ky), (x + kx, y), (x + rx, y))), Segment("Z"),
    ]  # fmt: skip


def ellipse(x: float, y: float, rx: float, ry: float) -> list[Segment]:
    """An ellipse around (x, y); nothing when it has no area."""
    return rectangle(x - rx, y - ry, 2 * rx, 2 * ry, rx, ry)


def polygon(points: Sequence[Point], closed: bool = True) -> list[Segment]:
    """Lines through the points, back to the first if `closed`."""
    if not points:
        return []
    lines = [Segment("M", (points[0],)), *(Segment("L", (point,)) for point in points[1:])]
    return [*lines, Segment("Z")] if closed else lines


def numbers_of(text: str) -> list[float]:
    """Numbers parted by spaces or commas. Raises ArtworkError for anything else."""
    found = []
    for token in _TOKEN.finditer(text):
        if token[1] or token[3]:
            raise _strange(text)
        if token[2]:
            found.append(figure(token[2]))
    return found


def figure(text: str) -> float:
    """A number of a reasonable size. Raises ArtworkError."""
    value = float(text)
    if abs(value) > _GREATEST:
        raise _strange(text)
    return value


def _strange(text: str) -> ArtworkError:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return ArtworkError(f"không đọc được số liệu hình “{shown}”", f"the data “{shown}” of a shape cannot be read")


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; a command followed by several sets is told several times."""
    place, command = 0, ""
    while place < len(data):
        token = _TOKEN.match(data, place)
        if token is None or token[3]:
            raise _strange(data[place:])
        if token[2] is None:
            place = token.end()
            if token[1] is None:
                continue
            command = token[1]
            if command not in "Zz":
                continue
            yield command, []
            continue
        if not command or command in "Zz":
            raise _strange(data[place:])
        numbers, place = _numbers(data, place, command)
        yield command, numbers
        command = {"M": "L", "m": "l"}.get(command, command)


def _numbers(data: str, place: int, command: str) -> tuple[list[float], int]:
    numbers: list[float] = []
    while len(numbers) < _WANTS[command.upper()]:
        token = _TOKEN.match(data, place)
        if token is None or token[1] or token[3]:
            raise _strange(data[place:])
        if token[2] is None:
            place = token.end()
        elif command in "Aa" and len(numbers) in (3, 4):  # flags may stand without a space between
            flag = _FLAGS.match(data, place)
            if flag is None:
                raise _strange(data[place:])
            numbers.append(float(flag[0]))
            place = flag.end()
        else:
            numbers.append(figure(token[2]))
            place = token.end()
    return numbers, place


class _Pen:
    """Where a path has come to."""

    def __init__(self) -> None:
        self.outline: list[Segment] = []
        self.at = self.start = (0.0, 0.0)
        self.handle: Point | None = None  # last handle of the curve before, for a smooth one
        self.before = ""

    def draw(self, command: str, numbers: list[float]) -> None:
        """One command with its numbers."""
        kind = command.upper()
        if not self.outline and kind != "M":
            raise _strange(command)
        x, y = self.at if command.islower() else (0.0, 0.0)
        if kind == "H":
            points = [(x + numbers[0], self.at[1])]
        elif kind == "V":
            points = [(self.at[0], y + numbers[0])]
        elif kind == "A":
            points = [(x + numbers[5], y + numbers[6])]
        else:
            points = [(x + one, y + other) for one, other in zip(numbers[::2], numbers[1::2], strict=True)]
        getattr(self, f"_{kind.lower()}")(points, numbers)
        self.before = kind

    def _m(self, points: list[Point], _numbers: list[float]) -> None:
        self.at = self.start = points[0]
        self.outline.append(Segment("M", (self.at,)))

    def _l(self, points: list[Point], _numbers: list[float]) -> None:
        self.at = points[0]
        self.outline.append(Segment("L", (self.at,)))

    _h = _v = _l

    def _z(self, _points: list[Point], _numbers: list[float]) -> None:
        self.at = self.start
        self.outline.append(Segment("Z"))

    def _c(self, points: list[Point], _numbers: list[float]) -> None:
        self.outline.append(Segment("C", tuple(points)))
        self.handle, self.at = points[1], points[2]

    def _s(self, points: list[Point], numbers: list[float]) -> None:
        self._c([self._mirrored("CS"), *points], numbers)

    def _q(self, points: list[Point], _numbers: list[float]) -> None:
        (x, y), (hx, hy), (ex, ey) = self.at, points[0], points[1]
        first, second = (x + (hx - x) * 2 / 3, y + (hy - y) * 2 / 3), (ex + (hx - ex) * 2 / 3, ey + (hy - ey) * 2 / 3)
        self.outline.append(Segment("C", (first, second, points[1])))
        self.handle, self.at = points[0], points[1]

    def _t(self, points: list[Point], numbers: list[float]) -> None:
        self._q([self._mirrored("QT"), *points], numbers)

    def _mirrored(self, kinds: str) -> Point:
        if self.before not in kinds or self.handle is None:
            return self.at
        return 2 * self.at[0] - self.handle[0], 2 * self.at[1] - self.handle[1]

    def _a(self, points: list[Point], numbers: list[float]) -> None:
        rx, ry, turn, large, sweep = numbers[:5]
        end = points[0]
        if end == self.at:
            return
        if min(abs(rx), abs(ry)) < _LEAST_RADIUS or hypot(end[0] - self.at[0], end[1] - self.at[1]) < _LEAST_CHORD:
            self.outline.append(Segment("L", (end,)))
        else:
            self.outline += _arc(self.at, end, (abs(rx), abs(ry)), radians(turn), bool(large), bool(sweep))
        self.at = end


def _arc(start: Point, end: Point, radii: Point, turn: float, large: bool, sweep: bool) -> list[Segment]:
    """An elliptical arc as curves of at most a quarter turn (SVG 1.1, F.6.5 and F.6.6)."""
    (rx, ry), half_x, half_y = radii, (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos(turn) * half_x + sin(turn) * half_y, -sin(turn) * half_x + cos(turn) * half_y
    short = (x / rx) ** 2 + (y / ry) ** 2
    if short > 1:
        rx, ry = rx * sqrt(short), ry * sqrt(short)
    rest = (rx * ry) ** 2 - (rx * y) ** 2 - (ry * x) ** 2
    factor = sqrt(max(rest, 0.0) / ((rx * y) ** 2 + (ry * x) ** 2)) * (1 if large != sweep else -1)
    cx, cy = factor * rx * y / ry, -factor * ry * x / rx
    first = _angle((x - cx) / rx, (y - cy) / ry)
    whole = _angle((-x - cx) / rx, (-y - cy) / ry) - first
    if sweep and whole < 0:
        whole += 2 * pi
    elif not sweep and whole > 0:
        whole -= 2 * pi
    middle_x = cos(turn) * cx - sin(turn) * cy + (start[0] + end[0]) / 2
    middle_y = sin(turn) * cx + cos(turn) * cy + (start[1] + end[1]) / 2
    place: Matrix = (rx * cos(turn), rx * sin(turn), -ry * sin(turn), ry * cos(turn), middle_x, middle_y)
    count = max(1, ceil(abs(whole) / (pi / 2) - 1e-9))
    step = whole / count
    return list(moved((_unit_arc(first + i * step, step) for i in range(count)), place))


def _unit_arc(first: float, step: float) -> Segment:
    k, last = 4 / 3 * tan(step / 4), first + step
    return Segment("C", ((cos(first) - k * sin(first), sin(first) + k * cos(first)),
                         (cos(last) + k * sin(last), sin(last) - k * cos(last)), (cos(last), sin(last))))


def _angle(x: float, y: float) -> float:
    return (1 if y >= 0 else -1) * acos(max(-1.0, min(1.0, x / sqrt(x * x + y * y))))
