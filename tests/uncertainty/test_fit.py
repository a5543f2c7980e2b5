"""The fit document: GUM H.3, NIST's reference data, remarks and wrong input."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.uncertainty import strd
from uncertainty.errors import InputError
from uncertainty.fit import calculate_document

THERMOMETER: dict[str, Any] = {
    "fit": 1,
    "model": "line",
    "x": [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503, 26.010, 26.511],
    "y": [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159, -0.161, -0.160],
    "x_offset": 20,
    "predict": [30],
}


def test_the_thermometer_of_the_gum() -> None:
    """JCGM 100:2008 H.3: corrections of a thermometer, extrapolated to 30 °C."""
    result: Any = calculate_document(THERMOMETER)
    assert result["parameters"] == [pytest.approx(-0.1712, abs=5e-5), pytest.approx(0.00218, abs=5e-6)]
    assert result["standard_uncertainties"] == [pytest.approx(0.0029, abs=5e-5), pytest.approx(0.00067, abs=5e-6)]
    assert result["correlation"][0][1] == pytest.approx(-0.930, abs=5e-4)
    assert result["residual_standard_deviation"] == pytest.approx(0.0035, abs=5e-5)
    assert result["dof"] == 9
    assert result["predictions"] == [
        {"x": 30, "y": pytest.approx(-0.1494, abs=5e-5), "standard_uncertainty": pytest.approx(0.0041, abs=5e-5)}
    ]
    assert "extrapolation" in _notes(result)


@pytest.mark.parametrize("name", strd.POLYNOMIALS)
def test_reference_data_of_nist(name: str) -> None:
    """NIST StRD, certified to 15 digits."""
    known = strd.POLYNOMIALS[name]
    document = {"model": "polynomial", "degree": known.degree, "x": known.x, "y": known.y}
    result: Any = calculate_document(document)
    assert result["parameters"] == pytest.approx(known.parameters, rel=2e-14, abs=0)
    assert result["standard_uncertainties"] == pytest.approx(known.standard_deviations, rel=2e-14, abs=0)
    assert result["residual_standard_deviation"] == pytest.approx(known.residual_standard_deviation, rel=2e-14, abs=0)


def test_an_inverse_prediction_is_there_when_observed_is() -> None:
    assert "inverse" not in calculate_document(THERMOMETER)
    result: Any = calculate_document(THERMOMETER | {"observed": [-0.160, -0.162]})
    assert result["inverse"]["x"] == pytest.approx(20 + (-0.161 - result["parameters"][0]) / result["parameters"][1])


def test_what_one_observation_is_worth_may_be_stated() -> None:
    points = {"model": "line", "x": [1, 2, 3, 4, 5, 6], "y": [3.2, 4.3, 7.6, 8.6, 11.7, 12.8]}
    known = points | {"u_y": [0.5, 0.5, 0.5, 1.0, 1.0, 1.0], "observed": [10.5], "observed_standard_uncertainty": 1.0}
    result: Any = calculate_document(known)
    assert result["inverse"]["standard_uncertainty"] == pytest.approx(0.533, abs=5e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"u_y": [1e-5] * 11}, "contradicts"),
        ({"observed": [5.0]}, "outside the range"),
        ({"x": [20, 30], "y": [1, 2]}, "no degrees of freedom"),
        ({"y": [1] * 11, "observed": [2]}, "no single solution"),
        ({}, "chi_squared is null"),
    ],
)
def test_what_a_reader_should_know_is_noted(change: dict[str, Any], words: str) -> None:
    result = calculate_document(THERMOMETER | change)
    assert words in _notes(result)
    json.dumps(result, allow_nan=False)


def test_numbers_at_the_ends_of_the_doubles_are_fitted() -> None:
    result: Any = calculate_document({"model": "line", "x": [1e300, 2e300, 3e300], "y": [1e-300, 2e-300, 3e-300]})
    assert result["parameters"] == [0.0, pytest.approx(0.0)]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"model": "spline"}, "model"),
        ({"degree": 2}, "degree"),
        ({"model": "polynomial"}, "degree"),
        ({"model": "polynomial", "degree": 2.0}, "degree"),
        ({"model": "polynomial", "degree": 11}, "x"),
        ({"x": [1, "2"]}, "x.1"),
        ({"x": [1]}, "x"),
        ({"y": [1, 2]}, "y"),
        ({"u_y": [0.1] * 10 + [0]}, "u_y.10"),
        ({"covariance_y": [[1, 2], [3]]}, "covariance_y.1"),
        ({"predict": 30}, "predict"),
        ({"observed": []}, "observed"),
        ({"observed": [1], "observed_standard_uncertainty": -1}, "observed_standard_uncertainty"),
        ({"observed_standard_uncertainty": 1}, "observed"),
        ({"weights": [1]}, "weights"),
    ],
)
def test_wrong_input_is_named_by_its_path(change: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document(THERMOMETER | change)
    assert caught.value.path == path


@pytest.mark.parametrize("key", ["model", "x", "y"])
def test_what_a_fit_needs_is_asked_for(key: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate_document({name: value for name, value in THERMOMETER.items() if name != key})
    assert caught.value.path == key


def _notes(result: dict[str, object]) -> str:
    notes = result["notes"]
    assert isinstance(notes, list)
    return "\n".join(notes)
