"""Units in the spelling of the Digital System of Units (D-SI 2.2.1), and decimal conversion between them."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple


class UnitError(ValueError):
    """A unit without a D-SI spelling."""


class Factor(NamedTuple):
    """One factor of a unit: prefix and base in D-SI words, exponent."""

    prefix: str
    base: str
    exponent: int


_PREFIXES = {
    "T": ("tera", 12),
    "G": ("giga", 9),
    "M": ("mega", 6),
    "k": ("kilo", 3),
    "h": ("hecto", 2),
    "da": ("deca", 1),
    "d": ("deci", -1),
    "c": ("centi", -2),
    "m": ("milli", -3),
    "µ": ("micro", -6),
    "n": ("nano", -9),
    "p": ("pico", -12),
}
_POWER_OF = dict(_PREFIXES.values())
# Symbol -> D-SI word, and whether it takes prefixes.
_BASES = {
    "m": ("metre", True),
    "g": ("gram", True),
    "s": ("second", True),
    "A": ("ampere", True),
    "K": ("kelvin", True),
    "mol": ("mole", True),
    "cd": ("candela", True),
    "Hz": ("hertz", True),
    "N": ("newton", True),
    "Pa": ("pascal", True),
    "J": ("joule", True),
    "W": ("watt", True),
    "C": ("coulomb", True),
    "V": ("volt", True),
    "F": ("farad", True),
    "Ω": ("ohm", True),
    "S": ("siemens", True),
    "Wb": ("weber", True),
    "T": ("tesla", True),
    "H": ("henry", True),
    "lm": ("lumen", True),
    "lx": ("lux", True),
    "Bq": ("becquerel", True),
    "Gy": ("gray", True),
    "Sv": ("sievert", True),
    "rad": ("radian", True),
    "sr": ("steradian", True),
    "L": ("litre", True),
    "l": ("litre", True),
    "bar": ("bar", True),
    "t": ("tonne", False),
    "°C": ("degreecelsius", False),
    "min": ("minute", False),
    "h": ("hour", False),
    "d": ("day", False),
    "°": ("degree", False),
    "′": ("arcminute", False),
    "″": ("arcsecond", False),
    "dB": ("decibel", False),
    "%": ("percent", False),
    "%RH": ("percent", False),
    "ppm": ("ppm", False),
    "mmHg": ("mmHg", False),
    "eV": ("electronvolt", True),
    "1": ("one", False),
}
_ALIASES = {
    "": "1",
    "-": "1",
    "kWh": "kW·h",
    "Wh": "W·h",
    "MWh": "MW·h",
    "Ah": "A·h",
    "mAh": "mA·h",
    "imp/kWh": "1/kW/h",
}
_WORDS = {word for word, _ in _BASES.values()} | {"kilogram"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FACTOR = re.compile(r"([^\d⁰¹²³⁴⁵⁶⁷⁸⁹⁻^]+|1)(?:\^?(-?\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?")
_DSI = re.compile(rf"(?:(?:\\(?:{'|'.join(_POWER_OF)}))?\\(?:{'|'.join(sorted(_WORDS))})(?:\\tothe\{{-?\d+\}})?)+")


@lru_cache(maxsize=500)
def factors(unit: str) -> tuple[Factor, ...]:
    """The factors of a printed unit ("kPa", "m³/h", "N·m", "µm/m", "" for one). Raises UnitError."""
    text = unit.strip().replace("μ", "µ").replace("\u2126", "Ω").replace("℃", "°C")
    text = _ALIASES.get(text, text)
    found = []
    for place, part in enumerate(text.split("/")):
        for piece in re.split(r"[·⋅* ]", part.strip("()")):
            factor = _factor(piece, unit)
            found.append(factor if place == 0 else factor._replace(exponent=-factor.exponent))
    return tuple(found)


def dsi_unit(unit: str) -> str:
    """D-SI spelling of a printed unit: "kPa" → "\\kilo\\pascal", "m³/h" → "\\metre\\tothe{3}\\hour\\tothe{-1}".

    A negative exponent takes the place of `\\per`, which D-SI 2.2.1 allows but advises against.
    """
    shown = []
    for factor in factors(unit):
        word = f"\\{factor.prefix}\\{factor.base}" if factor.prefix else f"\\{factor.base}"
        if factor.prefix == "kilo" and factor.base == "gram":
            word = "\\kilogram"
        if factor.base != "one" or len(factors(unit)) == 1:
            shown.append(word + (f"\\tothe{{{factor.exponent}}}" if factor.exponent != 1 else ""))
    return "".join(shown) or "\\one"


def is_dsi(text: str) -> bool:
    """Whether a D-SI spelling holds only known words in a possible order."""
    return _DSI.fullmatch(text) is not None


def conversion(unit: str, target: str) -> Decimal | None:
    """Number by which a value in `unit` is multiplied to be in `target`; None unless only prefixes differ."""
    try:
        a, b = factors(unit), factors(target)
    except UnitError:
        return None
    if [(x.base, x.exponent) for x in a] != [(x.base, x.exponent) for x in b]:
        return None
    power = sum(
        (_POWER_OF.get(x.prefix, 0) - _POWER_OF.get(y.prefix, 0)) * x.exponent for x, y in zip(a, b, strict=True)
    )
    return Decimal(1).scaleb(power)


def _factor(piece: str, unit: str) -> Factor:
    match = _FACTOR.fullmatch(piece.strip())
    if match is None:
        raise UnitError(f"unit {unit!r} has no D-SI spelling")
    symbol = match[1].strip()
    exponent = int(match[2] or (match[3] or "1").translate(_SUPERSCRIPTS))
    if symbol in _BASES:
        return Factor("", _BASES[symbol][0], exponent)
    for prefix, (word, _) in _PREFIXES.items():
        base = _BASES.get(symbol.removeprefix(prefix)) if symbol.startswith(prefix) else None
        if base and base[1]:
            return Factor(word, base[0], exponent)
    raise UnitError(f"unit {unit!r} has no D-SI spelling")
