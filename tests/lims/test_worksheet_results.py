"""The published calibrations come out of the sheet as they were published."""
from __future__ import annotations

from typing import Any

import pytest

from instruments.evaluation import Printed, Reason, Row
from instruments.library import load_shipped
from instruments.words import Words
from lims.jobs.results import evaluation_of
from lims.jobs.rows_shown import row_state
from lims.jobs.sheet_state import signed_columns, verdict_words, worth_naming
from tests.lims import factories as make


def only_row(case: make.Case) -> dict[str, Any]:
    (row,) = evaluation_of(make.submitted(case))["tables"][0]["rows"]
    return row


def test_the_multimeter_of_ea_4_02_s9(app_on_both: Any) -> None:
    """EA-4/02 M:2022, S9.13: E = 0,10 V ± 0,05 V, k = 1,65."""
    row = only_row(make.MULTIMETER)
    assert (row["value_text"], row["U_text"]) == ("0.10", "0.05")
    assert row["k"] == pytest.approx(1.65, abs=0.005)


def test_the_weight_of_ea_4_02_s2(app_on_both: Any) -> None:
    """EA-4/02 M:2022, S2.11: 10 000,025 g ± 59 mg, k = 2."""
    row = only_row(make.WEIGHT)
    assert (row["value_text"], row["U_text"], row["k_text"]) == ("10000.025", "0.059", "2.00")


@pytest.mark.parametrize(("codes", "named"), [
    (["environment_missing", "cell_missing", "standard_missing"], ["standard_missing"]),
    (["environment_missing", "check_missing"], []),
    (["environment_missing", "standard_missing"], ["environment_missing", "standard_missing"]),
])
def test_an_empty_environment_is_named_once_the_readings_are_there(codes: list[str], named: list[str]) -> None:
    reasons = [Reason(code, "", Words("", "")) for code in codes]
    assert [reason.code for reason in worth_naming(reasons)] == named


def test_the_sheet_shows_signs_where_the_document_prints_them(app: Any) -> None:
    shown_so = signed_columns(load_shipped("dial-pressure-gauge"), "main")
    assert {"error_up", "error_down"} <= shown_so
    up, hysteresis = (Printed(key, Words("", ""), "bar", 0.05, "0.050") for key in ("error_up", "hysteresis"))
    row = Row("main", 1, 2.0, "2", (), "complete", None, "", derived=(up, hysteresis))
    with app.test_request_context():
        assert row_state(row, True, verdict_words(), shown_so)["derived"] == ["+0,050", "0,050"]
