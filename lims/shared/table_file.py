"""A table that somebody uploads, CSV or Excel, read into rows of text within bounds of size, rows and columns.

An .xlsx file is a ZIP of XML: it is read as a stream, entities are not resolved, and what it would unpack to is looked
at before, so that a small file cannot become a large one.
"""
from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import IO

from lxml import etree

from lims.shared.errors import Invalid

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 24 * 1024 * 1024
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
_ZIP = b"PK\x03\x04"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
Row = tuple[int, list[str]]


def is_workbook(content: bytes) -> bool:
    """Whether this is an Excel file, by what it holds."""
    return content.startswith(_ZIP)


def read_table(content: bytes, *, most_bytes: int = MOST_BYTES, most_rows: int = MOST_ROWS,
               comma: bool = False) -> list[Row]:
    """(line, cells) of each line that holds something; lines count from 1. Raises Invalid at `file`.

    `comma`: numbers of a workbook are written with a decimal comma and no exponent, as people here type them."""
    if not content:
        raise Invalid("Tệp rỗng; hãy chọn lại.", "The file is empty; choose it again.", "file")
    if len(content) > most_bytes:
        size = most_bytes // 1024 // 1024
        raise Invalid(f"Tệp lớn hơn {size} MB.", f"The file is larger than {size} MB.", "file")
    rows = list(_sheet(content, most_rows, comma) if is_workbook(content) else _lines(content, most_rows))
    if not rows:
        raise Invalid("Tệp không có dòng nào.", "The file has no line.", "file")
    return rows


def _lines(content: bytes, most: int) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("Tệp không phải Excel (.xlsx) hay CSV mã UTF-8.",
                      "The file is neither Excel (.xlsx) nor CSV in UTF-8.", "file") from None
    if "\x00" in text:
        raise Invalid("Tệp không phải Excel (.xlsx) hay CSV mã UTF-8.",
                      "The file is neither Excel (.xlsx) nor CSV in UTF-8.", "file")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=first.count)
    try:
        for line, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
            if any(cell.strip() for cell in cells):
                yield line, _bounded(line, [cell.strip() for cell in cells], most)
    except csv.Error:
        raise Invalid("Tệp CSV sai dạng.", "The CSV file is malformed.", "file") from None


def _sheet(content: bytes, most: int, comma: bool) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise Invalid("Tệp Excel quá lớn khi giải nén.", "The workbook unpacks to too much.", "file")
            sheets = sorted((name for name in book.namelist()
                             if re.fullmatch(r"xl/worksheets/sheet[0-9]{1,4}\.xml", name)), key=lambda n: (len(n), n))
            if not sheets:
                raise Invalid("Tệp Excel không có trang tính.", "The workbook has no sheet.", "file")
            strings = _strings(book) if "xl/sharedStrings.xml" in book.namelist() else []
            with book.open(sheets[0]) as stream:
                yield from _rows(stream, strings, most, comma)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, NotImplementedError, RuntimeError, ValueError,
            IndexError, OSError):
        raise Invalid("Không đọc được tệp Excel; hãy lưu lại dưới dạng .xlsx.",
                      "The workbook cannot be read; save it again as .xlsx.", "file") from None


def _strings(book: zipfile.ZipFile) -> list[str]:
    found = []
    with book.open("xl/sharedStrings.xml") as stream:
        for element in _elements(stream, "si"):
            found.append(_text(element))
            element.clear()
    return found


def _rows(stream: IO[bytes], strings: list[str], most: int, comma: bool) -> Iterator[Row]:
    for seen, element in enumerate(_elements(stream, "row"), start=1):
        line = int(element.get("r") or seen)
        cells: dict[int, str] = {}
        for place, cell in enumerate(element.iterfind("{*}c")):
            match = _REFERENCE.fullmatch(cell.get("r") or "")
            column = _column(match[1]) if match else place
            if text := _value(cell, strings, comma):
                if column >= MOST_COLUMNS:
                    raise _too_wide(line)
                cells[column] = text
        element.clear()
        if cells:
            yield line, _bounded(line, [cells.get(column, "") for column in range(max(cells) + 1)], most,
                                 seen)


def _elements(stream: IO[bytes], name: str) -> Iterator[etree._Element]:
    for _event, element in etree.iterparse(stream, tag=f"{{*}}{name}", resolve_entities=False, no_network=True,
                                           load_dtd=False, huge_tree=False):
        yield element


def _value(cell: etree._Element, strings: list[str], comma: bool) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    text = (cell.findtext("{*}v") or "").strip()
    if cell.get("t") == "s":
        return strings[int(text)] if text else ""
    text = text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
    return _with_comma(text) if comma and cell.get("t", "n") == "n" else text


def _with_comma(text: str) -> str:
    """A stored number as typed here: 8.002 -> "8,002", 1E-05 -> "0,00001"; the noise of binary digits is cut."""
    try:
        number = Decimal(f"{float(text):.15g}")
    except (ValueError, InvalidOperation):
        return text
    return f"{number:f}".replace(".", ",") if number.is_finite() and abs(number.adjusted()) < 30 else text


def _text(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter("{*}t")).strip()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _bounded(line: int, cells: list[str], most: int, seen: int = 0) -> list[str]:
    if max(line, seen) > most * 2 or seen > most:
        raise Invalid(f"Bảng có quá {most} dòng.", f"The table has more than {most} lines.", "file")
    if len(cells) > MOST_COLUMNS:
        raise _too_wide(line)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        raise Invalid(f"Dòng {line}: một ô dài quá {LONGEST_CELL} ký tự.",
                      f"Line {line}: a cell is longer than {LONGEST_CELL} characters.", "file")
    return cells


def _too_wide(line: int) -> Invalid:
    return Invalid(f"Dòng {line} có quá {MOST_COLUMNS} cột.", f"Line {line} has more than {MOST_COLUMNS} columns.",
                   "file")
