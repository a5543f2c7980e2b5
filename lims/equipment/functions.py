"""Functions of a standard beyond its first, and its parts: what a multifunction device or a set consists of (A6)."""
from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal

from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.equipment.models import Standard, StandardFunction
from lims.equipment.schedules import refresh_calibration
from lims.equipment.service import find_by_code, locked
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound

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


def save_function(standard_id: int, details: FunctionDetails, *, function_id: int | None = None, by: User) -> None:
    """Add a function, or change one. Raises Invalid at the wrong field."""
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
