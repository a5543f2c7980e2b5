"""The drift that a standard's own calibrations allow for, and what a procedure gets of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.drift_allowance import greatest_change
from instruments.formula import read_formula
from instruments.observations import StandardData, StandardPoint
from instruments.procedure_model import StandardSlot
from instruments.recompute import assumed
from instruments.standard_values import serve, standard_numbers
from instruments.words import Words

TABLES = st.lists(st.dictionaries(st.sampled_from([0.0, 5.0, 10.0]), st.floats(-1, 1)), max_size=5)


def test_the_greatest_change_of_any_point_from_one_calibration_to_the_next() -> None:
    assert greatest_change([{0: 0.0, 10: 0.002}, {0: 0.001, 10: 0.005}, {0: 0.0, 10: 0.004}]) == pytest.approx(0.003)


def test_one_calibration_says_nothing_nor_do_tables_without_a_common_point() -> None:
    assert greatest_change([{0: 1.0}]) is None
    assert greatest_change([{0: 1.0}, {5: 1.0}]) is None


@given(TABLES, st.floats(-1, 1))
def test_a_common_shift_of_all_calibrations_changes_nothing(tables: list[dict[float, float]], shift: float) -> None:
    moved = [{nominal: value + shift for nominal, value in table.items()} for table in tables]
    assert greatest_change(moved) == (None if greatest_change(tables) is None
                                      else pytest.approx(greatest_change(tables), abs=1e-9))


def slot(unit: str) -> StandardSlot:
    return StandardSlot("ref", Words("", ""), "length", unit, None, None, read_formula("nominal"), "linear", None, None,
                        1, 1)


@pytest.mark.parametrize(("history", "unit", "expected"), [(0.3, "µm", 0.3), (0.3, "mm", 0.0003), (None, "µm", 0.1)])
def test_a_procedure_gets_it_in_its_unit_or_the_stated_drift(history: float | None, unit: str, expected: float) -> None:
    data = StandardData("C", "C.1", "mm", (StandardPoint(25, 0.2, correction=0.05),), spread_unit="µm", drift=0.1,
                        history=history)
    point = 25.0 if unit == "mm" else 25_000.0
    use, served = serve(slot(unit), (data,), point)
    assert standard_numbers(slot(unit), use, served)["ref_history"] == pytest.approx(expected)


def test_what_a_review_assumes_is_at_least_what_a_procedure_gets() -> None:
    data = StandardData("C", "C.1", "bar", (StandardPoint(1, 0.1, value=1.0),), history=0.01)
    assert assumed(data, half_width=0.05).history == 0.05
    assert assumed(data, half_width=0.001).history == 0.01
