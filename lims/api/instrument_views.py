"""`/api/v1/instruments`: measuring instruments of customers and their due dates."""
from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged, values_of
from lims.api.instrument_form import NewInstrument
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.values import day, instant
from lims.api.versions import changed
from lims.customers import listing, service, words
from lims.customers.forms import InstrumentForm
from lims.customers.models import Instrument
from lims.shared import clock
from lims.shared.errors import Invalid
from lims.shared.paging import address_of

MONTH = re.compile(r"20\d{2}-(0[1-9]|1[0-2])", re.ASCII)


@blueprint.get("/instruments")
@scoped("customers:read")
def instruments() -> Response:
    """Nearest end of validity first, then those without one; paged by key, forward alone."""
    for name, codes in (("state", words.STATE), ("group", listing.GROUPS), ("field", words.FIELD),
                        ("sector", words.SECTOR), ("kind", words.FIELD_OF), ("in_use", ("true", "false"))):
        asked.code(name, codes)
    if (month := asked.text("month")) and not MONTH.fullmatch(month):
        raise Invalid("Cần một tháng dạng YYYY-MM.", "A month as YYYY-MM is needed.", "month")
    wanted = replace(
        listing.read_filter({name: value for name, value in request.args.items() if name != "customer"}, clock.today(),
                            asked.customer("customer")),
        in_use=asked.text("in_use") != "false")
    lines, following = listing.page(wanted, request.args.get("after", ""))
    return listed([_of_line(line) for line in lines], None, address_of(after=following) if following else None)


@blueprint.post("/instruments")
@scoped("customers:write", "customers.edit")
def create_instrument() -> Response:
    def create(body: dict[str, Any]) -> None:
        values = values_of(judged(NewInstrument, body))
        owner = service.customer_by_code(values.pop("customer"), "customer")
        service.create_instrument(owner.id, values)
    return created(Instrument, create, plain)


@blueprint.get("/instruments/<int:instrument_id>")
@scoped("customers:read")
def instrument(instrument_id: int) -> Response:
    return shown(plain(service.instrument(instrument_id)))


@blueprint.patch("/instruments/<int:instrument_id>")
@scoped("customers:write", "customers.edit")
def change_instrument(instrument_id: int) -> Response:
    """Change particulars, and what is known of the newest check; certificates issued before keep theirs."""
    return changed(lambda: service.instrument(instrument_id), lambda row, version, body: service.change_instrument(
        row.id, values_of(judged(InstrumentForm, body, row)), version), plain)


def plain(row: Instrument) -> dict[str, Any]:
    """An instrument as the API tells it, with its state today."""
    return _of_line(listing.lines_of([row], clock.today())[0])


def _of_line(line: listing.Line) -> dict[str, Any]:
    row = line.instrument
    return {"id": row.id, "customer": row.customer.code,
            **{name: getattr(row, name) for name in service.INSTRUMENT_FIELDS},
            "in_use": row.in_use, "last_service": row.last_service, "last_verdict": row.last_verdict,
            "last_on": day(row.last_on), "last_body": row.last_body,
            "last_number": row.last_number, "last_sticker": row.last_sticker,
            "valid_until": day(row.valid_until),
            "due_on": day(row.due_on), "state": line.state, "group": line.group,
            "fields": row.fields, "created_at": instant(row.created_at), "version": row.version,
            "url": url_for("api.instrument", instrument_id=row.id)}
