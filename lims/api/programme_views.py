"""`/api/v1/programmes`: measurement-assurance programmes of enterprises."""
from __future__ import annotations

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.api.values import account, day, instant, name, number
from lims.programmes import listing, service
from lims.programmes.models import (
    STATES,
    Programme,
    ProgrammeAction,
    ProgrammeDocument,
    ProgrammeExpert,
    ProgrammePart,
    ProgrammeResult,
)
from lims.programmes.state import MeasurementState, analysis
from lims.shared import clock
from lims.shared.paging import page_by_id


@blueprint.get("/programmes")
@scoped("programmes:read")
def programmes() -> Response:
    """Newest first; `q`, `state`, `customer`."""
    page = page_by_id(listing.found(text=asked.text("q"), state=asked.code("state", STATES),
                                    customer_id=asked.customer("customer")), Programme.id)
    return listed([_line(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.get("/programmes/<int:programme_id>")
@scoped("programmes:read")
def programme(programme_id: int) -> Response:
    """One programme: its text, measurements with what is lacking today, actions, experts, documents."""
    return shown(plain(service.programme(programme_id)))


def plain(row: Programme) -> dict[str, Any]:
    """A programme as it is read and answered."""
    return _line(row) | {
        "version": row.version, "basis": row.basis, "wanted_ratio": number(row.wanted_ratio),
        "change_reason": row.change_reason, "closing": row.closing, "prepared_by": name(row.prepared_by),
        "prepared_by_user": account(row.prepared_by),
        "parts": [_part(one) for one in row.parts],
        "measurements": [_measurement(one) for one in analysis(row, clock.today())],
        "actions": [_action(one) for one in row.actions], "experts": [_expert(one) for one in row.experts],
        "document": _paper(row.document), "result": _paper(row.result)}


def _line(row: Programme) -> dict[str, Any]:
    return {"id": row.id, "customer": row.customer.code, "customer_name": row.customer.name, "title": row.title,
            "first_on": day(row.first_on), "last_on": day(row.last_on), "state": row.state, "edition": row.edition,
            "replaces": row.replaces_id, "number": row.document.number if row.document else None,
            "actions_open": sum(one.state == "open" for one in row.actions), "created_at": instant(row.created_at),
            "url": url_for("api.programme", programme_id=row.id)}


def _part(row: ProgrammePart) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "title": row.title, "body": row.body, "gap": row.gap, "cause": row.cause}


def _measurement(state: MeasurementState) -> dict[str, Any]:
    row = state.measurement
    return {"id": row.id, "what": row.what, "instrument": row.instrument_id,
            "instrument_serial": row.instrument.serial if row.instrument else None, "unit": row.unit,
            "lower": number(row.lower), "upper": number(row.upper), "expanded": number(row.expanded),
            "factor": number(row.factor), "permissible": number(row.permissible), "source": row.source,
            "ratio": state.found.ratio, "gaps": [str(one) for one in state.gaps]}


def _action(row: ProgrammeAction) -> dict[str, Any]:
    return {"id": row.id, "measurement": row.measurement_id, "gap": row.gap, "kind": row.kind, "text": row.text,
            "owner": row.owner, "due_on": day(row.due_on), "cost": number(row.cost), "state": row.state,
            "done_on": day(row.done_on), "result": row.result, "effect": row.effect, "effect_note": row.effect_note}


def _expert(row: ProgrammeExpert) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "body": row.body, "role": row.role, "decision": row.decision}


def _paper(row: ProgrammeDocument | ProgrammeResult | None) -> dict[str, Any] | None:
    return None if row is None else {"number": row.number, "issued_on": day(row.issued_on), "by": name(row.by),
                                     "record_sha256": row.digest}
