"""What expires for persons: officer cards, papers, authorisations, training needs; by the stages of every due date.

Features further right add what somebody answers for (a statutory report) with words and a page of their own."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from instruments.recall import STAGES, Stage, stage_due
from instruments.words import Words
from lims.alerts.models import PersonAlert, PersonAlertNotice
from lims.auth.models import Role, User
from lims.shared import clock
from lims.shared.db import session
from lims.staff.models import Authorisation, OfficerCard, PersonPaper, TrainingNeed

FARTHEST = timedelta(days=60)
LONGEST_LABEL = 120
_NUMBER: dict[Stage, int] = {stage: -1 if stage == "overdue" else int(stage) for stage in STAGES}
_STAGE = {number: stage for stage, number in _NUMBER.items()}
Key = tuple[str, int, date]


@dataclass(frozen=True)
class Source:
    """A kind of due dates that a feature further right keeps: its words, what to do, what is due by a day (given today
    and that day), and the path of the page of one of them by its `subject_id`."""

    kind: str
    word: Words
    todo: Words
    found: Callable[[date, date], list[Expiring]]
    path: Callable[[int], str]


def add_source(app: Flask, source: Source) -> None:
    """Remind of these as well. Raises ValueError for a second source of the kind."""
    known: dict[str, Source] = app.extensions.setdefault("due_sources", {})
    if source.kind in known:
        raise ValueError(f"two sources of {source.kind!r}")
    known[source.kind] = source


def source_of(kind: str) -> Source | None:
    """Who keeps a kind; None for the kinds of this module."""
    known: dict[str, Source] = current_app.extensions.get("due_sources", {})
    return known.get(kind)


def path_of(kind: str, subject_id: int, user_id: int) -> str:
    """The path of the page on which something is put right: the source's, or the person's record."""
    source = source_of(kind)
    return source.path(subject_id) if source is not None else f"/staff/people/{user_id}"


@dataclass(frozen=True)
class Expiring:
    """Something whose last day is near or past."""

    user_id: int
    kind: str
    subject_id: int
    label: str
    due_on: date

    @property
    def key(self) -> Key:
        return self.kind, self.subject_id, self.due_on


ANSWERABLE = ("head", "quality_manager")
"""Who answers for what concerns the whole laboratory (law, statutory reports, difficulties of the plan): the first of
these who is there."""


def who_answers(roles: Sequence[str]) -> User | None:
    """The first person with an open account in the first of these roles that anybody has."""
    for role in roles:
        found = session().scalars(sa.select(User).where(User.active, User.roles.any(Role.name == role))
                                  .order_by(User.id).limit(1)).first()
        if found is not None:
            return found
    return None


def wanted(today: date) -> list[PersonAlert]:
    """The alerts that are due and not there yet."""
    near = expiring(today)
    sent: defaultdict[Key, list[Stage]] = defaultdict(list)
    for kind, subject, due, number in session().execute(sa.select(
            PersonAlert.kind, PersonAlert.subject_id, PersonAlert.due_on, PersonAlert.stage).where(
            PersonAlert.subject_id.in_({one.subject_id for one in near}))):
        sent[kind, subject, due].append(_STAGE[number])
    return [PersonAlert(user_id=one.user_id, kind=one.kind, subject_id=one.subject_id, label=one.label,
                        due_on=one.due_on, stage=_NUMBER[stage], created_at=clock.now())
            for one in near if (stage := stage_due(one.due_on, today, sent[one.key])) is not None]


def expiring(today: date, within: timedelta = FARTHEST) -> list[Expiring]:
    """Everything of persons with open accounts that ends within that time or has ended and was not renewed."""
    until = today + within
    added: dict[str, Source] = current_app.extensions.get("due_sources", {})
    return [*_cards(until), *_papers(until), *_authorisations(today, until), *_needs(until),
            *(one for source in added.values() for one in source.found(today, until))]


def untold(current: Session, managers: Sequence[User], today: date) -> list[tuple[User, PersonAlert]]:
    """Alerts that wait, each with those who were not told of it yet: the person and the quality managers."""
    alerts = _waiting(current, today, sa.or_(PersonAlert.snoozed_until.is_(None), PersonAlert.snoozed_until <= today))
    if not alerts:
        return []
    told: defaultdict[int, set[int]] = defaultdict(set)
    for alert_id, user_id in current.execute(sa.select(PersonAlertNotice.alert_id, PersonAlertNotice.user_id).where(
            PersonAlertNotice.alert_id.in_([one.id for one in alerts]))):
        told[alert_id].add(user_id)
    return [(user, alert) for alert in alerts
            for user in {user.id: user for user in (*managers, alert.user)}.values()
            if user.active and user.email and user.id not in told[alert.id]]


def open_alerts(user: User, *, everybody: bool, snoozed: bool) -> list[PersonAlert]:
    """Alerts that wait: neither acknowledged, put off nor settled; most urgent first."""
    today = clock.today()
    put_off = PersonAlert.snoozed_until > today
    conditions = [put_off if snoozed else sa.or_(PersonAlert.snoozed_until.is_(None), ~put_off)]
    if not everybody:
        conditions.append(PersonAlert.user_id == user.id)
    return _waiting(session(), today, *conditions)


def _waiting(current: Session, today: date, *conditions: sa.ColumnElement[bool]) -> list[PersonAlert]:
    """Not acknowledged, the nearest stage of its due date, and what it tells of still ends on that day."""
    nearer = sa.orm.aliased(PersonAlert)
    query = sa.select(PersonAlert).where(
        *conditions, PersonAlert.acknowledged_at.is_(None),
        ~sa.exists().where(nearer.kind == PersonAlert.kind, nearer.subject_id == PersonAlert.subject_id,
                           nearer.due_on == PersonAlert.due_on, nearer.stage < PersonAlert.stage))
    rows = list(current.scalars(query.order_by(PersonAlert.due_on, PersonAlert.id)).unique())
    standing = {one.key for one in expiring(today)} if rows else set()
    return [row for row in rows if (row.kind, row.subject_id, row.due_on) in standing]


def _cards(until: date) -> list[Expiring]:
    later = sa.orm.aliased(OfficerCard)
    query = sa.select(OfficerCard).join(User, User.id == OfficerCard.user_id).where(
        User.active, OfficerCard.ended_on.is_(None), OfficerCard.valid_to <= until,
        ~sa.exists().where(later.user_id == OfficerCard.user_id, later.field == OfficerCard.field,
                           later.ended_on.is_(None), later.valid_to > OfficerCard.valid_to))
    return [Expiring(row.user_id, "card", row.id, f"{row.number} ({row.field})", row.valid_to)
            for row in session().scalars(query.order_by(OfficerCard.id))]


def _papers(until: date) -> list[Expiring]:
    query = sa.select(PersonPaper).join(User, User.id == PersonPaper.user_id).where(
        User.active, PersonPaper.ended_on.is_(None), PersonPaper.valid_to <= until)
    return [Expiring(row.user_id, "paper", row.id, " ".join(filter(None, (row.title, row.number)))[:LONGEST_LABEL],
                     row.valid_to)
            for row in session().scalars(query.order_by(PersonPaper.id)) if row.valid_to is not None]


def _authorisations(today: date, until: date) -> list[Expiring]:
    """Those of one person that end on one day are told together; one that has ended was ended, or left to end."""
    later = sa.orm.aliased(Authorisation)
    query = sa.select(Authorisation).join(User, User.id == Authorisation.user_id).where(
        User.active, Authorisation.valid_to > today, Authorisation.valid_to <= until,
        ~sa.exists().where(later.user_id == Authorisation.user_id, later.activity == Authorisation.activity,
                           later.procedure_code == Authorisation.procedure_code,
                           sa.or_(later.valid_to.is_(None), later.valid_to > Authorisation.valid_to)))
    together: dict[tuple[int, date], list[Authorisation]] = {}
    for row in session().scalars(query.order_by(Authorisation.id)):
        if row.valid_to is not None:
            together.setdefault((row.user_id, row.valid_to), []).append(row)
    return [Expiring(user_id, "authorisation", rows[0].id, _codes(rows), due)
            for (user_id, due), rows in together.items()]


def _codes(rows: list[Authorisation]) -> str:
    codes = sorted({row.procedure_code for row in rows})
    text = ", ".join(codes)
    return text if len(text) <= LONGEST_LABEL else f"{text[:LONGEST_LABEL].rsplit(', ', 1)[0]}… ({len(codes)})"


def _needs(until: date) -> list[Expiring]:
    query = sa.select(TrainingNeed).join(User, User.id == TrainingNeed.user_id).where(
        User.active, TrainingNeed.state == "open", TrainingNeed.target_on <= until)
    return [Expiring(row.user_id, "need", row.id, row.text.replace("\n", " ")[:LONGEST_LABEL], row.target_on)
            for row in session().scalars(query.order_by(TrainingNeed.id))]
