"""The page that turns recommendations into a job."""
from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.shared import clock
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.permissions import permit
from lims.surveys import follow_up, service, words
from lims.surveys.blueprint import blueprint
from lims.surveys.follow_up import Wish
from lims.surveys.forms import FollowUpForm


@blueprint.route("/surveys/<int:survey_id>/job", methods=["GET", "POST"])
@permit("jobs.receive")
def job(survey_id: int) -> str | Response | tuple[str, int]:
    survey = service.get(survey_id)
    form, wishes = FollowUpForm(), follow_up.wishes(survey, language())
    if request.method == "GET":
        form.received_on.data = clock.today()
    if done := accepted(form, lambda: follow_up.receive(
            survey_id, _chosen(wishes), received_on=form.received_on.data, promised_on=form.promised_on.data,
            note=form.note.data or "", user=current_user)):
        job = done.result
        flash(_("Đã lập phiếu %(number)s từ kiến nghị của %(survey)s.", number=job.number, survey=survey.number),
              "success")
        return redirect(url_for("jobs.show", job_id=job.id), 303)
    ticked = set(request.form.getlist("row")) if request.method == "POST" else {
        str(wish.row.id) for wish in wishes if wish.offered}
    return render_template("surveys/job.html", survey=survey, form=form, wishes=wishes, words=words, ticked=ticked,
                           chosen=request.form), 422 if form.errors else 200


def _chosen(wishes: list[Wish]) -> dict[int, int]:
    """{row: procedure} of the ticked rows, only what the page offered."""
    found: dict[int, int] = {}
    for wish in wishes:
        offered = {str(version.id): version.id for version, _title in wish.offered}
        asked = request.form.get(f"procedure-{wish.row.id}", "")
        if str(wish.row.id) in request.form.getlist("row") and offered:
            found[wish.row.id] = offered.get(asked, next(iter(offered.values())))
    return found
