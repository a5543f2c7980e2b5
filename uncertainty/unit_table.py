"""The units a calibration laboratory meets: symbol, definition in SI units, D-SI name (SI Brochure 2019; D-SI 2.2)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

BASE = ("m", "kg", "s", "A", "K", "mol", "cd", "dB")
"""Order of a dimension's exponents. Levels in decibel are a dimension of their own: they never mix with ratios."""

BASE_SPELLINGS = {
    "m": r"\metre", "kg": r"\kilogram", "g": r"\gram", "s": r"\second", "A": r"\ampere", "K": r"\kelvin",
    "mol": r"\mole", "cd": r"\candela", "dB": r"\decibel",
}  # fmt: skip
"""Units that are not defined by others, and their D-SI names; the gram is here to carry the prefixes of mass."""

PREFIXES: dict[str, tuple[int, str]] = {
    "q": (-30, "quecto"), "r": (-27, "ronto"), "y": (-24, "yocto"), "z": (-21, "zepto"), "a": (-18, "atto"),
    "f": (-15, "femto"), "p": (-12, "pico"), "n": (-9, "nano"), "µ": (-6, "micro"), "m": (-3, "milli"),
    "c": (-2, "centi"), "d": (-1, "deci"), "da": (1, "deca"), "h": (2, "hecto"), "k": (3, "kilo"), "M": (6, "mega"),
    "G": (9, "giga"), "T": (12, "tera"), "P": (15, "peta"), "E": (18, "exa"), "Z": (21, "zetta"), "Y": (24, "yotta"),
    "R": (27, "ronna"), "Q": (30, "quetta"),
}  # fmt: skip
"""Symbol: (power of ten, D-SI name)."""

# π to 50 decimals: a conversion between degrees and radians is then right to the last digit of a double.
PI = Fraction("3.14159265358979323846264338327950288419716939937511")
STANDARD_GRAVITY = Fraction("9.80665")
_POUND, _INCH = Fraction("0.45359237"), Fraction("0.0254")


class Definition(NamedTuple):
    """One symbol = `factor` times the unit written in `terms`; a temperature scale adds `offset` kelvin."""

    symbol: str
    factor: Fraction | int
    terms: str
    dsi: str = ""
    """D-SI spelling without prefix; empty where D-SI has none."""
    takes_prefix: bool = False
    offset: Fraction = Fraction(0)


def _prefixed(symbol: str, terms: str, dsi: str, factor: Fraction | int = 1) -> Definition:
    return Definition(symbol, factor, terms, dsi, takes_prefix=True)


