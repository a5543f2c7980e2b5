"""What labels and stickers are drawn from: frame, one fitted line, number, QR code of whole dots, logo."""

from typing import Protocol

from certificates.flow import LayoutError
from certificates.fonts import Face, clean
from certificates.qr import QUIET, draw_qr, modules
from certificates.sheet import MM, Align, Sheet
from certificates.typeset import Span

SAMPLE = ("BẢN TRÌNH DIỄN", "KHÔNG CÓ GIÁ TRỊ")
"""What stands on labels of the demonstration laboratory in place of heading and validity."""
RADIUS = 1.6 * MM
LINE = 0.5


class Label(Protocol):
    """Something that draws itself into the box (0, 0, width, height), in points."""

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in millimetres."""

    def draw(self, sheet: Sheet, dpi: int) -> None:
        """Draws with QR modules of whole dots at this resolution."""


def points(size_mm: tuple[float, float]) -> tuple[float, float]:
    """Width and height in points of a size in millimetres."""
    return size_mm[0] * MM, size_mm[1] * MM


def frame(sheet: Sheet, width: float, height: float) -> None:
    """The rounded border of the whole label."""
    with sheet.state():
        sheet.stroke(LINE)
        sheet.round_box(0.35, 0.35, width - 0.7, height - 0.7, RADIUS)


def fitted(
    sheet: Sheet, x: float, y: float, text: str, face: Face, size: float, room: float, align: Align = Align.LEFT
) -> None:
    """One line; codes and dates are never shortened, so one that is too wide for the label is an error."""
    text = clean(text, 200)
    if Span(text, face, size).width > room + 0.5:
        raise LayoutError(f"{text!r} is too long for the label")
    if text:
        with sheet.tag("P"):
            sheet.put(x, y, text, face, size, align)


def code_line(
    sheet: Sheet, x: float, y: float, text: str, sizes: tuple[float, ...], room: float, align: Align = Align.LEFT
) -> None:
    """A number in the largest of the scale's sizes that holds it whole; LayoutError where even the smallest does not.
    """
    fits = (size for size in sizes if Span(clean(text, 200), Face.SANS_BOLD, size).width <= room)
    fitted(sheet, x, y, text, Face.SANS_BOLD, next(fits, sizes[-1]), room, align)


def code(
    sheet: Sheet, payload: str, right_foot: tuple[float, float], room: tuple[float, float], dpi: int, middle: float = 0
) -> float:
    """A QR code with its lower right corner at `right_foot`, as large as whole dots allow; returns its side.

    With `middle` it stands around that line instead, so that a coarse printer's smaller code keeps its place.
    """
    rows = modules(payload)
    count, dot = len(rows) + 2 * QUIET, 72 / dpi
    dots = int(min(room) / (count * dot))
    if dots * dot < 0.24 * MM:
        raise LayoutError(f"a code of {count} modules is too dense for the label; shorten the address")
    side = count * dots * dot
    left = middle - side / 2 if middle else right_foot[0] - side
    draw_qr(sheet, rows, left, right_foot[1], side, "Mã QR")
    return side


def logo(sheet: Sheet, x: float, y: float, side: float) -> None:
    """The logo of the laboratory in a square, where the sheet has one."""
    if sheet.has_image("logo"):
        with sheet.tag("Figure", alternative="Biểu trưng") as element:
            element.box = (x, y, x + side, y + side)
            sheet.image("logo", x, y, side, side)
