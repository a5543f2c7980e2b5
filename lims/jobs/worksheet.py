"""Use cases of a worksheet around its cells: find it, start it, set the measuring day and a deviation."""
from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload

from instruments.fields import read_field_text
from instruments.procedure import Procedure
from instruments.typed_number import NumberError
from lims.auth.models import User
from lims.equipment.selection import Circumstances, assess
from lims.jobs import states
from lims.jobs.models import JobItem, ProcedureVersion, Worksheet
from lims.jobs.observations import sheet_layout
from lims.jobs.procedures import procedure_of
from lims.jobs.regimes import refuse_method_outside_its_dates
from lims.jobs.service import code_key, item_by_code
from lims.jobs.standard_parts import take_parts
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.i18n import day
from lims.staff.service import require_authorised

EARLIER_SHEETS = 20
"""How many of the newest sheets of a procedure are looked through for one of a like instrument."""


def sheet_of(code: str) -> Worksheet:
    """The sheet of that item. Raises NotFound when there is no item, Conflict when it was not started."""
    found = session().scalar(_SHEET.where(JobItem.code == code_key(code)))
    if found is None:
        item_by_code(code)
        raise Conflict("Mục này chưa bắt đầu đo; bấm «Bắt đầu đo».", "Measuring has not begun; press Start.")
    return found


# One statement for what every reading needs; the rest is read when a page asks for it.
_SHEET = sa.select(Worksheet).join(Worksheet.item).options(
    lazyload(Worksheet.performed_by),
    contains_eager(Worksheet.item).options(
        joinedload(JobItem.procedure), lazyload(JobItem.job), lazyload(JobItem.instrument),
        lazyload(JobItem.assigned_to)))


def lock_sheet(current: Session, code: str) -> Worksheet:
    """The sheet, held for this transaction so that one writes it at a time (SQLite holds its write lock already).

    The lock comes before the rows are read: what is judged afterwards is what stands there now.
    """
    current.execute(sa.select(Worksheet.id).join(JobItem, JobItem.id == Worksheet.item_id)
                    .where(JobItem.code == code_key(code)).with_for_update(of=Worksheet))
    return sheet_of(code)


def is_open(item: JobItem) -> bool:
    """Whether readings may be entered and corrected now."""
    return item.state == "measuring"


def require_open(worksheet: Worksheet, user: User) -> None:
    """Raises Conflict when the sheet is not being measured, NotPermitted without an authorisation on its day."""
    if not is_open(worksheet.item):
        raise Conflict("Bảng đo đã chuyển soát xét hoặc đã xong; không ghi thêm được.",
                       "The sheet was submitted or is done; nothing can be written.")
    require_authorised(user.id, worksheet.item.procedure.code, "perform", worksheet.performed_on)


def actor_of(user: User) -> tuple[str, str]:
    """The person as the audit trail names them, also where nobody is logged in (command line)."""
    return str(user.id), user.full_name


def start(code: str, user: User) -> Worksheet:
    """Begin measuring today; a sheet that stands already is returned. Raises NotPermitted, Conflict."""
    with write("worksheet.start", actor=actor_of(user)) as current:
        item = item_by_code(code)
        procedure = procedure_of(item)
        require_authorised(user.id, procedure.code, "perform", clock.today())
        if item.worksheet is not None:
            return item.worksheet
        return begin(current, item, user, first_fields(current, item, procedure))


def begin(current: Session, item: JobItem, user: User, fields: Mapping[str, str]) -> Worksheet:
    """A new sheet of an item with these characteristics, inside the caller's transaction. Raises Conflict."""
    refuse_method_outside_its_dates(procedure_of(item), clock.today())
    item.state = states.after(item.state, "start")
    worksheet = Worksheet(item_id=item.id, performed_on=clock.today(), started_at=clock.now(),
                          performed_by_id=user.id, instrument_fields=dict(fields))
    current.add(worksheet)
    return worksheet


