"""Formulas of procedures: the engine's safe notation, compiled once, evaluated with named numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A parsed formula; `names` are the names it needs."""

    text: str
    names: frozenset[str]
