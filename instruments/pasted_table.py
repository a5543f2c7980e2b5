"""A block copied from a spreadsheet as the rows of a certificate: tabs or semicolons, a head with units, row by row.

The columns are found by their heads (Vietnamese or English), else taken in the order nominal, value, U, k. Cells stay
as they were typed: whether they are numbers is judged where all numbers are judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from instruments.pasted_head import Column, is_head, names_units, read_head, unit_of, without_unit
from instruments.words import Words

MOST_ROWS = 500
MOST_CHARACTERS = 200_000
CELLS = ("nominal", "value", "correction", "error", "uncertainty", "coverage")
_POSITIONS = ("nominal", "value", "uncertainty", "coverage")
_Line = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class PastedRow:
    """One row as typed; `line` counts from 1 over the lines of the block."""

    line: int
    nominal: str
    stated: str
    uncertainty: str
    coverage: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the block says. `stated` is what its second column holds; units are blank where neither a head nor all cells
    name them; faults are (line, text)."""

    rows: tuple[PastedRow, ...]
    stated: str
    unit: str
    spread_unit: str
    faults: tuple[tuple[int, Words], ...]


def read_block(text: str) -> Pasted:
    """The rows of a pasted block. An error column gives corrections of the opposite sign.

    Faults name the line: too many cells, too few, a head without the columns that are needed, an unknown head, units
    that cannot be told apart.
    """
    lines = [(at, line) for at, line in enumerate(text[:MOST_CHARACTERS].splitlines(), 1) if line.strip()]
    if not lines:
        return Pasted((), "value", "", "", ((1, Words("Khối trống.", "The block is empty.")),))
    cut = [(at, [cell.strip() for cell in _split(line)]) for at, line in lines]
    columns, body, faults = _columns(cut)
    kinds = [column.kind for column in columns]
    stated = next((kind for kind in ("value", "correction", "error") if kind in kinds), "")
    if "nominal" not in kinds or not stated or "uncertainty" not in kinds:
        faults = [*faults, (cut[0][0], Words("Cần cột điểm đo, cột giá trị (hoặc số hiệu chính, sai số) và cột U.",
                            "A column of points, one of values (or corrections, errors) and one of U are needed."))]
        return Pasted((), stated or "value", "", "", tuple(faults))  # fmt: skip
    columns = _with_units_of_cells(columns, [cells for _at, cells in body])
    units = {column.kind: column.unit for column in columns}
    faults += _unlike(units, cut[0][0])
    coverage = next((column.coverage for column in columns if column.coverage), "")
    rows = []
    for at, cells in body[:MOST_ROWS]:
        if any(cells[len(columns):]):
            faults.append((at, Words(f"Dòng có {len(cells)} ô, đầu bảng có {len(columns)}.",
                                     f"The row has {len(cells)} cells, the head {len(columns)}.")))  # fmt: skip
            continue
        held = {column.kind: without_unit(cell, column) for column, cell in zip(columns, cells, strict=False)}
        missing = [kind for kind in ("nominal", stated, "uncertainty") if not held.get(kind)]
        if missing:
            faults.append((at, Words("Thiếu " + ", ".join(_NAMES[kind].vi for kind in missing) + ".",
                                     "Missing: " + ", ".join(_NAMES[kind].en for kind in missing) + ".")))  # fmt: skip
            continue
        value = _opposite(held[stated]) if stated == "error" else held[stated]
        rows.append(PastedRow(at, held["nominal"], value, held["uncertainty"], held.get("coverage") or coverage))
    if len(body) > MOST_ROWS:
        faults.append((body[MOST_ROWS][0], Words(f"Khối có quá {MOST_ROWS} dòng.", f"More than {MOST_ROWS} rows.")))
    unit = units.get("nominal", "") or units.get("value", "")
    spread = units["uncertainty"] or units.get("correction", "") or units.get("error", "")
    return Pasted(tuple(rows), "value" if stated == "value" else "correction", unit, spread, tuple(faults))


def _split(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else line.split(";")


def _columns(cut: Sequence[_Line]) -> tuple[list[Column], Sequence[_Line], list[tuple[int, Words]]]:
    """The columns, the lines below the head, and faults of the head. The line below a head may give its units."""
    at, first = cut[0]
    if not is_head(first):
        widest = max(len(cells) for _at, cells in cut)
        return [Column(kind) for kind in _POSITIONS[:widest]], cut, []
    columns, faults = read_head(first)
    body = cut[1:]
    if body and names_units(body[0][1]) and not any(column.unit for column in columns):
        named = [*map(unit_of, body[0][1]), *[""] * len(columns)]
        columns = [column.with_unit(unit) for column, unit in zip(columns, named, strict=False)]
        body = body[1:]
    return columns, body, [(at, text) for text in faults]


def _with_units_of_cells(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """A column whose head names no unit, while all its cells name the same one ("10,002 bar"), is in that unit."""
    found = []
    for place, column in enumerate(columns):
        units = {unit_of(row[place], beside_number=True) for row in rows if len(row) > place and row[place]}
        found.append(column.with_unit(units.pop()) if len(units) == 1 and not column.unit else column)
    return found


def _unlike(units: dict[str, str], at: int) -> Iterator[tuple[int, Words]]:
    """Values are in the unit of the points, corrections and errors in that of U: where heads say otherwise, nothing is
    guessed."""
    for kind, other in (("value", "nominal"), ("correction", "uncertainty"), ("error", "uncertainty")):
        one, two = units.get(kind, ""), units.get(other, "")
        if one and two and one != two:
            yield at, Words(
                f"Cột {_NAMES[kind].vi} dùng {one}, cột {_NAMES[other].vi} dùng {two}; hãy đổi về một đơn vị.",
                f"The column of {_NAMES[kind].en} is in {one}, that of {_NAMES[other].en} in {two}; use one unit.")


def _opposite(text: str) -> str:
    bare = text.strip()
    if bare[:1] in "-−":
        return bare[1:].strip()
    return f"-{bare.lstrip('+').strip()}" if bare.strip("0.,+ ") else bare


_NAMES = {
    "nominal": Words("điểm đo", "the point"),
    "value": Words("giá trị", "the value"),
    "correction": Words("số hiệu chính", "the correction"),
    "error": Words("sai số", "the error"),
    "uncertainty": Words("U", "U"),
}
