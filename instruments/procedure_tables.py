"""The tables of a procedure file: points, readings, derived numbers, limits, budget and printed columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Literal, cast

from instruments.procedure_judging import read_criterion, read_mpe, read_overall, read_summary
from instruments.procedure_model import (
    Derived,
    Field,
    Mpe,
    Points,
    PrintedColumn,
    ReadingColumn,
    Result,
    Table,
    When,
)
from instruments.procedure_names import SLOT_NUMBERS, STATISTICS, Names
from instruments.procedure_reader import Node
from instruments.procedure_results import read_result

MOST_REPEATS = 50
MOST_POINTS = 200


def read_table(
    node: Node, fixed: Names, point_names: Collection[str], slots: Collection[str], fields: tuple[Field, ...]
) -> Table:
    """One table. `fixed`: names known before any reading (also taken by summaries), `point_names`: lookups at a point
    and numbers of the standards."""
    known_before = fixed.with_also()
    names = Names((*known_before, *point_names))
    points = _points(node.table("points"), known_before)
    readings = tuple(_reading(item, names, known_before, point_names) for item in node.tables("readings"))
    derived = tuple(_derived(item, names) for item in node.tables("derived"))
    mpe = read_mpe(node.table("mpe"), names.with_also("nominal", "point")) if "mpe" in node else None
    limits = ("mpe", "mpe_lower") if mpe else ()
    row_names = names.with_also("nominal", "point", *limits)
    repeated = {column.key: column.at_least for column in readings} | _repeated(derived, readings)
    result = read_result(node.table("result"), row_names, slots, repeated) if "result" in node else None
    shown_names = {*row_names, *(("result", "result_U", "result_k") if result else ())}
    criteria = tuple(read_criterion(item, shown_names, result is not None) for item in node.tables("criteria"))
    summary = tuple(read_summary(item, fixed, shown_names) for item in node.tables("summary"))
    overall = tuple(read_overall(item, fixed.with_also()) for item in node.tables("overall"))
    columns = tuple(_column(item, shown_names, result, mpe) for item in node.tables("columns"))
    table = Table(
        key=node.name(),
        title=node.words("title"),
        points=points,
        readings=readings,
        derived=derived,
        mpe=mpe,
        criteria=criteria,
        result=result,
        summary=summary,
        columns=columns,
        standards=(),
        when=read_when(node, fields),
        overall=overall,
        walk=cast(Literal["columns", "repeats"], node.choice("walk", ("columns", "repeats"), "columns")),
        as_found=node.flag("as_found", False),
    )
    if table.as_found and table.when:
        node.fault("as_found", "as_found và when không đi cùng nhau", "as_found and when do not go together")
    used = _names_used(table)
    table = replace(table, standards=tuple(slot for slot in slots if used & {slot + ending for ending in SLOT_NUMBERS}))
    if not readings:
        node.fault(None, "bảng không có cột số đọc [[tables.readings]]", "the table has no [[tables.readings]]")
    _check_statistics(node, table, repeated)
    node.done()
    return table


def read_when(node: Node, fields: tuple[Field, ...]) -> When | None:
    """When a table or check is wanted: `when = { field = "…", is = ["…"] }`, or without `is` when it is filled in."""
    if "when" not in node:
        return None
    inner = node.table("when")
    when = When(inner.text("field"), inner.texts("is"))
    inner.done()
    field = next((entry for entry in fields if entry.key == when.field), None)
    if field is None:
        inner.fault("field", f"không có mục {when.field}", f"there is no field {when.field}")
    elif when.values and field.type != "choice":
        inner.fault("is", f"{when.field} không phải mục kiểu choice", f"{when.field} is not a field of type choice")
    for value in when.values:
        if field is not None and field.type == "choice" and value not in field.choices:
            listed = ", ".join(field.choices)
            inner.fault("is", f"{value} không có trong: {listed}", f"{value} is not one of: {listed}")
    return when


def _points(node: Node, names: Collection[str]) -> Points:
    points = Points(
        label=node.words("label"),
        unit=node.text("unit", ""),
        field=node.optional_text("field"),
        values=node.formulas("values", names),
        percent=node.numbers("percent"),
        evenly=node.optional_formula("evenly", names),
        start=node.optional_formula("from", names),
        end=node.optional_formula("to", names),
        round_to=node.optional_formula("round_to", names),
        nominal=node.optional_formula("nominal", {*names, "nominal"}),
    )
    ways = [name for name in ("values", "percent", "evenly") if name in node]
    if len(ways) > 1 or not (ways or points.field):
        node.fault(None, "cần đúng một trong values, percent, evenly (hoặc field)",
                   "expected exactly one of values, percent, evenly (or field)")  # fmt: skip
    if (points.percent or points.evenly) and not (points.start and points.end):
        node.fault(None, "percent và evenly cần from và to", "percent and evenly need from and to")
    if points.round_to and not (points.percent or points.evenly):
        node.fault("round_to", "chỉ đi với percent hoặc evenly", "it goes with percent or evenly only")
    node.done()
    return points


def _reading(node: Node, names: Names, known: set[str], point_names: Collection[str]) -> ReadingColumn:
    key = node.name(suffixes=STATISTICS)
    names.add(node, key, *(key + ending for ending in STATISTICS if key))
    repeat = node.integer("repeat", 1, MOST_REPEATS, 1)
    before = {*known, *point_names, "nominal", "point", "mpe", "mpe_lower"}
    column = ReadingColumn(
        key=key,
        label=node.words("label"),
        unit=node.text("unit"),
        repeat=repeat,
        at_least=node.integer("at_least", 1, repeat, repeat),
        direction=cast(Literal["up", "down", "none"], node.choice("direction", ("up", "down", "none"), "none")),
        resolution=node.optional_formula("resolution", before),
        expected=node.optional_formula("expected", before),
        within=node.optional_formula("within", before),
        blank=node.optional_formula("blank", before - {"mpe", "mpe_lower"}),
    )
    if (column.expected is None) != (column.within is None):
        node.fault(None, "expected và within đi với nhau", "expected and within belong together")
    node.done()
    return column


def _derived(node: Node, names: Names) -> Derived:
    each = node.flag("each", False)
    derived = Derived(
        key=node.name(suffixes=STATISTICS if each else ()),
        label=node.words("label"),
        unit=node.text("unit", ""),
        formula=node.formula("formula", names.with_also("nominal", "point")),
        each=each,
        decimals=node.integer("decimals", 0, 15) if "decimals" in node else None,
        shown=node.flag("shown", True),
    )
    names.add(node, derived.key, *(derived.key + ending for ending in STATISTICS if each and derived.key))
    node.done()
    return derived


def _column(node: Node, names: Collection[str], result: Result | None, mpe: Mpe | None) -> PrintedColumn:
    show = node.text("show")
    kind = cast(Literal["number", "limits", "verdict"], {"mpe": "limits", "verdict": "verdict"}.get(show, "number"))
    if kind == "limits" and mpe is None:
        node.fault("show", "bảng không có [tables.mpe]", "the table has no [tables.mpe]")
    column = PrintedColumn(
        key=node.text("key"),
        head=node.words("head"),
        unit=node.text("unit", ""),
        show=node.formula("show", names) if kind == "number" else None,
        kind=kind,
        decimals=_decimals(node, result is not None),
        signed=node.flag("signed", False),
    )
    node.done()
    return column


def _decimals(node: Node, has_result: bool) -> int | Literal["result", "typed", "point"]:
    if "decimals" in node and node.holds_integer("decimals"):
        return node.integer("decimals", 0, 15)
    choice = node.choice("decimals", ("result", "typed", "point"), "result" if has_result else "typed")
    if choice == "result" and not has_result:
        node.fault("decimals", "bảng không có [tables.result]", "the table has no [tables.result]")
    return cast(Literal["result", "typed", "point"], choice)


def _repeated(derived: tuple[Derived, ...], readings: tuple[ReadingColumn, ...]) -> dict[str, int]:
    """Derived numbers of each repeat, with the number of repeats that they have at least."""
    found = {column.key: column.at_least for column in readings}
    for entry in derived:
        if entry.each:
            found[entry.key] = min((found[name] for name in entry.formula.names if name in found), default=1)
    return {entry.key: found[entry.key] for entry in derived if entry.each}


def _names_used(table: Table) -> set[str]:
    formulas = [entry.formula for entry in table.derived]
    if table.mpe:
        formulas += [table.mpe.lower, table.mpe.upper, *([table.mpe.about] if table.mpe.about else [])]
    for criterion in table.criteria:
        formulas += [formula for formula in (criterion.lower, criterion.upper, criterion.formula) if formula]
    for entry in table.result.inputs if table.result else ():
        formulas += [*entry.spread.values(), *([entry.value] if entry.value else [])]
    formulas += [column.show for column in table.columns if column.show]
    formulas += [summary.of for summary in table.summary if summary.of]
    return {name for formula in formulas for name in formula.names}


def _check_statistics(node: Node, table: Table, repeated: Mapping[str, int]) -> None:
    """A spread of readings needs at least two of them."""
    single = {f"{key}_s" for key, at_least in repeated.items() if at_least < 2}
    formulas = [entry.formula for entry in table.derived]
    if table.result:
        for entry in table.result.inputs:
            formulas.extend(entry.spread.values())
            if repeated.get(entry.readings or "", 2) < 2 and "pooled_standard_deviation" not in entry.spread:
                node.fault("result", f"{entry.name} cần ít nhất 2 số đọc hoặc pooled_standard_deviation",
                           f"{entry.name} needs at least 2 readings or a pooled_standard_deviation")  # fmt: skip
    for name in sorted(single & {name for formula in formulas for name in formula.names}):
        node.fault("readings", f"{name} cần at_least từ 2 trở lên", f"{name} needs at_least of 2 or more")
