"""What stands in a sheet: every entry as it was typed, the newest of each cell, and all of it for an evaluation.

A cell is "table/point/column/repeat", "env/<condition>/start|end", "check/<key>" or "field/<key>".
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from instruments.observations import AgreedRule, CheckResult, Observations, StandardData
from instruments.sheet import SheetLayout
from instruments.typed_number import TypedNumber
from lims.auth.models import User
from lims.equipment.selection import as_standard_data
from lims.jobs.capabilities import cmc_for
from lims.jobs.models import Observation, Worksheet
from lims.jobs.procedures import layout_for, procedure_of
from lims.shared.db import session

READING_PARTS = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one cell. `text` is exactly what was typed; empty when the cell was cleared."""

    id: int
    cell: str
    revision: int
    text: str
    value: Decimal | None
    unit: str
    source: str
    at: datetime
    by_id: int
    by: str
    reason: str


def entries(worksheet_id: int, *, cells: Collection[str] | None = None) -> list[Entry]:
    """Every entry of the sheet, or of these cells, oldest first."""
    query = _entries().where(Observation.worksheet_id == worksheet_id)
    if cells is not None:
        query = query.where(Observation.cell.in_(cells))
    return [Entry(*row) for row in session().execute(query)]


def entries_of_sheets(worksheet_ids: Collection[int], cells: Collection[str] | None = None) -> dict[int, list[Entry]]:
    """{sheet: its entries, or those of these cells, oldest first}; one statement for all."""
    query = _entries().add_columns(Observation.worksheet_id).where(Observation.worksheet_id.in_(worksheet_ids))
    if cells is not None:
        query = query.where(Observation.cell.in_(cells))
    found: dict[int, list[Entry]] = {}
    for *row, worksheet_id in session().execute(query):
        found.setdefault(worksheet_id, []).append(Entry(*row))
    return found


def _entries() -> Any:
    return (
        sa.select(Observation.id, Observation.cell, Observation.revision, Observation.text, Observation.value,
                  Observation.unit, Observation.source, Observation.at, Observation.by_id, User.full_name,
                  Observation.reason)
        .join(User, User.id == Observation.by_id).order_by(Observation.id))


def latest(found: Iterable[Entry]) -> dict[str, Entry]:
    """The newest entry of each cell; a cleared cell keeps its empty entry."""
    newest: dict[str, Entry] = {}
    for entry in found:
        if entry.cell not in newest or newest[entry.cell].revision < entry.revision:
            newest[entry.cell] = entry
    return newest


def sheet_layout(worksheet: Worksheet) -> SheetLayout:
    """The grid of this sheet, for its instrument."""
    return layout_for(procedure_of(worksheet.item), worksheet.instrument_fields)


def observations_of(worksheet: Worksheet, cells: Mapping[str, Entry] | None = None) -> Observations:
    """Everything that stands in the sheet now, as `instruments.evaluate.evaluate` takes it."""
    cells = latest(entries(worksheet.id)) if cells is None else cells
    return assemble(worksheet, {cell: (entry.text, entry.value) for cell, entry in cells.items()},
                    _standards(worksheet))


def newest_of(worksheet_ids: Collection[int]) -> dict[int, dict[str, tuple[str, Decimal | None]]]:
    """{sheet: {cell: (text, value) of its newest entry}} of many sheets in one query."""
    query = (sa.select(Observation.worksheet_id, Observation.cell, Observation.text, Observation.value)
             .where(Observation.worksheet_id.in_(worksheet_ids)).order_by(Observation.revision))
    found: dict[int, dict[str, tuple[str, Decimal | None]]] = {}
    for worksheet_id, cell, text, value in session().execute(query):
        found.setdefault(worksheet_id, {})[cell] = (text, value)
    return found


def assemble(worksheet: Worksheet, cells: Mapping[str, tuple[str, Decimal | None]],
             standards: Mapping[str, list[StandardData]], cmc: Mapping[str, float] | None = None) -> Observations:
    """Observations of a sheet from the (text, value) of each cell, the standards by slot, and the CMC where known."""
    numbers = {cell: TypedNumber(text, value) for cell, (text, value) in cells.items() if value is not None}
    return Observations(
        instrument=dict(worksheet.instrument_fields),
        readings={cell: number for cell, number in numbers.items() if is_reading(cell)},
        environment={cell.removeprefix("env/"): number for cell, number in numbers.items() if cell.startswith("env/")},
        checks={cell.removeprefix("check/"): cast(CheckResult, text)
                for cell, (text, _value) in cells.items() if cell.startswith("check/") and text},
        standards=standards,
        decision_rule=cast(AgreedRule, worksheet.item.decision_rule or "none"),
        cmc=cmc_for(procedure_of(worksheet.item), worksheet.instrument_fields,
                    worksheet.performed_on) if cmc is None else cmc)


def is_reading(cell: str) -> bool:
    """Whether the cell stands in the grid of readings."""
    return cell.count("/") == READING_PARTS - 1


def _standards(worksheet: Worksheet) -> dict[str, list[StandardData]]:
    chosen: dict[str, list[StandardData]] = {}
    for row in worksheet.standards:
        chosen.setdefault(row.slot, []).append(as_standard_data(row.standard, row.certificate))
    return chosen
