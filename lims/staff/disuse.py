"""Authorisations that lapse by disuse: proposed by rule, decided by a person with a reason."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from instruments.recall import add_months
from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.freshness import mark, require_seen
from lims.shared.organisation import Organisation
from lims.staff.catalogue import practice
from lims.staff.models import Authorisation, LapseDecision
from lims.staff.records import named
from lims.staff.rules import Usage, disused

MONTHS = 12
LONGEST = 120


@dataclass(frozen=True)
class Proposal:
    """An authorisation that was not used for so many months; `kept` is the last decision that let it stand."""

    granted: Authorisation
    last_on: date | None
    kept: LapseDecision | None
    since: date


def limit() -> int:
    """After how many months without use an authorisation is proposed to lapse, in this laboratory."""
    row = session().get(Organisation, 1)
    return row.disuse_months if row is not None else MONTHS


def proposals(today: date, user_id: int | None = None) -> list[Proposal]:
    """What is proposed to lapse today, longest unused first; of one person when named."""
    months = limit()
    query = sa.select(Authorisation).join(User).where(
        Authorisation.valid_from <= today, User.active,
        sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= today))
    if user_id is not None:
        query = query.where(Authorisation.user_id == user_id)
    rows = [row for row in session().scalars(query) if add_months(row.valid_from, months) < today]
    if not rows:
        return []
    people = {row.user_id for row in rows}
    recent = practice(_months_before(today, months), people)
    kept = _kept([row.id for row in rows])
    usages = {row.id: Usage(row.id, row.valid_from, recent.get(_key(row)),
                            kept[row.id].on if row.id in kept else None) for row in rows}
    idle = disused(usages.values(), today, months)
    granted = {row.id: row for row in rows}
    ever = practice(None, {granted[one.authorisation_id].user_id for one in idle}) if idle else {}
    return [Proposal(granted[one.authorisation_id], ever.get(_key(granted[one.authorisation_id])),
                     kept.get(one.authorisation_id), one.since)
            for one in idle]


def decide(authorisation_id: int, decision: str, reason: str, *, by: User) -> Authorisation:
    """Let an authorisation that was not used end today, or stay; somebody who holds it does not decide about it.

    Raises Invalid at `reason`, Conflict where it is not proposed (any more).
    """
    if decision not in ("end", "keep"):
        raise Invalid("Hãy chọn kết thúc hay giữ.", "Choose to end or to keep.", "decision")
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("authorisation.lapse", reason=reason.strip(), actor=named(by)) as current:
        row = current.get(Authorisation, authorisation_id, populate_existing=True)
        if row is None:
            raise NotFound("Không có ủy quyền này.", "No such authorisation.")
        if row.user_id == by.id:
            raise Conflict("Người giữ quyền không tự quyết định; hãy nhờ người khác.",
                           "Who holds the authorisation does not decide about it; ask somebody else.")
        proposed = next((one for one in proposals(clock.today(), row.user_id) if one.granted.id == row.id), None)
        if proposed is None:
            raise Conflict("Ủy quyền này không còn được đề nghị kết thúc.",
                           "This authorisation is not proposed to lapse any more.")
        current.add(LapseDecision(authorisation_id=row.id, decision=decision, reason=reason.strip(), months=limit(),
                                  last_on=proposed.last_on, on=clock.today(), by_id=by.id))
        if decision == "end":
            row.valid_to = clock.today()
    return row


def mark_of_limits() -> str:
    """What tells the limits in force from others."""
    row = session().get(Organisation, 1)
    return mark(row.disuse_months, row.least_qualified) if row else mark()


def set_limits(months: int, least: int, *, by: User, seen: str = "") -> None:
    """The laboratory's own limits: months without use, persons per field.

    Raises Conflict when they are no longer those whose `mark_of_limits` was `seen`."""
    if not 1 <= months <= LONGEST:
        raise Invalid("Chọn từ 1 đến 120 tháng.", "Choose 1 to 120 months.", "months")
    if not 1 <= least <= 20:
        raise Invalid("Chọn từ 1 đến 20 người.", "Choose 1 to 20 persons.", "least")
    with write("competence.limits", actor=named(by)) as current:
        row = current.get(Organisation, 1)
        if row is None:
            raise Conflict("Chưa khai báo thông tin phòng thí nghiệm (Cài đặt).",
                           "The laboratory's particulars are not set yet (Settings).")
        require_seen(seen, mark_of_limits(), "các giới hạn này", "these limits")
        row.disuse_months, row.least_qualified = months, least


def decisions(limit_: int = 50) -> list[LapseDecision]:
    """What was decided, newest first."""
    return list(session().scalars(sa.select(LapseDecision).order_by(LapseDecision.id.desc()).limit(limit_)))


def _kept(ids: list[int]) -> dict[int, LapseDecision]:
    rows = session().scalars(sa.select(LapseDecision).where(
        LapseDecision.authorisation_id.in_(ids), LapseDecision.decision == "keep").order_by(LapseDecision.id))
    return {row.authorisation_id: row for row in rows}


def _key(row: Authorisation) -> tuple[int, str, str]:
    return row.user_id, row.procedure_code, row.activity


def _months_before(today: date, months: int) -> date:
    """A day at or before the first one that still counts as within so many months of today."""
    years, back = divmod(months, 12)
    month = today.month - back
    return date(today.year - years - (month < 1), month + 12 * (month < 1), 1)
