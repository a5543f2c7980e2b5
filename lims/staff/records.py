"""Use cases of a person's record: events, training needs, papers, cards given back (ISO/IEC 17025 6.2.5)."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import StoredFile, store
from lims.staff.models import EVENTS, PAPERS, RESULTS, CompetenceEvent, OfficerCard, PersonPaper, TrainingNeed

ACCEPTED = ("application/pdf", "image/png", "image/jpeg")
Row = TypeVar("Row", CompetenceEvent, PersonPaper, TrainingNeed, OfficerCard)


@dataclass(frozen=True)
class Upload:
    """A document as it came: its name and content."""

    name: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that shows or makes competence."""

    kind: str
    on: date
    subject: str
    result: str
    until: date | None = None
    procedure_code: str = ""
    by_whom: str = ""
    need_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A degree, course, certificate or decision."""

    kind: str
    title: str
    issued_on: date
    number: str = ""
    issued_by: str = ""
    valid_to: date | None = None


def add_event(user_ids: Sequence[int], event: Event, *, by: User, document: Upload | None = None) -> None:
    """Record an event for everybody who took part; one that meets a need closes it. Raises Invalid at its field."""
    if event.kind not in EVENTS or event.result not in RESULTS:
        raise Invalid("Hãy chọn loại và kết quả.", "Choose kind and result.", "kind")
    if event.on > clock.today():
        raise Invalid("Việc chưa xảy ra; hãy ghi thành nhu cầu đào tạo.",
                      "It has not happened yet; enter it as a training need.", "on")
    if event.until is not None and event.until < event.on:
        raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "until")
    with write("competence.event", actor=named(by)) as current:
        for user_id in user_ids:
            _somebody(current, user_id)
        need = _open_need(current, event, user_ids) if event.need_id else None
        file = _kept(current, document)
        for user_id in user_ids:
            current.add(CompetenceEvent(
                user_id=user_id, kind=event.kind, on=event.on, until=event.until, subject=event.subject,
                procedure_code=event.procedure_code, by_whom=event.by_whom, result=event.result,
                need_id=event.need_id, file_id=file.id if file else None, entered_at=clock.now(),
                entered_by_id=by.id))
        if need is not None and event.result != "failed":
            need.state, need.closed_on, need.outcome = "met", event.on, event.subject


def strike_event(event_id: int, reason: str, *, by: User) -> CompetenceEvent:
    """Strike out a wrong entry. A need that it had closed is open again."""
    reason = _reasoned(reason)
    with write("competence.strike", reason=reason, actor=named(by)) as current:
        row = _found(current, CompetenceEvent, event_id)
        if row.struck_at is not None:
            raise Conflict("Mục này đã gạch.", "This entry is struck out already.")
        row.struck_at, row.struck_reason = clock.now(), reason
        need = current.get(TrainingNeed, row.need_id) if row.need_id else None
        if need is not None and need.state == "met":
            need.state, need.closed_on, need.outcome = "open", None, ""
    return row


def add_need(user_id: int, *, text: str, procedure_code: str, target_on: date, by: User) -> TrainingNeed:
    """What a person must still learn, until when."""
    if target_on < clock.today():
        raise Invalid("Ngày phải xong đã qua.", "The target date has passed.", "target_on")
    with write("competence.need", actor=named(by)) as current:
        _somebody(current, user_id)
        row = TrainingNeed(user_id=user_id, text=text, procedure_code=procedure_code, target_on=target_on,
                           raised_on=clock.today(), raised_by_id=by.id)
        current.add(row)
    return row


def drop_need(need_id: int, reason: str, *, by: User) -> TrainingNeed:
    """The need no longer stands."""
    reason = _reasoned(reason)
    with write("competence.drop_need", reason=reason, actor=named(by)) as current:
        row = _found(current, TrainingNeed, need_id)
        if row.state != "open":
            raise Conflict("Nhu cầu này đã khép lại.", "This need is closed already.")
        row.state, row.closed_on, row.outcome = "dropped", clock.today(), reason
    return row


def add_paper(user_id: int, paper: Paper, *, by: User, document: Upload | None = None) -> PersonPaper:
    """Keep a paper of a person. Raises Invalid at its field."""
    if paper.kind not in PAPERS:
        raise Invalid("Hãy chọn loại giấy.", "Choose the kind.", "kind")
    if paper.issued_on > clock.today():
        raise Invalid("Ngày cấp ở tương lai.", "The day of issue is in the future.", "issued_on")
    if paper.valid_to is not None and paper.valid_to < paper.issued_on:
        raise Invalid("Ngày cuối trước ngày cấp.", "The last day is before the day of issue.", "valid_to")
    with write("competence.paper", actor=named(by)) as current:
        _somebody(current, user_id)
        file = _kept(current, document)
        row = PersonPaper(user_id=user_id, kind=paper.kind, title=paper.title, number=paper.number,
                          issued_by=paper.issued_by, issued_on=paper.issued_on, valid_to=paper.valid_to,
                          file_id=file.id if file else None, entered_at=clock.now())
        current.add(row)
    return row


def end_paper(paper_id: int, reason: str, *, by: User) -> PersonPaper:
    """A paper counts no longer (withdrawn, replaced by another): nobody is reminded of it."""
    reason = _reasoned(reason)
    with write("competence.end_paper", reason=reason, actor=named(by)) as current:
        row = _found(current, PersonPaper, paper_id)
        if row.ended_on is not None:
            raise Conflict("Giấy này đã thôi dùng.", "This paper is out of use already.")
        row.ended_on, row.end_reason = clock.today(), reason
    return row


def end_card(card_id: int, reason: str, *, by: User) -> OfficerCard:
    """A card was given back, withdrawn or renewed: today is its last day; the printed one stays as it is."""
    reason = _reasoned(reason)
    with write("officer_card.end", reason=reason, actor=named(by)) as current:
        row = _found(current, OfficerCard, card_id)
        if row.ended_on is not None or row.valid_to < clock.today():
            raise Conflict("Thẻ này đã hết hiệu lực.", "This card has ended already.")
        row.ended_on, row.end_reason = clock.today(), reason
    return row


def document(file_id: int) -> StoredFile:
    """A document of somebody's record, or NotFound: other files of the product are not shown by this."""
    kept = any(session().scalar(sa.select(table.id).where(table.file_id == file_id).limit(1))
               for table in (CompetenceEvent, PersonPaper, OfficerCard))
    found = session().get(StoredFile, file_id) if kept else None
    if found is None:
        raise NotFound("Không có tài liệu này.", "No such document.")
    return found


