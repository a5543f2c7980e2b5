"""Cells are kept as typed, corrected by new rows with a reason, and never overwritten by somebody else."""
from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from lims.auth.models import User
from lims.jobs.cells import SOURCES, Change, Outcome, Status, save_cells
from lims.jobs.models import Observation, Worksheet
from lims.jobs.observations import entries, latest, observations_of
from lims.jobs.worksheet import sheet_of
from lims.shared.db import session
from lims.shared.errors import Conflict, Invalid, NotPermitted
from tests.lims import factories as make

READING = "main/1/ind/1"


@pytest.fixture
def user(app: Any) -> User:
    return make.technician()


@pytest.fixture
def sheet(app: Any, user: User) -> Worksheet:
    return make.started(make.MULTIMETER, user)


def save(sheet: Worksheet, user: User, text: str, base: int = 0, cell: str = READING, **other: Any) -> Outcome:
    dot_means = other.pop("dot_means", None)
    (outcome,) = save_cells(sheet.item.code, [Change(cell, text, base, **other)], user, dot_means=dot_means)
    return outcome


def stored() -> int:
    return session().query(Observation).count()


def test_a_reading_keeps_the_digits_as_typed(sheet: Worksheet, user: User) -> None:
    typed = ["100,1", "100,10", "100.1", "+100,1", "0100,1", " 100,1 "]
    for revision, text in enumerate(typed):
        assert save(sheet, user, text, base=revision, reason="Đọc lại").status == "saved"
    assert [entry.text for entry in entries(sheet.id)] == [text.strip() for text in typed]
    assert [str(entry.value) for entry in entries(sheet.id)] == ["100.1", "100.10", "100.1", "100.1", "100.1", "100.1"]
    assert {(entry.unit, entry.by) for entry in entries(sheet.id)} == {("V", user.full_name)}


REFUSED = {
    "nan": "not_a_number", "inf": "not_a_number", "1e400": "not_a_number", "１２": "digits", "٣": "digits",
    "-": "not_a_number", "1_000": "not_a_number", "1,2,3": "grouping", "9" * 5000: "too_long",
    "=1+1": "not_a_number", "<b>1</b>": "not_a_number", "0x10": "not_a_number",
}


def test_what_is_no_plain_number_is_refused_at_its_cell(sheet: Worksheet, user: User) -> None:
    outcomes = {text: save(sheet, user, text) for text in REFUSED}
    assert {text: outcome.code for text, outcome in outcomes.items()} == REFUSED
    assert {outcome.status for outcome in outcomes.values()} == {"refused"}
    assert all(outcome.message and outcome.message.vi and outcome.message.en for outcome in outcomes.values())
    assert stored() == 0


def test_an_empty_text_in_an_empty_cell_writes_nothing(sheet: Worksheet, user: User) -> None:
    assert save(sheet, user, "   ").status == "saved"
    assert stored() == 0


class TestADotBeforeThreeDigits:
    """The resolution of 0,1 V does not say whether 1.400 is a decimal or a group: it is asked once per sheet."""

    def test_is_asked_about(self, sheet: Worksheet, user: User) -> None:
        outcome = save(sheet, user, "1.400")
        assert outcome.status == "ambiguous"
        assert outcome.candidates == {"decimal": "1.400", "group": "1400"}
        assert stored() == 0

    def test_is_remembered_and_recorded_with_the_sheet(self, sheet: Worksheet, user: User) -> None:
        sure = {"confirmed": True, "reason": "đã đọc lại"}
        first = save(sheet, user, "1.400", dot_means="group", **sure)
        assert (first.now.text, first.now.value) == ("1.400", 1400)  # type: ignore[union-attr]
        assert sheet_of(sheet.item.code).dot_means == "group"
        again = save(sheet, user, "1.500", base=1, **sure)
        assert again.now.value == 1500  # type: ignore[union-attr]

    def test_keeps_the_first_answer(self, sheet: Worksheet, user: User) -> None:
        sure = {"confirmed": True, "reason": "đã đọc lại"}
        save(sheet, user, "1.400", dot_means="decimal", **sure)
        save(sheet, user, "1.500", base=1, dot_means="group", **sure)
        assert sheet_of(sheet.item.code).dot_means == "decimal"
        assert latest(entries(sheet.id))[READING].value == Decimal("1.5")


