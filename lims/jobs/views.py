"""Pages of reception: the list of jobs, taking in, labels and slips."""
from __future__ import annotations

import sqlalchemy as sa
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.customers import service as customers
from lims.jobs import listing, papers, procedures, service
from lims.jobs.blueprint import blueprint
from lims.jobs.forms import ReceptionForm, service_words
from lims.jobs.models import Job, JobItem
from lims.jobs.service import ReceivedItem, Reception
from lims.jobs.wording import state_words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit


@blueprint.get("/jobs")
@permit(LOGIN)
def index() -> str:
    """Jobs, newest first; filters in the address."""
    text, show = request.args.get("q", "").strip(), request.args.get("show", "open")
    page = page_by_id(listing.found(text, show), Job.id)
    states = listing.tallies([job.id for job in page.rows])
    return render_template("jobs/index.html", page=page, tallies=states, show=show, text=text, today=clock.today(),
                           words=state_words())


@blueprint.route("/jobs/new", methods=["GET", "POST"])
@permit("jobs.receive")
def create() -> str | Response | tuple[str, int]:
    form = ReceptionForm()
    if request.method == "GET":
        form.received_on.data = clock.today()
        _known_customer(form)
    if done := accepted(form, lambda: service.receive(_reception(form), current_user)):
        job = done.result
        flash(_("Đã nhận %(number)s: %(count)s phương tiện đo.", number=job.number, count=len(job.items)), "success")
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    return render_template("jobs/create.html", form=form, choices=_procedures_by_kind()), 422 if form.errors else 200


@blueprint.get("/jobs/<int:job_id>/labels.pdf")
@permit(LOGIN)
def labels(job_id: int) -> Response:
    """Item labels, one page each."""
    job = service.get_job(job_id)
    return _pdf(papers.item_labels(job), f"nhan-{job.number}.pdf")


@blueprint.get("/jobs/<int:job_id>/receipt.pdf")
@permit(LOGIN)
def receipt(job_id: int) -> Response:
    job = service.get_job(job_id)
    return _pdf(papers.receipt(job), f"phieu-tiep-nhan-{job.number}.pdf")


@blueprint.get("/jobs/<int:job_id>/delivery.pdf")
@permit(LOGIN)
def delivery(job_id: int) -> Response:
    job = service.get_job(job_id)
    numbers: dict[int, str] = current_app.extensions["document_numbers"]([item.id for item in job.items])
    return _pdf(papers.delivery(job, numbers), f"phieu-giao-tra-{job.number}.pdf")


@blueprint.get("/jobs/recognise")
@permit("jobs.receive")
def recognise() -> Response:
    """Instruments known under a serial, with what was done last time, as JSON for the reception form."""
    serial = request.args.get("serial", "")
    found = customers.recognise(serial, request.args.get("customer", type=int)) if serial.strip() else []
    return jsonify([{
        "id": row.id, "customer_id": row.customer_id, "customer": row.customer.name, "kind": row.kind,
        "name": row.name, "maker": row.maker, "model": row.model, "serial": row.serial, "tag": row.tag,
        "procedure_id": _last_procedure(row.id),
    } for row in found])


def _reception(form: ReceptionForm) -> Reception:
    customer_id = int(form.customer_id.data) if (form.customer_id.data or "").isdigit() else None
    new = {} if customer_id else {
        "name": form.customer.data, "address": form.new_address.data, "tax_code": form.new_tax_code.data or "",
        "contact": form.new_contact.data or "", "phone": form.new_phone.data or ""}
    if new and not new["address"]:
        raise Invalid("Doanh nghiệp mới: hãy ghi địa chỉ, hoặc chọn một doanh nghiệp trong danh sách gợi ý.",
                      "New customer: give its address, or choose one from the list.", "new_address")
    return Reception(
        customer_id=customer_id, new_customer=new, received_on=form.received_on.data, promised_on=form.promised_on.data,
        place=form.place.data, delivered_by=form.delivered_by.data or "", note=form.note.data or "",
        items=[ReceivedItem(
            procedure_id=int(entry.procedure_id.data),
            instrument_id=int(entry.instrument_id.data) if (entry.instrument_id.data or "").isdigit() else None,
            **{key: entry[key].data or "" for key in ("kind", "name", "maker", "model", "serial", "tag", "regime",
                                                      "regime_reason", "regime_note", "condition",
                                                      "accessories")})
            for entry in (item.form for item in form.items)])


def _known_customer(form: ReceptionForm) -> None:
    customer_id = request.args.get("customer", type=int)
    if customer_id:
        customer = customers.customer(customer_id)
        form.customer_id.data, form.customer.data = str(customer.id), customer.name


def _procedures_by_kind() -> dict[str, list[dict[str, str]]]:
    """{kind: [{id, text, service}]} for the reception form's script."""
    words, by_kind = service_words(), dict[str, list[dict[str, str]]]()
    for version, procedure in procedures.current():
        for kind in procedure.kinds:
            by_kind.setdefault(kind, []).append({
                "id": str(version.id), "service": procedure.service,
                "text": f"{words[procedure.service]}: {procedure.title.in_language(language())}"})
    return by_kind


def _last_procedure(instrument_id: int) -> int | None:
    return session().scalar(sa.select(JobItem.procedure_id).where(JobItem.instrument_id == instrument_id)
                            .order_by(JobItem.id.desc()).limit(1))


def _pdf(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"'})
