"""What a procedure file gives before any reading: fields, constants, environment, lookups, standards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, cast

from instruments.fields import read_field_text
from instruments.formula import Formula
from instruments.procedure_judging import read_confirmation
from instruments.procedure_model import (
    Constant,
    EnvironmentLimit,
    Field,
    FieldType,
    Lookup,
    LookupRow,
    StandardSlot,
    Timer,
)
from instruments.procedure_names import SLOT_NUMBERS, Names
from instruments.procedure_reader import Node, is_number
from instruments.typed_number import NumberError
from instruments.words import Words

Between = Literal["linear", "exact", "sum"]


def read_field(node: Node, fixed: Names) -> Field:
    """One field of the sheet; a number is usable by its key."""
    kind = cast(FieldType, node.choice("type", ("number", "text", "choice", "list")))
    key = node.name()
    if kind == "number":
        fixed.add(node, key)
    field = Field(
        key=key,
        label=node.words("label"),
        unit=node.text("unit", ""),
        type=kind,
        where=cast(Literal["instrument", "sheet"], node.choice("where", ("instrument", "sheet"), "instrument")),
        required=node.flag("required", True),
        default=node.optional_text("default"),
        choices=node.texts("choices"),
        help=node.optional_words("help"),
        lower=node.optional_number("lower"),
        upper=node.optional_number("upper"),
        labels=_labels(node),
    )
    _check_default(node, field)
    if (kind == "choice") != bool(field.choices):
        node.fault(None, 'choices đi với type = "choice"', 'choices belong to type = "choice"')
    node.done()
    return field


def _labels(node: Node) -> Mapping[str, Words]:
    """Words of choices: `labels = { water = { vi = "nước", en = "water" } }`."""
    if "labels" not in node:
        return MappingProxyType({})
    inner = node.table("labels")
    labels = {choice: inner.words(choice) for choice in node.pairs("labels")}
    for choice in set(labels) - set(node.texts("choices")):
        inner.fault(choice, f"{choice} không có trong choices", f"{choice} is not among the choices")
    return MappingProxyType(labels)


def read_timer(node: Node) -> Timer:
    """One time to be waited or held; whether its table exists is checked when the tables are known."""
    timer = Timer(node.name(), node.words("label"), node.integer("seconds", 1, 7 * 86400), node.optional_text("table"))
    node.done()
    return timer


def read_constant(node: Node, fixed: Names) -> Constant:
    """One constant of the method."""
    constant = Constant(
        node.name(), node.number("value"), node.text("unit", ""), node.words("label"), node.text("source")
    )
    fixed.add(node, constant.key)
    node.done()
    return constant


def read_environment(node: Node, fixed: Names) -> EnvironmentLimit:
    """One condition of the environment."""
    limit = EnvironmentLimit(
        key=node.name(suffixes=("_half",)),
        label=node.words("label"),
        unit=node.text("unit"),
        lower=node.optional_number("lower"),
        upper=node.optional_number("upper"),
        required=node.flag("required", True),
    )
    fixed.add(node, limit.key, f"{limit.key}_half")
    node.done()
    return limit


def read_lookups(nodes: Iterable[Node], fields: tuple[Field, ...], fixed: Names, at_point: Names) -> tuple[Lookup, ...]:
    """All lookups, in order: `rows_of` takes the rows of an earlier one."""
    found: list[Lookup] = []
    for node in nodes:
        found.append(_lookup(node, fields, fixed, at_point, found))
    return tuple(found)


def _lookup(node: Node, fields: tuple[Field, ...], fixed: Names, at_point: Names, earlier: Sequence[Lookup]) -> Lookup:
    """One lookup: by choice alone it is known with the fields, else at a point."""
    if "rows_of" in node:
        return _again(node, fixed, at_point, earlier)
    known = at_point.with_also("nominal", "point")
    field = node.optional_text("field")
    if field is not None and field not in {entry.key for entry in fields if entry.type == "choice"}:
        node.fault("field", f"{field} không phải mục kiểu choice", f"{field} is not a field of type choice")
    at = node.optional_formula("at", known)
    rows = _rows(node, by_choice=field is not None, at=at)
    lookup = Lookup(
        key=node.name(),
        unit=node.text("unit", ""),
        field=field,
        at=at,
        match=cast(Literal["exact", "up_to"], node.choice("match", ("exact", "up_to"), "up_to")),
        rows=rows,
        source=node.text("source"),
        confirmation=read_confirmation(node),
        label=node.words("label") if "label" in node else None,
    )
    # A lookup by choice alone is known with the fields, so that points and summaries may use it.
    (fixed if at is None else at_point).add(node, lookup.key)
    if at is None:
        at_point.know(lookup.key)
    _check_choices(node, lookup, fields)
    node.done()
    return lookup


def _again(node: Node, fixed: Names, at_point: Names, earlier: Sequence[Lookup]) -> Lookup:
    """The rows of an earlier lookup, read at another place."""
    known = {lookup.key: lookup for lookup in earlier if lookup.at is not None}
    first = known.get(node.choice("rows_of", tuple(known) or ("–",)))
    at = node.formula("at", at_point.with_also("nominal", "point"))
    key = node.name()
    at_point.add(node, key)
    node.done()
    return Lookup(key, "", None, at, "exact", (), "", "confirmed") if first is None else replace(first, key=key, at=at)


def _rows(node: Node, *, by_choice: bool, at: Formula | None) -> tuple[LookupRow, ...]:
    if at is None and by_choice:
        return (LookupRow(None, None, _numbers(node, "values", node.pairs("values"))),)
    if at is None:
        node.fault(None, "bảng tra cần field, at hoặc cả hai", "a lookup needs field, at or both")
    rows = []
    for item in node.tables("rows"):
        bound = item.number("at")
        if by_choice:
            rows.append(LookupRow(bound, None, _numbers(item, "values", item.pairs("values"))))
        else:
            rows.append(LookupRow(bound, item.number("value"), MappingProxyType({})))
        item.done()
    bounds = [row.bound or 0.0 for row in rows]
    if not rows or bounds != sorted(set(bounds)):
        node.fault("rows", "các hàng phải có at tăng dần", "rows need ascending values of at")
    return tuple(rows)


def _numbers(node: Node, key: str, values: Mapping[str, Any]) -> Mapping[str, float]:
    wrong = [choice for choice, value in values.items() if not is_number(value)]
    for choice in wrong:
        node.book.add((*node.path, key, choice), "cần một số", "expected a number")
    if not values:
        node.fault(None, f"thiếu mục {key}", f"the key {key} is missing")
    return MappingProxyType({choice: float(value) for choice, value in values.items() if choice not in wrong})


def read_standard(node: Node, fixed: Names, at_point: Names) -> StandardSlot:
    """One standard wanted."""
    key = node.name(suffixes=SLOT_NUMBERS)
    known = at_point.with_also("nominal", "point")
    needs = node.table("needs") if "needs" in node else None
    count = node.table("count") if "count" in node else None
    slot = StandardSlot(
        key=key,
        label=node.words("label"),
        quantity=node.text("quantity"),
        unit=node.text("unit"),
        needs_from=needs.formula("from", fixed.with_also()) if needs else None,
        needs_to=needs.formula("to", fixed.with_also()) if needs else None,
        at=node.formula("at", known, "nominal"),
        between=cast(Between, node.choice("between", ("linear", "exact", "sum"), "linear")),
        u_at_most=node.optional_formula("u_at_most", {*known, "mpe"}),
        mpe_at_most=node.optional_formula("mpe_at_most", {*known, "mpe"}),
        min_count=count.integer("min", 0, 20) if count else 1,
        max_count=count.integer("max", 1, 20) if count else 1,
    )
    at_point.add(node, *(key + ending for ending in SLOT_NUMBERS if key))
    for part in (needs, count, node):
        if part is not None:
            part.done()
    return slot


def _check_default(node: Node, field: Field) -> None:
    if field.default is None:
        return
    try:
        read_field_text(field, field.default)
    except NumberError as wrong:
        node.fault("default", wrong.vi, wrong.en)


def _check_choices(node: Node, lookup: Lookup, fields: tuple[Field, ...]) -> None:
    choices = next((field.choices for field in fields if field.key == lookup.field), None)
    for choice in {choice for row in lookup.rows for choice in row.by_choice} - set(choices or ()):
        if choices is not None:
            node.fault(None, f"{choice} không có trong choices của {lookup.field}",
                       f"{choice} is not among the choices of {lookup.field}")  # fmt: skip
