"""What a programme is made of, as it is read and answered: parts, measurements, actions, experts."""
from __future__ import annotations

from typing import Any

from flask import url_for

from lims.api.values import day, number
from lims.programmes.models import ProgrammeAction, ProgrammeExpert, ProgrammePart
from lims.programmes.state import MeasurementState


def plain_part(row: ProgrammePart) -> dict[str, Any]:
    """A section or topic."""
    return {"id": row.id, "programme": row.programme_id, "kind": row.kind, "title": row.title, "hint": row.hint,
            "body": row.body, "gap": row.gap, "cause": row.cause, "version": row.version,
            "url": url_for("api.programme_part", part_id=row.id)}


def plain_measurement(state: MeasurementState) -> dict[str, Any]:
    """Something that is measured, with what its instrument can do for it and what is lacking today."""
    row = state.measurement
    return {"id": row.id, "programme": row.programme_id, "what": row.what, "instrument": row.instrument_id,
            "instrument_serial": row.instrument.serial if row.instrument else None, "unit": row.unit,
            "lower": number(row.lower), "upper": number(row.upper), "expanded": number(row.expanded),
            "factor": number(row.factor), "permissible": number(row.permissible), "source": row.source,
            "ratio": state.found.ratio, "gaps": [str(one) for one in state.gaps], "version": row.version,
            "url": url_for("api.programme_measurement", measurement_id=row.id)}


def plain_action(row: ProgrammeAction) -> dict[str, Any]:
    """Something to be done, and what came of it."""
    return {"id": row.id, "programme": row.programme_id, "measurement": row.measurement_id, "part": row.part_id,
            "gap": row.gap, "kind": row.kind, "text": row.text, "owner": row.owner, "due_on": day(row.due_on),
            "cost": number(row.cost), "state": row.state, "done_on": day(row.done_on), "result": row.result,
            "effect": row.effect, "effect_note": row.effect_note, "version": row.version,
            "url": url_for("api.programme_action", action_id=row.id)}


def plain_expert(row: ProgrammeExpert) -> dict[str, Any]:
    """A member of the expert group."""
    return {"id": row.id, "name": row.name, "body": row.body, "role": row.role, "decision": row.decision}
