"""The table of a standard's certificate as it was typed: every cell read once, every fault named at its cell."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.typed_number import AmbiguousNumber, DotMeaning, NumberError, TypedNumber, parse_typed
from instruments.words import Words

MOST_ROWS = 500
LARGEST_K = 100
"""k of Student's t at one degree of freedom and 99 % is 63.7; nothing beyond is a coverage factor."""

Stated = Literal["value", "correction"]


@dataclass(frozen=True, slots=True)
class TypedRow:
    """Four cells as typed; `stated` is the value or the correction. A row of blanks is no row."""

    nominal: str = ""
    stated: str = ""
    uncertainty: str = ""
    coverage: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.nominal.strip() or self.stated.strip() or self.uncertainty.strip())


@dataclass(frozen=True, slots=True)
class ReadRow:
    """The same row as numbers with their digits."""

    nominal: TypedNumber
    stated: TypedNumber
    uncertainty: TypedNumber
    coverage: TypedNumber


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell: `row` counts from 0 over all rows given; `cell` is a field of TypedRow."""

    row: int
    cell: str
    text: Words
    ambiguous: bool = False


def read_table(rows: Sequence[TypedRow], *, coverage: str = "",
               dot_means: DotMeaning | None = None) -> tuple[list[ReadRow], list[Fault]]:
    """Numbers of every row that is not blank, and every fault; an empty k takes `coverage`.

    A nominal may stand once; U and k are positive. The table is good when there are rows and no faults.
    """
    read: list[ReadRow] = []
    faults: list[Fault] = []
    seen: dict[Decimal, int] = {}
    for at, row in enumerate(rows):
        if row.is_blank:
            continue
        cells = _read_row(at, row, coverage, dot_means, faults)
        nominal = cells.get("nominal")
        if nominal is not None:
            first = seen.setdefault(nominal.value, at)
            if first != at:
                faults.append(Fault(at, "nominal", Words(f"Trùng điểm đo với dòng {first + 1}.",
                                                         f"The same point as row {first + 1}.")))
        if len(cells) == 4:
            read.append(ReadRow(**cells))
    return read, faults


def _read_row(at: int, row: TypedRow, coverage: str, dot_means: DotMeaning | None,
              faults: list[Fault]) -> dict[str, TypedNumber]:
    texts = {"nominal": row.nominal, "stated": row.stated, "uncertainty": row.uncertainty,
             "coverage": row.coverage.strip() or coverage}
    cells: dict[str, TypedNumber] = {}
    for cell, text in texts.items():
        try:
            number = parse_typed(text, convention="vi", dot_means=dot_means)
        except NumberError as error:
            faults.append(Fault(at, cell, Words(error.vi, error.en), isinstance(error, AmbiguousNumber)))
            continue
        fault = _outside(cell, number.value)
        if fault is None:
            cells[cell] = number
        else:
            faults.append(Fault(at, cell, fault))
    return cells


def _outside(cell: str, value: Decimal) -> Words | None:
    if cell == "uncertainty" and value <= 0:
        return Words("U phải lớn hơn 0.", "U must be greater than 0.")
    if cell == "coverage" and not 1 <= value <= LARGEST_K:
        return Words(f"k nằm trong khoảng 1 đến {LARGEST_K}.", f"k lies between 1 and {LARGEST_K}.")
    return None
