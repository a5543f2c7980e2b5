"""Inputs of a budget document: every way of stating a spread, and every wrong one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from uncertainty import distributions as d
from uncertainty.errors import InputError
from uncertainty.input_document import read_input
from uncertainty.inputs import Input


def read(**stated: Any) -> Input:
    return read_input("x", stated, "inputs.x")


WAYS = [
    ({"value": 5, "standard_uncertainty": 0.1}, 5.0, 0.1, math.inf, d.Normal(5.0, 0.1)),
    ({"value": 5, "standard_uncertainty": 0.1, "dof": 7}, 5.0, 0.1, 7.0, d.Normal(5.0, 0.1)),
    ({"value": 5, "standard_uncertainty": 0.1, "dof": "infinite"}, 5.0, 0.1, math.inf, d.Normal(5.0, 0.1)),
    ({"value": 5, "standard_uncertainty": 0.1, "dof": None}, 5.0, 0.1, math.inf, d.Normal(5.0, 0.1)),
    ({"value": -5, "standard_uncertainty": 0.1, "relative": True}, -5.0, 0.5, math.inf, d.Normal(-5.0, 0.5)),
    (
        {"value": 0, "standard_uncertainty": 1, "distribution": "rectangular"},
        0.0, 1.0, math.inf, d.Rectangular(0.0, math.sqrt(3.0)),
    ),
    (
        {"value": 0, "standard_uncertainty": 1, "distribution": "triangular"},
        0.0, 1.0, math.inf, d.Triangular(0.0, math.sqrt(6.0)),
    ),
    (
        {"value": 0, "standard_uncertainty": 1, "distribution": "arcsine"},
        0.0, 1.0, math.inf, d.Arcsine(0.0, math.sqrt(2.0)),
    ),
    (
        {"value": 0, "standard_uncertainty": 1, "distribution": "trapezoidal", "beta": 1},
        0.0, 1.0, math.inf, d.Trapezoidal(0.0, math.sqrt(3.0), 1.0),
    ),
    (
        {"value": 0, "standard_uncertainty": 1, "distribution": "student_t", "dof": 4},
        0.0, 1.0, 4.0, d.StudentT(0.0, 1.0, 4.0),
    ),
    ({"value": 200, "expanded_uncertainty": 2, "coverage_factor": 2}, 200.0, 1.0, math.inf, d.Normal(200.0, 1.0)),
    (
        {"value": 200, "expanded_uncertainty": 0.01, "coverage_factor": 2, "relative": True},
        200.0, 1.0, math.inf, d.Normal(200.0, 1.0),
    ),
    ({"value": 0, "half_width": 3}, 0.0, math.sqrt(3.0), math.inf, d.Rectangular(0.0, 3.0)),
    ({"value": 0, "half_width": 3, "dof": 50}, 0.0, math.sqrt(3.0), 50.0, d.Rectangular(0.0, 3.0)),
    ({"value": 2, "half_width": 0.5, "relative": True}, 2.0, 1 / math.sqrt(3.0), math.inf, d.Rectangular(2.0, 1.0)),
    ({"value": 0, "half_width": 0}, 0.0, 0.0, math.inf, d.Rectangular(0.0, 0.0)),
    (
        {"value": 0, "half_width": 3, "distribution": "triangular"},
        0.0, 3 / math.sqrt(6.0), math.inf, d.Triangular(0.0, 3.0),
    ),
    (
        {"value": 0, "half_width": 3, "distribution": "arcsine"},
        0.0, 3 / math.sqrt(2.0), math.inf, d.Arcsine(0.0, 3.0),
    ),
    (
        {"value": 0, "half_width": 3, "distribution": "trapezoidal", "beta": 0.5},
        0.0, 3 * math.sqrt(1.25 / 6), math.inf, d.Trapezoidal(0.0, 3.0, 0.5),
    ),
    (
        {"value": 0, "half_width": 3, "half_width_uncertainty": 1, "distribution": "curvilinear_trapezoid"},
        0.0, math.sqrt(3 + 1 / 9), math.inf, d.CurvilinearTrapezoid(0.0, 3.0, 1.0),
    ),
    (
        {
            "value": 2, "half_width": 0.5, "half_width_uncertainty": 0.1, "distribution": "curvilinear_trapezoid",
            "relative": True,
        },
        2.0, math.sqrt(1 / 3 + 0.04 / 9), math.inf, d.CurvilinearTrapezoid(2.0, 1.0, 0.2),
    ),
    ({"lower": 1, "upper": 3}, 2.0, 1 / math.sqrt(3.0), math.inf, d.Rectangular(2.0, 1.0)),
    ({"lower": 1, "upper": 3, "value": 1}, 1.0, 1 / math.sqrt(3.0), math.inf, d.Rectangular(2.0, 1.0)),
    (
        {"lower": 1, "upper": 3, "distribution": "triangular"},
        2.0, 1 / math.sqrt(6.0), math.inf, d.Triangular(2.0, 1.0),
    ),
    ({"value": 1, "scale": 0.3, "dof": 5}, 1.0, 0.3, 5.0, d.StudentT(1.0, 0.3, 5.0)),
    ({"value": 2, "scale": 0.3, "dof": 5, "relative": True}, 2.0, 0.6, 5.0, d.StudentT(2.0, 0.6, 5.0)),
    ({"readings": [1, 2, 3]}, 2.0, 1 / math.sqrt(3.0), 2.0, d.StudentT(2.0, 1 / math.sqrt(3.0), 2.0)),
    (
        {"readings": [1, 2, 3], "distribution": "normal"},
        2.0, 1 / math.sqrt(3.0), 2.0, d.Normal(2.0, 1 / math.sqrt(3.0)),
    ),
    ({"readings": [1, 3], "pooled_standard_deviation": 2}, 2.0, math.sqrt(2), math.inf, d.Normal(2.0, math.sqrt(2))),
    ({"readings": [4], "pooled_standard_deviation": 2, "dof": 9}, 4.0, 2.0, 9.0, d.StudentT(4.0, 2.0, 9.0)),
    (
        {"readings": [4], "pooled_standard_deviation": 0.5, "relative": True},
        4.0, 2.0, math.inf, d.Normal(4.0, 2.0),
    ),
    ({"values": [1, 2, 3]}, 2.0, 1.0, math.inf, d.Sample((1.0, 2.0, 3.0))),
    (
        {"mu": 0, "sigma": 0.5, "distribution": "lognormal"},
        math.exp(0.125), d.Lognormal(0.0, 0.5).standard_uncertainty, math.inf, d.Lognormal(0.0, 0.5),
    ),
    (
        {"mu": 0, "sigma": 0.5, "value": 1},
        1.0, d.Lognormal(0.0, 0.5).standard_uncertainty, math.inf, d.Lognormal(0.0, 0.5),
    ),
    ({"shape": 4, "scale": 0.25, "distribution": "gamma"}, 1.0, 0.5, math.inf, d.Gamma(4.0, 0.25)),
    ({"value": 3, "distribution": "exponential"}, 3.0, 3.0, math.inf, d.Exponential(3.0)),
    ({"value": 3, "distribution": "constant"}, 3.0, 0.0, math.inf, d.Constant(3.0)),
    ({"constant": 3}, 3.0, 0.0, math.inf, d.Constant(3.0)),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "value", "u", "dof", "distribution"), WAYS, ids=[str(way[0]) for way in WAYS])
def test_a_spread_may_be_stated_in_each_way(
    stated: dict[str, Any], value: float, u: float, dof: float, distribution: d.Distribution
) -> None:
    found = read(**stated)
    assert found.value == pytest.approx(value, rel=1e-15)
    assert found.standard_uncertainty == pytest.approx(u, rel=1e-14)
    assert found.dof == dof
    assert type(found.distribution) is type(distribution)
    probabilities = np.array([0.01, 0.4, 0.9])
    assert found.distribution.quantile(probabilities) == pytest.approx(distribution.quantile(probabilities), rel=1e-13)


def test_a_stated_probability_divides_by_t_or_by_the_normal_quantile() -> None:
    """U = 0.5 at 95 %: t(6) = 2.4469, normal 1.9600."""
    assert read(value=3, expanded_uncertainty=0.5, probability=0.95, dof=6).standard_uncertainty == pytest.approx(
        0.5 / 2.44691, rel=1e-5
    )
    assert read(value=3, expanded_uncertainty=0.5, probability=0.95).standard_uncertainty == pytest.approx(
        0.5 / 1.959964, rel=1e-6
    )


def test_labels_are_kept() -> None:
    found = read(value=1, standard_uncertainty=1, unit="kPa", note="certificate 12/2026", source=" S1 ")
    assert (found.unit, found.note, found.source) == ("kPa", "certificate 12/2026", "S1")


WRONG = [
    ({"value": 1}, "inputs.x"),
    ({}, "inputs.x"),
    ({"value": 1, "standard_uncertainty": 0.1, "half_width": 1}, "inputs.x"),
    ({"value": 1, "standard_uncertainty": 0.1, "coverage_factor": 2}, "inputs.x"),
    ({"readings": [1, 2], "standard_uncertainty": 1}, "inputs.x"),
    ({"constant": 1, "standard_uncertainty": 0.1}, "inputs.x"),
    ({"value": 1, "lower": 0, "upper": 2, "half_width": 1}, "inputs.x"),
    ({"standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": "1", "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": True, "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": None, "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": [1], "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": math.nan, "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": math.inf, "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": 10**400, "standard_uncertainty": 1}, "inputs.x.value"),
    ({"value": 1, "standard_uncertainty": -1}, "inputs.x.standard_uncertainty"),
    ({"value": 1, "standard_uncertainty": 1, "dof": 0}, "inputs.x.dof"),
    ({"value": 1, "standard_uncertainty": 1, "dof": -3}, "inputs.x.dof"),
    ({"value": 1, "standard_uncertainty": 1, "dof": "many"}, "inputs.x.dof"),
    ({"value": 1, "standard_uncertainty": 1, "colour": "red"}, "inputs.x.colour"),
    ({"value": 1, "standard_uncertainty": 1, "unit": 5}, "inputs.x.unit"),
    ({"value": 1, "standard_uncertainty": 1, "source": ""}, "inputs.x.source"),
    ({"value": 1, "standard_uncertainty": 1, "relative": "yes"}, "inputs.x.relative"),
    ({"value": 0, "standard_uncertainty": 1, "relative": True}, "inputs.x.relative"),
    ({"value": 1, "expanded_uncertainty": 1}, "inputs.x.coverage_factor"),
    ({"value": 1, "expanded_uncertainty": 1, "coverage_factor": 0}, "inputs.x.coverage_factor"),
    ({"value": 1, "expanded_uncertainty": 1, "coverage_factor": -2}, "inputs.x.coverage_factor"),
    ({"value": 1, "expanded_uncertainty": 1, "probability": 0}, "inputs.x.probability"),
    ({"value": 1, "expanded_uncertainty": 1, "probability": 1}, "inputs.x.probability"),
    ({"value": 1, "expanded_uncertainty": 1, "probability": 0.9, "coverage_factor": 2}, "inputs.x.probability"),
    ({"value": 1, "coverage_factor": 2}, "inputs.x.expanded_uncertainty"),
    ({"half_width": 1}, "inputs.x.value"),
    ({"value": 1, "half_width": -1}, "inputs.x.half_width"),
    ({"value": 1, "half_width": 1, "distribution": "normal"}, "inputs.x.distribution"),
    ({"value": 1, "half_width": 1, "distribution": "uniform"}, "inputs.x.distribution"),
    ({"value": 1, "half_width": 1, "distribution": "trapezoidal"}, "inputs.x.beta"),
    ({"value": 1, "half_width": 1, "distribution": "trapezoidal", "beta": 1.1}, "inputs.x.beta"),
    ({"value": 1, "half_width": 1, "beta": 0.5}, "inputs.x.beta"),
    (
        {"value": 1, "half_width": 1, "distribution": "curvilinear_trapezoid"},
        "inputs.x.half_width_uncertainty",
    ),
    (
        {"value": 1, "half_width": 1, "half_width_uncertainty": 2, "distribution": "curvilinear_trapezoid"},
        "inputs.x.half_width_uncertainty",
    ),
    ({"value": 1, "half_width": 1, "half_width_uncertainty": 0.1}, "inputs.x.half_width_uncertainty"),
    ({"lower": 1}, "inputs.x.upper"),
    ({"upper": 1}, "inputs.x.lower"),
    ({"lower": 2, "upper": 1}, "inputs.x.upper"),
    ({"lower": 0, "upper": 1, "value": 2}, "inputs.x.value"),
    ({"lower": 0, "upper": 1, "relative": True}, "inputs.x.relative"),
    ({"value": 1, "scale": 1}, "inputs.x.dof"),
    ({"value": 1, "standard_uncertainty": 1, "distribution": "student_t"}, "inputs.x.dof"),
    ({"readings": []}, "inputs.x.readings"),
    ({"readings": [1]}, "inputs.x.readings"),
    ({"readings": [1, "2"]}, "inputs.x.readings.1"),
    ({"readings": [1, 2], "value": 1.5}, "inputs.x.value"),
    ({"readings": [1, 2], "dof": 5}, "inputs.x.dof"),
    ({"readings": [1, 2], "relative": True}, "inputs.x.relative"),
    ({"readings": [1], "pooled_standard_deviation": 1, "distribution": "student_t"}, "inputs.x.dof"),
    ({"pooled_standard_deviation": 1}, "inputs.x.readings"),
    ({"readings": [], "pooled_standard_deviation": 1}, "inputs.x.readings"),
    ({"values": [1]}, "inputs.x.values"),
    ({"values": [1, 2], "value": 1}, "inputs.x.value"),
    ({"mu": 0}, "inputs.x.sigma"),
    ({"mu": 0, "sigma": -1}, "inputs.x.sigma"),
    ({"mu": 1000, "sigma": 1}, "inputs.x"),
    ({"distribution": "gamma", "scale": 1}, "inputs.x.shape"),
    ({"shape": 0, "scale": 1}, "inputs.x.shape"),
    ({"distribution": "exponential", "value": 0}, "inputs.x.value"),
    ({"distribution": "exponential", "value": 1, "half_width": 1}, "inputs.x.distribution"),
    ({"distribution": "constant"}, "inputs.x.value"),
    ({"constant": 1, "value": 1}, "inputs.x.value"),
    ({"value": 1e200, "standard_uncertainty": 1e200, "relative": True}, "inputs.x"),
]


@pytest.mark.parametrize(("stated", "path"), WRONG, ids=[str(wrong[0]) for wrong in WRONG])
def test_a_wrong_input_is_refused_at_its_place_in_both_languages(stated: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        read_input("x", stated, "inputs.x")
    assert caught.value.path == path
    assert caught.value.vi != caught.value.en
    assert "\n" not in str(caught.value)