def mark_of(worksheet: Worksheet) -> str:
    """What tells these details of a sheet from others: a form sends back the mark of those that it was filled from."""
    return hashlib.sha256(f"{worksheet.performed_on}|{worksheet.deviation}".encode()).hexdigest()[:16]


def set_details(code: str, *, performed_on: date, deviation: str, user: User, seen: str = "") -> None:
    """The measuring day, on which standards and authorisation are judged, and what was done otherwise than the
    procedure says (ISO/IEC 17025 7.8.2.1 n). `seen` is the mark of what they replace.

    Raises Invalid at `performed_on`, and Conflict when somebody wrote other details since they were seen."""
    with write("worksheet.set_details", actor=actor_of(user)) as current:
        worksheet = lock_sheet(current, code)
        require_open(worksheet, user)
        if seen and seen != mark_of(worksheet):
            raise Conflict(f"Người khác vừa ghi: ngày đo {worksheet.performed_on:%d/%m/%Y}, sai khác "
                           f"«{worksheet.deviation or '–'}». Bấm Ghi lần nữa để thay bằng nội dung của bạn.",
                           f"Somebody has just written: measuring day {worksheet.performed_on:%d/%m/%Y}, deviation "
                           f"“{worksheet.deviation or '–'}”. Press Record again to put yours in its place.",
                           "deviation")
        if performed_on > clock.today():
            raise Invalid("Ngày đo ở tương lai.", "The measuring day is in the future.", "performed_on")
        if performed_on != worksheet.performed_on:
            require_authorised(user.id, worksheet.item.procedure.code, "perform", performed_on)
            refuse_method_outside_its_dates(procedure_of(worksheet.item), performed_on, "performed_on")
            _move_standards(current, worksheet, performed_on)
            worksheet.performed_on = performed_on
        worksheet.deviation = deviation


def first_fields(current: Session, item: JobItem, procedure: Procedure) -> dict[str, str]:
    """What is known before anything is typed: the instrument's own characteristics, and what the newest submitted
    sheet of an instrument with the same ones stated about the measurement (points, pooled s of the balance)."""
    own = own_fields(item, procedure)
    earlier = current.scalars(
        sa.select(Worksheet).join(JobItem, JobItem.id == Worksheet.item_id)
        .join(ProcedureVersion, ProcedureVersion.id == JobItem.procedure_id)
        .where(ProcedureVersion.code == procedure.code, Worksheet.submitted_at.is_not(None))
        .order_by(Worksheet.submitted_at.desc()).limit(EARLIER_SHEETS))
    for sheet in earlier:
        if _understood(procedure, "instrument", sheet.instrument_fields) == own:
            return own | _understood(procedure, "sheet", sheet.instrument_fields)
    return own


def own_fields(item: JobItem, procedure: Procedure) -> dict[str, str]:
    """The instrument's own characteristics, as far as this procedure asks for them."""
    return _understood(procedure, "instrument", item.instrument.fields)


def _understood(procedure: Procedure, where: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The texts that this procedure asks for there and still reads."""
    known = {}
    for field in procedure.fields:
        text = str(fields.get(field.key, "")).strip()
        if not text or field.where != where:
            continue
        try:
            read_field_text(field, text)
        except NumberError:
            continue
        known[field.key] = text
    return known


def _move_standards(current: Session, worksheet: Worksheet, on: date) -> None:
    needs = {need.key: need for need in sheet_layout(worksheet).standards}
    around = Circumstances(worksheet.performed_by_id)
    for row in worksheet.standards:
        judged = assess([row.standard_id], needs[row.slot], on, around)[row.standard_id]
        hard = [reason.text for reason in judged.reasons if reason.hard]
        if hard:
            name = row.standard.asset_number
            raise Invalid(f"Chuẩn {name} không dùng được vào ngày {day(on)}: " + "; ".join(why.vi for why in hard),
                          f"Standard {name} cannot be used on {day(on)}: " + "; ".join(why.en for why in hard),
                          "performed_on")
        row.certificate_id = judged.certificate_id
        take_parts(current, worksheet, row, on)
