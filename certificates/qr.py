"""QR codes as vector squares, with their quiet zone of four modules."""

from collections.abc import Sequence

import segno

from certificates.sheet import Sheet

QUIET = 4
# A fixed mask gives the same picture each time and saves the search for the best one; readers take any mask.
_MASK = 4


def modules(payload: str, error: str = "m") -> Sequence[Sequence[int]]:
    """Rows of 0 and 1 without quiet zone; `error` is the correction level l, m, q or h."""
    code = segno.make(payload, error=error, micro=False, boost_error=False, mask=_MASK)
    return [list(row) for row in code.matrix]


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
                top = y + size - (place + 1 + QUIET) * side
                rectangles.append((x + (start + QUIET) * side, top, (column - start) * side, side))
                start = None
    with sheet.tag("Figure", alternative=spoken) as element:
        element.box = (x, y, x + size, y + size)
        sheet.boxes(rectangles)
    return side
