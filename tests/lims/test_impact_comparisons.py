"""Interlaboratory comparisons: planned, scored, followed up."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from lims.alerts import comparing
from lims.impact import comparisons
from lims.impact.comparisons import ComparisonDetails, Outcome, scored
from lims.impact.models import Comparison
from lims.shared import clock
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid, NotPermitted
from lims.shared.measures import Period, measure
from lims.web.duties import duties
from tests.lims.people import logged_in, person


def planned(keeper: Any, **other: Any) -> Any:
    values = {"code": "PT-26-03", "title": "Áp kế", "provider": "Liên phòng Sông Hồng", "measurand": "sai số ở 10 bar",
              "unit": "bar", "planned_on": clock.today(), "responsible_id": keeper.id} | other
    return comparisons.plan_comparison(ComparisonDetails(**values), by=keeper)


def unanswered() -> list[Any]:
    return list(session().scalars(sa.select(Comparison).where(comparisons.without_follow_up())))


def outcome(lab: str, reference: str, **other: Any) -> Outcome:
    values = {"measured_on": clock.today(), "lab_value": Decimal(lab), "lab_uncertainty": Decimal("0.03"),
              "reference_value": Decimal(reference), "reference_uncertainty": Decimal("0.04")} | other
    return Outcome(**values)


def test_the_gravest_score_decides(app: Any) -> None:
    scores, verdict = scored(outcome("10.05", "10.00"))
    assert (scores["En"], verdict) == ([1.0, "satisfactory"], "satisfactory")
    scores, verdict = scored(outcome("10.06", "10.00"))
    assert (scores["En"], scores["zeta"][1], verdict) == ([1.2, "unsatisfactory"], "questionable", "unsatisfactory")
    scores, verdict = scored(outcome("10.04", "10.00", sigma_pt=Decimal("0.02")))
    # u of the assigned value is the whole of sigma_pt: z' = 0.04/sqrt(0.02² + 0.02²) counts, not z = 2
    assert scores["z"][0] == 2.0
    assert scores["z_prime"][0] == pytest.approx(1.414214)
    assert verdict == "satisfactory"


def test_a_round_is_planned_once_scored_and_followed_up(app_on_both: Any) -> None:
    keeper = person("quality_manager")
    row = planned(keeper)
    with pytest.raises(Invalid) as refused:
        planned(keeper)
    assert refused.value.field == "measurand"
    session().rollback()
    other = planned(keeper, measurand="sai số ở 16 bar")
    assert comparisons.other_points(row) == [other]
    page = logged_in(app_on_both, keeper)
    assert "sai số ở 16 bar" in page.get(f"/standards/comparisons/{row.id}").text
    further = page.get(f"/standards/comparisons/new?of={other.id}").text
    assert [text in further for text in ("PT-26-03", "Liên phòng Sông Hồng", "sai số ở 16 bar")] == [True, True, False]
    came = outcome("10.2", "10.0", file=("bao-cao.pdf", b"%PDF-1.7 x"))
    comparisons.record_outcome(row.id, came, version=0, by=keeper)
    row = comparisons.comparison(row.id)
    assert row.verdict == "unsatisfactory"
    assert row.evidence.name == "bao-cao.pdf"
    comparisons.record_outcome(other.id, outcome("16.01", "16.0"), version=0, by=keeper)
    year = Period(clock.today().replace(month=1, day=1), clock.today().replace(month=12, day=31), clock.today())
    figure = measure("comparisons.done")
    assert figure is not None
    assert figure.value(year) == 1  # a round counts once
    assert unanswered() == [row]
    comparisons.add_action(row.id, "Tìm nguyên nhân", keeper.id, clock.today() - timedelta(days=1), by=keeper)
    assert comparisons.overdue_actions(clock.today()) == 1
    assert not unanswered()
    action = comparisons.comparison(row.id).actions[0]
    with pytest.raises(NotPermitted):
        comparisons.end_action(row.id, action.id, "Thay ống nối", by=person("technician", "khac"))
    comparisons.end_action(row.id, action.id, "Thay ống nối", by=keeper)
    assert comparisons.overdue_actions(clock.today()) == 0
    with pytest.raises(Conflict):
        comparisons.end_action(row.id, action.id, "lần nữa", by=keeper)


@pytest.mark.parametrize(("other", "field"), [
    ({"lab_uncertainty": Decimal(-1)}, "lab_uncertainty"), ({"sigma_pt": Decimal(0)}, "sigma_pt"),
    ({"coverage_factor": Decimal(0)}, "coverage_factor"),
    ({"lab_uncertainty": Decimal(0), "reference_uncertainty": Decimal(0)}, "lab_uncertainty")])
def test_an_outcome_without_a_score_is_refused_at_its_field(app: Any, other: dict[str, Any], field: str) -> None:
    keeper = person("quality_manager")
    row = planned(keeper)
    with pytest.raises(Invalid) as refused:
        comparisons.record_outcome(row.id, outcome("10", "10", **other), version=0, by=keeper)
    assert refused.value.field == field


def test_whoever_answers_for_a_round_or_an_action_is_reminded_and_says_that_it_is_done(app: Any) -> None:
    keeper, technician = person("quality_manager"), person("technician", "lam")
    today = clock.today()
    row = planned(technician)
    assert [(one.user_id, one.label, one.due_on) for one in comparing.rounds(today, today)] == [
        (technician.id, "PT-26-03, Áp kế", today)]
    assert comparing.rounds(today, today - timedelta(days=1)) == []
    with app.test_request_context():
        assert [(one.number, one.light) for one in duties(technician, today) if "so sánh" in one.words] == [(1, "idle")]
    comparisons.record_outcome(row.id, outcome("10.2", "10.0"), version=0, by=keeper)
    comparisons.add_action(row.id, "Tìm nguyên nhân", technician.id, today - timedelta(days=1), by=keeper)
    (action,) = comparing.actions(today, today)
    assert comparing.ACTIONS.path(action.subject_id) == f"/standards/comparisons/{row.id}"
    assert comparing.rounds(today, today) == []
    with app.test_request_context():
        assert [(one.number, one.light) for one in duties(technician, today) if "so sánh" in one.words] == [(1, "bad")]
    mine = logged_in(app, technician)
    assert row.code in mine.get("/standards/comparisons?show=mine").text
    assert "Ghi xong" in mine.get(f"/standards/comparisons/{row.id}").text
    done = f"/standards/comparisons/{row.id}/actions/{action.subject_id}/done"
    assert logged_in(app, person("technician", "khac")).post(done, data={"outcome": "x"}).status_code == 403
    assert mine.post(done, data={"outcome": "Thay ống nối"}).status_code == 303
    session().expire_all()
    assert comparing.actions(today, today) == []
    assert row.code not in mine.get("/standards/comparisons?show=mine").text


def test_what_somebody_changed_meanwhile_is_not_overwritten_and_what_was_typed_stays(app: Any) -> None:
    keeper = person("quality_manager")
    row = planned(keeper)
    manager = logged_in(app, keeper)
    seen = row.version
    comparisons.record_outcome(row.id, outcome("10.05", "10.00"), version=seen, by=keeper)
    session().expire_all()
    late = manager.post(f"/standards/comparisons/{row.id}/result", data={
        "measured_on": "20/11/2026", "lab_value": "12,345", "lab_uncertainty": "3", "reference_value": "11",
        "reference_uncertainty": "4", "coverage_factor": "2", "version": str(seen)})
    assert (late.status_code, "12,345" in late.text, "vừa sửa" in late.text) == (422, True, True)
    plan = {"code": "PT-1", "title": "Quả cân muộn", "provider": "Sông Hồng", "measurand": "10 kg", "unit": "mg",
            "planned_on": "01/12/2026", "responsible_id": str(keeper.id), "procedure_code": ""}
    late = manager.post(f"/standards/comparisons/{row.id}/edit", data=plan | {"version": str(seen)})
    assert (late.status_code, "Quả cân muộn" in late.text) == (422, True)
    assert comparisons.comparison(row.id).lab_value == Decimal("10.05")


def test_pages_of_comparisons(app: Any) -> None:
    keeper = person("quality_manager")
    manager, technician = logged_in(app, keeper), logged_in(app, person("technician", "khac"))
    assert app.test_client().get("/standards/comparisons").status_code == 302
    assert technician.get("/standards/comparisons/new").status_code == 403
    made = manager.post("/standards/comparisons/new", data={
        "code": "PT-1", "title": "Quả cân", "provider": "Sông Hồng", "measurand": "10 kg", "unit": "mg",
        "planned_on": "01/12/2026", "responsible_id": str(keeper.id), "procedure_code": ""})
    assert made.status_code == 303
    page = made.headers["Location"]
    assert technician.get(page).status_code == 200
    assert technician.get(f"{page}/report").status_code == 404
    wrong = manager.post(f"{page}/result", data={"measured_on": "20/11/2026", "lab_value": "abc"})
    assert wrong.status_code == 422
    good = manager.post(f"{page}/result", data={
        "measured_on": "20/11/2026", "lab_value": "12,0", "lab_uncertainty": "3", "reference_value": "11,0",
        "reference_uncertainty": "4", "coverage_factor": "2", "file": (BytesIO(b"%PDF-1.7 x"), "a.pdf")},
        content_type="multipart/form-data")
    assert good.status_code == 303
    assert "+0,20" in technician.get("/standards/comparisons").get_data(as_text=True)
    assert technician.get(f"{page}/report").data.startswith(b"%PDF")
    assert manager.post(f"{page}/actions", data={"text": "Xem lại", "responsible_id": str(keeper.id),
                                                 "due_on": "30/11/2026"}).status_code == 303
    assert technician.get("/standards/comparisons/999999").status_code == 404
