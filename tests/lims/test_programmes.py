"""Measurement-assurance programmes: drafted by a template, issued under a gapless number, followed up, amended."""
from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from certificates.report import ReportTable
from lims.auth.models import User
from lims.programmes import issuing, numbering, papers, results, service, template
from lims.programmes.models import Programme, ProgrammeDocument, ProgrammePart
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from lims.shared.measures import Period, measure
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person

TODAY = date(2026, 11, 23)
VALUES = {"title": "Chương trình", "first_on": date(2026, 6, 1), "last_on": date(2028, 5, 31), "basis": "",
          "wanted_ratio": Decimal(4)}
MEASURED = {"what": "Áp suất hơi", "unit": "bar", "lower": Decimal("7.5"), "upper": Decimal("8.5"),
            "expanded": Decimal("0.5"), "factor": Decimal(2), "permissible": None, "source": "GCN"}


def ready(by: User, **other: Any) -> Programme:
    """A draft that can be issued."""
    gauge = factories.instrument(factories.GAUGE)
    row = service.create({**VALUES, "customer_id": gauge.customer_id, **other}, by=by)
    service.save_measurement(row.id, {**MEASURED, "instrument_id": gauge.id}, by=by)
    service.add_expert(row.id, {"name": "An", "body": "", "role": "leader", "decision": ""}, by=by)
    for part in row.parts:
        service.write_part(part.id, {"body": "viết"}, by=by)
    service.propose(row.id, by=by)
    for action in service.programme(row.id).actions:
        service.save_action(row.id, {"text": action.text, "kind": action.kind, "owner": "Bình",
                                     "due_on": action.due_on, "cost": None}, by=by, action_id=action.id)
    return service.programme(row.id)


def test_gaps_become_actions_once_and_nothing_is_issued_before_all_is_there(app_on_both: Any) -> None:
    head = laboratory.opened()
    gauge = factories.instrument(factories.GAUGE)
    row = service.create({**VALUES, "customer_id": gauge.customer_id}, by=head)
    assert [(one.kind, one.title) for one in row.parts] == [(kind, title) for kind, title, _ in template.FIRST]
    with pytest.raises(Conflict, match="no measurement"):
        issuing.issue(row.id, version=row.version, by=head)
    service.save_measurement(row.id, {**MEASURED, "instrument_id": gauge.id}, by=head)
    assert [service.propose(row.id, by=head), service.propose(row.id, by=head)] == [2, 0]
    row = service.programme(row.id)
    assert {one.gap for one in row.actions} == {"never_checked", "small_ratio"}
    with pytest.raises(Conflict, match=r"no owner.*no leader.*not written"):
        issuing.issue(row.id, version=row.version, by=head)
    other = factories.instrument(factories.GAUGE)
    with pytest.raises(Invalid, match="not this enterprise"):
        service.save_measurement(row.id, {**MEASURED, "instrument_id": other.id}, by=head)
    with pytest.raises(Invalid, match="year"):
        service.create({**VALUES, "customer_id": gauge.customer_id, "last_on": date(2027, 5, 30)}, by=head)


