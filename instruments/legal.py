"""The list of group-2 instruments as dated rows, and how long a verification is valid.

Law moves: a row counts on the date of verification, what was issued before does not change, and a row that was not
read in its source carries no legal verdict until the administrator confirms it.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

from instruments.recall import add_months
from instruments.words import Words

Regime = Literal["initial", "periodic", "after_repair"]
Policy = Literal["same_day", "end_of_month"]
Evidence = Literal["certificate", "sticker", "mark"]

REGIMES: tuple[Regime, ...] = ("initial", "periodic", "after_repair")
EVIDENCE: tuple[Evidence, ...] = ("certificate", "sticker", "mark")
UNCONFIRMED = "unconfirmed"
READ = "read"
"""State of a row that an administrator compared with its original."""


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
    counter: bool = False
    """Whether a counter-verification by another designated body exists for it (water and kWh meters)."""
    evidence: tuple[Evidence, ...] = ()
    """What tells that it passed: certificate, sticker, mark; () where only the rule of marks is known."""

    @property
    def key(self) -> str:
        """Identity for confirmations: "31@2026-04-15"."""
        return f"{self.item}@{self.effective_from.isoformat() if self.effective_from else ''}"

    def in_force(self, on: date) -> bool:
        """Whether the row counts for a verification on that day (both ends included)."""
        begun = self.effective_from is None or self.effective_from <= on
        return begun and (self.effective_to is None or on <= self.effective_to)

    @property
    def told_by(self) -> tuple[Evidence, ...]:
        """What tells that it passed. By TT 24/2013 Art. 38: the mark alone without a period, else with papers."""
        return self.evidence or (("certificate", "sticker") if self.cycle_months else ("mark",))

    @property
    def complete(self) -> bool:
        """Whether every measure of control was seen in the source."""
        return self.type_approval is not None and self.regimes is not None

    def serves(self, regime: str) -> bool:
        """Whether the list foresees this regime; what another rule asks for stands outside the list."""
        if regime == "other":
            return True
        if regime == "counter":
            return self.counter
        return self.regimes is None or regime in self.regimes


    @property
    def without_certificate(self) -> bool:
        """Whether something else than a certificate may tell of a pass at all."""
        return "mark" in self.told_by or self.told_by == ("sticker",)

    def told_without_certificate(self, marks: Collection[int], sticker: bool) -> bool:
        """Whether these types of mark (1, 2) and a sticker tell of a pass by themselves (TT 24/2013 Art. 38, 39).

        A mark of type 2 does, it tells the end of validity. One of type 1 does where there is no period, else with a
        sticker. A sticker goes with a mark or a certificate, and stands alone only where the row names nothing else.
        """
        told = self.told_by
        if "mark" in told and (2 in marks or (1 in marks and (self.cycle_months is None or sticker))):
            return True
        return told == ("sticker",) and sticker


@dataclass(frozen=True, slots=True)
class Reading:
    """What an administrator read of a row in its original; it stands in the place of what was transcribed."""

    type_approval: bool
    regimes: tuple[Regime, ...]
    cycle_months: int | None
    name: str = ""
    evidence: tuple[Evidence, ...] = ()

    def of(self, row: LegalRow) -> LegalRow:
        """The row as it was read."""
        name, evidence = Words(self.name or row.name.vi, row.name.en), self.evidence or row.evidence
        return replace(row, type_approval=self.type_approval, regimes=self.regimes, cycle_months=self.cycle_months,
                       name=name, evidence=evidence, state=READ)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowChange:
    """One item in two editions; `old` is None for a row that came in, `new` for one that left."""

    item: str
    old: LegalRow | None
    new: LegalRow | None
    what: tuple[str, ...]
    """"added", "removed", or of "name", "cycle", "type_approval", "regimes"; unknown flags are no difference."""


@dataclass(frozen=True, slots=True)
class ValidUntil:
    """Last valid day and the rule in words, as the certificate shows it."""

    on: date
    rule: Words


@cache
def legal_rows() -> tuple[LegalRow, ...]:
    """All rows of all editions, in the order of the file."""
    text = (files("instruments") / "data" / "group2_instruments.csv").read_text(encoding="utf-8")
    return tuple(_row(line) for line in csv.DictReader(text.splitlines()))


def row_on(rows: Iterable[LegalRow], item: str, on: date) -> LegalRow | None:
    """The row of that item in force on the day, the one that began last where two editions overlap; None: none."""
    found = [row for row in rows if row.item == item and row.in_force(on)]
    return max(found, key=lambda row: row.effective_from or date.min, default=None)


def ended_by(row: LegalRow, replaced_on: Iterable[date]) -> LegalRow:
    """The row with its last day before the first later edition that replaces the whole table.

    `replaced_on` are the first days of such editions; a row that ends earlier by itself keeps its own end.
    """
    later = [day for day in replaced_on if row.effective_from is not None and day > row.effective_from]
    if not later:  # also where nobody knows since when the row stands
        return row
    last = min(later) - timedelta(days=1)
    return row if row.effective_to is not None and row.effective_to <= last else replace(row, effective_to=last)


def changes(old: Sequence[LegalRow], new: Sequence[LegalRow]) -> Iterator[RowChange]:
    """What differs between two tables, in the order of the new one; items that left stand last."""
    before = {row.item: row for row in old}
    for row in new:
        known = before.pop(row.item, None)
        if what := ("added",) if known is None else differences(known, row):
            yield RowChange(row.item, known, row, what)
    for row in before.values():
        yield RowChange(row.item, row, None, ("removed",))


def differences(old: LegalRow, new: LegalRow) -> tuple[str, ...]:
    """In what two rows of one item differ; a flag that one of them does not know is no difference."""
    found = [("name", _folded(old.name.vi) != _folded(new.name.vi)), ("cycle", old.cycle_months != new.cycle_months),
             ("type_approval", None not in (old.type_approval, new.type_approval)
              and old.type_approval != new.type_approval),
             ("regimes", old.regimes is not None and new.regimes is not None
              and set(old.regimes) != set(new.regimes))]  # fmt: skip
    return tuple(what for what, differs in found if differs)


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace(";", " ").replace(",", " ").split())


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
