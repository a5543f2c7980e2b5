"""What the pages of competence show: the matrix on a day, fields and what they lack, one person's record."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lims.auth.models import User
from lims.shared.db import session
from lims.shared.organisation import Organisation
from lims.shared.text import search_key
from lims.staff.catalogue import Doing, KnownProcedure, history, procedures
from lims.staff.models import (
    ACTIVITIES,
    Authorisation,
    CompetenceEvent,
    OfficerCard,
    PersonPaper,
    TrainingNeed,
)
from lims.staff.officers import names_field
from lims.staff.rules import FieldCover, cover

LEAST = 2
SOON = timedelta(days=60)
"""How long before its end something of a person is spoken of."""


@dataclass(frozen=True)
class MatrixRow:
    """One procedure: who may do what on the day, {activity: authorisations by name}."""

    procedure: KnownProcedure
    granted: dict[str, list[Authorisation]]


@dataclass(frozen=True)
class MatrixField:
    """One field with its procedures and what it lacks."""

    word: str
    cover: FieldCover
    rows: list[MatrixRow]


@dataclass(frozen=True)
class Matrix:
    """Everything in force on a day."""

    on: date
    fields: list[MatrixField]
    people: list[User]
    authorisations: list[Authorisation]

    @property
    def lacking(self) -> list[MatrixField]:
        return [one for one in self.fields if one.cover.missing]


@dataclass(frozen=True)
class Personal:
    """One person's record; `doings` is what other features keep."""

    user: User
    authorisations: list[Authorisation]
    ended: list[Authorisation]
    cards: list[OfficerCard]
    papers: list[PersonPaper]
    needs: list[TrainingNeed]
    events: list[CompetenceEvent]
    doings: list[Doing]


@dataclass(frozen=True)
class Kept:
    """One person in the list of all: procedures with an authorisation in force, valid cards and papers, open needs,
    the day of the last training or assessment."""

    user: User
    procedures: int
    cards: int
    papers: int
    needs: int
    learned_on: date | None


@dataclass(frozen=True)
class Ending:
    """Something of a person that ends soon: a "card" (number, field), an "authorisation" (procedure, activity) or a
    "paper" (title, number)."""

    user: User
    kind: str
    what: str
    detail: str
    valid_to: date


def least_qualified() -> int:
    """How many persons this laboratory wants in each field."""
    row = session().get(Organisation, 1)
    return row.least_qualified if row is not None else LEAST


def matrix(on: date, language: str) -> Matrix:
    """Person × procedure × activity in force on a day, by field."""
    known = procedures(language)
    granted = session().scalars(sa.select(Authorisation).join(User).where(
        Authorisation.valid_from <= on, sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on))
        .order_by(User.full_name, Authorisation.id))
    counted = [row for row in granted if row.user.active]
    words: dict[str, str] = {}
    for one in known:
        words.setdefault(one.field, one.field_word)
    found = cover([(one.code, one.field, one.legal) for one in known],
                  [(row.user_id, row.procedure_code, row.activity) for row in counted],
                  _carded(on, words), ACTIVITIES, least_qualified())
    by_code: dict[str, dict[str, list[Authorisation]]] = {}
    for row in counted:
        by_code.setdefault(row.procedure_code, {}).setdefault(row.activity, []).append(row)
    fields = [MatrixField(words[one.field], one, [MatrixRow(procedure, by_code.get(procedure.code, {}))
                                                  for procedure in known if procedure.field == one.field])
              for one in found]
    return Matrix(on, fields, people(), counted)


def people() -> list[User]:
    """Everybody with an open account, by name."""
    return list(session().scalars(sa.select(User).where(User.active).order_by(User.full_name)))


