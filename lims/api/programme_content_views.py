"""`/api/v1/programmes/…`: sections and topics, measurements, actions and their following up, experts."""
from __future__ import annotations

from typing import Any

from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import programme_views
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import shown
from lims.api.named import fields_as
from lims.api.once import created
from lims.api.programme_content import plain_action, plain_measurement, plain_part
from lims.api.programme_forms import ActionBody, ExpertForm, FollowUpBody, MeasurementBody, PartBody
from lims.api.versions import changed
from lims.programmes import service
from lims.programmes.models import (
    Programme,
    ProgrammeAction,
    ProgrammeExpert,
    ProgrammeMeasurement,
    ProgrammePart,
)
from lims.programmes.state import analysis
from lims.shared import clock
from lims.shared.db import session


@blueprint.get("/programmes/parts/<int:part_id>")
@scoped("programmes:read")
def programme_part(part_id: int) -> Response:
    """A section, or a topic of the state of measurement."""
    return shown(plain_part(service.found(ProgrammePart, part_id)))


@blueprint.patch("/programmes/parts/<int:part_id>")
@scoped("programmes:write", "programmes.edit")
def change_programme_part(part_id: int) -> Response:
    """Its text; of a topic also what is missing and why."""
    return changed(lambda: service.found(ProgrammePart, part_id), lambda row, version, body: service.write_part(
        row.id, judged(PartBody, body, row).values(), by=current_user, version=version), plain_part)


@blueprint.post("/programmes/<int:programme_id>/measurements")
@scoped("programmes:write", "programmes.edit")
def create_programme_measurement(programme_id: int) -> Response:
    """Something more that is measured."""
    def add(body: dict[str, Any]) -> None:
        service.programme(programme_id)
        with fields_as(instrument_id="instrument"):
            service.save_measurement(programme_id, judged(MeasurementBody, body).values(), by=current_user)
    return created(ProgrammeMeasurement, add, _measured)


@blueprint.get("/programmes/measurements/<int:measurement_id>")
@scoped("programmes:read")
def programme_measurement(measurement_id: int) -> Response:
    """A measurement, with its gaps today."""
    return shown(_measured(service.found(ProgrammeMeasurement, measurement_id)))


@blueprint.patch("/programmes/measurements/<int:measurement_id>")
@scoped("programmes:write", "programmes.edit")
def change_programme_measurement(measurement_id: int) -> Response:
    """Its numbers, its instrument."""
    def change(row: ProgrammeMeasurement, version: int, body: dict[str, Any]) -> None:
        with fields_as(instrument_id="instrument"):
            service.save_measurement(row.programme_id, judged(MeasurementBody, body, row).values(), by=current_user,
                                     measurement_id=row.id, version=version)
    return changed(lambda: service.found(ProgrammeMeasurement, measurement_id), change, _measured)


@blueprint.post("/programmes/<int:programme_id>/actions")
@scoped("programmes:write", "programmes.edit")
def create_programme_action(programme_id: int) -> Response:
    """Something more to be done."""
    def add(body: dict[str, Any]) -> None:
        service.programme(programme_id)
        with fields_as(part_id="part"):
            service.save_action(programme_id, judged(ActionBody, body).values(), by=current_user)
    return created(ProgrammeAction, add, plain_action)


@blueprint.get("/programmes/actions/<int:action_id>")
@scoped("programmes:read")
def programme_action(action_id: int) -> Response:
    """An action, and what came of it."""
    return shown(plain_action(service.found(ProgrammeAction, action_id)))


@blueprint.patch("/programmes/actions/<int:action_id>")
@scoped("programmes:write", "programmes.edit")
def change_programme_action(action_id: int) -> Response:
    """Of a draft what is to be done; of an issued programme what came of it."""
    def change(row: ProgrammeAction, version: int, body: dict[str, Any]) -> None:
        if row.programme.state == "draft":
            with fields_as(part_id="part"):
                service.save_action(row.programme_id, judged(ActionBody, body, row).values(), by=current_user,
                                    action_id=row.id, version=version)
        else:
            service.follow_up(row.id, judged(FollowUpBody, body, row).values(), by=current_user, version=version)
    return changed(lambda: service.found(ProgrammeAction, action_id), change, plain_action)


@blueprint.post("/programmes/<int:programme_id>/experts")
@scoped("programmes:write", "programmes.edit")
def create_programme_expert(programme_id: int) -> Response:
    """A member of the expert group; the answer is the programme."""
    def add(body: dict[str, Any]) -> None:
        service.programme(programme_id)
        service.add_expert(programme_id, judged(ExpertForm, body).values(), by=current_user)

    def show(_row: ProgrammeExpert) -> dict[str, Any]:
        row: Programme = service.programme(programme_id)
        session().expire(row, ["experts"])
        return programme_views.plain(row)
    return created(ProgrammeExpert, add, show)


def _measured(row: ProgrammeMeasurement) -> dict[str, Any]:
    programme = service.programme(row.programme_id)
    session().expire(programme, ["measurements"])
    return next(plain_measurement(one) for one in analysis(programme, clock.today()) if one.measurement.id == row.id)
