"""Impact reviews: opened by what happens to a standard, recomputed in the background, decided, told, closed."""
from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from certificates.document import Words
from instruments.evaluate import evaluate
from instruments.library import load_shipped, reference_cases
from lims.equipment import certificates, functions, schedules, service
from lims.equipment.functions import FunctionDetails
from lims.equipment.models import Standard
from lims.equipment.table import TypedRow
from lims.impact import pending, reviews
from lims.impact.concerned import concerned, concerns, recalls_waiting, to_recall, unissued
from lims.impact.letters import letter
from lims.impact.models import ImpactItem, ImpactReview
from lims.impact.reasons import reasons, told
from lims.impact.reviews import Assumption
from lims.issue.models import CertificateEvent
from lims.jobs.models import Result
from lims.jobs.results import canonical, stated_in
from lims.shared import bulk_trail, clock, task_runner
from lims.shared.db import session, write
from lims.shared.errors import Conflict, Invalid
from tests.lims import factories, laboratory
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, entry
from tests.lims.tampering import without_guards

GAUGE = factories.GAUGE


def measured(keeper: Any, count: int = 1) -> tuple[Standard, list[Result]]:
    """A gauge standard calibrated 90 days ago, and results of it measured today."""
    row = factories.standard(GAUGE, keeper)
    schedules.set_schedule(row.id, "intermediate_check", interval_count=6, interval_unit="months",
                           last_done_on=clock.today() - timedelta(days=30))
    user = factories.technician(GAUGE)
    return row, [factories.submitted(GAUGE, user, served_by=row) for _ in range(count)]


def the_review() -> ImpactReview:
    return session().scalars(sa.select(ImpactReview)).one()


def fail_check(row: Standard, keeper: Any) -> None:
    schedules.record_duty(row.id, "intermediate_check", done_on=clock.today(), passed=False,
                          note="Lệch 0,03 bar ở 10 bar", by=keeper)


def shifted(start: Any, by: Decimal) -> list[TypedRow]:
    return [TypedRow(one, f"{Decimal(one) + by}".replace(".", ","), "0,004", "2") for one in start]


