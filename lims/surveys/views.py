"""Pages of surveys: the list, one survey, beginning and finishing one."""
from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import selectinload
from werkzeug.wrappers import Response

from lims.customers import service as customers
from lims.customers import words as customer_words
from lims.customers.models import Customer
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import DomainError, Invalid
from lims.shared.forms import attach
from lims.shared.i18n import language
from lims.shared.paging import page_by_id
from lims.shared.permissions import LOGIN, permit
from lims.surveys import finishing, listing, service, words
from lims.surveys.blueprint import blueprint
from lims.surveys.forms import BeginForm
from lims.surveys.models import Survey, SurveyFollowUp, SurveyPhoto, SurveyRecord, SurveyRow
from lims.surveys.row_fields import read

MOST_OF_ONE = 5


@blueprint.get("/surveys")
@permit(LOGIN)
def index() -> str:
    """Surveys, newest first; filters in the address."""
    text, state = request.args.get("q", "").strip(), request.args.get("state", "")
    state = state if state in words.STATE else ""
    page = page_by_id(listing.found(text=text, state=state, year=_year(), each="each" in request.args), Survey.id)
    return render_template("surveys/index.html", page=page, counts=listing.counts([row.id for row in page.rows]),
                           text=text, state=state, words=words, figures=_figures(clock.today().year),
                           year=clock.today().year, chosen=_chosen())


@blueprint.get("/surveys/rows")
@permit(LOGIN)
def rows() -> str:
    """Instruments that surveys saw, the newest first, with what is recommended and what became of it."""
    advice, waiting = request.args.get("advice", ""), "waiting" in request.args
    query = listing.rows(year=_year(), advice=advice if advice in words.ADVICE else "", waiting=waiting)
    # Asked apart: SQLite would join every survey and enterprise before it takes the page.
    page = page_by_id(query.options(selectinload(SurveyRow.survey), selectinload(SurveyRow.follow_up)), SurveyRow.id)
    readings = [(row, read(row.fields, row.survey.visited_on).values) for row in page.rows]
    return render_template("surveys/rows.html", page=page, readings=readings, words=words,
                           kind_word=customer_words.kind_word,
                           advice=advice, waiting=waiting, total=listing.number_of(query),
                           kept={name: request.args[name] for name in ("year",) if request.args.get(name)})


@blueprint.route("/surveys/new", methods=["GET", "POST"])
@permit("surveys.edit")
def create() -> str | Response | tuple[str, int]:
    form, waiting = BeginForm(), None
    if request.method == "GET":
        form.visited_on.data, form.team.data = clock.today(), current_user.full_name
        if (customer_id := request.args.get("customer", type=int)) and customer_id < 2**31:
            known = customers.customer(customer_id)
            form.customer.data = f"{known.code} · {known.name}"
    if form.validate_on_submit():
        try:
            customer_id = _customer_named(form.customer.data)
            waiting = service.under_way(customer_id) if not form.anew.data else None
            made = service.begin(customer_id, form.visited_on.data, form.team.data, current_user,
                                 anew=bool(form.anew.data))
        except DomainError as error:
            attach(form, error)
        else:
            return redirect(url_for("surveys.fill", survey_id=made.id), 303)
    return render_template("surveys/create.html", form=form, waiting=waiting), 422 if form.errors else 200


@blueprint.post("/surveys/<int:survey_id>/discard")
@permit("surveys.edit")
def discard(survey_id: int) -> Response:
    """A draft begun by mistake goes, as long as nothing stands in it."""
    number = service.discard(survey_id, current_user)
    flash(_("Đã bỏ phiếu trống %(number)s.", number=number), "success")
    return redirect(url_for("surveys.index"), 303)


@blueprint.get("/surveys/<int:survey_id>")
@permit(LOGIN)
def show(survey_id: int) -> str:
    survey = service.get(survey_id)
    readings = [(row, read(row.fields, survey.visited_on).values) for row in survey.rows]
    return render_template(
        "surveys/show.html", survey=survey, readings=readings, words=words, customer_words=customer_words,
        answers=_answers(survey), record=session().scalar(sa.select(SurveyRecord).where(
            SurveyRecord.survey_id == survey_id)), waiting=[row for row, _values in readings if _open(row)],
        shots=_shots(survey), empty=service.is_empty(survey))


