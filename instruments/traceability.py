"""The chain from a standard up to a national standard: routes, validity on a date, no circles (ILAC-P10:07/2020)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from instruments.words import Words

Route = Literal["cipm_mra", "ilac_mra", "internal", "other"]


@dataclass(frozen=True, slots=True)
class Link:
    """One certificate of a standard. `parents`: the laboratory's own standards it was calibrated with (internal)."""

    standard: str
    certificate_number: str
    valid_from: date
    valid_to: date | None
    route: Route
    evidence: str = ""
    """Documented evidence, required for "other"."""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainFault:
    """What breaks the chain at `standard`. Codes: uncertified, expired, no_evidence, no_parent, cycle."""

    standard: str
    code: Literal["uncertified", "expired", "no_evidence", "no_parent", "cycle"]
    text: Words


def chain_faults(standard: str, on: date, links: Mapping[str, tuple[Link, ...]]) -> tuple[ChainFault, ...]:
    """Every fault from `standard` upwards on the day; empty when the chain holds."""
    raise NotImplementedError


def would_close_circle(standard: str, parent: str, links: Mapping[str, tuple[Link, ...]]) -> bool:
    """True when naming `parent` as a parent of `standard` would make a circle over any certificates ever given."""
    raise NotImplementedError
