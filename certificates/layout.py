"""Layouts as data: which fields, sections and signatures a form has, read from a checked TOML file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from certificates.document import NO_WORDS, Kind, Step, Words
from certificates.values import VALUES

SCHEMA = "lims-layout-1"
SECTIONS = ("conditions", "standards", "results", "statements", "limits", "remarks", "approvals")
RECORD_SECTIONS = ("checks", "results")


class LayoutFileError(ValueError):
    """A layout file that cannot be used; the message names the place."""


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
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LayoutFileError(f"not TOML: {error}") from error
    if data.get("schema") != SCHEMA:
        raise LayoutFileError(f"schema: {SCHEMA!r} is expected")
    _only(data, {"schema", "name", "margins", *(kind.value for kind in Kind)}, "layout")
    try:
        margins = Margins(**{key: float(value) for key, value in data.get("margins", {}).items()})
    except (TypeError, ValueError) as error:
        raise LayoutFileError(f"margins: {error}") from error
    if not all(8 <= edge <= 60 for edge in vars(margins).values()):
        raise LayoutFileError("margins: 8 to 60 mm are expected")
    return Layout(_string(data, "name", "layout"), margins, {kind: _form(data, kind.value) for kind in Kind})


def _form(data: dict[str, Any], kind: str) -> Form:
    form = data.get(kind)
    if not isinstance(form, dict):
        raise LayoutFileError(f"{kind}: a table is expected")
    _only(form, {"groups", "sections", "signatures"}, kind)
    sections = tuple(form.get("sections", ()))
    known = RECORD_SECTIONS if kind == Kind.WORK_RECORD else SECTIONS
    if unknown := [section for section in sections if section not in known]:
        raise LayoutFileError(f"{kind}.sections: {unknown[0]!r} is unknown; known are {', '.join(known)}")
    if len(set(sections)) < len(sections):
        raise LayoutFileError(f"{kind}.sections: a section stands twice")
    try:
        signatures = tuple(Step(step) for step in form.get("signatures", ()))
    except ValueError as error:
        raise LayoutFileError(f"{kind}.signatures: {error}") from error
    if len(signatures) > 2:
        raise LayoutFileError(f"{kind}.signatures: at most two stand side by side")
    groups = tuple(
        tuple(_row(row, f"{kind}.groups[{i}][{j}]") for j, row in enumerate(group))
        for i, group in enumerate(form.get("groups", ()))
    )
    return Form(groups, sections, signatures)


def _row(row: Any, path: str) -> tuple[FieldSpec, ...]:
    if not isinstance(row, list) or not 1 <= len(row) <= 2:
        raise LayoutFileError(f"{path}: a row has one or two fields")
    return tuple(_field(field, f"{path}[{i}]") for i, field in enumerate(row))


def _field(field: Any, path: str) -> FieldSpec:
    if not isinstance(field, dict):
        raise LayoutFileError(f"{path}: a table is expected")
    _only(field, {"vi", "en", "value", "number", "strong", "absent_vi", "absent_en"}, path)
    value = _string(field, "value", path)
    if value not in VALUES:
        raise LayoutFileError(f"{path}.value: {value!r} is unknown; known are {', '.join(sorted(VALUES))}")
    return FieldSpec(
        Words(_string(field, "vi", path), field.get("en", "")),
        value,
        str(field.get("number", "")),
        field.get("strong") is True,
        Words(field.get("absent_vi", ""), field.get("absent_en", "")),
    )


def _string(data: dict[str, Any], key: str, path: str) -> str:
    if not isinstance(data.get(key), str):
        raise LayoutFileError(f"{path}.{key}: text is expected")
    return str(data[key])


def _only(data: dict[str, Any], known: set[str], path: str) -> None:
    if unknown := sorted(set(data) - known):
        raise LayoutFileError(f"{path}.{unknown[0]}: unknown key")
