"""The procedures that come with the product give the published numbers, and other right numbers for other readings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.evaluate import evaluate
from instruments.evaluation import Evaluation
from instruments.kinds import kind
from instruments.legal import legal_rows
from instruments.library import ReferenceCase, case_failures, load_shipped, reference_cases, shipped_names, shipped_text
from instruments.observations import Observations, StandardData, StandardPoint
from instruments.procedure import procedure_digest
from uncertainty.calc import calculate

CASES = [(name, case) for name in shipped_names() for case in reference_cases(name)]
ENVIRONMENT = {f"{key}/start": Decimal(value) for key, value in (("temperature", "20"), ("humidity", "50"))}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case.name}" for name, case in CASES])
def test_a_reference_case_gives_what_it_states(name: str, case: ReferenceCase) -> None:
    assert case_failures(load_shipped(name), case) == ()


def test_every_shipped_procedure_has_a_case_and_these_a_published_one() -> None:
    published = {name for name, case in CASES if case.evidence == "published"}
    assert {name for name, _ in CASES} == set(shipped_names())
    assert published == {
        "calliper-jaws", "gauge-block", "micropipette", "multimeter", "multimeter-dc", "pt100", "scale-verification",
        "vernier-calliper", "weight-comparison",
    }  # fmt: skip


def test_shipped_procedures_name_known_kinds_and_legal_items() -> None:
    items = {row.item for row in legal_rows()}
    for name in shipped_names():
        procedure = load_shipped(name)
        assert [kind(code).code for code in procedure.kinds] == list(procedure.kinds)
        assert procedure.validity.legal_item is None or procedure.validity.legal_item in items
        assert procedure.digest == procedure_digest(shipped_text(name))


def test_what_the_gauge_takes_from_unread_law_is_marked_unconfirmed() -> None:
    subjects = [entry.subject.en for entry in load_shipped("dial-pressure-gauge").unconfirmed]
    assert "content of ĐLVN 08:2011" in subjects
    assert "limits of error: Error and hysteresis" in subjects
    assert "hysteresis not above the absolute value of the permissible error" in subjects


def _weigh(
    nominal: float, reference: float, U: float, drift: float, pooled: float, effects: float, diffs: list[float]
) -> Evaluation:
    standard = StandardData("KL", "1", "g", (StandardPoint(nominal, U, 2.0, value=reference),), drift=drift)
    return evaluate(
        load_shipped("weight-comparison"),
        Observations(
            instrument={
                "nominal_mass": repr(nominal),
                "pooled_s": f"{pooled:.15f}",
                "balance_effects": f"{effects:.15f}",
            },
            readings={f"main/1/diff/{at}": Decimal(repr(diff)) for at, diff in enumerate(diffs, 1)},
            checks={"external": "pass", "acclimatised": "pass"},
            environment=ENVIRONMENT,
            standards={"ref": standard},
        ),
    )


@settings(max_examples=40, deadline=None)
@given(
    nominal=st.sampled_from([0.5, 2.0, 20.0, 500.0, 1000.0, 10000.0, 20000.0]),
    parts=st.lists(st.floats(min_value=1e-7, max_value=1e-5), min_size=4, max_size=4),
    diffs=st.lists(st.floats(min_value=-1e-5, max_value=1e-5), min_size=3, max_size=3),
)
def test_any_weight_gives_what_the_engine_gives_for_the_same_budget(
    nominal: float, parts: list[float], diffs: list[float]
) -> None:
    """Other nominal, other reference, other pooled s: the sheet against a budget document written by hand."""
    U, drift, pooled, effects = (float(f"{part * nominal:.6g}") for part in parts)
    typed = [float(f"{diff * nominal:.6g}") for diff in diffs]
    reference = nominal + drift / 3
    row = _weigh(nominal, reference, U, drift, pooled, effects, typed).tables[0].rows[0]
    by_hand: Mapping[str, Any] = calculate(
        "budget",
        {
            "budget": 1,
            "model": "a + b + c + d + e",
            "inputs": {
                "a": {"value": reference, "expanded_uncertainty": U, "coverage_factor": 2},
                "b": {"value": 0, "half_width": drift},
                "c": {"value": math.fsum(typed) / 3, "standard_uncertainty": pooled / math.sqrt(3)},
                "d": {"value": 0, "half_width": effects},
                "e": {"value": 0, "half_width": 1e-6 * nominal},
            },
        },
    )
    assert row.value == pytest.approx(by_hand["value"], rel=1e-13)
    assert pytest.approx(by_hand["expanded_uncertainty"], rel=1e-9) == row.U


@pytest.mark.parametrize("name", shipped_names())
def test_the_budget_of_a_row_can_be_run_again_from_its_document(name: str) -> None:
    """What `lims calc budget` is given is what the sheet was given."""
    for row in evaluate(load_shipped(name), reference_cases(name)[0].observations).tables[-1].rows:
        assert row.document is not None
        assert calculate("budget", row.document) == row.budget


@pytest.mark.parametrize("point", [1, 2, 3, 4, 5])
def test_the_gauge_at_exactly_its_limit_passes_and_one_step_beyond_fails(point: int) -> None:
    """EN 837-1 class 1,6, 10 bar: ±0,160 bar. 4 − 3,84 is 0,16000000000000014 in binary and still on the limit."""
    assert _gauge(point, f"{2 * point - 0.16:.3f}") == "pass"
    assert _gauge(point, f"{2 * point + 0.16:.3f}") == "pass"
    assert _gauge(point, f"{2 * point - 0.161:.3f}") == "fail"
    assert _gauge(point, f"{2 * point + 0.161:.3f}") == "fail"


def _gauge(point: int, reading: str) -> str:
    """Verdict of a gauge without error but at one point, where the reference reads `reading` both ways."""
    standard = StandardData("AS", "1", "bar", tuple(StandardPoint(p, 0.004, correction=0.0) for p in (0.0, 16.0)))
    readings = {f"main/{at}/{way}/1": Decimal(2 * at) for at in range(1, 6) for way in ("up", "down")}
    readings |= {f"main/{point}/{way}/1": Decimal(reading) for way in ("up", "down")}
    evaluation = evaluate(
        load_shipped("dial-pressure-gauge"),
        Observations(
            instrument={"range_max": "10", "division": "0,2", "accuracy_class": "1,6"},
            readings={**readings, "zero/1/before/1": Decimal(0), "zero/1/after/1": Decimal(0)},
            checks={"external": "pass", "technical": "pass"},
            environment=ENVIRONMENT,
            standards={"ref": standard},
        ),
        lean=True,
    )
    return evaluation.verdict
