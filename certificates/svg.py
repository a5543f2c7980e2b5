"""Reads a logo given as SVG: outlines, plain colours, groups and transformations; everything else is refused by name.

Nothing outside the file is ever fetched, no entity is expanded, no script or style sheet runs: the file is parsed into
numbers and drawn from these alone. What is refused says what to do in the drawing program. Clauses are of SVG 1.1.
"""

import re
from collections.abc import Mapping
from math import cos, isfinite, radians, sin, tan
from typing import Any, NamedTuple

from lxml import etree

from certificates.svg_path import ellipse, numbers_of, path, polygon, rectangle
from certificates.svg_style import classes_of, declarations, ink_of, length
from certificates.vector import SIDE, ArtworkError, Drawing, Matrix, Segment, Shape, moved, scaled, times

LARGEST = 300_000  # bytes
MOST_SHAPES = 2_000
MOST_SEGMENTS = 30_000
_DEEPEST = 40
_SVG = "{http://www.w3.org/2000/svg}"
_SKIPPED = {"title", "desc", "metadata", "defs", "style"}
_SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
_GROUPS = {"g", "svg"}
_INHERITED = ("fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
              "stroke-dasharray", "color", "visibility")  # fmt: skip
_WHOLE = ("opacity", "fill-opacity", "stroke-opacity")
_EFFECTS = ("clip-path", "mask", "filter", "marker-start", "marker-mid", "marker-end", "mix-blend-mode")
_KNOWN = frozenset((*_INHERITED, *_WHOLE, *_EFFECTS, "display"))
_ADVICE = {
    "text": ("chữ chưa chuyển thành đường nét; hãy chuyển chữ thành nét (convert to outlines)",
             "text that is not outlines; convert it to outlines"),
    "image": ("ảnh điểm bên trong; hãy dùng tệp PNG", "a picture of pixels inside; use a PNG file"),
    "use": ("bản sao liên kết (use); hãy tách liên kết (expand)", "a linked copy (use); expand it"),
    "script": ("mã lệnh (script)", "a script"),
}  # fmt: skip
_CALL = re.compile(r"\s*(matrix|translate|scale|rotate|skewX|skewY)\s*\(([^()]*)\)[\s,]*")


class _State(NamedTuple):
    """What a group hands down."""

    style: Mapping[str, str]
    matrix: Matrix
    depth: int


def is_svg(content: bytes) -> bool:
    """Whether a file wants to be SVG: XML whose first element says so."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<") and b"<svg" in start


def read_svg(content: bytes) -> Drawing:
    """The drawing. Raises ArtworkError, naming what cannot be printed."""
    if len(content) > LARGEST:
        raise ArtworkError("tệp SVG lớn hơn 300 kB", "the SVG file is larger than 300 kB")
    root = _root(content)
    left, top, width, height = _view(root)
    scale = SIDE / max(width, height)
    place: Matrix = (scale, 0, 0, -scale, -left * scale, (top + height) * scale)
    reading = _Reading(classes_of(root, _KNOWN))
    reading.read(root, _State({}, place, 0))
    if not reading.shapes:
        raise ArtworkError("tệp SVG không có nét nào in được", "nothing in the SVG file can be printed")
    return Drawing(width * scale, height * scale, tuple(reading.shapes))


def _root(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
                             huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ArtworkError("tệp không phải SVG đọc được", "the file is not readable SVG") from error
    kind: Any = root.getroottree().docinfo.internalDTD  # Any: the stubs lack its methods
    if kind is not None and list(kind.entities()):
        raise ArtworkError("SVG khai báo thực thể (ENTITY); hãy xuất lại dạng “SVG thuần”",
                           "the SVG declares entities; export it as plain SVG")
    if root.tag != f"{_SVG}svg":
        raise ArtworkError("tệp không phải SVG", "the file is not SVG")
    return root


def _view(root: etree._Element) -> tuple[float, float, float, float]:
    """Left, top, width and height of what is shown."""
    box = numbers_of(root.get("viewBox", ""))
    if not box:
        box = [0.0, 0.0, length(root.get("width", "0")), length(root.get("height", "0"))]
    if len(box) != 4 or not all(map(isfinite, box)) or min(box[2:]) <= 0 or max(map(abs, box)) > 1e6:
        raise ArtworkError("SVG không nói kích thước (viewBox hoặc width, height)",
                           "the SVG does not say its size (viewBox, or width and height)")
    if max(box[2:]) > 100 * min(box[2:]):
        raise ArtworkError("hình quá dẹt (dài hơn 100 lần rộng)", "the picture is over 100 times longer than wide")
    return box[0], box[1], box[2], box[3]


class _Reading:
    """Walks through the file and keeps its shapes."""

    def __init__(self, classes: Mapping[str, Mapping[str, str]]) -> None:
        self.shapes: list[Shape] = []
        self._classes, self._segments = classes, 0

    def read(self, element: etree._Element, above: _State) -> None:
        """One element and what is below it."""
        name = _name(element)
        if name is None or name in _SKIPPED:
            return
        if name not in _GROUPS | _SHAPES or (name == "svg" and above.depth):
            raise _refused(name)
        if above.depth > _DEEPEST:
            raise ArtworkError("nhóm lồng nhau quá sâu", "groups are nested too deeply")
        own = self._style(element)
        style = {key: value for key, value in {**above.style, **own}.items() if value != "inherit"}
        if own.get("display") == "none":
            return
        matrix = times(above.matrix, _transformation(element.get("transform", "")))
        if name in _SHAPES:
            self._shape(element, name, style, matrix)
            return
        handed = {key: style[key] for key in _INHERITED if key in style}
        for child in element:
            self.read(child, _State(handed, matrix, above.depth + 1))

    def _style(self, element: etree._Element) -> dict[str, str]:
        """Properties of an element: attributes, then its classes, then its own style (6.4)."""
        for key in map(str, element.attrib):
            if key.startswith("on") or key == "href" or key.endswith("}href"):
                raise ArtworkError(f"thuộc tính “{key.split('}')[-1]}”", f"the attribute “{key.split('}')[-1]}”")
        found = {key: element.get(key, "").strip() for key in _KNOWN if element.get(key)}
        for one in element.get("class", "").split():
            found.update(self._classes.get(one, {}))
        found.update(declarations(element.get("style", "")))
        for key in _EFFECTS:
            if found.get(key, "none") not in ("none", "normal"):
                raise ArtworkError(f"hiệu ứng “{key}”; hãy bỏ hoặc làm phẳng (flatten)",
                                   f"the effect “{key}”; remove or flatten it")
        for key in _WHOLE:
            if found.get(key, "1") not in ("1", "1.0", "100%"):
                raise ArtworkError("màu trong suốt; hãy dùng màu đặc", "transparent colour; use a solid one")
        return found

    def _shape(self, element: etree._Element, name: str, style: Mapping[str, str], matrix: Matrix) -> None:
        ink = ink_of(style)
        if style.get("visibility", "visible") != "visible" or (ink.fill is None and ink.stroke is None):
            return
        outline = _outline(element, name)
        self._segments += len(outline)
        if len(self.shapes) >= MOST_SHAPES or self._segments > MOST_SEGMENTS:
            raise ArtworkError("hình quá phức tạp; hãy đơn giản hóa nét", "too many shapes; simplify the drawing")
        if outline:
            placed = moved(outline, matrix)
            if not all(isfinite(part) and abs(part) < 1e6 for step in placed for point in step.points
                       for part in point):
                raise ArtworkError("tọa độ quá lớn", "coordinates are too large")
            self.shapes.append(Shape(placed, scaled(ink, matrix)))


def _name(element: etree._Element) -> str | None:
    """The element's name; None for what is not SVG (notes of the drawing program) or no element."""
    if not isinstance(element.tag, str):
        raise ArtworkError("thực thể (entity)", "an entity")
    return element.tag.removeprefix(_SVG) if element.tag.startswith(_SVG) else None


