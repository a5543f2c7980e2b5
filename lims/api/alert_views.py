"""`/api/v1/alerts`: recall alerts of standards; `/api/v1/alerts/people`: of cards, papers, authorisations, reports."""
from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from lims.alerts import service
from lims.alerts.models import Alert, PersonAlert
from lims.api import asked
from lims.api.access import scoped
from lims.api.alert_forms import AcknowledgeForm, SnoozeForm
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.named import fields_as
from lims.api.values import account, day, instant, name
from lims.api.versions import Revision, changed
from lims.auth.models import User
from lims.equipment.models import DUTIES, Standard
from lims.shared import audit
from lims.shared.db import session
from lims.shared.errors import NotFound
from lims.shared.paging import page_by_id
from lims.shared.text import like_pattern

STATES = ("open", "snoozed", "acknowledged", "all")
WHOSE = ("mine", "all")


@blueprint.get("/alerts")
@scoped("alerts:read")
def alerts() -> Response:
    """Newest first; `state` (open unless asked), `whose`, `duty`, `standard`, `q`."""
    query = service.found(current_user, asked.code("state", STATES, "open"), everybody=_everybody())
    if duty := asked.code("duty", DUTIES):
        query = query.where(Alert.duty == duty)
    if (standard_id := asked.standard("standard")) is not None:
        query = query.where(Alert.standard_id == standard_id)
    if words := asked.text("q"):
        query = query.where(Standard.search.like(like_pattern(words)))
    page = page_by_id(query.options(selectinload(Alert.acknowledged_by), selectinload(Alert.snoozed_by)), Alert.id)
    return listed([_line(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/alerts/<int:alert_id>")
@scoped("alerts:read")
def alert(alert_id: int) -> Response:
    """One alert of a standard."""
    return shown(plain(read(alert_id)))


@blueprint.get("/alerts/people")
@scoped("alerts:read")
def personal_alerts() -> Response:
    """Newest first; `state` (open unless asked), `whose`, `kind`. Of others only for who answers for competence."""
    query = service.found_personal(current_user, asked.code("state", STATES, "open"), everybody=_everybody())
    if kind := asked.text("kind"):
        query = query.where(PersonAlert.kind == kind)
    page = page_by_id(query.options(selectinload(PersonAlert.acknowledged_by), selectinload(PersonAlert.snoozed_by)),
                      PersonAlert.id)
    return listed([_personal_line(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/alerts/people/<int:alert_id>")
@scoped("alerts:read")
def personal_alert(alert_id: int) -> Response:
    """One alert about a person."""
    return shown(plain_personal(read_personal(alert_id)))


@blueprint.patch("/alerts/<int:alert_id>")
@scoped("alerts:write", "alerts.act")
def change_alert(alert_id: int) -> Response:
    """Taken care of, or put off."""
    return changed(lambda: _revision(read(alert_id)), _act, lambda found: plain(found.row))


@blueprint.patch("/alerts/people/<int:alert_id>")
@scoped("alerts:write", "alerts.act")
def change_personal_alert(alert_id: int) -> Response:
    """The same of one about a person."""
    return changed(lambda: _revision(read_personal(alert_id)), _act, lambda found: plain_personal(found.row))


def _act(found: Revision, _version: int, body: dict[str, Any]) -> None:
    table = type(found.row)
    if "snoozed_until" in body or "snooze_reason" in body:
        form = judged(SnoozeForm, body)
        with fields_as(until="snoozed_until", reason="snooze_reason"):
            service.snooze(found.row.id, form.snoozed_until.data, reason=form.snooze_reason.data, by=current_user,
                           table=table)
    else:
        judged(AcknowledgeForm, body)
        service.acknowledge(found.row.id, by=current_user, table=table)


def _revision(row: Alert | PersonAlert) -> Revision:
    return Revision(row, audit.events_of(session(), row.__tablename__, row.id))


def read(alert_id: int) -> Alert:
    """The alert, or NotFound."""
    found = session().get(Alert, alert_id)
    if found is None:
        raise NotFound("Không có nhắc hạn này.", "No such alert.")
    return found


def read_personal(alert_id: int) -> PersonAlert:
    """The alert about the person or, for who answers for competence, about anybody; else NotFound."""
    found = session().get(PersonAlert, alert_id)
    if found is None or not service.may_see(found, current_user):
        raise NotFound("Không có nhắc hạn này.", "No such alert.")
    return found


def plain(row: Alert) -> dict[str, Any]:
    """An alert as it is read and answered."""
    return _line(row) | {"version": _revision(row).version}


def plain_personal(row: PersonAlert) -> dict[str, Any]:
    """The same of one about a person."""
    return _personal_line(row) | {"version": _revision(row).version}


def _everybody() -> bool:
    user: User = current_user
    return asked.code("whose", WHOSE, "all" if service.oversees(user) else "mine") == "all"


def _line(row: Alert) -> dict[str, Any]:
    return {"id": row.id, "standard": row.standard.asset_number, "standard_name": row.standard.name,
            "duty": row.duty, "label": row.label, **_handling(row), "url": url_for("api.alert", alert_id=row.id)}


def _personal_line(row: PersonAlert) -> dict[str, Any]:
    return {"id": row.id, "person": name(row.user), "person_user": account(row.user), "kind": row.kind,
            "label": row.label, **_handling(row), "url": url_for("api.personal_alert", alert_id=row.id)}


def _handling(row: Alert | PersonAlert) -> dict[str, Any]:
    return {"due_on": day(row.due_on), "stage": row.stage, "created_at": instant(row.created_at),
            "acknowledged_at": instant(row.acknowledged_at), "acknowledged_by": name(row.acknowledged_by),
            "snoozed_until": day(row.snoozed_until), "snoozed_by": name(row.snoozed_by),
            "snooze_reason": row.snooze_reason}