class TestACorrection:
    def test_needs_a_reason(self, sheet: Worksheet, user: User) -> None:
        save(sheet, user, "100,1")
        assert save(sheet, user, "100,2", base=1).status == "reason"
        assert stored() == 1

    def test_is_a_new_row_and_the_old_one_stays(self, sheet: Worksheet, user: User) -> None:
        save(sheet, user, "100,1")
        assert save(sheet, user, "100,2", base=1, reason="Gõ nhầm").status == "saved"
        assert [(one.revision, one.text, one.reason) for one in entries(sheet.id)] == [
            (1, "100,1", ""), (2, "100,2", "Gõ nhầm")]

    def test_may_clear_the_cell(self, sheet: Worksheet, user: User) -> None:
        save(sheet, user, "100,1")
        assert save(sheet, user, "", base=1, reason="Ghi nhầm ô").status == "saved"
        assert observations_of(sheet_of(sheet.item.code)).readings == {}
        assert save(sheet, user, "100,3", base=2, reason="Đọc lại").now.revision == 3  # type: ignore[union-attr]

    def test_without_a_change_writes_nothing(self, sheet: Worksheet, user: User) -> None:
        save(sheet, user, "100,1")
        assert save(sheet, user, "100,1", base=1).status == "saved"
        assert stored() == 1

    @pytest.mark.parametrize("statement", ["UPDATE observation SET text = '1'", "DELETE FROM observation"])
    def test_is_the_only_way_the_database_knows(self, app_on_both: Any, statement: str) -> None:
        make.filled()
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session().execute(sa.text(statement))
        session().rollback()


class TestTheGuard:
    def test_asks_about_a_missed_comma(self, sheet: Worksheet, user: User) -> None:
        outcome = save(sheet, user, "1001")
        assert (outcome.status, outcome.code, outcome.suggestion) == ("guard", "missed_comma", "100.1")
        assert stored() == 0

    def test_needs_the_confirmation_and_its_reason(self, sheet: Worksheet, user: User) -> None:
        assert save(sheet, user, "90", confirmed=True).status == "guard"
        kept = save(sheet, user, "90", confirmed=True, reason="Phương tiện đo sai lệch lớn")
        assert (kept.status, kept.now.reason) == ("saved", "Phương tiện đo sai lệch lớn")  # type: ignore[union-attr]

    def test_knows_the_conditions_too(self, sheet: Worksheet, user: User) -> None:
        outcome = save(sheet, user, "204", cell="env/temperature/start")
        assert (outcome.status, outcome.suggestion) == ("guard", "20.4")


class TestTwoPeople:
    @pytest.fixture
    def other(self, user: User) -> User:
        return make.technician(name="ktv2")

    def test_see_both_values_when_they_wrote_the_same_cell(self, sheet: Worksheet, user: User, other: User) -> None:
        save(sheet, user, "100,1")
        outcome = save(sheet, other, "100,3")
        assert outcome.status == "conflict"
        assert (outcome.now.text, outcome.now.by) == ("100,1", user.full_name)  # type: ignore[union-attr]
        assert stored() == 1

    def test_who_typed_the_same_agree(self, sheet: Worksheet, user: User, other: User) -> None:
        save(sheet, user, "100,1")
        assert save(sheet, other, "100,1").status == "saved"
        assert stored() == 1

    def test_settle_a_conflict_with_a_new_row_that_names_the_other_value(self, sheet: Worksheet, user: User,
                                                                         other: User) -> None:
        save(sheet, user, "100,1")
        settled = save(sheet, other, "100,1", base=1, source="conflict", reason="Chọn 100,1; giá trị kia: 100,3")
        assert (settled.status, settled.now.revision) == ("saved", 2)  # type: ignore[union-attr]


