"""Parts of a set or system on a sheet: choosing the whole takes them along, each with its own certificate."""
from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from lims.equipment.facts import parts_on
from lims.jobs.models import Worksheet, WorksheetStandard


def take_parts(current: Session, worksheet: Worksheet, whole: WorksheetStandard, on: date) -> None:
    """Make the parts beside the whole those of the day; one that stands in the slot by itself is not taken twice."""
    kept = {row.standard_id: row for row in whole.parts}
    itself = {row.standard_id for row in worksheet.standards if row.slot == whole.slot}
    wanted = {part.id: certificate.id for part, certificate in parts_on(whole.standard, on) if part.id not in itself}
    for standard_id, row in kept.items():
        if standard_id not in wanted:
            current.delete(row)
    for standard_id, certificate_id in wanted.items():
        if standard_id in kept:
            kept[standard_id].certificate_id = certificate_id
        else:
            current.add(WorksheetStandard(
                worksheet_id=worksheet.id, slot=whole.slot, standard_id=standard_id, certificate_id=certificate_id,
                whole_id=whole.id, added_at=whole.added_at, added_by_id=whole.added_by_id))
    current.flush()
    current.expire(whole, ["parts"])


def drop(current: Session, row: WorksheetStandard) -> None:
    """Take a standard out of a sheet, its parts with it."""
    for part in row.parts:
        current.delete(part)
    current.flush()
    current.delete(row)
    current.flush()


def free_from_whole(current: Session, worksheet: Worksheet, slot: str, standard_id: int) -> None:
    """A part that is chosen by itself in the slot no longer stands there as a part."""
    for whole in worksheet.standards:
        for part in whole.parts if whole.slot == slot else ():
            if part.standard_id == standard_id:
                current.delete(part)
                current.flush()
                current.expire(whole, ["parts"])


def parts_agree(worksheet: Worksheet, whole: WorksheetStandard) -> bool:
    """Whether the parts on the sheet are still those of the register on the measuring day."""
    itself = {row.standard_id for row in worksheet.standards if row.slot == whole.slot}
    wanted = {(part.id, certificate.id) for part, certificate in parts_on(whole.standard, worksheet.performed_on)
              if part.id not in itself}
    return wanted == {(row.standard_id, row.certificate_id) for row in whole.parts}
