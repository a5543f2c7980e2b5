"""Limits of a procedure in one room: narrower than the procedure asks, for this room alone (ISO/IEC 17025 6.3)."""
from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from certificates.formats import figure
from lims.auth.models import User
from lims.equipment.environment import Ends, Limits, holding, room
from lims.equipment.rooms import CONDITIONS, Room, RoomProcedureLimit
from lims.shared.db import write
from lims.shared.errors import Invalid
from lims.shared.freshness import require_version

NONE = (None, None)


def pair_of(row: Room, procedure_code: str) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """The limits set for this procedure in the room, by quantity."""
    return {one.quantity: (one.lower, one.upper) for one in row.procedure_limits
            if one.procedure_code == procedure_code}


def pairs_of(row: Room) -> dict[str, dict[str, Ends]]:
    """Every procedure with limits of its own in the room, by code."""
    return {code: holding({}, pair_of(row, code), {}) for code in sorted({
        one.procedure_code for one in row.procedure_limits})}


def set_pair(room_id: int, procedure_code: str, limits: Limits, asked: Limits, *, version: int, by: User) -> None:
    """Set the limits of a procedure in a room; a quantity without any goes back to the procedure's, `asked`.

    Raises Invalid at the field of a limit that is wider than the procedure's or crosses the other; Conflict where
    somebody changed the room since `version`."""
    for quantity, pair in limits.items():
        _check(quantity, pair, asked.get(quantity, NONE))
    with write("room.set_pair", actor=(str(by.id), by.full_name)) as current:
        row = room(room_id)
        require_version(row, version, "phòng này", "this room")
        flag_modified(row, "name")  # its version guards the pairs too
        standing = {one.quantity: one for one in row.procedure_limits if one.procedure_code == procedure_code}
        for quantity, (lower, upper) in limits.items():
            known = standing.get(quantity)
            if (lower, upper) == NONE:
                if known is not None:
                    row.procedure_limits.remove(known)
            elif known is None:
                row.procedure_limits.append(RoomProcedureLimit(
                    procedure_code=procedure_code, quantity=quantity, lower=lower, upper=upper))
            else:
                known.lower, known.upper = lower, upper
        current.flush()


def _check(quantity: str, pair: tuple[Decimal | None, Decimal | None],
           asked: tuple[Decimal | None, Decimal | None]) -> None:
    (lower, upper), (least, most) = pair, asked
    unit = CONDITIONS[quantity]
    if lower is not None and upper is not None and lower > upper:
        raise Invalid("Giới hạn trên nhỏ hơn giới hạn dưới.", "The upper limit is below the lower.",
                      f"{quantity}_upper")
    if lower is not None and least is not None and lower < least:
        raise Invalid(f"Quy trình đòi ít nhất {figure(f'{least:f}')} {unit}; giới hạn của phòng không rộng hơn.",
                      f"The procedure asks at least {least:f} {unit}; a room's limit is never wider.",
                      f"{quantity}_lower")
    if upper is not None and most is not None and upper > most:
        raise Invalid(f"Quy trình đòi nhiều nhất {figure(f'{most:f}')} {unit}; giới hạn của phòng không rộng hơn.",
                      f"The procedure asks at most {most:f} {unit}; a room's limit is never wider.",
                      f"{quantity}_upper")
