"""Cells of a whole load, saved through the interface of its sheets: "7:main/1/ind/1" on one position, "*:…" on all.

What is typed once for the bench stands in every sheet as an observation of its own (source "load"), so that each sheet
is whole by itself: reviewed, explained and certified like any other.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from instruments.typed_number import DotMeaning
from lims.auth.models import User
from lims.jobs.cells import MOST_CELLS, Change, Desk, Outcome, cleaned_change
from lims.jobs.load_models import BenchPosition
from lims.jobs.loads import sheets_of
from lims.jobs.models import Worksheet
from lims.jobs.observations import Entry, entries_of_sheets
from lims.jobs.worksheet import actor_of, is_open, require_open
from lims.shared.db import write
from lims.shared.errors import Conflict, Invalid

ALL = "*"
_TRIES = 3


@dataclass(frozen=True)
class Saved:
    """Outcomes in order, with the composite cells; the positions whose sheets may have changed."""

    outcomes: Sequence[Outcome]
    touched: Collection[int]


def split(cell: str) -> tuple[str, str]:
    """("7", "main/1/ind/1") of "7:main/1/ind/1"; Invalid without a position."""
    where, sign, own = cell.partition(":")
    if not sign or not (where == ALL or (where.isdigit() and where.isascii() and len(where) <= 3)):
        raise Invalid("Ô của mẻ phải nêu vị trí.", "A cell of a load names its position.", "cell")
    return where, own


def save_cells(load_id: int, changes: Sequence[Change], user: User, *, dot_means: DotMeaning | None = None) -> Saved:
    """Write the changes in order, in one transaction. Raises NotFound, Conflict, NotPermitted, Invalid."""
    if len(changes) > MOST_CELLS:
        raise Invalid(f"Gửi nhiều nhất {MOST_CELLS} ô một lần.", f"At most {MOST_CELLS} cells at once.")
    parted = [(split(change.cell), cleaned_change(change)) for change in changes]
    for attempt in range(_TRIES):
        try:
            return _save_all(load_id, parted, user, dot_means)
        except IntegrityError:  # somebody wrote the same revision of a sheet; look again at what stands there now
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _save_all(load_id: int, changes: Sequence[tuple[tuple[str, str], Change]], user: User,
              dot_means: DotMeaning | None) -> Saved:
    wanted = None if any(where == ALL for (where, _cell), _change in changes) else {
        int(where) for (where, _cell), _change in changes}
    with write("load.save_cells", actor=actor_of(user)) as current:
        current.execute(sa.select(Worksheet.id).join(BenchPosition, BenchPosition.item_id == Worksheet.item_id)
                        .where(BenchPosition.load_id == load_id).order_by(Worksheet.id)
                        .with_for_update(of=Worksheet))
        sheets = {at: sheet for at, sheet in sheets_of(load_id, wanted).items() if is_open(sheet.item)}
        if not sheets:
            raise Conflict("Mẻ này đã chuyển soát xét, hoặc không có vị trí đó.",
                           "This load was handed to review, or has no such position.")
        require_open(next(iter(sheets.values())), user)
        touched = {cell for (_where, cell), _change in changes}
        written = entries_of_sheets([sheet.id for sheet in sheets.values()], touched)
        desks = {at: Desk(current, sheet, user, "vi", written.get(sheet.id, ())) for at, sheet in sheets.items()}
        if dot_means:
            for sheet in sheets.values():
                sheet.dot_means = sheet.dot_means or dot_means
        outcomes = [_save(desks, where, cell, change) for (where, cell), change in changes]
    return Saved(outcomes, sorted(sheets))


def _save(desks: Mapping[int, Desk], where: str, cell: str, change: Change) -> Outcome:
    if where != ALL:
        if int(where) not in desks:
            raise Conflict(f"Vị trí {where} không còn mở.", f"Position {where} is not open.")
        return _named(desks[int(where)].save(replace(change, cell=cell)), change.cell)
    own = replace(change, cell=cell, source="load" if change.source == "typed" else change.source)
    with desks[min(desks)].current.begin_nested() as part:
        outcome = _save_everywhere(list(desks.values()), own)
        if outcome.status != "saved":
            part.rollback()
    return _named(outcome, change.cell)


def _save_everywhere(desks: Sequence[Desk], change: Change) -> Outcome:
    """The outcome of the first sheet, or of the first other one that does not take the text."""
    first, *others = desks
    outcome = first.save(change)
    if outcome.status != "saved":
        return outcome
    for desk in others:
        now = desk.cells.get(change.cell)
        other = desk.save(replace(change, base_revision=now.revision if now else 0, confirmed=True,
                                  reason=change.reason or _same_everywhere(now)))
        if other.status != "saved":
            return other
    return outcome


def _named(outcome: Outcome, cell: str) -> Outcome:
    return replace(outcome, cell=cell)


def _same_everywhere(now: Entry | None) -> str:
    """What the bench reads once counts for each position, also where another text stood."""
    return "Số đọc chung của bàn" if now is not None else ""
