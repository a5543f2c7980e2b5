"""Numbers and limits as they are printed, and factors between units."""

from __future__ import annotations

import pytest

from instruments.printing import limits_text, natural, with_sign
from instruments.unit_factors import UnlikeUnits, unit_factor


@pytest.mark.parametrize(
    ("lower", "upper", "places", "text"),
    [
        (-0.16, 0.16, None, "±0.16"),
        (-0.16, 0.16, 3, "±0.160"),
        (-0.125, 0.125, 2, "±0.125"),
        (-0.1, 0.2, 2, "-0.10 / +0.20"),
        (None, None, 2, ""),
        (-500.0, 500.0, -1, "±500"),
    ],
)
def test_limits_keep_the_place_of_u_but_are_never_rounded_away(
    lower: float | None, upper: float | None, places: int | None, text: str
) -> None:
    assert limits_text(lower, upper, places) == text


@pytest.mark.parametrize(("value", "text"), [(0.1 + 0.2, "0.3"), (1e-7, "0.0000001"), (-2.0, "-2"), (0.0, "0")])
def test_a_number_without_a_place_keeps_its_own_digits_and_no_noise(value: float, text: str) -> None:
    assert natural(value) == text


@pytest.mark.parametrize(("text", "signed"), [("0.10", "+0.10"), ("-0.10", "-0.10"), ("0.00", "0.00"), ("0", "0")])
def test_an_error_has_a_sign_unless_it_is_zero(text: str, signed: str) -> None:
    assert with_sign(text) == signed


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("µm", "mm", 1e-3),
        ("um", "mm", 1e-3),
        ("\u03bcm", "mm", 1e-3),
        ("mg", "g", 1e-3),
        ("kg", "mg", 1e6),
        ("bar", "kPa", 100.0),
        ("MPa", "bar", 10.0),
        ("mmHg", "kPa", pytest.approx(0.1333224, rel=1e-6)),
        ("mV", "V", 1e-3),
        ("K", "°C", 1.0),
        ("mK", "°C", 1e-3),
        ("kgf/cm²", "bar", 0.980665),
        ("t", "kg", 1000.0),
        ("vạch", "vạch", 1.0),
    ],
)
def test_units_of_one_quantity_have_an_exact_factor(source: str, target: str, factor: float) -> None:
    assert unit_factor(source, target) == factor


@pytest.mark.parametrize(("source", "target"), [("mm", "g"), ("bar", "V"), ("vạch", "bar"), ("", "mm")])
def test_other_units_have_none(source: str, target: str) -> None:
    with pytest.raises(UnlikeUnits):
        unit_factor(source, target)
