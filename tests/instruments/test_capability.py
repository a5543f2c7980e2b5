"""The smallest uncertainty that may be stated: every form of a CMC, its units, its ends."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from instruments.capability import (
    Capability,
    CapabilityError,
    Cmc,
    Linear,
    Points,
    Quadratic,
    Value,
    cmc_at,
    cmc_of_sheet,
)
from instruments.evaluate import evaluate
from instruments.library import load_shipped, reference_cases

SCOPE = (Capability("length", 0, 500, "mm", Linear(0.0005, 2e-6), "mm", reference="VILAS, line 3"),
         Capability("length", 500, 1000, "mm", Value(2.5), "µm"))  # fmt: skip


@pytest.mark.parametrize(
    ("cmc", "x", "expected"),
    [
        (Value(0.02), 7, 0.02),
        (Linear(0.01, 0.001), 7, 0.017),
        (Linear(0.01, 0.001), -7, 0.017),
        (Quadratic(3.0, 0.5), 8, 5.0),
        (Points(((0, 0.01), (10, 0.03))), 2.5, 0.015),
        (Points(((0, 0.01), (5, 0.01), (10, 0.03))), 7.5, 0.02),
    ],
)
def test_every_form_gives_its_number(cmc: Cmc, x: float, expected: float) -> None:
    lower = 0 if isinstance(cmc, Points) else -10
    assert cmc_at([Capability("q", lower, 10, "bar", cmc, "bar")], x, "bar", "bar") == pytest.approx(expected)


def test_units_are_led_to_the_report() -> None:
    assert cmc_at(SCOPE, 0.25, "m", "µm") == pytest.approx(1.0)
    assert cmc_at(SCOPE, 800, "mm", "mm") == pytest.approx(0.0025)
    assert cmc_at([Capability("v", 1, 100, "V", Value(0.02), "%")], 50, "V", "mV") == pytest.approx(10)
    assert cmc_at([Capability("v", 1, 100, "L", Value(0.02), "L")], 20, "L", "%") == pytest.approx(0.1)
    assert cmc_at([Capability("v", 1, 100, "L", Value(0.05), "%")], 20, "L", "%") == pytest.approx(0.05)
    assert cmc_at(SCOPE, 10, "kg", "g") is None


def test_ends_belong_to_a_range_and_the_larger_counts_where_two_meet() -> None:
    assert cmc_at(SCOPE, 500, "mm", "mm") == pytest.approx(0.0025)
    assert cmc_at(SCOPE, 0, "mm", "mm") == pytest.approx(0.0005)
    assert cmc_at(SCOPE, 1000 * (1 + 1e-12), "mm", "mm") == pytest.approx(0.0025)
    assert cmc_at(SCOPE, 1000.1, "mm", "mm") is None
    assert cmc_at(SCOPE, -0.1, "mm", "mm") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lower": 11}, "range"),
        ({"upper": math.inf}, "range"),
        ({"cmc": Value(0)}, "cmc"),
        ({"cmc": Linear(0.1, -0.2)}, "cmc"),
        ({"cmc": Points(((0, 1),))}, "table"),
        ({"cmc": Points(((5, 1), (0, 2), (10, 1)))}, "table"),
        ({"cmc": Points(((1, 1), (10, 2)))}, "table"),
        ({"cmc": Points(((0, 1), (5, -1), (10, 2)))}, "cmc"),
    ],
)
def test_a_line_that_says_nothing_usable_is_refused(change: dict[str, Any], field: str) -> None:
    good: dict[str, Any] = {"quantity": "q", "lower": 0, "upper": 10, "unit": "bar", "cmc": Value(1), "cmc_unit": "bar"}
    Capability(**good)
    with pytest.raises(CapabilityError) as refused:
        Capability(**{**good, **change})
    assert refused.value.field == field


def test_a_sheet_states_no_uncertainty_below_the_register() -> None:
    """Gauge 0–10 bar, five points; U ≈ 0,027 bar. CMC 0,02 + 0,002·x: 0,024 at 2 bar, 0,040 at 10 bar."""
    procedure = load_shipped("dial-pressure-gauge")
    observations = reference_cases("dial-pressure-gauge")[0].observations
    register = [Capability("pressure", 0, 4000, "kPa", Linear(2.0, 0.002), "kPa")]
    cmc = cmc_of_sheet(procedure, observations.instrument, register)
    assert cmc["main/1"] == pytest.approx(0.024)
    assert cmc["main/5"] == pytest.approx(0.040)
    assert not any(key.startswith("zero/") for key in cmc)
    free = evaluate(procedure, observations).tables[1].rows
    held = evaluate(procedure, replace(observations, cmc=cmc)).tables[1].rows
    assert held[0].U == free[0].U
    assert pytest.approx(0.040) == held[4].U
    assert held[4].U_text == "0.040"
    assert free[4].U is not None
    assert free[4].U < 0.040


def test_a_line_granted_for_another_procedure_or_quantity_does_not_count() -> None:
    procedure = load_shipped("dial-pressure-gauge")
    fields = reference_cases("dial-pressure-gauge")[0].observations.instrument
    lines = [Capability("pressure", 0, 40, "bar", Value(1), "bar", procedures=("QT-XX-01",)),
             Capability("mass", 0, 40, "bar", Value(1), "bar")]  # fmt: skip
    assert cmc_of_sheet(procedure, fields, lines) == {}
    assert cmc_of_sheet(procedure, {}, [Capability("pressure", 0, 40, "bar", Value(1), "bar")]) == {}
