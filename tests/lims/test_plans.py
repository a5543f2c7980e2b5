"""The yearly plan: figures from the work, entries with evidence, overrides, carrying over, its pages and files."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from threading import Barrier
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from docx import Document
from flask import url_for
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import MultiDict

from lims.alerts import people
from lims.auth.models import User
from lims.plans import carrying, difficulties, doings, papers, purchases, quarter, service
from lims.plans.doings import Entry
from lims.plans.forms import PlanForm
from lims.plans.models import Plan, PlanItem, PlanTarget
from lims.plans.progress import progress_of
from lims.plans.rules import Standing
from lims.plans.service import BasisLine, ItemDetails, PlanDetails, TargetDetails
from lims.shared import clock
from lims.shared.db import db, session
from lims.shared.errors import Conflict, Invalid
from lims.shared.measures import Period, all_measures
from lims.workload.rules import Span, span_of
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person

PNG = b"\x89PNG\r\n\x1a\n0"


def planned(keeper: Any, *targets: tuple[str, str, int, str], year: int | None = None, **other: Any) -> PlanItem:
    """A plan with one item and these targets (title, comparator, quantity, measure)."""
    year = year or clock.today().year
    plan = service.create_plan(PlanDetails(year=year, title=f"Kế hoạch {year}", basis=[
        BasisLine(number="996/QĐ-TTg", issued_on=date(2018, 8, 10), title="Đề án 996")]), by=keeper)
    values = {"text": "Khảo sát tại 30 doanh nghiệp", "mark": "2.3", "deliverable": "BC kết quả khảo sát",
              "starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "schedule": "Cả năm"} | other
    item = service.add_item(plan.id, ItemDetails(**values), by=keeper)
    for title, comparator, quantity, measure in targets:
        service.add_target(item.id, TargetDetails(title=title, comparator=comparator, quantity=Decimal(quantity),
                                                  unit="cái", measure=measure), by=keeper)
    return service.item(item.id)


def test_only_entries_with_evidence_count_until_they_are_struck_out(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Bài viết", ">=", 3, ""))
    target, today = item.targets[0], clock.today()
    doings.add_entry(item.id, Entry(on=today, text="Gửi báo, chưa đăng", target_id=target.id), by=keeper)
    assert progress_of(target, today).value == 0
    linked = doings.add_entry(item.id, Entry(on=today, text="Đã đăng", target_id=target.id,
                                             link="https://bao.example/1"), by=keeper)
    doings.add_entry(item.id, Entry(on=today, text="Hai bài", target_id=target.id, quantity=Decimal(2),
                                    file=("bai.png", PNG)), by=keeper)
    doings.add_entry(item.id, Entry(on=today, text="Chỉ ghi lại", link="https://bao.example/2"), by=keeper)
    assert (progress_of(target, today).value, progress_of(target, today).standing) == (3, Standing.MET)
    doings.strike_entry(linked.id, "Bài đã gỡ", by=keeper)
    assert progress_of(target, today).value == 2
    with pytest.raises(Conflict):
        doings.strike_entry(linked.id, "lần nữa", by=keeper)


@pytest.mark.parametrize(("other", "field"), [
    ({"on": date(2027, 1, 1)}, "on"), ({"text": " "}, "text"), ({"quantity": Decimal(-1)}, "quantity"),
    ({"link": "javascript:alert(1)"}, "link"), ({"link": "https://"}, "link"), ({"target_id": 999}, "target_id"),
    ({"file": ("a.pdf", b"MZ")}, "file")])
def test_an_entry_that_cannot_be_is_refused_at_its_field(app: Any, other: dict[str, Any], field: str) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Bài viết", ">=", 1, ""))
    with pytest.raises(Invalid) as refused:
        doings.add_entry(item.id, Entry(**({"on": clock.today(), "text": "Bài"} | other)), by=keeper)
    assert refused.value.field == field


def test_an_override_stands_beside_the_computed_value_and_can_be_taken_back(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    factories.item()
    item = planned(keeper, ("Phiếu", ">=", 5, "jobs.received"))
    target, today = item.targets[0], clock.today()
    with pytest.raises(Invalid):
        doings.override(target.id, Decimal(5), " ", by=keeper)
    doings.override(target.id, Decimal(5), "Bốn phiếu giấy trước khi có máy", by=keeper)
    found = progress_of(service.target(target.id), today)
    assert (found.computed, found.value, found.standing) == (1, 5, Standing.MET)
    assert found.override is not None
    assert found.override.computed == 1
    doings.override(target.id, None, "Phiếu giấy đã nhập", by=keeper)
    assert progress_of(service.target(target.id), today).value == 1
    with pytest.raises(sa.exc.DatabaseError):
        session().execute(sa.text("UPDATE plan_override SET reason = 'khác'"))
    session().rollback()


def test_every_measure_counts_exactly_what_its_list_shows(app_on_both: Any) -> None:
    factories.submitted(factories.GAUGE)
    today = clock.today()
    period = Period(date(today.year, 1, 1), date(today.year, 12, 31), today)
    with app_on_both.test_request_context():
        for measure in all_measures():
            lines, value = measure.lines(period, None, 500), measure.value(period)
            if measure.share:
                assert value == Decimal(100 * sum(line.counts for line in lines)) / len(lines)
            else:
                assert value == len(lines)
            assert [line.key for line in lines] == sorted((line.key for line in lines), reverse=True)
            assert all(line.key < lines[0].key for line in measure.lines(period, lines[0].key, 5)) if lines else True
        before = Period(date(2020, 1, 1), date(2020, 12, 31), today)
        counted = {one.code: one.value(before) for one in all_measures()}
    assert counted["jobs.received"] == 0
    assert counted["standards.in_date"] is None  # no standard was in the register then


def test_a_target_of_a_part_that_is_not_there_counts_its_entries(app: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Doanh nghiệp", "=", 30, "no.such"))
    doings.add_entry(item.id, Entry(on=clock.today(), text="Phiếu giấy", quantity=Decimal(26), link="https://a.example/x",
                                    target_id=item.targets[0].id), by=keeper)
    found = progress_of(item.targets[0], clock.today())
    assert (found.measure, found.value) == (None, 26)


def test_what_was_not_achieved_goes_over_with_its_past(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    year = clock.today().year - 1
    item = planned(keeper, ("Chương trình", ">=", 2, ""), year=year)
    done = service.add_item(item.plan_id, ItemDetails(text="Đã xong", starts_on=date(year, 1, 1),
                                                      ends_on=date(year, 12, 31)), by=keeper)
    service.set_item_state(done.id, "done", "Biên bản nghiệm thu", by=keeper)
    doings.add_entry(item.id, Entry(on=date(year, 5, 1), text="Một", target_id=item.targets[0].id,
                                    link="https://a.example/1"), by=keeper)
    assert [one.id for one in carrying.outlook(service.plan(item.plan_id))] == [item.id]
    made = carrying.carry_over(item.plan_id, {item.id}, title="Năm sau", by=keeper)
    carried = service.plan(made.id).items[0]
    assert (made.year, carried.carried_from_id, carried.starts_on) == (year + 1, item.id, date(year, 1, 1))
    doings.add_entry(carried.id, Entry(on=clock.today(), text="Hai", target_id=carried.targets[0].id,
                                       link="https://a.example/2"), by=keeper)
    assert progress_of(carried.targets[0], clock.today()).value == 2
    assert progress_of(service.target(item.targets[0].id), clock.today()).value == 1
    with pytest.raises(Conflict):
        carrying.carry_over(item.plan_id, {item.id}, title="Năm sau", by=keeper)
    with pytest.raises(Invalid):
        carrying.carry_over(item.plan_id, {999}, title="Khác", by=keeper)


def test_a_closed_plan_refuses_changes_until_it_is_opened_again(app: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper)
    with pytest.raises(Conflict):  # nothing to reach
        service.set_state(item.plan_id, "issued", by=keeper)
    service.add_target(item.id, TargetDetails(title="A", comparator=">=", quantity=Decimal(1), unit="cái"), by=keeper)
    service.set_state(item.plan_id, "issued", by=keeper)
    service.set_state(item.plan_id, "closed", by=keeper)
    for act in (lambda: doings.raise_difficulty(item.id, "Chậm", by=keeper),
                lambda: doings.override(item.targets[0].id, Decimal(1), "vì", by=keeper),
                lambda: service.set_item_state(item.id, "done", "vì", by=keeper)):
        with pytest.raises(Conflict):
            act()
    service.set_state(item.plan_id, "issued", by=keeper)
    doings.raise_difficulty(item.id, "Chậm", by=keeper)


def test_a_page_asks_as_many_queries_for_many_items_as_for_few(app: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Một", ">=", 1, ""))
    client, plan_id, keeper_id = logged_in(app, keeper), item.plan_id, keeper.id

    def queries() -> int:
        return statements_of(lambda: client.get(f"/plans/{plan_id}"))

    queries()
    few = queries()
    keeper = session().get_one(User, keeper_id)
    for number in range(12):
        more = service.add_item(plan_id, ItemDetails(text=f"Việc {number}", starts_on=date(2026, 1, 1),
                                                     ends_on=date(2026, 12, 31)), by=keeper)
        service.add_target(more.id, TargetDetails(title="T", comparator=">=", quantity=Decimal(1), unit="cái"),
                           by=keeper)
    assert queries() == few


def test_the_annex_is_the_same_in_pdf_word_and_excel(app: Any) -> None:
    laboratory.opened()
    keeper = person("quality_manager")
    item = planned(keeper, ("Doanh nghiệp", "=", 30, ""), lead="Phòng Quản lý 漢", funding="")
    client = logged_in(app, keeper)
    files = {form: client.get(f"/plans/{item.plan_id}/annex.{form}") for form in ("pdf", "docx", "xlsx")}
    assert {one.status_code for one in files.values()} == {200}
    printed = " ".join(page.extract_text() for page in PdfReader(BytesIO(files["pdf"].data)).pages)
    assert "Phòng Quản lý □" in printed.replace("\u00a0", " ")  # a sign that no face holds is shown as missing
    word = Document(BytesIO(files["docx"].data))
    assert [cell.text for cell in word.tables[0].rows[0].cells] == [column.head for column in papers.ANNEX]
    row = [cell.text for cell in word.tables[0].rows[1].cells]
    assert row == ["2.3", "Khảo sát tại 30 doanh nghiệp", "BC kết quả khảo sát", "Phòng Quản lý 漢", "", "Cả năm", ""]
    sheet = CalamineWorkbook.from_filelike(BytesIO(files["xlsx"].data)).get_sheet_by_index(0).to_python()
    assert [str(cell) for cell in sheet[-1]][1:4] == row[1:4]
    doings.override(item.targets[0].id, Decimal(26), "đếm trên giấy", by=keeper)
    told = client.get(f"/plans/{item.plan_id}/progress.docx")
    row = [cell.text for cell in Document(BytesIO(told.data)).tables[1].rows[1].cells]
    assert row[3:5] == ["30 cái", "26"]  # a figure alone stands in the column of figures
    assert row[7] == "Số thực hiện do người ghi thay số tính được (0): đếm trên giấy"


def test_the_head_of_a_group_runs_over_the_columns_behind_it(app: Any) -> None:
    laboratory.opened()
    keeper = person("quality_manager")
    plan_id = planned(keeper, ("Doanh nghiệp", "=", 30, "")).plan_id
    service.add_item(plan_id, ItemDetails(text="Phát triển hạ tầng đo lường", heading=True, mark="2",
                                          starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31)), by=keeper)
    client = logged_in(app, keeper)
    files = {form: client.get(f"/plans/{plan_id}/annex.{form}").data for form in ("docx", "xlsx")}
    row = Document(BytesIO(files["docx"])).tables[0].rows[2]
    assert [(cell.text, cell.grid_span) for cell in row.cells[:2]] == [("2", 1), ("Phát triển hạ tầng đo lường", 6)]
    with ZipFile(BytesIO(files["xlsx"])) as book:
        assert 'mergeCell ref="B' in book.read("xl/worksheets/sheet1.xml").decode()


def test_equipment_bought_under_a_task_leads_to_its_standard_and_the_row_of_the_list(app_on_both: Any) -> None:
    keeper = laboratory.opened()
    item = planned(keeper, ("Thiết bị", ">=", 1, "standards.commissioned"))
    with pytest.raises(Invalid) as refused:
        purchases.buy(item.id, "999", {"name": "Áp kế chuẩn"}, by=keeper)
    assert refused.value.field == "legal_item"
    gauge = factories.standard(factories.GAUGE, keeper)
    purchases.buy(item.id, "31", {"name": "Áp kế chuẩn", "standard": gauge.asset_number}, by=keeper)
    (step,) = purchases.of_item(item.id)
    assert (step.purchase.step, step.purchase.standard_id, step.row) == ("commissioned", gauge.id, "none")
    assert step.purchase.plan_reference == f"Kế hoạch {clock.today().year}, 2.3"
    with pytest.raises(Invalid):
        purchases.link(item.id, step.purchase.id, by=keeper)
    client = logged_in(app_on_both, keeper)
    assert f'href="/plans/items/{item.id}"' in client.get("/coverage").text
    shown = client.get(f"/plans/items/{item.id}").text
    assert f'href="/standards/{gauge.id}"' in shown
    assert "/coverage#row-31" in shown
    empty = client.post(f"/plans/items/{item.id}/purchases", data={"decision": "QĐ 7"})
    assert (empty.status_code, "QĐ 7" in empty.text) == (422, True)
    service.set_state(item.plan_id, "issued", by=keeper)
    service.set_state(item.plan_id, "closed", by=keeper)
    with pytest.raises(Conflict):
        purchases.unlink(step.purchase.id, by=keeper)
    service.set_state(item.plan_id, "issued", by=keeper)
    assert purchases.unlink(step.purchase.id, by=keeper) == item.id
    assert [one.id for one in purchases.unlinked()] == [step.purchase.id]


def test_two_who_link_the_same_equipment_at_once_are_told_who_came_first(app_on_both: Any) -> None:
    keeper = laboratory.opened()
    first, second = planned(keeper), planned(keeper, year=2025)
    purchases.buy(first.id, "31", {"name": "Áp kế chuẩn"}, by=keeper)
    (step,) = purchases.of_item(first.id)
    purchases.unlink(step.purchase.id, by=keeper)
    items, purchase_id, user_id, together = [first.id, second.id], step.purchase.id, keeper.id, Barrier(2)
    session().rollback()

    def press(item_id: int) -> bool:
        with app_on_both.app_context():
            user = session().get_one(User, user_id)
            together.wait(30)
            try:
                purchases.link(item_id, purchase_id, by=user)
            except Invalid:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, items)) == [False, True]


def test_a_difficulty_that_nobody_above_knows_of_comes_in_the_mail_of_the_head(app: Any) -> None:
    head, keeper = person("head"), person("quality_manager")
    people.add_source(app, difficulties.SOURCE)
    item = planned(keeper)
    doings.raise_difficulty(item.id, "chưa có kinh phí", by=keeper)
    (one,) = (one for one in people.wanted(clock.today()) if one.kind == "difficulty")
    assert (one.user_id, one.label, one.due_on) == (head.id, "chưa có kinh phí", clock.today() + timedelta(days=14))
    (raised,) = difficulties.listed("waiting")
    doings.escalate(raised.id, "Giám đốc Sở", by=keeper)
    assert [one for one in people.expiring(clock.today()) if one.kind == "difficulty"] == []


def test_difficulties_stand_in_one_list_until_they_are_solved(app: Any, clock: Any) -> None:
    keeper = person("quality_manager")
    first, second = planned(keeper), planned(keeper, year=2025)
    for item in (first, second):
        doings.raise_difficulty(item.id, f"vướng {item.plan.year}", by=keeper)
    assert not any(difficulties.should_escalate(row) for row in difficulties.listed("open"))
    clock.advance(days=15)
    assert all(difficulties.should_escalate(row) for row in difficulties.listed("open"))
    client, (old,) = logged_in(app, keeper), difficulties.listed("waiting", second.plan_id)
    answer = client.post(f"/plans/difficulties/{old.id}/escalate", data={"to": "Giám đốc Sở", "back": "list"})
    assert answer.headers["Location"] == "/plans/difficulties"
    assert difficulties.tally() == {"open": 2, "waiting": 1, "escalated": 1, "resolved": 0}
    doings.resolve(old.id, "đã dời lịch", by=keeper)
    assert difficulties.tally(second.plan_id) == {"open": 0, "waiting": 0, "escalated": 0, "resolved": 1}
    page = client.get("/plans/difficulties").text
    assert "vướng 2026" in page
    assert "vướng 2025" not in page
    assert "đã dời lịch" in client.get(f"/plans/difficulties?show=resolved&plan={second.plan_id}").text


def test_the_report_of_a_quarter_tells_the_targets_by_its_end_and_what_came_within_it(app: Any) -> None:
    keeper = laboratory.opened()
    item = planned(keeper, ("Bài viết", ">=", 4, ""), ("Chuẩn còn hạn", ">=", 100, "standards.in_date"))
    article = item.targets[0]
    for day in (date(2026, 2, 1), date(2026, 8, 1), date(2026, 9, 30), date(2026, 10, 1)):
        doings.add_entry(item.id, Entry(on=day, text="bài", target_id=article.id, link="https://bao.example/a"),
                         by=keeper)
    span = span_of("2026-Q3")
    assert span is not None
    section = quarter.targets(span, clock.today())
    assert section is not None
    (table,) = section.parts
    assert not isinstance(table, str)
    assert [line.cells[4:7] for line in table.lines] == [("2", "3", "Đúng tiến độ"), ("–", "–", "Chưa có số liệu")]
    assert quarter.targets(Span(date(2019, 1, 1), date(2019, 12, 31), "2019"), clock.today()) is None
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(
        logged_in(app, keeper).get("/workload/report.pdf?period=2026-Q3").data)).pages)
    assert "Chỉ tiêu kế hoạch năm" in text


def test_what_has_no_figures_is_counted_apart_from_what_is_on_course(app: Any) -> None:
    keeper = person("quality_manager")
    item = planned(keeper, ("Chuẩn còn hạn", ">=", 100, "standards.in_date"))
    client = logged_in(app, keeper)
    for standing, there in (("unknown", True), ("on_course", False)):
        shown = client.get(f"/plans/{item.plan_id}?standing={standing}").text
        assert (f'href="/plans/items/{item.id}"' in shown) == there
    listed = client.get("/plans").text  # each number of the list of plans leads to the tasks that it counts
    assert [one for one in (*Standing, "") if f'standing={one}#tasks">' in listed] == [Standing.UNKNOWN]
    assert f'href="/plans/{item.plan_id}#tasks">1<' in listed
    few = statements_of(lambda: service.newest_plans(5))
    again = session().scalars(sa.select(User)).one()
    for year in range(2012, 2025):
        planned(again, ("Bài viết", ">=", 4, ""), year=year)
    assert statements_of(lambda: service.newest_plans(5)) == few
    assert "Kế hoạch 2012" not in client.get("/plans").text
    assert "Kế hoạch 2012" in client.get("/plans?page=2").text


def test_pages_show_the_figure_the_list_and_what_disagrees(app: Any) -> None:
    keeper = person("quality_manager")
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician"))
    made = manager.post("/plans/new", data={"year": "2026", "title": "Kế hoạch 2026",
                                            "basis": "996/QĐ-TTg; 10/08/2018; Đề án\n82/QĐ-BKHCN; ; Kế hoạch"})
    assert made.status_code == 303
    plan = session().scalars(sa.select(Plan)).one()
    assert [one.issued_on for one in plan.basis] == [date(2018, 8, 10), None]
    wrong = manager.post("/plans/new", data={"year": "26", "title": "X", "basis": "chỉ có số"})
    assert wrong.status_code == 422
    assert "Năm gồm bốn chữ số." in wrong.text
    assert "chỉ có số" in wrong.text
    assert technician.get("/plans/new").status_code == 403
    added = manager.post(f"/plans/{plan.id}/items/new", data={
        "mark": "2.3", "text": "Khảo sát", "deliverable": "BC kết quả khảo sát", "starts_on": "01/01/2026",
        "ends_on": "31/12/2026"})
    assert added.status_code == 303
    item = session().scalars(sa.select(PlanItem)).one()
    manager.post(f"/plans/items/{item.id}/targets/new", data={
        "title": "Doanh nghiệp", "measure": "customers.served", "comparator": "=", "quantity": "30", "unit": "DN"})
    target = session().scalars(sa.select(PlanTarget)).one()
    job = factories.item().job
    manager.post(f"/plans/{plan.id}/disagreements", data={
        "one_place": "Thân", "one_says": "trang", "other_place": "Phụ lục", "other_says": "Cổng", "item_id": ""})
    page = manager.get(f"/plans/{plan.id}").text
    assert "Chỉ tiêu “Doanh nghiệp” không có con số trong cột Kết quả đạt được" in page
    assert "Thân: “trang” · Phụ lục: “Cổng”" in page
    behind = technician.get(f"/plans/targets/{target.id}").text
    with app.test_request_context():
        assert url_for("customers.show", customer_id=job.customer_id) in behind
    told = technician.post(f"/plans/items/{item.id}/difficulties", data={"text": "Doanh nghiệp hẹn lại"})
    assert told.status_code == 303
    assert technician.post(f"/plans/items/{item.id}/entries", data={"on": "", "text": "X"}).status_code == 422
    assert manager.post(f"/plans/{plan.id}/carry", data={"title": "", "items": "abc"}).status_code == 422
    later = (clock.today() + timedelta(days=1)).strftime("%d/%m/%Y")
    future = technician.post(f"/plans/items/{item.id}/entries", data={"on": later, "text": "X"})
    assert "Ngày này chưa tới." in future.text


def test_a_post_without_the_year_is_refused_at_its_field(app: Any) -> None:
    with app.test_request_context("/", method="POST"):
        form = PlanForm(Plan(year=2026, title="Kế hoạch"), formdata=MultiDict({"title": "Kế hoạch"}),
                        meta={"csrf": False})
        assert not form.validate()
        assert list(form.errors) == ["year"]
