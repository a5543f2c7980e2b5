"""Use cases of stickers and seals. A number is taken by compare-and-set: of two people at once, one gets it.

`settle` and `withdraw` run inside the transaction that issues or withdraws a document, so that number, sticker and
document stand or fall together.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from lims.auth.models import User
from lims.jobs import procedures, states
from lims.jobs.models import JobItem
from lims.jobs.service import get_item
from lims.legal import sticker_rules as rules
from lims.legal import subject
from lims.legal.sticker_models import KINDS, Sticker, StickerMove, StickerSeries
from lims.shared import audit, clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound
from lims.shared.text import clean, clean_identifier

ATTEMPTS = 20
LONGEST_PREFIX, WIDEST = 20, 9


@dataclass(frozen=True)
class NewSeries:
    """What came in: kind, first and last number as printed, when, from whom."""

    kind: str
    first: str
    last: str
    received_on: date
    supplier: str = ""
    note: str = ""


def receive(new: NewSeries, user: User) -> StickerSeries:
    """Take in a series. Raises Invalid at `kind`, `first`, `last`; Conflict where a number is known already."""
    start, end = rules.taken_apart(clean_identifier(new.first)), rules.taken_apart(clean_identifier(new.last))
    if new.kind not in KINDS:
        raise Invalid("Hãy chọn loại.", "Choose the kind.", "kind")
    if start is None or len(start[0]) > LONGEST_PREFIX:
        raise Invalid("Số đầu phải kết thúc bằng chữ số, ví dụ 26V.00001.", "The first number ends in digits.", "first")
    if end is None or end[0] != start[0] or end[2] != start[2] or end[1] < start[1]:
        raise Invalid("Số cuối cùng dạng với số đầu và không nhỏ hơn.",
                      "The last number has the form of the first and is not smaller.", "last")
    if end[1] - start[1] >= rules.MOST_AT_ONCE:
        raise Invalid(f"Mỗi lần nhận nhiều nhất {rules.MOST_AT_ONCE} số.",
                      f"At most {rules.MOST_AT_ONCE} numbers at once.", "last")
    prefix, first, width = start
    numbers = [rules.written(prefix, serial, width) for serial in range(first, end[1] + 1)]
    with write("sticker.receive", actor=_actor(user)) as current:
        known = current.scalar(sa.select(Sticker.number).where(
            Sticker.kind == new.kind, Sticker.number.in_(numbers[:1] + numbers[-1:])).limit(1))
        known = known or current.scalar(sa.select(Sticker.number).join(
            StickerSeries, StickerSeries.id == Sticker.series_id).where(
            Sticker.kind == new.kind, StickerSeries.prefix == prefix, StickerSeries.width == width,
            Sticker.serial.between(first, end[1])).limit(1))
        if known is not None:
            raise Invalid(f"Số {known} đã có trong sổ.", f"Number {known} is in the ledger already.", "first")
        series = StickerSeries(kind=new.kind, prefix=prefix, first=first, last=end[1], width=width,
                               received_on=new.received_on, supplier=clean(new.supplier), note=clean(new.note))
        current.add(series)
        current.flush()
        current.execute(sa.insert(Sticker), [
            {"series_id": series.id, "kind": new.kind, "number": number, "serial": first + place, "state": "stock"}
            for place, number in enumerate(numbers)])
        _moved(current, series.id, first, end[1], "receive", user.id, reason=series.supplier)
    return series


def move(series_id: int, first: str, last: str, act: str, user: User, *, holder_id: int | None = None,
         job_id: int | None = None, reason: str = "") -> int:
    """Assign, return, spoil or lose a run of numbers; how many. All of them or none.

    Raises Invalid at `first`, `last`, `holder`, `reason`; Conflict when one of them is elsewhere.
    """
    series, (low, high) = _run(series_id, first, last)
    if act not in ("assign", "return", "spoil", "lose"):
        raise Invalid("Không có việc này.", "No such act.", "act")
    if act in ("spoil", "lose") and not clean(reason):
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    if act == "assign" and (holder_id is None or not _active(holder_id)):
        raise Invalid("Hãy chọn người nhận.", "Choose who receives them.", "holder")
    count = high - low + 1
    with write(f"sticker.{act}", reason=clean(reason), actor=_actor(user)) as current:
        rows = current.scalars(sa.select(Sticker).where(
            Sticker.series_id == series.id, Sticker.serial.between(low, high)).with_for_update(of=Sticker)
            .execution_options(populate_existing=True)).all()
        wrong = [row.number for row in rows if rules.after(row.state, act) is None]
        if wrong or len(rows) != count:
            raise Conflict(f"Số {wrong[0] if wrong else first} không còn ở chỗ cho phép việc này.",
                           f"Number {wrong[0] if wrong else first} is not where this can be done.", "first")
        for item in {row.item_id for row in rows if row.item_id is not None}:
            get_item(item).sticker = ""  # it was put aside for the item, and is no more
        holders = {row.holder_id for row in rows}
        for holder in holders if act != "assign" else {holder_id}:
            own = [row.serial for row in rows if act == "assign" or row.holder_id == holder]
            for low_part, high_part in _runs(own):
                _moved(current, series.id, low_part, high_part, act, user.id, holder_id=holder, reason=clean(reason))
        _update(current, [row.id for row in rows], act, [row.state for row in rows], holder_id=(
            holder_id if act == "assign" else None if act == "return" else _KEEP), job_id=job_id, item_id=None)
    return count


def draw(item_id: int, user: User, number: str = "", *, seal: bool = False) -> str:
    """Put a sticker aside for an item: the number asked for, or the lowest in the person's hand (the job's first).

    An item has one sticker and any number of seals. Raises Invalid at `number`; Conflict when the item has its sticker
    already or nothing is in the hand.
    """
    for _attempt in range(ATTEMPTS):
        with write("sticker.draw", actor=_actor(user)) as current:
            item = _open_item(current, item_id)
            if item.sticker and not seal:
                raise Conflict(f"Mục này đã có tem {item.sticker}.", f"The item has sticker {item.sticker} already.")
            found = _candidate(current, item, user, number, "seal" if seal else kind_of(item))
            if _take(current, found, item):
                if not seal:
                    item.sticker, item.sticker_waived = found.number, ""
                _moved(current, found.series_id, found.serial, found.serial, "draw", user.id, holder_id=user.id,
                       item_code=item.code)
                return found.number
    raise Conflict("Sổ tem đang bận; hãy thử lại.", "The ledger is busy; try again.")


def release(item_id: int, user: User, *, number: str, spoiled: str = "") -> None:
    """Take a number of an item back into the hand, or, with a reason, count it as spoiled."""
    with write("sticker.release", reason=clean(spoiled), actor=_actor(user)) as current:
        item = _open_item(current, item_id)
        held = next((one for one in _of_item(current, item, "drawn") if one.number == number), None)
        if held is None:
            raise Conflict("Mục này không giữ số ấy.", "That number is not put aside for this item.")
        seal = held.kind == "seal"
        act = "spoil" if clean(spoiled) else "release"
        _moved(current, held.series_id, held.serial, held.serial, act, user.id, holder_id=held.holder_id,
               item_code=item.code, reason=clean(spoiled))
        _update(current, [held.id], act, ["drawn"], holder_id=_KEEP, job_id=_KEEP, item_id=None)
        if not seal:
            item.sticker = ""


def waive(item_id: int, reason: str, user: User) -> None:
    """Say why no sticker is put on the item: it has no room, or the law asks for none."""
    if not clean(reason):
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("sticker.waive", reason=clean(reason), actor=_actor(user)) as current:
        item = _open_item(current, item_id)
        if item.sticker:
            raise Conflict("Hãy trả tem trước.", "Give the sticker back first.")
        item.sticker_waived = clean(reason)


def settle(current: Session, item: JobItem, passed: bool, by_id: int) -> None:
    """The document of an item is being issued: its sticker is used; after a failure the old one is void.

    Raises Conflict when the number went elsewhere meanwhile.
    """
    if not item.sticker and item.service != "verification":
        return
    for drawn in _of_item(current, item, "drawn"):
        _moved(current, drawn.series_id, drawn.serial, drawn.serial, "use" if passed else "release", by_id,
               holder_id=drawn.holder_id, item_code=item.code)
        _update(current, [drawn.id], "use" if passed else "release", ["drawn"], holder_id=_KEEP, job_id=_KEEP,
                item_id=item.id if passed else None)
    if not passed:
        item.sticker = ""
    if not passed and item.service == "verification":
        void(current, _of_same(item, _on_instrument(current, item.instrument_id)), item.code,
             rules.FAILED, by_id)


def withdraw(current: Session, item: JobItem, reason: str, by_id: int) -> None:
    """The document of an item no longer counts: the sticker that tells of it is void."""
    used = [one for one in _of_item(current, item, "used") if one.kind != "seal"]
    void(current, used, item.code, reason, by_id)


def void(current: Session, used: Sequence[Sticker], item_code: str, reason: str, by_id: int) -> None:
    """Stickers that are stuck on and no longer tell the truth."""
    for row in used:
        _moved(current, row.series_id, row.serial, row.serial, "void", by_id, holder_id=row.holder_id,
               item_code=item_code, reason=reason[:200])
        _update(current, [row.id], "void", ["used"], holder_id=_KEEP, job_id=_KEEP, item_id=_KEEP)


def earlier_on(item: JobItem) -> list[Sticker]:
    """Stickers of this ledger that earlier verifications of the same thing left on the instrument, not void."""
    stuck = [one for one in _on_instrument(session(), item.instrument_id) if one.item_id != item.id]
    return _of_same(item, stuck)


def _of_same(item: JobItem, stuck: Sequence[Sticker]) -> list[Sticker]:
    """Those that tell of what this item is verified for."""
    own = subject.subject_of(item)
    return [one for one in stuck if one.item is not None and subject.same(own, subject.subject_of(one.item))]


@dataclass(frozen=True)
class Standing:
    """What the ledger says of an item that is about to be issued."""

    kept: bool
    """Whether the laboratory keeps a ledger of this kind of sticker."""
    seals: tuple[str, ...] = ()
    """Numbers of the seals put aside for the item, or on it."""
    old: tuple[str, ...] = ()
    """Stickers of earlier verifications that are still on the instrument."""


def standing(item: JobItem) -> Standing:
    """The standing of a verification; of other services nothing is asked."""
    if item.service != "verification":
        return Standing(False)
    own = of_item(item.id)
    return Standing(kept(kind_of(item)), tuple(one.number for one in own if one.kind == "seal"),
                    tuple(one.number for one in earlier_on(item)))


def kept(kind: str) -> bool:
    """Whether the laboratory keeps a ledger of this kind at all."""
    return session().scalar(sa.select(StickerSeries.id).where(StickerSeries.kind == kind).limit(1)) is not None


def kind_of(item: JobItem) -> str:
    """Kind of the sticker that an item gets."""
    return procedures.procedure_of(item).sticker or (
        "verification" if item.service == "verification" else "calibration")


def in_hand(user_id: int, kind: str, limit: int = 20) -> list[Sticker]:
    """The lowest numbers of a person's hand."""
    return list(session().scalars(sa.select(Sticker).where(
        Sticker.holder_id == user_id, Sticker.kind == kind, Sticker.state == "assigned")
        .order_by(Sticker.series_id, Sticker.serial).limit(limit)))


