"""Use cases of a bench load: put it together from scanned codes, give it standards, say why one failed, hand it on."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from instruments.procedure import Procedure
from lims.auth.models import User
from lims.customers.models import Instrument
from lims.customers.service import serial_key
from lims.jobs import submission
from lims.jobs.load_models import BenchLoad, BenchPosition
from lims.jobs.models import Job, JobItem, ProcedureVersion, Worksheet
from lims.jobs.procedures import parsed
from lims.jobs.results import evaluate_sheet
from lims.jobs.service import code_key
from lims.jobs.standards_choice import take_for, withdraw_from
from lims.jobs.worksheet import actor_of, begin, first_fields, is_open, own_fields, require_open, sheet_of
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, DomainError, Invalid, NotFound
from lims.shared.text import TextError, clean
from lims.staff.service import require_authorised

MOST = 40
STARTABLE = ("assigned", "measuring")
LONGEST_REASON = 300


@dataclass(frozen=True)
class Line:
    """One scanned code: the items that it names, or what is wrong with it (vi, en)."""

    text: str
    items: Sequence[JobItem] = ()
    fault: tuple[str, str] | None = None


@dataclass
class Handed:
    """What became of a load that was handed to review."""

    done: list[str] = field(default_factory=list)
    refused: list[tuple[int, str, DomainError]] = field(default_factory=list)
    """(position, code, why)."""


def resolve(text: str) -> list[Line]:
    """Each line a code of an item or job, or a serial: which open items they name, in the order scanned."""
    lines, seen, first = [], set[int](), None
    for scanned in [line.strip() for line in text.splitlines() if line.strip()][:MOST * 2]:
        line = _line(scanned)
        for item in line.items:
            first = first or item
            fault = _unlike(first, item) or (("đã quét rồi", "scanned already") if item.id in seen else None)
            if fault:
                line = Line(scanned, fault=fault)
                break
        seen.update(item.id for item in line.items)
        lines.append(line)
    return lines


def create(text: str, shared: Sequence[str], user: User) -> BenchLoad:
    """Put a load together and begin the sheets of its items. Raises Invalid at `codes`, NotPermitted."""
    lines = resolve(text)
    faults = [line for line in lines if line.fault]
    items = [item for line in lines for item in line.items]
    if faults:
        raise Invalid("; ".join(f"{line.text}: {line.fault[0]}" for line in faults if line.fault),
                      "; ".join(f"{line.text}: {line.fault[1]}" for line in faults if line.fault), "codes")
    if not 2 <= len(items) <= MOST:
        raise Invalid(f"Một mẻ có từ 2 đến {MOST} cái; đã quét {len(items)}.",
                      f"A load holds 2 to {MOST}; {len(items)} were scanned.", "codes")
    with write("load.create", actor=actor_of(user)) as current:
        procedure = parsed(items[0].procedure)
        require_authorised(user.id, procedure.code, "perform", clock.today())
        known = {f"{table.key}/{column.key}" for table in procedure.tables for column in table.readings}
        load = BenchLoad(procedure_id=items[0].procedure_id, shared=[key for key in shared if key in known],
                         created_at=clock.now(), created_by_id=user.id)
        fields = first_fields(current, items[0], procedure)
        for item in items:
            if item.worksheet is None:
                begin(current, item, user, {**fields, **own_fields(item, procedure)})
        current.add(load)
        current.flush()
        current.add_all(BenchPosition(load_id=load.id, position=at, item_id=item.id)
                        for at, item in enumerate(items, start=1))
    return load


def get(load_id: int) -> BenchLoad:
    """The load with its positions, items and instruments, or NotFound."""
    found = session().scalar(sa.select(BenchLoad).where(BenchLoad.id == load_id).options(
        selectinload(BenchLoad.positions).joinedload(BenchPosition.item).options(
            joinedload(JobItem.instrument), lazyload(JobItem.assigned_to))).execution_options(populate_existing=True))
    if found is None:
        raise NotFound("Không có mẻ này.", "No such load.")
    return found


def item_at(load_id: int, position: int) -> JobItem:
    """The item that stands on a position, or NotFound."""
    found = session().scalar(sa.select(JobItem).join(BenchPosition, BenchPosition.item_id == JobItem.id).where(
        BenchPosition.load_id == load_id, BenchPosition.position == position))
    if found is None:
        raise NotFound("Mẻ không có vị trí này.", "The load has no such position.")
    return found


def shared_before(version: ProcedureVersion) -> list[str]:
    """The columns that the newest load of this procedure read once."""
    found = session().scalar(sa.select(BenchLoad.shared).join(
        ProcedureVersion, ProcedureVersion.id == BenchLoad.procedure_id).where(ProcedureVersion.code == version.code)
        .order_by(BenchLoad.id.desc()).limit(1))
    return list(found or [])


def newest(limit: int = 30) -> Sequence[BenchLoad]:
    """The loads put together last."""
    return session().scalars(sa.select(BenchLoad).options(
        selectinload(BenchLoad.positions).joinedload(BenchPosition.item).lazyload("*"))
        .order_by(BenchLoad.id.desc()).limit(limit)).all()


def sheets_of(load_id: int, positions: Iterable[int] | None = None, *,
              with_standards: bool = False) -> dict[int, Worksheet]:
    """{position: sheet}, in the order of the bench; one statement, two with their standards."""
    query = _SHEETS.where(BenchPosition.load_id == load_id)
    if with_standards:
        query = query.options(selectinload(Worksheet.standards))
    if positions is not None:
        query = query.where(BenchPosition.position.in_(list(positions)))
    return {row[0]: row[1] for row in session().execute(query)}


# What every reading needs; the rest is read when a page asks for it.
_SHEETS = sa.select(BenchPosition.position, Worksheet).join(
    Worksheet, Worksheet.item_id == BenchPosition.item_id).join(Worksheet.item).options(
    lazyload(Worksheet.performed_by), contains_eager(Worksheet.item).options(
        joinedload(JobItem.procedure), lazyload(JobItem.instrument), lazyload(JobItem.job),
        lazyload(JobItem.assigned_to))).order_by(BenchPosition.position)


def choose_standard(load_id: int, slot: str, number: str, standard_id: int, user: User) -> None:
    """Take a standard for every open sheet of the load: by its row in a slot, or by its scanned number."""
    with write("load.choose_standard", actor=actor_of(user)) as current:
        take_for(current, _open_sheets(load_id, user), slot, number, standard_id, user)


def remove_standard(load_id: int, slot: str, standard_id: int, user: User) -> None:
    """Take a standard out of every open sheet of the load."""
    with write("load.remove_standard", actor=actor_of(user)) as current:
        withdraw_from(current, _open_sheets(load_id, user), slot, standard_id)


def set_reason(load_id: int, position: int, reason: str, user: User) -> None:
    """Say why what stands on a position failed."""
    try:
        why = clean(reason)
    except TextError:
        why = ""
    if not why or len(why) > LONGEST_REASON:
        raise Invalid("Hãy ghi lý do không đạt.", "Say why it failed.", "reason")
    with write("load.set_reason", reason=why, actor=actor_of(user)) as current:
        row = current.scalar(sa.select(BenchPosition).where(
            BenchPosition.load_id == load_id, BenchPosition.position == position))
        if row is None:
            raise NotFound("Mẻ không có vị trí này.", "The load has no such position.")
        row.reason = why


def reason_of(item_id: int) -> str:
    """Why this item failed on the bench it stood on last; empty where it stood on none or nothing was said."""
    return session().scalar(sa.select(BenchPosition.reason).where(BenchPosition.item_id == item_id)
                            .order_by(BenchPosition.load_id.desc()).limit(1)) or ""


def hand_on(load_id: int, user: User) -> Handed:
    """Hand every complete sheet to review, each by itself; a failed one needs its reason first."""
    handed = Handed()
    for row in get(load_id).positions:
        position, code, reason = row.position, row.item.code, row.reason
        if row.item.state != "measuring":
            continue
        try:
            if not reason and evaluate_sheet(sheet_of(code), lean=True).verdict == "fail":
                raise Invalid("không đạt: hãy ghi lý do", "it failed: say why", "reason")
            submission.submit(code, user)
            handed.done.append(code)
        except DomainError as error:
            handed.refused.append((position, code, error))
    return handed


def _open_sheets(load_id: int, user: User) -> list[Worksheet]:
    sheets = [sheet for sheet in sheets_of(load_id, with_standards=True).values() if is_open(sheet.item)]
    if not sheets:
        raise Conflict("Mẻ này đã chuyển soát xét.", "This load was handed to review.")
    require_open(sheets[0], user)
    return sheets


def _line(text: str) -> Line:
    job = session().scalar(sa.select(Job).where(Job.number == code_key(text)))
    if job is not None:
        items = [item for item in job.items if item.state in STARTABLE]
        return Line(text, items) if items else Line(text, fault=("phiếu không còn mục nào chờ đo",
                                                                 "the job has no item waiting to be measured"))
    item = session().scalar(sa.select(JobItem).where(JobItem.code == code_key(text)))
    if item is not None:
        return Line(text, [item]) if item.state in STARTABLE else Line(text, fault=_not_startable(item))
    key = serial_key(text)
    found = session().scalars(sa.select(JobItem).join(Instrument, Instrument.id == JobItem.instrument_id).where(
        Instrument.serial_key == key, JobItem.state.in_(("received", *STARTABLE))).limit(2)).unique().all()
    if not found:
        return Line(text, fault=("chưa tiếp nhận; tiếp nhận trước rồi quét lại", "not received; receive it first"))
    if len(found) > 1:
        return Line(text, fault=("nhiều mục cùng số này; quét mã trên nhãn", "several items; scan the item's label"))
    return Line(text, found) if found[0].state in STARTABLE else Line(text, fault=_not_startable(found[0]))


def _not_startable(item: JobItem) -> tuple[str, str]:
    if item.state == "received":
        return "chưa giao việc", "not assigned yet"
    return "không còn ở bước đo", "no longer at measuring"


def _unlike(first: JobItem, item: JobItem) -> tuple[str, str] | None:
    """Why an item cannot stand on the bench beside the first."""
    if item.procedure_id != first.procedure_id:
        return f"quy trình khác ({item.procedure.code})", f"another procedure ({item.procedure.code})"
    if item.decision_rule != first.decision_rule:
        return "quy tắc ra quyết định khác", "another decision rule"
    procedure: Procedure = parsed(first.procedure)
    for one in procedure.fields:
        own, other = (str(row.instrument.fields.get(one.key, "")).strip() for row in (item, first))
        if one.where == "instrument" and own and other and own != other and one.type != "text":
            return f"{one.label.vi} khác ({own})", f"{one.label.en} differs ({own})"
    return None
