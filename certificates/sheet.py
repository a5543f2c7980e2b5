"""Draws pages: text, rules and shapes in points from the lower left, each piece tagged or an artifact.

ReportLab's canvas draws and holds the pages and fonts; the tags are marked here and become a structure tree at the end.
"""

import enum
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from certificates.assembly import take_over
from certificates.fonts import Face, font
from certificates.pdffile import PdfFile, number, reference
from certificates.structure import Element, write_structure
from certificates.typeset import Line, Span, face_runs

rl_config.useA85 = 0  # base 85 would make every stream a quarter larger

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


class Going:
    """An element begun by the first piece of a block and gone on with by the rest, also on later pages."""

    def __init__(self, tag: str, english: bool = False) -> None:
        self.tag, self.english = tag, english
        self.element: Element | None = None

    @contextmanager
    def on(self, sheet: "Sheet") -> Iterator[Element]:
        """Draw inside this to add to the element."""
        if self.element is None:
            with sheet.tag(self.tag, english=self.english) as made:
                self.element = made
        with sheet.inside(self.element):
            yield self.element


class Sheet:
    """One document being drawn, page after page; `finish` gives its parts to a PdfFile."""

    def __init__(self) -> None:
        font(Face.SANS)  # an embedded face to begin with, else the canvas would name Helvetica
        # Any: the stubs know neither the list of operators nor that a font is named by text.
        start: Any = Face.SANS.value
        self._canvas: Any = Canvas(io.BytesIO(), A4, pageCompression=1, invariant=1, initialFontName=start)
        self.root = Element("Document")
        self._stack: list[Element | None] = [self.root]  # None = artifact
        self._open: Element | None = None
        self._is_open = False
        self._marks: list[int] = []  # marked-content sequences of each page
        self._images: dict[str, ImageReader] = {}

    # Pages and tags

    def new_page(self, size: tuple[float, float] = A4) -> None:
        """Ends the page and begins another of that width and height."""
        self._end_page()
        self._canvas.setPageSize(size)
        self._marks.append(0)

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._marks)

    @contextmanager
    def tag(self, name: str, english: bool = False, alternative: str = "") -> Iterator[Element]:
        """What is drawn inside belongs to a new element of this kind (P, H1, Table, TD, Figure, …)."""
        parent = self._stack[-1]
        if parent is None:  # inside an artifact nothing is tagged
            yield Element(name)
            return
        with self.inside(parent.child(name, "en" if english else "", alternative)) as element:
            yield element

    @contextmanager
    def inside(self, element: Element) -> Iterator[Element]:
        """Goes on with an element begun before, e.g. a table on its next page."""
        self._stack.append(element)
        yield element
        self._stack.pop()

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn inside is no content: rules, running heads, repeated table heads."""
        self._stack.append(None)
        yield
        self._stack.pop()

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
        spans = line.spans if isinstance(line, Line) else line
        total = sum(span.width + track * len(span.text) for span in spans) - (track if spans else 0)
        start = x - align.value * total
        self._mark(self._stack[-1])
        self._operator(f"BT {number(start)} {number(y)} Td" + (f" {number(track)} Tc" if track else ""))
        for span in spans:
            self._show(span)
        self._operator("0 Tc ET" if track else "ET")
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

    def _show(self, span: Span) -> None:
        """Shows the parts of a span, each in the face that draws it; English is marked as such."""
        current = self._stack[-1]
        foreign = span.english and current is not None and not current.language
        if foreign:
            self._operator("/Span <</Lang (en)>> BDC")
        size = number(span.size)
        for face, text in face_runs(span.text, span.face):
            for subset, codes in font(face).splitString(text, self._canvas._doc):
                name = font(face).getSubsetInternalName(subset, self._canvas._doc)
                self._operator(f"{name} {size} Tf <{codes.hex()}> Tj")
        if foreign:
            self._operator("EMC")

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
        with self.state():
            self._canvas.setStrokeColorRGB(*colour)
            self._canvas.setLineWidth(width)
            if dash:
                self._canvas.setDash(*dash)
            self._canvas.line(x1, y1, x2, y2)

    def path(self, points: Sequence[tuple[float, float]], width: float = THIN) -> None:
        """A stroked line through points."""
        self._mark_shape()
        self._canvas.setLineWidth(width)
        path = self._canvas.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self._canvas.drawPath(path)

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
        """Draws an image that `add_image` has named, stretched to the box."""
        self._mark_shape()
        self._canvas.drawImage(self._images[name], x, y, width, height, mask="auto")

    def add_image(self, name: str, image: Image.Image) -> None:
        """Names an image for use on every page."""
        self._images[name] = ImageReader(image)

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
            self._canvas.showPage()

    def finish(self, file: PdfFile) -> dict[str, str]:
        """Adds pages, fonts and the structure tree to a file; returns the catalogue's entries for them."""
        self._end_page()
        pages = take_over(self._canvas, file)
        tree = write_structure(file, self.root, pages.items)
        return {
            "Type": "/Catalog",
            "Pages": reference(pages.tree),
            "MarkInfo": "<</Marked true>>",
            "StructTreeRoot": reference(tree),
            "Lang": "(vi)",
            "ViewerPreferences": "<</DisplayDocTitle true>>",
        }
