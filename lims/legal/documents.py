"""Use cases of laws, forms and ĐLVN as dated data: enter a document or a new edition of one, end one."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from lims.auth.models import User
from lims.legal.ending import checked_end
from lims.legal.models import DOCUMENT_KINDS, LegalDocument
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.shared.text import clean


@dataclass(frozen=True)
class NewDocument:
    """What stands in the document; `replaces` is the key of the one that it takes the place of."""

    kind: str
    number: str
    title_vi: str
    title_en: str
    issued_on: date | None
    in_force_from: date | None
    status: str
    source: str
    in_force_to: date | None = None
    replaces: int | None = None


def in_force(document: LegalDocument, on: date) -> bool:
    """Whether it holds on a day; one without dates may."""
    return ((document.in_force_from is None or document.in_force_from <= on)
            and (document.in_force_to is None or on <= document.in_force_to))


def enter(new: NewDocument, user: User) -> LegalDocument:
    """A document, unconfirmed until somebody compares it with its original. Raises Invalid at the field that is wrong;
    Conflict where the one it replaces has ended already."""
    number = clean(new.number)
    if new.kind not in DOCUMENT_KINDS:
        raise Invalid("Hãy chọn loại văn bản.", "Choose the kind of document.", "kind")
    if new.issued_on and new.in_force_from and new.in_force_from < new.issued_on:
        raise Invalid("Hiệu lực không trước ngày ban hành.", "It holds from its issue at the earliest.",
                      "in_force_from")
    if new.in_force_to and new.in_force_from and new.in_force_to < new.in_force_from:
        raise Invalid("Ngày cuối trước ngày bắt đầu.", "It would end before it begins.", "in_force_to")
    if new.replaces is not None and new.in_force_from is None:
        raise Invalid("Bản mới thay văn bản khác cần ngày hiệu lực.", "What replaces another needs its first day.",
                      "in_force_from")
    with write("legal.document", reason=clean(new.source), actor=(str(user.id), user.full_name)) as current:
        if current.scalar(sa.select(LegalDocument.id).where(LegalDocument.kind == new.kind,
                                                            LegalDocument.number == number)):
            raise Invalid("Số hiệu này đã có; bản mới của một mẫu ghi thêm văn bản ban hành vào số hiệu.",
                          "This number is there already; a new edition of a form names its circular in the number.",
                          "number")
        if new.replaces is not None and new.in_force_from is not None:
            old = _open_one(new.replaces)
            if old.kind != new.kind:
                raise Invalid("Chỉ thay văn bản cùng loại.", "It replaces one of its own kind.", "replaces")
            last = new.in_force_from - timedelta(days=1)
            if old.own_last_on is not None and old.own_last_on < last:
                last = old.own_last_on  # it had run out before
            _end(old, last, number, "replaces")
        row = LegalDocument(
            kind=new.kind, number=number, title_vi=clean(new.title_vi), title_en=clean(new.title_en),
            issued_on=new.issued_on, in_force_from=new.in_force_from, in_force_to=new.in_force_to,
            status_vi=clean(new.status), status_en=clean(new.status), state="unconfirmed",
            source_vi=clean(new.source), source_en=clean(new.source), entered_by=user.full_name)
        current.add(row)
    return row


def end(document_id: int, last_on: date, reason: str, user: User) -> None:
    """It holds no longer after a day. Raises NotFound, Conflict, Invalid at `last_on`, `reason`."""
    with write("legal.document_end", reason=clean(reason), actor=(str(user.id), user.full_name)):
        _end(_open_one(document_id), last_on, reason, "last_on")


def _open_one(document_id: int) -> LegalDocument:
    row = session().get(LegalDocument, document_id, populate_existing=True)
    if row is None:
        raise NotFound("Không có văn bản này.", "No such document.")
    return row


def _end(row: LegalDocument, last_on: date, reason: str, field: str) -> None:
    try:
        row.in_force_to, row.replaced_by = last_on, checked_end(row, last_on, reason)
    except Invalid as error:
        raise (Invalid(error.vi, error.en, field) if error.field == "last_on" else error) from None