class _Keep:
    """Marks a column that an update leaves as it is."""


_KEEP = _Keep()


def _run(series_id: int, first: str, last: str) -> tuple[StickerSeries, tuple[int, int]]:
    series = session().get(StickerSeries, series_id)
    if series is None:
        raise NotFound("Không có loạt tem này.", "No such series.")
    low, high = _serial(series, first, "first"), _serial(series, last or first, "last")
    if high < low:
        raise Invalid("Số cuối nhỏ hơn số đầu.", "The last number is smaller than the first.", "last")
    return series, (low, high)


def _serial(series: StickerSeries, number: str, field: str) -> int:
    parts = rules.taken_apart(number.strip())
    if parts is None or parts[0] not in ("", series.prefix) or not series.first <= parts[1] <= series.last:
        raise Invalid(f"Số này không thuộc loạt {series.prefix}{series.first:0{series.width}d} trở đi.",
                      "This number is not of the series.", field)
    return parts[1]


def _runs(serials: Sequence[int]) -> list[tuple[int, int]]:
    """Consecutive runs of sorted numbers as (first, last)."""
    found: list[tuple[int, int]] = []
    for serial in sorted(serials):
        if found and found[-1][1] == serial - 1:
            found[-1] = (found[-1][0], serial)
        else:
            found.append((serial, serial))
    return found


