"""Catalogue of instrument kinds."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind; `legal_item` is its row in the group-2 list, None for group 1."""

    code: str
    name: Words
    field: str
    unit: str
    legal_item: str | None
    source: str


def all_kinds() -> tuple[Kind, ...]:
    """Every kind of the catalogue, ordered by field and code."""
    raise NotImplementedError


def kind(code: str) -> Kind:
    """The kind of that code; KeyError when there is none."""
    raise NotImplementedError
