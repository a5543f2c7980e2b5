"""Use cases of the body's designations: record a decision, end one, find the one that covers a row on a day (V-01)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.legal import LegalRow
from instruments.recall import add_months
from lims.auth.models import User
from lims.legal import catalogue
from lims.legal.designation_models import Designation
from lims.legal.ending import checked_end
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile
from lims.shared.text import clean, clean_identifier
from lims.staff.records import Upload, keep_document

LONGEST_YEARS = 5
"""A designation holds five years from its signing (TT 24/2013)."""


@dataclass(frozen=True)
class NewDesignation:
    """A decision as it was read; `items` are items of the list, none for every item of the fields."""

    decision: str
    issued_by: str
    code: str
    fields: Sequence[str]
    items: Sequence[str]
    signed_on: date
    valid_from: date
    valid_to: date


def covers(designation: Designation, row: LegalRow) -> bool:
    """Whether the decision names the row: its item where it names items, else its field."""
    if designation.item_codes:
        return row.item in designation.item_codes
    return bool(row.field) and row.field in designation.field_codes


def covering(row: LegalRow, on: date) -> Designation | None:
    """The designation for a row of the list on a day; of several the one that holds longest."""
    return next((one for one in in_force(on) if covers(one, row)), None)


def in_force(on: date) -> Sequence[Designation]:
    """Those that count on a day, the longest first."""
    return session().scalars(sa.select(Designation).where(Designation.in_force(on))
                             .order_by(Designation.valid_to.desc(), Designation.id.desc())).all()


def everything() -> Sequence[Designation]:
    """Every decision, the newest first."""
    return session().scalars(sa.select(Designation).order_by(Designation.valid_from.desc(),
                                                             Designation.id.desc())).all()


def record(new: NewDesignation, user: User, scan: Upload | None = None) -> Designation:
    """Keep a decision, with its scanned file. Raises Invalid at the field that is wrong, also where it is known."""
    decision, items = clean(new.decision), [clean_identifier(item) for item in new.items]
    if not new.fields:
        raise Invalid("Hãy chọn ít nhất một lĩnh vực.", "Choose at least one field.", "fields")
    if new.valid_from < new.signed_on:
        raise Invalid("Ngày bắt đầu không trước ngày ký.", "It begins on the day of signing at the earliest.",
                      "valid_from")
    if not new.valid_from <= new.valid_to <= add_months(new.signed_on, 12 * LONGEST_YEARS):
        raise Invalid(f"Hiệu lực đến từ ngày bắt đầu và không quá {LONGEST_YEARS} năm từ ngày ký.",
                      f"It ends after its beginning, at most {LONGEST_YEARS} years after signing.", "valid_to")
    known = {basis.row.item for basis in catalogue.in_force(new.valid_from)}
    if unknown := [item for item in items if item not in known]:
        raise Invalid(f"Danh mục không có mục {', '.join(unknown)}.", f"The list has no item {', '.join(unknown)}.",
                      "items")
    with write("designation.record", reason=decision, actor=_actor(user)) as current:
        if current.scalar(sa.select(Designation.id).where(Designation.decision == decision)):
            raise Invalid("Quyết định này đã có.", "This decision is there already.", "decision")
        row = Designation(
            decision=decision, issued_by=clean(new.issued_by), code=clean_identifier(new.code),
            fields=_joined(new.fields), items=_joined(items), signed_on=new.signed_on, valid_from=new.valid_from,
            valid_to=new.valid_to, recorded_by=user.full_name, recorded_at=clock.now(),
            file_id=keep_document(current, scan))
        current.add(row)
    return row


def end(designation_id: int, last_on: date, reason: str, user: User) -> None:
    """It counts no longer after a day: withdrawn, suspended, replaced. Raises NotFound, Conflict, Invalid at `last_on`,
    `reason`."""
    with write("designation.end", reason=clean(reason), actor=_actor(user)) as current:
        row = _locked(current, designation_id)
        row.ended_on, row.end_reason = last_on, checked_end(row, last_on, reason)


def attach_scan(designation_id: int, scan: Upload | None, user: User) -> Designation:
    """The scanned file of a decision that was kept without one. Raises NotFound, Conflict, Invalid at `file`."""
    if scan is None:
        raise Invalid("Hãy chọn tệp.", "Choose the file.", "file")
    with write("designation.scan", actor=_actor(user)) as current:
        row = _locked(current, designation_id)
        if row.file_id is not None:
            raise Conflict("Quyết định này đã có bản quét.", "The decision has its scanned file already.")
        row.file_id = keep_document(current, scan)
    return row


def scan_of(designation_id: int) -> StoredFile:
    """The scanned file of a decision. Raises NotFound."""
    row = session().get(Designation, designation_id)
    if row is None or row.file is None:
        raise NotFound("Không có bản quét này.", "No such scanned file.")
    return row.file


def _locked(current: Session, designation_id: int) -> Designation:
    row = current.get(Designation, designation_id, populate_existing=True, with_for_update={"of": Designation})
    if row is None:
        raise NotFound("Không có quyết định này.", "No such decision.")
    return row


def _joined(codes: Sequence[str]) -> str:
    return f",{','.join(dict.fromkeys(codes))}," if codes else ""


def _actor(user: User) -> tuple[str, str]:
    return str(user.id), user.full_name
