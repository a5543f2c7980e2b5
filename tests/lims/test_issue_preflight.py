"""The list before a document is issued: what stops it, what only warns, and where each line leads."""
from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from certificates.dcc import dcc_xml
from lims.auth.models import User
from lims.equipment.service import change_state
from lims.issue import fitness, legality, planning, preflight
from lims.issue.dossier import load
from lims.issue.finding import Finding
from lims.jobs.models import JobItem
from lims.shared import clock as lab_clock
from lims.shared.db import write
from tests.certificates.certificate_samples import CALIBRATION
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE, MULTIMETER


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def found(item: JobItem, signer: User | None) -> dict[str, Finding]:
    """Findings by code; a later one of the same code stands for both."""
    return {one.code: one for one in preflight.findings(load(item.id), signer)}


def states(item: JobItem, signer: User | None) -> dict[str, str]:
    return {code: one.state for code, one in found(item, signer).items()}


def verification(head: User, *, card: bool = True, confirmed: bool = True, **other: Any) -> JobItem:
    user = factories.technician(GAUGE, "kdv")
    if card:
        laboratory.officer(user, other.pop("field", "Áp suất"))
    if confirmed:
        laboratory.confirmed_gauge(head)
    laboratory.approver(head, GAUGE)
    return laboratory.waiting(GAUGE, user, **other)


def test_a_clean_calibration_has_only_lines_in_order(head: User) -> None:
    assert set(states(laboratory.waiting(), head).values()) == {"ok"}


def test_a_clean_verification_names_its_legal_row_and_the_officer(head: User) -> None:
    item = verification(head)
    lines = found(item, head)
    assert {one.state for one in lines.values()} == {"ok"}
    assert "dòng 31" in lines["legal"].vi
    assert "0186-" in lines["card"].detail_vi


@pytest.mark.parametrize("state", ["quarantined", "out_of_service"])
def test_a_standard_found_suspect_after_the_measuring_stops_and_leads_to_it(head: User, state: str) -> None:
    item = laboratory.waiting()
    standard_id = item.worksheet.standards[0].standard_id
    change_state(standard_id, state, "rơi", expected="in_use", by=head)
    line = found(item, head)["standard_state"]
    assert (line.state, line.page, line.where) == ("stop", "standard", str(standard_id))


def test_a_standard_sent_away_after_the_measuring_day_does_not_stop(head: User, clock: Any) -> None:
    item = laboratory.waiting()
    clock.advance(days=1)
    change_state(item.worksheet.standards[0].standard_id, "out_for_calibration", "đến hạn", expected="in_use", by=head)
    assert states(item, head)["standards"] == "ok"


def test_an_authorisation_that_ended_before_the_measuring_day_stops(head: User) -> None:
    user = factories.technician()
    item = laboratory.waiting(user=user)
    with write("test.end", actor=factories.ACTOR) as current:
        for one in current.query(factories.Authorisation).filter_by(user_id=user.id):
            one.valid_to = lab_clock.today() - timedelta(days=1)
    assert states(item, head)["performer"] == "stop"


def test_a_signer_without_an_authorisation_is_stopped_and_a_viewer_is_not_judged(app: Any) -> None:
    head = laboratory.opened()
    item = laboratory.waiting()
    assert states(item, head)["signer"] == "stop"
    assert "signer" not in states(item, None)


def test_a_condition_outside_its_limits_stops_until_the_deviation_is_stated(head: User) -> None:
    item = laboratory.waiting(cells={"env/temperature/end": "28,9"})
    line = found(item, head)["environment"]
    assert (line.state, line.where) == ("stop", "env/temperature/end")
    assert line.vi == "Nhiệt độ cuối 28,9 °C, ngoài (18 ÷ 28) °C"
    with write("test.deviation", actor=factories.ACTOR):
        item.worksheet.deviation = "Đo ở 28,9 °C"
    lines = found(item, head)
    assert (lines["environment"].state, lines["deviation"].state) == ("warn", "warn")


def test_the_request_has_to_be_reviewed_before_conformity_is_stated(head: User) -> None:
    item = verification(head)
    with write("test.unreviewed", actor=factories.ACTOR):
        item.job.reviewed_at = None
    assert states(item, head)["decision"] == "stop"


def test_a_legal_row_that_nobody_confirmed_carries_no_verdict(head: User) -> None:
    line = found(verification(head, confirmed=False), head)["legal_unconfirmed"]
    assert (line.state, line.page, line.where) == ("stop", "legal", "31@2026-04-15")


def test_a_verification_needs_an_officers_card_and_its_field_is_compared(head: User) -> None:
    item = verification(head, card=False)
    assert states(item, head)["card"] == "stop"
    laboratory.officer(item.worksheet.performed_by, "Khối lượng")
    assert states(item, head)["card"] == "stop"
    laboratory.officer(item.worksheet.performed_by, "Nhiệt; áp suất")
    assert states(item, head)["card"] == "ok"


def test_an_initial_verification_asks_for_the_type_approval_where_the_list_wants_it(head: User) -> None:
    item = verification(head)
    with write("test.initial", actor=factories.ACTOR):
        item.regime = "initial"
    dossier = load(item.id)
    assert dossier.legal is not None
    assert "type_approval" not in {one.code for one in legality.verification(dossier)}
    wanted = replace(dossier.legal, row=replace(dossier.legal.row, type_approval=True))
    assert "type_approval" in {one.code for one in legality.verification(replace(dossier, legal=wanted))}


def test_printed_digits_that_do_not_follow_from_the_numbers_stop(head: User) -> None:
    dossier = load(laboratory.waiting().id)
    row = dossier.evaluation["tables"][0]["rows"][0]
    assert [one.state for one in fitness.rounding(dossier)] == ["ok"]
    row["U_text"] = "0.04"
    (line,) = fitness.rounding(dossier)
    assert (line.state, line.where) == ("stop", "main/1/ind/1")


def test_corrected_readings_are_counted(head: User) -> None:
    user = factories.technician()
    sheet = factories.filled(MULTIMETER, user)
    factories.type_cells(sheet, user, [factories.Change("main/1/ind/1", "100,2", 1, reason="đọc nhầm")])
    laboratory.submit_again(sheet.item, user)
    assert found(sheet.item, head)["readings"].detail_vi == "1 ô đã sửa, có ghi lý do"


def test_a_character_without_glyph_is_told_with_its_text_and_nothing_is_rendered(head: User) -> None:
    item = laboratory.waiting()
    with write("test.rename"):
        item.job.customer.name = "Công ty 漢字"
    draft, lines = planning.dry_run(load(item.id), head, lab_clock.now())
    assert draft is None
    (line,) = [one for one in lines if one.code == "glyph"]
    assert line.state == "stop"
    assert "“Công ty 漢字”" in line.vi
    assert "customer.name" in line.vi


def test_a_digital_certificate_that_breaks_a_rule_of_ptb_is_stopped_by_the_dry_render() -> None:
    sound = dcc_xml(CALIBRATION)
    assert planning._dcc_faults(sound) == []
    broken = re.sub(rb"<dcc:countryCodeISO3166_1>.*?<", b"<dcc:countryCodeISO3166_1>XX<", sound)
    assert broken != sound
    (fault,) = planning._dcc_faults(broken)
    assert "Invalid ISO 3166-1 country code" in fault
