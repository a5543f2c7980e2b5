"""What must be announced today: one alert per stage of a due date, with its messages, in one transaction."""
from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, contains_eager

from instruments.recall import RETIRED, STAGES, Stage, stage_due
from lims.alerts.messages import body, subject
from lims.alerts.models import Alert, OutboxMessage
from lims.auth.models import Role, User, user_role
from lims.equipment.models import Schedule, Standard
from lims.shared import clock
from lims.shared.db import session, write

FARTHEST = 60
"""Days before the due date at which the first stage is announced."""
STAGE_DAYS: dict[Stage, int] = {stage: -1 if stage == "overdue" else int(stage) for stage in STAGES}
"""Stage -> its number in the table of alerts: days before the due date, -1 for overdue."""
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
        if not _wanted(today) and not _unannounced(session()):
            return 0
        try:
            with write("alerts.plan", actor=("", "alerts")) as current:
                wanted = _wanted(today)
                current.add_all(_alert(one) for one in wanted)
                current.flush()
                _queue(current, _unannounced(current))
            return len(wanted)
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
    return found


def _sent(standard_ids: Iterable[int]) -> defaultdict[tuple[int, str, str, date], list[Stage]]:
    names = {number: stage for stage, number in STAGE_DAYS.items()}
    found: defaultdict[tuple[int, str, str, date], list[Stage]] = defaultdict(list)
    query = sa.select(Alert.standard_id, Alert.duty, Alert.label, Alert.due_on, Alert.stage).where(
        Alert.standard_id.in_(list(standard_ids)))
    for standard_id, duty, label, due, stage in session().execute(query):
        found[standard_id, duty, label, due].append(names[stage])
    return found


def _alert(wanted: Wanted) -> Alert:
    return Alert(standard_id=wanted.standard_id, duty=wanted.duty, label=wanted.label, due_on=wanted.due_on,
                 stage=wanted.stage, created_at=clock.now())


def _unannounced(current: Session) -> list[tuple[Alert, list[User]]]:
    """Alerts nobody has been written to, that still wait for somebody, and for whom there is somebody to write to."""
    alerts = list(current.scalars(
        sa.select(Alert).where(Alert.acknowledged_at.is_(None),
                               ~sa.exists().where(OutboxMessage.alert_id == Alert.id)).order_by(Alert.id)).unique())
    if not alerts:
        return []
    managers = _quality_managers(current)
    return [(alert, people) for alert in alerts if (people := _recipients(alert.standard, managers))]


def _quality_managers(current: Session) -> list[User]:
    return list(current.scalars(
        sa.select(User).join(user_role, user_role.c.user_id == User.id).join(Role, Role.id == user_role.c.role_id)
        .where(Role.name == "quality_manager", User.active, User.email != "").order_by(User.id)).unique())


def _recipients(standard: Standard, managers: list[User]) -> list[User]:
    custodian = standard.custodian
    return [custodian] if custodian is not None and custodian.active and custodian.email else managers


def _queue(current: Session, unannounced: list[tuple[Alert, list[User]]]) -> None:
    base_url = current_app.extensions["settings"].base_url
    host = urlsplit(base_url).hostname or "localhost"
    now = clock.now()
    for alert, people in unannounced:
        for person in people:
            current.add(OutboxMessage(
                alert_id=alert.id, recipient=person.email, subject=subject(alert, person.language),
                body=body(alert, person, base_url), message_id=f"<{secrets.token_hex(16)}@{host}>",
                dedup_key=f"{alert.standard_id}/{alert.duty}/{alert.due_on.isoformat()}/{alert.stage}/{person.id}",
                created_at=now, next_attempt_at=now))
