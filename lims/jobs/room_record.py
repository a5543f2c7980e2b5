"""The room of a sheet: chosen on the sheet, and what its record says of the time of measuring."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa

from instruments.procedure_model import EnvironmentLimit, Procedure
from instruments.room_record import RoomFinding
from instruments.unit_factors import UnlikeUnits, unit_factor
from lims.auth.models import User
from lims.equipment import environment
from lims.equipment.environment import Bound, Condition, Ends, Limits
from lims.equipment.room_pairs import pair_of
from lims.equipment.rooms import CONDITIONS, Room
from lims.jobs.models import JobItem, Worksheet
from lims.jobs.procedures import procedure_of
from lims.jobs.rooms import WorksheetRoom
from lims.jobs.worksheet import actor_of, is_open, lock_sheet
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict
from lims.shared.freshness import require_seen


@dataclass(frozen=True)
class RoomRecord:
    """The room of a sheet and its conditions from `start` to `end`; `unlike` are the procedure's limits in a unit that
    does not turn into the room's, which nothing recorded is compared with."""

    room: Room
    start: datetime
    end: datetime
    conditions: tuple[Condition, ...]
    unlike: tuple[EnvironmentLimit, ...] = ()

    @property
    def findings(self) -> list[tuple[Condition, RoomFinding]]:
        """Every gap and excursion with the quantity it concerns."""
        return [(condition, finding) for condition in self.conditions for finding in condition.findings]


def choose_room(code: str, room_id: int | None, user: User, *, seen: str = "") -> None:
    """Say in which room the sheet is measured; None takes it away. Raises Conflict when the room is no longer the one
    that was `seen` (its number, "0" for none)."""
    with write("worksheet.choose_room", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        if not is_open(worksheet.item):
            raise Conflict("Bảng đo không còn mở.", "The sheet is not open.")
        row = current.get(WorksheetRoom, worksheet.id)
        require_seen(seen, str(row.room_id if row else 0), "phòng đo", "the room")
        if room_id is None:
            if row is not None:
                current.delete(row)
            return
        found = environment.room(room_id)
        if row is None:
            current.add(WorksheetRoom(worksheet_id=worksheet.id, room_id=found.id))
        else:
            row.room_id = found.id


def record_of(worksheet: Worksheet) -> RoomRecord | None:
    """What the room's record says of the measurement, by the limits that hold there; None without a room."""
    row = session().get(WorksheetRoom, worksheet.id)
    if row is None:
        return None
    start, end = environment.span_of(worksheet.performed_on, worksheet.started_at, worksheet.submitted_at)
    procedure = procedure_of(worksheet.item)
    ends = _holding(row.room, procedure)
    return RoomRecord(row.room, start, end, tuple(environment.conditions(row.room, start, end, ends)),
                      unlike_limits(procedure))


def recorded_span(worksheet: Worksheet) -> dict[str, tuple[Decimal, Decimal]]:
    """Lowest and highest of what the room's record holds of the time of measuring, by condition of the procedure and in
    its unit.

    Empty for a sheet that was begun on another day than it was measured: the record does not know its hours."""
    record = record_of(worksheet)
    if record is None or clock.local_date(worksheet.started_at) != worksheet.performed_on:
        return {}
    limits = {limit.key: factor for limit in procedure_of(worksheet.item).environment
              if (factor := _factor(limit)) is not None}
    return {one.quantity: (one.lowest / limits[one.quantity], one.highest / limits[one.quantity])
            for one in record.conditions
            if one.quantity in limits and one.lowest is not None and one.highest is not None}


def asked_by(procedure: Procedure) -> Limits:
    """(lower, upper) of each recorded quantity that the procedure names, in the unit that rooms record."""
    return {limit.key: (_recorded(limit.lower, factor), _recorded(limit.upper, factor))
            for limit in procedure.environment if (factor := _factor(limit)) is not None}


def unlike_limits(procedure: Procedure) -> tuple[EnvironmentLimit, ...]:
    """The procedure's limits of recorded quantities whose unit does not turn into the one that rooms record."""
    return tuple(limit for limit in procedure.environment if limit.key in CONDITIONS and _factor(limit) is None)


def held_conditions(worksheet: Worksheet, limits: Sequence[EnvironmentLimit]) -> list[EnvironmentLimit]:
    """The conditions of a sheet with the limits that hold in its room: what is typed is judged as what is recorded."""
    row = session().get(WorksheetRoom, worksheet.id)
    if row is None:
        return list(limits)
    ends = _holding(row.room, procedure_of(worksheet.item))
    return [replace(limit, lower=_typed(ends[limit.key][0], factor), upper=_typed(ends[limit.key][1], factor))
            if limit.key in ends and (factor := _factor(limit)) is not None else limit for limit in limits]


def _holding(room: Room, procedure: Procedure) -> dict[str, Ends]:
    return environment.holding(environment.limits_of(room), pair_of(room, procedure.code), asked_by(procedure))


def sheets_in(room_id: int, start: datetime, end: datetime) -> list[Worksheet]:
    """Sheets measured in the room on days from start through end, newest first."""
    query = (sa.select(Worksheet).join(WorksheetRoom, WorksheetRoom.worksheet_id == Worksheet.id)
             .join(JobItem, JobItem.id == Worksheet.item_id)
             .where(WorksheetRoom.room_id == room_id, Worksheet.performed_on >= clock.local_date(start),
                    Worksheet.performed_on <= clock.local_date(end))
             .options(sa.orm.contains_eager(Worksheet.item)).order_by(Worksheet.id.desc()).limit(200))
    return list(session().scalars(query).unique())


_ALIKE = {"%": "%RH", "% RH": "%RH"}
"""Other ways to write the unit of what is recorded."""


def _factor(limit: EnvironmentLimit) -> Decimal | None:
    """Number of the room's unit in one of the limit's; None where the two are unlike or nothing of it is recorded.

    A temperature is compared in °C alone: a factor of differences says nothing of its zero."""
    recorded, unit = CONDITIONS.get(limit.key), _ALIKE.get(limit.unit, limit.unit)
    if unit == recorded:
        return Decimal(1)
    if recorded is None or limit.key != "pressure":
        return None
    try:
        return Decimal(f"{unit_factor(unit, recorded):.12g}")
    except UnlikeUnits:
        return None


def _recorded(value: float | Decimal | None, factor: Decimal) -> Decimal | None:
    return None if value is None else (Decimal(f"{value:.12g}") * factor).normalize() + 0


def _typed(bound: Bound | None, factor: Decimal) -> float | None:
    return None if bound is None else float(bound.value / factor)
