"""Tables that are measured before and after an adjustment (ISO/IEC 17025:2017, 7.8.4.1 d).

A table with `as_found = true` stands in the file once. The sheet asks whether the instrument was adjusted; when it was,
the same readings are wanted twice, and the first set, as found, is stated without weight in the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from instruments.procedure_model import Field, Procedure, Table, When
from instruments.procedure_reader import Node
from instruments.scope import ADJUSTED
from instruments.words import Words

SUFFIX = "_found"
"""Ending of the key of the table as found."""


def with_adjustments(procedure: Procedure, root: Node) -> Procedure:
    """The procedure with the tables as found and the field that asks for them, where a table wants it."""
    wanted = [table for table in procedure.tables if table.as_found]
    if not wanted:
        return procedure
    if any(field.key == ADJUSTED for field in procedure.fields):
        at = [field.key for field in procedure.fields].index(ADJUSTED)
        root.book.add(("fields", at, "key"), f"{ADJUSTED} dành cho as_found", f"{ADJUSTED} is kept for as_found")
    return replace(
        procedure,
        fields=(*procedure.fields, _FIELD),
        tables=tuple(one for table in procedure.tables for one in _before_and_after(table)),
    )


def _before_and_after(table: Table) -> Iterator[Table]:
    if not table.as_found:
        yield table
        return
    title = table.title
    yield replace(
        table,
        key=table.key + SUFFIX,
        title=Words(f"{title.vi} - trước hiệu chỉnh", f"{title.en} - as found"),
        plain_title=title,
        summary=(),
        overall=(),
        when=When(ADJUSTED, ("yes",)),
    )
    yield replace(
        table,
        as_found=False,
        adjusted_title=Words(f"{title.vi} - sau hiệu chỉnh", f"{title.en} - as left"),
    )


_FIELD = Field(
    key=ADJUSTED,
    label=Words("Có hiệu chỉnh", "Adjusted"),
    unit="",
    type="choice",
    where="sheet",
    required=True,
    default="no",
    choices=("no", "yes"),
    help=Words(
        "Có: ghi số đọc cả trước và sau khi hiệu chỉnh", "Yes: readings are taken before and after the adjustment"
    ),
    lower=None,
    upper=None,
    labels={"no": Words("không", "no"), "yes": Words("có", "yes")},
)
