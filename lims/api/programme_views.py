"""`/api/v1/programmes`: measurement-assurance programmes of enterprises."""
from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api import programme_content as content
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.programme_forms import NewProgramme, ProgrammeChange
from lims.api.values import account, day, instant, name, number
from lims.api.versions import changed
from lims.customers.service import customer_by_code
from lims.programmes import listing, service
from lims.programmes.models import (
    STATES,
    Programme,
    ProgrammeDocument,
    ProgrammeResult,
)
from lims.programmes.state import analysis
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


@blueprint.post("/programmes")
@scoped("programmes:write", "programmes.edit")
def create_programme() -> Response:
    """A draft with the parts of the template."""
    def draft(body: dict[str, Any]) -> None:
        form = judged(NewProgramme, body)
        service.create(form.values() | {"customer_id": customer_by_code(form.customer.data, "customer").id},
                       by=current_user)
    return created(Programme, draft, plain)


@blueprint.patch("/programmes/<int:programme_id>")
@scoped("programmes:write", "programmes.edit")
def change_programme(programme_id: int) -> Response:
    """Title, period, wanted TUR, basis of a draft."""
    return changed(lambda: service.programme(programme_id), lambda row, version, body: service.change(
        row.id, judged(ProgrammeChange, body, row).values(), version=version, by=current_user), plain)


def plain(row: Programme) -> dict[str, Any]:
    """A programme as it is read and answered."""
    return _line(row) | {
        "version": row.version, "basis": row.basis, "wanted_ratio": number(row.wanted_ratio),
        "change_reason": row.change_reason, "closing": row.closing, "prepared_by": name(row.prepared_by),
        "prepared_by_user": account(row.prepared_by),
        "parts": [content.plain_part(one) for one in row.parts],
        "measurements": [content.plain_measurement(one) for one in analysis(row, clock.today())],
        "actions": [content.plain_action(one) for one in row.actions],
        "experts": [content.plain_expert(one) for one in row.experts],
        "document": _paper(row.document), "result": _paper(row.result)}


def _line(row: Programme) -> dict[str, Any]:
    return {"id": row.id, "customer": row.customer.code, "customer_name": row.customer.name, "title": row.title,
            "first_on": day(row.first_on), "last_on": day(row.last_on), "state": row.state, "edition": row.edition,
            "replaces": row.replaces_id, "number": row.document.number if row.document else None,
            "actions_open": sum(one.state == "open" for one in row.actions), "created_at": instant(row.created_at),
            "url": url_for("api.programme", programme_id=row.id)}


def _paper(row: ProgrammeDocument | ProgrammeResult | None) -> dict[str, Any] | None:
    return None if row is None else {"number": row.number, "issued_on": day(row.issued_on), "by": name(row.by),
                                     "record_sha256": row.digest}