def register(on: date) -> list[Kept]:
    """Everybody with an open account and what is kept of them on a day, by name; one query for each kind."""
    begun = sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on)
    count = sa.func.count()
    procedures_of = _by_person(Authorisation, sa.func.count(Authorisation.procedure_code.distinct()),
                               Authorisation.valid_from <= on, begun)
    cards_of = _by_person(OfficerCard, count, OfficerCard.in_force(on))
    papers_of = _by_person(PersonPaper, count, PersonPaper.ended_on.is_(None),
                           sa.or_(PersonPaper.valid_to.is_(None), PersonPaper.valid_to >= on))
    needs_of = _by_person(TrainingNeed, count, TrainingNeed.state == "open")
    learned = _by_person(CompetenceEvent, sa.func.max(CompetenceEvent.on), CompetenceEvent.struck_at.is_(None),
                         CompetenceEvent.on <= on)
    return [Kept(user, procedures_of.get(user.id, 0), cards_of.get(user.id, 0), papers_of.get(user.id, 0),
                 needs_of.get(user.id, 0), learned.get(user.id)) for user in people()]


def _by_person(table: type[Any], what: Any, *conditions: Any) -> dict[int, Any]:
    rows = session().execute(sa.select(table.user_id, what).where(*conditions).group_by(table.user_id))
    return {user_id: found for user_id, found in rows}  # noqa: C416  (a Row is no tuple to the type checker)


def narrowed(found: Matrix, field: str, person: int | None, text: str) -> list[MatrixField]:
    """The fields and rows that a filter leaves."""
    words = search_key(text).split()
    kept = []
    for one in found.fields:
        if field and one.cover.field != field:
            continue
        rows = [row for row in one.rows
                if all(word in search_key(row.procedure.code, row.procedure.title) for word in words)
                and (person is None or any(granted.user_id == person for held in row.granted.values()
                                           for granted in held))]
        if rows:
            kept.append(MatrixField(one.word, one.cover, rows))
    return kept


def personal(user: User, on: date) -> Personal:
    """One person's record on a day."""
    rows = _of(Authorisation, user.id, Authorisation.procedure_code, Authorisation.id)
    standing = [row for row in rows if row.valid_to is None or row.valid_to >= on]
    return Personal(
        user, standing, [row for row in rows if row not in standing],
        _of(OfficerCard, user.id, OfficerCard.valid_to.desc()), _of(PersonPaper, user.id, PersonPaper.issued_on.desc()),
        _of(TrainingNeed, user.id, TrainingNeed.target_on), _of(
            CompetenceEvent, user.id, CompetenceEvent.on.desc(), CompetenceEvent.id.desc()), history(user.id))


def open_needs() -> list[TrainingNeed]:
    """Every open need, soonest first."""
    return list(session().scalars(sa.select(TrainingNeed).where(TrainingNeed.state == "open")
                                  .order_by(TrainingNeed.target_on, TrainingNeed.id)))


def cards() -> Sequence[OfficerCard]:
    """Every officer's card, those that end last first."""
    return session().scalars(sa.select(OfficerCard).order_by(OfficerCard.valid_to.desc(), OfficerCard.id)).all()


def ending(on: date) -> list[Ending]:
    """Cards, authorisations and papers that end within SOON of the day, soonest first."""
    soon = (on, on + SOON)
    found = [Ending(card.user, "card", card.number, card.field, card.valid_to) for card in session().scalars(
        sa.select(OfficerCard).where(OfficerCard.ended_on.is_(None), OfficerCard.valid_to.between(*soon)))]
    found += [Ending(row.user, "authorisation", row.procedure_code, row.activity, row.valid_to or on)
              for row in session().scalars(sa.select(Authorisation).where(Authorisation.valid_to.between(*soon)))]
    found += [Ending(row.user, "paper", row.title, row.number, row.valid_to or on) for row in session().scalars(
        sa.select(PersonPaper).where(PersonPaper.ended_on.is_(None), PersonPaper.valid_to.between(*soon)))]
    return sorted((one for one in found if one.user.active),
                  key=lambda one: (one.valid_to, one.user.full_name, one.what))


def _of(table: type[Any], user_id: int, *order: Any) -> list[Any]:
    return list(session().scalars(sa.select(table).where(table.user_id == user_id).order_by(*order)))


def _carded(on: date, words: dict[str, str]) -> dict[str, set[int]]:
    held = list(session().scalars(sa.select(OfficerCard).where(OfficerCard.in_force(on))))
    return {field: {card.user_id for card in held if names_field(card.field, field, word)}
            for field, word in words.items()}
