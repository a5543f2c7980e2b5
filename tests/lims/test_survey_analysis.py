"""What the instruments show: every figure of the analysis opens a list of as many lines; the report says the same."""
from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import product
from typing import Any

import pikepdf
import sqlalchemy as sa
from docx import Document

from certificates.report import render_report
from certificates.report_chart import Bar, ReportChart, chart_png
from lims.customers import listing, service
from lims.customers.models import Customer, Instrument
from lims.customers.words import FIELD_OF
from lims.shared import clock, organisation
from lims.shared.db import session, write
from lims.shared.report_word import word_file
from lims.surveys import reporting
from lims.surveys.analysis import analyse, scope_of
from tests.lims.factories import finished_survey
from tests.lims.laboratory import HEADING
from tests.lims.people import logged_in, person

KINDS = ("platform_scale", "tape_measure", "dial_pressure_gauge", "calliper")


def many() -> None:
    """Every combination of kind, service, verdict and due date, at two enterprises."""
    owners = [service.create_customer({"name": f"Nhà máy {number}", "address": "Thôn 3", "sector": sector})
              for number, sector in enumerate(("food", "petrol"))]
    today = clock.today()
    dates = [None, *(today + timedelta(days=days) for days in (-1, 0, 20, 40, 200, 340, 364, 400))]
    with write("test.rows", actor=("", "test")) as current:
        for number, (owner, kind, done, verdict, due) in enumerate(product(
                owners, KINDS, ("", "verification", "calibration"), ("", "pass", "fail"), dates)):
            current.add(Instrument(customer_id=owner.id, kind=kind, name="x", serial=str(number), search=f"{number}",
                                   serial_key=str(number), created_at=clock.now(), last_service=done,
                                   last_verdict=verdict, due_on=due))


def listed(args: dict[str, str]) -> int:
    return len(listing.everything(scope_of(args, clock.today())))


def test_every_figure_opens_a_list_of_as_many_lines(app_on_both: Any) -> None:
    many()
    for scope in ({}, {"sector": "food"}):
        found = analyse(scope_of(scope, clock.today()))
        assert found.group_1.total + found.group_2.total == listed(scope)
        for one in found.kinds:
            counts = [listed(scope | {"kind": one.kind} | more) for more in (
                {}, {"need": "valid"}, {"state": "overdue"}, {"state": "unverified"})]
            if one.group == 2:
                assert counts == [one.total, one.in_date, one.overdue, one.unverified]
                assert one.total == one.in_date + one.overdue + one.unverified
        for field in {FIELD_OF[kind] for kind in KINDS}:
            assert found.demand.now.get(field, 0) == listed(scope | {"field": field, "need": "now"})
            assert [found.demand.by_field.get(field, {}).get(month, 0) for month in found.demand.months] == [
                listed(scope | {"field": field, "month": f"{month:%Y-%m}"}) for month in found.demand.months]


def test_a_scope_of_a_year_holds_the_enterprises_surveyed_in_it(app: Any) -> None:
    many()
    owner = session().scalars(sa.select(Customer).order_by(Customer.id)).first()
    finished_survey(person("reception"), owner, date(2026, 3, 4), "MỚI-1")
    assert listed({"year": "2026"}) == listed({"customer": str(owner.id)})
    assert listed({"year": "2025"}) == 0


def test_the_report_of_a_period_says_what_was_found_as_pdf_and_word(app: Any) -> None:
    organisation.save(HEADING)
    user = person("reception")
    owner = service.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3"})
    finished_survey(user, owner, date(2026, 3, 4), "A1")
    finished_survey(user, owner, date(2026, 9, 4), "A1")
    report = reporting.survey_report(date(2026, 1, 1), date(2026, 6, 30), clock.today())
    told = report.sections[0].parts[0]
    assert isinstance(told, str)
    assert told.startswith("Đã khảo sát 1 doanh nghiệp trong 1 lượt, ghi nhận 1 phương tiện đo.")
    with pikepdf.open(io.BytesIO(render_report(report))) as opened:
        assert len(opened.pages) >= 2
    word = Document(io.BytesIO(word_file(report)))
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert "- Nhà máy gạo Bình Minh: Cân đặt không phẳng." in texts
    assert len(word.inline_shapes) == 2
    browser = logged_in(app, user)
    for form in ("pdf", "docx", "xlsx"):
        assert browser.get(f"/surveys/report.{form}?from=01/01/2026&to=30/06/2026").status_code == 200
    assert browser.get("/surveys/report.pdf?from=01/07/2026&to=30/06/2026").status_code == 422


def test_a_chart_of_nothing_is_drawn_too() -> None:
    assert chart_png(ReportChart("Hình", ("a",), (Bar("không", (0,)),))).startswith(b"\x89PNG")
