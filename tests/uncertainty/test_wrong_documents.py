"""Documents with anything at any place: plain JSON comes out, or an error that names a place in both languages."""

from __future__ import annotations

import copy
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.uncertainty.test_engine_docs import EXAMPLES
from uncertainty.calc import calculate
from uncertainty.errors import InputError

DOCUMENTS: list[dict[str, Any]] = [document for document in EXAMPLES if "budget" not in document]
DOCUMENTS.append(
    {"fit": 1, "model": "polynomial", "degree": 2, "x": [1, 2, 3, 4], "y": [1, 4, 9, 15], "u_x": [0.1] * 4}
)
STRANGE: list[Any] = [
    None, True, "x", 0, -1, 3, 0.5, 1e308, -1e308, 1e-308, 1e150, -1e-150, 10**30, [], {}, [1], [[1]], {"lower": 1},
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_strange_value_anywhere_is_calculated_or_named(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(DOCUMENTS)))
    place = document
    *path, last = data.draw(st.sampled_from(_places(document)))
    for key in path:
        place = place[key]
    place[last] = copy.deepcopy(data.draw(st.sampled_from(STRANGE)))
    with suppress(InputError):
        json.dumps(calculate(next(iter(document)), document), allow_nan=False)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("conformity", {"value": 1, "standard_uncertainty": 1e308, "limits": {"upper": 2}, "decision_rule": "guarded"}),
        ("comparison", {s: {"value": x, "expanded_uncertainty": 1e-9} for s, x in (("lab", 1e308), ("reference", 0))}),
        ("anova", {"group_means": [1e308, 0], "group_standard_deviations": [1, 1], "group_size": 2}),
        ("fit", {"model": "line", "x": [1e-300, 2e-300, 3e-300], "y": [1e300, 2e300, 3e300]}),
    ],
)  # fmt: skip
def test_numbers_too_far_apart_are_refused_in_words(kind: str, document: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="leaves the range of a double") as caught:
        calculate(kind, document)
    assert "phạm vi" in caught.value.vi


def test_a_budget_without_inputs_is_refused_in_words() -> None:
    with pytest.raises(InputError, match="at least one input") as caught:
        calculate("budget", {"budget": 1, "model": "1", "inputs": {}})
    assert caught.value.path == "inputs"


def test_points_too_far_apart_for_their_u_x_are_refused_in_words() -> None:
    spreads = {"u_x": [0.1] * 5, "u_y": [0.1] * 5}
    document = {"model": "polynomial", "degree": 2, "x": [1, 2, 1e30, 4, 5], "y": [1, 4, 9, 16, 26], **spreads}
    with pytest.raises(InputError, match="too far apart beside u_x"):
        calculate("fit", document)


def _places(value: Any) -> list[tuple[Any, ...]]:
    """Every path inside a document but the first, its kind."""
    found: list[tuple[Any, ...]] = []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        found += [(key,), *((key, *rest) for rest in _places(member))]
    return [path for path in found if not (isinstance(value, dict) and path == (next(iter(value)),))]
