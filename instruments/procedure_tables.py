"""The tables of a procedure file: points, readings, derived numbers, limits, budget and printed columns."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Literal, cast

from instruments.formula import Formula, read_formula
from instruments.procedure_model import (
    Confirmation,
    Criterion,
    Derived,
    Mpe,
    Points,
    PrintedColumn,
    ReadingColumn,
    Result,
    Summary,
    Table,
)
from instruments.procedure_reader import Node
from instruments.procedure_results import read_result

STATISTICS = ("_s", "_n", "_min", "_max", "_range")
"""Endings of the numbers that repeats of a reading give, beside their mean."""
RESERVED = ("nominal", "point", "mpe", "mpe_lower", "result", "result_U", "result_k", "verdict")
"""Names with a meaning of their own."""
MOST_REPEATS = 50
MOST_POINTS = 200


class Names:
    """Names that formulas may use, each given once."""

    def __init__(self, taken: Collection[str] = ()) -> None:
        self._names: dict[str, None] = dict.fromkeys(taken)

    def add(self, node: Node, *names: str) -> None:
        """Take names of a node's key; a fault when one is taken already."""
        for name in names:
            if name and (name in self._names or name in RESERVED):
                node.fault("key", f"tên {name} đã được dùng", f"the name {name} is taken already")
            self._names[name] = None

    def know(self, name: str) -> None:
        """Take a name that was checked elsewhere."""
        self._names[name] = None

    def with_also(self, *names: str) -> set[str]:
        """These names and some more."""
        return {*self._names, *names}


def read_table(node: Node, fixed: Names, point_names: Collection[str], slots: Collection[str]) -> Table:
    """One table. `fixed`: names known before any reading (also taken by summaries), `point_names`: lookups at a point
    and numbers of the standards."""
    known_before = fixed.with_also()
    names = Names((*known_before, *point_names))
    points = _points(node.table("points"), known_before)
    readings = tuple(_reading(item, names, known_before, point_names) for item in node.tables("readings"))
    derived = tuple(_derived(item, names) for item in node.tables("derived"))
    mpe = _mpe(node.table("mpe"), names.with_also("nominal", "point")) if "mpe" in node else None
    limits = ("mpe", "mpe_lower") if mpe else ()
    row_names = names.with_also("nominal", "point", *limits)
    result = read_result(node.table("result"), row_names, slots, readings) if "result" in node else None
    criteria = tuple(_criterion(item, row_names, result is not None) for item in node.tables("criteria"))
    shown_names = {*row_names, *(("result", "result_U", "result_k") if result else ())}
    summary = tuple(_summary(item, fixed, shown_names) for item in node.tables("summary"))
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
    )
    used = _names_used(table)
    table = replace(table, standards=tuple(slot for slot in slots if any(name.startswith(f"{slot}_") for name in used)))
    if not readings:
        node.fault(None, "bảng không có cột số đọc [[tables.readings]]", "the table has no [[tables.readings]]")
    _check_statistics(node, table)
    node.done()
    return table


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
    )
    ways = [name for name in ("values", "percent", "evenly") if name in node]
    if len(ways) > 1 or not (ways or points.field):
        node.fault(None, "cần đúng một trong values, percent, evenly (hoặc field)",
                   "expected exactly one of values, percent, evenly (or field)")  # fmt: skip
    if (points.percent or points.evenly) and not (points.start and points.end):
        node.fault(None, "percent và evenly cần from và to", "percent and evenly need from and to")
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
    )
    if (column.expected is None) != (column.within is None):
        node.fault(None, "expected và within đi với nhau", "expected and within belong together")
    node.done()
    return column


def _derived(node: Node, names: Names) -> Derived:
    derived = Derived(
        key=node.name(),
        label=node.words("label"),
        unit=node.text("unit", ""),
        formula=node.formula("formula", names.with_also("nominal", "point")),
    )
    names.add(node, derived.key)
    node.done()
    return derived


def _mpe(node: Node, names: Collection[str]) -> Mpe:
    if "symmetric" in node:
        upper = node.formula("symmetric", names)
        lower = read_formula(f"-({upper.text})")
    else:
        lower, upper = node.formula("lower", names), node.formula("upper", names)
    mpe = Mpe(
        lower=lower,
        upper=upper,
        about=node.optional_formula("about", names),
        u_at_most=node.optional_formula("u_at_most", {*names, "mpe"}),
        source=node.text("source"),
        confirmation=read_confirmation(node),
    )
    node.done()
    return mpe


def _criterion(node: Node, names: Collection[str], has_result: bool) -> Criterion:
    formula: Formula | None = node.formula("value", {*names, "result"})
    if formula is not None and formula.text == "result":
        formula = None
    if formula is None and not has_result:
        node.fault("value", "bảng không có [tables.result]", "the table has no [tables.result]")
    lower, upper = node.optional_formula("lower", names), node.optional_formula("upper", names)
    if "symmetric" in node:
        upper = node.formula("symmetric", names)
        lower = read_formula(f"-({upper.text})")
    if lower is None and upper is None:
        node.fault(None, "cần symmetric, lower hoặc upper", "expected symmetric, lower or upper")
    criterion = Criterion(node.text("key"), node.words("label"), node.text("unit", ""), formula, lower, upper)
    node.done()
    return criterion


def _summary(node: Node, fixed: Names, names: Collection[str]) -> Summary:
    takes = ("max_abs", "max", "min", "range", "mean", "s")
    summary = Summary(
        key=node.name(),
        label=node.words("label"),
        unit=node.text("unit", ""),
        of=node.choice("of", tuple(sorted(names))),
        take=cast(Literal["max_abs", "max", "min", "range", "mean", "s"], node.choice("take", takes)),
    )
    fixed.add(node, summary.key)
    node.done()
    return summary


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


def _names_used(table: Table) -> set[str]:
    formulas = [entry.formula for entry in table.derived]
    if table.mpe:
        formulas += [table.mpe.lower, table.mpe.upper, *([table.mpe.about] if table.mpe.about else [])]
    for criterion in table.criteria:
        formulas += [formula for formula in (criterion.lower, criterion.upper, criterion.formula) if formula]
    for entry in table.result.inputs if table.result else ():
        formulas += [*entry.spread.values(), *([entry.value] if entry.value else [])]
    formulas += [column.show for column in table.columns if column.show]
    return {name for formula in formulas for name in formula.names}


def _check_statistics(node: Node, table: Table) -> None:
    """A spread of readings needs at least two of them."""
    single = {f"{column.key}_s" for column in table.readings if column.at_least < 2}
    formulas = [entry.formula for entry in table.derived]
    if table.result:
        for entry in table.result.inputs:
            formulas.extend(entry.spread.values())
            column = next((item for item in table.readings if item.key == entry.readings), None)
            if column is not None and column.at_least < 2 and "pooled_standard_deviation" not in entry.spread:
                node.fault("result", f"{entry.name} cần ít nhất 2 số đọc hoặc pooled_standard_deviation",
                           f"{entry.name} needs at least 2 readings or a pooled_standard_deviation")  # fmt: skip
    for name in single & {name for formula in formulas for name in formula.names}:
        node.fault("readings", f"{name} cần at_least từ 2 trở lên", f"{name} needs at_least of 2 or more")


def read_confirmation(node: Node) -> Confirmation:
    """Whether the table's content was confirmed against the original document."""
    return cast(Confirmation, node.choice("confirmation", ("confirmed", "unconfirmed")))
