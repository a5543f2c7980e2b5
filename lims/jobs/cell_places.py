"""What each cell of a sheet takes: its unit, how its text is read, and what is expected there."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from instruments.fields import LIST_SEPARATOR, read_field_text
from instruments.guard import Suspicion, guard
from instruments.procedure_model import Field
from instruments.sheet import SheetLayout
from instruments.typed_number import Convention, DotMeaning, NumberError, TypedNumber, parse_typed
from lims.jobs.observations import is_reading
from lims.shared.text import TextError, clean

Kind = Literal["reading", "environment", "check", "field", "timer"]

CHECK_RESULTS = ("pass", "fail", "na")
LONGEST_TEXT = {"text": 200, "choice": 200, "list": 2000}
FAR_FROM_MIDDLE = 3
"""A condition farther from the middle of its limits than this many half spans is asked about before it is believed."""


@dataclass(frozen=True, slots=True)
class Place:
    """One cell of the sheet, before anything is typed there."""

    cell: str
    kind: Kind
    unit: str = ""
    resolution: Decimal | None = None
    expected: Decimal | None = None
    within: Decimal | None = None
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text that the cell takes. `typed` is what is kept; `canonical` has a decimal point and no groups."""

    typed: str
    value: Decimal | None
    canonical: str


def place_of(layout: SheetLayout, cell: str) -> Place | None:
    """The place of that key; None when the sheet has no such cell, or when no person decides it."""
    if is_reading(cell):
        return _reading(layout, cell)
    head, _, key = cell.partition("/")
    if head == "env":
        return _environment(layout, cell, *key.partition("/")[::2])
    if head == "check":
        by_person = any(check.key == key and not check.tables for check in layout.checks)
        return Place(cell, "check") if by_person else None
    if head == "timer":
        return Place(cell, "timer", "s") if any(timer.key == key for timer in layout.timers) else None
    if head == "field":
        field = next((field for field in layout.fields if field.key == key), None)
        return None if field is None else Place(cell, "field", field.unit, field=field)
    return None


def read(place: Place, text: str, convention: Convention = "vi", dot_means: DotMeaning | None = None) -> Accepted:
    """The text as this cell takes it. NumberError, or AmbiguousNumber, otherwise; `text` is not blank."""
    if place.kind == "check":
        if text not in CHECK_RESULTS:
            raise NumberError("check", "Chọn: đạt, không đạt, hoặc không áp dụng.", "Choose: pass, fail or na.")
        return Accepted(text, None, text)
    if place.field is not None and place.field.type != "number":
        return _field_text(place.field, text, convention, dot_means)
    typed = parse_typed(text, convention=convention, resolution=place.resolution, dot_means=dot_means)
    if place.field is not None:
        read_field_text(place.field, typed.canonical)
    return Accepted(typed.text, typed.value, typed.canonical)


def suspicion(place: Place, accepted: Accepted) -> Suspicion | None:
    """Why this reading is asked about before it is believed; None when nothing speaks against it."""
    if accepted.value is None:
        return None
    return guard(TypedNumber(accepted.typed, accepted.value), place.expected, place.within, place.resolution)


def _reading(layout: SheetLayout, key: str) -> Place | None:
    for table in layout.tables:
        units = {column.key: column.unit for column in table.columns}
        for cell in table.cells:
            if cell.key == key:
                return Place(key, "reading", units[cell.column], cell.resolution, cell.expected, cell.within)
    return None


def _environment(layout: SheetLayout, cell: str, key: str, end: str) -> Place | None:
    for limit in layout.environment:
        if limit.key == key and end in ("start", "end"):
            expected = within = None
            if limit.lower is not None and limit.upper is not None:
                lower, upper = Decimal(repr(limit.lower)), Decimal(repr(limit.upper))
                expected, within = (lower + upper) / 2, FAR_FROM_MIDDLE * (upper - lower) / 2
            return Place(cell, "environment", limit.unit, None, expected, within or None)
    return None


def _field_text(field: Field, text: str, convention: Convention, dot_means: DotMeaning | None) -> Accepted:
    try:
        typed = clean(text)
    except TextError:
        raise NumberError("text", "Có ký tự không dùng được.", "It holds characters that cannot be used.") from None
    most = LONGEST_TEXT[field.type]
    if len(typed) > most:
        raise NumberError("too_long", f"Dài quá {most} ký tự.", f"Longer than {most} characters.")
    canonical = typed
    if field.type == "list":
        numbers = [parse_typed(part, convention=convention, dot_means=dot_means)
                   for part in typed.split(LIST_SEPARATOR) if part.strip()]
        canonical = f"{LIST_SEPARATOR} ".join(number.canonical for number in numbers)
    chosen = read_field_text(field, canonical)
    return Accepted(typed, None, chosen if isinstance(chosen, str) else canonical)
