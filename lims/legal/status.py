"""Use cases of status records: write what was found, compare with the last verification of the same instrument."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from instruments.status_record import FIELDS, PARTS, Difference, Part, differences
from lims.auth.models import User
from lims.jobs import states
from lims.jobs.models import JobItem
from lims.jobs.service import get_item
from lims.legal import subject
from lims.legal.status_models import StatusRecord
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.freshness import mark, require_seen
from lims.shared.text import clean

LONGEST = 80


@dataclass(frozen=True)
class Status:
    """What the record of an item says: its parts, the newest record, that of the verification before, what differs."""

    parts: tuple[Part, ...]
    record: StatusRecord | None
    before: StatusRecord | None

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Against the last verification; nothing where one of the two is missing."""
        if self.record is None or self.before is None:
            return ()
        return differences(self.before.entries, self.record.entries)


def status_of(item: JobItem) -> Status | None:
    """The status of an item; None where no status record is kept of its kind."""
    if item.service != "verification":
        return None
    parts = PARTS.get(subject.legal_item_of(item))
    if parts is None:
        return None
    own = session().scalars(sa.select(StatusRecord).where(StatusRecord.item_id == item.id)
                            .order_by(StatusRecord.revision.desc()).limit(1)).first()
    before = session().scalars(sa.select(StatusRecord).where(
        StatusRecord.instrument_id == item.instrument_id, StatusRecord.item_id < item.id)
        .order_by(StatusRecord.item_id.desc(), StatusRecord.revision.desc()).limit(1)).first()
    return Status(parts, own, before)


def mark_of_record(found: Status) -> str:
    """What tells what is written by now from what was before."""
    return mark(found.record.revision if found.record else 0)


def record(item_id: int, typed: Mapping[str, Mapping[str, str]], totaliser: str, explanation: str,
           user: User, seen: str = "") -> StatusRecord:
    """Write what was found. Raises Invalid at "<part>-serial" for a part without number, Conflict after the issue, or
    when the record is no longer the one whose `mark_of_record` was `seen`."""
    with write("status.record", reason=clean(explanation), actor=(str(user.id), user.full_name)) as current:
        item = get_item(item_id)
        found = status_of(item)
        if found is None:
            raise Conflict("Loại phương tiện đo này không lập biên bản hiện trạng.",
                           "No status record is kept of this kind of instrument.")
        if item.state not in states.BEFORE_ISSUE:
            raise Conflict("Mục này đã cấp giấy hoặc đã hủy.", "The item's document was issued, or it was cancelled.")
        require_seen(seen, mark_of_record(found), "biên bản này", "this record")
        entries = {part.key: {name: clean(typed.get(part.key, {}).get(name, ""))[:LONGEST] for name in FIELDS}
                   for part in found.parts}
        if not entries["meter"]["serial"]:
            raise Invalid("Hãy ghi số của bộ đo.", "Give the number of the meter.", "meter-serial")
        row = StatusRecord(item_id=item.id, instrument_id=item.instrument_id, taken_on=clock.today(), entries=entries,
                           revision=found.record.revision + 1 if found.record else 1, totaliser=clean(totaliser),
                           explanation=clean(explanation), at=clock.now(), by_id=user.id)
        if found.before is not None and differences(found.before.entries, entries) and not row.explanation:
            raise Invalid("Có chỗ khác lần trước; hãy ghi vì sao.", "Something differs from the last time; say why.",
                          "explanation")
        current.add(row)
    return row
