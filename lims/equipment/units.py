"""Units of one family that differ by a decimal prefix: mm and µm, kg and mg, bar and mbar."""
from __future__ import annotations

from decimal import Decimal

PREFIXES = {"n": -9, "µ": -6, "μ": -6, "u": -6, "m": -3, "c": -2, "d": -1, "": 0, "h": 2, "k": 3, "M": 6, "G": 9}
BASES = ("m", "g", "V", "A", "Ω", "W", "Wh", "Hz", "s", "Pa", "bar", "L", "l", "N", "N·m", "K", "F", "H", "mol/L", "J")


def factor(source: str, target: str) -> Decimal | None:
    """Number of `target` in one `source` ("µm" in "mm": 0.001); None when the units are not of one family."""
    if source == target:
        return Decimal(1)
    for base in BASES:
        ends = _exponent(source, base), _exponent(target, base)
        if ends[0] is not None and ends[1] is not None:
            return Decimal(1).scaleb(ends[0] - ends[1])
    return None


def _exponent(unit: str, base: str) -> int | None:
    return PREFIXES.get(unit[: -len(base)]) if unit.endswith(base) else None
