"""Use cases of alerts: plan and send, see what is open, acknowledge, put off."""
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from instruments.recall import RETIRED
from lims.alerts import people
from lims.alerts.archive_alarm import announce_damage
from lims.alerts.models import Alert, PersonAlert
from lims.alerts.planning import plan
from lims.alerts.sending import Outcome, send_waiting
from lims.auth.models import User
from lims.equipment.models import Schedule, Standard
from lims.equipment.recall import of_person
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid, NotFound

LONGEST_SNOOZE = timedelta(days=90)
OVERSEERS = frozenset({"standards.edit", "audit.read"})
"""Who has one of these permissions answers for all standards; others for duties that they must act on."""
_ABOUT = sa.and_(Schedule.standard_id == Alert.standard_id, Schedule.duty == Alert.duty, Schedule.label == Alert.label)
"""The schedule that an alert is about."""


def send_due(*, retry_now: bool = False) -> Outcome:
    """Plan what is due today, then send what waits. Each at least once; safe to run at the same time elsewhere."""
    planned = plan(clock.today()) + announce_damage()
    return replace(send_waiting(retry_now=retry_now), planned=planned)


def open_alerts(user: User, *, everybody: bool | None = None, snoozed: bool = False) -> list[Alert]:
    """Alerts that wait for this person, most urgent first: neither acknowledged nor put off nor settled.

    An alert settles itself when the duty has been done (its due date has moved) or a nearer stage has come.
    `everybody` None: all for those who answer for all standards, else those of duties that the person must act on.
    """
    query = _open(user, oversees(user) if everybody is None else everybody, snoozed)
    return list(session().scalars(query.order_by(Alert.due_on, Alert.id)).unique())


def count_open(user: User) -> int:
    """How many alerts wait for this person (the figure on the home page)."""
    query = _open(user, oversees(user), False).with_only_columns(sa.func.count()).order_by(None)
    return (session().scalar(query) or 0) + len(personal_alerts(user, everybody=oversees(user)))


def personal_alerts(user: User, *, everybody: bool, snoozed: bool = False) -> list[PersonAlert]:
    """Alerts about persons that wait: those about the person, or about everybody for who answers for competence."""
    return people.open_alerts(user, everybody=everybody and bool(OVERSEERS & user.permissions), snoozed=snoozed)


def oversees(user: User) -> bool:
    """Whether the person answers for all standards."""
    return bool(OVERSEERS & user.permissions)


def may_see(row: PersonAlert, user: User) -> bool:
    """Whether an alert about a person is there for the user: their own, or anybody's for who answers for competence."""
    return row.user_id == user.id or oversees(user)


def found(user: User, state: str, *, everybody: bool) -> sa.Select[Any]:
    """Alerts of standards by what became of them: "open", "snoozed", "acknowledged", or all; in no order yet."""
    if state in ("open", "snoozed"):
        return _open(user, everybody, state == "snoozed")
    query = sa.select(Alert).join(Standard, Standard.id == Alert.standard_id)
    if state == "acknowledged":
        query = query.where(Alert.acknowledged_at.is_not(None))
    return query if everybody else of_person(query.join(Schedule, _ABOUT), user.id)


def found_personal(user: User, state: str, *, everybody: bool) -> sa.Select[Any]:
    """The same of alerts about persons; everybody's only for who answers for competence."""
    everybody = everybody and oversees(user)
    query = sa.select(PersonAlert)
    if state in ("open", "snoozed"):
        waiting = personal_alerts(user, everybody=everybody, snoozed=state == "snoozed")
        return query.where(PersonAlert.id.in_([row.id for row in waiting]))
    if state == "acknowledged":
        query = query.where(PersonAlert.acknowledged_at.is_not(None))
    return query if everybody else query.where(PersonAlert.user_id == user.id)


def of_standard(standard_id: int, limit: int = 20) -> list[Alert]:
    """Alerts of one standard, newest first."""
    query = sa.select(Alert).where(Alert.standard_id == standard_id)
    return list(session().scalars(query.order_by(Alert.created_at.desc(), Alert.id.desc()).limit(limit)).unique())


def acknowledge(alert_id: int, *, by: User, table: type[Alert] | type[PersonAlert] = Alert) -> None:
    """Somebody has seen it and takes care. Raises Conflict when somebody did before."""
    actor = (str(by.id), by.full_name)
    with write("alert.acknowledge", actor=actor) as current:
        row = _locked(current, table, alert_id, by)
        if row.acknowledged_at is not None:
            raise Conflict("Đã có người nhận nhắc hạn này.", "Somebody has acknowledged this alert.")
        row.acknowledged_at, row.acknowledged_by_id = clock.now(), int(actor[0])


def snooze(alert_id: int, until: date, *, reason: str, by: User,
           table: type[Alert] | type[PersonAlert] = Alert) -> None:
    """Put it off until a day to come, at most 90 days away, saying why. The next stage comes all the same, and what is
    overdue stays blocked."""
    actor = (str(by.id), by.full_name)
    today = clock.today()
    if not today < until <= today + LONGEST_SNOOZE:
        raise Invalid("Chọn một ngày sau hôm nay, không quá 90 ngày.",
                      "Choose a day after today, at most 90 days away.", "until")
    if not reason.strip():
        raise Invalid("Hãy ghi lý do.", "Give the reason.", "reason")
    with write("alert.snooze", actor=actor, reason=reason) as current:
        row = _locked(current, table, alert_id, by)
        row.snoozed_until, row.snoozed_by_id, row.snooze_reason = until, int(actor[0]), reason


def _locked(current: Session, table: type[Alert] | type[PersonAlert], alert_id: int, by: User) -> Alert | PersonAlert:
    row: Any = current.get(table, alert_id, with_for_update={"of": table})
    if row is None or (isinstance(row, PersonAlert) and not may_see(row, by)):
        raise NotFound("Không có nhắc hạn này.", "No such alert.")
    return cast("Alert | PersonAlert", row)


def _open(user: User, everybody: bool, snoozed: bool) -> sa.Select[Alert]:
    nearer = sa.orm.aliased(Alert)
    today = clock.today()
    put_off = Alert.snoozed_until > today
    query = (sa.select(Alert).join(Standard, Standard.id == Alert.standard_id)
             .join(Schedule, _ABOUT)
             .where(Alert.acknowledged_at.is_(None), Schedule.active, Standard.state != RETIRED,
                    sa.or_(Schedule.due_on == Alert.due_on, Schedule.due_on.is_(None)),
                    put_off if snoozed else sa.or_(Alert.snoozed_until.is_(None), ~put_off),
                    ~sa.exists().where(nearer.standard_id == Alert.standard_id, nearer.duty == Alert.duty,
                                       nearer.label == Alert.label,
                                       nearer.due_on == Alert.due_on, nearer.stage < Alert.stage)))
    return query if everybody else of_person(query, user.id)
