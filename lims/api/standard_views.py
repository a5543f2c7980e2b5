"""`/api/v1/standards`: the register of reference standards."""
from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.listing import listed, shown
from lims.equipment import listing, service
from lims.equipment.models import Standard
from lims.shared import clock
from lims.shared.errors import NotFound
from lims.shared.paging import address_of


@blueprint.get("/standards")
@scoped("standards:read")
def standards() -> Response:
    """Nearest calibration date first; `q`, `state`, `due`, `quantity`, `month`, `window` as on the page."""
    wanted = listing.read_filter(request.args, clock.today(), current_app.extensions["settings"].due_soon_days)
    page = listing.page(wanted, request.args.get("after", ""), request.args.get("before", ""))
    return listed([_line(line) for line in page.lines],
                  address_of(before=page.before) if page.before else None,
                  address_of(after=page.after) if page.after else None)


@blueprint.get("/standards/<asset_number>")
@scoped("standards:read")
def standard(asset_number: str) -> Response:
    """One standard with its certificates, newest first, and its schedules."""
    row = service.find_by_code(asset_number)
    if row is None:
        raise NotFound("Không có chuẩn này.", "No such standard.")
    return shown(_plain(row) | {
        "version": row.version,
        "certificates": [{
            "number": one.number, "issuer": one.issuer, "calibrated_on": one.calibrated_on.isoformat(),
            "traceability": one.route, "void": one.void} for one in row.certificates],
        "schedules": [{
            "duty": one.duty, "label": one.label, "interval": one.interval_count, "unit": one.interval_unit,
            "due_on": one.due_on.isoformat() if one.due_on else None} for one in row.schedules if one.active]})


def _line(line: listing.Line) -> dict[str, Any]:
    return _plain(line.standard) | {
        "due_on": line.due_on.isoformat() if line.due_on else None, "due": line.light,
        "certificate": line.certificate.number if line.certificate else None}


def _plain(row: Standard) -> dict[str, Any]:
    return {
        "asset_number": row.asset_number, "name": row.name, "quantity": row.quantity, "maker": row.maker,
        "model": row.model, "serial": row.serial, "accuracy": row.accuracy, "unit": row.unit,
        "range_low": None if row.range_low is None else f"{row.range_low:f}",
        "range_high": None if row.range_high is None else f"{row.range_high:f}",
        "level": row.level, "state": row.state, "location": row.location,
        "custodian": row.custodian.full_name if row.custodian else None,
        "url": url_for("api.standard", asset_number=row.asset_number)}
