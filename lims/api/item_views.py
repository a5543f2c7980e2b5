"""`/api/v1/job-items`: one instrument in a job, by the code on its label."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged
from lims.api.job_forms import HandOverForm, ItemChange, ReasonForm
from lims.api.listing import listed, shown
from lims.api.named import account_named, job_named
from lims.api.values import account, instant, name
from lims.api.versions import changed
from lims.jobs import listing, service
from lims.jobs.models import SERVICES, JobItem
from lims.jobs.states import STATES
from lims.shared.errors import Invalid
from lims.shared.paging import page_by_id


@blueprint.get("/job-items")
@scoped("jobs:read")
def job_items() -> Response:
    """Newest first; `q`, `state`, `service`, `procedure`, `assigned_to`, `customer`, `job`."""
    number, state = asked.text("job"), asked.code("state", STATES)
    page = page_by_id(listing.items(
        text=asked.text("q"), states=(state,) if state else (), service=asked.code("service", SERVICES),
        procedure=asked.text("procedure"), assigned_to=asked.person("assigned_to"),
        customer_id=asked.customer("customer"),
        job_id=job_named(number, "job").id if number else None), JobItem.id)
    return listed(plain_items(page.rows), page.prev_url, page.next_url)


@blueprint.get("/job-items/<path:code>")
@scoped("jobs:read")
def job_item(code: str) -> Response:
    return shown(plain(service.item_by_code(code)))


@blueprint.patch("/job-items/<path:code>")
@scoped("jobs:write", "jobs.assign")
def assign_item(code: str) -> Response:
    """Give the item to a technician who is authorised for its procedure."""
    def act(row: JobItem, version: int, body: dict[str, Any]) -> None:
        form = judged(ItemChange, body)
        person = account_named(form.assigned_to.data, "assigned_to")
        try:
            service.assign([row.id], person.id, version)
        except Invalid as error:
            error.field = "assigned_to"
            raise
    return changed(lambda: service.item_by_code(code), act, plain)


@blueprint.post("/job-items/<path:code>/cancel")
@scoped("jobs:write", "jobs.receive")
def cancel_item(code: str) -> Response:
    """Take the item out before measuring has begun; its code stays used."""
    return changed(lambda: service.item_by_code(code), lambda row, version, body: service.cancel(
        row.id, judged(ReasonForm, body).reason.data, version), plain)


@blueprint.post("/job-items/<path:code>/hand-over")
@scoped("jobs:write", "jobs.receive")
def hand_over_item(code: str) -> Response:
    """Give the issued item back to the customer."""
    return changed(lambda: service.item_by_code(code), lambda row, version, body: service.hand_over(
        [row.id], judged(HandOverForm, body).to.data, version), plain)


def plain(row: JobItem) -> dict[str, Any]:
    """An item as the API tells it."""
    return plain_items([row])[0]


def plain_items(rows: Sequence[JobItem]) -> list[dict[str, Any]]:
    """Several, with one question for their documents."""
    numbers: dict[int, str] = current_app.extensions["document_numbers"]([row.id for row in rows])
    return [_plain(row, numbers.get(row.id)) for row in rows]


def _plain(row: JobItem, number: str | None) -> dict[str, Any]:
    own = row.instrument
    return {"code": row.code, "job": row.job.number, "position": row.position, "customer": own.customer.code,
            "instrument": own.id, "kind": own.kind, "name": own.name, "maker": own.maker, "model": own.model,
            "serial": own.serial, "procedure": row.procedure.code, "edition": row.procedure.edition,
            "service": row.service, "regime": row.regime, "regime_reason": row.regime_reason,
            "regime_note": row.regime_note, "decision_rule": row.decision_rule,
            "interval_agreed_months": row.interval_agreed_months, "condition": row.condition,
            "accessories": row.accessories, "state": row.state, "assigned_to": name(row.assigned_to),
            "assigned_to_user": account(row.assigned_to), "return_reason": row.return_reason, "sticker": row.sticker,
            "certificate": number, "handed_over_at": instant(row.handed_over_at),
            "handed_over_to": row.handed_over_to, "has_worksheet": row.worksheet is not None, "version": row.version,
            "url": url_for("api.job_item", code=row.code)}
