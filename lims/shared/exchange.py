"""Tables that come in and go out: kinds of rows with their columns, read from and written to Excel or CSV.

A kind is announced by the feature that owns its rows (`announce`). Everything of a file is written in one transaction
or nothing is: a preview is the same with the end taken back, so that it says exactly what the import would say.
"""
from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from lims.shared import workbook
from lims.shared.db import write
from lims.shared.errors import DomainError, Invalid, NotFound
from lims.shared.forms import HouseForm
from lims.shared.i18n import language
from lims.shared.table_file import is_workbook, read_table
from lims.shared.text import search_key

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 20_000
YES = {"y": ("có", "x", "yes", "y", "1"), "n": ("không", "no", "n", "0", "-")}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SERIAL_ORIGIN = date(1899, 12, 30)
"""Day 0 of the days that a workbook stores dates as."""


@dataclass(frozen=True)
class Column:
    """One column: `key` is the form field or argument that takes it, `head` its name (lazy). `words` are codes with
    their words: a cell may hold either. `shape`: "text", "number" (as typed), "day" or "yes"."""

    key: str
    head: Any
    needed: bool = False
    words: Callable[[], Mapping[str, Any]] | None = None
    shape: str = "text"
    example: str = ""


@dataclass(frozen=True)
class Line:
    """One row of a file: its number there, and the text of each column that the file has."""

    number: int
    values: Mapping[str, str]

    def get(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line, in the language of whoever asks; line 0 stands for the table."""

    line: int
    head: str
    text: str

    def __str__(self) -> str:
        where = [f"dòng {self.line}" if language() == "vi" else f"line {self.line}"] if self.line else []
        return ", ".join([*where, *([f"«{self.head}»"] if self.head else [])]) + f": {self.text}" if (
            where or self.head) else self.text


@dataclass
class Outcome:
    """What an import did, or would do: lines by outcome ("new", "changed", "same"), and every fault."""

    kind: Kind
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    lines: list[tuple[int, str, str]] = field(default_factory=list)
    """(line, what it is about, outcome)."""

    def done(self, line: Line, name: str, what: str) -> None:
        """This line is behind."""
        self.counts[what] += 1
        self.lines.append((line.number, name, what))

    def wrong(self, line: Line, key: str, text: str) -> None:
        """This line cannot be taken."""
        head = next((str(column.head) for column in self.kind.columns if column.key == key), "")
        self.faults.append(Fault(line.number, head, text))

    def refused(self, line: Line, error: DomainError) -> None:
        """The same for what a service refuses."""
        self.wrong(line, error.field, error.message(language()))


@dataclass(frozen=True)
class Kind:
    """A kind of rows. `permission` may import them; `rows` gives all of them for a file, by column; `take` writes
    lines into an open transaction in the name of a person and tells each outcome."""

    name: str
    title: Any
    permission: str
    columns: Sequence[Column]
    rows: Callable[[], Iterable[Mapping[str, Any]]]
    take: Callable[[Session, Sequence[Line], Outcome, Any], None]


KINDS: dict[str, Kind] = {}


class _TakenBack(Exception):
    """Nothing is to be written."""


def announce(kind: Kind) -> None:
    """Make a kind known to the commands and the pages."""
    KINDS[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind, or NotFound."""
    if name not in KINDS:
        raise NotFound("Không có loại bảng này.", "No such kind of table.")
    return KINDS[name]


def take_in(kind: Kind, content: bytes, by: Any, *, dry_run: bool = False) -> Outcome:
    """Read and write a file: everything, or nothing when any line is wrong. Raises Invalid at `file` for no table."""
    outcome = Outcome(kind)
    lines = _read(kind, content, outcome)
    if outcome.faults:
        return outcome
    try:
        with write(f"import.{kind.name}", actor=(str(by.id), by.full_name)) as current:
            try:
                kind.take(current, lines, outcome, by)
                current.flush()
            except IntegrityError:
                outcome.faults.append(Fault(0, "", _said("Hai dòng trùng nhau, hoặc trùng với điều đã có trong sổ.",
                                                         "Two lines are the same, or the register has one already.")))
            if dry_run or outcome.faults:
                raise _TakenBack
    except _TakenBack:
        pass
    outcome.faults.sort(key=lambda fault: fault.line)
    return outcome


def checked(form: HouseForm, line: Line, outcome: Outcome) -> bool:
    """Whether the form takes the line; what it refuses is told at the columns."""
    if form.validate():
        return True
    for key, messages in form.errors.items():
        for message in messages:
            outcome.wrong(line, key or "", str(message))
    return False


def typed(line: Line) -> MultiDict[str, str]:
    """The line as a form gets it."""
    return MultiDict({key: text for key, text in line.values.items() if text})


def put_out(kind: Kind, name: str, *, empty: bool = False) -> bytes:
    """The rows as a file; CSV when the name says so, else Excel. `empty`: the heads with one example line."""
    heads = [str(column.head) for column in kind.columns]
    rows = [{column.key: column.example for column in kind.columns}] if empty else kind.rows()
    cells = ([_cell(column, row.get(column.key)) for column in kind.columns] for row in rows)
    if name.casefold().endswith(".csv"):
        out = io.StringIO()
        sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
        sheet.writerow(heads)
        sheet.writerows([_harmless(text, column) for text, column in zip(row, kind.columns, strict=True)]
                        for row in cells)
        return out.getvalue().encode("utf-8-sig")
    return workbook.workbook(str(kind.title), heads, cells)


def _cell(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.shape == "yes":
        return value if isinstance(value, str) else _said("có", "yes") if value else _said("không", "no")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    words = column.words() if column.words else {}
    return str(words.get(value, value))


def _harmless(text: str, column: Column) -> str:
    """Text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers."""
    return f"'{text}" if column.shape != "number" and _FORMULA.match(text) else text


def _read(kind: Kind, content: bytes, outcome: Outcome) -> list[Line]:
    (_number, heads), *body = read_table(content, most_bytes=MOST_BYTES, most_rows=MOST_ROWS, comma=True)
    columns = [_column(kind, head) for head in heads]
    found = [column for column in columns if column is not None]
    for column in kind.columns:
        if found.count(column) > 1:
            outcome.faults.append(Fault(1, str(column.head), _said("Cột này có hai lần.", "It is there twice.")))
        if column.needed and column not in found:
            outcome.faults.append(Fault(1, str(column.head), _said("Thiếu cột này.", "This column is missing.")))
    for head, known in zip(heads, columns, strict=True):
        if head and known is None:
            outcome.faults.append(Fault(1, head, _said("Không biết cột này.", "This column is not known.")))
    if not body and not outcome.faults:
        raise Invalid("Tệp không có dòng nào dưới dòng tên cột.", "The file has no line below its heads.", "file")
    guarded = not is_workbook(content)
    texts = {id(column): _texts(column, guarded) for column in found}
    return [Line(number, {column.key: texts[id(column)](cell) for column, cell in zip(columns, cells, strict=False)
                          if column is not None}) for number, cells in body]


def _column(kind: Kind, head: str) -> Column | None:
    wanted = search_key(head)
    return next((column for column in kind.columns if wanted and wanted in _names(column)), None)


def _names(column: Column) -> set[str]:
    """What a column may be called: its key, and its name in both languages."""
    from flask_babel import force_locale

    names = {search_key(column.key)}
    for locale in ("vi", "en"):
        with force_locale(locale):
            names.add(search_key(str(column.head)))
    return names


def _texts(column: Column, guarded: bool) -> Callable[[str], str]:
    """How a cell of this column is read; `guarded`: a CSV file, which has an apostrophe before a would-be formula."""
    words = _words(column)

    def read(cell: str) -> str:
        text = cell[1:] if guarded and cell.startswith("'") and _FORMULA.match(cell) else cell
        if column.shape == "day" and text.isascii() and text.isdigit() and 4 < len(text) < 6:
            return f"{_SERIAL_ORIGIN + timedelta(days=int(text)):%d/%m/%Y}"
        return words.get(search_key(text) or text.strip(), text) if words else text

    return read


def _words(column: Column) -> dict[str, str]:
    from flask_babel import force_locale

    if column.shape == "yes":
        return {search_key(word) or word: code for code, words in YES.items() for word in words}
    codes: dict[str, str] = {}
    if column.words is not None:
        for locale in ("en", "vi"):
            with force_locale(locale):
                codes |= {search_key(str(word)): code for code, word in column.words().items()}
        codes |= {search_key(code): code for code in column.words()}
    return codes


def _said(vi: str, en: str) -> str:
    return vi if language() == "vi" else en
