"""The register of capabilities: enter and end a line, and those that count on a day."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from instruments.capability import (
    Capability,
    CapabilityError,
    Cmc,
    Linear,
    Points,
    Quadratic,
    Value,
    cmc_of_sheet,
    counting,
)
from instruments.procedure import Procedure
from instruments.procedure_model import Table
from lims.auth.models import User
from lims.jobs.capability_models import CapabilityLine
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.freshness import require_version

BEARING = ("calibration",)
"""Services whose documents bear the accreditation's CMC; a legal verification states conformity, not capability."""


@dataclass(frozen=True)
class NewLine:
    """A line as it is typed; `points` are (x, CMC) of a table."""

    field: str
    quantity: str
    lower: Decimal
    upper: Decimal
    unit: str
    form: str
    cmc_unit: str
    reference: str
    valid_from: date
    valid_to: date | None = None
    a: Decimal | None = None
    b: Decimal | None = None
    points: Sequence[tuple[Decimal, Decimal]] = ()
    procedures: Sequence[str] = ()


def add(line: NewLine, user: User) -> CapabilityLine:
    """Enter a line. Raises Invalid at `lower`, `a`, `points` or `valid_to`."""
    if line.valid_to is not None and line.valid_to < line.valid_from:
        raise Invalid("Ngày hết hiệu lực trước ngày bắt đầu.", "It ends before it begins.", "valid_to")
    row = CapabilityLine(
        field=line.field, quantity=line.quantity, lower=line.lower, upper=line.upper, unit=line.unit, form=line.form,
        a=line.a, b=line.b if line.form in ("linear", "quadratic") else None,
        points=[[f"{x:f}", f"{value:f}"] for x, value in line.points] if line.form == "points" else [],
        cmc_unit=line.cmc_unit, procedures=list(line.procedures), reference=line.reference,
        valid_from=line.valid_from, valid_to=line.valid_to, entered_at=clock.now(), entered_by_id=user.id)
    try:
        as_capability(row)
    except CapabilityError as wrong:
        raise Invalid(_sentence(wrong.text.vi), _sentence(wrong.text.en), _FIELDS[wrong.field]) from None
    with write("capability.add") as current:
        current.add(row)
    return row


def end(line_id: int, *, valid_to: date, reason: str, version: int) -> None:
    """End a line on a day, saying why. Raises Conflict when it was changed meanwhile, Invalid at its fields."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("capability.end", reason=reason):
        row = line(line_id)
        require_version(row, version, "dòng này", "this line")
        if valid_to < row.valid_from:
            raise Invalid("Ngày hết hiệu lực trước ngày bắt đầu.", "It ends before it begins.", "valid_to")
        row.valid_to, row.ended_because = valid_to, reason


def line(line_id: int) -> CapabilityLine:
    """The line, or NotFound."""
    found = session().get(CapabilityLine, line_id)
    if found is None:
        raise NotFound("Không có dòng này.", "No such line.")
    return found


def lines() -> Sequence[CapabilityLine]:
    """Every line, by quantity and range; those that ended stand last."""
    return session().scalars(sa.select(CapabilityLine).order_by(
        CapabilityLine.valid_to.is_not(None), CapabilityLine.quantity, CapabilityLine.id)).all()


def lines_in_force(on: date) -> Sequence[CapabilityLine]:
    """The lines of a day, both ends of their validity included."""
    standing = sa.or_(CapabilityLine.valid_to.is_(None), CapabilityLine.valid_to >= on)
    return session().scalars(sa.select(CapabilityLine).options(sa.orm.lazyload(CapabilityLine.entered_by))
                             .where(CapabilityLine.valid_from <= on, standing)).all()


def in_force(on: date) -> list[Capability]:
    """The capabilities of a day."""
    return [as_capability(row) for row in lines_in_force(on)]


def line_at(procedure: Procedure, table: Table, x: float, on: date) -> tuple[CapabilityLine, float] | None:
    """The line that counts at a point of a table on that day, with its CMC in the unit of the report."""
    if procedure.service not in BEARING:
        return None
    known = lines_in_force(on)
    found = counting(procedure, table, x, [as_capability(row) for row in known])
    return None if found is None else (known[found[0]], found[1])


def cmc_for(procedure: Procedure, fields: Mapping[str, str], on: date) -> dict[str, float]:
    """{"table/point": CMC in the unit of the report} of a sheet measured on that day; empty where none is borne."""
    if procedure.service not in BEARING:
        return {}
    known = in_force(on)
    return cmc_of_sheet(procedure, fields, known) if known else {}


def as_capability(row: CapabilityLine) -> Capability:
    """The line as the rules take it. Raises CapabilityError for one that says nothing usable."""
    return Capability(
        quantity=row.quantity, lower=float(row.lower), upper=float(row.upper), unit=row.unit, cmc=_cmc(row),
        cmc_unit=row.cmc_unit, procedures=tuple(row.procedures), reference=row.reference)


def _cmc(row: CapabilityLine) -> Cmc:
    a, b = (float(value) if value is not None else 0.0 for value in (row.a, row.b))
    if row.form == "points":
        return Points(tuple((float(x), float(value)) for x, value in row.points))
    if row.form == "linear":
        return Linear(a, b)
    return Quadratic(a, b) if row.form == "quadratic" else Value(a)


_FIELDS = {"range": "upper", "cmc": "a", "table": "points"}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
