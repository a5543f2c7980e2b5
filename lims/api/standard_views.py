"""`/api/v1/standards`: the register of reference standards."""
from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.standard_forms import NewStandard, StandardChange, StandardState
from lims.api.values import account, day, name, number
from lims.api.versions import changed
from lims.equipment import listing, service
from lims.equipment.models import Standard
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.paging import address_of

NUMBERS = ("drift_half_width", "resolution", "mpe", "price", "temperature_low", "temperature_high", "humidity_low",
           "humidity_high")


@blueprint.get("/standards")
@scoped("standards:read")
def standards() -> Response:
    """Nearest calibration date first; `q`, `state`, `due`, `quantity`, `month`, `window` as on the page."""
    wanted = listing.read_filter(request.args, clock.today(), current_app.extensions["settings"].due_soon_days)
    page = listing.page(wanted, request.args.get("after", ""), request.args.get("before", ""))
    return listed([_line(line) for line in page.lines],
                  address_of(before=page.before) if page.before else None,
                  address_of(after=page.after) if page.after else None)


@blueprint.post("/standards")
@scoped("standards:write", "standards.edit")
def create_standard() -> Response:
    """A new standard with its calibration interval; overdue until its first certificate is entered."""
    def register(body: dict[str, Any]) -> None:
        form = judged(NewStandard, body)
        service.register_standard(form.details(), interval_count=form.interval_count.data or 0,
                                  interval_unit=form.interval_unit.data, by=current_user,
                                  awaits_check=form.awaits_check.data)
    return created(Standard, register, plain)


@blueprint.get("/standards/<asset_number>")
@scoped("standards:read")
def standard(asset_number: str) -> Response:
    """One standard with its certificates, newest first, and its schedules."""
    return shown(plain(read(asset_number)))


@blueprint.patch("/standards/<asset_number>")
@scoped("standards:write", "standards.edit")
def change_standard(asset_number: str) -> Response:
    """Particulars, or `state` with its `reason`."""
    found = read(asset_number).id

    def change(row: Standard, version: int, body: dict[str, Any]) -> None:
        if "state" in body:
            form = judged(StandardState, body)
            service.change_state(row.id, form.state.data, form.reason.data, expected=row.state, by=current_user)
        else:
            service.change_standard(row.id, judged(StandardChange, body, row).details(), version,
                                    by=current_user)
    return changed(lambda: service.standard(found), change, plain)


def read(asset_number: str) -> Standard:
    """The standard, or NotFound."""
    row = service.find_by_code(asset_number)
    if row is None:
        raise NotFound("Không có chuẩn này.", "No such standard.")
    return row


def plain(row: Standard) -> dict[str, Any]:
    """A standard as it is read and answered."""
    return _line_of(row) | {
        "version": row.version, "custodian_user": account(row.custodian), "awaits_check": row.awaits_check,
        **{field: getattr(row, field) for field in ("name_en", "range_text", "spread_unit", "note", "software", "lot")},
        **{field: number(getattr(row, field)) for field in NUMBERS},
        "expires_on": day(row.expires_on), "acquired_on": day(row.acquired_on),
        "certificates": [{
            "id": one.id, "number": one.number, "issuer": one.issuer, "calibrated_on": day(one.calibrated_on),
            "traceability": one.route, "void": one.void} for one in row.certificates],
        "schedules": [{
            "duty": one.duty, "label": one.label, "interval": one.interval_count, "unit": one.interval_unit,
            "due_on": day(one.due_on)} for one in row.schedules if one.active]}


def _line(line: listing.Line) -> dict[str, Any]:
    return _line_of(line.standard) | {
        "due_on": day(line.due_on), "due": line.light,
        "certificate": line.certificate.number if line.certificate else None}


def _line_of(row: Standard) -> dict[str, Any]:
    return {
        "asset_number": row.asset_number, "name": row.name, "quantity": row.quantity, "maker": row.maker,
        "model": row.model, "serial": row.serial, "accuracy": row.accuracy, "unit": row.unit,
        "range_low": number(row.range_low), "range_high": number(row.range_high),
        "level": row.level, "state": row.state, "location": row.location, "custodian": name(row.custodian),
        "url": url_for("api.standard", asset_number=row.asset_number)}
