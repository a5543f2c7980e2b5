"""`/api/v1/jobs`: reception of instruments, the review of the request."""
from __future__ import annotations

from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged, values_of
from lims.api.item_views import plain_items
from lims.api.job_bodies import received, reception_of, review_of, reviewed
from lims.api.job_forms import JobForm
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.values import account, day, instant, name
from lims.api.versions import changed
from lims.jobs import listing, service
from lims.jobs.models import Job
from lims.jobs.procedures import current as in_force
from lims.shared.i18n import language
from lims.shared.paging import page_by_id


@blueprint.get("/jobs")
@scoped("jobs:read")
def jobs() -> Response:
    """Newest first; `q`, `show` (all unless asked), `customer`."""
    query = listing.found(asked.text("q"), asked.code("show", listing.SHOWN, "all"))
    if (customer_id := asked.customer("customer")) is not None:
        query = query.where(Job.customer_id == customer_id)
    page = page_by_id(query.options(selectinload(Job.received_by), selectinload(Job.reviewed_by)), Job.id)
    states = listing.tallies([row.id for row in page.rows])
    return listed([_line(row) | {"states": states[row.id]} for row in page.rows], page.prev_url, page.next_url)


@blueprint.post("/jobs")
@scoped("jobs:write", "jobs.receive")
def receive() -> Response:
    """Take in instruments as one job."""
    def act(body: dict[str, Any]) -> None:
        received(lambda reception: service.receive(reception, current_user), reception_of(body))
    return created(Job, act, plain)


@blueprint.get("/procedures")
@scoped("jobs:read")
def procedures() -> Response:
    """What may be asked for at reception: the newest publication of each code, with the kinds that it serves."""
    return listed([{"code": row.code, "edition": row.edition, "version": row.version,
                    "title": found.title.in_language(language()), "service": found.service,
                    "kinds": list(found.kinds)} for row, found in in_force()], None, None)


@blueprint.get("/jobs/<number>")
@scoped("jobs:read")
def job(number: str) -> Response:
    """One job with its items."""
    return shown(plain(service.job_by_number(number)))


@blueprint.patch("/jobs/<number>")
@scoped("jobs:write", "jobs.receive")
def change_job(number: str) -> Response:
    """Promised day, who brought it, note."""
    return changed(lambda: service.job_by_number(number), lambda row, version, body: service.change_job(
        row.id, **values_of(judged(JobForm, body, row)), version=version), plain)


@blueprint.post("/jobs/<number>/review")
@scoped("jobs:write", "jobs.receive")
def review_job(number: str) -> Response:
    """Record the review of the request."""
    def act(row: Job, version: int, body: dict[str, Any]) -> None:
        found = review_of(body, row)
        reviewed(lambda: service.review_request(row.id, **found, user=current_user, version=version), body, row)
    return changed(lambda: service.job_by_number(number), act, plain)


def plain(row: Job) -> dict[str, Any]:
    """A job as the API tells it, with its items."""
    return _line(row) | {"items": plain_items(row.items), "version": row.version}


def _line(row: Job) -> dict[str, Any]:
    return {"number": row.number, "customer": row.customer.code, "customer_name": row.customer.name,
            "place": row.place, "received_on": day(row.received_on), "received_by": name(row.received_by),
            "received_by_user": account(row.received_by), "delivered_by": row.delivered_by,
            "promised_on": day(row.promised_on), "note": row.note, "created_at": instant(row.created_at),
            "reviewed_at": instant(row.reviewed_at), "reviewed_by": name(row.reviewed_by),
            "review_note": row.review_note, "url": url_for("api.job", number=row.number)}
