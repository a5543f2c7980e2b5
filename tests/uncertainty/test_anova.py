"""Analysis of variance against GUM H.5 and NIST's SmLs data."""

from __future__ import annotations

import json
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.anova import Groups, analyse, calculate_document
from uncertainty.errors import InputError

ZENER: dict[str, Any] = {
    "anova": 1,
    "group_means": [172, 116, 13, 144, 106, 31, 60, 125, 163, 41],
    "group_standard_deviations": [60, 77, 111, 101, 67, 93, 80, 73, 88, 86],
    "group_size": 5,
}
"""GUM H.5 table H.9, in µV above 10 V."""


def test_the_zener_standard_of_the_gum() -> None:
    """JCGM 100:2008 H.5.2: s(means) = 57 µV, F = 2.25, s_B = 43 µV, u = 18 µV, pooled 13 µV."""
    result = calculate_document(ZENER)
    assert result["mean"] == pytest.approx(97.1)
    assert result["standard_deviation_of_group_means"] == pytest.approx(57, abs=0.5)
    assert result["within_groups_standard_deviation"] == pytest.approx(85, abs=0.5)
    assert result["F"] == pytest.approx(2.25, abs=0.02)
    assert result["F_critical"] == pytest.approx(2.12, abs=0.005)
    assert result["between_groups_standard_deviation"] == pytest.approx(43, abs=0.5)
    assert result["standard_uncertainty_of_mean"] == pytest.approx(18, abs=0.5)
    assert result["pooled_standard_uncertainty_of_mean"] == pytest.approx(13, abs=0.5)
    assert result["dof"] == [9, 40]


def test_f_at_the_level_of_two_and_a_half_per_cent() -> None:
    """JCGM 100:2008 H.5.2.3: F at 0.975 with 9 and 40 degrees of freedom is 2.45: not significant there."""
    result: Any = calculate_document(ZENER | {"significance": 0.025})
    assert result["F_critical"] == pytest.approx(2.45, abs=0.005)
    assert "no difference" in result["notes"][0]


@pytest.mark.parametrize("level", [1.0, 1_000_000.0, 1_000_000_000_000.0])
def test_a_constant_before_the_digits_costs_none(level: float) -> None:
    """NIST StRD SmLs01, SmLs04, SmLs07 (average and higher difficulty): F = 21, within s = 0.1, to every digit."""
    tops = [0.4, 0.3, 0.5, 0.3, 0.5, 0.3, 0.5, 0.3, 0.5]
    groups = [[round(level + top + shift, 1) for shift in (0.0, *[-0.1, 0.1] * 10)] for top in tops]
    found = analyse(Groups.of_readings(groups))
    assert found.f == 21.0
    assert found.within_groups_standard_deviation == 0.1
    assert found.dof == (8, 180)


def test_readings_and_their_summaries_agree() -> None:
    groups = [[10.1, 10.3, 10.2], [10.4, 10.6, 10.2], [9.9, 10.0, 10.1]]
    summary = {
        "group_means": [float(np.mean(group)) for group in groups],
        "group_standard_deviations": [float(np.std(group, ddof=1)) for group in groups],
        "group_size": 3,
    }
    of_readings, of_summary = calculate_document({"groups": groups}), calculate_document(summary)
    for name in ("mean", "F", "between_groups_standard_deviation", "standard_uncertainty_of_mean"):
        assert of_summary[name] == pytest.approx(of_readings[name], rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(-100, 100), min_size=2, max_size=6), min_size=2, max_size=5))
def test_the_sums_of_squares_add_up(groups: list[list[float]]) -> None:
    """Fisher's partition, also for groups of different sizes, against numpy."""
    found = analyse(Groups.of_readings(groups))
    flat = np.concatenate(groups)
    total = float(np.sum((flat - flat.mean()) ** 2))
    between = sum(len(group) * (np.mean(group) - flat.mean()) ** 2 for group in groups)
    within = found.within_groups_standard_deviation**2 * found.dof[1]
    assert between + within == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert found.pooled_standard_uncertainty_of_mean == pytest.approx(
        sqrt(total / (flat.size - 1) / flat.size), rel=1e-9, abs=1e-9
    )


def test_groups_that_differ_less_than_their_scatter_have_no_between_deviation() -> None:
    found = analyse(Groups.of_readings([[1.0, 3.0], [1.1, 2.9]]))
    assert found.between_groups_standard_deviation == 0


def test_readings_without_scatter_have_no_f() -> None:
    result: Any = calculate_document({"groups": [[1, 1], [2, 2]]})
    assert (result["F"], result["p_value"]) == (None, None)
    assert "do not scatter" in result["notes"][0]
    json.dumps(result, allow_nan=False)


def test_groups_of_different_size_are_noted() -> None:
    result: Any = calculate_document({"groups": [[1, 2, 3], [2, 4]]})
    assert result["mean"] == 2.5
    assert any("differ in size" in text for text in result["notes"])


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({}, "groups"),
        ({"groups": [[1, 2]]}, "groups"),
        ({"groups": [[1], [2]]}, "groups"),
        ({"groups": [[1, 2], []]}, "groups.1"),
        ({"groups": [[1, 2], [3, None]]}, "groups.1.1"),
        ({"groups": [[1, 2], [3, 4]], "group_size": 2}, "group_size"),
        ({"groups": [[1, 2], [3, 4]], "significance": 1}, "significance"),
        ({"group_means": [1, 2]}, "group_standard_deviations"),
        ({**ZENER, "group_size": 1}, "group_size"),
        ({**ZENER, "group_means": [1, 2]}, "group_standard_deviations"),
        ({**ZENER, "group_standard_deviations": [1] * 9 + [-1]}, "group_standard_deviations.9"),
    ],
)
def test_wrong_input_is_named_by_its_path(document: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document(document)
    assert caught.value.path == path
