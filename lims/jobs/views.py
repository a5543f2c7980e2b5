"""Pages of reception: jobs, taking in, review of the request, assignment, labels and slips, hand-over."""
from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.auth.models import User
from lims.customers import service as customers
from lims.customers.models import Customer
from lims.jobs import papers, procedures, service, states
from lims.jobs.blueprint import blueprint
from lims.jobs.forms import AssignForm, HandOverForm, ReasonForm, ReceptionForm, service_words
from lims.jobs.models import Job, JobItem
from lims.jobs.service import ReceivedItem, Reception
from lims.jobs.wording import STATE_LIGHTS, place_words, regime_words, rule_words, state_words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, Invalid
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit
from lims.shared.text import like_pattern


@blueprint.get("/jobs")
@permit(LOGIN)
def index() -> str:
    """Jobs, newest first; filters in the address."""
    query = sa.select(Job)
    if text := request.args.get("q", "").strip():
        query = query.join(Customer).where(sa.or_(Customer.search.like(like_pattern(text)),
                                                  Job.number.like(like_pattern(text).replace(" ", "-"))))
    show = request.args.get("show", "open")
    if show == "open":
        still_here = sa.select(JobItem.job_id).where(JobItem.state.notin_(("handed_over", "cancelled")))
        query = query.where(Job.id.in_(still_here))
    page = page_by_id(query, Job.id)
    return render_template("jobs/index.html", page=page, tallies=_tallies([job.id for job in page.rows]), show=show,
                           text=text, today=clock.today(), words=state_words())


@blueprint.route("/jobs/new", methods=["GET", "POST"])
@permit("jobs.receive")
def create() -> str | Response | tuple[str, int]:
    form = ReceptionForm()
    if request.method == "GET":
        form.received_on.data = clock.today()
        _known_customer(form)
    if form.validate_on_submit():
        try:
            job = service.receive(_reception(form), current_user)
        except DomainError as error:
            attach(form, error)
        else:
            flash(_("Đã nhận %(number)s: %(count)s phương tiện đo.", number=job.number, count=len(job.items)),
                  "success")
            return redirect(url_for("jobs.show", job_id=job.id), 303)
    return render_template("jobs/create.html", form=form, choices=_procedures_by_kind()), 422 if form.errors else 200


@blueprint.get("/jobs/<int:job_id>")
@permit(LOGIN)
def show(job_id: int) -> str:
    job = service.get_job(job_id)
    return render_template("jobs/show.html", job=job, parsed={i.id: procedures.procedure_of(i) for i in job.items},
                           services=service_words(), assign_form=_assign_form(), hand_over_form=HandOverForm(),
                           reason_form=ReasonForm(), words=state_words(), lights=STATE_LIGHTS,
                           rules=rule_words(), places=place_words(), regimes=regime_words(), possible=states.possible,
                           today=clock.today())


@blueprint.post("/jobs/<int:job_id>/review")
@permit("jobs.receive")
def review_request(job_id: int) -> Response:
    job = service.get_job(job_id)
    rules = {item.id: request.form.get(f"rule-{item.id}", "") for item in job.items}
    intervals = {item.id: _months(request.form.get(f"interval-{item.id}", "")) for item in job.items}
    _attempt(lambda: service.review_request(job_id, rules=rules, intervals=intervals,
                                            note=request.form.get("note", "")[:2000], user=current_user),
             _("Đã ghi xem xét yêu cầu."))
    return _back(job_id)


@blueprint.post("/jobs/<int:job_id>/assign")
@permit("jobs.assign")
def assign(job_id: int) -> Response:
    _attempt(lambda: service.assign(_ticked(), request.form.get("user", 0, type=int)), _("Đã giao việc."))
    return _back(job_id)


@blueprint.post("/jobs/<int:job_id>/hand-over")
@permit("jobs.receive")
def hand_over(job_id: int) -> Response:
    _attempt(lambda: service.hand_over(_ticked(), request.form.get("to", "")), _("Đã ghi giao trả."))
    return _back(job_id)


@blueprint.post("/items/<int:item_id>/cancel")
@permit("jobs.receive")
def cancel(item_id: int) -> Response:
    item = service.get_item(item_id)
    _attempt(lambda: service.cancel(item_id, request.form.get("reason", "")), _("Đã huỷ mục."))
    return _back(item.job_id)


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
                                                      "condition", "accessories")})
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


def _tallies(job_ids: list[int]) -> dict[int, dict[str, int]]:
    """{job: {state: count}}."""
    tallies: dict[int, dict[str, int]] = {job_id: {} for job_id in job_ids}
    for job_id, state, count in session().execute(
            sa.select(JobItem.job_id, JobItem.state, sa.func.count()).where(JobItem.job_id.in_(job_ids))
            .group_by(JobItem.job_id, JobItem.state)):
        tallies[job_id][state] = count
    return tallies


def _assign_form() -> AssignForm:
    form = AssignForm()
    people = session().scalars(sa.select(User).where(User.active).order_by(User.full_name))
    form.user.choices = [("", ""), *((str(p.id), p.full_name) for p in people if "jobs.measure" in p.permissions)]
    return form


def _ticked() -> list[int]:
    return [int(value) for value in request.form.getlist("item") if value.isdigit()]


def _months(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) <= 240 else None


def _attempt(act: Callable[[], object], done: str) -> None:
    """Do it and say so, or flash why not."""
    try:
        act()
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(done, "success")


def _back(job_id: int) -> Response:
    return redirect(url_for("jobs.show", job_id=job_id), 303)


def _pdf(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="{name}"'})
