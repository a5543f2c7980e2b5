"""Layouts as data: which fields, sections and signatures a form has, read from a checked TOML file."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from certificates.document import NO_WORDS, Kind, Step, Words
from certificates.fonts import clean, missing
from certificates.values import VALUES

SCHEMA = "lims-layout-1"
SECTIONS = ("conditions", "standards", "results", "statements", "limits", "remarks", "approvals")
RECORD_SECTIONS = ("checks", "results")


LARGEST = 64_000  # bytes of a file
MOST_FIELDS = 60  # of a form
LONGEST_LABEL = 80  # characters


class LayoutFileError(ValueError):
    """A layout file that cannot be used, in both languages; `place` names the key, `line` is 0 where it has none."""

    def __init__(self, place: str, vi: str, en: str, line: int = 0) -> None:
        self.place, self.fault_vi, self.fault_en, self.line = place, vi, en, line
        where = f"{place}: " if place else ""
        self.vi = (f"dòng {line}: " if line else "") + where + vi
        self.en = (f"line {line}: " if line else "") + where + en
        super().__init__(self.en)


_TABLE = ("cần một bảng", "a table is expected")


def _unknown(found: object, known: Sequence[str]) -> tuple[str, str]:
    names = ", ".join(known)
    return f"không có {found!r}; có thể dùng: {names}", f"{found!r} is unknown; known are {names}"


@dataclass(frozen=True)
class FieldSpec:
    """A label and the name of its value; `absent` is printed where the record has none, else the field is left out."""

    label: Words
    value: str
    number: str = ""
    strong: bool = False
    absent: Words = NO_WORDS


@dataclass(frozen=True)
class Form:
    """One kind of document: groups of rows of one or two fields, sections, and who signs from left to right."""

    groups: tuple[tuple[tuple[FieldSpec, ...], ...], ...]
    sections: tuple[str, ...]
    signatures: tuple[Step, ...]


@dataclass(frozen=True)
class Margins:
    """Millimetres from the edges of A4; text ends at `foot`."""

    left: float = 22
    right: float = 18
    top: float = 12
    foot: float = 20


@dataclass(frozen=True)
class Layout:
    """All forms of one layout file."""

    name: str
    margins: Margins
    forms: dict[Kind, Form]


@cache
def standard_layout() -> Layout:
    """The layout that comes with the package."""
    return read_layout((Path(__file__).parent / "layouts" / "standard.toml").read_text("utf-8"))


def read_layout(text: str) -> Layout:
    """A layout from TOML; raises LayoutFileError for anything unknown, missing or of the wrong type."""
    if len(text.encode("utf-8", "replace")) > LARGEST:
        raise LayoutFileError("", f"tệp lớn hơn {LARGEST} byte", f"the file is larger than {LARGEST} bytes")
    try:
        return _layout(text)
    except LayoutFileError as error:
        line = line_of(text, error.place) if error.place else 0
        raise LayoutFileError(error.place, error.fault_vi, error.fault_en, line) from error


def _layout(text: str) -> Layout:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LayoutFileError("", f"không phải TOML: {error}", f"not TOML: {error}") from error  # names line and column
    if data.get("schema") != SCHEMA:
        raise LayoutFileError("schema", f"cần {SCHEMA!r}", f"{SCHEMA!r} is expected")
    _only(data, {"schema", "name", "margins", *(kind.value for kind in Kind)}, "layout")
    margins = _margins(data.get("margins", {}))
    return Layout(_string(data, "name", "layout"), margins, {kind: _form(data, kind.value) for kind in Kind})


def _margins(data: Any) -> Margins:
    if not isinstance(data, dict):
        raise LayoutFileError("margins", *_TABLE)
    _only(data, {"left", "right", "top", "foot"}, "margins")
    for key, value in data.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not 8 <= value <= 60:
            raise LayoutFileError(f"margins.{key}", "cần từ 8 đến 60 mm", "8 to 60 mm are expected")
    return Margins(**{key: float(value) for key, value in data.items()})


def _form(data: dict[str, Any], kind: str) -> Form:
    form = data.get(kind)
    if not isinstance(form, dict):
        raise LayoutFileError(kind, *_TABLE)
    _only(form, {"groups", "sections", "signatures"}, kind)
    sections = _list(form, "sections", kind)
    known = RECORD_SECTIONS if kind == Kind.WORK_RECORD else SECTIONS
    if unknown := [section for section in sections if section not in known]:
        raise LayoutFileError(f"{kind}.sections", *_unknown(unknown[0], known))
    if len(set(sections)) < len(sections):
        raise LayoutFileError(f"{kind}.sections", "có mục ghi hai lần", "a section stands twice")
    try:
        signatures = tuple(Step(step) for step in _list(form, "signatures", kind))
    except ValueError as error:
        raise LayoutFileError(f"{kind}.signatures", *_unknown(form["signatures"], list(Step))) from error
    if len(signatures) > 2:
        raise LayoutFileError(f"{kind}.signatures", "nhiều nhất hai chữ ký", "at most two stand side by side")
    groups = tuple(
        tuple(
            _row(row, f"{kind}.groups[{i}][{j}]") for j, row in enumerate(group if isinstance(group, list) else [group])
        )
        for i, group in enumerate(_list(form, "groups", kind))
    )
    if sum(len(row) for group in groups for row in group) > MOST_FIELDS:
        raise LayoutFileError(
            f"{kind}.groups", f"nhiều nhất {MOST_FIELDS} ô", f"at most {MOST_FIELDS} fields stand on a form"
        )
    return Form(groups, sections, signatures)


def _row(row: Any, path: str) -> tuple[FieldSpec, ...]:
    if not isinstance(row, list) or not 1 <= len(row) <= 2:
        raise LayoutFileError(path, "một hàng có một hoặc hai ô", "a row has one or two fields")
    return tuple(_field(field, f"{path}[{i}]") for i, field in enumerate(row))


def _field(field: Any, path: str) -> FieldSpec:
    if not isinstance(field, dict):
        raise LayoutFileError(path, *_TABLE)
    _only(field, {"vi", "en", "value", "number", "strong", "absent_vi", "absent_en"}, path)
    value = _string(field, "value", path)
    for key in ("vi", "en", "number", "absent_vi", "absent_en"):
        if key in field:
            _label(field, key, path)
    if value not in VALUES:
        raise LayoutFileError(f"{path}.value", *_unknown(value, sorted(VALUES)))
    return FieldSpec(
        Words(_string(field, "vi", path), field.get("en", "")),
        value,
        str(field.get("number", "")),
        field.get("strong") is True,
        Words(field.get("absent_vi", ""), field.get("absent_en", "")),
    )


def _label(field: dict[str, Any], key: str, path: str) -> None:
    """A label is text of one line that can be printed."""
    label = _string(field, key, path)
    if len(label) > LONGEST_LABEL or "\n" in label:
        raise LayoutFileError(
            f"{path}.{key}",
            f"cần một dòng, nhiều nhất {LONGEST_LABEL} ký tự",
            f"at most {LONGEST_LABEL} characters on one line are expected",
        )
    if lacking := missing(clean(label)):
        raise LayoutFileError(f"{path}.{key}", f"không có chữ in cho {lacking}", f"no printed form for {lacking}")


def _list(form: dict[str, Any], key: str, kind: str) -> tuple[Any, ...]:
    found = form.get(key, [])
    if not isinstance(found, list) or any(type(one) not in (str, list) for one in found):
        raise LayoutFileError(f"{kind}.{key}", "cần một danh sách", "a list is expected")
    return tuple(found)


def line_of(text: str, path: str) -> int:
    """The line (from 1) of a place of the file ("margins.left", "test.groups[0][1][0].value"); 0 where it has none."""
    head, _, rest = path.partition(".")
    lines = text.splitlines()
    start = next((i for i, line in enumerate(lines) if line.replace(" ", "").startswith(f"[{head}]")), None)
    if start is None:
        key = re.escape(rest or head)
        return next((i + 1 for i, line in enumerate(lines) if re.match(rf"{key}\s*=|\[{key}", line)), 0)
    end = next((i for i in range(start + 1, len(lines)) if re.match(r"\[\w", lines[i])), len(lines))
    place = re.match(r"groups((?:\[\d+\])+)", rest)
    if place is not None:
        return start + 1 + _line_in_groups(lines[start:end], [int(one) for one in re.findall(r"\d+", place[1])])
    key = rest.split(".")[0].split("[")[0]
    return next((i + 1 for i in range(start + 1, end) if re.match(rf"\s*{re.escape(key)}\s*=", lines[i])), start + 1)


def _line_in_groups(lines: list[str], wanted: list[int]) -> int:
    """Lines after the head of a table to the bracket of a group, row or field: brackets are counted outside strings."""
    first = next((i for i, line in enumerate(lines) if re.match(r"\s*groups\s*=", line)), 0)
    counts = [-1]
    for i in range(first, len(lines)):
        for sign in re.sub(r"\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|#.*", "", lines[i]):
            if sign in "[{":
                counts[-1] += 1
                if counts[1:] == wanted[: len(counts) - 1] and len(counts) - 1 == len(wanted):
                    return i
                counts.append(-1)
            elif sign in "]}":
                counts.pop()
                if not counts:
                    return first
    return first


def _string(data: dict[str, Any], key: str, path: str) -> str:
    if not isinstance(data.get(key), str):
        raise LayoutFileError(f"{path}.{key}", "cần một đoạn chữ", "text is expected")
    return str(data[key])


def _only(data: dict[str, Any], known: set[str], path: str) -> None:
    if unknown := sorted(set(data) - known):
        raise LayoutFileError(f"{path}.{unknown[0]}", "khóa không có trong mẫu", "unknown key")
