"""`/api/v1/customers`: enterprises, by their code (KH-0001)."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for
from werkzeug.wrappers import Response

from lims.api import asked
from lims.api.access import scoped
from lims.api.blueprint import blueprint
from lims.api.bodies import judged, values_of
from lims.api.listing import listed, shown
from lims.api.once import created
from lims.api.values import instant
from lims.api.versions import changed
from lims.customers import service
from lims.customers.forms import CustomerForm
from lims.customers.models import Customer
from lims.customers.words import SECTOR
from lims.shared.paging import page_by_id
from lims.shared.text import like_pattern


@blueprint.get("/customers")
@scoped("customers:read")
def customers() -> Response:
    """Newest first; `q`, `sector`, `commune`, `active`."""
    query = sa.select(Customer)
    if words := asked.text("q"):
        query = query.where(Customer.search.like(like_pattern(words)))
    if sector := asked.code("sector", SECTOR):
        query = query.where(Customer.sector == sector)
    if commune := asked.text("commune"):
        query = query.where(Customer.commune == commune)
    if active := asked.code("active", ("true", "false")):
        query = query.where(Customer.active.is_(active == "true"))
    page = page_by_id(query, Customer.id)
    return listed([plain(row) for row in page.rows], page.prev_url, page.next_url)


@blueprint.post("/customers")
@scoped("customers:write", "customers.edit")
def create_customer() -> Response:
    """A new customer; the code is given by the laboratory."""
    return created(Customer, lambda body: service.create_customer(values_of(judged(CustomerForm, body))), plain)


@blueprint.get("/customers/<code>")
@scoped("customers:read")
def customer(code: str) -> Response:
    return shown(plain(service.customer_by_code(code)))


@blueprint.patch("/customers/<code>")
@scoped("customers:write", "customers.edit")
def change_customer(code: str) -> Response:
    """Change particulars; certificates issued before keep theirs."""
    return changed(lambda: service.customer_by_code(code), lambda row, version, body: service.change_customer(
        row.id, values_of(judged(CustomerForm, body, row)), version), plain)


def plain(row: Customer) -> dict[str, Any]:
    """A customer as the API tells it."""
    return {"code": row.code, **{name: getattr(row, name) for name in service.CUSTOMER_FIELDS},
            "created_at": instant(row.created_at), "version": row.version,
            "url": url_for("api.customer", code=row.code)}
