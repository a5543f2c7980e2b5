"""Pages of alerts: what waits for the person, and the outbox that hides nothing."""
from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.alerts import calendar, people, service
from lims.alerts.messages import personal_word
from lims.alerts.models import Alert, OutboxMessage, PersonAlert
from lims.alerts.planning import who_acts
from lims.alerts.sending import waiting
from lims.alerts.words import DUTY, STAGE
from lims.equipment.models import Standard
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import parse_day
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, PUBLIC, permit
from lims.shared.text import TextError, clean

blueprint = Blueprint("alerts", __name__)

SNOOZES = (3, 7, 14, 30)


@blueprint.get("/alerts")
@permit(LOGIN)
def index() -> str:
    """Open alerts of the person, or of everybody; or those put off."""
    everybody = request.args.get("whose", "all" if service.oversees(current_user) else "mine") == "all"
    snoozed = request.args.get("show") == "snoozed"
    alerts = service.open_alerts(current_user, everybody=everybody, snoozed=snoozed)
    acts = who_acts(session(), alerts)
    return render_template(
        "alerts/index.html", alerts=alerts, acts=lambda row: acts.get((row.standard_id, row.duty, row.label)),
        everybody=everybody, snoozed=snoozed, today=clock.today(), stage=STAGE, duty=DUTY, snoozes=SNOOZES,
        waiting=waiting(), configured=_configured(), personal_word=lambda kind: personal_word(kind, language()),
        path_of=people.path_of,
        personal=service.personal_alerts(current_user, everybody=everybody, snoozed=snoozed))


@blueprint.post("/alerts/<int:alert_id>/acknowledge")
@permit("alerts.act")
def acknowledge(alert_id: int) -> Response:
    """Somebody takes care of a standard's duty."""
    return _acknowledge(alert_id, Alert)


@blueprint.post("/alerts/people/<int:alert_id>/acknowledge")
@permit("alerts.act")
def acknowledge_personal(alert_id: int) -> Response:
    """Somebody takes care of what expires for a person."""
    return _acknowledge(alert_id, PersonAlert)


def _acknowledge(alert_id: int, table: type[Alert] | type[PersonAlert]) -> Response:
    try:
        service.acknowledge(alert_id, by=current_user, table=table)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã nhận. Lần nhắc sau vẫn tới nếu việc chưa xong."))
    return _back()


@blueprint.post("/alerts/<int:alert_id>/snooze")
@permit("alerts.act")
def snooze(alert_id: int) -> Response:
    """Put off by some days, or until a date."""
    return _snooze(alert_id, Alert)


@blueprint.post("/alerts/people/<int:alert_id>/snooze")
@permit("alerts.act")
def snooze_personal(alert_id: int) -> Response:
    """Put off what expires for a person."""
    return _snooze(alert_id, PersonAlert)


def _snooze(alert_id: int, table: type[Alert] | type[PersonAlert]) -> Response:
    days, until = request.form.get("days", ""), parse_day(request.form.get("until", ""))
    if days.isascii() and days.isdigit() and len(days) < 4:
        until = clock.today() + timedelta(days=int(days))
    try:
        service.snooze(alert_id, until or clock.today(), reason=_reason(), by=current_user, table=table)
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(_("Đã hoãn nhắc."))
    return _back()


@blueprint.get("/alerts/outbox")
@permit(LOGIN)
def outbox() -> str:
    """Every message: sent, waiting, or refused and why."""
    query = sa.select(OutboxMessage)
    if request.args.get("show") == "waiting":
        query = query.where(OutboxMessage.sent_at.is_(None))
    return render_template("alerts/outbox.html", page=page_by_id(query, OutboxMessage.id), waiting=waiting(),
                           only_waiting=request.args.get("show") == "waiting", configured=_configured())


@blueprint.post("/alerts/calendar")
@permit(LOGIN)
def new_calendar() -> Response:
    """A new secret address for the person's calendar program; the one before no longer works."""
    token = calendar.new_address(current_user)
    base_url = current_app.extensions["settings"].base_url
    flash(_("Dán địa chỉ này vào chương trình lịch; nó chỉ hiện một lần và ai có nó đều xem được hạn: %(url)s",
            url=base_url + url_for("alerts.calendar_feed", token=token)), "warning")
    return redirect(url_for("alerts.index"), 303)


@blueprint.get("/calendar/<token>.ics")
@permit(PUBLIC)
def calendar_feed(token: str) -> Response:
    """Due dates as iCalendar, for whoever holds the address."""
    owner = calendar.owner_of(token)
    if owner is None:
        abort(404)
    return Response(calendar.due_dates(owner), mimetype="text/calendar")


def panel(standard: Standard) -> str:
    """The alerts of one standard, for its page; "" when there were none."""
    alerts = service.of_standard(standard.id)
    return render_template("alerts/_panel.html", alerts=alerts, stage=STAGE, duty=DUTY) if alerts else ""


def _reason() -> str:
    try:
        return clean(request.form.get("reason", ""))[:300]
    except TextError:
        return ""


def _configured() -> bool:
    return bool(current_app.extensions["settings"].smtp_url)


def _back() -> Response:
    """The list with the filters it had."""
    kept = {key: value for key, value in request.form.items() if key in ("whose", "show")}
    return redirect(url_for("alerts.index", **kept), 303)  # type: ignore[arg-type]
