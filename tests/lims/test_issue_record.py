"""The record: published results to the printed digit, every field of ISO/IEC 17025 7.8 from its row."""
from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from certificates.completeness import missing_fields
from certificates.document import Kind, Record, ResultTable, Role, Rule, Stage, Verdict, Words
from lims.auth.models import User
from lims.issue import printed, record
from lims.issue.dossier import load
from lims.jobs.models import JobItem
from lims.shared import clock
from lims.shared.db import write
from tests.lims import factories, laboratory
from tests.lims.factories import GAUGE, MULTIMETER, WEIGHT, Case


@pytest.fixture
def head(app: Any) -> User:
    return laboratory.approver(laboratory.opened())


def record_of(item: JobItem, signer: User | None) -> Record:
    dossier = load(item.id)
    return record.build(dossier, "C26-00417", record.signature_of(dossier, signer, clock.now().replace(microsecond=0)))


def column(table: ResultTable, role: Role) -> list[str]:
    """Texts of the first column of a role."""
    place = [one.role for one in table.columns].index(role)
    return [row[place] for row in table.rows]


def gauge(head: User, **other: Any) -> JobItem:
    laboratory.confirmed_gauge(head)
    return laboratory.waiting(GAUGE, laboratory.officer(factories.technician(GAUGE, "kdv")), **other)


@pytest.mark.parametrize(("case", "role", "value", "uncertainty", "k"), [
    (MULTIMETER, Role.ERROR, "+0.10", "0.05", "1.65"), (WEIGHT, Role.VALUE, "10000.025", "0.059", "2.00")],
    ids=["EA-4/02 S9: 0,10 V, U = 0,05 V, k = 1,65", "EA-4/02 S2: 10 000,025 g, U = 59 mg, k = 2"])
def test_the_published_result_is_stated_to_its_printed_digits(
        head: User, case: Case, role: Role, value: str, uncertainty: str, k: str) -> None:
    frozen = record_of(laboratory.waiting(case), head)
    (table,) = frozen.results
    assert value in [row[place] for row in table.rows for place, one in enumerate(table.columns) if one.role is role]
    assert column(table, Role.UNCERTAINTY) == [uncertainty]
    assert [statement.coverage_factor for statement in frozen.uncertainty] == [k]


def test_a_complete_record_lacks_nothing_that_the_standard_asks_for(head: User) -> None:
    assert missing_fields(record_of(laboratory.waiting(), head)) == []


def test_identity_comes_from_the_rows_of_the_job(head: User) -> None:
    owner = factories.customer(name="Công ty TNHH Cơ khí Đông Hải", contact="Bà Lê Thị Hoa", tax_code="0300000001")
    instrument = factories.instrument(owner=owner, serial="ĐH-77", tag="TB-09", maker="Fluke", model="117", year="2021")
    item = laboratory.waiting(of=instrument, condition="Vỏ xước nhẹ")
    frozen = record_of(item, head)
    assert (frozen.customer.name, frozen.customer.contact) == ("Công ty TNHH Cơ khí Đông Hải", "Bà Lê Thị Hoa")
    assert (frozen.item.serial, frozen.item.tag, frozen.item.type, frozen.item.manufacturer, frozen.item.year) == (
        "ĐH-77", "TB-09", "117", "Fluke", "2021")
    assert (frozen.item.identification, frozen.item.condition.vi) == (item.code, "Vỏ xước nhẹ")
    assert frozen.customer_supplied == ("item.tag",)
    assert frozen.received_on == item.job.received_on


def test_the_standards_certificate_is_the_version_used(head: User) -> None:
    item = laboratory.waiting()
    use = item.worksheet.standards[0]
    (stated,) = record_of(item, head).standards
    assert (stated.asset_number, stated.certificate_number, stated.version) == (
        "CH-DI-001", use.certificate.number, str(use.certificate_id))
    assert stated.due_on == date(2027, 8, 25)
    assert "VILAS 9001" in stated.traceability.vi