def test_a_failed_check_quarantines_and_opens_a_review_since_the_calibration(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row, (result,) = measured(keeper)
    fail_check(row, keeper)
    opened = the_review()
    assert (opened.cause, opened.state, opened.since) == (
        "failed_check", "open", clock.today() - timedelta(days=90))
    assert service.standard(row.id).state == "quarantined"
    assert task_runner.run_one()
    opened = the_review()
    assert (opened.examined, opened.changed, opened.flipped) == (1, 0, 0)  # no number was assumed yet
    item = session().scalars(sa.select(ImpactItem)).one()
    assert (item.result_id, item.grade, item.rows) == (result.id, 0, [])


def test_a_passed_check_between_shortens_the_period(app: Any, clock: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    schedules.record_duty(row.id, "intermediate_check", done_on=clock.instant.date() - timedelta(days=10), passed=True,
                          note="", by=keeper)
    fail_check(row, keeper)
    assert the_review().since == clock.instant.date() - timedelta(days=10)


def test_a_check_of_a_standard_that_served_nothing_opens_nothing(app: Any) -> None:
    keeper = person("quality_manager")
    row = factories.standard(GAUGE, keeper)
    schedules.set_schedule(row.id, "intermediate_check", interval_count=6, interval_unit="months")
    fail_check(row, keeper)
    assert session().scalars(sa.select(ImpactReview)).all() == []


def test_a_shift_flips_the_verdict_and_the_original_stays(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row, (result,) = measured(keeper)
    before = (result.evaluation, result.digest, result.verdict)
    opened = reviews.open_by_hand(row.id, "Bị rơi", Assumption(
        since=clock.today(), until=clock.today(), shift=Decimal("0.2")), quarantine=True, by=keeper)
    task_runner.run_one()
    opened = reviews.review(opened.id)
    assert (opened.examined, opened.changed, opened.flipped) == (1, 1, 1)
    (found,) = concerns(opened)
    assert (found.item.old_verdict, found.item.new_verdict, found.item.grade) == ("pass", "fail", 3)
    stored = {f"{line['table']}/{line['point']}": line for table in json.loads(before[0])["tables"]
              for line in table["rows"]}
    for point in found.item.rows:
        assert point["value"][0] == stored[point["key"]]["value_text"]
    first = next(point for point in found.item.rows if point["key"] == "main/1")
    assert float(first["value"][1]) == pytest.approx(float(first["value"][0]) - 0.2, abs=0.002)
    session().refresh(result)
    assert (result.evaluation, result.digest, result.verdict) == before
    assert service.standard(row.id).state == "quarantined"
    assert list(bulk_trail.altered(session())) == []
    changed = sa.update(ImpactItem).where(ImpactItem.id == found.item.id).values(new_verdict="pass")
    place = f"impact_item review {opened.id}, run {opened.run}, result {result.id}"
    assert without_guards(changed, lambda inside: list(bulk_trail.altered(inside))) == [
        f"{place}: its rows are not those that were entered"]


def test_a_new_certificate_recomputes_what_rests_on_the_old_one(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper, 2)
    added = certified(row, keeper, clock.today(), number="MOI.1", rows=shifted(("0", "8", "16"), Decimal("0.02")))
    opened = the_review()
    assert (opened.cause, opened.certificate_id, opened.trigger_id) == ("certificate", added.id, added.id)
    assert opened.since == clock.today() - timedelta(days=90)
    task_runner.run_one()
    opened = the_review()
    assert (opened.examined, opened.changed) == (2, 2)


def test_a_certificate_entered_later_with_an_earlier_date_concerns_what_was_measured_until_the_next(app: Any) -> None:
    keeper = person("quality_manager")
    row = factories.standard(GAUGE, keeper)
    user = factories.technician(GAUGE)
    factories.submitted(GAUGE, user, served_by=row)
    certified(row, keeper, clock.today() - timedelta(days=200), number="CU.1")
    assert session().scalars(sa.select(ImpactReview)).all() == []  # nothing was measured before the one that counts
    certified(row, keeper, clock.today() - timedelta(days=20), number="GIUA.1")
    assert (the_review().since, the_review().until) == (clock.today() - timedelta(days=90), clock.today())


def test_a_corrected_entry_concerns_what_used_the_wrong_one(app: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    wrong = row.certificates[0]
    right = entry(wrong.calibrated_on, number=wrong.number, rows=shifted(("0", "8", "16"), Decimal("0.03")))
    certificates.correct_certificate(row.id, wrong.id, right, "gõ nhầm", by=keeper)
    task_runner.run_one()
    assert (the_review().examined, the_review().changed) == (1, 1)
    assert "gõ nhầm" in the_review().what


def test_a_certificate_that_no_longer_covers_the_point_is_told_not_dropped(app: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    certified(row, keeper, clock.today(), number="HEP.1", rows=[TypedRow("0", "0,000", "0,004", "2"),
                                                                TypedRow("4", "4,000", "0,004", "2")])
    task_runner.run_one()
    opened = the_review()
    assert (opened.examined, opened.failures) == (1, 1)
    assert concerns(opened)[0].item.new_verdict == "incomplete"


def test_a_new_run_with_other_assumptions_keeps_the_first(app: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    fail_check(row, keeper)
    task_runner.run_one()
    opened = the_review()
    reviews.recompute(opened.id, Assumption(since=opened.since, until=opened.until, half_width=Decimal("0.2")),
                      version=opened.version, by=keeper)
    assert reviews.review(opened.id).recomputed_at is None
    task_runner.run_one()
    assert sorted(session().scalars(sa.select(ImpactItem.run))) == [1, 2]
    assert reviews.review(opened.id).changed == 1


def test_a_run_that_was_broken_off_is_finished_without_doing_anything_twice(app: Any) -> None:
    from lims.impact import recomputing

    keeper = person("quality_manager")
    row, _results = measured(keeper, 3)
    fail_check(row, keeper)

    class Broken(Exception):
        pass

    class Work:
        requested_by_id, requested_by = keeper.id, keeper.full_name

        def progress(self, done: int, total: int | None = None) -> None:
            if done == 1:
                raise Broken

        def failed(self, *_said: Any) -> None: ...

        def result(self, _answer: Any) -> None: ...

    chunk, recomputing.CHUNK = recomputing.CHUNK, 1
    payload = {"review": the_review().id, "run": 1}
    try:
        with pytest.raises(Broken):
            recomputing.recompute(Work(), payload)
        assert session().scalar(sa.select(sa.func.count()).select_from(ImpactItem)) == 1
        task_runner.run_one()
    finally:
        recomputing.CHUNK = chunk
    assert session().scalar(sa.select(sa.func.count()).select_from(ImpactItem)) == 3
    assert the_review().examined == 3


def test_work_is_resumed_only_after_a_decision_everybody_was_told_and_documents_were_recalled(app: Any) -> None:
    keeper = person("quality_manager")
    row, results = measured(keeper, 2)
    document = laboratory.documented(results[0], "KĐ-1")
    opened = reviews.open_by_hand(row.id, "Bị rơi", Assumption(
        since=clock.today(), until=clock.today(), shift=Decimal("0.2")), quarantine=False, by=keeper)
    with pytest.raises(Conflict):
        reviews.decide(opened.id, significance="major", decision="recall", evaluation="x", version=0, by=keeper)
    task_runner.run_one()
    with pytest.raises(Invalid) as refused:
        reviews.decide(opened.id, significance="none", decision="acceptable", evaluation="x", version=0, by=keeper)
    assert refused.value.field == "decision"
    with pytest.raises(Invalid) as refused:
        reviews.decide(opened.id, significance="minor", decision="recall", evaluation="x", version=0, by=keeper)
    assert refused.value.field == "significance"
    with pytest.raises(Conflict):
        reviews.close(opened.id, "đã kiểm tra lại", version=0, by=keeper)
    reviews.decide(opened.id, significance="major", decision="recall", evaluation="Đảo kết luận", version=0, by=keeper)
    with pytest.raises(Conflict):
        reviews.close(opened.id, "đã kiểm tra lại", version=0, by=keeper)
    ((customer, count),) = concerned(reviews.review(opened.id))
    assert (count, unissued(reviews.review(opened.id))) == (1, 1)  # nobody holds a document of the second result
    reviews.told(opened.id, customer.id, "thư ngày hôm nay", by=keeper)
    with pytest.raises(Conflict):
        reviews.told(opened.id, customer.id, "lần nữa", by=keeper)
    assert (to_recall(reviews.review(opened.id)), recalls_waiting()) == (1, [opened.id])
    with pytest.raises(Conflict):
        reviews.close(opened.id, "đã kiểm tra lại", version=0, by=keeper)
    with write("test.withdraw", actor=factories.ACTOR) as current:
        current.add(CertificateEvent(certificate_id=document.id, kind="withdrawn", at=clock.now(), by_id=keeper.id,
                                     reason="Chuẩn bị rơi"))
    assert [one.ended for one in concerns(reviews.review(opened.id), issued=True)] == ["withdrawn"]
    reviews.close(opened.id, "đã kiểm tra lại", version=0, by=keeper)
    closed = reviews.review(opened.id)
    assert (closed.state, closed.closed_by_id) == ("closed", keeper.id)
    with pytest.raises(Conflict):
        reviews.decide(opened.id, significance="none", decision="inform", evaluation="x", version=0, by=keeper)


def test_the_letter_names_the_results_as_stated_and_as_recomputed(app: Any) -> None:
    laboratory.opened()
    keeper = person("quality_manager")
    row, (result, unsent) = measured(keeper, 2)
    laboratory.documented(result, "KĐ-1")
    opened = reviews.open_by_hand(row.id, "Bị rơi", Assumption(
        since=clock.today(), until=clock.today(), shift=Decimal("0.2")), quarantine=False, by=keeper)
    task_runner.run_one()
    opened = reviews.review(opened.id)
    ((customer, _count),) = concerned(opened)
    pages = PdfReader(BytesIO(letter(opened, customer.id))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert customer.name in text
    assert "Bị rơi" in text
    assert row.asset_number in text
    assert "Đạt → Không đạt" in text
    assert "ISO/IEC 17025:2017" in text
    assert "KĐ-1: " in text
    assert laboratory.item_of(unsent).code not in text


def test_a_customer_is_told_of_a_failed_check_without_the_notes_of_the_laboratory(app: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    fail_check(row, keeper)
    opened = the_review()
    day = f"{clock.today():%d/%m/%Y}"
    assert told(opened) == Words(f"Lần kiểm tra giữa kỳ ngày {day} cho thấy chuẩn ra ngoài giới hạn cho phép.",
                                 f"An intermediate check on {day} found it outside its limits.")
    assert reasons([opened], "vi")[opened.id] == "Lệch 0,03 bar ở 10 bar"
    assert "Lệch" not in told(opened).vi


def test_a_result_that_changes_is_not_issued_as_it_stands_until_it_was_accepted(app: Any) -> None:
    keeper = person("quality_manager")
    row, (result,) = measured(keeper)
    dossier: Any = type("Half", (), {"result": result})
    assert list(pending.findings(dossier)) == []
    opened = reviews.open_by_hand(row.id, "Bị rơi", Assumption(
        since=clock.today(), until=clock.today(), shift=Decimal("0.2")), quarantine=False, by=keeper)
    task_runner.run_one()
    (found,) = pending.findings(dossier)
    assert (found.state, found.page, found.where) == ("stop", "impact", str(opened.id))
    assert pending.findings in app.extensions["preflight"]
    reviews.decide(opened.id, significance="minor", decision="acceptable", evaluation="x", version=0, by=keeper)
    assert len(list(pending.findings(dossier))) == 1
    reviews.close(opened.id, "đã xem", version=0, by=keeper)
    assert list(pending.findings(dossier)) == []


def test_pages_of_reviews_by_permission_and_with_what_was_typed(app: Any) -> None:
    laboratory.opened()
    keeper = person("quality_manager")
    row, (result,) = measured(keeper)
    laboratory.documented(result, "KĐ-1")
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician", "khac"))
    assert app.test_client().get("/standards/reviews").status_code == 302
    assert technician.get("/standards/reviews").status_code == 200
    assert technician.get(f"/standards/{row.id}/reviews/new").status_code == 403
    wrong = manager.post(f"/standards/{row.id}/reviews/new", data={"what": "Bị rơi", "since": "32/01/2026",
                                                                   "until": "23/11/2026"})
    assert wrong.status_code == 422
    assert "Bị rơi" in wrong.get_data(as_text=True)
    made = manager.post(f"/standards/{row.id}/reviews/new", data={
        "what": "Bị rơi", "since": "01/11/2026", "until": "23/11/2026", "shift": "0,2", "quarantine": "y",
        "certificate_id": ""})
    assert made.status_code == 303
    page = made.headers["Location"]
    assert "Đang chờ tới lượt" in manager.get(page).get_data(as_text=True)
    task_runner.run_one()
    shown = manager.get(page).get_data(as_text=True)
    assert "Đảo kết luận" in shown
    review_id = the_review().id
    customer_id = concerned(the_review())[0][0].id
    assert technician.get(f"/standards/reviews/{review_id}/letters/{customer_id}.pdf").data.startswith(b"%PDF")
    assert technician.get(f"/standards/reviews/{review_id}/letters/999999.pdf").status_code == 404
    assert technician.get(f"/standards/reviews/{review_id}/results.xlsx").status_code == 200
    record = technician.get(f"/standards/reviews/{review_id}/record.pdf").data
    text = " ".join(" ".join(part.extract_text() for part in PdfReader(BytesIO(record)).pages).split())
    for told_of in ("Nghi ngờ: Bị rơi.", "KĐ-1", "đảo kết luận", "Chưa quyết định.", "chưa báo", "Chưa cho phép.",
                    "cách ly"):
        assert told_of in text
    assert technician.get("/standards/reviews/999999").status_code == 404
    assert manager.post(f"/standards/reviews/{review_id}/decide", data={}).status_code == 422
    assert technician.post(f"/standards/reviews/{review_id}/close").status_code == 403


def test_a_change_is_handed_on_through_the_standard_calibrated_with_it(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    top = factories.standard(GAUGE, keeper, asset_number="CH-AS-001")
    between = factories.standard(GAUGE, keeper, asset_number="CH-AS-002")
    certified(between, keeper, clock.today() - timedelta(days=20), number="NB.1", route="internal",
              parent_ids=[top.id], issuer="Phòng Áp suất")
    user = factories.technician(GAUGE)
    own, below = (factories.submitted(GAUGE, user, served_by=row) for row in (top, between))
    opened = reviews.open_by_hand(top.id, "Bị rơi", Assumption(
        since=clock.today() - timedelta(days=30), until=clock.today(), shift=Decimal("0.2")), quarantine=False,
        by=keeper)
    task_runner.run_one()
    assert reviews.review(opened.id).examined == 2
    changes = {one.result_id: [point["value"] for point in one.rows]
               for one in session().scalars(sa.select(ImpactItem))}
    assert changes[own.id] == changes[below.id]
    assert reviews.review(opened.id).flipped == 2


def test_another_function_of_the_standard_is_not_recomputed(app: Any) -> None:
    keeper = person("quality_manager")
    row, _results = measured(keeper)
    functions.save_function(row.id, FunctionDetails(name="Áp suất âm", quantity="pressure", unit="bar"), by=keeper)
    certified(row, keeper, clock.today(), number="KHAC.1", function_id=row.functions[0].id,
              rows=shifted(("0", "8", "16"), Decimal("0.2")))
    assert session().scalars(sa.select(ImpactReview)).all() == []


@pytest.mark.parametrize("name", ["dial-pressure-gauge", "scale-verification"])
def test_what_a_result_states_is_read_without_its_budgets_whatever_their_inputs_are_called(name: str) -> None:
    evaluation = evaluate(load_shipped(name), reference_cases(name)[0].observations)
    entry = {"value": 1.0, "note": '},"k":1,"budget":{"contributions":['}
    named = dict.fromkeys(("budget", "cells", "contributions", "document", "k", "U_text"), entry)
    tables = tuple(replace(table, rows=tuple(
        replace(row, document={**row.document, "inputs": named}) if row.document else row for row in table.rows))
        for table in evaluation.tables)
    text = canonical(replace(evaluation, tables=tables))[0]
    whole = json.loads(text)
    for row in [row for table in whole["tables"] for row in table["rows"] if row["budget"]]:
        for key in ("budget", "cells", "criteria", "derived", "document"):
            del row[key]
    assert stated_in(text) == whole
