"""What is kept of the schedules so that no page counts the register: a line for each, and tallies of the lines.

`DutyLine` holds of every schedule what lists are filtered and ordered by; `RecallTally` how many standards are due on a
day; `PlanTally` how many duties repeat alike. The session brings them up to date at each commit, after the end of the
audit trail was locked, so that two transactions wait for each other there and nowhere else. They hold nothing that
could not be counted again (`counted`), so they are no subject of the audit trail.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from instruments.recall import RETIRED
from lims.equipment.models import Schedule, Standard
from lims.shared.db import Base

NEVER = date.min
"""Stands in a tally for the day of what was never done."""
AT_ONCE = 400
_CHANGED = "standards_changed"


class DutyLine(Base):
    """One schedule with what its standard is found by. `main`: the calibration that the register is ordered by;
    `planned`: switched on, and its standard not retired."""

    __tablename__ = "duty_line"
    schedule_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    standard_id: Mapped[int] = mapped_column(index=True)
    main: Mapped[bool]
    planned: Mapped[bool]
    due_on: Mapped[date | None]
    state: Mapped[str]
    quantity: Mapped[str]
    custodian_id: Mapped[int | None]
    last_done_on: Mapped[date | None]
    duty: Mapped[str]
    interval_count: Mapped[int]
    interval_unit: Mapped[str]
    provider: Mapped[str]
    cost: Mapped[Decimal | None]
    __table_args__ = (
        sa.Index("ix_duty_line_order", "main", "due_on", "standard_id"),
        sa.Index("ix_duty_line_quantity", "main", "quantity", "due_on", "standard_id"),
        sa.Index("ix_duty_line_custodian", "main", "custodian_id", "due_on", "standard_id"),
        sa.Index("ix_duty_line_state", "main", "state", "due_on", "standard_id"),
        sa.Index("ix_duty_line_due", "planned", "due_on", "schedule_id"),
    )


class RecallTally(Base):
    """How many standards' main calibration is due on the day. `dimension` "" counts all but the retired, "quantity" and
    "custodian" those of one `value`, "state" those in a state; `away`: sent out for calibration."""

    __tablename__ = "recall_tally"
    dimension: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    away: Mapped[bool] = mapped_column(primary_key=True)
    number: Mapped[int]


class PlanTally(Base):
    """How many planned duties are due on one day and repeat alike; `costed` of them state a cost, `cost` in all."""

    __tablename__ = "plan_tally"
    due_on: Mapped[date] = mapped_column(primary_key=True)
    last_done_on: Mapped[date] = mapped_column(primary_key=True)
    duty: Mapped[str] = mapped_column(primary_key=True)
    interval_count: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    interval_unit: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    costed: Mapped[int]
    cost: Mapped[Decimal]


@dataclass
class Sum:
    """What a tally holds at one key."""

    number: int = 0
    costed: int = 0
    cost: Decimal = Decimal(0)

    def add(self, sign: int, cost: Decimal | None = None) -> None:
        """One line more (+1) or less (-1)."""
        self.number += sign
        if cost is not None:
            self.costed += sign
            self.cost += sign * cost

    def join(self, number: int, costed: int, cost: Decimal) -> None:
        """What another tally holds beside."""
        self.number += number
        if costed:
            self.costed += costed
            self.cost += cost


Key = tuple[Any, ...]
Sums = dict[type[Base], dict[Key, Sum]]


def install(session_class: Any) -> None:
    """Listen to this session factory; after the audit trail has."""
    event.listen(session_class, "after_flush", _collect)
    event.listen(session_class, "before_commit", _bring_up_to_date)
    event.listen(session_class, "after_rollback", lambda current: current.info.pop(_CHANGED, None))


def refresh(connection: Any, standard_ids: Collection[int]) -> None:
    """Make the lines of these standards again and carry the difference into the tallies."""
    held: Any = DutyLine.__table__
    sums: Sums = {RecallTally: {}, PlanTally: {}}
    before = {row.schedule_id: row for row in connection.execute(
        sa.select(*held.columns).where(held.c.standard_id.in_(standard_ids)))}
    after = {row.schedule_id: row for row in connection.execute(
        _lines().where(Schedule.standard_id.in_(standard_ids)))}
    gone = [key for key, row in before.items() if key not in after or tuple(after[key]) != tuple(row)]
    come = [row for key, row in after.items() if key not in before or tuple(before[key]) != tuple(row)]
    for key in gone:
        _count(sums, before[key], -1)
    for row in come:
        _count(sums, row, 1)
    if gone:
        connection.execute(sa.delete(held).where(held.c.schedule_id.in_(gone)))
    if come:
        connection.execute(sa.insert(held), [dict(row._mapping) for row in come])
    for model, found in sums.items():
        _carry(connection, model, found)


def rebuild(connection: Any) -> None:
    """Make everything again from the schedules."""
    for model in (DutyLine, RecallTally, PlanTally):
        connection.execute(sa.delete(model))
    last = 0
    while ids := connection.scalars(sa.select(Standard.id).where(Standard.id > last).order_by(Standard.id)
                                    .limit(AT_ONCE)).all():
        refresh(connection, ids)
        last = ids[-1]


def kept(connection: Any) -> Sums:
    """The tallies as they stand."""
    found: Sums = {}
    for model in (RecallTally, PlanTally):
        table: Any = model.__table__
        width = len(table.primary_key)
        found[model] = {tuple(row)[:width]: Sum(*tuple(row)[width:])
                        for row in connection.execute(sa.select(*table.columns))}
    return found


def counted(connection: Any) -> Sums:
    """The tallies counted again from the schedules, which `kept` must equal."""
    return _summed(connection.execute(_lines()))


def out_of_step(connection: Any) -> Iterator[str]:
    """Where lines and tallies differ from the schedules, one sentence each; nothing when they agree."""
    lines, standing = ({row.schedule_id: row for row in connection.execute(query)} for query in (
        sa.select(*DutyLine.__table__.columns), _lines()))
    yield from (f"duty_line {key}: it differs from its schedule" for key in sorted({*lines, *standing})
                if lines.get(key) != standing.get(key))
    held, real = kept(connection), _summed(standing.values())
    for model, sums in real.items():
        wrong = [key for key in {*sums, *held[model]} if sums.get(key) != held[model].get(key)]
        if wrong:
            yield f"{model.__tablename__}: {len(wrong)} of {len(sums)} counts differ from the schedules"


def _summed(lines: Iterable[Any]) -> Sums:
    sums: Sums = {RecallTally: {}, PlanTally: {}}
    for line in lines:
        _count(sums, line, 1)
    return sums


def _lines() -> Any:
    """The schedules as lines, in the columns of `DutyLine`."""
    return sa.select(
        Schedule.id.label("schedule_id"), Schedule.standard_id,
        sa.and_(Schedule.duty == "calibration", Schedule.label == "").label("main"),
        sa.and_(Schedule.active, Standard.state != RETIRED).label("planned"),
        Schedule.due_on, Standard.state, Standard.quantity, Standard.custodian_id, Schedule.last_done_on, Schedule.duty,
        Schedule.interval_count, Schedule.interval_unit, Schedule.provider, Schedule.cost,
    ).join(Standard, Standard.id == Schedule.standard_id)


def _count(sums: Sums, line: Any, sign: int) -> None:
    due = line.due_on or NEVER
    if line.main:
        away = line.state == "out_for_calibration"
        for dimension, value in _dimensions(line):
            sums[RecallTally].setdefault((dimension, value, due, away), Sum()).add(sign)
    if line.planned:
        key = (due, line.last_done_on or NEVER, line.duty, line.interval_count, line.interval_unit, line.provider)
        sums[PlanTally].setdefault(key, Sum()).add(sign, line.cost)


def _dimensions(line: Any) -> Iterator[tuple[str, str]]:
    yield "state", line.state
    if line.state != RETIRED:
        yield "", ""
        yield "quantity", line.quantity
        if line.custodian_id is not None:
            yield "custodian", str(line.custodian_id)


def _carry(connection: Any, model: type[Base], sums: dict[Key, Sum]) -> None:
    """Add the differences to the rows of one tally; rows that come to nothing go."""
    table: Any = model.__table__
    names = [column.name for column in table.primary_key]
    rest = [column for column in table.columns if not column.primary_key]
    for key, change in sums.items():
        if change == Sum():
            continue
        where = [table.c[name] == value for name, value in zip(names, key, strict=True)]
        row = connection.execute(sa.select(*rest).where(*where)).one_or_none()
        old = Sum(*row) if row is not None else Sum()
        new = {"number": old.number + change.number, "costed": old.costed + change.costed,
               "cost": old.cost + change.cost}
        values = {column.name: new[column.name] for column in rest}
        if row is None:
            connection.execute(sa.insert(table).values(**dict(zip(names, key, strict=True)), **values))
        elif new["number"]:
            connection.execute(sa.update(table).where(*where).values(**values))
        else:
            connection.execute(sa.delete(table).where(*where))


def _collect(current: Session, _context: Any) -> None:
    changed: set[int] = current.info.setdefault(_CHANGED, set())
    for row in (*current.new, *current.dirty, *current.deleted):
        if isinstance(row, Standard):
            changed.add(row.id)
        elif isinstance(row, Schedule):
            changed.add(row.standard_id)


def _bring_up_to_date(current: Session) -> None:
    changed = sorted(current.info.pop(_CHANGED, ()))
    for start in range(0, len(changed), AT_ONCE):
        refresh(current.connection(), changed[start:start + AT_ONCE])

