"""Certificates of standards: what counts on a day, what is refused, and that a wrong entry stays readable."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lims.equipment import certificates, facts, service
from lims.equipment.models import StandardCertificate
from lims.equipment.table import TypedRow, read_table
from lims.shared.audit import AuditTransaction, verify_chain
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid
from tests.lims.people import person
from tests.lims.standards import PRESSURE, certified, entry, registered

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n"


def schedule_of(standard: Any) -> Any:
    return next(row for row in standard.schedules if row.duty == "calibration")


def test_a_certificate_sets_when_the_calibration_was_done_and_is_due(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    assert schedule_of(gauge).due_on is None
    certified(gauge, by, date(2026, 2, 28))
    assert (schedule_of(gauge).last_done_on, schedule_of(gauge).due_on) == (date(2026, 2, 28), date(2027, 2, 28))
    assert list(verify_chain(session())) == []


def test_an_older_certificate_entered_later_does_not_move_the_due_date(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 5, 1))
    certified(gauge, by, date(2025, 5, 1))
    assert schedule_of(gauge).due_on == date(2027, 5, 1)


def test_the_end_stated_by_the_certificate_counts_when_it_comes_before_the_interval(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 5, 1), valid_to=date(2026, 10, 31))
    assert schedule_of(gauge).due_on == date(2026, 10, 31)


def test_values_are_those_of_the_newest_certificate_begun_on_the_day(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    old, new = certified(gauge, by, date(2025, 6, 1)), certified(gauge, by, date(2026, 6, 1))
    found = [facts.certificate_on(gauge, day) for day in (date(2025, 5, 31), date(2026, 5, 31), date(2026, 6, 1))]
    assert found == [None, old, new]


def test_a_correction_is_a_new_row_and_the_wrong_one_stays(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    wrong = certified(gauge, by, date(2026, 6, 1))
    rows = (TypedRow("0", "0,000", "0,005", "2"), *PRESSURE[1:])
    right = certificates.correct_certificate(gauge.id, wrong.id, entry(date(2026, 5, 31), rows=rows),
                                             "Gõ nhầm U và ngày", by=by)
    assert facts.standing(gauge.certificates) == [right]
    assert [str(row.uncertainty_text) for row in wrong.values] == ["0,004"] * 3
    assert (right.supersedes_id, right.reason) == (wrong.id, "Gõ nhầm U và ngày")
    assert schedule_of(gauge).last_done_on == date(2026, 5, 31)
    with pytest.raises(Conflict):
        certificates.correct_certificate(gauge.id, wrong.id, entry(date(2026, 5, 30)), "lần nữa", by=by)


def test_a_certificate_taken_back_no_longer_counts(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2025, 6, 1))
    wrong = certified(gauge, by, date(2026, 6, 1))
    certificates.void_certificate(gauge.id, wrong.id, "Nhập cho nhầm chuẩn", by=by)
    assert schedule_of(gauge).last_done_on == date(2025, 6, 1)
    assert len(gauge.certificates) == 3


def test_correcting_and_taking_back_ask_for_a_reason(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    wrong = certified(gauge, by, date(2026, 6, 1))
    with pytest.raises(Invalid, match="reason"):
        certificates.correct_certificate(gauge.id, wrong.id, entry(date(2026, 6, 1)), "  ", by=by)
    with pytest.raises(Invalid, match="reason"):
        certificates.void_certificate(gauge.id, wrong.id, "", by=by)


@pytest.mark.parametrize("statement", ["UPDATE standard_value SET uncertainty_text = '0,001'",
                                       "DELETE FROM standard_certificate"])
def test_the_database_refuses_to_change_an_entered_certificate(app_on_both: Any, statement: str) -> None:
    by = person("quality_manager")
    certified(registered(by), by, date(2026, 6, 1))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session().execute(sa.text(statement))
    session().rollback()


def test_numbers_keep_the_digits_that_were_typed(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    rows = (TypedRow("10 000,00", "10 000,0250", "0,0450", "2,00"),)
    kept = certified(gauge, by, date(2026, 6, 1), rows=rows)
    session().expire_all()
    row = kept.values[0]
    assert (row.nominal_text, row.stated_text, row.uncertainty_text, row.coverage_text) == (
        "10 000,00", "10 000,0250", "0,0450", "2,00")
    assert str(row.value) == "10000.0250"


def test_a_correction_row_is_kept_as_correction_and_evaluated_as_one(app: Any) -> None:
    by = person("quality_manager")
    block = registered(by, "CH-DD-001", quantity="length", unit="mm", drift_half_width=Decimal("0.02"),
                       spread_unit="µm")
    certified(block, by, date(2026, 6, 1), unit="mm", spread_unit="µm", stated="correction",
              rows=(TypedRow("150", "-0,12", "0,46", "2"),))
    data = facts.as_standard_data(block, block.certificates[0])
    assert (data.unit, data.spread_unit, data.drift) == ("mm", "µm", 0.02)
    assert (data.points[0].nominal, data.points[0].correction, data.points[0].value) == (150.0, -0.12, None)


def test_the_pdf_is_kept_with_its_digest_and_passes_to_the_corrected_entry(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    first = certified(gauge, by, date(2026, 6, 1), file=("../../giấy.pdf", PDF))
    second = certificates.correct_certificate(gauge.id, first.id, entry(date(2026, 6, 2)), "Nhầm ngày", by=by)
    assert second.file is not None
    assert (second.file.id, second.file.content, len(second.file.sha256)) == (first.file_id, PDF, 64)


def test_what_is_no_pdf_is_refused_and_nothing_is_kept(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    with pytest.raises(Invalid, match="PDF"):
        certified(gauge, by, date(2026, 6, 1), file=("giấy.pdf", b"<html>"))
    assert session().scalar(sa.select(sa.func.count()).select_from(StandardCertificate)) == 0


WRONG = {
    "number": {"number": " "},
    "calibrated_on": {"calibrated_on": date(2026, 11, 24)},
    "valid_to": {"valid_to": date(2026, 5, 1)},
    "accreditation": {"accreditation": ""},
    "route": {"route": "hearsay"},
    "parent_ids": {"route": "internal"},
    "rows": {"rows": (TypedRow(),)},
    "rows.1.uncertainty": {"rows": (PRESSURE[0], TypedRow("8", "8,002", "0", "2"))},
    "rows.1.nominal": {"rows": (PRESSURE[0], TypedRow("0,0", "8,002", "0,004", "2"))},
    "rows.0.stated": {"rows": (TypedRow("1", "1.400", "0,004", "2"),)},
    "rows.0.coverage": {"rows": (TypedRow("1", "1", "0,004", "nan"),)},
}


def test_a_wrong_certificate_is_refused_at_its_field(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)

    def refused_at(wrong: dict[str, Any]) -> str:
        with pytest.raises(Invalid) as caught:
            certified(gauge, by, **({"calibrated_on": date(2026, 6, 1)} | wrong))
        return caught.value.field

    assert {field: refused_at(wrong) for field, wrong in WRONG.items()} == {field: field for field in WRONG}
    assert gauge.certificates == []


def test_the_same_certificate_is_not_entered_twice(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 6, 1))
    with pytest.raises(Invalid, match="entered before"):
        certified(gauge, by, date(2026, 6, 1))


def test_a_standard_cannot_stand_below_itself(app_on_both: Any) -> None:
    by = person("quality_manager")
    first, second = registered(by, "CH-KL-001"), registered(by, "CH-KL-002")
    certified(first, by, date(2026, 5, 1))
    certified(second, by, date(2026, 5, 2), route="internal", parent_ids=[first.id])
    with pytest.raises(Invalid, match="depends on"):
        certified(first, by, date(2026, 5, 3), route="internal", parent_ids=[second.id])
    trail = session().scalars(sa.select(AuditTransaction.action)).all()
    assert trail.count("standard.enter_certificate") == 2


def test_an_answered_dot_is_read_as_answered() -> None:
    (decimal,), _ = read_table([TypedRow("1", "1.400", "0,1", "2")], dot_means="decimal")
    (group,), _ = read_table([TypedRow("1", "1.400", "0,1", "2")], dot_means="group")
    assert (decimal.stated.value, group.stated.value) == (Decimal("1.400"), Decimal(1400))


def test_a_blank_k_takes_the_one_of_the_head() -> None:
    (row,), faults = read_table([TypedRow("1", "1", "0,1", ""), TypedRow("", " ", "", "2")], coverage="2,05")
    assert (row.coverage.text, faults) == ("2,05", [])


def test_every_wrong_cell_is_named_at_once() -> None:
    _, faults = read_table([TypedRow("a", "1e400", "-1", "0,5"), TypedRow("1.400", "", "１", "2")])
    assert [(fault.row, fault.cell, fault.ambiguous) for fault in faults] == [
        (0, "nominal", False), (0, "stated", False), (0, "uncertainty", False), (0, "coverage", False),
        (1, "nominal", True), (1, "stated", False), (1, "uncertainty", False)]


def test_the_clock_of_the_laboratory_decides_what_today_is(app: Any, clock: Any) -> None:
    """23/11/2026 17:30 UTC is already 24/11 in Vietnam."""
    by = person("quality_manager")
    gauge = registered(by)
    clock.advance(hours=15, minutes=30)
    kept = certified(gauge, by, date(2026, 11, 23) + timedelta(days=1))
    assert service.certificate_on(gauge, date(2026, 11, 24)) == kept


def test_the_history_of_a_standard_is_what_had_been_entered_by_then(app: Any) -> None:
    by = person("quality_manager", "lichsu")
    row = registered(by, "CH-LS-1")
    rows = [(TypedRow("0", "0,000", "0,004", "2"), TypedRow("8", text, "0,004", "2"))
            for text in ("8,002", "8,005", "8,001")]
    for month, table in zip((3, 5, 4), rows, strict=True):  # the one of April is entered last
        certified(row, by, date(2026, month, 1), number=f"LS.{month}", rows=table)
    found = {one.calibrated_on.month: facts.as_standard_data(row, one).history
             for one in service.standard(row.id).certificates}
    assert found[3] is None
    assert found[5] == pytest.approx(0.003)
    assert found[4] == pytest.approx(0.001)
