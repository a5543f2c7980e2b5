"""What results came to beside a line of the register: the least and greatest U at each point of its range."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from instruments.capability import Capability, cmc_at
from instruments.procedure import Procedure
from lims.jobs.capabilities import BEARING, as_capability
from lims.jobs.capability_models import CapabilityLine
from lims.jobs.models import JobItem, ProcedureVersion, Result, Worksheet
from lims.jobs.procedures import parsed
from lims.jobs.results import evaluation_of
from lims.shared.db import session

COMPARED = 30
"""The newest results that are compared with a line."""


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
    for result, version in session().execute(
            sa.select(Result, ProcedureVersion).join(Worksheet, Worksheet.id == Result.worksheet_id)
            .join(JobItem, JobItem.id == Worksheet.item_id)
            .join(ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id)
            .where(*([ProcedureVersion.code.in_(row.procedures)] if row.procedures else []),
                   JobItem.service.in_(BEARING)).order_by(Result.id.desc()).limit(COMPARED)):
        for key, entry in _stated(capability, parsed(version), result):
            found.setdefault(key, []).append(entry)
    return [_comparison(key, entries) for key, entries in sorted(found.items())]


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
                yield ((procedure.code, table["title"]["vi"], row["nominal"], row["nominal_text"], points.unit,
                        row["unit"]), (U, cmc))


def _comparison(key: _Key, entries: Sequence[tuple[float, float]]) -> Comparison:
    spreads = [U for U, _cmc in entries]
    return Comparison(
        procedure=key[0], table=key[1], nominal=key[3], point_unit=key[4], unit=key[5], cmc=entries[0][1],
        least=min(spreads), greatest=max(spreads), raised=sum(cmc > U for U, cmc in entries), count=len(entries))
