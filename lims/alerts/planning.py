"""What must be announced today: an alert per stage of a due date, a message per person and day, in one transaction."""
from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager, selectinload

from instruments.recall import RETIRED, STAGES, Stage, stage_due
from lims.alerts import people
from lims.alerts.messages import body, subject
from lims.alerts.models import Alert, AlertNotice, OutboxMessage, PersonAlert, PersonAlertNotice
from lims.auth.models import WITH_ROLES, Role, User, user_role
from lims.equipment.models import Schedule, Standard
from lims.shared import clock
from lims.shared.db import session, write

FARTHEST = 60
"""Days before the due date at which the first stage is announced."""
STAGE_DAYS: dict[Stage, int] = {stage: -1 if stage == "overdue" else int(stage) for stage in STAGES}
"""Stage -> its number in the table of alerts: days before the due date, -1 for overdue."""
ESCALATED = -2
"""Overdue for LIMS_ESCALATE_DAYS after that was announced, and still not done: told to those above."""
ABOVE = ("quality_manager", "head")
ATTEMPTS = 5


@dataclass(frozen=True)
class Wanted:
    """An alert that is due and not there yet."""

    standard_id: int
    duty: str
    label: str
    due_on: date
    stage: int


def plan(today: date) -> int:
    """Make the alerts that are due and their messages; returns how many alerts are new.

    Safe to run at the same time elsewhere: the one who comes second finds nothing left to do.
    """
    for _attempt in range(ATTEMPTS):
        if not _wanted(today) and not people.wanted(today) and not _unannounced(session(), today):
            return 0
        try:
            with write("alerts.plan", actor=("", "alerts")) as current:
                wanted = _wanted(today)
                current.add_all(_alert(one) for one in wanted)
                personal = people.wanted(today)
                current.add_all(personal)
                current.flush()
                _queue(current, _unannounced(current, today), today)
            return len(wanted) + len(personal)
        except IntegrityError:
            continue  # somebody else planned the same at the same instant: look again
    return 0


def announced_due(schedule: Schedule) -> date:
    """The due date that alerts speak of: a duty never done was due on the day the standard was registered."""
    return schedule.due_on or clock.local_date(schedule.standard.created_at)


def _wanted(today: date) -> list[Wanted]:
    schedules = list(session().scalars(
        sa.select(Schedule).join(Schedule.standard).options(contains_eager(Schedule.standard))
        .where(Schedule.active, Standard.state != RETIRED,
               sa.or_(Schedule.due_on.is_(None), Schedule.due_on <= today + timedelta(days=FARTHEST)))
        .order_by(Schedule.id)).unique())
    sent = _sent({row.standard_id for row in schedules})
    found = []
    for row in schedules:
        due = announced_due(row)
        stage = stage_due(due, today, sent[row.standard_id, row.duty, row.label, due])
        if stage is not None:
            found.append(Wanted(row.standard_id, row.duty, row.label, due, STAGE_DAYS[stage]))
    return found + _unheeded(schedules, today)


def _unheeded(schedules: list[Schedule], today: date) -> list[Wanted]:
    """Duties whose being overdue was announced so many days ago that those above must know; once for a due date."""
    late = {(row.standard_id, row.duty, row.label, announced_due(row)) for row in schedules
            if announced_due(row) < today}
    days: int = current_app.extensions["settings"].escalate_days
    told: dict[tuple[int, str, str, date], set[int]] = defaultdict(set)
    since: dict[tuple[int, str, str, date], date] = {}
    query = sa.select(Alert.standard_id, Alert.duty, Alert.label, Alert.due_on, Alert.stage, Alert.created_at).where(
        Alert.standard_id.in_({key[0] for key in late}), Alert.stage < 0)
    for standard_id, duty, label, due, stage, at in session().execute(query):
        told[standard_id, duty, label, due].add(stage)
        since[standard_id, duty, label, due] = clock.local_date(at)
    return [Wanted(*key, ESCALATED) for key in sorted(late)
            if told[key] == {-1} and (today - since[key]).days >= days]


