"""Files of data loggers (CSV as loggers write it) read into times and values; nothing else is accepted.

Known shapes: separated by semicolon, comma or tab; decimal comma or point; a line of heads after any preamble; date and
time in one column or two; dd/mm/yyyy, dd.mm.yyyy, yyyy-mm-dd (with T or a space), also two-digit years. Day stands
before month unless a number above 12 shows that it does not. Times are those of the wall clock in Vietnam; one with an
offset is turned into it. A head may name the unit: pressure is turned into hPa, a temperature in °F or K is refused.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from instruments.unit_factors import unit_factor
from instruments.words import Words

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 200_000
LONGEST_LINE = 2_000
MOST_COLUMNS = 60
PREAMBLE = 60
"""Lines before the heads in which they are looked for."""
POSSIBLE = {"temperature": (Decimal(-80), Decimal(120)), "humidity": (Decimal(0), Decimal(100)),
            "pressure": (Decimal(300), Decimal(1200))}  # fmt: skip
"""°C, %RH, hPa: what lies outside is a fault of the file."""


@dataclass(frozen=True, slots=True)
class LoggedValue:
    """One reading: wall-clock time, quantity, value in °C, %RH or hPa."""

    at: datetime
    quantity: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class LoggerFile:
    """Everything read, in the order of time; `quantities` in the order of the columns."""

    values: tuple[LoggedValue, ...]
    quantities: tuple[str, ...]


class LoggerFileError(ValueError):
    """The file cannot be read; `line` counts from 1, 0 for the whole file."""

    def __init__(self, vi: str, en: str, line: int = 0) -> None:
        super().__init__(en)
        self.line = line
        self.text = Words(f"Dòng {line}: {vi}", f"Line {line}: {en}") if line else Words(vi, en)


def read_logger_file(content: bytes) -> LoggerFile:
    """The readings of a file; LoggerFileError says what is wrong and where. Rows without a value are skipped."""
    lines = _lines(content)
    delimiter, first, heads = _find_heads(lines)
    columns = _columns(heads, first + 1)
    rows = list(_rows(lines[first + 1 :], delimiter, first + 2))
    if not rows:
        raise LoggerFileError("không có dòng số liệu nào.", "there are no rows of data.")
    day_first = _day_first([_when(row, columns) for _, row in rows])
    found: dict[tuple[str, datetime], Decimal] = {}
    for number, row in rows:
        at = _time(_when(row, columns), day_first, number)
        for place, quantity, factor in columns.values:
            text = row[place].strip() if place < len(row) else ""
            if not text or text in _NOTHING:
                continue
            value = _number(text, quantity, number, factor)
            known = found.setdefault((quantity, at), value)
            if known != value:
                raise LoggerFileError(f"hai giá trị khác nhau cho {at:%d/%m/%Y %H:%M:%S}.",
                                      f"two different values for {at:%Y-%m-%d %H:%M:%S}.", number)  # fmt: skip
    if not found:
        raise LoggerFileError("không có giá trị nào.", "there are no values.")
    ordered = sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))
    values = tuple(LoggedValue(at, quantity, value) for (quantity, at), value in ordered)
    return LoggerFile(values, tuple(dict.fromkeys(quantity for _, quantity, _ in columns.values)))


@dataclass(frozen=True, slots=True)
class _Columns:
    date: int
    time: int | None
    values: tuple[tuple[int, str, Decimal], ...]
    """Place, quantity, and the number of its unit in one of the file's."""


_NOTHING = {"-", "--", "---", "n/a", "N/A", "NaN", "nan", "null", "OL", "Err", "ERR", "—"}
_WORDS = {
    "temperature": ("temp", "nhiet", "°c", "(c)", "degc"),
    "humidity": ("hum", "am", "%rh", "rh", "%r.h"),
    "pressure": ("press", "ap suat", "hpa", "kpa", "mbar", "mmhg"),
}
_UNITS = {"hpa": "hPa", "kpa": "kPa", "pa": "Pa", "mbar": "mbar", "bar": "bar", "mmhg": "mmHg", "psi": "psi",
          "inhg": "inHg"}  # fmt: skip
