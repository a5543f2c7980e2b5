"""Reading checked values out of a procedure's TOML: every fault is noted with its line, and reading goes on."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from instruments.formula import Formula, read_formula
from instruments.toml_lines import Path, line_of
from instruments.words import Words
from uncertainty.errors import InputError
from uncertainty.expression import check_name

MAX_TEXT = 2000
"""Longest text of a procedure, in characters."""
ZERO = read_formula("0")
"""Stands in for a faulty formula until all faults are told."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `line` counted from 1, `path` such as "tables[0].result.inputs[2].half_width"."""

    line: int
    path: str
    vi: str
    en: str


@dataclass(slots=True)
class FaultBook:
    """The faults found so far, and where the values stand."""

    lines: dict[Path, int]
    faults: list[Fault] = field(default_factory=list)

    def add(self, path: Path, vi: str, en: str) -> None:
        """Note a fault at a path."""
        self.faults.append(Fault(line_of(self.lines, path), _shown(path), vi, en))


class Node:
    """One table of the file. Getters note a fault and give a harmless value when something is wrong."""

    def __init__(self, data: Mapping[str, Any], path: Path, book: FaultBook) -> None:
        self.path, self.book = path, book
        self._data = data
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return key in self._data

    def fault(self, key: str | None, vi: str, en: str) -> None:
        """Note a fault at a key of this table, or at the table itself."""
        self.book.add(self.path if key is None else (*self.path, key), vi, en)

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not blank, in NFC."""
        value = self._get(key, default)
        if value is None:
            return ""
        if not isinstance(value, str) or (not value.strip() and value != default) or len(value) > MAX_TEXT:
            self.fault(key, f"cần một đoạn chữ, tối đa {MAX_TEXT} ký tự", f"expected a text of at most {MAX_TEXT}")
            return ""
        return unicodedata.normalize("NFC", value)

    def optional_text(self, key: str) -> str | None:
        """A text, or None when the key is missing."""
        return self.text(key) if key in self else None

    def name(self, key: str = "key", suffixes: tuple[str, ...] = ()) -> str:
        """A name for formulas, which stays one with each suffix."""
        text = self.text(key)
        if text:
            for suffix in ("", *suffixes):
                try:
                    check_name(text + suffix, key)
                except InputError as wrong:
                    self.fault(key, wrong.vi, wrong.en)
                    break
        return text

    def choice(self, key: str, options: Collection[str], default: str | None = None) -> str:
        """One of the options."""
        value = self._get(key, default)
        if value is None:
            return next(iter(options))
        if not isinstance(value, str) or value not in options:
            listed = ", ".join(options)
            self.fault(key, f"cần một trong: {listed}{_guess(value, options, 'vi')}",
                       f"expected one of: {listed}{_guess(value, options, 'en')}")  # fmt: skip
            return next(iter(options))
        return value

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            self.fault(key, "cần true hoặc false", "expected true or false")
            return default
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A finite number."""
        value = self._get(key, default)
        if value is None:
            return 0.0
        if not is_number(value):
            self.fault(key, "cần một số", "expected a number")
            return 0.0
        return float(value)

    def optional_number(self, key: str) -> float | None:
        """A finite number, or None when the key is missing."""
        return self.number(key) if key in self else None

    def integer(self, key: str, lowest: int, highest: int, default: int | None = None) -> int:
        """A whole number within both ends."""
        value = self._get(key, default)
        if value is None:
            return lowest
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            self.fault(key, f"cần số nguyên từ {lowest} đến {highest}", f"expected an integer, {lowest} to {highest}")
            return lowest
        return value

    def holds_integer(self, key: str) -> bool:
        """Whether a whole number stands at the key."""
        return isinstance(self._data.get(key), int)

    def words(self, key: str) -> Words:
        """{ vi = "…", en = "…" }."""
        value = self._get(key, None)
        if value is None:
            return Words("", "")
        if not isinstance(value, Mapping):
            self.fault(key, 'cần { vi = "…", en = "…" }', 'expected { vi = "…", en = "…" }')
            return Words("", "")
        node = Node(value, (*self.path, key), self.book)
        words = Words(node.text("vi"), node.text("en"))
        node.done()
        return words

    def optional_words(self, key: str) -> Words | None:
        """Both languages, or None when the key is missing."""
        return self.words(key) if key in self else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is missing."""
        value = self._get(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            self.fault(key, "cần danh sách các đoạn chữ", "expected a list of texts")
            return ()
        return tuple(unicodedata.normalize("NFC", item) for item in value)

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers, empty when the key is missing."""
        value = self._get(key, ())
        if not isinstance(value, list | tuple):
            self.fault(key, "cần danh sách các số", "expected a list of numbers")
            return ()
        for at, item in enumerate(value):
            if not is_number(item):
                self.book.add((*self.path, key, at), "cần một số", "expected a number")
        return tuple(float(item) for item in value if is_number(item))

    def formula(self, key: str, names: Collection[str], default: str | None = None) -> Formula:
        """A formula (or a plain number) over the names."""
        value = self._get(key, default)
        return ZERO if value is None else self._read_formula(value, (*self.path, key), names)

    def optional_formula(self, key: str, names: Collection[str]) -> Formula | None:
        """A formula, or None when the key is missing."""
        return self.formula(key, names) if key in self else None

    def formulas(self, key: str, names: Collection[str]) -> tuple[Formula, ...]:
        """A list of formulas or numbers, empty when the key is missing."""
        value = self._get(key, ())
        if not isinstance(value, list | tuple):
            self.fault(key, "cần danh sách số hoặc công thức", "expected a list of numbers or formulas")
            return ()
        return tuple(self._read_formula(item, (*self.path, key, at), names) for at, item in enumerate(value))

    def table(self, key: str) -> Node:
        """A table; an empty one stands in when it is missing or wrong."""
        value = self._get(key, None)
        if value is not None and not isinstance(value, Mapping):
            self.fault(key, f"cần một bảng [{key}]", f"expected a table [{key}]")
            value = None
        return Node(value or {}, (*self.path, key), self.book)

    def tables(self, key: str) -> Iterator[Node]:
        """The tables of an array, none when the key is missing."""
        value = self._get(key, ())
        if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
            self.fault(key, f"cần các bảng [[{key}]]", f"expected tables [[{key}]]")
            return
        for at, item in enumerate(value):
            yield Node(item, (*self.path, key, at), self.book)

    def pairs(self, key: str) -> Mapping[str, Any]:
        """A table as it stands, empty when the key is missing."""
        value = self._get(key, {})
        if not isinstance(value, Mapping):
            self.fault(key, "cần một bảng { … }", "expected a table { … }")
            return {}
        return value

    def done(self) -> None:
        """Note every key that was never asked for: it is misspelt or stands in the wrong table."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, f"không có mục này{_guess(key, self._asked, 'vi')}",
                           f"there is no such key{_guess(key, self._asked, 'en')}")  # fmt: skip

    def _get(self, key: str, default: Any) -> Any:
        self._asked.add(key)
        if key in self._data:
            return self._data[key]
        if default is None:
            self.fault(None, f"thiếu mục {key}", f"the key {key} is missing")
        return default

    def _read_formula(self, value: object, path: Path, names: Collection[str]) -> Formula:
        if not isinstance(value, str) and not is_number(value):
            self.book.add(path, "cần một số hoặc công thức trong ngoặc kép", "expected a number or a formula in quotes")
            return ZERO
        try:
            formula = read_formula(str(value))
        except InputError as wrong:
            self.book.add(path, wrong.vi, wrong.en)
            return ZERO
        for name in formula.names:
            if name not in names:
                self.book.add(path, f"không biết tên {name}{_guess(name, names, 'vi')}",
                              f"the name {name} is not known here{_guess(name, names, 'en')}")  # fmt: skip
        return formula


def is_number(value: object) -> bool:
    """Whether a TOML value is a finite number (true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _guess(word: object, known: Collection[str], language: str) -> str:
    near = get_close_matches(str(word), list(known), n=1)
    if not near:
        return ""
    return f"; có phải {near[0]}?" if language == "vi" else f"; did you mean {near[0]}?"


def _shown(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
