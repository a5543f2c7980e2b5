"""Limits, criteria and summaries of a table in a procedure file."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from instruments.formula import Formula, read_formula
from instruments.procedure_model import Confirmation, Criterion, Mpe, Summary
from instruments.procedure_names import Names
from instruments.procedure_reader import Node
from instruments.table_model import Take

TAKES = ("max_abs", "max", "min", "range", "mean", "s", "sum", "first", "last")
"""What a summary may take of the rows."""


def read_mpe(node: Node, names: Collection[str]) -> Mpe:
    """Permissible errors at a point."""
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


def read_criterion(node: Node, names: Collection[str], has_result: bool) -> Criterion:
    """Something that a row must keep to; "result" is the reported one, judged with its uncertainty."""
    formula: Formula | None = node.formula("value", {*names, "result"})
    if formula is not None and formula.text == "result":
        formula = None
    if formula is None and not has_result:
        node.fault("value", "bảng không có [tables.result]", "the table has no [tables.result]")
    lower, upper = _limits(node, names)
    criterion = Criterion(node.text("key"), node.words("label"), node.text("unit", ""), formula, lower, upper)
    node.done()
    return criterion


def read_overall(node: Node, names: Collection[str]) -> Criterion:
    """Something that a whole table must keep to, over its summary."""
    formula = node.formula("value", names)
    lower, upper = _limits(node, names)
    criterion = Criterion(node.text("key"), node.words("label"), node.text("unit", ""), formula, lower, upper)
    node.done()
    return criterion


def read_summary(node: Node, fixed: Names, row_names: Collection[str]) -> Summary:
    """One number of the table: taken of its rows, or a formula over what is known by then."""
    by_rows = "of" in node or "take" in node
    if by_rows == ("formula" in node):
        node.fault(None, "cần of và take, hoặc formula", "expected of and take, or formula")
    summary = Summary(
        key=node.name(),
        label=node.words("label"),
        unit=node.text("unit", ""),
        of=node.formula("of", row_names) if by_rows else None,
        take=cast(Take, node.choice("take", TAKES)) if by_rows else None,
        formula=node.optional_formula("formula", fixed.with_also()),
        digits=node.integer("digits", 1, 10) if "digits" in node else None,
        shown=node.flag("shown", True),
    )
    fixed.add(node, summary.key)
    node.done()
    return summary


def read_confirmation(node: Node) -> Confirmation:
    """Whether the table's content was confirmed against the original document."""
    return cast(Confirmation, node.choice("confirmation", ("confirmed", "unconfirmed")))


def _limits(node: Node, names: Collection[str]) -> tuple[Formula | None, Formula | None]:
    lower, upper = node.optional_formula("lower", names), node.optional_formula("upper", names)
    if "symmetric" in node:
        upper = node.formula("symmetric", names)
        lower = read_formula(f"-({upper.text})")
    if lower is None and upper is None:
        node.fault(None, "cần symmetric, lower hoặc upper", "expected symmetric, lower or upper")
    return lower, upper
