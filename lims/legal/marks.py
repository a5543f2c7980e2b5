"""Use cases of struck marks: enter one at a verification that passes, strike one out before the document is issued."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from lims.auth.models import User
from lims.jobs import states
from lims.jobs.models import JobItem
from lims.jobs.results import evaluate_sheet
from lims.legal.designation_models import WAYS, StruckMark
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean, clean_identifier

MOST_MARKS = 20


@dataclass(frozen=True)
class NewMark:
    """`mark_type` 1: beside sticker or certificate, or alone without a period; 2: alone, seals and tells the end of
    validity (TT 24/2013 Art. 38, form 15.DKĐ)."""

    die: str
    mark_type: int
    place: str
    way: str
    struck_on: date


def of_item(item_id: int) -> list[StruckMark]:
    """Marks of an item that count, in the order entered."""
    return list(session().scalars(sa.select(StruckMark).where(
        StruckMark.item_id == item_id, StruckMark.removed_because == "").order_by(StruckMark.id)))


def dies(user_id: int) -> list[str]:
    """Numbers of the dies that a person used, the newest first."""
    used = session().scalars(sa.select(StruckMark.die).where(StruckMark.by_id == user_id)
                             .group_by(StruckMark.die).order_by(sa.func.max(StruckMark.id).desc()).limit(5))
    return list(used)


def strike(item_id: int, new: NewMark, user: User) -> StruckMark:
    """Enter a mark. Raises Invalid at `die`, `place`, `struck_on`; Conflict when the item is no verification, is
    issued, or does not pass."""
    die, place = clean_identifier(new.die), clean(new.place)
    if not die:
        raise Invalid("Hãy ghi số hiệu của dấu.", "Give the number of the die.", "die")
    if not place:
        raise Invalid("Hãy ghi vị trí đóng dấu.", "Say where the mark stands.", "place")
    if new.way not in WAYS or new.mark_type not in (1, 2):
        raise Invalid("Hãy chọn kiểu dấu và cách đóng.", "Choose the type and how it was put on.", "way")
    with write("mark.strike", actor=_actor(user)) as current:
        item = _open(item_id)
        sheet = item.worksheet
        if item.service != "verification":
            raise Conflict("Dấu kiểm định chỉ đóng khi kiểm định.", "Marks are struck at verifications only.")
        if sheet is None or evaluate_sheet(sheet, lean=True).verdict != "pass":
            raise Conflict("Chỉ đóng dấu khi phương tiện đo đạt yêu cầu.", "A mark is struck only when it passed.")
        if not sheet.performed_on <= new.struck_on <= clock.today():
            raise Invalid("Ngày đóng dấu từ ngày đo đến hôm nay.", "From the measuring day to today.", "struck_on")
        if len(of_item(item_id)) >= MOST_MARKS:
            raise Conflict(f"Mỗi mục nhiều nhất {MOST_MARKS} dấu.", f"At most {MOST_MARKS} marks.")
        row = StruckMark(item_id=item_id, die=die, mark_type=new.mark_type, place=place, way=new.way,
                         struck_on=new.struck_on, by_id=user.id, at=clock.now())
        current.add(row)
    return row


def remove(mark_id: int, item_id: int, reason: str, user: User) -> None:
    """Strike an entry out. Raises NotFound, Conflict, Invalid at `reason`."""
    reason = clean(reason)
    if not reason:
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("mark.remove", reason=reason, actor=_actor(user)) as current:
        _open(item_id)
        row = current.get(StruckMark, mark_id, populate_existing=True)
        if row is None or row.item_id != item_id or row.removed_because:
            raise NotFound("Không có dấu này.", "No such mark.")
        row.removed_because = reason


def _open(item_id: int) -> JobItem:
    item = session().scalar(sa.select(JobItem).where(JobItem.id == item_id).with_for_update(of=JobItem)
                            .execution_options(populate_existing=True))
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    if item.state not in states.BEFORE_ISSUE:
        raise Conflict("Mục này đã cấp giấy hoặc đã hủy.", "The item's document was issued, or it was cancelled.")
    return item


def _actor(user: User) -> tuple[str, str]:
    return str(user.id), user.full_name
