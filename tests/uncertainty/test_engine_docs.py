"""The examples of docs/engine.md are calculated, and every kind has one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from uncertainty.calc import KINDS, as_table, calculate

PAGE = (Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda document: next(iter(document)))
def test_an_example_is_calculated_to_plain_json(document: dict[str, object]) -> None:
    kind = next(iter(document))
    result = calculate(kind, document)
    assert json.loads(json.dumps(result, allow_nan=False)) == result
    assert as_table(kind, result, "vi")


def test_every_kind_and_every_interval_method_has_an_example() -> None:
    assert {next(iter(document)) for document in EXAMPLES} == set(KINDS)
    methods = {document["method"] for document in EXAMPLES if "interval" in document}
    assert methods == {"A3", "variables", "staircase", "control_chart"}
