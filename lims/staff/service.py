"""Use cases of competence: who is authorised for which activity of which procedure on a day (ISO/IEC 17025 6.2.6)."""
from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from lims.shared.db import session
from lims.shared.errors import NotPermitted
from lims.shared.i18n import day
from lims.staff.models import Authorisation

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
