"""Units that a field of the sheet chooses: `unit = "{pressure_unit}"` in a procedure file.

A gauge is read in bar, MPa, kgf/cm² or psi; its procedure is one. The certificates of standards are converted to what
was chosen, since a slot has a unit like every column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from instruments.fields import read_fields
from instruments.procedure_model import Procedure

_CHOSEN = re.compile(r"\{(\w+)\}")
_UNITS = ("unit", "report_unit")
_KEPT: dict[tuple[str, tuple[tuple[str, str], ...]], Procedure] = {}
"""Procedures with their units filled in, by digest and choices; a text of that digest never changes."""
_MOST_KEPT = 256


def with_units(procedure: Procedure, instrument: Mapping[str, str]) -> Procedure:
    """The procedure in the units that these field texts choose; where nothing is chosen yet, the first choice."""
    wanted = procedure.unit_fields
    if not wanted:
        return procedure
    chosen = read_fields(procedure, instrument).choices
    units = tuple((key, chosen.get(key, procedure.field(key).choices[0])) for key in wanted)
    key = (procedure.digest, units)
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = _filled(procedure, dict(units))
    return _KEPT[key]


def unit_fields(procedure: Procedure) -> tuple[str, ...]:
    """Keys of the fields that some unit of the procedure names, each once."""
    return tuple(dict.fromkeys(_named(procedure)))


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _named(item)
    elif is_dataclass(value):
        for member in fields(value):
            held = getattr(value, member.name)
            if member.name in _UNITS and isinstance(held, str):
                yield from (found[1] for found in [_CHOSEN.fullmatch(held)] if found)
            else:
                yield from _named(held)


def _filled(value: Any, units: Mapping[str, str]) -> Any:
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_filled(item, units) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed: dict[str, Any] = {}
    for member in fields(value):
        held = getattr(value, member.name)
        if member.name in _UNITS and isinstance(held, str):
            found = _CHOSEN.fullmatch(held)
            if found:
                changed[member.name] = units[found[1]]
        elif isinstance(held, tuple) or is_dataclass(held):
            filled = _filled(held, units)
            if filled is not held:
                changed[member.name] = filled
    return replace(value, **changed) if changed else value
