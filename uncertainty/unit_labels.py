"""Reading a unit's label: its symbols and their powers, and what each symbol is worth in SI units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from uncertainty.errors import InputError
from uncertainty.unit_table import ALIASES, BASE, BASE_SPELLINGS, CHARACTERS, DEFINITIONS, PREFIXES, Definition

LONGEST_LABEL = 60
"""A label beyond this many characters is not read."""

Terms = tuple[tuple[str, int], ...]
"""Symbols with their exponents, in the order written, each symbol once."""


class UnitError(InputError):
    """A label that is no unit, or units that do not go together; the message names them."""

    def __init__(self, *, vi: str, en: str, path: str = "") -> None:
        super().__init__(path, vi=vi, en=en)


@dataclass(frozen=True, slots=True)
class Symbol:
    """What one symbol, with its prefix, stands for."""

    scale: Fraction
    """Coherent SI units in an interval of one."""
    dimension: tuple[int, ...]
    """Exponents in the order of `unit_table.BASE`."""
    offset: Fraction
    """Kelvin at the zero of a temperature scale, else 0."""
    dsi: tuple[tuple[str, int], ...]
    """D-SI tokens with their powers; empty where D-SI has no spelling."""
    definition: Terms
    """SI units that replace it, prefix and factor aside."""


def parse_label(label: str) -> Terms:
    """Symbols and powers of a label, look-alike characters and usual misspellings put right. Raises `UnitError`."""
    text = unicodedata.normalize("NFC", label.strip()).replace("**", "^")
    for stray, usual in CHARACTERS.items():
        text = text.replace(stray, usual)
    text = re.sub(r"°\s+(?=[CF]\b)", "°", ALIASES.get(text, text))
    terms = _quotient(text) if len(text) <= LONGEST_LABEL else None
    if terms is None:
        raise UnitError(vi=f"không phải đơn vị: {label[:80]!r}", en=f"not a unit: {label[:80]!r}")
    return terms


@lru_cache(maxsize=2000)
def symbol(name: str) -> Symbol | None:
    """Meaning of one symbol as written in `unit_table`, alone or after a prefix; None when there is none."""
    if name in _TABLE:
        return _defined(_TABLE[name])
    if name in BASE_SPELLINGS:
        base, scale = ("kg", Fraction(1, 1000)) if name == "g" else (name, Fraction(1))
        return Symbol(scale, tuple(int(one == base) for one in BASE), Fraction(0), ((BASE_SPELLINGS[name], 1),), ())
    for length in (1, 2):
        prefix, rest = name[:length], name[length:]
        if prefix in PREFIXES and (rest in _PREFIXED_BASE or (rest in _TABLE and _TABLE[rest].takes_prefix)):
            return _with_prefix(prefix, rest)
    return None


def merged(terms: Iterable[tuple[str, int]]) -> Terms:
    """Each symbol once, powers added, those that cancel left out."""
    powers: dict[str, int] = {}
    for name, power in terms:
        powers[name] = powers.get(name, 0) + power
    return tuple((name, power) for name, power in powers.items() if power)


_TABLE: Mapping[str, Definition] = {row.symbol: row for row in DEFINITIONS}
_PREFIXED_BASE = frozenset(BASE_SPELLINGS) - {"kg", "dB"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_FACTOR = re.compile(r"([^\W\d_]+|[°′″%‰][^\W\d_]*)\^?([+-]?[0-9]{1,2})?|1")


def _quotient(text: str) -> Terms | None:
    """Terms of a label with at most one division; None when it is no unit."""
    if text in _TABLE:
        return ((text, 1),)
    above, slash, below = text.partition("/")
    terms = _product(above)
    if terms is None or not slash:
        return None if terms is None else merged(terms)
    in_brackets = below.startswith("(") and below.endswith(")")
    divisor = _product(below[1:-1] if in_brackets else below.replace("/", "·"))
    if divisor is None:
        return None
    if len(divisor) > 1 and not in_brackets:
        raise UnitError(
            vi=f"{text}: viết rõ mẫu số trong ngoặc, ví dụ J/(kg·K)",
            en=f"{text}: put what is divided by in brackets, such as J/(kg·K)",
        )
    return merged([*terms, *((name, -power) for name, power in divisor)])


def _product(text: str) -> list[tuple[str, int]] | None:
    terms: list[tuple[str, int]] = []
    for piece in re.split(r"\s*[·.]\s*|\s+", text.strip()):
        match = _FACTOR.fullmatch(piece.translate(_SUPERSCRIPTS))
        name = _spelling(match[1]) if match is not None and match[1] else None
        if match is None or (match[1] and name is None):
            return None
        if name is not None:
            terms.append((name, int(match[2] or 1)))
    return terms


def _spelling(written: str) -> str | None:
    """The symbol as the table writes it, a typed `u` read as micro."""
    usual = ALIASES.get(written, written)
    return next((name for name in (usual, re.sub("^u", "µ", usual)) if symbol(name) is not None), None)


def _defined(row: Definition) -> Symbol:
    spelt = re.findall(r"(\\(?!tothe)[a-zA-Z]+)(?:\\tothe\{(-?\d+)\})?", row.dsi)
    scale, dimension = Fraction(row.factor), [0] * len(BASE)
    terms = parse_label(row.terms)
    for name, power in terms:
        part = symbol(name)
        assert part is not None  # a row uses only symbols above it
        scale *= part.scale**power
        dimension = [total + one * power for total, one in zip(dimension, part.dimension, strict=True)]
    return Symbol(scale, tuple(dimension), row.offset, tuple((token, int(power or 1)) for token, power in spelt), terms)


def _with_prefix(prefix: str, rest: str) -> Symbol:
    of = symbol(rest)
    assert of is not None
    power, name = PREFIXES[prefix]
    tokens = tuple((f"\\{name}{token}" if place == 0 else token, inner) for place, (token, inner) in enumerate(of.dsi))
    return Symbol(of.scale * Fraction(10) ** power, of.dimension, Fraction(0), tokens, of.definition)
