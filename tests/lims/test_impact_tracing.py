"""Traceability forward and reverse: the chain on the day of use, and everything a standard touched."""
from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lims.equipment.models import Standard
from lims.impact.branches import branches, depth_first
from lims.impact.chain import chain_above
from lims.impact.touched import Touch, TouchedStandard, period
from lims.issue import issuing
from lims.shared import clock
from tests.conftest import PASSWORD
from tests.lims import factories, laboratory
from tests.lims.counting import statements_of
from tests.lims.people import logged_in, person
from tests.lims.standards import certified, registered

GAUGE = factories.GAUGE


def family(by: Any, levels: int) -> list[Standard]:
    """A chain of standards, each calibrated with the one before, the last one 60 days ago; oldest first."""
    rows = [registered(by, "CH-AS-001", name="Áp kế pittông", level="reference")]
    certified(rows[0], by, clock.today() - timedelta(days=90), number="QG.1", issuer="Viện quốc gia Sông Hồng",
              route="cipm_mra", traceable_to="chuẩn quốc gia áp suất")
    for level in range(1, levels):
        row = registered(by, f"CH-AS-{level + 1:03d}", drift_half_width=Decimal("0.005"))
        certified(row, by, clock.today() - timedelta(days=90 - level), number=f"NB.{level}", route="internal",
                  parent_ids=[rows[-1].id])
        rows.append(row)
    return rows


def test_the_chain_ends_at_the_national_standard_and_names_each_certificate(app_on_both: Any) -> None:
    rows = family(person("quality_manager"), 4)
    lines = chain_above(rows[-1].id, clock.today())
    assert [(line.depth, line.standard.asset_number, line.certificate.number if line.certificate else "")
            for line in lines] == [(0, "CH-AS-004", "NB.3"), (1, "CH-AS-003", "NB.2"), (2, "CH-AS-002", "NB.1"),
                                   (3, "CH-AS-001", "QG.1")]
    assert [line.is_top for line in lines] == [False, False, False, True]
    assert all(not line.faults for line in lines)
    assert lines[0].greatest_U == "0,004 bar"


def test_a_parent_is_judged_on_the_day_it_calibrated(app: Any) -> None:
    rows = family(person("quality_manager"), 2)
    before = clock.today() - timedelta(days=89, weeks=0)
    assert [line.on for line in chain_above(rows[1].id, clock.today())] == [clock.today(), before]
    early = chain_above(rows[1].id, before - timedelta(days=1))
    assert [fault.code for fault in early[0].faults] == ["uncertified"]


def test_everything_touched_is_found_through_every_level(app_on_both: Any) -> None:
    rows = family(person("quality_manager"), 5)
    user = factories.technician(GAUGE)
    sheets = [factories.filled(GAUGE, user, served_by=row) for row in (rows[0], rows[2], rows[4], rows[4])]
    year = period(None, None, clock.today())
    touch = Touch(rows[0].id, *year)
    totals = touch.totals()
    assert (totals.standards, totals.results, totals.certificates, totals.customers) == (4, 4, 0, 4)
    assert totals.by_level == (1, 0, 1, 0, 2)
    assert [(row.level, row.asset_number, row.results) for row in touch.standards()] == [
        (1, "CH-AS-002", 0), (2, "CH-AS-003", 1), (3, "CH-AS-004", 0), (4, "CH-AS-005", 2)]
    assert branches(touch.standards()) == touch.standards()
    assert [row.worksheet_id for row in touch.results()] == [sheet.id for sheet in sheets]
    assert [row.level for row in touch.results()] == [0, 2, 4, 4]
    assert len(touch.customers()) == 4
    assert Touch(rows[3].id, *year).totals().results == 2


def test_the_tree_puts_each_certificate_under_the_one_it_was_given_with() -> None:
    day = date(2026, 11, 23)

    def row(level: int, standard: int, certificate: int, days: int) -> TouchedStandard:
        on = day - timedelta(days=days)
        return TouchedStandard(level, standard, f"CH-{standard:02d}", "", certificate, "", on, 0)

    old, new, side = row(1, 2, 20, 90), row(1, 2, 21, 30), row(1, 3, 30, 80)
    early, late, deep = row(2, 4, 40, 60), row(2, 5, 50, 10), row(3, 6, 60, 5)
    below = [old, new, side, early, late, deep]
    references = {20: {1}, 21: {1}, 30: {1}, 40: {2}, 50: {2, 3}, 60: {5}}
    assert depth_first(below, references) == [old, early, new, late, deep, side]
    assert depth_first([], {}) == []


