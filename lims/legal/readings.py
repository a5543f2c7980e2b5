"""Use cases of the administrator: a row or a document was compared with its original; a reading is corrected."""
from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from instruments.legal import Reading
from lims.auth.models import User
from lims.customers.checks import refresh_due_dates
from lims.customers.legal_duty import forget_rows
from lims.legal import catalogue
from lims.legal.models import LegalConfirmation, LegalDocument, LegalReading
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean

LONGEST_CYCLE = 240


def confirm(row_key: str, read: Reading, document: str, user: User, *, reason: str = "", seen: int = 0) -> None:
    """Record what a row says in its original; due dates of instruments follow. Raises NotFound;
    Invalid at `document`, `reason`, `cycle_months`.

    `seen` is the number of readings that the person saw: a row that somebody read meanwhile is a Conflict, and a
    further reading needs its reason.
    """
    catalogue.by_key(row_key)
    if read.cycle_months is not None and not 1 <= read.cycle_months <= LONGEST_CYCLE:
        raise Invalid("Chu kỳ từ 1 đến 240 tháng, hoặc để trống.", "A period of 1 to 240 months, or none.",
                      "cycle_months")
    if not read.regimes:
        raise Invalid("Hãy chọn ít nhất một chế độ kiểm định.", "Choose at least one regime.", "regimes")
    values = {"type_approval": read.type_approval, "regimes": list(read.regimes), "cycle_months": read.cycle_months,
              "name": clean(read.name), "evidence": list(read.evidence)}
    _read(f"row:{row_key}", values, document, reason, user, seen)
    refresh_due_dates()


def confirm_document(document_id: int, original: str, user: User, *, reason: str = "", seen: int = 0) -> None:
    """Record that a law, form or ĐLVN was compared with its original."""
    row = session().get(LegalDocument, document_id)
    if row is None:
        raise NotFound("Không có văn bản này.", "No such document.")
    _read(f"document:{row.kind}:{row.number}", {}, original, reason, user, seen)


def history(row_key: str) -> Sequence[LegalReading]:
    """Readings of a row, newest first."""
    return _of(f"row:{row_key}")


def earlier(row_key: str) -> LegalConfirmation | None:
    """A confirmation of before the marks were asked for."""
    return session().get(LegalConfirmation, row_key)


def documents() -> list[tuple[LegalDocument, LegalReading | None]]:
    """Laws, forms and ĐLVN with the newest comparison of each."""
    read = {row.subject: row for row in session().scalars(
        sa.select(LegalReading).where(LegalReading.subject.like("document:%")).order_by(LegalReading.revision))}
    rows = session().scalars(sa.select(LegalDocument).order_by(LegalDocument.id))
    return [(row, read.get(f"document:{row.kind}:{row.number}")) for row in rows]


def newest(limit: int = 50) -> Sequence[LegalReading]:
    """The newest readings of rows."""
    return session().scalars(sa.select(LegalReading).where(LegalReading.subject.like("row:%"))
                             .order_by(LegalReading.id.desc()).limit(limit)).all()


def _of(subject: str) -> Sequence[LegalReading]:
    return session().scalars(sa.select(LegalReading).where(LegalReading.subject == subject)
                             .order_by(LegalReading.revision.desc())).all()


def _read(subject: str, values: dict[str, object], document: str, reason: str, user: User, seen: int) -> None:
    document, reason = clean(document), clean(reason)
    if not document:
        raise Invalid("Hãy ghi đã đối chiếu với văn bản nào.", "Say which original it was compared with.", "document")
    with write("legal.read", reason=reason or document, actor=(str(user.id), user.full_name)) as current:
        known = len(_of(subject))
        if known != seen:
            raise Conflict("Dòng này vừa có người đối chiếu; hãy xem lại trước khi ghi.",
                           "Somebody has just compared this; look at it again before you write.")
        if known and not reason:
            raise Invalid("Hãy ghi vì sao phải đọc lại.", "Say why it is read again.", "reason")
        current.add(LegalReading(subject=subject, read_values=values, document=document, reason=reason,
                                 read_by=user.full_name, at=clock.now(), revision=known + 1))
    forget_rows()
