"""QR codes as vector squares, with their quiet zone of four modules."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from segno import consts as segno_consts
from segno import encoder

from certificates.sheet import Sheet

QUIET = 4
# A fixed mask gives the same picture each time and saves the search for the best one; readers take any mask.
_MASK = 4
# Changing the mode twice costs about 30 bits, a character in the compact mode saves 2.5.
_COMPACT = re.compile(r"[0-9]{40,}|[0-9A-Z $%*+\-./:]{13,}")

_FREE = 2  # a module of segno's matrix that nothing has taken
_consts: Any = segno_consts
_encoder: Any = encoder  # its functions below `make`; the test compares with `segno.make`
_DARK = re.compile(rb"\x01+")


@lru_cache(maxsize=8)  # the dry renders of a batch all show the same code
def modules(payload: str, error: str = "m") -> Sequence[Sequence[int]]:
    """Rows of 0 and 1 without quiet zone; `error` is the correction level l, m, q or h.

    As `segno.make` with the fixed mask, but all that does not depend on the payload is laid out once for a size.
    """
    level = _encoder.normalize_errorlevel(error)
    parts = _encoder.prepare_data(segments(payload), None, None)
    version = _encoder.find_version(parts, level, eci=False, micro=False)
    bits = _encoder.Buffer()
    for part in parts:
        _encoder.write_segment(bits, part, None, _encoder.version_range(version), False)
    capacity = _consts.SYMBOL_CAPACITY[version][level]
    _encoder.write_terminator(bits, capacity, None, len(bits))
    _encoder.write_padding_bits(bits, version, len(bits))
    _encoder.write_pad_codewords(bits, version, capacity, len(bits))
    message = _encoder.make_final_message(version, level, bits).getbits()
    frame = _frame(version, level)
    dark = bytearray(frame.fixed)
    for place, masked, bit in zip(frame.places, frame.mask, message, strict=True):
        dark[place] = bit ^ masked
    return [list(dark[start : start + frame.width]) for start in range(0, len(dark), frame.width)]


class _Frame(NamedTuple):
    """What every code of a version and level has: fixed modules row by row; where the message goes, bit after bit
    (ISO/IEC 18004:2015, 7.7.3), and by what it is masked (7.8)."""

    width: int
    fixed: bytes
    places: tuple[int, ...]
    mask: tuple[int, ...]


@lru_cache(maxsize=40)
def _frame(version: int, level: int) -> _Frame:
    width = _encoder.calc_matrix_size(version)
    matrix = _encoder.make_matrix(width, width)
    _encoder.add_finder_patterns(matrix, width, width)
    _encoder.add_alignment_patterns(matrix, width, width)
    places = []
    for right in range(width - 1, 0, -2):
        column = right if right > 6 else right - 1  # the timing column is passed over
        upwards = ((column & 2) == 0) ^ (column < 6)
        for step in range(width):
            row = width - 1 - step if upwards else step
            places += [row * width + at for at in (column, column - 1) if matrix[row][at] == _FREE]
    pattern = _encoder.get_data_mask_functions(False)[_MASK]
    mask = tuple(int(pattern(place // width, place % width)) for place in places)
    _encoder.add_format_info(matrix, version, level, _MASK)
    _encoder.add_version_info(matrix, version)
    return _Frame(width, b"".join(bytes(row) for row in matrix), tuple(places), mask)


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
    foot = len(rows) + QUIET - 1
    rectangles = [
        (run.start() + QUIET, foot - place, run.end() - run.start(), 1)
        for place, row in enumerate(rows)
        for run in _DARK.finditer(bytes(row))
    ]
    with sheet.tag("Figure", alternative=spoken) as element:
        element.box = (x, y, x + size, y + size)
        with sheet.state((side, 0, 0, side, x, y)):
            sheet.boxes(rectangles)
    return side
