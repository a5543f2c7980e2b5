"""On which line each value of a TOML text stands; `tomllib` reads the values, this finds their places.

The text is known to be valid TOML, so the scan only has to recognise where keys and values begin and end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


def value_lines(text: str) -> dict[Path, int]:
    """Line (from 1) of every key, table, array element and inline key, by path: ("tables", 0, "points", "unit")."""
    return _Scan(text).run()


def line_of(lines: dict[Path, int], path: Path) -> int:
    """Line of the path, or of the nearest thing that holds it; 1 for the whole text."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._lines: dict[Path, int] = {}
        self._counts: dict[Path, int] = defaultdict(int)

    def run(self) -> dict[Path, int]:
        prefix: Path = ()
        while self._skip_space() < len(self._text):
            if self._text.startswith("[[", self._at):
                prefix = self._header(2)
            elif self._text[self._at] == "[":
                prefix = self._header(1)
            else:
                self._pair(prefix)
        return self._lines

    def _header(self, brackets: int) -> Path:
        start = self._at
        self._at += brackets
        *parents, last = self._key("]")
        self._at += brackets
        path: Path = ()
        for part in parents:
            path = self._newest((*path, part))
        path = (*path, last)
        if brackets == 2:
            self._mark(path, start)
            path = (*path, self._counts[path])
            self._counts[path[:-1]] += 1
        else:
            path = self._newest(path)
        self._mark(path, start)
        return path

    def _newest(self, path: Path) -> Path:
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _pair(self, prefix: Path) -> None:
        start = self._at
        path = prefix
        for part in self._key("="):
            path = (*path, part)
            self._mark(path, start)
        self._at += 1
        self._value(path)

    def _key(self, end: str) -> list[str]:
        """The parts of a dotted key; stops before `end`."""
        parts = []
        while True:
            self._skip_space()
            match = _BARE.match(self._text, self._at)
            token = match[0] if match else self._string()
            self._at += len(token)
            parts.append(token if match else token[1:-1])
            self._skip_space()
            if self._text[self._at] == end:
                return parts
            self._at += 1  # the dot

    def _value(self, path: Path) -> None:
        self._skip_space()
        self._lines.setdefault(path, self._line(self._at))
        sign = self._text[self._at]
        if sign in "\"'":
            self._at += len(self._string())
        elif sign == "[":
            self._elements(path)
        elif sign == "{":
            self._inline(path)
        else:
            match = _SCALAR.match(self._text, self._at)
            assert match is not None  # the pattern matches nothing, too
            self._at = match.end()

    def _elements(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._text[self._skip_space()] != "]":
            self._value((*path, index))
            index += 1
            if self._text[self._skip_space()] == ",":
                self._at += 1
        self._at += 1

    def _inline(self, path: Path) -> None:
        self._at += 1
        while self._text[self._skip_space()] != "}":
            self._pair(path)
            if self._text[self._skip_space()] == ",":
                self._at += 1
        self._at += 1

    def _string(self) -> str:
        return next(match[0] for match in (kind.match(self._text, self._at) for kind in _STRINGS) if match)

    def _skip_space(self) -> int:
        match = _SPACE.match(self._text, self._at)
        assert match is not None  # the pattern matches nothing, too
        self._at = match.end()
        return self._at

    def _mark(self, path: Path, at: int) -> None:
        self._lines.setdefault(path, self._line(at))

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)
