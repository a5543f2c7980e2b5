"""Days on which a standard is kept for somebody's work, and who stands in whose way (feature C3)."""
from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import sqlalchemy as sa

from lims.auth.models import User
from lims.equipment.models import Standard
from lims.equipment.record_models import Reservation
from lims.equipment.service import locked
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.i18n import day

LONGEST = timedelta(days=366)


def reserve(standard_id: int, *, first_on: date, last_on: date, user_id: int, purpose: str, despite: bool,
            by: User) -> Reservation:
    """Keep the standard for a person from the first to the last day (both included).

    Raises Invalid at the wrong field; Conflict at `despite`, naming who has it, when another reservation overlaps and
    the person did not say to keep it all the same.
    """
    actor = (str(by.id), by.full_name)
    with write("standard.reserve", actor=actor) as current:
        standard = locked(current, standard_id)
        if last_on < first_on or last_on - first_on > LONGEST:
            raise Invalid("Ngày cuối từ ngày đầu trở đi, không quá một năm.",
                          "The last day is not before the first and at most a year later.", "last_on")
        if last_on < clock.today():
            raise Invalid("Những ngày này đã qua.", "These days are past.", "last_on")
        if not purpose.strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", "purpose")
        if current.get(User, user_id) is None:
            raise Invalid("Không có người này.", "No such person.", "user_id")
        others = overlapping(standard_id, first_on, last_on)
        if others and not despite:
            told = "; ".join(f"{row.user.full_name}, {day(row.first_on)}–{day(row.last_on)} ({row.purpose})"
                             for row in others)
            raise Conflict(f"Đã có người giữ: {told}. Chọn ngày khác, hoặc đánh dấu vẫn giữ.",
                           f"It is reserved already: {told}. Choose other days, or tick to keep it all the same.",
                           "despite")
        added = Reservation(standard=standard, first_on=first_on, last_on=last_on, user_id=user_id, purpose=purpose,
                            created_at=clock.now(), created_by_id=int(actor[0]))
        current.add(added)
        current.flush()
    return added


def cancel(reservation_id: int, *, by: User) -> None:
    """Give a reservation up. Raises NotFound, or Conflict when that was done before."""
    actor = (str(by.id), by.full_name)
    with write("standard.release", actor=actor) as current:
        row = current.get(Reservation, reservation_id, with_for_update={"of": Reservation})
        if row is None:
            raise NotFound("Không có lần giữ này.", "No such reservation.")
        if row.cancelled_at is not None:
            raise Conflict("Lần giữ này đã được bỏ.", "This reservation was given up before.")
        row.cancelled_at = clock.now()


def overlapping(standard_id: int, first_on: date, last_on: date) -> list[Reservation]:
    """Reservations of the standard that share a day with these."""
    return list(session().scalars(
        sa.select(Reservation).where(Reservation.standard_id == standard_id, Reservation.cancelled_at.is_(None),
                                     Reservation.first_on <= last_on, Reservation.last_on >= first_on)
        .order_by(Reservation.first_on, Reservation.id)).unique())


def upcoming(*, standard_id: int | None = None, user_id: int | None = None, limit: int = 200) -> list[Reservation]:
    """Reservations that are not over, soonest first."""
    query = sa.select(Reservation).join(Reservation.standard).where(
        Reservation.cancelled_at.is_(None), Reservation.last_on >= clock.today())
    if standard_id is not None:
        query = query.where(Reservation.standard_id == standard_id)
    if user_id is not None:
        query = query.where(Reservation.user_id == user_id)
    return list(session().scalars(query.order_by(Reservation.first_on, Standard.asset_number, Reservation.id)
                                  .limit(limit)).unique())


def clashes(rows: list[Reservation]) -> set[int]:
    """Ids of reservations that share a day with another of the same standard."""
    return {one.id for one in rows for other in rows
            if one.id != other.id and one.standard_id == other.standard_id
            and one.first_on <= other.last_on and other.first_on <= one.last_on}


def reserved_by(standard_ids: Collection[int], on: date, for_user_id: int) -> dict[int, str]:
    """{standard id: name of who has it on that day}, leaving out what is kept for `for_user_id`."""
    rows = list(session().execute(
        sa.select(Reservation.standard_id, Reservation.user_id, User.full_name)
        .join(User, User.id == Reservation.user_id)
        .where(Reservation.standard_id.in_(standard_ids), Reservation.cancelled_at.is_(None),
               Reservation.first_on <= on, Reservation.last_on >= on).order_by(Reservation.id)))
    own = {standard_id for standard_id, user_id, _name in rows if user_id == for_user_id}
    return {standard_id: name for standard_id, _user_id, name in rows if standard_id not in own}