@blueprint.route("/surveys/<int:survey_id>/finish", methods=["GET", "POST"])
@permit("surveys.edit")
def finish(survey_id: int) -> str | Response | tuple[str, int]:
    survey, status = service.get(survey_id), 200
    if survey.state != "draft":
        return redirect(url_for("surveys.show", survey_id=survey_id), 303)
    if request.method == "POST":
        try:
            finishing.finish(survey_id, keep=_ids("keep"), out_of_use=_ids("gone"), user=current_user)
        except DomainError as error:
            flash(error.message(language()), "error")
            status = error.status
        else:
            flash(_("Đã kết thúc %(number)s; sổ phương tiện đo đã cập nhật.", number=survey.number), "success")
            return redirect(url_for("surveys.show", survey_id=survey_id), 303)
    return render_template("surveys/finish.html", survey=service.get(survey_id), words=words,
                           seen=finishing.preview(survey), kind_word=customer_words.kind_word,
                           vi=language() == "vi"), status


def panel_of(customer: Customer) -> str:
    """The newest surveys of an enterprise and what they recommend, for its page."""
    found = session().scalars(sa.select(Survey).where(Survey.customer_id == customer.id)
                              .order_by(Survey.visited_on.desc(), Survey.id.desc()).limit(MOST_OF_ONE + 1)).all()
    counted = session().execute(sa.select(
        SurveyRow.survey_id, sa.func.count(), sa.func.count().filter(SurveyRow.advice.in_(listing.WANTED)),
        sa.func.count(SurveyFollowUp.id)).outerjoin(SurveyFollowUp, SurveyFollowUp.row_id == SurveyRow.id)
        .where(SurveyRow.survey_id.in_([one.id for one in found])).group_by(SurveyRow.survey_id))
    return render_template("surveys/_of_customer.html", surveys=found[:MOST_OF_ONE], more=len(found) > MOST_OF_ONE,
                           counts={row[0]: row[1:] for row in counted}, words=words, customer=customer)


def _chosen() -> dict[str, str]:
    """What narrows the list besides its page, as the links of the list keep it."""
    return {name: request.args[name] for name in ("q", "state", "year", "each") if request.args.get(name)}


def _figures(year: int) -> dict[str, int]:
    span = Survey.visited_on.between(date(year, 1, 1), date(year, 12, 31))
    count = sa.func.count()
    return {
        "enterprises": session().scalar(sa.select(sa.func.count(Survey.customer_id.distinct())).where(
            span, Survey.state == "finished")) or 0,
        "drafts": session().scalar(sa.select(count).select_from(Survey).where(Survey.state == "draft")) or 0,
        "instruments": listing.number_of(listing.rows(year=year)),
        "waiting": listing.number_of(listing.rows(waiting=True)),
    }


def _year() -> int | None:
    year = request.args.get("year", type=int) or 0
    return year if 2000 <= year <= 2199 else None


def _customer_named(text: str) -> int:
    """The enterprise of "KH-0001 · name", a code, or of words that only one has. Raises Invalid at `customer`."""
    code = text.split("·")[0].strip().upper()
    found = session().scalars(sa.select(Customer.id).where(
        sa.or_(Customer.code == code, Customer.name == text.strip())).limit(2)).all()
    found = found or [one.id for one in customers.find_customers(text, 2)]
    if len(found) != 1:
        raise Invalid("Hãy chọn doanh nghiệp trong danh sách gợi ý; chưa có thì thêm ở trang Doanh nghiệp.",
                      "Choose an enterprise of the list; a new one is added on the page Enterprises.", "customer")
    return found[0]


def _answers(survey: Survey) -> list[tuple[str, str]]:
    name = "vi" if language() == "vi" else "en"
    return [(one[name], str(words.ANSWER.get(survey.answers.get(one["key"], ""), survey.answers.get(one["key"], "")))
             if one["kind"] == "yes_no" else survey.answers.get(one["key"], ""))
            for one in survey.form.questions]


def _shots(survey: Survey) -> list[tuple[str, list[SurveyPhoto]]]:
    """Photographs that count: first those of the visit, then of each row, under its serial and name."""
    titles = {"": ""} | {row.key: f"{row.fields.get('serial', '')} {row.fields.get('name', '')}".strip() or "–"
                         for row in survey.rows}
    kept = [photo for photo in survey.photos if not photo.struck_because]
    found = [(title, [photo for photo in kept if photo.row_key == key]) for key, title in titles.items()]
    gone = [photo for photo in kept if photo.row_key not in titles]
    return [one for one in [*found, (_("Dòng đã bỏ khỏi phiếu"), gone)] if one[1]]


def _open(row: SurveyRow) -> bool:
    """Whether a recommendation waits for a job."""
    return row.advice in listing.WANTED and row.follow_up is None and row.survey.state == "finished"


def _ids(name: str) -> set[int]:
    texts: list[Any] = request.form.getlist(name)
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10}