def test_issued_content_is_frozen_and_a_later_look_at_the_instrument_does_not_move_it(app_on_both: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    document = issuing.issue(row.id, version=row.version, by=head)
    assert (document.number, document.issued_on) == ("01/2026/CT-BĐĐL", TODAY)
    assert issuing.issue(row.id, version=row.version, by=head).id == document.id
    with pytest.raises(Conflict):
        service.write_part(row.parts[0].id, {"body": "khác"}, by=head)
    with pytest.raises(sa.exc.DatabaseError), write("test.tamper", actor=("", "test")):
        session().execute(sa.text("UPDATE programme_document SET digest = 'x'"))
    session().rollback()
    stored = session().scalars(sa.select(ProgrammeDocument)).one()
    assert issuing.digest_of(stored.record) == stored.digest
    (line,) = stored.record["measurements"]
    assert (line["ratio"], line["index"], line["gaps"]) == ("1", "1", ["never_checked", "small_ratio"])
    assert stored.file.content.startswith(b"%PDF-")


def test_programmes_issued_at_once_take_numbers_without_gap_or_double(app_on_both: Any) -> None:
    head = laboratory.opened()
    drafts = [(row.id, row.version) for row in (ready(head) for _ in range(3))]
    together, head_id = Barrier(3), head.id
    session().rollback()

    def press(draft: tuple[int, int]) -> str:
        with app_on_both.app_context():
            by = session().get_one(User, head_id)
            together.wait(30)
            return issuing.issue(draft[0], version=draft[1], by=by).number

    with ThreadPoolExecutor(3) as pool:
        numbers = list(pool.map(press, drafts))
    assert sorted(numbers) == [f"0{number}/2026/CT-BĐĐL" for number in (1, 2, 3)]


def test_an_action_is_followed_up_and_the_programme_closed_when_all_is_settled(app_on_both: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    issuing.issue(row.id, version=row.version, by=head)
    first, second = service.programme(row.id).actions
    done = {"state": "done", "done_on": TODAY, "result": "xong", "effect": "", "effect_note": ""}
    for wrong in ({"done_on": None}, {"result": ""}, {"effect": "effective"}, {"done_on": date(2026, 11, 24)}):
        with pytest.raises(Invalid):
            service.follow_up(first.id, {**done, **wrong}, by=head)
    service.follow_up(first.id, {**done, "effect": "effective", "effect_note": "đo lại đạt"}, by=head)
    with pytest.raises(Conflict, match="open"):
        results.close(row.id, {"closing": "đạt"}, by=head)
    service.follow_up(second.id, {**done, "state": "dropped", "done_on": None, "result": "đã thay máy"}, by=head)
    issued = results.close(row.id, {"closing": "đạt", "difficulties": "thiếu chuẩn"}, by=head)
    assert (issued.number, service.programme(row.id).state) == ("01/2026/BC-BĐĐL", "closed")
    assert [one["state"] for one in issued.record["actions"]] == ["done", "dropped"]
    parts = [section.title for section in papers.result_report(issued.record).sections]
    assert (len(parts), issued.file.content[:5]) == (8, b"%PDF-")
    with pytest.raises(Conflict):
        results.close(row.id, {"closing": "lần nữa"}, by=head)
    with pytest.raises(sa.exc.DatabaseError), write("test.tamper", actor=("", "test")):
        session().execute(sa.text("UPDATE programme_result SET digest = 'x'"))


def test_a_result_entered_while_the_report_is_drawn_stands_in_the_report(app_on_both: Any, monkeypatch: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    issuing.issue(row.id, version=row.version, by=head)
    dropped = {"state": "dropped", "done_on": None, "result": "thôi", "effect": "", "effect_note": ""}
    for action in service.programme(row.id).actions:
        service.follow_up(action.id, dropped, by=head)
    late, draw, drawn = service.programme(row.id).actions[0].id, results.render_report, []

    def slowly(report: Any) -> bytes:
        drawn.append(report)
        if len(drawn) == 1:
            service.follow_up(late, {**dropped, "result": "đã bán máy"}, by=head)
        return draw(report)

    monkeypatch.setattr(results, "render_report", slowly)
    issued = results.close(row.id, {"closing": "đạt"}, by=head)
    assert (len(drawn), issued.number) == (2, "01/2026/BC-BĐĐL")
    assert issued.record["actions"][0]["result"] == "đã bán máy"


def test_one_report_comes_of_two_who_close_at_once(app_on_both: Any) -> None:
    head = laboratory.opened()
    rows = [ready(head) for _ in range(2)]
    for row in rows:
        issuing.issue(row.id, version=row.version, by=head)
        for action in service.programme(row.id).actions:
            service.follow_up(action.id, {"state": "dropped", "done_on": None, "result": "thôi", "effect": "",
                                          "effect_note": ""}, by=head)
    together, head_id, ids = Barrier(4), head.id, [row.id for row in rows] * 2
    session().rollback()

    def press(programme_id: int) -> str:
        with app_on_both.app_context():
            by = session().get_one(User, head_id)
            together.wait(30)
            try:
                return results.close(programme_id, {"closing": "đạt"}, by=by).number
            except Conflict:
                return ""

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, ids)) == ["", "", "01/2026/BC-BĐĐL", "02/2026/BC-BĐĐL"]


def test_the_pattern_of_numbers_is_chosen_before_the_first_of_a_year(app: Any, clock: Any) -> None:
    head = laboratory.opened()
    assert numbering.set_pattern("programme", 2026, "CTBĐ {seq}-{yy}", by=head) == "CTBĐ 1-26"
    first = ready(head)
    assert issuing.issue(first.id, version=first.version, by=head).number == "CTBĐ 1-26"
    for kind, year, pattern, field in (
            ("programme", 2026, "{seq}/{yyyy}", "pattern"), ("result", 2026, "CTBĐ {seq:02d}-{yy}", "pattern"),
            ("result", 2027, "CTBĐ {seq}-{yy}", "pattern"), ("result", 2027, "BC-{yyyy}", "pattern"),
            ("khác", 2027, "{seq}/{yyyy}", "kind")):
        with pytest.raises((Invalid, Conflict)) as refused:
            numbering.set_pattern(kind, year, pattern, by=head)
        assert refused.value.field == field
    clock.advance(days=60)
    second = ready(head)
    assert issuing.issue(second.id, version=second.version, by=head).number == "CTBĐ 1-27"


def test_an_enterprise_shows_its_programmes_and_the_end_keeps_what_was_typed(app: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    client = logged_in(app, head)
    assert f'href="/programmes/{row.id}"' in client.get(f"/customers/{row.customer_id}").text
    pages = [logged_in(app, who).get("/programmes/numbers").status_code for who in (head, person("administrator"))]
    assert pages == [403, 200]
    issuing.issue(row.id, version=row.version, by=head)
    answer = client.post(f"/programmes/{row.id}/close", data={"closing": "đạt", "proposals": "mua chuẩn"})
    assert (answer.status_code, "mua chuẩn" in answer.text) == (422, True)


def test_what_somebody_changed_meanwhile_is_not_overwritten_and_what_was_typed_stays(app: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    client = logged_in(app, head)
    part, measured, action = row.parts[0], row.measurements[0], row.actions[0]
    typed: list[tuple[str, str, dict[str, Any], Any]] = [
        (f"/programmes/parts/{part.id}", "của người sau", {"body": "của người sau"},
         lambda: service.write_part(part.id, {"body": "của người trước"}, by=head)),
        (f"/programmes/measurements/{measured.id}", "Áp suất sau",
         {**MEASURED, "lower": "7,5", "upper": "8,5", "expanded": "0,5", "permissible": "", "instrument_id": "",
          "what": "Áp suất sau"},
         lambda: service.save_measurement(row.id, {**MEASURED, "instrument_id": None, "what": "Áp suất trước"}, by=head,
                                          measurement_id=measured.id)),
        (f"/programmes/actions/{action.id}", "việc sau",
         {"text": "việc sau", "kind": action.kind, "owner": "Bình", "due_on": "31/12/2026", "cost": ""},
         lambda: service.save_action(row.id, {"text": "việc trước", "kind": action.kind, "owner": "Bình",
                                              "due_on": action.due_on, "cost": None}, by=head, action_id=action.id))]
    for address, text, data, before in typed:
        version = re.search(r'name="version" type="hidden" value="(\d+)"', client.get(address).text)
        assert version is not None
        before()
        late = client.post(address, data=data | {"version": version[1]})
        assert (late.status_code, text in late.text, "vừa sửa mục này" in late.text) == (422, True, True)
        assert client.post(address, data=data | {"version": str(int(version[1]) + 1)}).status_code == 303


def test_an_amendment_takes_its_own_number_supersedes_and_is_no_further_programme(app_on_both: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    issuing.issue(row.id, version=row.version, by=head)
    with pytest.raises(Invalid):
        issuing.amend(row.id, " ", by=head)
    new = issuing.amend(row.id, "thêm phép đo", by=head)
    with pytest.raises(Conflict):
        issuing.amend(row.id, "lần nữa", by=head)
    assert (new.edition, len(new.measurements), len(new.actions), len(new.parts)) == (2, 1, 2, len(row.parts))
    assert {one.measurement_id for one in new.actions} == {new.measurements[0].id}
    document = issuing.issue(new.id, version=new.version, by=head)
    assert (document.number, document.record["replaces"]) == ("02/2026/CT-BĐĐL", "01/2026/CT-BĐĐL")
    assert service.programme(row.id).state == "superseded"
    figure = measure("programmes.issued")
    assert figure is not None
    assert figure.value(Period(date(2026, 1, 1), date(2026, 12, 31), TODAY)) == 1


def test_what_a_topic_lacks_is_answered_by_actions_on_page_and_paper(app_on_both: Any) -> None:
    head = laboratory.opened()
    row, other = ready(head), ready(head)
    section = next(one for one in row.parts if one.kind == "section")
    topic = next(one for one in row.parts if one.kind == "topic")
    action = {"text": "Cử người đi học", "kind": "training", "owner": "Phòng Kỹ thuật", "due_on": row.last_on,
              "cost": None}
    for wrong in (section.id, next(one.id for one in other.parts if one.kind == "topic")):
        with pytest.raises(Invalid) as refused:
            service.save_action(row.id, {**action, "part_id": wrong}, by=head)
        assert refused.value.field == "part_id"
    plain = issuing.record_of(row, "", TODAY, "", "")
    assert "Nhiệm vụ đề xuất" not in str(papers.report_of(plain))  # no column without a task
    for part in plain["parts"]:
        del part["actions"]  # as records of before were frozen
    assert papers.report_of(plain)
    browser = logged_in(app_on_both, head)
    offered = browser.get(f"/programmes/{row.id}/actions/new?part={topic.id}").text
    assert f'<option selected value="{topic.id}">' in offered
    assert browser.post(f"/programmes/{row.id}/actions/new", data={
        **action, "due_on": "31/05/2028", "cost": "", "part_id": str(topic.id)}).status_code == 303
    assert "→ Cử người đi học · Phòng Kỹ thuật · 31/05/2028" in browser.get(f"/programmes/{row.id}").text
    stored = issuing.issue(row.id, version=service.programme(row.id).version, by=head)
    assert [one["actions"] for one in stored.record["parts"] if one["title"] == topic.title and one["actions"]] == [
        [{"text": "Cử người đi học", "owner": "Phòng Kỹ thuật", "due_on": "2028-05-31"}]]
    table = next(part for section in papers.report_of(stored.record).sections for part in section.parts
                 if isinstance(part, ReportTable) and part.columns == papers.ANSWERED_TOPICS)
    assert ("Cử người đi học", "Phòng Kỹ thuật", "31/05/2028") in [line.cells[4:] for line in table.lines]
    copy = issuing.amend(row.id, "thêm việc", by=head)
    session().expire_all()
    copied = next(one for one in service.programme(copy.id).actions if one.part_id)
    assert service.found(ProgrammePart, copied.part_id).programme_id == copy.id


def test_the_template_is_data_and_programmes_keep_their_parts(app: Any) -> None:
    head = laboratory.opened()
    row = ready(head)
    before = [one.title for one in row.parts]
    template.change("mục | Mục tiêu | gợi ý\nHiện trạng | Nhân sự", by=head)
    assert [one.title for one in service.programme(row.id).parts] == before
    new = service.create({**VALUES, "customer_id": row.customer_id}, by=head)
    assert [(one.kind, one.title) for one in new.parts] == [("section", "Mục tiêu"), ("topic", "Nhân sự")]
    assert template.read(template.as_text(template.current_parts())) == template.current_parts()
    for wrong in ("", "mục", "khác | tên", "mục | | gợi ý"):
        with pytest.raises(Invalid):
            template.read(wrong)


def test_pages_and_papers_answer_and_only_the_head_issues(app: Any) -> None:
    head, keeper = laboratory.opened(), person("quality_manager")
    row = ready(keeper)
    address, form = f"/programmes/{row.id}", {"version": row.version}
    app.config["WTF_CSRF_ENABLED"] = False
    assert logged_in(app, keeper).post(f"{address}/issue", data=form).status_code == 403
    draft = logged_in(app, keeper).get(f"{address}/document.pdf")
    assert draft.data.startswith(b"%PDF-")
    assert logged_in(app, head).post(f"{address}/issue", data=form).status_code == 303
    issued = logged_in(app, keeper).get(f"{address}/document.pdf")
    assert issued.data == session().scalars(sa.select(ProgrammeDocument)).one().file.content
    assert logged_in(app, keeper).get(f"{address}/result.pdf").data.startswith(b"%PDF-")
    assert "01/2026/CT-BĐĐL" in logged_in(app, keeper).get(address).get_data(as_text=True)
