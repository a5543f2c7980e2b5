"""The page of one job: review of the request, assignment, hand-over, cancelling; what is wrong stands at its field."""
from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.auth.models import WITH_ROLES, User
from lims.jobs import service, states
from lims.jobs.blueprint import blueprint
from lims.jobs.forms import (
    AssignForm,
    HandOverForm,
    JobForm,
    ReasonForm,
    ReviewForm,
    regimes_of,
    review_form_of,
    service_words,
)
from lims.jobs.models import Job, JobItem
from lims.jobs.wording import STATE_LIGHTS, place_words, reason_words, regime_words, rule_words, state_words
from lims.shared.db import session
from lims.shared.errors import Invalid
from lims.shared.forms import HouseForm, carried_out
from lims.shared.panels import panels_of
from lims.shared.permissions import LOGIN, permit

Page = Response | tuple[str, int]


@blueprint.get("/jobs/<int:job_id>")
@permit(LOGIN)
def show(job_id: int) -> str:
    return _page(service.get_job(job_id))


@blueprint.post("/jobs/<int:job_id>/change")
@permit("jobs.receive")
def change(job_id: int) -> Page:
    job, form = service.get_job(job_id), JobForm()

    def act() -> str:
        service.change_job(job_id, promised_on=form.promised_on.data, delivered_by=form.delivered_by.data,
                           note=form.note.data, version=form.version.number)
        return _("Đã lưu.")

    return _done(form, act, job) or (_page(job, change_form=form), 422)


@blueprint.post("/jobs/<int:job_id>/review")
@permit("jobs.receive")
def review_request(job_id: int) -> Page:
    job = service.get_job(job_id)
    form = review_form_of(job)

    def act() -> str:
        service.review_request(
            job_id, rules={item.id: form[f"rule-{item.id}"].data for item in job.items},
            intervals={item.id: int(form[f"interval-{item.id}"].data) for item in job.items
                       if form[f"interval-{item.id}"].data},
            note=form.note.data or "", user=current_user, asked=regimes_of(form, job))
        return _("Đã ghi xem xét yêu cầu.")

    return _done(form, act, job) or (_page(job, review_form=form), 422)


@blueprint.post("/jobs/<int:job_id>/assign")
@permit("jobs.assign")
def assign(job_id: int) -> Page:
    job, form = service.get_job(job_id), _assign_form()

    def act() -> str:
        items = _ticked(job, "assign")
        service.assign([item.id for item in items], int(form.user.data))
        return ngettext("Đã giao %(num)s mục.", "Đã giao %(num)s mục.", len(items))

    return _done(form, act, job) or (_page(job, assign_form=form), 422)


@blueprint.post("/jobs/<int:job_id>/hand-over")
@permit("jobs.receive")
def hand_over(job_id: int) -> Page:
    job, form = service.get_job(job_id), HandOverForm()

    def act() -> str:
        items = _ticked(job, "hand_over")
        service.hand_over([item.id for item in items], form.to.data)
        return ngettext("Đã giao trả %(num)s mục.", "Đã giao trả %(num)s mục.", len(items))

    return _done(form, act, job) or (_page(job, hand_over_form=form), 422)


@blueprint.post("/items/<int:item_id>/cancel")
@permit("jobs.receive")
def cancel(item_id: int) -> Page:
    item, form = service.get_item(item_id), ReasonForm()

    def act() -> str:
        service.cancel(item_id, form.reason.data)
        return _("Đã hủy mục.")

    return _done(form, act, item.job) or (_page(item.job, reason_form=form, cancelling=item_id), 422)


def _done(form: HouseForm, act: Callable[[], str], job: Job) -> Response | None:
    """The job's page anew with the sentence that `act` gives; None when something is wrong, now said in the form."""
    return carried_out(form, act, url_for("jobs.show", job_id=job.id))


def _page(job: Job, *, review_form: ReviewForm | None = None, assign_form: AssignForm | None = None,
          hand_over_form: HandOverForm | None = None, reason_form: ReasonForm | None = None,
          cancelling: int = 0, change_form: JobForm | None = None) -> str:
    ticked = request.form.getlist("item", type=int) if assign_form or hand_over_form else [
        item.id for item in job.items if item.state == "issued" or (item.state == "received" and job.reviewed_at)]
    return render_template(
        "jobs/show.html", job=job, ticked=ticked, review_form=review_form or review_form_of(job, formdata=None),
        assign_form=assign_form or _assign_form(formdata=None),
        hand_over_form=hand_over_form or HandOverForm(formdata=None),
        change_form=change_form or JobForm(formdata=None, obj=job), reason_form=ReasonForm(formdata=None),
        refused_reason=reason_form, cancelling=cancelling,
        services=service_words(), words=state_words(), lights=STATE_LIGHTS, rules=rule_words(), places=place_words(),
        regimes=regime_words(), reasons=reason_words(), possible=states.possible, panels=panels_of("job", job))


def _assign_form(**how: None) -> AssignForm:
    form = AssignForm(**how)
    people = session().scalars(sa.select(User).where(User.active).order_by(User.full_name).options(WITH_ROLES))
    able = [(str(p.id), p.full_name) for p in people if "jobs.measure" in p.permissions]
    form.user.choices = [("", form.user.label.text), *able]
    return form


def _ticked(job: Job, action: str) -> list[JobItem]:
    """The ticked items of this job with which this can be done now. Raises Invalid when there are none."""
    ticked = set(request.form.getlist("item", type=int))
    found = [item for item in job.items if item.id in ticked and action in states.possible(item.state)]
    if not found:
        raise Invalid("Hãy chọn ít nhất một mục còn làm được việc này.",
                      "Choose at least one item with which this can still be done.")
    return found