_NOT_CELSIUS = ("°f", "(f)", "[f]", "fahrenheit", "degf", "(k)", "[k]", "kelvin")
_HUNDREDTH = Decimal("0.01")
_DATE = ("date", "ngay", "timestamp", "datetime", "thoi gian", "time", "gio")
_TIME = ("time", "gio", "hour")


def _lines(content: bytes) -> list[str]:
    if not content.strip():
        raise LoggerFileError("tệp rỗng.", "the file is empty.")
    if len(content) > MOST_BYTES:
        raise LoggerFileError("tệp lớn hơn 8 MB.", "the file is larger than 8 MB.")
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0") or content[:5] == b"%PDF-":
        raise LoggerFileError("đây không phải tệp CSV; hãy xuất CSV từ phần mềm của máy ghi.",
                              "this is no CSV file; export CSV from the logger's software.")  # fmt: skip
    lines = _decoded(content).splitlines()
    if len(lines) > MOST_ROWS:
        raise LoggerFileError(f"nhiều hơn {MOST_ROWS} dòng.", f"more than {MOST_ROWS} lines.")
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise LoggerFileError("dòng quá dài.", "the line is too long.", number)
    return lines


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1258", "latin-1"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise LoggerFileError("không đọc được chữ trong tệp.", "its text cannot be read.")


def _find_heads(lines: Sequence[str]) -> tuple[str, int, list[str]]:
    """(delimiter, place, heads) of the first line that names a time and a quantity."""
    for place, line in enumerate(lines[:PREAMBLE]):
        for delimiter in (";", "\t", ","):
            heads = _split(line, delimiter, place + 1)
            if len(heads) < 2:
                continue
            folded = [_folded(head) for head in heads]
            if any(_quantity(head) for head in folded) and any(_is_time(head, _DATE) for head in folded):
                return delimiter, place, folded
    raise LoggerFileError("không thấy dòng tiêu đề có thời gian và nhiệt độ, độ ẩm hoặc áp suất.",
                          "no line of heads names a time and a temperature, humidity or pressure.")  # fmt: skip


def _columns(heads: Sequence[str], line: int) -> _Columns:
    values: list[tuple[int, str, Decimal]] = []
    for place, head in enumerate(heads):
        quantity = _quantity(head)
        if quantity and quantity not in {known for _, known, _ in values}:
            values.append((place, quantity, _factor(head, quantity, line)))
    taken = {place for place, _, _ in values}
    times = [place for place, head in enumerate(heads) if place not in taken and _is_time(head, _DATE)]
    if not times:
        raise LoggerFileError("không thấy cột thời gian.", "there is no column of times.", line)
    dates = [place for place in times if any(word in heads[place] for word in ("date", "ngay"))]
    date = dates[0] if dates else times[0]
    others = [place for place in times if place != date and _is_time(heads[place], _TIME)]
    apart = others and not any(word in heads[date] for word in ("time", "gio", "thoi gian"))
    return _Columns(date, others[0] if apart else None, tuple(values))


def _factor(head: str, quantity: str, line: int) -> Decimal:
    if quantity == "temperature" and any(unit in head for unit in _NOT_CELSIUS):
        raise LoggerFileError("nhiệt độ không theo °C; hãy đặt máy ghi hoặc phần mềm xuất theo °C.",
                              "the temperature is not in °C; have the logger export °C.", line)  # fmt: skip
    named = re.search(rf"(?<![a-z])({'|'.join(_UNITS)})(?![a-z])", head) if quantity == "pressure" else None
    if named is None or named[1] in ("hpa", "mbar"):
        return Decimal(1)
    try:
        return Decimal(f"{unit_factor(_UNITS[named[1]], 'hPa'):.12g}")
    except ValueError:
        raise LoggerFileError(f"áp suất theo {_UNITS[named[1]]}; hãy xuất theo hPa.",
                              f"the pressure is in {_UNITS[named[1]]}; export hPa.", line) from None  # fmt: skip


def _quantity(head: str) -> str | None:
    """A head that begins with a room is the name that somebody gave the logger."""
    if head.startswith("phong ") or any(word in head for word in ("dew", "suong", "set", "alarm")):
        return None
    for quantity, words in _WORDS.items():
        if any(re.search(rf"(^|[^a-z]){re.escape(word)}" if word in ("am", "rh") else re.escape(word), head)
               for word in words):  # fmt: skip
            return quantity
    return None


