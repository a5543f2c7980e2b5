"""What ends for the body itself: its designations to verify, and temporary procedures that its work follows."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from instruments.words import Words
from lims.alerts.people import ANSWERABLE, Expiring, Source, who_answers
from lims.jobs import procedures
from lims.legal import designations, methods
from lims.legal.designation_models import Designation
from lims.legal.models import LegalDocument
from lims.shared.db import session


def ending_designations(_today: date, until: date) -> list[Expiring]:
    """Designations that end by that day and that no later one takes over, in the name of who answers for them."""
    answers, rows = who_answers(ANSWERABLE), designations.everything()
    if answers is None:
        return []
    return [Expiring(answers.id, "designation", row.id, row.decision, row.valid_to) for row in rows
            if row.ended_on is None and row.valid_to <= until and not is_renewed(row, rows)]


def is_renewed(row: Designation, others: Sequence[Designation]) -> bool:
    """Whether later decisions cover every field of this one, or every item where it names items."""
    later = [one for one in others if one.ended_on is None and one.valid_to > row.valid_to]
    whole = {field for one in later if not one.item_codes for field in one.field_codes}
    items = {item for one in later for item in one.item_codes}
    return set(row.field_codes) <= whole or (bool(row.item_codes) and set(row.item_codes) <= items)


def ending_methods(_today: date, until: date) -> list[Expiring]:
    """ĐLVN and temporary procedures with a last day of their own by that day, where a procedure in use follows them."""
    answers = who_answers(ANSWERABLE)
    rows = session().scalars(sa.select(LegalDocument).where(
        LegalDocument.kind == "dlvn", LegalDocument.in_force_to <= until, LegalDocument.replaced_by == "")).all()
    if answers is None or not rows:
        return []
    followed = {number for _row, procedure in procedures.current() if procedure.service == "verification"
                for number in methods.numbers_of(procedure)}
    return [Expiring(answers.id, "method", row.id, row.number, row.in_force_to) for row in rows
            if row.in_force_to is not None and methods.folded(row.number) in followed]


DESIGNATIONS = Source(
    "designation", Words("quyết định chỉ định", "designation"),
    Words("Hãy đề nghị chỉ định tiếp, ghi quyết định mới.", "Apply for the next designation and enter the decision."),
    ending_designations, lambda _subject_id: "/legal/designations")
METHODS = Source(
    "method", Words("quy trình kiểm định có thời hạn", "verification procedure with a last day"),
    Words("Hãy đề nghị kéo dài hoặc chuyển sang văn bản thay thế.", "Have it prolonged, or follow what replaces it."),
    ending_methods, lambda subject_id: f"/legal/documents#d{subject_id}")
