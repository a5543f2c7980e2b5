"""docs/procedures.md: its example runs, and it names every key of the format."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from instruments.library import shipped_names, shipped_text
from instruments.run import check_text, run
from tests.instruments.sample_procedure import TEXT

GUIDE = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text(encoding="utf-8")
VALUES = {"values", "choices", "labels", "monte_carlo"}
"""Keys whose members are data and not words of the format."""


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_is_in_order_and_gives_the_result_it_states() -> None:
    """By hand: 50,2333 − (50,0133 − 0,001) = 0,2210; s/√n of both columns, half widths over √3, Welch-Satterthwaite."""
    assert check_text(block("toml"), "example.toml") == ()
    row = run(block("toml"), "example.toml", block("json")).tables[0].rows[0]
    assert row.value == pytest.approx(0.2210, abs=1e-4)
    u = math.sqrt(0.1**2 / 9 + 0.0015275**2 / 3 + 0.01**2 + (0.05**2 + 0.01**2 + 0.015**2) / 3)
    assert row.budget is not None
    assert row.budget["standard_uncertainty"] == pytest.approx(u, rel=1e-3)
    assert row.printed[1] == "+0.22"


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        inner = {key for name, item in value.items() if name not in VALUES for key in _keys(item)}
        return inner | set(value)
    if isinstance(value, list):
        return {key for item in value for key in _keys(item)}
    return set()


@pytest.mark.parametrize("text", [TEXT, *(shipped_text(name) for name in shipped_names())])
def test_the_guide_names_every_key_that_a_procedure_uses(text: str) -> None:
    unnamed = {key for key in _keys(tomllib.loads(text)) if not re.search(rf"\b{key}\b", GUIDE)}
    assert unnamed == set()