def _sent(standard_ids: Iterable[int]) -> defaultdict[tuple[int, str, str, date], list[Stage]]:
    names = {number: stage for stage, number in STAGE_DAYS.items()}
    found: defaultdict[tuple[int, str, str, date], list[Stage]] = defaultdict(list)
    query = sa.select(Alert.standard_id, Alert.duty, Alert.label, Alert.due_on, Alert.stage).where(
        Alert.standard_id.in_(list(standard_ids)), Alert.stage > ESCALATED)
    for standard_id, duty, label, due, stage in session().execute(query):
        found[standard_id, duty, label, due].append(names[stage])
    return found


def _alert(wanted: Wanted) -> Alert:
    return Alert(standard_id=wanted.standard_id, duty=wanted.duty, label=wanted.label, due_on=wanted.due_on,
                 stage=wanted.stage, created_at=clock.now())


def _unannounced(current: Session, today: date) -> dict[int, tuple[User, list[Alert | PersonAlert]]]:
    """{person's id: the person and the alerts to be told}: those that still wait for somebody and that the person was
    not told of. Who had a message today is left out until tomorrow."""
    found: dict[int, tuple[User, list[Alert | PersonAlert]]] = {}
    told: list[tuple[User, Alert | PersonAlert]] = [
        *_of_standards(current), *people.untold(current, _people_of(current, ("quality_manager",)), today)]
    for user, one in told:
        found.setdefault(user.id, (user, []))[1].append(one)
    served = set(current.scalars(sa.select(OutboxMessage.dedup_key).where(
        OutboxMessage.dedup_key.in_([_key(user_id, today) for user_id in found]))))
    return {user_id: one for user_id, one in found.items() if _key(user_id, today) not in served}


def _of_standards(current: Session) -> list[tuple[User, Alert]]:
    """Alerts of standards nobody was told of, with whom to tell."""
    alerts = list(current.scalars(
        sa.select(Alert).where(Alert.acknowledged_at.is_(None), ~sa.exists().where(AlertNotice.alert_id == Alert.id))
        .order_by(Alert.due_on, Alert.id)).unique())
    if not alerts:
        return []
    above, acts = _people_of(current, ABOVE), who_acts(current, alerts)
    managers = [user for user in above if "quality_manager" in user.role_names]
    found = []
    for alert in alerts:
        person = acts.get((alert.standard_id, alert.duty, alert.label))
        told = [person] if person is not None and person.active and person.email else managers
        for user in above if alert.stage == ESCALATED else told:
            found.append((user, alert))
    return found


def _people_of(current: Session, roles: tuple[str, ...]) -> list[User]:
    return list(current.scalars(
        sa.select(User).options(WITH_ROLES).where(User.active, User.email != "", User.id.in_(
            sa.select(user_role.c.user_id).join(Role, Role.id == user_role.c.role_id).where(Role.name.in_(roles))))
        .order_by(User.id)).unique())


def who_acts(current: Session, alerts: Collection[Alert]) -> dict[tuple[int, str, str], User]:
    """{(standard, duty, label): who must act on it}; one statement. Left out where nobody is named."""
    query = (sa.select(Schedule).join(Schedule.standard)
             .options(contains_eager(Schedule.standard), selectinload(Schedule.responsible))
             .where(Schedule.standard_id.in_({alert.standard_id for alert in alerts})))
    return {(row.standard_id, row.duty, row.label): person for row in current.scalars(query).unique()
            if (person := row.acts) is not None}


def _key(user_id: int, today: date) -> str:
    return f"digest/{user_id}/{today.isoformat()}"


def _queue(current: Session, unannounced: dict[int, tuple[User, list[Alert | PersonAlert]]], today: date) -> None:
    base_url = current_app.extensions["settings"].base_url
    host = urlsplit(base_url).hostname or "localhost"
    now = clock.now()
    for person, alerts in unannounced.values():
        message = OutboxMessage(
            recipient=person.email, subject=subject(alerts, person.language), body=body(alerts, person, base_url),
            message_id=f"<{secrets.token_hex(16)}@{host}>", dedup_key=_key(person.id, today), created_at=now,
            next_attempt_at=now)
        current.add(message)
        current.flush()
        current.add_all((PersonAlertNotice if isinstance(alert, PersonAlert) else AlertNotice)(
            alert_id=alert.id, user_id=person.id, message_id=message.id) for alert in alerts)