DEFINITIONS: tuple[Definition, ...] = (
    # Named SI units and those accepted beside them (SI Brochure tables 4 and 8).
    _prefixed("Hz", "s-1", r"\hertz"),
    _prefixed("rad", "1", r"\radian"),
    Definition("sr", 1, "1", r"\steradian"),
    _prefixed("N", "kg·m·s-2", r"\newton"),
    _prefixed("Pa", "N·m-2", r"\pascal"),
    _prefixed("J", "N·m", r"\joule"),
    _prefixed("W", "J·s-1", r"\watt"),
    _prefixed("C", "A·s", r"\coulomb"),
    _prefixed("V", "W·A-1", r"\volt"),
    _prefixed("F", "C·V-1", r"\farad"),
    _prefixed("Ω", "V·A-1", r"\ohm"),
    _prefixed("S", "A·V-1", r"\siemens"),
    _prefixed("Wb", "V·s", r"\weber"),
    _prefixed("T", "Wb·m-2", r"\tesla"),
    _prefixed("H", "Wb·A-1", r"\henry"),
    _prefixed("lm", "cd", r"\lumen"),
    _prefixed("lx", "cd·m-2", r"\lux"),
    _prefixed("Bq", "s-1", r"\becquerel"),
    _prefixed("Gy", "J·kg-1", r"\gray"),
    _prefixed("Sv", "J·kg-1", r"\sievert"),
    _prefixed("kat", "mol·s-1", r"\katal"),
    Definition("°C", 1, "K", r"\degreecelsius", offset=Fraction("273.15")),
    Definition("min", 60, "s", r"\minute"),
    Definition("h", 3600, "s", r"\hour"),
    Definition("d", 86400, "s", r"\day"),
    Definition("°", PI / 180, "1", r"\degree"),
    Definition("′", PI / 10800, "1", r"\arcminute"),
    Definition("″", PI / 648000, "1", r"\arcsecond"),
    Definition("ha", 10000, "m2", r"\hectare"),
    _prefixed("L", "m3", r"\litre", Fraction(1, 1000)),
    _prefixed("t", "kg", r"\tonne", 1000),
    _prefixed("eV", "J", r"\electronvolt", Fraction("1.602176634e-19")),
    # Ratios and counts.
    Definition("%", Fraction(1, 100), "1", r"\percent"),
    Definition("%RH", Fraction(1, 100), "1", r"\percent"),
    Definition("‰", Fraction(1, 1000), "1"),
    Definition("ppm", Fraction(1, 10**6), "1", r"\ppm"),
    Definition("ppb", Fraction(1, 10**9), "1"),
    Definition("r", 1, "1", r"\one"),
    # Pressure.
    _prefixed("bar", "Pa", r"\bar", 10**5),
    Definition("mmHg", Fraction("133.322387415"), "Pa", r"\mmHg"),
    Definition("inHg", Fraction("133.322387415") * Fraction("25.4"), "Pa"),
    Definition("mmH2O", STANDARD_GRAVITY, "Pa"),
    Definition("inH2O", STANDARD_GRAVITY * Fraction("25.4"), "Pa"),
    Definition("Torr", Fraction(101325, 760), "Pa"),
    Definition("atm", 101325, "Pa"),
    Definition("at", STANDARD_GRAVITY * 10**4, "Pa"),
    Definition("psi", _POUND * STANDARD_GRAVITY / _INCH**2, "Pa"),
    # Force, mass, length, temperature outside the SI.
    _prefixed("gf", "N", "", STANDARD_GRAVITY / 1000),
    Definition("lbf", _POUND * STANDARD_GRAVITY, "N"),
    Definition("lb", _POUND, "kg"),
    Definition("oz", _POUND / 16, "kg"),
    Definition("ct", Fraction(2, 10**4), "kg"),
    Definition("lượng", Fraction("0.0375"), "kg"),
    Definition("chỉ", Fraction("0.00375"), "kg"),
    Definition("in", _INCH, "m"),
    Definition("ft", 12 * _INCH, "m"),
    Definition("Å", Fraction(1, 10**10), "m", r"\angstrom"),
    Definition("°F", Fraction(5, 9), "K", offset=Fraction("459.67") * Fraction(5, 9)),
    # Energy, power, viscosity, concentration.
    _prefixed("Wh", "J", r"\watt\hour", 3600),
    _prefixed("Ah", "C", r"\ampere\hour", 3600),
    _prefixed("VA", "W", r"\volt\ampere"),
    _prefixed("var", "W", r"\volt\ampere"),
    _prefixed("cal", "J", "", Fraction("4.184")),
    _prefixed("P", "Pa·s", r"\poise", Fraction(1, 10)),
    _prefixed("St", "m2·s-1", r"\stokes", Fraction(1, 10**4)),
    _prefixed("M", "mol·m-3", r"\mole\litre\tothe{-1}", 1000),
)
"""Every definition uses only symbols above it."""

ALIASES = {
    "": "1", "l": "L", "ℓ": "L", "lít": "L", "ml": "mL", "cc": "cm³", "ohm": "Ω", "Ohm": "Ω", "kohm": "kΩ", "Nm": "N·m",
    "oC": "°C", "degC": "°C", "độ": "°", "'": "′", '"': "″", "inch": "in", "sec": "s", "hr": "h", "rpm": "r/min",
    "rev/min": "r/min", "vòng/phút": "r/min", "vg/ph": "r/min", "phút": "min", "giờ": "h", "giây": "s", "ngày": "d",
    "kG": "kgf", "kG/cm2": "kgf/cm²", "kG/cm²": "kgf/cm²", "RH": "%RH", "% RH": "%RH", "%rh": "%RH", "% rh": "%RH",
    "mmH₂O": "mmH2O", "inH₂O": "inH2O",
}  # fmt: skip
"""Other spellings of a whole unit."""

CHARACTERS = {
    "\u03bc": "µ",  # Greek mu for the micro sign
    "\u2126": "Ω",  # ohm sign for Greek omega
    "\u212a": "K",  # kelvin sign
    "\u212b": "Å",  # ångström sign
    "\u2103": "°C",
    "\u2109": "°F",
    "\u00ba": "°",  # ordinal mark
    "\u02da": "°",  # ring above
    "\u2032": "′",
    "\u2033": "″",
    "\u2019": "′",
    "\u22c5": "·",  # dot operator
    "\u2022": "·",
    "\u00d7": "·",
    "*": "·",
    "\u2212": "-",
    "\u2013": "-",
    "\u2044": "/",
    "\u2215": "/",
    "\u00f7": "/",
}
"""Look-alikes of the characters used here."""
