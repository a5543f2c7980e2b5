"""Exact factors between units of one quantity, for certificates that state corrections in a smaller unit."""

from __future__ import annotations

from fractions import Fraction

_PREFIXES = {"n": -9, "µ": -6, "u": -6, "m": -3, "c": -2, "d": -1, "": 0, "h": 2, "k": 3, "M": 6, "G": 9}
_PREFIXED = ("m", "g", "V", "A", "Ω", "ohm", "Pa", "bar", "N", "N·m", "s", "Hz", "L", "W", "J", "K")
_OTHERS = {
    "°C": ("K", Fraction(1)),
    "t": ("g", Fraction(10) ** 6),
    "in": ("m", Fraction(254, 10_000)),
    "mmHg": ("Pa", Fraction("133.322387415")),
    "%": ("1", Fraction(1, 100)),
    "1": ("1", Fraction(1)),
}
_SAME = {"bar": ("Pa", Fraction(10) ** 5), "ohm": ("Ω", Fraction(1))}


class UnlikeUnits(ValueError):
    """No factor leads from one unit to the other."""


def unit_factor(source: str, target: str) -> float:
    """Number of `target` in one `source`, for differences (°C counts as K); UnlikeUnits when there is none.

    Two equal labels have the factor 1, whether the unit is known here or not.
    """
    if source == target:
        return 1.0
    first, second = _in_base(source), _in_base(target)
    if first is None or second is None or first[0] != second[0]:
        raise UnlikeUnits(f"no factor leads from {source} to {target}")
    return float(first[1] / second[1])


def _in_base(unit: str) -> tuple[str, Fraction] | None:
    label = unit.replace("\u03bc", "µ")
    if label in _OTHERS:
        return _OTHERS[label]
    for base in _PREFIXED:
        prefix = label.removesuffix(base)
        if label.endswith(base) and prefix in _PREFIXES:
            name, factor = _SAME.get(base, (base, Fraction(1)))
            return name, factor * Fraction(10) ** _PREFIXES[prefix]
    return None
