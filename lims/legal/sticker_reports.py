"""What the ledger tells: the balance of each series, who holds what, and a person's day against the count."""
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from lims.auth.models import User
from lims.legal.sticker_models import KINDS, Sticker, StickerCount, StickerMove, StickerSeries
from lims.legal.sticker_rules import Balance, Hand, hand
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.text import clean

MOST_COUNTED = 100_000


@dataclass(frozen=True)
class SeriesLine:
    """One series with the states of its numbers."""

    series: StickerSeries
    balance: Balance


@dataclass(frozen=True)
class HandLine:
    """One person's stickers of one kind on a day, and what was counted."""

    person: User
    kind: str
    hand: Hand
    count: StickerCount | None


def balances() -> list[SeriesLine]:
    """Every series, newest first, as it stands now."""
    rows = session().scalars(sa.select(StickerSeries).order_by(StickerSeries.id.desc())).all()
    return balanced(rows)


def balanced(series: Sequence[StickerSeries]) -> list[SeriesLine]:
    """These series as they stand now."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for series_id, state, number in session().execute(
            sa.select(Sticker.series_id, Sticker.state, sa.func.count())
            .where(Sticker.series_id.in_([row.id for row in series])).group_by(Sticker.series_id, Sticker.state)):
        counts[series_id][state] = number
    return [SeriesLine(row, Balance(counts[row.id])) for row in series]


def holdings() -> list[tuple[User, str, int, str, str]]:
    """(person, kind, how many, lowest, highest number) of everybody who holds some."""
    rows = session().execute(
        sa.select(Sticker.holder_id, Sticker.kind, sa.func.count(), sa.func.min(Sticker.number),
                  sa.func.max(Sticker.number))
        .where(Sticker.state.in_(("assigned", "drawn")), Sticker.holder_id.is_not(None))
        .group_by(Sticker.holder_id, Sticker.kind)).all()
    people = {row.id: row for row in session().scalars(sa.select(User).where(
        User.id.in_([row[0] for row in rows])))}
    found = [(people[row[0] or 0], row[1], row[2], row[3], row[4]) for row in rows]
    return sorted(found, key=lambda one: (one[0].full_name, one[1]))


def day(on: date) -> list[HandLine]:
    """Everybody who held or moved a sticker on the day, with what must lie in the hand in the evening."""
    before: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    today: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    number = sa.func.sum(StickerMove.last - StickerMove.first + 1)
    rows = session().execute(
        sa.select(StickerMove.holder_id, StickerSeries.kind, StickerMove.act, StickerMove.day == on, number)
        .join(StickerSeries, StickerSeries.id == StickerMove.series_id)
        .where(StickerMove.day <= on, StickerMove.holder_id.is_not(None))
        .group_by(StickerMove.holder_id, StickerSeries.kind, StickerMove.act, StickerMove.day == on))
    for holder_id, kind, act, same_day, moved in rows:
        (today if same_day else before)[(holder_id or 0, kind)][act] += int(moved)
    counted = {(row.holder_id, row.kind): row for row in session().scalars(
        sa.select(StickerCount).where(StickerCount.day == on).order_by(StickerCount.id))}
    people = {row.id: row for row in session().scalars(sa.select(User).where(
        User.id.in_({holder for holder, _kind in (*before, *today)})))}
    lines = [HandLine(people[holder], kind, hand(before[holder, kind].items(), today[holder, kind].items()),
                      counted.get((holder, kind)))
             for holder, kind in sorted({*before, *today}, key=lambda key: (people[key[0]].full_name, key[1]))]
    return [line for line in lines if line.hand.opening or line.hand.acts]


def count(on: date, holder_id: int, kind: str, counted: int, note: str, user: User) -> StickerCount:
    """Write down what was counted. Raises Invalid at `counted`, `note`; Conflict for somebody who holds nothing."""
    if kind not in KINDS or not 0 <= counted <= MOST_COUNTED:
        raise Invalid("Cần một số nguyên từ 0 trở lên.", "A whole number from 0 is needed.", "counted")
    if on > clock.today():
        raise Invalid("Ngày ở tương lai.", "The day is in the future.", "counted")
    with write("sticker.count", reason=clean(note), actor=(str(user.id), user.full_name)) as current:
        line = next((one for one in day(on) if (one.person.id, one.kind) == (holder_id, kind)), None)
        if line is None:
            raise Conflict("Ngày ấy người này không giữ tem loại này.", "This person held none of this kind that day.")
        if counted != line.hand.closing and not clean(note):
            raise Invalid(f"Sổ tính {line.hand.closing}, đếm được {counted}: hãy ghi vì sao lệch.",
                          f"The ledger says {line.hand.closing}, counted {counted}: say why they differ.", "note")
        row = StickerCount(day=on, holder_id=holder_id, kind=kind, expected=line.hand.closing, counted=counted,
                           note=clean(note), at=clock.now(), by_id=user.id)
        current.add(row)
    return row


def moves(series_id: int | None = None, limit: int = 50) -> list[StickerMove]:
    """The newest moves, of one series or of all."""
    query = sa.select(StickerMove).order_by(StickerMove.id.desc()).limit(limit)
    if series_id is not None:
        query = query.where(StickerMove.series_id == series_id)
    return list(session().scalars(query))


def numbers(series_id: int, state: str = "", after: int = 0, limit: int = 100) -> list[Sticker]:
    """Numbers of a series in their order, of one state or all."""
    query = sa.select(Sticker).where(Sticker.series_id == series_id, Sticker.serial > after)
    if state:
        query = query.where(Sticker.state == state)
    return list(session().scalars(query.order_by(Sticker.serial).limit(limit)))
