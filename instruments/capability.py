"""Calibration and measurement capability: the smallest U that the laboratory may state, as a function of the range.

ILAC-P14:09/2020, 4.2 and 5.3: a CMC is a single value, a range with straight lines in it, an explicit function or a
table; the uncertainty on a certificate is never smaller. A capability holds in closed ranges; beyond them there is
none, and nothing is extrapolated.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from instruments.chosen_units import with_units
from instruments.fields import read_fields
from instruments.formula import FormulaFailed, UnknownNumber
from instruments.procedure_model import Procedure, Table
from instruments.scope import MATCH_GRACE, same, sheet_numbers, table_points
from instruments.unit_factors import UnlikeUnits, unit_factor
from instruments.words import Words

PER_CENT = "%"


class CapabilityError(ValueError):
    """A capability that says nothing usable; `field` names the part: "range", "cmc", "table"."""

    def __init__(self, field: str, text: Words) -> None:
        super().__init__(f"{field}: {text.en}")
        self.field, self.text = field, text


@dataclass(frozen=True, slots=True)
class Value:
    """One number for the whole range."""

    value: float

    def at(self, _x: float) -> float:
        """The CMC, the same everywhere."""
        return self.value


@dataclass(frozen=True, slots=True)
class Linear:
    """a + b·|x|; `b` per unit of x."""

    a: float
    b: float

    def at(self, x: float) -> float:
        """The CMC at x."""
        return self.a + self.b * abs(x)


@dataclass(frozen=True, slots=True)
class Quadratic:
    """Q[a, b·x] = √(a² + (b·x)²), as scopes of dimensional laboratories write it."""

    a: float
    b: float

    def at(self, x: float) -> float:
        """The CMC at x."""
        return math.hypot(self.a, self.b * x)


@dataclass(frozen=True, slots=True)
class Points:
    """Straight lines between (x, CMC), x ascending; two points are a range "from … to …" of a scope."""

    points: tuple[tuple[float, float], ...]

    def at(self, x: float) -> float:
        """The CMC at x; ends are kept within the grace by which `Capability.covers` takes them."""
        inside = min(max(x, self.points[0][0]), self.points[-1][0])
        for (x0, y0), (x1, y1) in pairwise(self.points):
            if inside <= x1:
                return y0 + (y1 - y0) * (inside - x0) / (x1 - x0)
        return self.points[-1][1]


Cmc = Value | Linear | Quadratic | Points


@dataclass(frozen=True, slots=True)
class Capability:
    """One line of the register: between `lower` and `upper` (both included, in `unit`) U is at least `cmc`."""

    quantity: str
    """As in the slots of procedures: "mass", "pressure", "dc_voltage"."""
    lower: float
    upper: float
    unit: str
    cmc: Cmc
    cmc_unit: str
    """Unit of the CMC's values; "%" is per cent of |x|, unless the result itself is stated in per cent."""
    procedures: tuple[str, ...] = ()
    """Codes of the procedures it was granted for; empty: every procedure of the quantity."""
    reference: str = ""
    """Where it is written: number and line of the scope."""

    def __post_init__(self) -> None:
        _check(self)

    def covers(self, x: float) -> bool:
        """Whether x (in `unit`) lies in the range, both ends included."""
        return self.lower <= x <= self.upper or same(x, self.lower) or same(x, self.upper)


def cmc_at(capabilities: Iterable[Capability], x: float, unit: str, report_unit: str) -> float | None:
    """The CMC at x (in `unit`), in `report_unit`; None where no capability covers x.

    Where ranges overlap or meet, the largest counts: what is stated then keeps to all of them. A capability whose units
    cannot be led to these says nothing about x.
    """
    found = [value for one in capabilities for value in [_cmc(one, x, unit, report_unit)] if value is not None]
    return max(found, default=None)


