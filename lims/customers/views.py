"""Pages of customers and their instruments."""
from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lims.customers import service
from lims.customers.forms import CustomerForm, InstrumentForm
from lims.customers.models import Customer, Instrument
from lims.shared.db import session
from lims.shared.errors import DomainError
from lims.shared.forms import attach
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit
from lims.shared.text import like_pattern

blueprint = Blueprint("customers", __name__)


@blueprint.get("/customers")
@permit(LOGIN)
def index() -> str:
    text = request.args.get("q", "")
    query = sa.select(Customer)
    if text.strip():
        query = query.where(Customer.search.like(like_pattern(text)))
    page = page_by_id(query, Customer.id)
    counted = session().execute(sa.select(Instrument.customer_id, sa.func.count()).where(
        Instrument.customer_id.in_([row.id for row in page.rows])).group_by(Instrument.customer_id))
    counts = {row[0]: row[1] for row in counted}
    return render_template("customers/index.html", page=page, counts=counts, text=text)


@blueprint.route("/customers/new", methods=["GET", "POST"])
@permit("customers.edit")
def create() -> str | Response | tuple[str, int]:
    form = CustomerForm()
    if form.validate_on_submit():
        try:
            created = service.create_customer(form.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu %(code)s.", code=created.code), "success")
            return redirect(url_for("customers.show", customer_id=created.id), 303)
    return render_template("customers/edit.html", form=form, customer=None), 422 if form.errors else 200


@blueprint.get("/customers/<int:customer_id>")
@permit(LOGIN)
def show(customer_id: int) -> str:
    customer = service.customer(customer_id)
    instruments = page_by_id(sa.select(Instrument).where(Instrument.customer_id == customer_id), Instrument.id)
    return render_template("customers/show.html", customer=customer, page=instruments)


@blueprint.route("/customers/<int:customer_id>/edit", methods=["GET", "POST"])
@permit("customers.edit")
def edit(customer_id: int) -> str | Response | tuple[str, int]:
    customer = service.customer(customer_id)
    form = CustomerForm(obj=customer)
    if form.validate_on_submit():
        try:
            service.change_customer(customer_id, form.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for("customers.show", customer_id=customer_id), 303)
    return render_template("customers/edit.html", form=form, customer=customer), 422 if form.errors else 200


@blueprint.route("/customers/<int:customer_id>/instruments/new", methods=["GET", "POST"])
@permit("customers.edit")
def create_instrument(customer_id: int) -> str | Response | tuple[str, int]:
    customer = service.customer(customer_id)
    form = InstrumentForm()
    if form.validate_on_submit():
        try:
            created = service.create_instrument(customer_id, form.data)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu %(name)s.", name=created.name), "success")
            return redirect(url_for("customers.show", customer_id=customer_id), 303)
    return render_template("customers/instrument.html", form=form, customer=customer,
                           instrument=None), 422 if form.errors else 200


@blueprint.route("/instruments/<int:instrument_id>", methods=["GET", "POST"])
@permit("customers.edit")
def edit_instrument(instrument_id: int) -> str | Response | tuple[str, int]:
    instrument = service.instrument(instrument_id)
    form = InstrumentForm(obj=instrument)
    if form.validate_on_submit():
        try:
            service.change_instrument(instrument_id, form.data, form.version.data or 0)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for("customers.show", customer_id=instrument.customer_id), 303)
    return render_template("customers/instrument.html", form=form, customer=instrument.customer,
                           instrument=instrument), 422 if form.errors else 200


@blueprint.get("/customers/suggest")
@permit(LOGIN)
def suggest() -> Response:
    """Customers for the reception form, as JSON."""
    found = service.find_customers(request.args.get("q", ""))
    return jsonify([{"id": c.id, "code": c.code, "name": c.name, "address": c.address, "tax_code": c.tax_code}
                    for c in found])
