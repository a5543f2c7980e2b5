"""QR codes as vector squares, with their quiet zone of four modules."""

import re
from collections.abc import Sequence
from typing import cast

import segno

from certificates.sheet import Sheet

QUIET = 4
# A fixed mask gives the same picture each time and saves the search for the best one; readers take any mask.
_MASK = 4
# Changing the mode twice costs about 30 bits, a character in the compact mode saves 2.5.
_COMPACT = re.compile(r"[0-9]{40,}|[0-9A-Z $%*+\-./:]{13,}")


def modules(payload: str, error: str = "m") -> Sequence[Sequence[int]]:
    """Rows of 0 and 1 without quiet zone; `error` is the correction level l, m, q or h."""
    # segno takes a list of segments too, its signature does not say so.
    code = segno.make(cast(str, segments(payload)), error=error, micro=False, boost_error=False, mask=_MASK)
    return [list(row) for row in code.matrix]


def segments(payload: str) -> list[str]:
    """The payload cut where changing between the byte and the compact modes (digits, alphanumeric) saves room."""
    parts: list[str] = []
    end = 0
    for run in _COMPACT.finditer(payload):
        if run.start() > end:
            parts.append(payload[end : run.start()])
        parts.append(run[0])
        end = run.end()
    if end < len(payload):
        parts.append(payload[end:])
    return parts


def draw_qr(sheet: Sheet, rows: Sequence[Sequence[int]], x: float, y: float, size: float, spoken: str) -> float:
    """Draws the code in the square of side `size` (quiet zone included) from (x, y); returns a module's side."""
    side = size / (len(rows) + 2 * QUIET)
    rectangles = []
    for place, row in enumerate(rows):
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                rectangles.append((start + QUIET, len(rows) + QUIET - place - 1, column - start, 1))
                start = None
    with sheet.tag("Figure", alternative=spoken) as element:
        element.box = (x, y, x + size, y + size)
        with sheet.state((side, 0, 0, side, x, y)):
            sheet.boxes(rectangles)
    return side
