"""Use cases of competence: who is authorised for which activity of which procedure on a day (ISO/IEC 17025 6.2.6)."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound, NotPermitted
from lims.shared.i18n import day
from lims.staff.models import ACTIVITIES, Authorisation, OfficerCard
from lims.staff.records import Upload, keep_document
from lims.staff.rules import overlap

_ACTIVITY_WORDS = {
    "perform": ("thực hiện", "perform"),
    "review": ("soát xét", "review"),
    "approve": ("phê duyệt", "approve"),
}


def is_authorised(user_id: int, procedure_code: str, activity: str, on: date) -> bool:
    """Whether the person holds an authorisation for this activity on the day; its first and last day count."""
    return session().scalar(sa.select(Authorisation.id).where(
        Authorisation.user_id == user_id, Authorisation.procedure_code == procedure_code,
        Authorisation.activity == activity, Authorisation.valid_from <= on,
        sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on)).limit(1)) is not None


def approvable(user_id: int, on: date) -> set[str]:
    """Codes of the procedures whose results the person may approve on the day."""
    return set(session().scalars(sa.select(Authorisation.procedure_code).where(
        Authorisation.user_id == user_id, Authorisation.activity == "approve", Authorisation.valid_from <= on,
        sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on))))


def require_authorised(user_id: int, procedure_code: str, activity: str, on: date) -> None:
    """Raises NotPermitted, saying which authorisation is missing on which day."""
    if is_authorised(user_id, procedure_code, activity, on):
        return
    vi, en = _ACTIVITY_WORDS[activity]
    raise NotPermitted(
        f"Bạn chưa được giao quyền {vi} quy trình {procedure_code} vào ngày {day(on)}; "
        "hãy nhờ người phụ trách chất lượng giao quyền (trang Nhân sự).",
        f"You are not authorised to {en} procedure {procedure_code} on {day(on)}; "
        "ask the quality manager for an authorisation (page Staff).")


def grant(*, user_id: int, procedure_code: str, activities: Sequence[str], valid_from: date, valid_to: date | None,
          basis: str) -> None:
    """Authorise a person for activities of a procedure. Raises Invalid at the field that cannot be: also where one
    stands already on one of the days, for a day must have one answer to who may do it and on what basis."""
    if valid_to is not None and valid_to < valid_from:
        raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "valid_to")
    if unknown := [activity for activity in activities if activity not in ACTIVITIES]:
        raise Invalid("Hãy chọn việc được làm.", f"No such activity: {unknown[0]}.", "activities")
    with write("authorisation.grant", reason=basis) as current:
        # the person's row is held, so that two who grant the same at once wait for each other (PostgreSQL)
        if current.get(User, user_id, populate_existing=True, with_for_update={"key_share": True}) is None:
            raise Invalid("Hãy chọn người.", "Choose the person.", "user_id")
        _refuse_overlap(current, user_id, procedure_code, activities, valid_from, valid_to)
        for activity in dict.fromkeys(activities):
            current.add(Authorisation(user_id=user_id, procedure_code=procedure_code, activity=activity,
                                      valid_from=valid_from, valid_to=valid_to, basis=basis))


def _refuse_overlap(current: Session, user_id: int, procedure_code: str, activities: Sequence[str],
                    valid_from: date, valid_to: date | None) -> None:
    standing = current.scalars(sa.select(Authorisation).where(
        Authorisation.user_id == user_id, Authorisation.procedure_code == procedure_code,
        Authorisation.activity.in_(activities)).order_by(Authorisation.valid_from, Authorisation.id)).unique()
    for one in standing:
        if overlap(valid_from, valid_to, one.valid_from, one.valid_to):
            vi, en = _ACTIVITY_WORDS[one.activity]
            since, until = day(one.valid_from), day(one.valid_to) if one.valid_to else ""
            raise Invalid(
                f"Người này đã được giao quyền {vi} quy trình {procedure_code} từ {since} "
                f"{'đến ' + until if until else 'không có ngày cuối'}; hãy chọn ngày khác hoặc kết thúc ủy quyền ấy.",
                f"This person may already {en} {procedure_code} from {since} "
                f"{'to ' + until if until else 'without a last day'}; choose other days or end that authorisation.",
                "valid_to" if one.valid_from > valid_from else "valid_from")


def end(authorisation_id: int, *, on: date, reason: str) -> None:
    """Let an authorisation end on a day (its last); what was done under it stays valid."""
    with write("authorisation.end", reason=reason) as current:
        granted = current.get(Authorisation, authorisation_id)
        if granted is None:
            raise NotFound("Không có ủy quyền này.", "No such authorisation.")
        if on < granted.valid_from:
            raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "valid_to")
        if granted.valid_to is not None and on > granted.valid_to:
            raise Invalid(f"Ủy quyền này chỉ đến {day(granted.valid_to)}; muốn thêm thời gian, hãy giao quyền mới.",
                          f"It lasts to {day(granted.valid_to)} only; for more time give a new authorisation.",
                          "valid_to")
        granted.valid_to = on


def add_card(*, user_id: int, number: str, field: str, issued_by: str, valid_from: date, valid_to: date,
             decision: str = "", document: Upload | None = None) -> None:
    """Register a verification officer's card."""
    if valid_to < valid_from:
        raise Invalid("Ngày cuối trước ngày đầu.", "The last day is before the first.", "valid_to")
    with write("officer_card.add") as current:
        if current.scalar(sa.select(OfficerCard.id).where(OfficerCard.number == number, OfficerCard.field == field)):
            raise Invalid("Đã có thẻ số này cho lĩnh vực này.", "This card is registered for this field.", "number")
        current.add(OfficerCard(user_id=user_id, number=number, field=field, issued_by=issued_by, decision=decision,
                                valid_from=valid_from, valid_to=valid_to,
                                file_id=keep_document(current, document)))
