"""Coverage of the group-2 list: a row is covered when procedure, standards, people, card and confirmation are there."""
from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from lims.auth.models import User
from lims.equipment import service as equipment
from lims.equipment.models import Standard
from lims.shared import clock
from lims.shared.db import session, write
from lims.shared.errors import Invalid, NotFound
from lims.surveys import purchases
from lims.surveys.coverage import Covered, coverage
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE
from tests.lims.people import logged_in, person

ROW = "31"


def gauges(**when: Any) -> Covered:
    (found,) = [one for one in coverage(when.get("on") or clock.today()) if one.basis.row.item == ROW]
    return found


def lacking() -> set[str]:
    return {missing.kind for missing in gauges().missing}


def test_a_row_is_covered_when_nothing_is_missing_any_more(app_on_both: Any) -> None:
    head = laboratory.opened()
    assert (gauges().state, lacking()) == ("none", {"procedure", "designation", "confirmation"})
    factories.published(GAUGE.procedure)
    assert (gauges().state, lacking()) == ("partly", {"standard", "person", "approver", "designation", "confirmation"})
    user = factories.technician(GAUGE, "kdv")
    assert lacking() == {"standard", "card", "approver", "designation", "confirmation"}
    laboratory.officer(user)
    laboratory.approver(head, GAUGE)
    assert lacking() == {"standard", "designation", "confirmation"}
    laboratory.confirmed_gauge(head)
    assert lacking() == {"standard"}
    factories.standard(GAUGE)
    assert gauges().state == "covered"
    assert gauges().way is not None
    assert (gauges().way.standards, gauges().way.people) == (("CH-AS-014",), (user.full_name,))


@pytest.fixture
def covered(app: Any) -> tuple[User, Standard]:
    head = laboratory.approver(laboratory.opened(), GAUGE)
    laboratory.officer(factories.technician(GAUGE, "kdv"))
    laboratory.confirmed_gauge(head)
    keeper = person("quality_manager", "qlcl")
    standard = factories.standard(GAUGE, keeper)
    assert gauges().state == "covered"
    return keeper, standard


def test_a_standard_out_of_use_uncovers_its_rows_and_is_named_with_the_reason(
        covered: tuple[User, Standard]) -> None:
    keeper, standard = covered
    equipment.change_state(standard.id, "quarantined", "rơi", expected="in_use", by=keeper)
    (missing,) = gauges().missing
    assert missing.kind == "standard"
    assert "CH-AS-014" in missing.vi


def test_coverage_is_told_for_any_day(covered: tuple[User, Standard]) -> None:
    assert {one.kind for one in gauges(on=clock.today() + timedelta(days=4000)).missing} >= {"standard", "card"}


def test_bought_equipment_is_followed_to_the_commissioned_standard(covered: tuple[User, Standard]) -> None:
    keeper, standard = covered
    bought = purchases.save(None, ROW, {"name": "Áp kế chuẩn", "plan_reference": "2.4"}, keeper)
    assert [one.step for one in gauges().purchases] == ["planned"]
    purchases.save(bought.id, ROW, {"name": "Áp kế chuẩn", "delivered_on": clock.today()}, keeper)
    assert gauges().purchases[0].step == "delivered"
    purchases.save(bought.id, ROW, {"name": "Áp kế chuẩn", "standard": "ch-as-014"}, keeper)
    assert gauges().purchases[0].step == "commissioned"
    with write("test.check", actor=("", "test")):
        session().get_one(Standard, standard.id).awaits_check = True
    session().expire_all()
    assert gauges().purchases[0].step == "registered"


def test_an_unknown_row_or_standard_is_refused(covered: tuple[User, Standard]) -> None:
    keeper, _standard = covered
    with pytest.raises(NotFound):
        purchases.save(None, "999", {"name": "x"}, keeper)
    with pytest.raises(Invalid) as refused:
        purchases.save(None, ROW, {"name": "x", "standard": "KHÔNG-CÓ"}, keeper)
    assert refused.value.field == "standard"


def test_the_page_and_its_file_list_the_same_rows(app: Any, covered: tuple[User, Standard]) -> None:
    browser = logged_in(app, covered[0])
    page = browser.get("/coverage?state=covered").get_data(as_text=True)
    assert 'id="row-31"' in page
    assert 'id="row-35"' not in page
    assert browser.get("/coverage.xlsx?lack=standard").status_code == 200
    of_field = browser.get("/coverage?field=pressure").get_data(as_text=True)  # figures count what their lists hold
    assert re.findall(r'class="fig" href="[^"]*field=pressure[^"]*"><b>(\d+)', of_field) == ["1", "0", "1", "0", "1"]
    assert len(re.findall('<tr id="row-', of_field)) == 2
    assert browser.post(f"/coverage/{ROW}/purchases/new", data={"name": "Áp kế"}).status_code == 303
    assert browser.get("/coverage/999/purchases/new").status_code == 404
