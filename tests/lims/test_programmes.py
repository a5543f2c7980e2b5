"""Measurement-assurance programmes: drafted by a template, issued under a gapless number, followed up, amended."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.programmes import issuing, service, template
from lims.programmes.models import Programme, ProgrammeDocument
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
        service.close(row.id, "đạt", by=head)
    service.follow_up(second.id, {**done, "state": "dropped", "done_on": None, "result": "đã thay máy"}, by=head)
    service.close(row.id, "đạt", by=head)
    assert service.programme(row.id).state == "closed"


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
