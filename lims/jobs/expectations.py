"""What earlier visits say about each cell of a sheet: read once for a sheet, since submitted sheets never change."""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import sqlalchemy as sa
from flask import current_app

from instruments.chosen_units import with_units
from instruments.expectation import Expectation, expectation
from instruments.guard import Suspicion, guard
from instruments.typed_number import TypedNumber
from instruments.words import Words
from lims.customers.models import Instrument
from lims.jobs.cell_places import Accepted, Place
from lims.jobs.models import JobItem, ProcedureVersion, Worksheet
from lims.jobs.observations import entries_of_sheets, is_reading, latest, sheet_layout
from lims.jobs.procedures import procedure_of
from lims.shared.db import session

LOOKED_AT = 30
"""The newest submitted sheets of like instruments that are looked at."""


def doubt(worksheet: Worksheet, place: Place, accepted: Accepted) -> Suspicion | None:
    """Why a reading that passes by its nominal value is asked about all the same; None when history agrees."""
    if place.kind != "reading" or accepted.value is None:
        return None
    known = expected_of(worksheet).get(place.cell)
    if known is None:
        return None
    found = guard(TypedNumber(accepted.typed, accepted.value), known.expected, known.within, place.resolution)
    if found is None:
        return None
    about = f"{known.expected.normalize():f}"
    vi, en = (("Lần trước", "The visit before")
              if known.source == "own" else ("Các phương tiện cùng kiểu", "Others of this model"))
    return Suspicion(found.kind, found.suggestion, Words(
        f"{found.text.vi.split('?')[0].split('.')[0]}? {vi}: {about.replace('.', ',')}.",
        f"{found.text.en.split('?')[0].split('.')[0]}? {en}: {about}."))


def expected_of(worksheet: Worksheet) -> Mapping[str, Expectation]:
    """{cell: expectation} from the instrument's own last visit and from others of its model."""
    fields = tuple(sorted((key, str(text)) for key, text in worksheet.instrument_fields.items()))
    return _expected(str(current_app.config["SQLALCHEMY_DATABASE_URI"]), worksheet.id, fields)


@lru_cache(maxsize=512)
def _expected(_database: str, worksheet_id: int, _fields: tuple[tuple[str, str], ...]) -> Mapping[str, Expectation]:
    worksheet = session().get_one(Worksheet, worksheet_id)
    earlier = _earlier(worksheet)
    own = next((sheet_id for sheet_id, instrument_id in earlier if instrument_id == worksheet.item.instrument_id), None)
    others = [sheet_id for sheet_id, instrument_id in earlier if instrument_id != worksheet.item.instrument_id]
    values = {sheet_id: {cell: entry.value for cell, entry in latest(written).items()
                         if is_reading(cell) and entry.value is not None}
              for sheet_id, written in entries_of_sheets([sheet_id for sheet_id, _instrument in earlier]).items()}
    found, procedure = {}, with_units(procedure_of(worksheet.item), worksheet.instrument_fields)
    for table in sheet_layout(worksheet).tables:
        result = procedure.table(table.key).result
        mpe = {point.number: _half_width(point.mpe_text) for point in table.points}
        units = {column.key: column.unit for column in table.columns}
        for cell in table.cells:
            if cell.expected is None:
                continue  # a meter's index at the start, a tank's volume: nothing of the visit before says what it is
            judged = result is not None and result.report_unit == units[cell.column]
            known = expectation(
                values.get(own, {}).get(cell.key) if own else None,
                [values[one][cell.key] for one in others if cell.key in values.get(one, {})],
                mpe=mpe.get(cell.point) if judged else None, resolution=cell.resolution)
            if known is not None:
                found[cell.key] = known
    return found


def _earlier(worksheet: Worksheet) -> list[tuple[int, int]]:
    """(sheet, instrument) of the newest submitted sheets with the same characteristics: of this instrument, and of
    others of its maker and model."""
    item, instrument = worksheet.item, worksheet.item.instrument
    alike = Instrument.id == instrument.id
    if instrument.maker and instrument.model:
        alike = sa.or_(alike, sa.and_(Instrument.maker == instrument.maker, Instrument.model == instrument.model,
                                      Instrument.kind == instrument.kind))
    rows = session().execute(
        sa.select(Worksheet.id, Instrument.id, Worksheet.instrument_fields)
        .join(JobItem, JobItem.id == Worksheet.item_id).join(Instrument, Instrument.id == JobItem.instrument_id)
        .join(ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id)
        .where(alike, ProcedureVersion.code == item.procedure.code, Worksheet.submitted_at.is_not(None),
               Worksheet.id != worksheet.id).order_by(Worksheet.submitted_at.desc()).limit(LOOKED_AT)).all()
    return [(row[0], row[1]) for row in rows if dict(row[2]) == dict(worksheet.instrument_fields)]


def _half_width(mpe_text: str) -> float | None:
    """Half the width of limits that do not depend on readings: 0.16 of "±0.16", 0.15 of "-0.10 / +0.20"."""
    text = mpe_text.replace("\u00b1", "").replace("\u2212", "-")
    try:
        ends = [Decimal(part.strip()) for part in text.split("/")]
    except ArithmeticError:
        return None
    return float(abs(ends[0]) if len(ends) == 1 else abs(ends[1] - ends[0]) / 2)
