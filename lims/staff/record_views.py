"""Pages of one person's record: what a person may do, learned, showed and holds; entering it; documents."""
from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lims.auth.models import User
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, NotFound, NotPermitted
from lims.shared.forms import accepted
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, may, permit
from lims.shared.text import TextError, clean
from lims.staff import disuse, overview, records, words
from lims.staff.blueprint import blueprint
from lims.staff.catalogue import procedures
from lims.staff.forms import EventForm, LimitsForm, NeedForm, PaperForm, upload_of
from lims.staff.models import CompetenceEvent, OfficerCard, PersonPaper, TrainingNeed

Page = str | Response | tuple[str, int]


@blueprint.get("/staff/people/<int:user_id>")
@permit(LOGIN)
def person(user_id: int) -> str:
    """One person's record, for the person and for those who answer for competence."""
    shown = session().get(User, user_id)
    if shown is None:
        raise NotFound("Không có người này.", "No such person.")
    _may_see(user_id)
    today = clock.today()
    titles = {one.code: one for one in procedures(language())}
    return render_template("staff/person.html", one=overview.personal(shown, today), words=words, today=today,
                           titles=titles, idle={row.granted.id: row for row in disuse.proposals(today, user_id)})


@blueprint.get("/staff/documents/<int:file_id>")
@permit(LOGIN)
def document(file_id: int) -> Response:
    """A document of somebody's record as it was uploaded."""
    stored = records.document(file_id)
    if current_user.id not in records.owners(file_id):
        _may_see(0)
    return send_file(BytesIO(stored.content), mimetype=stored.media_type, as_attachment=True,
                     download_name=stored.name)


@blueprint.get("/staff/needs")
@permit(LOGIN)
def needs() -> str:
    """Every open training need, soonest first."""
    return render_template("staff/needs.html", needs=overview.open_needs(), today=clock.today(), words=words)


