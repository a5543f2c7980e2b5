"""Dimensional checking of models, on published budgets and on mistakes people make."""

from __future__ import annotations

import pytest

from uncertainty.errors import InputError
from uncertainty.model import SINGLE, compile_model
from uncertainty.model_units import check_model_units

GAUGE_BLOCK = {"ls": "nm", "d": "nm", "da": "1/K", "th": "°C", "al": "K-1", "dt": "K"}


def _check(formula: str, units: dict[str, str], result: str = "") -> None:
    check_model_units(compile_model(formula, tuple(units)), units, {SINGLE: result})


def test_the_end_gauge_of_the_gum_fits_together() -> None:
    """JCGM 100:2008 H.1."""
    _check("ls + d - ls*(da*th + al*dt)", GAUGE_BLOCK, "nm")


@pytest.mark.parametrize(
    ("formula", "units", "result"),
    [
        ("V/I*cos(phi)", {"V": "V", "I": "A", "phi": "rad"}, "Ω"),
        ("sqrt(2*p/rho)", {"p": "Pa", "rho": "kg/m³"}, "m/s"),
        ("m/(rho*(1 + b*(t - 20*k)))", {"m": "kg", "rho": "kg/m3", "b": "1/K", "t": "°C", "k": "K"}, "m³"),
        ("max(p, 0) - 0", {"p": "bar"}, "bar"),
        ("atan2(y, x)", {"y": "mm", "x": "mm"}, "rad"),
        ("abs(-a)**3", {"a": "cm"}, "mL"),
        ("(a/b)**n", {"a": "m", "b": "m", "n": ""}, "1"),
        ("p*k", {"p": "kPa", "k": ""}, ""),
        ("exp(a/b)*c", {"a": "kJ", "b": "kJ", "c": "µm"}, "µm"),
    ],
)
def test_units_that_fit_are_accepted(formula: str, units: dict[str, str], result: str) -> None:
    _check(formula, units, result)


@pytest.mark.parametrize(
    ("formula", "units", "result", "words"),
    [
        ("p + t", {"p": "kPa", "t": "°C"}, "", "kPa and °C are units of different kinds"),
        ("p + q", {"p": "kPa", "q": "bar"}, "", "use one unit"),
        ("1 + a*t", {"a": "1/K", "t": "mK"}, "", "of different size"),
        ("L*a*t", {"L": "mm", "a": "µm/(m·K)", "t": "K"}, "mm", "but the stated unit is mm"),
        ("m/V", {"m": "g", "V": "mL"}, "kg/L2", "but the stated unit is kg/L²"),
        ("sin(phi)", {"phi": "°"}, "", "an angle to radians"),
        ("log(p)", {"p": "kPa"}, "", "log needs a plain number, found kPa"),
        ("p**n", {"p": "kPa", "n": ""}, "", "must be a constant"),
        ("2**p", {"p": "kPa"}, "", "plain number, found kPa"),
        ("sqrt(a) + b", {"a": "m", "b": "m"}, "", "m^(1/2) and m"),
        ("max(a, b)", {"a": "V", "b": "mV"}, "", "max(a, b): V and mV"),
    ],
)
def test_units_that_do_not_fit_are_named_with_the_part_of_the_formula(
    formula: str, units: dict[str, str], result: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        _check(formula, units, result)
    assert caught.value.path == "model"
    assert words in caught.value.en
    assert caught.value.vi


def test_an_unreadable_label_is_named_by_its_place() -> None:
    with pytest.raises(InputError) as caught:
        _check("a", {"a": "furlong"})
    assert caught.value.path == "inputs.a.unit"
    with pytest.raises(InputError) as caught:
        _check("a", {"a": "m"}, "furlong")
    assert caught.value.path == "quantity.unit"


def test_each_output_of_several_is_checked() -> None:
    model = compile_model({"R": "V/I", "P": "V*I"}, ("V", "I"))
    check_model_units(model, {"V": "mV", "I": "mA"}, {"R": "Ω", "P": "µW"})
    with pytest.raises(InputError) as caught:
        check_model_units(model, {"V": "mV", "I": "mA"}, {"R": "Ω", "P": "mW"})
    assert caught.value.path == "model.P"
