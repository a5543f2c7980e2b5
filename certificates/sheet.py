"""Draws pages: text, rules and shapes in points from the lower left, each piece tagged or an artifact."""

import enum
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from certificates.embedding import UsedFace
from certificates.fonts import Face
from certificates.pdffile import PdfFile, dictionary, number, reference
from certificates.structure import Element, write_structure
from certificates.typeset import Line, Span, face_runs

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


class _Page:
    def __init__(self, size: tuple[float, float]) -> None:
        self.size = size
        self.code: list[str] = []
        self.marks = 0


class Sheet:
    """One document being drawn, page after page; `finish` gives its parts to a PdfFile."""

    def __init__(self) -> None:
        self.file = PdfFile()
        self.root = Element("Document")
        self._stack: list[Element | None] = [self.root]  # None = artifact
        self._open: Element | None = None
        self._is_open = False
        self._pages: list[_Page] = []
        self._faces: dict[Face, UsedFace] = {}
        self._images: dict[str, int] = {}

    # Pages and tags

    def new_page(self, size: tuple[float, float] = A4) -> None:
        """Ends the page and begins another of that width and height."""
        self._close_mark()
        self._pages.append(_Page(size))

    @property
    def page_count(self) -> int:
        """Pages begun so far."""
        return len(self._pages)

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
        """Opens a marked-content sequence for `target` unless it is open already (14.6)."""
        if self._is_open and self._open is target:
            return
        self._close_mark()
        page = self._pages[-1]
        if target is None:
            page.code.append("/Artifact BMC")
        else:
            target.kids.append((len(self._pages) - 1, page.marks))
            page.code.append(f"/{target.tag} <</MCID {page.marks}>> BDC")
            page.marks += 1
        self._open, self._is_open = target, True

    def _close_mark(self) -> None:
        if self._is_open:
            self._pages[-1].code.append("EMC")
        self._is_open = False

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
        code = self._pages[-1].code
        code.append(f"BT {number(start)} {number(y)} Td" + (f" {number(track)} Tc" if track else ""))
        for span in spans:
            self._show(code, span)
        code.append("0 Tc ET" if track else "ET")
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
        current = self._stack[-1]
        foreign = span.english and current is not None and not current.language
        if foreign:
            code.append("/Span <</Lang (en)>> BDC")
        for face, text in face_runs(span.text, span.face):
            used = self._faces.get(face)
            if used is None:
                used = self._faces[face] = UsedFace(face)
            code.append(f"/{face.name} {number(span.size)} Tf <{used.encode(text)}> Tj")
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
        with self.state():
            self._paint(
                f"{_rgb(colour)} RG {number(width)} w"
                + (f" [{number(dash[0])} {number(dash[1])}] 0 d" if dash else "")
                + f" {number(x1)} {number(y1)} m {number(x2)} {number(y2)} l S"
            )

    def path(self, points: Sequence[tuple[float, float]], width: float = THIN) -> None:
        """A stroked line through points."""
        first, *rest = points
        code = f"{number(width)} w {number(first[0])} {number(first[1])} m "
        self._paint(code + " ".join(f"{number(x)} {number(y)} l" for x, y in rest) + " S")

    def box(
        self, x: float, y: float, width: float, height: float, fill: Colour | None = None, line: float | None = None
    ) -> None:
        """A rectangle, filled or with an outline of width `line`."""
        shape = f"{number(x)} {number(y)} {number(width)} {number(height)} re"
        with self.state():
            if fill:
                self._paint(f"{_rgb(fill)} rg {shape} f")
            if line:
                self._paint(f"{number(line)} w {shape} S")

    def boxes(self, rectangles: Sequence[tuple[int, int, int, int]]) -> None:
        """Filled black rectangles (x, y, width, height) in whole units of the present state, as one shape."""
        self._paint("".join(f"{x} {y} {width} {height} re " for x, y, width, height in rectangles) + "f")

    def disc(self, x: float, y: float, radius: float) -> None:
        """A filled black circle."""
        self._paint(_circle(x, y, radius) + " f")

    def round_box(self, x: float, y: float, width: float, height: float, radius: float, clip: bool = False) -> None:
        """The outline of a rounded rectangle, or a clip to it (inside `state`)."""
        self._paint(_rounded(x, y, width, height, radius) + (" W n" if clip else " S"))

    def ink(self, colour: Colour) -> None:
        """Colour of the text and fills that follow (inside `state`)."""
        self._paint(f"{_rgb(colour)} rg")

    def stroke(self, width: float) -> None:
        """Width of the outlines that follow (inside `state`)."""
        self._paint(f"{number(width)} w")

    def image(self, name: str, x: float, y: float, width: float, height: float) -> None:
        """Draws an image that `add_image` has named, stretched to the box."""
        with self.state():
            self._paint(" ".join(map(number, (width, 0, 0, height, x, y))) + f" cm /{name} Do")

    def add_image(self, name: str, item: int) -> None:
        """Names an image object of `file` for use on every page."""
        self._images[name] = item

    def has_image(self, name: str) -> bool:
        """Whether an image has been added under this name."""
        return name in self._images

    @contextmanager
    def state(self, matrix: tuple[float, float, float, float, float, float] | None = None) -> Iterator[None]:
        """Saves and restores the graphics state, optionally under a transformation (a b c d e f)."""
        self._mark_shape()
        page = self._pages[-1]
        page.code.append("q" + (f" {' '.join(map(number, matrix))} cm" if matrix else ""))
        yield
        page.code.append("Q")

    def _paint(self, code: str) -> None:
        self._mark_shape()
        self._pages[-1].code.append(code)

    # End

    def finish(self, entries: Callable[[], dict[str, str]]) -> int:
        """Adds pages, fonts and the structure tree; the catalogue gets `entries` besides. Returns its object number."""
        self._close_mark()
        file = self.file
        pages, tree = [file.reserve() for _ in self._pages], file.reserve()
        fonts = " ".join(f"/{face.name} {reference(used.write(file))}" for face, used in self._faces.items())
        images = " ".join(f"/{name} {reference(item)}" for name, item in self._images.items())
        resources = file.put(f"<</Font <<{fonts}>> /XObject <<{images}>>>>")
        for place, (page, item) in enumerate(zip(self._pages, pages, strict=True)):
            content = file.put_stream("\n".join(page.code).encode("ascii"))
            file.put(
                dictionary(
                    {
                        "Type": "/Page",
                        "Parent": reference(tree),
                        "MediaBox": f"[0 0 {number(page.size[0])} {number(page.size[1])}]",
                        "Resources": reference(resources),
                        "Contents": reference(content),
                        "StructParents": place,
                        "Tabs": "/S",
                    }
                ),
                item,
            )
        file.put(f"<</Type /Pages /Count {len(pages)} /Kids [{' '.join(map(reference, pages))}]>>", tree)
        catalogue = {
            "Type": "/Catalog",
            "Pages": reference(tree),
            "MarkInfo": "<</Marked true>>",
            "StructTreeRoot": reference(write_structure(file, self.root, pages)),
            "Lang": "(vi)",
            "ViewerPreferences": "<</DisplayDocTitle true>>",
        }
        return file.put(dictionary(catalogue | entries()))


def _rgb(colour: Colour) -> str:
    return " ".join(map(number, colour))


_ARC = 0.5523  # control distance of a quarter circle


def _circle(x: float, y: float, r: float) -> str:
    return _rounded(x - r, y - r, 2 * r, 2 * r, r)


def _rounded(x: float, y: float, width: float, height: float, r: float) -> str:
    k, right, top = r * (1 - _ARC), x + width, y + height
    parts: list[tuple[tuple[float, ...], str]] = [
        ((x + r, y), "m"),
        ((right - r, y), "l"),
        ((right - k, y, right, y + k, right, y + r), "c"),
        ((right, top - r), "l"),
        ((right, top - k, right - k, top, right - r, top), "c"),
        ((x + r, top), "l"),
        ((x + k, top, x, top - k, x, top - r), "c"),
        ((x, y + r), "l"),
        ((x, y + k, x + k, y, x + r, y), "c"),
    ]
    return " ".join(" ".join(map(number, values)) + " " + operator for values, operator in parts) + " h"
