"""The life of one number of a sticker or seal, and the arithmetic of stock: pure rules, without a database."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STATES = ("stock", "assigned", "drawn", "used", "spoiled", "lost", "void")
ACTS = {
    "assign": {"stock": "assigned"},
    "return": {"assigned": "stock"},
    "draw": {"assigned": "drawn"},
    "release": {"drawn": "assigned"},
    "use": {"drawn": "used"},
    "spoil": {"stock": "spoiled", "assigned": "spoiled", "drawn": "spoiled"},
    "lose": {"stock": "lost", "assigned": "lost", "drawn": "lost"},
    "void": {"used": "void"},
}
"""Act -> {state before: state after}. Nothing leads back from used, spoiled, lost and void."""
MOST_AT_ONCE = 5_000
FAILED = "kiểm định không đạt"
"""Why a sticker is void whose instrument failed a later verification, as the ledger keeps it."""
_NUMBER = re.compile(r"^(.*?)([0-9]{1,9})$", re.ASCII)


def after(state: str, act: str) -> str | None:
    """The state that the act leads to; None where it is not possible."""
    return ACTS[act].get(state)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number is by its moves: its state, in whose hand (id of the person), for which item (code)."""

    state: str
    holder_id: int | None = None
    item_code: str = ""


def moved(place: Place | None, act: str, holder_id: int | None, item_code: str) -> Place | None:
    """Where a move puts a number that was at `place` (None: not in the ledger); None where it cannot make this move."""
    if act == "receive":
        return Place("stock") if place is None else None
    state = after(place.state, act) if place is not None else None
    if state is None or place is None:
        return None
    if act == "assign":
        return Place(state, holder_id)
    if act == "return":
        return Place(state)
    if act in ("draw", "use"):
        return Place(state, place.holder_id, item_code)
    return Place(state, place.holder_id, place.item_code if act == "void" else "")


def written(prefix: str, serial: int, width: int) -> str:
    """The number as it is printed on the sticker: prefix and digits, filled up with zeros."""
    return f"{prefix}{serial:0{width}d}"


def taken_apart(number: str) -> tuple[str, int, int] | None:
    """(prefix, serial, width) of a printed number; None for one that does not end in digits."""
    match = _NUMBER.fullmatch(number)
    return (match[1], int(match[2]), len(match[2])) if match else None


@dataclass(frozen=True, slots=True)
class Balance:
    """How many numbers of a stock are where. `received` is their sum; `left` can still be used."""

    counts: Mapping[str, int]

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """In stock, in somebody's hand, or put aside for an item."""
        return sum(self.counts.get(state, 0) for state in ("stock", "assigned", "drawn"))

    @property
    def issued(self) -> int:
        """Stuck on an instrument at some time."""
        return self.counts.get("used", 0) + self.counts.get("void", 0)


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's day: what was held in the morning, what came and went, what must be there in the evening."""

    opening: int
    acts: Mapping[str, int]

    @property
    def closing(self) -> int:
        """Stickers that must lie in the hand: those put aside for an item are still there, used ones are not."""
        return self.opening + held_change(self.acts.items())


IN_HAND = {"assign": 1, "return": -1, "draw": 0, "release": 0, "use": -1, "spoil": -1, "lose": -1, "void": 0,
           "receive": 0}
"""By how much each act changes what the person holds; drawn stickers count until they are stuck on."""


def held_change(acts: Iterable[tuple[str, int]]) -> int:
    """The change of a person's holding by (act, how many)."""
    return sum(IN_HAND[act] * number for act, number in acts)


def hand(before: Iterable[tuple[str, int]], today: Iterable[tuple[str, int]]) -> Hand:
    """A person's day from all moves before it and those of it."""
    counts: Counter[str] = Counter()
    for act, number in today:
        counts[act] += number
    return Hand(held_change(before), counts)
