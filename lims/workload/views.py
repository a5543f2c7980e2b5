"""Pages of the figures of work: the dashboard of a period, and the list behind each of its figures."""
from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from certificates.report import render_report
from lims.auth.models import User
from lims.customers import words as customer_words
from lims.jobs.wording import STATE_LIGHTS, state_words
from lims.shared import clock
from lims.shared.db import session
from lims.shared.i18n import language
from lims.shared.permissions import LOGIN, permit
from lims.workload import papers, rules
from lims.workload.counting import NOWHERE
from lims.workload.figures import figures
from lims.workload.listing import OF_TODAY, PAGE, SHOWS, Wanted, count, found
from lims.workload.rules import Span, quarter_of, span_of

blueprint = Blueprint("workload", __name__)
SHOW_WORDS = {"done": _l("Đã làm xong"), "rejected": _l("Kiểm định không đạt"), "late": _l("Xong sau ngày hẹn"),
              "taken_in": _l("Đã nhận"), "open": _l("Đang làm"),
              "overdue": _l("Quá hẹn"), "due_today": _l("Hẹn hôm nay"),
              "unassigned": _l("Chờ giao việc"), "ready": _l("Chờ trả khách")}


@blueprint.app_template_filter("percent")
def percent(value: float | None) -> str:
    """One digit after the sign; a dash for nothing."""
    if value is None:
        return "–"
    text = f"{value:.1f}"
    return f"{text.replace('.', ',') if language() == 'vi' else text} %"


@blueprint.get("/workload")
@permit(LOGIN)
def index() -> str:
    """The figures of a year, a quarter or a month."""
    today, span = clock.today(), _span()
    earlier, later = rules.neighbours(span)
    return render_template(
        "workload/index.html", figures=figures(span, today), span=span, today=today, fields=customer_words.FIELD,
        nowhere=NOWHERE, spans=_spans(span), earlier=earlier, later=later, span_word=span_word, link=_link)


@blueprint.get("/workload/report.pdf")
@permit(LOGIN)
def report() -> Response:
    """The same for paper."""
    span = _span()
    content = render_report(papers.quarterly(figures(span, clock.today()), span_word(span), clock.today()))
    return Response(content, mimetype="application/pdf",
                    headers={"Content-Disposition": f'inline; filename="so-lieu-cong-viec-{span.name}.pdf"'})


@blueprint.get("/workload/list")
@permit(LOGIN)
def listing() -> str:
    """The instruments behind a figure."""
    today = clock.today()
    wanted = _wanted()
    below = request.args.get("below", type=int)
    lines = found(wanted, today, below, PAGE + 1)
    return render_template(
        "workload/list.html", wanted=wanted, lines=lines[:PAGE], number=count(wanted, today), below=below, today=today,
        more=lines[PAGE - 1].key if len(lines) > PAGE else None, show_words=SHOW_WORDS, span_word=span_word,
        fields=customer_words.FIELD, nowhere=NOWHERE, words=state_words(), lights=STATE_LIGHTS, link=_link,
        person=_person(wanted.person),
        of_today=OF_TODAY, kind=customer_words.kind_word(wanted.kind) if wanted.kind else "")


def span_word(span: Span) -> str:
    """Its name for people."""
    year, _dash, part = span.name.partition("-")
    if not part:
        return _("năm %(year)s", year=year)
    if part.startswith("Q"):
        return _("quý %(number)s năm %(year)s", number=part[1:], year=year)
    return _("tháng %(month)s", month=f"{part}/{year}")


def _span() -> Span:
    return span_of(request.args.get("period", "")) or quarter_of(clock.today())


def _spans(span: Span) -> list[tuple[str, str, bool]]:
    """(word, address, whether it is this one): the year, its quarters, the months of its quarter."""
    year = span.first.year
    quarter = quarter_of(span.first)
    names = [f"{year}", *(f"{year}-Q{number}" for number in range(1, 5)),
             *(f"{month:%Y-%m}" for month in (quarter.months if len(span.months) < 12 else ()))]
    spans = [one for name in names if (one := span_of(name)) is not None]
    return [(span_word(one), url_for("workload.index", period=one.name), one.name == span.name) for one in spans]


def _wanted() -> Wanted:
    show, person = request.args.get("show", ""), request.args.get("person", "")
    return Wanted(show if show in SHOWS else "done", _span(), request.args.get("field", "")[:40],
                  request.args.get("area", "")[:200],
                  int(person) if person.isascii() and person.isdigit() and len(person) < 10 else None,
                  *(request.args.get(name, "")[:60] for name in ("kind", "service", "regime")))


def _link(show: str, span: Span, **other: Any) -> str:
    """The address of the list behind a figure."""
    return url_for("workload.listing", show=show, period=span.name, **other)


def _person(person_id: int | None) -> str:
    from_row = session().get(User, person_id) if person_id is not None else None
    return "" if from_row is None else from_row.full_name
