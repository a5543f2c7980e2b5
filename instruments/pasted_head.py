"""Heads of a pasted table: which column is which, in what unit, at what k; and units that stand in the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from instruments.words import Words

LONGEST = 120
"""Characters of a head that are read."""
_HEADS = {
    "nominal": ("điểm đo", "điểm", "danh định", "danh nghĩa", "giá trị đặt", "chỉ thị", "số chỉ", "nominal", "point",
                "indication", "reading", "setting"),
    "value": ("giá trị", "giá trị chuẩn", "giá trị thực", "quy ước", "value", "reference", "true"),
    "correction": ("số hiệu chính", "hiệu chính", "correction"),
    "error": ("sai số", "độ lệch", "error", "deviation"),
    "uncertainty": ("u", "u95", "đkđb", "đkđbđ", "kđb", "độ không đảm bảo", "uncertainty", "expanded uncertainty"),
    "coverage": ("k", "hệ số phủ", "coverage factor"),
}  # fmt: skip
_ORDER = ("correction", "error", "uncertainty", "coverage", "nominal", "value")
"""In which words are looked for: "giá trị danh nghĩa" is a point, "giá trị" alone a value."""
_PASSED_OVER = ("stt", "tt", "no", "no.", "#", "số thứ tự")
"""Heads of columns that say nothing of the certificate's values, and words of further ones."""
_PASSED_WORDS = ("cho phép", "giới hạn", "mpe", "ghi chú", "kết luận", "permissible", "limit", "remark", "note",
                 "conclusion")  # fmt: skip
_COVERAGE = re.compile(r"\bk\s*[=≈]\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE)
_ASIDE = re.compile(
    r"[(\[;,]?\s*\b[kpq]\s*[=≈]\s*[\d.,]*\d\s*%?\s*[;,]?\s*[)\]]?|[(\[]\s*\d+\s*%\s*[)\]]", re.IGNORECASE
)
"""What a head says beside the unit: (k = 2), (95 %), p ≈ 95 %."""
_UNIT = re.compile(r"[(\[]\s*([^()\[\]]{1,20})\s*[)\]]|(?:,|\s/)\s*([^\s,;/]{1,12})\s*$")
_NUMBER_LIKE = re.compile(r"^[±+\-−]?[\d.,\s]+$")
_NUMBER_AND_UNIT = re.compile(r"^([±+\-−]?\s*\d[\d.,]*(?:\s\d[\d.,]*)*)\s*([^\d\s.,;±+\-−][^\s;]{0,11})$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `kind` is blank for one that is passed over, `coverage` is the k that its head states."""

    kind: str
    unit: str = ""
    coverage: str = ""

    def with_unit(self, unit: str) -> Column:
        """The same column in this unit."""
        return replace(self, unit=unit)


def is_head(cells: Sequence[str]) -> bool:
    """Whether the line names columns: some cell neither blank nor a number, with or without a unit."""
    return any(cell and not _NUMBER_LIKE.match(cell) and not _NUMBER_AND_UNIT.match(cell) for cell in cells)


def names_units(cells: Sequence[str]) -> bool:
    """Whether a line below the head gives units alone: "bar; bar; mbar" or "(bar); (bar); (mbar)"."""
    named = [cell for cell in cells if cell]
    return bool(named) and all(len(cell) <= 12 and unit_of(cell) and not _NUMBER_AND_UNIT.match(cell) for cell in named)


def unit_of(cell: str, *, beside_number: bool = False) -> str:
    """The unit that a cell names, alone or `beside_number`; blank where it names none."""
    if beside_number:
        match = _NUMBER_AND_UNIT.match(cell)
        return match[2] if match else ""
    return "" if _NUMBER_LIKE.match(cell) else cell.strip("()[] ")


def without_unit(cell: str, column: Column) -> str:
    """The number of a cell as typed, without the column's own unit, and without the ± before a U."""
    match = _NUMBER_AND_UNIT.match(cell)
    text = match[1].strip() if match and match[2] == column.unit else cell
    return text.lstrip("±").strip() if column.kind == "uncertainty" else text


def read_head(cells: Sequence[str]) -> tuple[list[Column], list[Words]]:
    """The columns that a head names; faults: one that is not known, two of one meaning."""
    columns: list[Column] = []
    faults: list[Words] = []
    for cell in cells:
        column = _column(cell)
        if column is None:
            faults.append(Words(f"Không rõ cột «{cell}».", f"Unknown column {cell!r}."))
        elif column.kind and column.kind in [one.kind for one in columns]:
            faults.append(Words(f"Hai cột cùng nghĩa: «{cell}».", f"Two columns of one meaning: {cell!r}."))
        columns.append(column or Column(""))
    return columns, faults


def _column(cell: str) -> Column | None:
    """The column of one head, None where nobody knows what it is."""
    cell = " ".join(cell[:LONGEST].split())
    stated = _COVERAGE.search(cell)
    bare = _ASIDE.sub(" ", cell).strip()
    unit = _UNIT.search(bare)
    name = " ".join((bare[:unit.start()] if unit else bare).casefold().split()).strip(" ,;")
    if not name or name in _PASSED_OVER or any(word in name for word in _PASSED_WORDS):
        return Column("")
    kind = next((kind for kind, words in _HEADS.items() if name in words), "") or next(
        (kind for kind in _ORDER if any(len(word) > 2 and word in name for word in _HEADS[kind])), "")
    if not kind and re.search(r"(^|\s)u$", name):  # "độ bất định mở rộng U"
        kind = "uncertainty"
    if not kind:
        return None
    return Column(kind, (unit[1] or unit[2] or "").strip() if unit else "",
                  stated[1] if stated and kind == "uncertainty" else "")
