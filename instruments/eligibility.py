"""May this standard serve this measurement on this day: every reason why not, hard or soft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from instruments.words import Words

Code = Literal[
    "state", "uncertified", "overdue", "wrong_quantity", "wrong_unit", "out_of_range", "requirement", "reserved",
    "environment", "chain",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CertificateSpan:
    """One certificate of a standard: from when it applies, and through which day (None: no end stated)."""

    number: str
    valid_from: date
    valid_to: date | None
    unit: str
    lower: float
    upper: float
    greatest_U: float | None
    """Greatest U of its table, in the unit."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A standard with its history of certificates, in any order."""

    asset_number: str
    quantity: str
    state: Literal["in_use", "out_for_calibration", "quarantined", "out_of_service", "retired"]
    certificates: tuple[CertificateSpan, ...]
    reserved_by: str | None = None
    """Who else has reserved it on the day."""
    environment_ok: bool = True
    """Whether the place of use meets the standard's own conditions."""
    chain_ok: bool = True
    """Result of `instruments.traceability.chain_faults` on the day."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a slot of the sheet wants (`instruments.sheet.SlotNeed`) on the measuring day."""

    on: date
    quantity: str
    unit: str
    lower: float | None = None
    upper: float | None = None
    u_at_most: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it may not serve. Hard: nobody may override. Soft: a role may, with a reason."""

    code: Code
    hard: bool
    params: Mapping[str, str]
    text: Words


def certificate_on(candidate: Candidate, on: date) -> CertificateSpan | None:
    """The certificate that applies on the day: the latest begun; None before the first."""
    raise NotImplementedError


def reasons_against(candidate: Candidate, need: Need) -> tuple[Reason, ...]:
    """Every reason, hard ones first; empty when it may serve."""
    raise NotImplementedError


def may_serve(candidate: Candidate, need: Need) -> bool:
    """True when no hard reason stands against it."""
    raise NotImplementedError
