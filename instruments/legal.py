"""The list of group-2 instruments as dated rows, and how long a verification is valid."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from instruments.words import Words

Regime = Literal["initial", "periodic", "after_repair"]
Policy = Literal["same_day", "end_of_month"]


@dataclass(frozen=True, slots=True)
class LegalRow:
    """One row of one edition. Flags are None where the source does not show them."""

    item: str
    name: Words
    field: str
    type_approval: bool | None
    regimes: tuple[Regime, ...] | None
    cycle_months: int | None
    """None: verified once, no end of validity."""
    dlvn: str
    effective_from: date | None
    effective_to: date | None
    state: str
    """"unconfirmed", or which edition it was read in: "verified_2019", "verified_2024", "verified_2013"."""
    source: str
    note: str

    @property
    def key(self) -> str:
        """Identity for confirmations: "31@2026-04-15"."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ValidUntil:
    """Last valid day and the rule in words, as the certificate shows it."""

    on: date
    rule: Words


class NoLegalRow(LookupError):
    """The list has no row of that item on that date."""


def legal_rows() -> tuple[LegalRow, ...]:
    """All rows of all editions."""
    raise NotImplementedError


def period_on(item: str, on: date) -> LegalRow:
    """The row in force on the date of verification; NoLegalRow when there is none."""
    raise NotImplementedError


def may_carry_verdict(row: LegalRow, confirmed: Collection[str] = ()) -> bool:
    """Whether a legal verdict may rest on the row: read in its source, or its `key` is among those confirmed."""
    raise NotImplementedError


def valid_until(verified_on: date, months: int, policy: Policy = "same_day") -> ValidUntil:
    """Same day (or that month's last) `months` later, or the end of that month."""
    raise NotImplementedError
