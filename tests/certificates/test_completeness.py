"""A record that lacks what ISO/IEC 17025 or the law asks for is named as incomplete, field and clause."""

from dataclasses import replace
from datetime import date

import pytest
from certificate_samples import APPROVALS, CALIBRATION, REFERENCE, VERIFICATION, WORK_RECORD

from certificates.completeness import missing_fields
from certificates.document import (
    Amendment,
    Conformity,
    Item,
    Method,
    Opinion,
    Record,
    Rule,
    Stage,
    Uncertainty,
    Validity,
    Verdict,
    Words,
)


@pytest.mark.parametrize("record", [CALIBRATION, VERIFICATION, WORK_RECORD], ids=lambda record: record.kind.value)
def test_a_complete_record_lacks_nothing(record: Record) -> None:
    assert missing_fields(record) == []


def _without(**changes: object) -> Record:
    return replace(CALIBRATION, **changes)  # type: ignore[arg-type]


TABLE = CALIBRATION.results[0]
FAILED = replace(CALIBRATION.conformity[0], verdict=Verdict.FAIL)
CASES = {
    "number": (_without(number="C26<1>"), "7.8.2.1 d"),
    "organisation": (_without(organisation=replace(CALIBRATION.organisation, address=" ")), "7.8.2.1 b"),
    "place": (_without(place=Words("")), "7.8.2.1 c"),
    "customer": (_without(customer=replace(CALIBRATION.customer, address="", contact="")), "7.8.2.1 e"),
    "methods": (_without(methods=()), "7.8.2.1 f"),
    "methods[0]": (_without(methods=(Method("ĐLVN"),)), "7.8.2.1 f"),
    "item.name": (_without(item=replace(CALIBRATION.item, name=Words(""))), "7.8.2.1 g"),
    "item.serial": (_without(item=Item(Words("Cân"), "", specifications=CALIBRATION.item.specifications)), "7.8.2.1 g"),
    "received_on": (_without(received_on=None), "7.8.2.1 h"),
    "performed_until": (_without(performed_until=date(2026, 11, 12)), "7.8.2.1 i"),
    "issued_on": (_without(issued_on=date(2026, 11, 12)), "7.8.2.1 j"),
    "approvals": (_without(approvals=APPROVALS[:2]), "7.8.2.1 o"),
    "environment": (_without(environment=()), "7.8.4.1 b"),
    "results": (_without(results=()), "7.8.2.1 m"),
    "results[0]": (_without(results=(replace(TABLE, rows=(("1",),)),)), "7.8.2.1 m"),
    "results[0].error": (
        _without(results=(replace(TABLE, columns=tuple(replace(c, unit="") for c in TABLE.columns)),)),
        "7.8.2.1 m",
    ),
    "uncertainty": (_without(uncertainty=()), "ILAC-P14"),
    "uncertainty[0]": (_without(uncertainty=(Uncertainty(""),)), "ILAC-P14"),
    "standards": (_without(standards=()), "7.8.4.1 c"),
    "standards[0]": (_without(standards=(replace(REFERENCE, due_on=date(2026, 11, 12)),)), "6.4.13"),
    "conformity[0]": (_without(conformity=(replace(FAILED, covers=Words("")),)), "7.8.6.2"),
    "conformity[0].rule_words": (_without(conformity=(replace(FAILED, rule=Rule.AGREED),)), "7.8.6.2 c"),
    "recalibration": (_without(recalibration=replace(CALIBRATION.recalibration, agreed=False)), "7.8.4.3"),
    "amendment.changes": (_without(amendment=Amendment("C26-00001", (), Words(""))), "7.8.8.1"),
    "amendment.replaces": (_without(amendment=Amendment("c26-00417", (Words("x"),), Words("y"))), "7.8.8.3"),
    "opinions[0]": (_without(opinions=(Opinion(Words("x"), Words(""), ""),)), "7.8.7"),
}


@pytest.mark.parametrize("field", CASES)
def test_what_is_missing_is_named_with_its_clause(field: str) -> None:
    record, clause = CASES[field]
    assert (field, clause) in [(missing.field, missing.clause) for missing in missing_fields(record)]


def test_results_after_adjustment_need_those_before() -> None:
    record = _without(results=(replace(TABLE, stage=Stage.AS_LEFT),))
    assert "7.8.4.1 d" in [missing.clause for missing in missing_fields(record)]


def test_performer_and_approver_differ() -> None:
    one = tuple(replace(approval, person="Lê Thị Hường") for approval in APPROVALS)
    assert "7.8.1.1" in [missing.clause for missing in missing_fields(_without(approvals=one))]


def test_a_standard_is_usable_on_its_due_date() -> None:
    record = _without(standards=(replace(REFERENCE, due_on=CALIBRATION.performed_until),))
    assert missing_fields(record) == []


def test_a_verification_certificate_exists_only_for_a_pass() -> None:
    failed = replace(VERIFICATION, conformity=(replace(VERIFICATION.conformity[0], verdict=Verdict.FAIL),))
    assert "conformity" in [missing.field for missing in missing_fields(failed)]


def test_a_verification_without_a_cycle_has_no_end_of_validity() -> None:
    record = replace(VERIFICATION, validity=Validity(None, Words("Không quy định chu kỳ", "No cycle")))
    assert missing_fields(record) == []


def test_a_failed_work_record_states_its_reason_and_leads_to_no_certificate() -> None:
    statement = Conformity(Rule.PROCEDURE, Verdict.FAIL, Words("điểm 3"), Words("±0,16 bar"))
    fields = [missing.field for missing in missing_fields(replace(WORK_RECORD, conformity=(statement,)))]
    assert fields == ["conformity", "certificate_number"]
