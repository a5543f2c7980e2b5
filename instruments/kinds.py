"""Catalogue of instrument kinds: data/kinds.toml as frozen values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from instruments.words import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind; `legal_item` is its row in the group-2 list, None for group 1."""

    code: str
    name: Words
    field: str
    """Field of measurement as in the group-2 list: "length", "mass", "volume/flow", ..."""
    unit: str
    legal_item: str | None
    source: str


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Every kind of the catalogue, ordered by field and code."""
    catalogue = tomllib.loads((files("instruments") / "data" / "kinds.toml").read_text(encoding="utf-8"))
    source = catalogue.pop("source")
    kinds = (
        Kind(code, Words(row["vi"], row["en"]), field, row["unit"], row.get("item"), source)
        for field, rows in catalogue.items()
        for code, row in rows.items()
    )
    return tuple(sorted(kinds, key=lambda kind: (kind.field, kind.code)))


def kind(code: str) -> Kind:
    """The kind of that code; KeyError when there is none."""
    return _by_code()[code]


@cache
def _by_code() -> dict[str, Kind]:
    return {kind.code: kind for kind in all_kinds()}
