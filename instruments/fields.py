"""The texts of the sheet's fields as numbers, lists and choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from instruments.evaluation import Reason
from instruments.procedure_model import Field, Procedure
from instruments.typed_number import NumberError, parse_typed
from instruments.words import Words

LIST_SEPARATOR = ";"
MOST_NUMBERS = 200
"""Longest list of numbers in one field."""


@dataclass(frozen=True, slots=True)
class FieldValues:
    """What the fields say; a field that is missing or wrong is only in `problems`."""

    numbers: Mapping[str, float]
    lists: Mapping[str, tuple[float, ...]]
    choices: Mapping[str, str]
    problems: tuple[Reason, ...]


def read_fields(procedure: Procedure, instrument: Mapping[str, str]) -> FieldValues:
    """Read the field texts, blanks taking the default; what else is known of the instrument is left alone."""
    numbers: dict[str, float] = {}
    lists: dict[str, tuple[float, ...]] = {}
    choices: dict[str, str] = {}
    problems: list[Reason] = []
    for field in procedure.fields:
        text = instrument.get(field.key, "").strip() or field.default or ""
        if not text:
            if field.required:
                problems.append(_missing(field))
            continue
        try:
            value = read_field_text(field, text)
        except NumberError as wrong:
            problems.append(Reason("field_wrong", field.key, _at(field, Words(wrong.vi, wrong.en))))
            continue
        if isinstance(value, float):
            numbers[field.key] = value
        elif isinstance(value, tuple):
            lists[field.key] = value
        elif field.type == "choice":
            choices[field.key] = value
    return FieldValues(numbers, lists, choices, tuple(problems))


def read_field_text(field: Field, text: str) -> float | tuple[float, ...] | str:
    """One field's text by its type; NumberError says what is wrong with it."""
    if field.type == "number":
        return _number(field, text)
    if field.type == "list":
        items = [item for item in text.split(LIST_SEPARATOR) if item.strip()]
        if not 1 <= len(items) <= MOST_NUMBERS:
            raise NumberError("list", f"Cần từ 1 đến {MOST_NUMBERS} số, cách nhau bằng dấu chấm phẩy.",
                              f"Expected 1 to {MOST_NUMBERS} numbers with semicolons between them.")  # fmt: skip
        return tuple(_number(field, item) for item in items)
    if field.type == "choice":
        chosen = text if text in field.choices else text.replace(",", ".")
        if chosen not in field.choices:
            listed = "; ".join(field.choices)
            raise NumberError("choice", f"Chọn một trong: {listed}.", f"Choose one of: {listed}.")
        return chosen
    return text


def _number(field: Field, text: str) -> float:
    value = float(parse_typed(text, convention="vi", dot_means="decimal").value)
    if field.lower is not None and value < field.lower:
        raise NumberError("low", f"Cần ≥ {field.lower:g} {field.unit}.", f"Expected ≥ {field.lower:g} {field.unit}.")
    if field.upper is not None and value > field.upper:
        raise NumberError("high", f"Cần ≤ {field.upper:g} {field.unit}.", f"Expected ≤ {field.upper:g} {field.unit}.")
    return value


def _missing(field: Field) -> Reason:
    return Reason("field_missing", field.key, _at(field, Words("chưa có giá trị", "no value yet")))


def _at(field: Field, what: Words) -> Words:
    return Words(f"{field.label.vi}: {what.vi}", f"{field.label.en}: {what.en}")