def owners(file_id: int) -> set[int]:
    """Whose record a document stands in."""
    return {user_id for table in (CompetenceEvent, PersonPaper, OfficerCard)
            for user_id in session().scalars(sa.select(table.user_id).where(table.file_id == file_id))}


def keep_document(current: Session, upload: Upload | None) -> int | None:
    """The id of a stored document; None for none. Raises Invalid at `file`."""
    file = _kept(current, upload)
    return file.id if file else None


def named(by: User) -> tuple[str, str]:
    """The person as the audit trail names them."""
    return str(by.id), by.full_name


def _kept(current: Session, upload: Upload | None) -> StoredFile | None:
    if upload is None:
        return None
    file = store(current, upload.name, upload.content, ACCEPTED)
    current.flush()
    return file


def _open_need(current: Session, event: Event, user_ids: Sequence[int]) -> TrainingNeed:
    need = current.get(TrainingNeed, event.need_id)
    if need is None or need.user_id not in user_ids:
        raise Invalid("Nhu cầu này không phải của người được chọn.", "The need is not of the person chosen.", "need_id")
    if need.state != "open":
        raise Invalid("Nhu cầu này đã khép lại.", "This need is closed already.", "need_id")
    return need


def _somebody(current: Session, user_id: int) -> None:
    if current.get(User, user_id) is None:
        raise Invalid("Hãy chọn người.", "Choose the person.", "user_id")


def _found(current: Session, table: type[Row], row_id: int) -> Row:
    row = current.get(table, row_id, populate_existing=True)
    if row is None:
        raise NotFound("Không có mục này.", "No such entry.")
    return row


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    return reason.strip()