def _is_time(head: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"(^|[^a-z]){word}", head) for word in words)


def _folded(head: str) -> str:
    bare = unicodedata.normalize("NFD", head.casefold().replace("đ", "d"))
    return " ".join("".join(char for char in bare if not unicodedata.combining(char)).split())


def _split(line: str, delimiter: str, number: int) -> list[str]:
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return line.split(delimiter)
    if len(cells) > MOST_COLUMNS:
        raise LoggerFileError(f"nhiều hơn {MOST_COLUMNS} cột.", f"more than {MOST_COLUMNS} columns.", number)
    return cells


def _rows(lines: Sequence[str], delimiter: str, first: int) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines, first):
        if line.strip(" \t;,"):
            yield number, _split(line, delimiter, number)


def _when(row: Sequence[str], columns: _Columns) -> str:
    places = [columns.date] if columns.time is None else [columns.date, columns.time]
    return " ".join(row[place].strip() for place in places if place < len(row))


_STAMP = re.compile(
    r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})[T ,]+(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d{1,6})?)?"
    r"\s*([AaPp][Mm]|SA|CH|sa|ch)?(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_AFTERNOON = ("pm", "ch")
_VIETNAM = timedelta(hours=7)
"""Without summer time since 1979."""


def _day_first(texts: Sequence[str]) -> bool:
    """False when some second number is above 12 and no first one is: the file writes the month first."""
    firsts, seconds = 0, 0
    for text in texts:
        match = _STAMP.fullmatch(text)
        if match is not None and len(match[1]) <= 2:
            firsts, seconds = max(firsts, int(match[1])), max(seconds, int(match[2]))
    return not (seconds > 12 >= firsts)


def _time(text: str, day_first: bool, line: int) -> datetime:
    match = _STAMP.fullmatch(text)
    if match is not None:
        one, two, three, second = match[1], int(match[2]), match[3], match[6]
        hour, minute = int(match[4]), int(match[5])
        if match[7]:
            hour = hour % 12 + (12 if match[7].lower() in _AFTERNOON else 0)
        if len(one) == 4:
            year, month, day = int(one), two, int(three)
        else:
            year = int(three) + (2000 if len(three) == 2 else 0)
            day, month = (int(one), two) if day_first else (two, int(one))
        if 2000 <= year < 2200:
            try:
                at = datetime(year, month, day, hour, minute, int(second or 0))
                return at if match[8] is None else at - _offset(match[8]) + _VIETNAM
            except ValueError:
                pass
    raise LoggerFileError(f"không đọc được thời gian «{text[:40]}».", f"the time {text[:40]!r} cannot be read.", line)


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta(0)
    digits = text[1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -away if text[0] == "-" else away


_FIGURE = re.compile(r"([+\-−]?\d{1,6}(?:[.,]\d{1,6})?)\s*(?:°?C|%|%RH|hPa|mbar)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3},\d{1,6}|,\d{3}\.\d{1,6})", re.ASCII)
"""1.003,4 or 1,003.4: with both signs the first one groups."""


def _number(text: str, quantity: str, line: int, factor: Decimal) -> Decimal:
    if _GROUPED.fullmatch(text):
        text = text.replace(text[-1 - len(re.split("[.,]", text)[-1])], ";").replace(".", "").replace(",", "")
        text = text.replace(";", ".")
    match = _FIGURE.fullmatch(text)
    if match is None:
        raise LoggerFileError(f"«{text[:40]}» không phải số.", f"{text[:40]!r} is no number.", line)
    value = Decimal(match[1].replace(",", ".").replace("−", "-"))
    if factor != 1:
        value = (value * factor).quantize(_HUNDREDTH).normalize() + 0
    low, high = POSSIBLE[quantity]
    if not low <= value <= high:
        raise LoggerFileError(f"{text} nằm ngoài khoảng có thể ({low} đến {high}).",
                              f"{text} lies outside what is possible ({low} to {high}).", line)  # fmt: skip
    return value
