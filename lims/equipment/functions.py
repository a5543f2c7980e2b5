"""Functions of a standard beyond its first, and its parts: what a multifunction device or a set consists of (A6)."""
from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.auth.models import User
from lims.equipment.facts import parts_on
from lims.equipment.models import Standard, StandardFunction
from lims.equipment.schedules import refresh_calibration
from lims.equipment.service import find_by_code, locked
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import require_version

MOST_FUNCTIONS = 60
MOST_PARTS = 200


@dataclass(frozen=True, kw_only=True)
class FunctionDetails:
    """What the register holds of a function, cleaned; units as in `StandardDetails`."""

    name: str
    quantity: str
    unit: str
    accuracy: str = ""
    range_low: Decimal | None = None
    range_high: Decimal | None = None
    range_text: str = ""
    spread_unit: str = ""
    drift_half_width: Decimal | None = None
    resolution: Decimal | None = None
    mpe: Decimal | None = None
    active: bool = True


def function(standard_id: int, function_id: int) -> StandardFunction:
    """The function of that standard, or NotFound."""
    found = session().get(StandardFunction, function_id)
    if found is None or found.standard_id != standard_id:
        raise NotFound("Không có chức năng này.", "No such function.")
    return found


def save_function(standard_id: int, details: FunctionDetails, *, function_id: int | None = None, by: User,
                  version: int = 0) -> None:
    """Add a function, or change one. Raises Invalid at the wrong field, Conflict when it is no longer of `version`."""
    with write("standard.function", actor=(str(by.id), by.full_name)) as current:
        changed = locked(current, standard_id)
        _check(changed, details, function_id)
        if function_id is None:
            if len(changed.functions) >= MOST_FUNCTIONS:
                raise Invalid(f"Mỗi chuẩn có nhiều nhất {MOST_FUNCTIONS} chức năng.",
                              f"A standard has at most {MOST_FUNCTIONS} functions.", "name")
            current.add(StandardFunction(standard=changed, **_columns(details)))
        else:
            row = function(standard_id, function_id)
            require_version(row, version, "chức năng này", "this function")
            for name, value in _columns(details).items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
        current.flush()
        refresh_calibration(current, changed)


def add_part(standard_id: int, asset_number: str, *, by: User) -> None:
    """Make another standard of the register a part of this one. Its due date counts for the whole from now on.

    Raises Invalid at `part`: unknown, part of another, or a whole itself (one level is enough for sets and systems).
    """
    with write("standard.part", actor=(str(by.id), by.full_name)) as current:
        whole = locked(current, standard_id)
        part = find_by_code(asset_number)
        if part is None:
            raise Invalid("Không có chuẩn mang mã này.", "No standard has this number.", "part")
        if part.id == whole.id or part.parts or whole.part_of_id is not None:
            raise Invalid("Bộ phận không thể là chính nó, là một bộ khác hoặc thuộc một bộ khác.",
                          "A part cannot be the whole itself, another whole, or stand two levels deep.", "part")
        if part.part_of_id not in (None, whole.id):
            raise Invalid("Chuẩn này đã thuộc một bộ khác; hãy tách ra trước.",
                          "It belongs to another whole; take it out there first.", "part")
        if len(whole.parts) >= MOST_PARTS:
            raise Invalid(f"Một bộ có nhiều nhất {MOST_PARTS} bộ phận.", f"At most {MOST_PARTS} parts.", "part")
        if whole.parts_from is not None:
            _require_alike(whole, part, "part")
        part.part_of_id = whole.id
        _refreshed(current, whole)


def remove_part(standard_id: int, part_id: int, *, by: User) -> None:
    """Take a part out of the whole; it stays in the register."""
    with write("standard.part", actor=(str(by.id), by.full_name)) as current:
        whole = locked(current, standard_id)
        part = current.get(Standard, part_id)
        if part is None or part.part_of_id != whole.id:
            raise Conflict("Chuẩn này không thuộc bộ.", "It is no part of this one.")
        part.part_of_id = None
        _refreshed(current, whole)


def rest_on_parts(standard_id: int, since: date, *, by: User) -> None:
    """From that day on the values of the set's first function are those of its parts' certificates: weights or gauge
    blocks calibrated one by one. What was measured before keeps the set's own certificate.

    Raises Invalid at `since`: no parts, one of another quantity or without values on that day, a day to come.
    """
    with write("standard.parts_values", actor=(str(by.id), by.full_name)) as current:
        whole = locked(current, standard_id)
        parts = [part for part in whole.parts if part.state != "retired"]
        if not parts:
            raise Invalid("Bộ chưa có bộ phận nào.", "The set has no parts.", "since")
        if since > clock.today():
            raise Invalid("Ngày này chưa tới.", "This day is still to come.", "since")
        for part in parts:
            _require_alike(whole, part, "since")
        certified = {part.id for part, certificate in parts_on(whole, since) if certificate.values}
        without = [part.asset_number for part in parts if part.id not in certified]
        if without:
            raise Invalid(f"Vào ngày này chưa có giấy của: {', '.join(without)}.",
                          f"No certificate on that day: {', '.join(without)}.", "since")
        whole.parts_from = since
        _refreshed(current, whole)


def rest_on_own(standard_id: int, *, by: User) -> None:
    """The values are again those of the set's own certificate."""
    with write("standard.parts_values", actor=(str(by.id), by.full_name)) as current:
        whole = locked(current, standard_id)
        whole.parts_from = None
        _refreshed(current, whole)


def _require_alike(whole: Standard, part: Standard, name: str) -> None:
    """Values of a part count for the whole only where both are of one quantity: a probe's do not for a thermometer."""
    try:
        unit_factor(part.unit, whole.unit)
    except UnlikeUnits:
        alike = False
    else:
        alike = part.quantity == whole.quantity
    if not alike:
        raise Invalid(f"{part.asset_number} là chuẩn của đại lượng hay đơn vị khác; bộ cần giấy của chính nó.",
                      f"{part.asset_number} is of another quantity or unit; the set needs a certificate of its own.",
                      name)


def _refreshed(current: Session, whole: Standard) -> None:
    current.flush()
    current.expire(whole, ["parts"])
    refresh_calibration(current, whole)


def _check(changed: Standard, details: FunctionDetails, own_id: int | None) -> None:
    for name in ("name", "quantity", "unit"):
        if not getattr(details, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    if any(row.name.casefold() == details.name.casefold() and row.id != own_id for row in changed.functions):
        raise Invalid("Chuẩn đã có chức năng mang tên này.", "The standard has a function of this name.", "name")
    if details.range_low is not None and details.range_high is not None and details.range_low > details.range_high:
        raise Invalid("Giới hạn trên nhỏ hơn giới hạn dưới.", "The upper end is below the lower end.", "range_high")
    for name in ("drift_half_width", "resolution", "mpe"):
        if (value := getattr(details, name)) is not None and value < 0:
            raise Invalid("Số này không âm.", "This number is not negative.", name)


def _columns(details: FunctionDetails) -> dict[str, object]:
    return {field.name: getattr(details, field.name) for field in fields(details)}