def _open_item(current: Session, item_id: int) -> JobItem:
    item = current.scalar(sa.select(JobItem).where(JobItem.id == item_id).with_for_update(of=JobItem)
                          .execution_options(populate_existing=True))
    if item is None:
        raise NotFound("Không có mục này.", "No such item.")
    if item.state not in states.BEFORE_ISSUE:
        raise Conflict("Mục này đã cấp giấy hoặc đã hủy.", "The item's document was issued, or it was cancelled.")
    return item


def _candidate(current: Session, item: JobItem, user: User, number: str, kind: str) -> Sticker:
    query = sa.select(Sticker).where(Sticker.kind == kind, Sticker.state == "assigned", Sticker.holder_id == user.id)
    if number:
        found = current.scalar(query.where(Sticker.number == clean_identifier(number)))
        if found is None:
            raise Invalid("Số này không ở trong tay bạn, hoặc đã dùng.", "This number is not in your hand, or used.",
                          "number")
        return found
    query = query.where(sa.or_(Sticker.job_id.is_(None), Sticker.job_id == item.job_id))
    lowest = (query.order_by(Sticker.job_id.is_(None), Sticker.series_id, Sticker.serial).limit(1)
              .execution_options(populate_existing=True))
    # past a number that somebody is just taking: who comes second would else run after the first
    found = current.scalar(lowest.with_for_update(of=Sticker, skip_locked=True)) or current.scalar(lowest)
    if found is None:
        raise Conflict("Bạn không còn tem loại này; hãy nhận thêm.", "You have no sticker of this kind left.")
    return found