def cmc_of_sheet(
    procedure: Procedure, instrument: Mapping[str, str], capabilities: Collection[Capability]
) -> dict[str, float]:
    """ "table/point" -> CMC in the unit of the report, for `Observations.cmc`, with these field texts.

    A table is compared with the capabilities of its standards' quantities and of the procedure's own. Tables without a
    result or whose points are not known yet, and points that no capability covers, are left out.
    """
    procedure = with_units(procedure, instrument)
    fields = read_fields(procedure, instrument)
    numbers = sheet_numbers(procedure, fields, {})
    found: dict[str, float] = {}
    for table in procedure.tables:
        serving = [one for one in capabilities if _serves(one, procedure, table)]
        if table.result is None or not serving:
            continue
        try:
            points = table_points(table, fields, numbers)
        except (UnknownNumber, FormulaFailed):
            continue
        for point in points:
            cmc = cmc_at(serving, point.value, table.points.unit, table.result.report_unit)
            if cmc is not None:
                found[f"{table.key}/{point.number}"] = cmc
    return found


def counting(
    procedure: Procedure, table: Table, x: float, capabilities: Sequence[Capability]
) -> tuple[int, float] | None:
    """(place, CMC in the unit of the report) of the capability that counts at x of a table; None: none covers it."""
    found = [
        (value, at)
        for at, one in enumerate(capabilities)
        if table.result is not None and _serves(one, procedure, table)
        for value in [_cmc(one, x, table.points.unit, table.result.report_unit)]
        if value is not None
    ]
    return max(((at, value) for value, at in found), key=lambda one: one[1], default=None)


def _serves(capability: Capability, procedure: Procedure, table: Table) -> bool:
    if capability.procedures and procedure.code not in capability.procedures:
        return False
    slots = {slot.quantity for slot in procedure.standards if slot.key in table.standards}
    return capability.quantity in (slots or {procedure.quantity})


def _cmc(capability: Capability, x: float, unit: str, report_unit: str) -> float | None:
    """In the report's unit; None where x is outside or the units do not fit."""
    try:
        size = unit_factor(unit, capability.unit)
        if not capability.covers(x * size):
            return None
        value = capability.cmc.at(x * size)
        if capability.cmc_unit == PER_CENT and report_unit != PER_CENT:
            return value / 100 * abs(x) * unit_factor(unit, report_unit)
        if report_unit == PER_CENT and capability.cmc_unit != PER_CENT:
            return _as_per_cent(value * unit_factor(capability.cmc_unit, capability.unit), x * size)
        return value * unit_factor(capability.cmc_unit, report_unit)
    except UnlikeUnits:
        return None


def _as_per_cent(value: float, x: float) -> float | None:
    return None if x == 0 else 100 * value / abs(x)


def _check(capability: Capability) -> None:
    lower, upper = capability.lower, capability.upper
    if not (math.isfinite(lower) and math.isfinite(upper) and lower <= upper):
        raise CapabilityError("range", Words("phạm vi phải có đầu dưới ≤ đầu trên", "a range goes from low to high"))
    if isinstance(capability.cmc, Points):
        _check_points(capability.cmc, lower, upper)
    ends = [lower, upper, *([0.0] if lower < 0 < upper else [])]
    values = [value for x in ends for value in [capability.cmc.at(x)]]
    if isinstance(capability.cmc, Points):
        values += [value for _x, value in capability.cmc.points]
    # |x| and the root are convex, straight lines have their extremes at their ends: what holds there holds between.
    if not all(math.isfinite(value) and value >= 0 for value in values) or not any(value > 0 for value in values):
        raise CapabilityError("cmc", Words("CMC phải là số dương trong cả phạm vi", "a CMC is positive in its range"))


def _check_points(table: Points, lower: float, upper: float) -> None:
    at = [x for x, _value in table.points]
    if len(at) < 2 or at != sorted(set(at)):
        raise CapabilityError("table", Words("cần từ hai hàng, x tăng dần", "two rows or more, x ascending"))
    grace = MATCH_GRACE * max(abs(lower), abs(upper))
    if at[0] > lower + grace or at[-1] < upper - grace:
        raise CapabilityError("table", Words("bảng phải phủ cả phạm vi", "the table must span the range"))
