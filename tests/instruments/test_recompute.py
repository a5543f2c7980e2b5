"""A result evaluated again with another standard: equal to measuring with that standard from the start."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.library import load_shipped, reference_cases, shipped_names
from instruments.load_of_pieces import pieces_for
from instruments.observations import StandardData, StandardPoint
from instruments.recompute import NUMBERS, UNCHANGED, VERDICT, Comparison, assumed, compare, with_standard
from instruments.standard_values import as_standards
from instruments.unit_factors import unit_factor

POINTS = (StandardPoint(0, 0.2, value=0.0001), StandardPoint(50, 0.3, correction=0.4))
NOMINAL_ONLY = ("vernier-calliper",)
"""Procedures that take a standard at its nominal value within its grade's MPE: no correction enters the result."""
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
    lean = evaluate(procedure, with_standard(case, slot, standard), lean=True)
    again = compare(stored, lean)
    assert (again.grade, again.points) == (UNCHANGED, ())
    if procedure.coverage.monte_carlo is None:
        assert _stated(lean.to_json()) == _stated(stored)
    worse = assumed(standard, half_width=50 * max(standard.mpe or 0.0, max(point.U for point in standard.points)))
    found = compare(stored, evaluate(procedure, with_standard(case, slot, worse), lean=True))
    assert found.grade >= NUMBERS
    assert any(point.U[0] != point.U[1] for point in found.points)
    _says_what_evaluation_says(found, evaluate(procedure, replace(case, standards={**case.standards, slot: worse})))
    moved = assumed(standard, shift=50 * max(point.U for point in standard.points))
    found = compare(stored, evaluate(procedure, with_standard(case, slot, moved), lean=True))
    assert (found.grade >= NUMBERS) is (name not in NOMINAL_ONLY)
    _says_what_evaluation_says(found, evaluate(procedure, replace(case, standards={**case.standards, slot: moved})))


def _stated(evaluation: dict[str, Any]) -> str:
    """All of it but the budgets of its rows, each number to its last bit."""
    tables = [{**table, "rows": [{**row, "budget": None} for row in table["rows"]]} for table in evaluation["tables"]]
    return json.dumps({**evaluation, "tables": tables}, sort_keys=True)


def _says_what_evaluation_says(found: Comparison, fresh: Evaluation) -> None:
    for point in found.points:
        row = fresh.row(point.key)
        if point.U == ("", "") and point.value[1] != row.value_text:
            assert point.value[1] in row.printed
        else:
            assert (point.value[1], point.U[1], point.verdict[1]) == (row.value_text, row.U_text, row.verdict)


@pytest.mark.parametrize("name", ["micrometer", "scale-calibration"])
def test_an_assumed_drift_adds_a_rectangular_share_where_the_procedure_has_no_term_for_it(name: str) -> None:
    procedure = load_shipped(name)
    case = reference_cases(name)[-1].observations
    standard = as_standards(case.standards, "ref")[0]
    half = 3 * max(point.U for point in standard.points)
    before = evaluate(procedure, case, lean=True)
    after = evaluate(procedure, with_standard(case, "ref", assumed(standard, half_width=half)), lean=True)
    nominals = sorted(point.nominal for point in standard.points)
    rows = [row for table in before.tables for row in table.rows if row.U and row.nominal > 0]
    assert rows
    for old in rows:
        new = after.row(old.key)
        assert old.U
        assert old.k
        assert new.U
        assert new.k
        size = unit_factor(standard.spread_unit or standard.unit, old.unit)
        pieces = sum((pieces_for(nominals, old.nominal) or {}).values())
        added = (new.U / new.k) ** 2 - (old.U / old.k) ** 2
        assert added == pytest.approx((pieces * half * size) ** 2 / 3, rel=1e-6, abs=1e-18)


def test_a_number_printed_by_a_table_without_a_result_is_a_change_too() -> None:
    procedure = load_shipped("scale-verification")
    case = reference_cases("scale-verification")[-1].observations
    standard = as_standards(case.standards, "ref")[0]
    found = compare(evaluate(procedure, case).to_json(),
                    evaluate(procedure, with_standard(case, "ref", assumed(standard, shift=0.01)), lean=True))
    assert any(point.key.startswith("ecc/") and point.value[0] != point.value[1] for point in found.points)


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