@blueprint.route("/staff/needs/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_need() -> Page:
    """What a person must still learn."""
    form = NeedForm(user_id=request.args.get("user", ""), procedure_code=request.args.get("procedure", ""))
    if done := accepted(form, lambda: records.add_need(int(form.user_id.data), text=form.text.data,
                        target_on=form.target_on.data, procedure_code=form.procedure_code.data or "",
                        by=current_user)):
        flash(_("Đã ghi nhu cầu đào tạo."))
        return redirect(url_for("staff.person", user_id=done.result.user_id), 303)
    return render_template("staff/need.html", form=form), 422 if form.errors else 200


@blueprint.post("/staff/needs/<int:need_id>/drop")
@permit("staff.edit")
def drop_need(need_id: int) -> Response:
    """A need no longer stands."""
    return _act(lambda: records.drop_need(need_id, reason_typed(), by=current_user), _("Đã khép nhu cầu."),
                _owner(TrainingNeed, need_id))


@blueprint.route("/staff/events/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_event() -> Page:
    """Training, assessment, work under eyes; one that meets a need closes it."""
    need = session().get(TrainingNeed, request.args.get("need", 0, type=int)) if request.method == "GET" else None
    form = EventForm(need)
    if request.method == "GET" and need is None and request.args.get("user"):
        form.people.data = [request.args["user"]]
    if accepted(form, lambda: records.add_event([int(one) for one in form.people.data], form.event(),
                        by=current_user, document=upload_of(form.file))):
        flash(_("Đã ghi."))
        return redirect(url_for("staff.person", user_id=int(form.people.data[0])), 303)
    return render_template("staff/event.html", form=form, need=need), 422 if form.errors else 200


@blueprint.post("/staff/events/<int:event_id>/strike")
@permit("staff.edit")
def strike_event(event_id: int) -> Response:
    """Strike out a wrong entry."""
    return _act(lambda: records.strike_event(event_id, reason_typed(), by=current_user), _("Đã gạch."),
                _owner(CompetenceEvent, event_id))


@blueprint.route("/staff/papers/new", methods=["GET", "POST"])
@permit("staff.edit")
def add_paper() -> Page:
    """A degree, course, certificate or decision."""
    form = PaperForm(user_id=request.args.get("user", ""))
    if done := accepted(form, lambda: records.add_paper(int(form.user_id.data), form.paper(), by=current_user,
                        document=upload_of(form.file))):
        flash(_("Đã lưu giấy."))
        return redirect(url_for("staff.person", user_id=done.result.user_id), 303)
    return render_template("staff/paper.html", form=form), 422 if form.errors else 200


@blueprint.post("/staff/papers/<int:paper_id>/end")
@permit("staff.edit")
def end_paper(paper_id: int) -> Response:
    """A paper counts no longer."""
    return _act(lambda: records.end_paper(paper_id, reason_typed(), by=current_user), _("Giấy đã thôi dùng."),
                _owner(PersonPaper, paper_id))


@blueprint.post("/staff/cards/<int:card_id>/end")
@permit("staff.edit")
def end_card(card_id: int) -> Response:
    """A card was given back."""
    return _act(lambda: records.end_card(card_id, reason_typed(), by=current_user), _("Thẻ hết hiệu lực từ hôm nay."),
                _owner(OfficerCard, card_id))


@blueprint.get("/staff/lapses")
@permit(LOGIN)
def lapses() -> str:
    """Authorisations that were not used for long, and what was decided before."""
    return _lapses()


@blueprint.post("/staff/lapses/<int:authorisation_id>")
@permit("staff.edit")
def decide_lapse(authorisation_id: int) -> Response:
    """Let it end, or stay."""
    try:
        disuse.decide(authorisation_id, request.form.get("decision", "")[:10], reason_typed(), by=current_user)
    except DomainError as error:
        if error.status == 404:
            raise
        flash(error.message(language()), "error")
    else:
        flash(_("Đã ghi quyết định."))
    return redirect(url_for("staff.lapses"), 303)


@blueprint.post("/staff/limits")
@permit("staff.edit")
def limits() -> Page:
    """The laboratory's own limits."""
    form = LimitsForm()
    if accepted(form, lambda: disuse.set_limits(form.months.data, form.least.data, by=current_user,
                                                 seen=form.seen.data or "")):
        flash(_("Đã lưu."))
        return redirect(url_for("staff.lapses"), 303)
    return _lapses(form), 422


def reason_typed() -> str:
    """The reason of a small form, cleaned; "" for what cannot be kept."""
    try:
        return clean(request.form.get("reason", ""))[:300]
    except TextError:
        return ""


def _lapses(form: LimitsForm | None = None) -> str:
    titles = {one.code: one for one in procedures(language())}
    return render_template(
        "staff/lapses.html", proposals=disuse.proposals(clock.today()), decisions=disuse.decisions(), words=words,
        months=disuse.limit(), titles=titles,
        form=form or LimitsForm(formdata=None, months=disuse.limit(), least=overview.least_qualified(),
                                seen=disuse.mark_of_limits()))


def _may_see(user_id: int) -> None:
    if current_user.id != user_id and not (may("staff.edit") or may("audit.read")):
        raise NotPermitted("Hồ sơ của người khác chỉ người phụ trách xem được.",
                           "Records of others are for those who answer for competence.")


def _owner(table: type[TrainingNeed | CompetenceEvent | PersonPaper | OfficerCard], row_id: int) -> int:
    found: int | None = session().scalar(sa.select(table.user_id).where(table.id == row_id))
    if found is None:
        raise NotFound("Không có mục này.", "No such entry.")
    return found


def _act(act: Callable[[], object], done: str, user_id: int) -> Response:
    try:
        act()
    except DomainError as error:
        flash(error.message(language()), "error")
    else:
        flash(done)
    return redirect(url_for("staff.person", user_id=user_id), 303)
