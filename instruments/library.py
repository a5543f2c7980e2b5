"""The procedures that come with the product."""

from __future__ import annotations

from dataclasses import dataclass

from instruments.observations import Observations
from instruments.procedure_model import Procedure


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A case with a known answer; `expect` are (dotted field of the evaluation's JSON, value, tolerance or None)."""

    name: str
    source: str
    evidence: str
    """"published" or "recomputed"."""
    observations: Observations
    expect: tuple[tuple[str, str | float | None, float | None], ...]


def shipped_names() -> tuple[str, ...]:
    """File names without extension, sorted: "dial-pressure-gauge"."""
    raise NotImplementedError


def shipped_text(name: str) -> str:
    """The TOML text of a shipped procedure; KeyError for an unknown name."""
    raise NotImplementedError


def load_shipped(name: str) -> Procedure:
    """A shipped procedure, loaded once; KeyError for an unknown name."""
    raise NotImplementedError


def reference_cases(name: str) -> tuple[ReferenceCase, ...]:
    """The reference cases beside a shipped procedure."""
    raise NotImplementedError
