"""Use cases beside the plan's text: entries with evidence, overrides, difficulties, disagreements of the text."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from lims.auth.models import User
from lims.plans import service
from lims.plans.models import PlanDifficulty, PlanDiscrepancy, PlanEntry, PlanOverride
from lims.plans.progress import progress_of
from lims.plans.service import named
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.files import store

EVIDENCE = ("application/pdf", "image/png", "image/jpeg")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What was done on a day; `quantity` counts for `target_id` when evidence stands with it."""

    on: date
    text: str
    target_id: int | None = None
    quantity: Decimal | None = None
    link: str = ""
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """Two places of a plan and what each of them says."""

    one_place: str
    one_says: str
    other_place: str
    other_says: str
    item_id: int | None = None


def add_entry(item_id: int, entry: Entry, *, by: User) -> PlanEntry:
    """Enter what was done. Raises Invalid at its fields."""
    if entry.on > clock.today():
        raise Invalid("Ngày này chưa tới.", "This day is still to come.", "on")
    if not entry.text.strip():
        raise Invalid("Hãy ghi việc đã làm.", "Say what was done.", "text")
    if entry.quantity is not None and entry.quantity < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "quantity")
    _check_link(entry.link)
    with write("plan.entry", actor=named(by)) as current:
        row = service.item(item_id)
        service.open_plan(row.plan_id)
        if entry.target_id is not None and entry.target_id not in {one.id for one in row.targets}:
            raise Invalid("Chỉ tiêu không thuộc nhiệm vụ này.", "The target is not of this item.", "target_id")
        stored = store(current, *entry.file, accepted=EVIDENCE) if entry.file is not None else None
        current.flush()
        added = PlanEntry(item_id=row.id, target_id=entry.target_id, on=entry.on, text=entry.text,
                          quantity=entry.quantity, link=entry.link, file_id=stored.id if stored else None,
                          at=clock.now(), by_id=by.id)
        current.add(added)
        current.flush()
    return added


def strike_entry(entry_id: int, reason: str, *, by: User) -> PlanEntry:
    """Take an entry out of the count; it stays readable with the reason."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("plan.strike_entry", actor=named(by), reason=reason) as current:
        row = current.get(PlanEntry, entry_id)
        if row is None:
            raise NotFound("Không có mục này.", "No such entry.")
        service.open_plan(service.item(row.item_id).plan_id)
        if row.struck_at is not None:
            raise Conflict("Mục này đã được gạch.", "This entry was struck out already.")
        row.struck_at, row.struck_reason = clock.now(), reason
    return row


def override(target_id: int, value: Decimal | None, reason: str, *, by: User) -> None:
    """Put a number in the place of the computed one, with a reason; None takes the last one back."""
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    if value is not None and value < 0:
        raise Invalid("Số này không âm.", "This number is not negative.", "value")
    with write("plan.override", actor=named(by), reason=reason) as current:
        row = service.target(target_id)
        service.open_plan(row.item.plan_id)
        computed = progress_of(row, clock.today()).computed
        current.add(PlanOverride(target_id=row.id, value=value, computed=computed, reason=reason, at=clock.now(),
                                 by_id=by.id))


def raise_difficulty(item_id: int, text: str, *, by: User) -> PlanDifficulty:
    """Something stands in the way."""
    if not text.strip():
        raise Invalid("Hãy ghi khó khăn.", "Say what stands in the way.", "text")
    with write("plan.difficulty", actor=named(by)) as current:
        row = service.item(item_id)
        service.open_plan(row.plan_id)
        added = PlanDifficulty(item_id=row.id, raised_on=clock.today(), raised_by_id=by.id, text=text)
        current.add(added)
        current.flush()
    return added


def escalate(difficulty_id: int, to: str, *, by: User) -> PlanDifficulty:
    """Take a difficulty to somebody above."""
    if not to.strip():
        raise Invalid("Hãy ghi báo cáo cho ai.", "Say to whom.", "to")
    with write("plan.escalate", actor=named(by)):
        row = _difficulty(difficulty_id)
        row.escalated_to, row.escalated_on = to, clock.today()
    return row


def resolve(difficulty_id: int, resolution: str, *, by: User) -> PlanDifficulty:
    """It is out of the way, and how."""
    if not resolution.strip():
        raise Invalid("Hãy ghi cách giải quyết.", "Say how it was resolved.", "resolution")
    with write("plan.resolve", actor=named(by)):
        row = _difficulty(difficulty_id)
        row.resolution, row.resolved_on = resolution, clock.today()
    return row


def note_disagreement(plan_id: int, found: Disagreement, *, by: User) -> None:
    """Record that two places of the text disagree."""
    for name in ("one_place", "one_says", "other_place", "other_says"):
        if not getattr(found, name).strip():
            raise Invalid("Hãy điền ô này.", "Fill in this field.", name)
    with write("plan.disagreement", actor=named(by)) as current:
        row = service.open_plan(plan_id)
        if found.item_id is not None and found.item_id not in {one.id for one in row.items}:
            raise Invalid("Hãy chọn nhiệm vụ.", "Choose the item.", "item_id")
        current.add(PlanDiscrepancy(plan_id=row.id, item_id=found.item_id, one_place=found.one_place,
                                    one_says=found.one_says, other_place=found.other_place,
                                    other_says=found.other_says))


def settle(discrepancy_id: int, text: str, *, by: User) -> PlanDiscrepancy:
    """Say what holds; both readings stay shown."""
    if not text.strip():
        raise Invalid("Hãy ghi cách hiểu được chọn.", "Say which reading holds.", "settled")
    with write("plan.settle", actor=named(by)) as current:
        row = current.get(PlanDiscrepancy, discrepancy_id)
        if row is None:
            raise NotFound("Không có điểm này.", "No such point.")
        row.settled, row.settled_at, row.settled_by_id = text, clock.now(), by.id
    return row


def entry(entry_id: int) -> PlanEntry:
    """The entry, or NotFound."""
    found = session().get(PlanEntry, entry_id)
    if found is None:
        raise NotFound("Không có mục này.", "No such entry.")
    return found


def _difficulty(difficulty_id: int) -> PlanDifficulty:
    row = session().get(PlanDifficulty, difficulty_id)
    if row is None:
        raise NotFound("Không có khó khăn này.", "No such difficulty.")
    if row.resolved_on is not None:
        raise Conflict("Khó khăn này đã được giải quyết.", "This difficulty was resolved already.")
    return row


def _check_link(link: str) -> None:
    if not link:
        return
    try:
        parts = urlsplit(link)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and not any(c.isspace() for c in link)
    except ValueError:
        right = False
    if not right:
        raise Invalid("Địa chỉ bắt đầu bằng https:// hoặc http://.", "The address begins with https:// or http://.",
                      "link")