def _take(current: Session, found: Sticker, item: JobItem) -> bool:
    """Compare-and-set: whether the number was still free."""
    taken = current.execute(sa.update(Sticker).where(
        Sticker.id == found.id, Sticker.state == "assigned", Sticker.item_id.is_(None))
        .values(state="drawn", item_id=item.id).execution_options(synchronize_session=False))
    current.expire(found, ["state", "item_id"])
    return bool(taken.rowcount == 1)  # type: ignore[attr-defined]


def _update(current: Session, ids: Sequence[int], act: str, before: Sequence[str], *, holder_id: int | _Keep | None,
            job_id: int | _Keep | None, item_id: int | _Keep | None) -> None:
    """Move numbers from the states in which they were read; Conflict when one moved meanwhile."""
    columns = {name: value for name, value in (("holder_id", holder_id), ("job_id", job_id), ("item_id", item_id))
               if not isinstance(value, _Keep)}
    (after,) = {rules.ACTS[act][state] for state in before}
    done = current.execute(sa.update(Sticker).where(Sticker.id.in_(ids), Sticker.state.in_(set(before)))
                           .values(state=after, **columns).execution_options(synchronize_session=False))
    if done.rowcount != len(ids):  # type: ignore[attr-defined]
        raise Conflict("Tem vừa được người khác dùng; hãy tải lại.", "Somebody has just moved a sticker; reload.")
    for row in [one for one in current.identity_map.values() if isinstance(one, Sticker) and one.id in set(ids)]:
        current.expire(row)


def of_item(item_id: int) -> list[Sticker]:
    """The sticker and seals that an item holds or carries."""
    return list(session().scalars(sa.select(Sticker).where(Sticker.item_id == item_id, Sticker.state != "void")
                                  .order_by(Sticker.kind.desc(), Sticker.serial)))


def _of_item(current: Session, item: JobItem, state: str) -> list[Sticker]:
    return list(current.scalars(sa.select(Sticker).where(Sticker.item_id == item.id, Sticker.state == state)
                                .execution_options(populate_existing=True)))


def _on_instrument(current: Session, instrument_id: int) -> list[Sticker]:
    return list(current.scalars(sa.select(Sticker).join(JobItem, JobItem.id == Sticker.item_id).where(
        JobItem.instrument_id == instrument_id, Sticker.state == "used", Sticker.kind == "verification")))


def _moved(current: Session, series_id: int, first: int, last: int, act: str, by_id: int, *,
           holder_id: int | None = None, item_code: str = "", reason: str = "") -> None:
    current.add(StickerMove(series_id=series_id, first=first, last=last, act=act, holder_id=holder_id,
                            item_code=item_code, reason=reason, day=clock.today(), at=clock.now(), by_id=by_id))
    audit.note(current, "stickers", f"{series_id}:{first}-{last}", "update", {"act": [None, act]})


def _active(user_id: int) -> bool:
    found = session().get(User, user_id)
    return found is not None and found.active


def _actor(user: User) -> tuple[str, str]:
    return str(user.id), user.full_name
