"""The published reference cases, calculated as documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from uncertainty.calc import calculate

FOLDER = Path(__file__).parent / "cases"
CASES = [case for file in sorted(FOLDER.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]


def field(answer: Any, path: str) -> Any:
    for key in path.split("."):
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_published_case_agrees(case: dict[str, Any]) -> None:
    answer = calculate(case["calculation"], case["input"])
    found = {expected["field"]: field(answer, expected["field"]) for expected in case["expect"]}
    assert found == {
        expected["field"]: pytest.approx(expected["equals"], rel=0.0, abs=expected["tolerance"])
        for expected in case["expect"]
    }


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_answer_is_strict_json(case: dict[str, Any]) -> None:
    quick = {**case["input"], **({"monte_carlo": {"trials": 2000}} if "monte_carlo" in case["input"] else {})}
    json.dumps(calculate(case["calculation"], quick), allow_nan=False)
