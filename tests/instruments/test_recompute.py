"""A result evaluated again with another standard: equal to measuring with that standard from the start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from instruments.evaluate import evaluate
from instruments.library import load_shipped, reference_cases, shipped_names
from instruments.observations import StandardData, StandardPoint
from instruments.recompute import NUMBERS, UNCHANGED, VERDICT, assumed, compare, with_standard
from instruments.standard_values import as_standards

POINTS = (StandardPoint(0, 0.2, value=0.0001), StandardPoint(50, 0.3, correction=0.4))
STANDARD = StandardData("CH-1", "A", "mm", POINTS, spread_unit="µm", drift=0.1)


def test_a_shift_moves_values_in_their_unit_and_corrections_in_theirs() -> None:
    moved = assumed(STANDARD, shift=0.5, half_width=0.3)
    assert moved.points[0].value == pytest.approx(0.0006)
    assert moved.points[1].correction == pytest.approx(0.9)
    assert moved.drift == 0.3
    assert assumed(STANDARD, half_width=0.05).drift == 0.1
    assert assumed(STANDARD) is STANDARD


@pytest.mark.parametrize("name", shipped_names())
def test_the_same_standard_changes_nothing_and_another_one_what_evaluation_says(name: str) -> None:
    procedure = load_shipped(name)
    case = reference_cases(name)[-1].observations
    stored = evaluate(procedure, case).to_json()
    slot = procedure.standards[0].key
    standard = as_standards(case.standards, slot)[0]
    again = compare(stored, evaluate(procedure, with_standard(case, slot, standard), lean=True))
    assert (again.grade, again.points) == (UNCHANGED, ())
    worse = assumed(standard, half_width=50 * max(point.U for point in standard.points))
    found = compare(stored, evaluate(procedure, with_standard(case, slot, worse), lean=True))
    assert found.grade >= (UNCHANGED if name == "vernier-calliper" else NUMBERS)  # that one rests on the grade's MPE
    fresh = evaluate(procedure, replace(case, standards={**case.standards, slot: worse}))
    for point in found.points:
        row = fresh.row(point.key)
        assert (point.value[1], point.U[1], point.verdict[1]) == (row.value_text, row.U_text, row.verdict)


def test_a_flipped_verdict_has_the_highest_grade() -> None:
    procedure = load_shipped("dial-pressure-gauge")
    case = next(one.observations for one in reference_cases("dial-pressure-gauge")
                if evaluate(procedure, one.observations).verdict == "pass")
    standard = as_standards(case.standards, "ref")[0]
    found = compare(evaluate(procedure, case).to_json(),
                    evaluate(procedure, with_standard(case, "ref", assumed(standard, shift=5.0)), lean=True))
    assert (found.grade, found.old_verdict, found.new_verdict) == (VERDICT, "pass", "fail")
    assert found.greatest_change is not None
    assert found.greatest_change > 1
