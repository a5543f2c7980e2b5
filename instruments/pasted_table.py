"""A block copied from a spreadsheet as the rows of a certificate: tabs or semicolons, a head with units, row by row.

The columns are found by their heads (Vietnamese or English), else taken in the order nominal, value, U, k. Cells stay
as they were typed: whether they are numbers is judged where all numbers are judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from instruments.words import Words

MOST_ROWS = 500
MOST_CHARACTERS = 200_000
CELLS = ("nominal", "value", "correction", "error", "uncertainty", "coverage")
_HEADS = {
    "nominal": ("điểm đo", "điểm", "danh định", "danh nghĩa", "chỉ thị", "nominal", "point", "indication", "reading"),
    "value": ("giá trị", "giá trị chuẩn", "giá trị thực", "quy ước", "value", "reference", "true"),
    "correction": ("số hiệu chính", "hiệu chính", "correction"),
    "error": ("sai số", "độ lệch", "error", "deviation"),
    "uncertainty": ("u", "đkđb", "đkđbđ", "độ không đảm bảo", "uncertainty", "expanded uncertainty"),
    "coverage": ("k", "hệ số phủ", "coverage factor"),
}
_UNIT = re.compile(r"[\(\[]\s*([^()\[\]]{1,20})\s*[\)\]]|,\s*([^\s,;]{1,12})\s*$")
_NUMBER_LIKE = re.compile(r"^[+\-−]?[\d.,\s]+$")
_POSITIONS = ("nominal", "value", "uncertainty", "coverage")


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
    """What the block says. `stated` is what its second column holds; units are blank where no head names them; faults
    are (line, text)."""

    rows: tuple[PastedRow, ...]
    stated: str
    unit: str
    spread_unit: str
    faults: tuple[tuple[int, Words], ...]


def read_block(text: str) -> Pasted:
    """The rows of a pasted block. An error column gives corrections of the opposite sign.

    Faults name the line: too many cells, too few, a head without the columns that are needed, an unknown head.
    """
    lines = [(at, line) for at, line in enumerate(text[:MOST_CHARACTERS].splitlines(), 1) if line.strip()]
    if not lines:
        return Pasted((), "value", "", "", ((1, Words("Khối trống.", "The block is empty.")),))
    cut = [(at, [cell.strip() for cell in _split(line)]) for at, line in lines]
    head_at, heads, faults = _head(cut[0])
    body = cut[1:] if head_at else cut
    widest = max((len(cells) for _at, cells in body), default=0)
    columns = heads if head_at else [(kind, "") for kind in _POSITIONS[:widest]]
    kinds = [kind for kind, _unit in columns]
    units = dict(columns)
    stated = next((kind for kind in ("value", "correction", "error") if kind in kinds), "")
    if "nominal" not in kinds or not stated or "uncertainty" not in kinds:
        faults = [*faults, (cut[0][0], Words("Cần cột điểm đo, cột giá trị (hoặc số hiệu chính, sai số) và cột U.",
                            "A column of points, one of values (or corrections, errors) and one of U are needed."))]
        return Pasted((), stated or "value", "", "", tuple(faults))  # fmt: skip
    rows = []
    for at, cells in body[:MOST_ROWS]:
        if len([cell for cell in cells if cell]) > len(kinds) or (len(cells) > len(kinds) and any(cells[len(kinds):])):
            faults.append((at, Words(f"Dòng có {len(cells)} ô, đầu bảng có {len(kinds)}.",
                                     f"The row has {len(cells)} cells, the head {len(kinds)}.")))  # fmt: skip
            continue
        held = dict(zip(kinds, cells, strict=False))
        missing = [kind for kind in ("nominal", stated, "uncertainty") if not held.get(kind)]
        if missing:
            faults.append((at, Words("Thiếu " + ", ".join(_NAMES[kind].vi for kind in missing) + ".",
                                     "Missing: " + ", ".join(_NAMES[kind].en for kind in missing) + ".")))  # fmt: skip
            continue
        value = _opposite(held[stated]) if stated == "error" else held[stated]
        rows.append(PastedRow(at, held["nominal"], value, held["uncertainty"], held.get("coverage", "")))
    if len(body) > MOST_ROWS:
        faults.append((body[MOST_ROWS][0], Words(f"Khối có quá {MOST_ROWS} dòng.", f"More than {MOST_ROWS} rows.")))
    unit = units.get("nominal", "") or units.get("value", "")
    spread = units.get("uncertainty", "") or units.get("correction", "") or units.get("error", "")
    return Pasted(tuple(rows), "value" if stated == "value" else "correction", unit, "" if spread == unit else spread,
                  tuple(faults))  # fmt: skip


def _split(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else line.split(";")


def _head(first: tuple[int, list[str]]) -> tuple[bool, list[tuple[str, str]], list[tuple[int, Words]]]:
    """Whether the first line is a head, its (kind, unit) by column, and faults; numbers are no head."""
    at, cells = first
    if all(not cell or _NUMBER_LIKE.match(cell) for cell in cells):
        return False, [], []
    columns: list[tuple[str, str]] = []
    faults: list[tuple[int, Words]] = []
    for cell in cells:
        match = _UNIT.search(cell)
        unit = (match[1] or match[2] or "").strip() if match else ""
        name = (cell[:match.start()] if match else cell).strip().casefold()
        kind = next((kind for kind, words in _HEADS.items() if name in words), "")
        kind = kind or next((kind for kind in ("correction", "error", "uncertainty", "coverage", "value", "nominal")
                             if any(len(word) > 2 and word in name for word in _HEADS[kind])), "")  # fmt: skip
        if not kind and cell:
            faults.append((at, Words(f"Không rõ cột «{cell}».", f"Unknown column {cell!r}.")))
        if kind and kind in [one for one, _unit in columns]:
            faults.append((at, Words(f"Hai cột cùng nghĩa: «{cell}».", f"Two columns of one meaning: {cell!r}.")))
        columns.append((kind, unit))
    return True, columns, faults


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
