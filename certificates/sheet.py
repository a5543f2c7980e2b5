"""Draws pages: text, rules and shapes in points from the lower left, each piece tagged or an artifact.

ReportLab's canvas draws the shapes; text, tags and pages are written here, because the canvas can neither share fonts
between documents nor say which part of the structure a page holds.
"""

import enum
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from certificates.artwork import Drawing, Picture
from certificates.artwork_objects import write_artwork
from certificates.embedding import NAMES, write_fonts
from certificates.fonts import Face
from certificates.pdffile import PdfFile, number, reference, text_string
from certificates.structure import Element, write_structure
from certificates.tagging import Inside
from certificates.typeset import Line, Span, shown

MM = 72 / 25.4
A4 = (595.276, 841.890)
Colour = tuple[float, float, float]
BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)
TEAL = (0x0B / 255, 0x4F / 255, 0x54 / 255)  # prints as about 70 % black
HAIR, THIN, THICK = 0.3, 0.5, 0.9  # rules, points


class Align(enum.Enum):
    """Where the given x stands in the text."""

    LEFT = 0.0
    CENTRE = 0.5
    RIGHT = 1.0


class Sheet:
    """One document being drawn, page after page; `finish` gives its parts to a PdfFile."""

    def __init__(self) -> None:
        # Any: the stubs do not know the list of operators.
        canvas: Any = Canvas(io.BytesIO(), A4, invariant=1)
        self._canvas = canvas
        canvas._code = []  # without the preamble, which names a font
        self.root = Element("Document")
        self._stack: list[Element | None] = [self.root]  # None = artifact
        self._open: Element | None = None
        self._is_open = False
        self._marks: list[int] = []  # marked-content sequences of each page
        self._pages: list[bytes] = []
        self._sizes: list[tuple[float, float]] = []
        self._images: dict[str, Picture | Drawing] = {}
        self._used: defaultdict[Face, set[str]] = defaultdict(set)

    # Pages and tags

    def new_page(self, size: tuple[float, float] = A4) -> None:
        """Ends the page and begins another of that width and height."""
        self._end_page()
        self._sizes.append(size)
        self._marks.append(0)

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._marks)

    def tag(self, name: str, english: bool = False, alternative: str = "") -> Inside:
        """What is drawn inside belongs to a new element of this kind (P, H1, Table, TD, Figure, …)."""
        parent = self._stack[-1]
        if parent is None:  # inside an artifact nothing is tagged
            return Inside(self._stack, None, Element(name))
        made = parent.child(name, "en" if english else "", alternative)
        return Inside(self._stack, made, made)

    def inside(self, element: Element) -> Inside:
        """Goes on with an element begun before, e.g. a table on its next page."""
        return Inside(self._stack, element, element)

    def artifact(self) -> Inside:
        """What is drawn inside is no content: rules, running heads, repeated table heads."""
        return Inside(self._stack, None, Element("Artifact"))

    def _mark(self, target: Element | None) -> None:
        """Opens a marked-content sequence for `target` unless it is open already (ISO 32000-1 14.6)."""
        if self._is_open and self._open is target:
            return
        self._close_mark()
        if target is None:
            self._operator("/Artifact BMC")
        else:
            mark = self._marks[-1]
            target.kids.append((len(self._marks) - 1, mark))
            self._operator(f"/{target.tag} <</MCID {mark}>> BDC")
            self._marks[-1] += 1
        self._open, self._is_open = target, True

    def _close_mark(self) -> None:
        if self._is_open:
            self._operator("EMC")
        self._is_open = False

    def _operator(self, code: str) -> None:
        """What the canvas has no call for, or only a slow one: marked content, text in runs, hundreds of squares."""
        self._canvas._code.append(code)

    def _mark_shape(self) -> None:
        """A shape is content only in a figure."""
        current = self._stack[-1]
        self._mark(current if current is not None and current.tag == "Figure" else None)

    # Text

    def line(
        self, x: float, y: float, line: Line | Sequence[Span], align: Align = Align.LEFT, track: float = 0
    ) -> float:
        """One line on the baseline y; `track` is added after each character. Returns the x after it."""
        if isinstance(line, Line) and not track:
            spans, total = line
        else:
            spans = line.spans if isinstance(line, Line) else tuple(line)
            total = sum(span.width + track * len(span.text) for span in spans) - (track if spans else 0)
        start = x if align is Align.LEFT else x - align.value * total
        current = self._stack[-1]
        self._mark(current)
        if len(spans) == 1 and not track:
            span = spans[0]
            parts = shown(span.text, span.face)
            is_plain = not span.english or current is None or bool(current.language)
            if is_plain and len(parts) == 1 and len(parts[0].stretches) == 1 and not parts[0].logical:
                face, text, codes = parts[0].stretches[0]
                self._used[face].update(text)
                shape = f"/{NAMES[face]} {span.size:g} Tf <{codes}> Tj ET"
                self._canvas._code.append(f"BT {start:.2f} {y:.2f} Td {shape}")
                return start + total
        code = [f"BT {start:.2f} {y:.2f} Td"]
        if track:
            code.append(f"{number(track)} Tc")
        for span in spans:
            self._show(code, span)
        code.append("0 Tc ET" if track else "ET")
        self._canvas._code.append(" ".join(code))
        return start + total

    def put(
        self,
        x: float,
        y: float,
        text: str,
        face: Face = Face.SERIF,
        size: float = 9,
        align: Align = Align.LEFT,
        track: float = 0,
        english: bool = False,
    ) -> float:
        """One line of one face; returns the x after it, or `x` when there is no text."""
        return self.line(x, y, (Span(text, face, size, english),), align, track) if text else x

    def _show(self, code: list[str], span: Span) -> None:
        """Shows the parts of a span, each in the face that draws it; English is marked as such."""
        current = self._stack[-1]
        foreign = span.english and current is not None and not current.language
        if foreign:
            code.append("/Span <</Lang (en)>> BDC")
        for stretches, logical in shown(span.text, span.face):
            if logical and current is not None:
                code.append(f"/Span <</ActualText {text_string(logical)}>> BDC")
            for face, text, codes in stretches:
                self._used[face].update(text)
                code.append(f"/{NAMES[face]} {span.size:g} Tf <{codes}> Tj")
            if logical and current is not None:
                code.append("EMC")
        if foreign:
            code.append("EMC")

    # Shapes

    def rule(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        width: float = THIN,
        colour: Colour = BLACK,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """A straight line."""
        self._mark_shape()
        ink = "" if colour == BLACK else " ".join(map(number, colour)) + " RG "
        gaps = f"[{number(dash[0])} {number(dash[1])}] 0 d " if dash else ""
        self._operator(f"q {ink}{width:g} w {gaps}{x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S Q")

    def path(self, points: Sequence[tuple[float, float]], width: float = THIN) -> None:
        """A stroked line through points."""
        self._mark_shape()
        first, *rest = (f"{x:.2f} {y:.2f}" for x, y in points)
        self._operator(f"{width:g} w {first} m {' '.join(f'{point} l' for point in rest)} S")

    def box(
        self, x: float, y: float, width: float, height: float, fill: Colour | None = None, line: float | None = None
    ) -> None:
        """A rectangle, filled or with an outline of width `line`."""
        with self.state():
            if fill:
                self._canvas.setFillColorRGB(*fill)
            if line:
                self._canvas.setLineWidth(line)
            self._canvas.rect(x, y, width, height, stroke=int(bool(line)), fill=int(bool(fill)))

    def boxes(self, rectangles: Sequence[tuple[int, int, int, int]]) -> None:
        """Filled black rectangles (x, y, width, height) in whole units of the present state, as one shape."""
        self._mark_shape()
        self._operator("".join(f"{x} {y} {width} {height} re " for x, y, width, height in rectangles) + "f")

    def disc(self, x: float, y: float, radius: float) -> None:
        """A filled black circle."""
        self._mark_shape()
        self._canvas.circle(x, y, radius, stroke=0, fill=1)

    def round_box(self, x: float, y: float, width: float, height: float, radius: float, clip: bool = False) -> None:
        """The outline of a rounded rectangle, or a clip to it (inside `state`)."""
        self._mark_shape()
        path = self._canvas.beginPath()
        path.roundRect(x, y, width, height, radius)
        if clip:
            self._canvas.clipPath(path, stroke=0)
        else:
            self._canvas.drawPath(path)

    def ink(self, colour: Colour) -> None:
        """Colour of the text and fills that follow (inside `state`)."""
        self._canvas.setFillColorRGB(*colour)

    def stroke(self, width: float) -> None:
        """Width of the outlines that follow (inside `state`)."""
        self._canvas.setLineWidth(width)

    def image(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Draws an image that `add_image` has named, in the middle of the box and as large as its proportions allow."""
        self._mark_shape()
        image = self._images[name]
        scale = min(width / image.width, height / image.height)
        wide, high = image.width * scale, image.height * scale
        # The unit of an image is its side; that of a drawing is its own, far below a point.
        sides = f"{scale:.6g} 0 0 {scale:.6g}" if isinstance(image, Drawing) else f"{number(wide)} 0 0 {number(high)}"
        place = f"{number(x + (width - wide) / 2)} {number(y + (height - high) / 2)}"
        self._operator(f"q {sides} {place} cm /{name} Do Q")

    def add_image(self, name: str, image: Picture | Drawing) -> None:
        """Names an image for use on every page."""
        self._images[name] = image

    def has_image(self, name: str) -> bool:
        """Whether an image has been added under this name."""
        return name in self._images

    @contextmanager
    def state(self, matrix: tuple[float, float, float, float, float, float] | None = None) -> Iterator[None]:
        """Saves and restores the graphics state, optionally under a transformation (a b c d e f)."""
        self._mark_shape()
        self._canvas.saveState()
        if matrix:
            self._canvas.transform(*matrix)
        yield
        self._canvas.restoreState()

    # End

    def _end_page(self) -> None:
        self._close_mark()
        if self._marks:
            self._pages.append("\n".join(self._canvas._code).encode("latin-1"))
            self._canvas._code = []

    def finish(self, file: PdfFile) -> dict[str, str]:
        """Adds pages, fonts and the structure tree to a file; returns the catalogue's entries for them."""
        self._end_page()
        parent, resources = file.reserve(), file.reserve()
        pages = [
            self._write_page(file, place, reference(parent), reference(resources)) for place in range(len(self._pages))
        ]
        kids = " ".join(map(reference, pages))
        file.put(f"<</Type /Pages /Count {len(pages)} /Kids [{kids}]>>", parent)
        images = " ".join(f"/{name} {reference(write_artwork(file, image))}" for name, image in self._images.items())
        pictures = f" /XObject <<{images}>>" if images else ""
        file.put(f"<</Font <<{write_fonts(file, self._used)}>>{pictures}>>", resources)
        tree = write_structure(file, self.root, pages)
        return {
            "Type": "/Catalog",
            "Pages": reference(parent),
            "MarkInfo": "<</Marked true>>",
            "StructTreeRoot": reference(tree),
            "Lang": "(vi)",
            "ViewerPreferences": "<</DisplayDocTitle true>>",
        }

    def _write_page(self, file: PdfFile, place: int, parent: str, resources: str) -> int:
        width, height = self._sizes[place]
        content = file.put_stream(self._pages[place])
        return file.put(
            f"<</Type /Page /Parent {parent} /Resources {resources} /MediaBox [0 0 {number(width)} {number(height)}] "
            f"/Contents {reference(content)} /StructParents {place} /Tabs /S>>"
        )
