"""What results came to beside a line of the register: the least and greatest U at each point of its range."""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from instruments.capability import Capability, cmc_at, counting
from instruments.chosen_units import with_units
from instruments.procedure import Procedure
from instruments.procedure_model import Table
from lims.jobs.capabilities import BEARING, as_capability, lines_in_force
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.models import JobItem, ProcedureVersion, Result, Worksheet
from lims.jobs.procedures import parsed
from lims.jobs.results import evaluation_of
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import language

COMPARED = 30
"""The newest results that are compared with a line."""
LOOKED_THROUGH = 100
"""The same for the whole register."""


_Key = tuple[str, str, float, str, str, str]


@dataclass(frozen=True)
class Comparison:
    """One point of a procedure: its CMC, and the least and greatest U stated there lately (unit of the report)."""

    procedure: str
    table: str
    nominal: str
    unit: str
    point_unit: str
    cmc: float
    least: float
    greatest: float
    raised: int
    count: int


def compared(row: CapabilityLine) -> list[Comparison]:
    """The points of this line's range that results have stated lately, with the U they came to."""
    capability = as_capability(row)
    found: dict[_Key, list[tuple[float, float]]] = {}
    for result, procedure in _newest(row.procedures):
        for key, entry in _stated(capability, procedure, result):
            found.setdefault(key, []).append(entry)
    return [_comparison(key, entries) for key, entries in sorted(found.items())]


@dataclass(frozen=True)
class Budgeted:
    """One point of a procedure with the U that budgets came to lately; `cmc` and `line` None: the register says
    nothing about it today."""

    procedure: str
    table: str
    nominal: str
    point_unit: str
    unit: str
    least: float
    greatest: float
    count: int
    cmc: float | None
    line: CapabilityLine | None

    @property
    def raised(self) -> bool:
        """Whether a budget came below the CMC, so that the CMC was stated."""
        return self.cmc is not None and self.least < self.cmc


def budgets(code: str = "") -> list[Budgeted]:
    """Every point that results have stated lately (of one procedure), beside the register of today."""
    known = lines_in_force(clock.today())
    scope, found = [as_capability(row) for row in known], dict[_Key, _Spread]()
    for result, procedure in _newest([code] if code else [], LOOKED_THROUGH):
        for table in evaluation_of(result)["tables"]:
            own = procedure.table(table["key"])
            for row in table["rows"] if own.result else ():
                if row["U"] is None or row["budget"] is None or own.result is None:
                    continue
                key = _key(procedure, own, row)
                U = row["budget"]["expanded_uncertainty"] * float(own.result.factor)
                place = found.setdefault(key, _Spread(counting(procedure, own, row["nominal"], scope), []))
                place.spreads.append(U)
    return [Budgeted(
        procedure=key[0], table=key[1], nominal=key[3], point_unit=key[4], unit=key[5], least=min(one.spreads),
        greatest=max(one.spreads), count=len(one.spreads), cmc=one.counts[1] if one.counts else None,
        line=known[one.counts[0]] if one.counts else None) for key, one in sorted(found.items(), key=_by_key)]


@dataclass(frozen=True)
class _Spread:
    counts: tuple[int, float] | None
    spreads: list[float]


def _key(procedure: Procedure, table: Table, row: Mapping[str, Any]) -> _Key:
    return (procedure.code, table.title.in_language(language()), row["nominal"], row["nominal_text"],
            table.points.unit, row["unit"])


def _by_key(entry: tuple[_Key, _Spread]) -> _Key:
    return entry[0]


def _newest(codes: Sequence[str], most: int = COMPARED) -> Iterator[tuple[Result, Procedure]]:
    """The newest calibration results, each with its procedure in the units chosen for the instrument."""
    for row in session().execute(
            sa.select(Result, ProcedureVersion, Worksheet.instrument_fields)
            .join(Worksheet, Worksheet.id == Result.worksheet_id)
            .join(JobItem, JobItem.id == Worksheet.item_id)
            .join(ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id)
            .where(*([ProcedureVersion.code.in_(codes)] if codes else []),
                   JobItem.service.in_(BEARING), Result.evaluation != "").order_by(Result.id.desc()).limit(most)):
        yield row[0], with_units(parsed(row[1]), row[2])


def _stated(capability: Capability, procedure: Procedure, result: Result
            ) -> Iterator[tuple[_Key, tuple[float, float]]]:
    """(point, (U of the budget, CMC there)) of every row that this capability covers."""
    for table in evaluation_of(result)["tables"]:
        own = procedure.table(table["key"])
        stated, points = own.result, own.points
        slots = {slot.quantity for slot in procedure.standards if slot.key in own.standards}
        if stated is None or capability.quantity not in (slots or {procedure.quantity}):
            continue
        for row in table["rows"]:
            if row["U"] is None or row["budget"] is None:
                continue
            cmc = cmc_at([capability], row["nominal"], points.unit, row["unit"])
            if cmc is not None:
                U = row["budget"]["expanded_uncertainty"] * float(stated.factor)
                yield _key(procedure, own, row), (U, cmc)


def _comparison(key: _Key, entries: Sequence[tuple[float, float]]) -> Comparison:
    spreads = [U for U, _cmc in entries]
    return Comparison(
        procedure=key[0], table=key[1], nominal=key[3], point_unit=key[4], unit=key[5], cmc=entries[0][1],
        least=min(spreads), greatest=max(spreads), raised=sum(cmc > U for U, cmc in entries), count=len(entries))
