"""What the instruments show: every figure of the analysis opens a list of as many lines; the report says the same."""
from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import product
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
import sqlalchemy as sa
from docx import Document
from PIL import Image
from python_calamine import CalamineWorkbook

from certificates.report import render_report
from certificates.report_chart import Bar, ReportChart, chart_png
from lims.customers import listing, service
from lims.customers.models import Customer, Instrument
from lims.customers.words import FIELD_OF, kind_word
from lims.shared import clock, organisation, task_files, task_runner
from lims.shared.db import session, write
from lims.shared.report_excel import excel_file
from lims.shared.report_word import word_file
from lims.shared.table_file import read_table
from lims.surveys import reporting
from lims.surveys import service as surveys
from lims.surveys.analysis import analyse, months_ahead, scope_of
from lims.surveys.service import Entry
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
    content = excel_file(report)
    with ZipFile(io.BytesIO(content)) as book:
        assert sum(name.startswith("xl/charts/chart") for name in book.namelist()) == 2
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(1).to_python()
    table, drawn = [row for row in sheet if row[1] == kind_word("platform_scale")]
    assert table[0] == "1"
    assert drawn[:1] == [""]  # the words of a chart stand under those of the table, not in its column of numbers
    browser = logged_in(app, user)
    for form in ("pdf", "docx", "xlsx"):
        assert browser.get(f"/surveys/report.{form}?from=01/01/2026&to=30/06/2026").status_code == 200
    assert browser.get("/surveys/report.pdf?from=01/07/2026&to=30/06/2026").status_code == 422


def test_the_report_of_many_surveys_is_made_in_the_background(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation.save(HEADING)
    user = person("reception")
    owner = service.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3"})
    finished_survey(user, owner, date(2026, 3, 4), "A1")
    monkeypatch.setattr(reporting, "AT_ONCE", 0)
    browser, period = logged_in(app, user), "from=01/01/2026&to=30/06/2026"
    assert browser.get(f"/surveys/report.docx?{period}").status_code == 303
    asked = browser.post(f"/surveys/report?{period}")
    assert asked.status_code == 303
    assert task_runner.run_one()
    made = task_files.files_of(int(asked.location.rsplit("/", 1)[1]))
    assert [one.name.rsplit(".", 1)[1] for one in made] == ["pdf", "docx", "xlsx"]


def test_the_excel_file_of_a_year_holds_the_lines_of_its_list(app: Any) -> None:
    many()
    owner = session().scalars(sa.select(Customer).order_by(Customer.id)).first()
    finished_survey(person("reception"), owner, date(2026, 3, 4), "MỚI-1")
    with write("test.checks", actor=("", "test")) as current:
        current.execute(sa.update(Instrument).where(Instrument.due_on.is_not(None)).values(last_on=date(2026, 5, 2)))
    browser = logged_in(app, person("head"))
    page = browser.get("/surveys/instruments?year=2026").text
    assert "/surveys/instruments.xlsx?year=2026" in page
    assert "chưa được xác nhận với văn bản gốc" in page
    _heads, *rows = read_table(browser.get("/surveys/instruments.xlsx?year=2026").data)
    assert len(rows) == listed({"year": "2026"}) > 0
    assert "/instruments.xlsx?group=2" in browser.get("/instruments?group=2").text
    assert "chưa được xác nhận với văn bản gốc" in browser.get("/instruments?group=2").text


def test_photographs_stand_under_the_visit_and_their_rows(app: Any) -> None:
    user = person("reception")
    owner = service.create_customer({"name": "Nhà máy gạo Bình Minh", "address": "Thôn 3"})
    made = surveys.begin(owner.id, date(2026, 3, 4), "Minh", user)
    surveys.save(made.id, [Entry("row-00001", 0, {"kind": "platform_scale", "serial": "A-77",
                                                     "name": "Cân bàn"})], user)
    browser = logged_in(app, user)
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (90, 90, 90)).save(picture, "JPEG")
    for mark, row in (("photo-0001", ""), ("photo-0002", "row-00001")):
        sent = {"photo": (io.BytesIO(picture.getvalue()), "a.jpg"), "row": row, "mark": mark}
        assert browser.post(f"/surveys/{made.id}/photos", data=sent).status_code == 200
    shown = browser.get(f"/surveys/{made.id}").text
    assert shown.index("Hiện trường, nhận xét") < shown.index("<h2>A-77 Cân bàn</h2>")
    (first, _second) = surveys.get(made.id).photos
    assert browser.post(f"/surveys/{made.id}/photos/{first.id}/strike").status_code == 303
    assert "Hiện trường, nhận xét" not in browser.get(f"/surveys/{made.id}").text


def test_a_chart_of_nothing_is_drawn_too() -> None:
    assert chart_png(ReportChart("Hình", ("a",), (Bar("không", (0,)),))).startswith(b"\x89PNG")


def test_the_demand_reaches_twelve_months_from_the_day() -> None:
    for day, last in ((date(2026, 11, 28), date(2027, 11, 1)), (date(2026, 11, 1), date(2027, 10, 1))):
        assert months_ahead(day)[-1] == last
        assert months_ahead(day)[0] == date(2026, 11, 1)
