"""What stands in a sheet: every entry as it was typed, the newest of each cell, and all of it for an evaluation.

A cell is "table/point/column/repeat", "env/<condition>/start|end", "check/<key>" or "field/<key>".
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, cast

import sqlalchemy as sa
from flask import current_app

from instruments.observations import AgreedRule, CheckResult, Observations, StandardData
from instruments.sheet import SheetLayout
from instruments.typed_number import TypedNumber
from lims.auth.models import User
from lims.equipment.facts import as_part_data
from lims.equipment.models import Standard, StandardCertificate, StandardFunction
from lims.jobs.capabilities import cmc_for
from lims.jobs.models import Observation, Worksheet, WorksheetStandard
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


class Standing(NamedTuple):
    """What stands in a cell, without who typed it."""

    text: str
    value: Decimal | None


class Stands(Protocol):
    """An Entry or a Standing."""

    @property
    def text(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...


def entries(worksheet_id: int, *, cells: Collection[str] | None = None, after: int = 0) -> list[Entry]:
    """Every entry of the sheet, of these cells, or after the entry `after`; oldest first."""
    query = _entries().where(Observation.worksheet_id == worksheet_id)
    if cells is not None:
        query = query.where(Observation.cell.in_(cells))
    if after:
        query = query.where(Observation.id > after)
    return [Entry(*row) for row in session().execute(query)]


def newest_of(worksheet_ids: Collection[int]) -> dict[int, dict[str, Standing]]:
    """{sheet: {cell: what stands there}} of these sheets; one statement, nothing that no evaluation asks."""
    query = (sa.select(Observation.worksheet_id, Observation.cell, Observation.text, Observation.value)
             .where(Observation.worksheet_id.in_(worksheet_ids)).order_by(Observation.revision))
    found: dict[int, dict[str, Standing]] = {}
    for worksheet_id, cell, text, value in session().execute(query):
        found.setdefault(worksheet_id, {})[cell] = Standing(text, value)
    return found


def entries_of_sheets(worksheet_ids: Collection[int], cells: Collection[str] | None = None, *,
                      after: int = 0) -> dict[int, list[Entry]]:
    """{sheet: its entries, those of these cells, or after the entry `after`; oldest first}; one statement for all."""
    query = _entries().add_columns(Observation.worksheet_id).where(Observation.worksheet_id.in_(worksheet_ids))
    if cells is not None:
        query = query.where(Observation.cell.in_(cells))
    if after:
        query = query.where(Observation.id > after)
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


def observations_of(worksheet: Worksheet, cells: Mapping[str, Stands] | None = None,
                    standards: Mapping[str, list[StandardData]] | None = None) -> Observations:
    """Everything that stands in the sheet now, as `instruments.evaluate.evaluate` takes it."""
    if cells is None:
        cells = newest_of([worksheet.id]).get(worksheet.id, {})
    if standards is None:
        standards = standards_of([worksheet.id]).get(worksheet.id, {})
    return assemble(worksheet, cells, standards)


def assemble(worksheet: Worksheet, cells: Mapping[str, Stands], standards: Mapping[str, list[StandardData]],
             cmc: Mapping[str, float] | None = None) -> Observations:
    """Observations of a sheet from what stands in each cell, the standards by slot, and the CMC where known."""
    numbers = {cell: TypedNumber(one.text, one.value) for cell, one in cells.items() if one.value is not None}
    return Observations(
        instrument=dict(worksheet.instrument_fields),
        readings={cell: number for cell, number in numbers.items() if is_reading(cell)},
        environment={cell.removeprefix("env/"): number for cell, number in numbers.items() if cell.startswith("env/")},
        checks={cell.removeprefix("check/"): cast(CheckResult, one.text)
                for cell, one in cells.items() if cell.startswith("check/") and one.text},
        standards=standards,
        decision_rule=cast(AgreedRule, worksheet.item.decision_rule or "none"),
        cmc=cmc_for(procedure_of(worksheet.item), worksheet.instrument_fields,
                    worksheet.performed_on) if cmc is None else cmc)


def is_reading(cell: str) -> bool:
    """Whether the cell stands in the grid of readings."""
    return cell.count("/") == READING_PARTS - 1


def standards_of(worksheet_ids: Collection[int]) -> dict[int, dict[str, list[StandardData]]]:
    """{sheet: {slot: what its chosen standards say, or the parts of a set in its place}}; one statement for those that
    were asked for before."""
    whole, own = sa.orm.aliased(WorksheetStandard), sa.orm.aliased(Standard)
    rows = session().execute(
        sa.select(WorksheetStandard.worksheet_id, WorksheetStandard.slot, Standard.id, Standard.version,
                  StandardCertificate.id, StandardFunction.version, sa.func.coalesce(own.asset_number, ""))
        .outerjoin(whole, whole.id == WorksheetStandard.whole_id).outerjoin(own, own.id == whole.standard_id)
        .join(Standard, Standard.id == WorksheetStandard.standard_id)
        .join(StandardCertificate, StandardCertificate.id == WorksheetStandard.certificate_id)
        .outerjoin(StandardFunction, StandardFunction.id == StandardCertificate.function_id)
        .where(WorksheetStandard.worksheet_id.in_(worksheet_ids), whole.certificate_id.is_(None))
        .order_by(sa.func.coalesce(WorksheetStandard.whole_id, WorksheetStandard.id), WorksheetStandard.id))
    database, chosen = str(current_app.config["SQLALCHEMY_DATABASE_URI"]), dict[int, dict[str, list[StandardData]]]()
    for worksheet_id, slot, *versions in rows:
        chosen.setdefault(worksheet_id, {}).setdefault(slot, []).append(_standard(database, *versions))
    return chosen


@lru_cache(maxsize=4096)
def _standard(_database: str, standard_id: int, _version: int, certificate_id: int,
              _function_version: int | None, whole: str) -> StandardData:
    """A certificate is never edited; drift, resolution and MPE change with the version of the standard or function.
    `whole`: the set that it serves as a part of."""
    return as_part_data(session().get_one(Standard, standard_id),
                        session().get_one(StandardCertificate, certificate_id), whole)
