"""Use cases of an item's statements: who measures states what was done, an authorised person gives an opinion.

They are part of what is reviewed: after the review nothing can be added or taken back until the item is sent back.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from lims.auth.models import User
from lims.issue.review import actor_of, locked_item, require_permission
from lims.issue.statement_models import KINDS, ItemStatement
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound, NotPermitted
from lims.shared.text import clean
from lims.staff.service import is_authorised, require_authorised

_STAGES = {"opinion": ("measuring", "submitted")}
_MEASURING = ("measuring",)
_SOURCES = {"external": ("Hãy ghi nhà cung cấp.", "Name the provider."),
            "opinion": ("Hãy ghi cơ sở của nhận xét.", "State the basis of the opinion.")}


@dataclass(frozen=True)
class Said:
    """A statement as typed; `text_vi` is required, the source too where the kind has one."""

    kind: str
    text_vi: str
    text_en: str = ""
    source_vi: str = ""
    source_en: str = ""
    affects_results: bool = False


def of_item(item_id: int) -> Sequence[ItemStatement]:
    """The statements that count, in the order given."""
    return session().scalars(sa.select(ItemStatement).where(
        ItemStatement.item_id == item_id, ItemStatement.taken_back_at.is_(None)).order_by(ItemStatement.id)).all()


def mark(rows: Iterable[ItemStatement]) -> str:
    """A text that differs whenever the statements do: whoever signs says by it which ones were read."""
    return "-".join(str(row.id) for row in rows)


def require_seen(item_id: int, seen: str) -> None:
    """Raises Conflict when the statements are others than those that the page showed."""
    if mark(of_item(item_id)) != seen:
        raise Conflict("Nội dung công bố kèm theo đã đổi từ khi bạn mở trang; hãy xem lại rồi ký.",
                       "The statements have changed since you opened the page; look again, then sign.")


def may_change(item: JobItem, kind: str, user: User) -> bool:
    """Whether this person may state this kind now."""
    return item.state in _STAGES.get(kind, _MEASURING) and not _refusal(item, kind, user)


def give(code: str, said: Said, user: User, *, instead_of: int | None = None) -> ItemStatement:
    """State something about an item, in place of an earlier row where `instead_of` names it.

    Raises Invalid at the field, NotPermitted (no right to it), Conflict (under review, issued), NotFound.
    """
    with write("statement.give", actor=actor_of(user)) as current:
        item = _open(current, code, said.kind, user)
        row = ItemStatement(item_id=item.id, given_by_id=user.id, given_by=user.full_name, given_at=clock.now(),
                            kind=said.kind, affects_results=said.affects_results, **_words(said))
        if instead_of is not None:
            _standing(current, item, instead_of, said.kind).taken_back_at = clock.now()
        current.add(row)
    return row


def take_back(code: str, row_id: int, kind: str, user: User) -> None:
    """Take a statement back; the row stays for the record. Raises as `give` does."""
    with write("statement.take_back", actor=actor_of(user)) as current:
        item = _open(current, code, kind, user)
        _standing(current, item, row_id, kind).taken_back_at = clock.now()


def _open(current: Session, code: str, kind: str, user: User) -> JobItem:
    """The item, locked, at a stage where this person may state this kind."""
    if kind not in KINDS:
        raise NotFound("Không có loại nội dung này.", "No such kind of statement.")
    found = current.scalar(sa.select(JobItem.id).where(JobItem.code == code))
    item = locked_item(current, found or 0)
    if item.state not in _STAGES.get(kind, _MEASURING) or item.worksheet is None:
        raise Conflict("Nội dung này đã chốt ở bước hiện tại; muốn sửa phải trả lại người đo.",
                       "It is fixed at this step; to change it, the item has to be sent back.")
    if refused := _refusal(item, kind, user):
        raise refused
    flag_modified(item, "state")  # a new version: an issue prepared meanwhile begins again
    return item


def _refusal(item: JobItem, kind: str, user: User) -> NotPermitted | None:
    try:
        if kind == "opinion":
            _require_opinion_right(item, user)
        else:
            require_permission(user, "jobs.measure")
            on = clock.today() if item.worksheet is None else item.worksheet.performed_on
            require_authorised(user.id, item.procedure.code, "perform", on)
    except NotPermitted as error:
        return error
    return None


def _require_opinion_right(item: JobItem, user: User) -> None:
    """An opinion is given by a person authorised to review or approve the procedure's results (7.8.7.1)."""
    require_permission(user, "issue.review")
    today, code = clock.today(), item.procedure.code
    if not any(is_authorised(user.id, code, activity, today) for activity in ("review", "approve")):
        raise NotPermitted(f"Chỉ người được giao soát xét hoặc phê duyệt {code} mới được nhận xét, diễn giải.",
                           f"Only a person authorised to review or approve {code} gives opinions.")


def _standing(current: Session, item: JobItem, row_id: int, kind: str) -> ItemStatement:
    row = current.get(ItemStatement, row_id)
    if row is None or row.item_id != item.id or row.kind != kind:
        raise NotFound("Không có nội dung này.", "No such statement.")
    if row.taken_back_at is not None:
        raise Conflict("Nội dung này vừa được sửa hoặc bỏ; hãy tải lại trang.",
                       "It has just been changed or taken back; reload the page.")
    return row


def _words(said: Said) -> dict[str, str]:
    """The texts as they are printed: one line each."""
    texts = {name: " ".join(clean(getattr(said, name), multiline=True).split())
             for name in ("text_vi", "text_en", "source_vi", "source_en")}
    if not texts["text_vi"]:
        raise Invalid("Hãy điền ô này.", "Fill in this field.", "text_vi")
    if said.kind in _SOURCES and not texts["source_vi"]:
        raise Invalid(*_SOURCES[said.kind], "source_vi")
    return texts