def _refused(name: str) -> ArtworkError:
    vi, en = _ADVICE.get(name, (f"phần tử “{name}”; hãy xuất lại thành nét và màu đặc",
                                f"the element “{name}”; export it as outlines in solid colours"))
    return ArtworkError(f"SVG có {vi}", f"the SVG has {en}")


def _outline(element: etree._Element, name: str) -> list[Segment]:
    if name == "path":
        return path(element.get("d", ""))
    if name in ("polyline", "polygon"):
        values = numbers_of(element.get("points", ""))
        return polygon(list(zip(values[::2], values[1::2], strict=False)), name == "polygon")

    def given(*names: str) -> list[float]:
        return [length(element.get(one, "0")) for one in names]

    if name == "rect":
        rx, ry = (element.get(one) or element.get(other) or "0" for one, other in (("rx", "ry"), ("ry", "rx")))
        x, y, width, height = given("x", "y", "width", "height")
        return rectangle(x, y, width, height, length(rx), length(ry))
    if name == "line":
        x1, y1, x2, y2 = given("x1", "y1", "x2", "y2")
        return polygon([(x1, y1), (x2, y2)], False)
    x, y, wide, high = given("cx", "cy", *(("r", "r") if name == "circle" else ("rx", "ry")))
    return ellipse(x, y, wide, high)


def _transformation(text: str) -> Matrix:
    """The matrix of a transform attribute (7.6)."""
    found: Matrix = (1, 0, 0, 1, 0, 0)
    place = 0
    while place < len(text):
        call = _CALL.match(text, place)
        if call is None:
            raise ArtworkError(f"không hiểu phép biến đổi “{text[:30]}”",
                               f"the transformation “{text[:30]}” is not known")
        found = times(found, _matrix(call[1], numbers_of(call[2])))
        place = call.end()
    return found


def _matrix(kind: str, given: list[float]) -> Matrix:
    if kind == "matrix" and len(given) == 6:
        a, b, c, d, e, f = given
        return a, b, c, d, e, f
    if kind == "translate" and len(given) in (1, 2):
        return 1, 0, 0, 1, given[0], given[1] if len(given) == 2 else 0
    if kind == "scale" and len(given) in (1, 2):
        return given[0], 0, 0, given[-1], 0, 0
    if kind == "rotate" and len(given) in (1, 3):
        turn = radians(given[0])
        x, y = given[1:] if len(given) == 3 else (0.0, 0.0)
        there: Matrix = (cos(turn), sin(turn), -sin(turn), cos(turn), x, y)
        return times(there, (1, 0, 0, 1, -x, -y))
    if kind in ("skewX", "skewY") and len(given) == 1:
        slope = tan(radians(given[0]))
        return (1, 0, slope, 1, 0, 0) if kind == "skewX" else (1, slope, 0, 1, 0, 0)
    raise ArtworkError(f"phép biến đổi {kind} thiếu hoặc thừa số",
                       f"the transformation {kind} has too few or too many numbers")
