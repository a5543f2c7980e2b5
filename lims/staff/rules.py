"""Rules of competence, without database: what lapses by disuse, which fields lack people."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from instruments.recall import add_months

LEAST_BY_LAW = 1
"""Persons per field that Decree 105/2016 as amended by 154/2018 asks for; a laboratory may ask for more."""


def overlap(first: date, last: date | None, other_first: date, other_last: date | None) -> bool:
    """Whether two periods share a day; first and last day count, None is an open end."""
    return (last is None or other_first <= last) and (other_last is None or first <= other_last)


@dataclass(frozen=True)
class Usage:
    """An authorisation in force with what is known of its use: first day, last day used, last decision to keep it."""

    authorisation_id: int
    valid_from: date
    last_on: date | None
    kept_on: date | None = None

    @property
    def since(self) -> date:
        """The day from which disuse counts."""
        return max(day for day in (self.valid_from, self.last_on, self.kept_on) if day is not None)


def disused(usages: Iterable[Usage], today: date, months: int) -> list[Usage]:
    """Those not used for `months` calendar months, longest first. Raises ValueError for less than one month."""
    if months < 1:
        raise ValueError("disuse is counted in months, at least one")
    idle = [one for one in usages if add_months(one.since, months) < today]
    return sorted(idle, key=lambda one: (one.since, one.authorisation_id))


@dataclass(frozen=True)
class FieldCover:
    """One field on a day: who may do what in it, and where fewer than wanted are qualified.

    `people[activity]`: persons authorised for a procedure of the field; `short`: (procedure, activity, number of
    persons) below what is wanted; `cards`: persons authorised to perform in the field who hold a card that names it,
    None where no procedure of the field is a verification."""

    field: str
    people: Mapping[str, frozenset[int]]
    short: tuple[tuple[str, str, int], ...]
    cards: frozenset[int] | None
    wanted: int

    @property
    def missing(self) -> dict[str, int]:
        """Activity ("card" for officers) -> how many persons are missing; without those where nobody is."""
        found = {activity: self.wanted - len(people) for activity, people in self.people.items()}
        if self.cards is not None:
            found["card"] = self.wanted - len(self.cards)
        return {name: lack for name, lack in found.items() if lack > 0}

    @property
    def unlawful(self) -> bool:
        """Nobody performs, or nobody with a card verifies."""
        return len(self.people["perform"]) < LEAST_BY_LAW or (
            self.cards is not None and len(self.cards) < LEAST_BY_LAW)


def cover(procedures: Iterable[tuple[str, str, bool]], granted: Collection[tuple[int, str, str]],
          carded: Mapping[str, Collection[int]], activities: Collection[str], wanted: int) -> list[FieldCover]:
    """Each field of these procedures [(code, field, legal)], in their order.

    `granted` are (person, procedure, activity) in force, `carded` {field: persons with a card that names it}.
    """
    fields: dict[str, list[tuple[str, bool]]] = {}
    for code, field, legal in procedures:
        fields.setdefault(field, []).append((code, legal))
    found = []
    for field, members in fields.items():
        codes = {code for code, _legal in members}
        people = {activity: frozenset(person for person, code, done in granted if done == activity and code in codes)
                  for activity in activities}
        short = tuple((code, activity, number) for code, _legal in members for activity in activities
                      if (number := len({person for person, own, done in granted
                                         if own == code and done == activity})) < wanted)
        cards = (people["perform"] & frozenset(carded.get(field, ()))
                 if any(legal for _code, legal in members) else None)
        found.append(FieldCover(field, people, short, cards, wanted))
    return found
