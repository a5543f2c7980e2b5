"""Units: what labels mean, exact conversions, sums that make no sense, and the spelling of D-SI."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.quantity import Quantity
from uncertainty.unit_table import BASE_SPELLINGS, DEFINITIONS, PREFIXES
from uncertainty.units import (
    Unit,
    UnitError,
    convert,
    convert_exact,
    convert_interval,
    from_dsi,
    interval_factor,
    unit,
)

EVERY_SYMBOL = sorted({row.symbol for row in DEFINITIONS} | set(BASE_SPELLINGS))
PREFIXED = ["kPa", "mbar", "mg", "µm", "mL", "kΩ", "mV", "GHz", "kWh", "mPa", "hPa"]


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        (0.1, "bar", "kPa", 10.0),
        (1.0, "psi", "kPa", 6.894757293168361),  # NIST SP 811: 6.894757
        (760.0, "mmHg", "kPa", 101.3250144354),
        (1.0, "kgf/cm²", "kPa", 98.0665),
        (20.0, "°C", "K", 293.15),
        (0.0, "K", "°C", -273.15),
        (98.6, "°F", "°C", 37.0),
        (1.0, "in", "mm", 25.4),
        (36.0, "m³/h", "L/min", 600.0),
        (3.0, "r/min", "Hz", 0.05),
        (5.0, "%", "1", 0.05),
        (250.0, "ppm", "%", 0.025),
        (90.0, "°", "rad", 1.5707963267948966),
        (2.0, "chỉ", "g", 7.5),
        (1.0, "t", "mg", 1e9),
        (1.0, "kWh", "MJ", 3.6),
        (1.0, "cP", "mPa·s", 1.0),
    ],
)
def test_a_conversion_is_exact_and_rounded_once(value: float, source: str, target: str, result: float) -> None:
    assert convert(value, source, target) == result


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("μm", "µm"),
        ("um", "µm"),
        ("\u2126", "Ω"),
        ("kohm", "kΩ"),
        ("\u2103", "°C"),
        ("° C", "°C"),
        ("ºC", "°C"),
        ("oC", "°C"),
        ("m3/h", "m³/h"),
        ("m^3/h", "m³/h"),
        ("m**3/h", "m³/h"),
        ("m s-2", "m/s²"),
        ("N.m", "N·m"),
        ("Nm", "N·m"),
        ("kG/cm2", "kgf/cm²"),
        ("l/min", "L/min"),
        ("% RH", "%RH"),
        ("vòng/phút", "r/min"),
        ("J/(kg.K)", "J/(kg·K)"),
        ("K-1", "1/K"),
        ("g/g", "1"),
        ("", "1"),
    ],
)
def test_spellings_of_one_unit_become_one(written: str, printed: str) -> None:
    assert unit(written).symbol == printed
    assert unit(unit(written).symbol) == unit(written)


@pytest.mark.parametrize(
    ("label", "spelling"),
    [
        ("kPa", r"\kilo\pascal"),
        ("kg", r"\kilogram"),
        ("mg", r"\milli\gram"),
        ("°C", r"\degreecelsius"),
        ("µm/(m·°C)", r"\micro\metre\metre\tothe{-1}\kelvin\tothe{-1}"),
        ("m³/h", r"\metre\tothe{3}\hour\tothe{-1}"),
        ("mmHg", r"\mmHg"),
        ("%RH", r"\percent"),
        ("kWh", r"\kilo\watt\hour"),
        ("r/min", r"\minute\tothe{-1}"),
        ("1", r"\one"),
    ],
)
def test_d_si_spelling(label: str, spelling: str) -> None:
    assert unit(label).dsi == spelling


@pytest.mark.parametrize(("label", "instead"), [("psi", "Pa"), ("kgf/cm²", "N/cm²"), ("lb", "kg"), ("°F", "K")])
def test_a_unit_that_d_si_cannot_spell_names_the_one_to_use(label: str, instead: str) -> None:
    with pytest.raises(UnitError, match=f"convert .* to {instead}"):
        _ = unit(label).dsi
    assert unit(label).in_dsi.symbol == instead
    assert convert(1.0, label, unit(label).in_dsi)


@pytest.mark.parametrize("spelling", [r"\milli\metre\per\second", r"\milli\metre\second\tothe{-1}"])
def test_both_spellings_of_a_quotient_are_read(spelling: str) -> None:
    assert from_dsi(spelling).symbol == "mm/s"


@pytest.mark.parametrize("spelling", ["", "kPa", r"\kilo", r"\kilo\kilogram", r"\pascals", r"\metre 2", r"\tothe{2}"])
def test_what_is_no_d_si_is_refused(spelling: str) -> None:
    with pytest.raises(UnitError, match="not a D-SI unit"):
        from_dsi(spelling)


@pytest.mark.parametrize("label", [*EVERY_SYMBOL, *PREFIXED])
def test_every_unit_can_be_read_spelt_and_read_back(label: str) -> None:
    here = unit(label)
    spelt = from_dsi(here.in_dsi.dsi)
    assert spelt.scale == here.in_dsi.scale
    assert spelt.dimension == here.dimension
    assert unit(here.symbol) == here


@pytest.mark.parametrize(
    ("label", "base", "scale"),
    [("min", "s", 60), ("cd", "cd", 1), ("ft", "m", "0.3048"), ("at", "Pa", 98066.5), ("ct", "g", "0.2")],
)
def test_a_symbol_of_the_table_is_not_taken_for_a_prefix(label: str, base: str, scale: str) -> None:
    assert interval_factor(label, base) == Fraction(scale)


def test_kilopascals_and_degrees_are_not_added() -> None:
    with pytest.raises(UnitError, match="kPa and °C") as caught:
        _ = Quantity.of(1, "kPa") + Quantity.of(20, "°C")
    assert caught.value.vi.startswith("kPa và °C")


@pytest.mark.parametrize(("source", "target"), [("kPa", "°C"), ("m", "m²"), ("dB", "1"), ("N·m", "N"), ("Hz", "s")])
def test_unlike_units_are_not_converted(source: str, target: str) -> None:
    with pytest.raises(UnitError, match="different kinds"):
        convert(1, source, target)


def test_a_difference_of_temperatures_has_no_zero() -> None:
    assert convert_interval(0.5, "°C", "K") == 0.5
    assert convert_interval(1.8, "°F", "°C") == 1.0
    assert interval_factor("µm/(m·°F)", "µm/(m·K)") == Fraction(9, 5)


@pytest.mark.parametrize(
    ("first", "second", "total"),
    [
        ((1, "bar"), (50, "kPa"), "1.5 bar"),
        ((20, "°C"), (0.5, "K"), "20.5 °C"),
        ((20, "°C"), (0.5, "°C"), "20.5 °C"),
        ((1, "m"), (-20, "mm"), "0.98 m"),
    ],
)
def test_a_sum_has_the_unit_of_its_first_term(first: tuple[float, str], second: tuple[float, str], total: str) -> None:
    assert str(Quantity.of(*first) + Quantity.of(*second)) == total


def test_the_difference_of_two_temperatures_is_in_kelvin() -> None:
    assert str(Quantity.of(68, "°F") - Quantity.of(19, "°C")) == "1 K"


def test_a_temperature_beside_kelvin_must_be_made_clear() -> None:
    with pytest.raises(UnitError, match="convert to one unit"):
        _ = Quantity.of(300, "K") + Quantity.of(20, "°C")


def test_products_and_quotients_make_their_unit() -> None:
    assert str(Quantity.of(10, "N") * Quantity.of(2, "m")) == "20 N·m"
    assert str(Quantity.of(10, "kg") / Quantity.of(4, "m³")) == "2.5 kg/m³"
    assert str(-Quantity.of(10, "mm") / 4) == "-2.5 mm"
    assert Quantity.of(3, "kg/m³").to("g/L").value == 3
    with pytest.raises(UnitError, match="convert it to K"):
        _ = Quantity.of(20, "°C") * 2


@pytest.mark.parametrize(
    "label",
    ["abc", "kPa/", "/s", "m^999", "()", "kkg", "µ°C", "mmin", "m//s", "m/()", "2 m", "1e3", "x" * 200, "\\metre"],
)
def test_what_is_no_unit_is_refused(label: str) -> None:
    with pytest.raises(UnitError, match="not a unit"):
        unit(label)


@pytest.mark.parametrize("label", ["J/kg·K", "m/s/s"])
def test_an_ambiguous_quotient_asks_for_brackets(label: str) -> None:
    with pytest.raises(UnitError, match="brackets"):
        unit(label)


@settings(max_examples=100, deadline=None)
@given(label=st.text("mkgPabrsµC°/·()23^- ", max_size=12))
def test_a_label_is_a_unit_that_prints_as_itself_or_is_refused(label: str) -> None:
    with suppress(UnitError):
        found = unit(label)
        assert unit(found.symbol) == found


@settings(max_examples=100, deadline=None)
@given(
    name=st.sampled_from(["m", "g", "Pa", "L", "bar", "V"]),
    first=st.sampled_from(sorted(PREFIXES)),
    second=st.sampled_from(sorted(PREFIXES)),
    value=st.fractions(),
)
def test_there_and_back_is_the_same_number(name: str, first: str, second: str, value: Fraction) -> None:
    here, there = Unit(((first + name, 1),)), Unit(((second + name, 1),))
    assert convert_exact(convert_exact(value, here, there), there, here) == value