def test_a_new_certificate_ends_what_the_older_one_hands_on(app: Any) -> None:
    by = person("quality_manager")
    rows = family(by, 3)
    certified(rows[1], by, clock.today() - timedelta(days=89, hours=0) + timedelta(days=1), number="VMI.9",
              route="cipm_mra")
    user = factories.technician(GAUGE)
    factories.filled(GAUGE, user, served_by=rows[2])
    year = period(None, None, clock.today())
    # the third was calibrated when the second already stood on the institute's certificate
    assert Touch(rows[0].id, *year).totals().results == 0
    assert Touch(rows[1].id, *year).totals().results == 1


def test_dates_outside_leave_out(app: Any) -> None:
    rows = family(person("quality_manager"), 2)
    factories.filled(GAUGE, factories.technician(GAUGE), served_by=rows[1])
    today = clock.today()
    assert Touch(rows[1].id, today, today).totals().results == 1
    assert Touch(rows[1].id, today - timedelta(days=9), today - timedelta(days=1)).totals().results == 0
    assert Touch(rows[0].id, today - timedelta(days=9), today).totals().results == 0  # calibrated before


def test_the_question_is_answered_by_as_many_statements_whatever_the_depth(app: Any) -> None:
    rows = family(person("quality_manager"), 5)
    year = period(None, None, clock.today())

    def ask(standard_id: int) -> int:
        touch = Touch(standard_id, *year)
        return statements_of(lambda: (touch.totals(), touch.standards(), touch.customers(), touch.results()))

    deep, shallow = rows[0].id, rows[4].id
    assert ask(deep) == ask(shallow)


def test_the_year_before_a_leap_day_begins_on_the_last_of_february() -> None:
    assert period(None, None, date(2028, 2, 29)) == (date(2027, 2, 28), date(2028, 2, 29))
    assert period(None, None, date(2027, 3, 31)) == (date(2026, 3, 31), date(2027, 3, 31))


@pytest.mark.parametrize("address", ["trace", "touched", "touched.xlsx"])
def test_the_pages_open_to_whoever_is_inside_and_to_nobody_else(app: Any, address: str) -> None:
    rows = family(person("quality_manager"), 3)
    url = f"/standards/{rows[0].id}/{address}"
    assert app.test_client().get(url).status_code == 302
    client = logged_in(app, person("technician"))
    assert client.get(url).status_code == 200
    assert client.get(f"/standards/999999/{address}").status_code == 404


def test_the_pages_show_the_route_and_the_touched_and_refuse_a_wrong_day(app: Any) -> None:
    rows = family(person("quality_manager"), 3)
    sheet = factories.filled(GAUGE, factories.technician(GAUGE), served_by=rows[2])
    client = logged_in(app, person("technician", "khac"))
    chain = client.get(f"/standards/{rows[2].id}/trace").get_data(as_text=True)
    assert all(text in chain for text in ("CH-AS-001", "NB.2", "QG.1", "chuẩn quốc gia áp suất"))
    touched = client.get(f"/standards/{rows[0].id}/touched").get_data(as_text=True)
    assert sheet.item.code in touched
    for wrong in ("trace?on=31/02/2026", "touched?from=x", "touched?from=02/01/2026&to=01/01/2026"):
        assert client.get(f"/standards/{rows[0].id}/{wrong}").status_code == 422


def test_the_workbook_holds_every_result(app: Any) -> None:
    rows = family(person("quality_manager"), 2)
    sheet = factories.filled(GAUGE, factories.technician(GAUGE), served_by=rows[1])
    client = logged_in(app, person("technician", "khac"))
    content = client.get(f"/standards/{rows[0].id}/touched.xlsx").data
    lines = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [line[1] for line in lines] == ["Mã", sheet.item.code]


def test_from_a_certificate_readings_budget_and_the_standards_chain_are_one_click_away(app: Any) -> None:
    head = laboratory.approver(laboratory.opened())
    number = issuing.issue_certificate(laboratory.waiting().id, signer=head, password=PASSWORD).number
    client = logged_in(app, person("technician", "khac"))
    page = client.get(f"/certificates/{number}").get_data(as_text=True)
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    wanted = ("/history", "/budget/main/1", "/trace?on=", "/certificates/")
    found = {part: [link for link in links if part in link and ("/standards/" in link) == (part not in wanted[:2])]
             for part in wanted}
    assert all(found.values()), found
    assert {client.get(some[0]).status_code for some in found.values()} == {200}
