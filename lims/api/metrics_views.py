"""`GET /metrics`: figures for monitoring, counted in the database when they are asked for (Prometheus text format)."""
from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask import Blueprint, Response, current_app
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from lims import __version__
from lims.alerts.models import OutboxMessage
from lims.api import access
from lims.api.access import scoped
from lims.equipment import listing
from lims.issue.models import Series
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.audit import AuditHead
from lims.shared.db import session
from lims.shared.tasks import BackgroundTask

blueprint = Blueprint("monitoring", __name__)
access.install(blueprint)

TEXT = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/metrics")
@scoped("metrics:read", on_this_machine=True)
def metrics() -> Response:
    """Numbers only: no name, no address, nothing of a customer."""
    registry = CollectorRegistry()
    for name, text, label, values in _figures():
        gauge = Gauge(f"lims_{name}", text, [label] if label else [], registry=registry)
        for value, number in values:
            (gauge.labels(value) if label else gauge).set(number)
    return Response(generate_latest(registry), content_type=TEXT)


def _figures() -> Iterable[tuple[str, str, str, Iterable[tuple[str, float]]]]:
    """Name, what it says, its label ("" for none), and [(value of the label, number)]."""
    soon = current_app.extensions["settings"].due_soon_days
    lights = listing.tally(listing.Filter(clock.today(), soon)).lights
    oldest = session().scalar(sa.select(sa.func.min(OutboxMessage.created_at)).where(OutboxMessage.sent_at.is_(None)))
    return (
        ("build", "Version of the program, always 1", "version", [(__version__, 1)]),
        ("items", "Items of jobs by state", "state", _counted(JobItem.state)),
        ("documents_issued", "Numbers given out, by kind of document", "kind",
         _rows(sa.select(Series.kind, sa.func.sum(Series.next - 1)).group_by(Series.kind))),
        ("standards", "Reference standards by calibration light", "due",
         [(light, number) for light, number in lights.items() if light]),
        ("tasks", "Background tasks by state", "state", _counted(BackgroundTask.state)),
        ("messages_unsent", "Mails that wait in the outbox", "",
         [("", session().scalar(sa.select(sa.func.count()).where(OutboxMessage.sent_at.is_(None))) or 0)]),
        ("message_oldest_seconds", "Age of the oldest mail that waits", "",
         [("", (clock.now() - oldest).total_seconds() if oldest else 0.0)]),
        ("audit_events", "Events in the audit trail", "", [("", session().scalar(sa.select(AuditHead.seq)) or 0)]),
    )


def _counted(column: sa.orm.InstrumentedAttribute[str]) -> list[tuple[str, float]]:
    return _rows(sa.select(column, sa.func.count()).group_by(column))


def _rows(query: sa.Select[str, int]) -> list[tuple[str, float]]:
    return [(value, float(number)) for value, number in session().execute(query)]
