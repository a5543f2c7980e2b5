"""Standards of a sheet: what each slot offers, and the choice by number or by scanning."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.sheet import SlotNeed
from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.selection import Candidate, as_standard_data, assess, candidates, require_selectable
from lims.jobs.circumstances import circumstances
from lims.jobs.models import Worksheet, WorksheetStandard
from lims.jobs.observations import sheet_layout
from lims.jobs.standard_parts import drop, free_from_whole, take_parts
from lims.jobs.worksheet import actor_of, is_open, lock_sheet, require_open, sheet_of
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotFound
from lims.shared.text import TextError, clean

LONGEST_REASON = 300


@dataclass(frozen=True)
class Slot:
    """One standard that the procedure wants: what was chosen, judged as of the measuring day, and what is offered."""

    need: SlotNeed
    chosen: Sequence[tuple[WorksheetStandard, Candidate]]
    offered: Sequence[Candidate]

    @property
    def missing(self) -> bool:
        return len(self.chosen) < self.need.min_count


def slots(worksheet: Worksheet, *, with_offers: bool = True) -> list[Slot]:
    """Every slot in the order of the procedure."""
    return [_slot(worksheet, need, with_offers) for need in sheet_layout(worksheet).standards]


def choose(code: str, slot_key: str, standard_id: int, user: User) -> WorksheetStandard:
    """Take a standard for a slot; in a slot for one it replaces the one chosen before.

    Raises Invalid at `standard` naming the hard reasons, or when only an override with a reason could admit it.
    """
    with write("worksheet.choose_standard", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        require_open(worksheet, user)
        judged = require_selectable(standard_id, _need(worksheet, slot_key), worksheet.performed_on,
                                    circumstances(worksheet))
        if judged.needs_override:
            texts = [reason.text for reason in judged.reasons]
            raise Invalid(
                f"{judged.standard.asset_number}: {'; '.join(text.vi for text in texts)}. "
                "Cần người có quyền chấp nhận, kèm lý do.",
                f"{judged.standard.asset_number}: {'; '.join(text.en for text in texts)}. "
                "Somebody with the right to override must accept it, with a reason.", "standard")
        return _take(current, worksheet, slot_key, judged, user, "")


def override(code: str, slot_key: str, standard_id: int, reason: str, user: User) -> WorksheetStandard:
    """Take a standard against its soft reasons; the view asks for `standards.override`. Raises Invalid."""
    try:
        why = clean(reason)
    except TextError:
        why = ""
    if not why or len(why) > LONGEST_REASON:
        raise Invalid(f"Hãy ghi lý do chấp nhận (nhiều nhất {LONGEST_REASON} ký tự).",
                      f"Give the reason for accepting it (at most {LONGEST_REASON} characters).", "reason")
    with write("worksheet.override_standard", reason=why, actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        if not is_open(worksheet.item):
            raise Conflict("Bảng đo không còn mở.", "The sheet is not open.")
        judged = require_selectable(standard_id, _need(worksheet, slot_key), worksheet.performed_on,
                                    circumstances(worksheet))
        return _take(current, worksheet, slot_key, judged, user, why if judged.needs_override else "")


def take_for(current: Session, worksheets: Sequence[Worksheet], slot_key: str, number: str, standard_id: int,
             user: User) -> None:
    """Take one standard for like sheets measured on one day, inside the caller's transaction: by its row in a slot, or
    by its number for the first slot that may have it. Raises NotFound, Invalid at `standard`."""
    first = worksheets[0]
    if not slot_key:
        standard_id = _by_number(number)
        slot_key = _slot_for(first, standard_id)
    judged = require_selectable(standard_id, _need(first, slot_key), first.performed_on)
    if judged.needs_override:
        raise Invalid(f"{judged.standard.asset_number}: cần người có quyền chấp nhận, trong từng bảng đo.",
                      f"{judged.standard.asset_number}: somebody must accept it, in each sheet.", "standard")
    for worksheet in worksheets:
        _take(current, worksheet, slot_key, judged, user, "")


def withdraw_from(current: Session, worksheets: Sequence[Worksheet], slot_key: str, standard_id: int) -> None:
    """Take a standard out of these sheets, inside the caller's transaction."""
    for row in [row for sheet in worksheets for row in sheet.standards]:
        if (row.slot, row.standard_id) == (slot_key, standard_id):
            drop(current, row)