def test_an_entry_sent_again_after_a_lost_answer_is_recognised(sheet: Worksheet, user: User) -> None:
    first, again = save(sheet, user, "100,1"), save(sheet, user, "100,1")
    assert (first.status, again.status, stored()) == ("saved", "saved", 1)
    save(sheet, user, "100,2", base=1, reason="Đọc lại")
    late = save(sheet, user, "100,1")
    assert (late.status, late.now.text, stored()) == ("saved", "100,2", 2)  # type: ignore[union-attr]


class TestFields:
    def test_change_what_the_instrument_carries_to_its_next_visit(self, sheet: Worksheet, user: User) -> None:
        assert save(sheet, user, "0,01", cell="field/resolution").status == "saved"
        again = sheet_of(sheet.item.code)
        assert again.instrument_fields["resolution"] == again.item.instrument.fields["resolution"] == "0.01"

    def test_are_refused_with_the_procedures_own_words(self, sheet: Worksheet, user: User) -> None:
        assert save(sheet, user, "-1", cell="field/resolution").status == "refused"

    def test_cannot_take_the_place_of_readings_away(self, sheet: Worksheet, user: User) -> None:
        assert save(sheet, user, "20; 100", cell="field/test_points").status == "saved"
        save(sheet, user, "100,1", cell="main/2/ind/1")
        outcome = save(sheet, user, "100", base=1, cell="field/test_points", reason="Đọc lại")
        assert (outcome.status, outcome.code) == ("refused", "readings_lost")

    def test_hold_numbers_separated_by_semicolons(self, sheet: Worksheet, user: User) -> None:
        save(sheet, user, "20,5; 100", cell="field/test_points")
        assert sheet_of(sheet.item.code).instrument_fields["test_points"] == "20.5; 100"


def test_a_failed_check_says_why(sheet: Worksheet, user: User) -> None:
    assert save(sheet, user, "fail", cell="check/external").code == "failed_check"
    assert save(sheet, user, "fail", cell="check/external", reason="Màn hình mất nét").status == "saved"
    assert observations_of(sheet_of(sheet.item.code)).checks == {"external": "fail"}


def test_a_step_that_readings_decide_takes_no_answer(app: Any) -> None:
    user = make.technician(make.GAUGE)
    sheet = make.started(make.GAUGE, user)
    assert save(sheet, user, "pass", cell="check/metrological").code == "unknown_cell"


def test_a_cell_that_the_sheet_does_not_have_is_refused(sheet: Worksheet, user: User) -> None:
    unknown = ["main/9/ind/1", "main/1/ind/2", "env/pressure/start", "field/serial", "x", "a/b/c/d/e"]
    assert {save(sheet, user, "1", cell=cell).code for cell in unknown} == {"unknown_cell"}


def test_nobody_types_without_an_authorisation_valid_on_the_measuring_day(sheet: Worksheet) -> None:
    with pytest.raises(NotPermitted):
        save(sheet, make.person("technician", "khac"), "100,1")


def test_nothing_is_written_once_the_sheet_was_submitted(app: Any, user: User) -> None:
    result = make.submitted(make.MULTIMETER, user)
    sheet = session().get(Worksheet, result.worksheet_id)
    assert sheet is not None
    with pytest.raises(Conflict):
        save(sheet, user, "100,2", base=1, reason="Đọc lại")


def test_a_change_without_sensible_shape_is_refused_as_a_whole(sheet: Worksheet, user: User) -> None:
    for wrong in ({"source": "dreamt"}, {"reason": "x" * 301}, {"reason": "\x01"}):
        with pytest.raises(Invalid):
            save(sheet, user, "100,1", **wrong)


def test_every_outcome_and_source_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "worksheet.md").read_text(encoding="utf-8")
    assert [word for word in (*get_args(Status), *SOURCES) if f"`{word}`" not in text] == []
