"""The validation report: complete, truthful about a disagreement, and tied to the code that was run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from uncertainty import ENGINE_VERSION
from uncertainty.validation import REQUIREMENTS, load_cases, main, validation_report

FOLDER = Path(__file__).parent / "cases"
NOW = "2026-11-23T09:00:00+07:00"


def quick() -> list[Any]:
    """The cases without simulation: the others are calculated in their own tests."""
    return [case for case in load_cases(FOLDER) if "monte_carlo" not in case["input"]]


def test_every_requirement_has_a_case() -> None:
    cases = load_cases(FOLDER)
    assert [requirement.code for requirement in REQUIREMENTS if not any(map(requirement.shown_by, cases))] == []


def test_the_report_says_what_agrees_and_with_what_it_was_calculated() -> None:
    report = validation_report(quick(), made_at=NOW)
    assert report["summary"]["agreeing_cases"] == report["summary"]["cases"] == len(quick())
    assert report["engine_version"] == ENGINE_VERSION
    assert len(report["code_digest"]) == len(report["cases_digest"]) == 64
    assert {"python", "numpy", "scipy", "platform"} <= set(report["environment"])
    assert report["made_at"] == NOW
    states = {requirement["requirement"]: requirement["state"] for requirement in report["requirements"]}
    assert states["U-01"] == "agrees"
    assert states["M-01"] == "untested"
    json.dumps(report, allow_nan=False)


def test_a_disagreement_is_reported_at_its_requirement() -> None:
    case = next(case for case in quick() if case["id"] == "ea-s2")
    wrong = {**case, "expect": [{"field": "standard_uncertainty", "equals": 0.03, "tolerance": 5e-4}]}
    report = validation_report([wrong], made_at=NOW)
    (quantity,) = report["cases"][0]["quantities"]
    assert not quantity["agrees"]
    assert quantity["digits"] == 1.6
    assert report["summary"]["agreeing_cases"] == 0
    assert next(r for r in report["requirements"] if r["requirement"] == "U-01")["state"] == "disagrees"


def test_a_quantity_that_does_not_exist_disagrees() -> None:
    document = {"model": "x", "inputs": {"x": {"value": 1, "standard_uncertainty": 1}}}
    case = {
        "id": "null", "calculation": "budget", "source": "", "evidence": "", "note": "", "input": document,
        "expect": [{"field": "effective_dof", "equals": 5, "tolerance": 1}],
    }  # fmt: skip
    (quantity,) = validation_report([case], made_at=NOW)["cases"][0]["quantities"]
    assert (quantity["computed"], quantity["agrees"], quantity["digits"]) == (None, False, None)


def test_the_command_writes_the_report_and_fails_where_a_requirement_is_untested(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "some.json").write_text(json.dumps(quick()[:3]), encoding="utf-8")
    target = tmp_path / "build" / "report.json"
    assert main([str(cases), str(target)]) == 1
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["cases"] == 3
