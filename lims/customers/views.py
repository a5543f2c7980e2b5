"""Pages of customers and their instruments."""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.customers import listing, listing_file, service, words
from lims.customers.forms import CustomerForm, InstrumentForm
from lims.customers.models import Customer, Instrument
from lims.shared import clock
from lims.shared.db import session
from lims.shared.forms import accepted
from lims.shared.paging import page_by_id
from lims.shared.panels import panels_of
from lims.shared.permissions import LOGIN, permit

blueprint = Blueprint("customers", __name__)


@blueprint.get("/customers")
@permit(LOGIN)
def index() -> str:
    text = request.args.get("q", "")
    query = sa.select(Customer)
    if text.strip():
        query = query.where(Customer.id.in_(service.ids_found(text)))
    for column, name in ((Customer.sector, "sector"), (Customer.commune, "commune")):
        if value := request.args.get(name, ""):
            query = query.where(column == value)
    page = page_by_id(query, Customer.id)
    counted = session().execute(sa.select(Instrument.customer_id, sa.func.count()).where(
        Instrument.customer_id.in_([row.id for row in page.rows])).group_by(Instrument.customer_id))
    counts = {row[0]: row[1] for row in counted}
    return render_template("customers/index.html", page=page, counts=counts, text=text, words=words,
                           communes=listing.communes(), chosen=request.args)


@blueprint.route("/customers/new", methods=["GET", "POST"])
@permit("customers.edit")
def create() -> str | Response | tuple[str, int]:
    form = CustomerForm()
    if done := accepted(form, lambda: service.create_customer(form.data)):
        flash(_("Đã lưu %(code)s.", code=done.result.code), "success")
        return redirect(url_for("customers.show", customer_id=done.result.id), 303)
    return render_template("customers/edit.html", form=form, customer=None), 422 if form.errors else 200


@blueprint.get("/customers/<int:customer_id>")
@permit(LOGIN)
def show(customer_id: int) -> str:
    customer = service.customer(customer_id)
    wanted = listing.read_filter(request.args, clock.today(), customer_id)
    lines, following = listing.page(wanted, request.args.get("after", ""))
    return render_template("customers/show.html", customer=customer, wanted=wanted, lines=lines, following=following,
                           tally=listing.tally(wanted), unused=_unused(customer_id), words=words,
                           unconfirmed=listing.rests_on_unconfirmed(lines), panels=panels_of("customer", customer))


@blueprint.route("/customers/<int:customer_id>/edit", methods=["GET", "POST"])
@permit("customers.edit")
def edit(customer_id: int) -> str | Response | tuple[str, int]:
    customer = service.customer(customer_id)
    form = CustomerForm(obj=customer)
    if accepted(form, lambda: service.change_customer(customer_id, form.data, form.version.number)):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("customers.show", customer_id=customer_id), 303)
    return render_template("customers/edit.html", form=form, customer=customer), 422 if form.errors else 200


@blueprint.route("/customers/<int:customer_id>/instruments/new", methods=["GET", "POST"])
@permit("customers.edit")
def create_instrument(customer_id: int) -> str | Response | tuple[str, int]:
    customer = service.customer(customer_id)
    form = InstrumentForm()
    if done := accepted(form, lambda: service.create_instrument(customer_id, form.data)):
        flash(_("Đã lưu %(name)s.", name=done.result.name), "success")
        return redirect(url_for("customers.show", customer_id=customer_id), 303)
    return render_template("customers/instrument.html", form=form, customer=customer,
                           instrument=None), 422 if form.errors else 200


@blueprint.route("/instruments/<int:instrument_id>", methods=["GET", "POST"])
@permit("customers.edit")
def edit_instrument(instrument_id: int) -> str | Response | tuple[str, int]:
    instrument = service.instrument(instrument_id)
    form = InstrumentForm(obj=instrument)
    if accepted(form, lambda: service.change_instrument(instrument_id, form.data, form.version.number)):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("customers.show", customer_id=instrument.customer_id), 303)
    return render_template("customers/instrument.html", form=form, customer=instrument.customer,
                           instrument=instrument), 422 if form.errors else 200


@blueprint.get("/instruments")
@permit(LOGIN)
def instruments() -> str:
    """Instruments of all enterprises and their legal due dates; every filter stands in the address."""
    wanted = listing.read_filter(request.args, clock.today())
    lines, following = listing.page(wanted, request.args.get("after", ""))
    kept: dict[str, Any] = request.args.to_dict()
    return render_template("customers/instruments.html", wanted=wanted, lines=lines, following=following,
                           tally=listing.tally(wanted), words=words, communes=listing.communes(),
                           unconfirmed=listing.rests_on_unconfirmed(lines),
                           export_url=url_for("customers.export", **kept),
                           owner=service.customer(wanted.customer_id) if wanted.customer_id else None)


@blueprint.get("/instruments.xlsx")
@permit(LOGIN)
def export() -> Response:
    """The list with its filters as an Excel file."""
    return listing_file.response(listing.everything(listing.read_filter(request.args, clock.today())))


def _unused(customer_id: int) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Instrument).where(
        Instrument.customer_id == customer_id, Instrument.in_use.is_(False))) or 0


@blueprint.get("/customers/suggest")
@permit(LOGIN)
def suggest() -> Response:
    """Customers for the reception form, as JSON."""
    found = service.find_customers(request.args.get("q", ""))
    return jsonify([{"id": c.id, "code": c.code, "name": c.name, "address": c.address, "tax_code": c.tax_code}
                    for c in found])