def choose_scanned(code: str, asset_number: str, user: User) -> WorksheetStandard:
    """Take the scanned standard for the first slot that may have it, empty ones first.

    Raises NotFound for an unknown number, and the first slot's refusal when none takes it.
    """
    standard_id = _by_number(asset_number)
    found = slots(sheet_of(code), with_offers=False)
    if not found:
        raise Invalid("Quy trình này không dùng chuẩn nào.", "This procedure uses no standard.", "standard")
    refusal: DomainError | None = None
    for slot in sorted(found, key=lambda slot: len(slot.chosen) >= slot.need.max_count):
        try:
            return choose(code, slot.need.key, standard_id, user)
        except Invalid as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def remove(code: str, row_id: int, user: User) -> None:
    """Take a standard out of the sheet."""
    with write("worksheet.remove_standard", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        require_open(worksheet, user)
        row = next((row for row in worksheet.standards if row.id == row_id), None)
        if row is not None:
            drop(current, row)


def _by_number(asset_number: str) -> int:
    found = session().scalar(sa.select(Standard.id).where(
        sa.func.upper(Standard.asset_number) == asset_number.strip().upper()))
    if found is None:
        raise NotFound(f"Không có chuẩn nào mang mã {asset_number}.", f"No standard has the number {asset_number}.",
                       "standard")
    return found


def _slot_for(worksheet: Worksheet, standard_id: int) -> str:
    """The first slot that may have the standard, empty ones first; the refusal of the first when none may."""
    refusal: DomainError | None = None
    for slot in sorted(slots(worksheet, with_offers=False), key=lambda slot: len(slot.chosen) >= slot.need.max_count):
        try:
            require_selectable(standard_id, slot.need, worksheet.performed_on)
        except Invalid as error:
            refusal = refusal or error
        else:
            return slot.need.key
    raise refusal or Invalid("Quy trình này không dùng chuẩn nào.", "This procedure uses no standard.", "standard")


def _slot(worksheet: Worksheet, need: SlotNeed, with_offers: bool) -> Slot:
    rows = [row for row in worksheet.standards if row.slot == need.key]
    around = circumstances(worksheet)
    judged = assess([row.standard_id for row in rows], need, worksheet.performed_on, around) if rows else {}
    chosen = [(row, judged[row.standard_id]) for row in rows]
    taken = {row.standard_id for row in rows}
    offered = [one for one in candidates(need, worksheet.performed_on, around) if one.standard.id not in taken] \
        if with_offers else []
    return Slot(need, chosen, offered)


def _need(worksheet: Worksheet, slot_key: str) -> SlotNeed:
    for need in sheet_layout(worksheet).standards:
        if need.key == slot_key:
            return need
    raise NotFound("Quy trình không có chỗ cho chuẩn này.", "The procedure has no such slot.", "standard")


def _take(current: Session, worksheet: Worksheet, slot_key: str, judged: Candidate, user: User,
          reason: str) -> WorksheetStandard:
    try:
        for standard, certificate in judged.borne:  # without one there is a hard reason
            as_standard_data(standard, certificate)
    except ValueError as wrong:
        raise Invalid(f"Số liệu trong giấy của chuẩn chưa dùng được: {wrong}",
                      f"The values of its certificate cannot be used: {wrong}", "standard") from None
    need = _need(worksheet, slot_key)
    rows = [row for row in worksheet.standards if row.slot == slot_key]
    known = next((row for row in rows if row.standard_id == judged.standard.id), None)
    if known is not None:
        known.certificate_id = judged.certificate_id
        take_parts(current, worksheet, known, worksheet.performed_on)
        return known
    free_from_whole(current, worksheet, slot_key, judged.standard.id)
    if len(rows) >= need.max_count:
        if need.max_count > 1:
            raise Invalid(f"Chỗ này nhận nhiều nhất {need.max_count} chuẩn; hãy bỏ bớt một chuẩn.",
                          f"At most {need.max_count} standards here; remove one first.", "standard")
        drop(current, rows[0])
        current.expire(worksheet, ["standards"])
    row = WorksheetStandard(worksheet_id=worksheet.id, slot=slot_key, standard_id=judged.standard.id,
                            certificate_id=judged.certificate_id, added_at=clock.now(), added_by_id=user.id,
                            override_reason=reason)
    current.add(row)
    current.flush()
    current.expire(worksheet, ["standards"])
    take_parts(current, worksheet, row, worksheet.performed_on)
    return row