def test_an_interval_is_recommended_only_where_the_customer_agreed(head: User) -> None:
    item = laboratory.waiting()
    assert record_of(item, head).recalibration is None
    with write("test.agreed", actor=factories.ACTOR):
        item.interval_agreed_months = 12
    agreed = record_of(item, head).recalibration
    assert agreed is not None
    assert (agreed.recommended_on, agreed.agreed) == (date(2027, 11, 23), True)


def test_what_was_only_calibrated_says_its_limits_of_use(head: User) -> None:
    assert record_of(laboratory.waiting(), head).limits_of_use


def test_a_verification_states_rule_limits_and_the_last_day(head: User) -> None:
    frozen = record_of(gauge(head), head)
    assert frozen.kind is Kind.VERIFICATION
    (statement,) = frozen.conformity
    assert (statement.rule, statement.verdict) == (Rule.PROCEDURE, Verdict.PASS)
    assert statement.requirement.vi == "giới hạn sai số ±0,160 bar (EN 837-1)"
    assert frozen.validity is not None
    assert (frozen.validity.until, frozen.validity.cycle_months) == (date(2027, 11, 23), 12)
    assert "trình diễn" in frozen.validity.confirmation.vi
    assert frozen.approvals[0].officer_card.startswith("0186-")
    specifications = [one.value.replace("\u00a0", " ") for one in frozen.item.specifications]
    assert specifications == ["(0 ÷ 10) bar", "0,2 bar", "1,6"]


def test_a_failed_verification_says_why_and_claims_no_validity(head: User) -> None:
    frozen = record_of(gauge(head, cells={"main/3/up/1": "5,700", "main/3/down/1": "5,690"}), head)
    assert (frozen.kind, frozen.validity, frozen.conformity[0].verdict) == (Kind.WORK_RECORD, None, Verdict.FAIL)
    assert "6 bar" in frozen.conformity[0].reason.vi
    assert [check.outcome.value for group in frozen.checks for check in group.checks] == [
        "pass", "pass", "pass", "fail"]


def test_limits_are_words_and_figures_stay_plain_decimals(head: User) -> None:
    (table,) = (one for one in record_of(gauge(head), head).results if len(one.rows) > 1)
    assert set(column(table, Role.LIMIT)) == {"±0,160"}
    assert column(table, Role.ERROR) == ["+0.014", "+0.031", "+0.040", "+0.057", "+0.078"]
    assert set(column(table, Role.VERDICT)) == {"pass"}
    assert table.chart is not None
    assert (table.chart.points[0].error, table.chart.points[0].upper) == ("0.024", "0.16")


def test_the_deviation_from_the_method_is_printed(head: User) -> None:
    item = laboratory.waiting()
    with write("test.deviation", actor=factories.ACTOR):
        item.worksheet.deviation = "Đo ở 28,9 °C\nDùng dây đo ngắn"
    assert [words.vi for words in record_of(item, head).deviations] == ["Đo ở 28,9 °C", "Dùng dây đo ngắn"]


def test_a_preview_by_somebody_who_cannot_sign_names_nobody(head: User) -> None:
    assert record_of(laboratory.waiting(), None).approvals[-1].person == "…"


def test_the_same_dossier_gives_the_same_record_whatever_the_clock_says(head: User, clock: Any) -> None:
    dossier = load(laboratory.waiting().id)
    signature = record.signature_of(dossier, head, clock().replace(microsecond=0))
    first = record.build(dossier, "C26-00417", signature)
    clock.advance(days=400)
    assert record.build(dossier, "C26-00417", signature) == first


def test_an_adjusted_instrument_is_never_said_to_be_as_found() -> None:
    """Results as left stand beside those as found (7.8.4.1 d); the line on the adjustment follows them."""
    found, left = (ResultTable(Words("Kết quả"), (), (), stage=stage) for stage in (Stage.AS_FOUND, Stage.AS_LEFT))
    only = ResultTable(Words("Kết quả"), (), ())
    assert printed.adjustment((found, left)).en.startswith("Adjusted")
    assert printed.adjustment((only,)).en == "No adjustment"
