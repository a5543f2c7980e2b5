"""Units as checked values: what a label means, exact conversion, and the D-SI spelling for digital certificates.

Small and written here because conversions must be exact and the labels those of Vietnamese laboratories: a table of
definitions over fractions, no registry, no global state.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

from uncertainty.unit_labels import Symbol, Terms, UnitError, merged, parse_label, symbol
from uncertainty.unit_table import BASE, BASE_SPELLINGS, DEFINITIONS, PREFIXES

__all__ = [
    "Unit",
    "UnitError",
    "check_alike",
    "convert",
    "convert_exact",
    "convert_interval",
    "from_dsi",
    "interval_factor",
    "unit",
]


@dataclass(frozen=True)
class Unit:
    """A product of powers of known symbols; two units are equal when they are written alike."""

    terms: Terms

    @cached_property
    def symbol(self) -> str:
        """Printed form: `m³/h`, `J/(kg·K)`, `1/K`; `1` for a number."""
        above = [name + _raised(power) for name, power in self.terms if power > 0]
        below = [name + _raised(-power) for name, power in self.terms if power < 0]
        if not below:
            return "·".join(above) or "1"
        under = below[0] if len(below) == 1 else f"({'·'.join(below)})"
        return f"{'·'.join(above) or '1'}/{under}"

    @cached_property
    def scale(self) -> Fraction:
        """Number of coherent SI units in an interval of one such unit."""
        product = Fraction(1)
        for name, power in self.terms:
            product *= _known(name).scale ** power
        return product

    @cached_property
    def dimension(self) -> tuple[int, ...]:
        """Exponents of m, kg, s, A, K, mol, cd and decibel."""
        return tuple(sum(_known(name).dimension[k] * power for name, power in self.terms) for k in range(len(BASE)))

    @property
    def offset(self) -> Fraction:
        """Kelvin at the zero of a temperature scale; 0 for everything else, `1/°C` included."""
        return _known(self.terms[0][0]).offset if len(self.terms) == 1 and self.terms[0][1] == 1 else Fraction(0)

    @property
    def is_number(self) -> bool:
        """Whether the dimension is that of a number: `1`, `%`, `ppm`, `°`, `mm/m`."""
        return not any(self.dimension)

    @property
    def dsi(self) -> str:
        r"""D-SI spelling such as `\kilo\pascal` or `\metre\tothe{3}\hour\tothe{-1}`; UnitError where there is none."""
        missing = next((name for name, _ in self.terms if not _known(name).dsi), None)
        if missing is not None:
            raise UnitError(
                vi=f"D-SI không có cách viết cho {missing}; đổi {self.symbol} sang {self.in_dsi.symbol}",
                en=f"D-SI has no spelling for {missing}; convert {self.symbol} to {self.in_dsi.symbol}",
            )
        if self.terms == (("°C", 1),):
            return r"\degreecelsius"
        spelt = ((token, inner * power) for name, power in self.terms for token, inner in _known(name).dsi)
        # In a product °C stands for an interval, whose unit is the kelvin.
        tokens = ((token.replace(r"\degreecelsius", r"\kelvin"), power) for token, power in spelt if token != r"\one")
        return "".join(token if power == 1 else f"{token}\\tothe{{{power}}}" for token, power in tokens) or r"\one"

    @cached_property
    def in_dsi(self) -> Unit:
        """The same unit where D-SI can spell it, else the SI unit that replaces it: Pa for psi, kg for lb, K for °F."""
        if all(_known(name).dsi for name, _ in self.terms):
            return self
        replaced: list[tuple[str, int]] = []
        for name, power in self.terms:
            terms = ((name, 1),) if _known(name).dsi else _known(name).definition
            replaced += [(symbol, inner * power) for symbol, inner in terms]
        return Unit(merged(replaced)).in_dsi

    def __mul__(self, other: Unit) -> Unit:
        return Unit(merged((*self.terms, *other.terms)))

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    def __pow__(self, power: int) -> Unit:
        return Unit(merged((name, inner * power) for name, inner in self.terms))

    def __str__(self) -> str:
        return self.symbol


@lru_cache(maxsize=2000)
def unit(label: str) -> Unit:
    """The unit that a label states: `kPa`, `m3/h`, `J/(kg·K)`, `µm` (any mu), `° C`, `%RH`, empty or `1` for a number.

    Factors stand between `·`, `.`, `*` or blanks; powers are `2`, `^2`, `²`, `-1`. One division at most, and what is
    divided by is one factor or in brackets: `J/kg·K` and `m/s/s` are ambiguous and refused. Raises `UnitError`.
    """
    return Unit(parse_label(label))


def from_dsi(spelling: str) -> Unit:
    r"""The unit of a D-SI spelling such as `\milli\metre\per\second` or `\kelvin\tothe{-1}`. Raises `UnitError`."""
    text = spelling.strip()
    terms: list[tuple[str, int]] = []
    place = 0
    while (match := _DSI_FACTOR.match(text, place)) is not None:
        per, prefix, name, power = match.groups()
        terms.append((_DSI_PREFIXES.get(prefix, "") + _DSI_NAMES[name], int(power or 1) * (-1 if per else 1)))
        place = match.end()
    if not terms or place < len(text) or any(symbol(name) is None for name, _ in terms if name != "1"):
        raise UnitError(vi=f"không phải đơn vị D-SI: {spelling[:80]!r}", en=f"not a D-SI unit: {spelling[:80]!r}")
    return Unit(merged((name, power) for name, power in terms if name != "1"))


def convert(value: float, source: Unit | str, target: Unit | str) -> float:
    """A value in another unit of the same dimension, rounded once: the typed decimal is converted exactly.

    Between temperature scales the zero moves: 20 °C is 293.15 K. For a difference or an uncertainty use
    `convert_interval`. Raises `UnitError`, naming both units, where the dimensions differ.
    """
    return float(convert_exact(Fraction(Decimal(repr(float(value)))), source, target))


def convert_exact(value: Fraction, source: Unit | str, target: Unit | str) -> Fraction:
    """`convert` without any rounding."""
    have, want = _as_unit(source), _as_unit(target)
    check_alike(have, want)
    return (value * have.scale + have.offset - want.offset) / want.scale


def convert_interval(value: float, source: Unit | str, target: Unit | str) -> float:
    """A difference or an uncertainty in another unit: 0.5 °C is 0.5 K, 1 °F is 5/9 K. Raises `UnitError`."""
    return float(Fraction(Decimal(repr(float(value)))) * interval_factor(source, target))


def interval_factor(source: Unit | str, target: Unit | str) -> Fraction:
    """Number of `target` in an interval of one `source`, exact. Raises `UnitError`."""
    have, want = _as_unit(source), _as_unit(target)
    check_alike(have, want)
    return have.scale / want.scale


def check_alike(first: Unit, second: Unit) -> None:
    """Raise `UnitError`, naming both, unless two units measure the same dimension."""
    if first.dimension != second.dimension:
        raise UnitError(
            vi=f"{first.symbol} và {second.symbol} là hai loại đơn vị khác nhau, không đổi hoặc cộng được",
            en=f"{first.symbol} and {second.symbol} are units of different kinds: they cannot be converted or added",
        )


_DSI_PREFIXES = {name: sign for sign, (_, name) in PREFIXES.items()}
_DSI_NAMES = {
    "one": "1",
    **{row.dsi[1:]: row.symbol for row in reversed(DEFINITIONS) if re.fullmatch(r"\\(?!one)[a-zA-Z]+", row.dsi)},
    **{spelt[1:]: name for name, spelt in BASE_SPELLINGS.items()},
}
_DSI_FACTOR = re.compile(
    rf"(\\per)?(?:\\({'|'.join(_DSI_PREFIXES)}))?\\({'|'.join(_DSI_NAMES)})(?![a-zA-Z])(?:\\tothe\{{(-?[0-9]{{1,2}})\}})?"
)


def _known(name: str) -> Symbol:
    found = symbol(name)
    if found is None:
        raise UnitError(vi=f"không biết đơn vị {name[:40]!r}", en=f"unknown unit {name[:40]!r}")
    return found


def _raised(power: int) -> str:
    return "" if power == 1 else str(power).translate(str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"))


def _as_unit(given: Unit | str) -> Unit:
    return unit(given) if isinstance(given, str) else given
