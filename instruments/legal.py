"""The list of group-2 instruments as dated rows, and how long a verification is valid.

Law moves: a row counts on the date of verification, what was issued before does not change, and a row that was not
read in its source carries no legal verdict until the administrator confirms it.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

from instruments.recall import add_months
from instruments.words import Words

Regime = Literal["initial", "periodic", "after_repair"]
Policy = Literal["same_day", "end_of_month"]

REGIMES: tuple[Regime, ...] = ("initial", "periodic", "after_repair")
UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class LegalRow:
    """One row of one edition. Flags are None where the source does not show them."""

    item: str
    """Number in the list of 2019 and later ("31", "16b"); rows of the 2013 list say so: "2 (2013)"."""
    name: Words
    field: str
    type_approval: bool | None
    regimes: tuple[Regime, ...] | None
    cycle_months: int | None
    """None: verified once, no end of validity."""
    dlvn: str
    effective_from: date | None
    effective_to: date | None
    """Last day; None: still in force."""
    state: str
    """"unconfirmed", or which edition it was read in: "verified_2019", "verified_2024", "verified_2013"."""
    source: Words
    note: Words

    @property
    def key(self) -> str:
        """Identity for confirmations: "31@2026-04-15"."""
        return f"{self.item}@{self.effective_from.isoformat() if self.effective_from else ''}"

    def in_force(self, on: date) -> bool:
        """Whether the row counts for a verification on that day (both ends included)."""
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)


@dataclass(frozen=True, slots=True)
class ValidUntil:
    """Last valid day and the rule in words, as the certificate shows it."""

    on: date
    rule: Words


class NoLegalRow(LookupError):
    """The list has no row of that item on that date: the instrument is not of group 2 then."""


@cache
def legal_rows() -> tuple[LegalRow, ...]:
    """All rows of all editions, in the order of the file."""
    text = (files("instruments") / "data" / "group2_instruments.csv").read_text(encoding="utf-8")
    return tuple(_row(line) for line in csv.DictReader(text.splitlines()))


def period_on(item: str, on: date) -> LegalRow:
    """The row in force on the date of verification; NoLegalRow when there is none."""
    for row in legal_rows():
        if row.item == item and row.in_force(on):
            return row
    raise NoLegalRow(f"the group-2 list has no item {item} on {on:%d/%m/%Y}")


def may_carry_verdict(row: LegalRow, confirmed: Collection[str] = ()) -> bool:
    """Whether a legal verdict may rest on the row: read in its source, or its `key` is among those confirmed."""
    return row.state != UNCONFIRMED or row.key in confirmed


def valid_until(verified_on: date, months: int, policy: Policy = "same_day") -> ValidUntil:
    """Last valid day: the same day (or that month's last) `months` calendar months later, or the end of that month.

    31/08 + 6 months gives 28/02. ValueError when `months` is not positive.
    """
    if months <= 0:
        raise ValueError("a verification period is a positive number of months")
    day = add_months(verified_on, months)
    if policy == "end_of_month":
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        return ValidUntil(
            last,
            Words(
                f"Hết ngày cuối của tháng thứ {months} sau tháng kiểm định.",
                f"Through the last day of month {months} after the month of verification.",
            ),
        )
    return ValidUntil(
        day,
        Words(
            f"Cùng ngày sau {months} tháng dương lịch; tháng không có ngày đó thì lấy ngày cuối tháng.",
            f"The same day {months} calendar months later, or the last day of a shorter month.",
        ),
    )


def _row(line: Mapping[str, str]) -> LegalRow:
    return LegalRow(
        item=line["item"],
        name=Words(line["name_vi"], line["name_en"]),
        field=line["field"],
        type_approval=_flag(line["type_approval"]),
        regimes=_regimes(line),
        cycle_months=int(line["cycle_months"]) if line["cycle_months"] else None,
        dlvn=line["dlvn"],
        effective_from=_date(line["effective_from"]),
        effective_to=_date(line["effective_to"]),
        state=line["verification"],
        source=Words(line["source_vi"], line["source"]),
        note=Words(line["note_vi"], line["note"]),
    )


def _regimes(line: Mapping[str, str]) -> tuple[Regime, ...] | None:
    flags = {regime: _flag(line[regime]) for regime in REGIMES}
    if None in flags.values():
        return None
    return tuple(regime for regime in REGIMES if flags[regime])


def _flag(mark: str) -> bool | None:
    return {"x": True, "-": False}.get(mark)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
