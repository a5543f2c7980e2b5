"""A second pair of eyes where a procedure wants it: somebody who typed nothing looks over the readings.

The look is an entry of its own ("look" in the history) that counts until anything is typed after it."""
from __future__ import annotations

from collections.abc import Sequence

from lims.auth.models import User
from lims.jobs.models import Observation, Worksheet
from lims.jobs.observations import Entry, entries, latest, sheet_layout
from lims.jobs.worksheet import actor_of, is_open, lock_sheet
from lims.shared import clock
from lims.shared.db import write
from lims.shared.errors import Conflict, NotPermitted

CELL = "look"


def standing_look(written: Sequence[Entry]) -> Entry | None:
    """The look that counts: by somebody who typed nothing, and nothing was typed after it."""
    look = latest(entry for entry in written if entry.cell == CELL).get(CELL)
    typed = [entry for entry in written if entry.cell != CELL]
    if look is None or any(entry.id > look.id or entry.by_id == look.by_id for entry in typed):
        return None
    return look


def is_missing(worksheet: Worksheet, written: Sequence[Entry] | None = None) -> bool:
    """Whether the procedure wants a second look that was not taken, or was taken before the last entry."""
    if not sheet_layout(worksheet).second_pair:
        return False
    return standing_look(entries(worksheet.id) if written is None else written) is None


def look_over(code: str, user: User) -> None:
    """Record that this person looked over the readings. Raises Conflict, NotPermitted for whoever typed them."""
    with write("worksheet.look_over", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        if not is_open(worksheet.item) or not sheet_layout(worksheet).second_pair:
            raise Conflict("Bảng đo này không chờ người thứ hai xem lại.", "This sheet waits for no second look.")
        written = entries(worksheet.id)
        if worksheet.performed_by_id == user.id or any(
                entry.by_id == user.id for entry in written if entry.cell != CELL):
            raise NotPermitted("Người đo không tự xem lại; người khác phải xem.",
                               "Whoever measured does not look over the own readings; somebody else has to.")
        last = latest(written).get(CELL)
        revision, seen = last.revision + 1 if last else 1, max((one.id for one in written), default=0)
        current.add(Observation(
            worksheet_id=worksheet.id, cell=CELL, revision=revision, text=str(seen),
            value=None, unit="", source="typed", at=clock.now(), by_id=user.id,
            reason="" if revision == 1 else "Xem lại sau khi sửa"))
