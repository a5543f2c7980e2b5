"""What the instruments of enterprises show: by kind and group, verified and in date, overdue, and what falls due."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from instruments.recall import add_months
from lims.customers.legal_duty import legal_kinds
from lims.customers.listing import Filter, counted, due_by_month, read_filter
from lims.customers.words import FIELD_OF
from lims.surveys.models import Survey

MONTHS = 12
IN_DATE = ("in_date", "due_soon", "once")


@dataclass(frozen=True)
class KindFigures:
    """The instruments of one kind (or of all: kind ""): those of group 2 by their state."""

    kind: str
    group: int
    total: int
    in_date: int
    overdue: int
    unverified: int

    @property
    def share(self) -> float | None:
        """Verified and in date, of all of group 2; None for group 1."""
        return self.in_date / self.total if self.group == 2 and self.total else None


@dataclass(frozen=True)
class Demand:
    """Instruments to be verified: at once (overdue or never verified), and by month, for each field."""

    months: tuple[date, ...]
    now: Mapping[str, int]
    by_field: Mapping[str, Mapping[date, int]]

    @property
    def fields(self) -> list[str]:
        """Fields with any demand, the largest first."""
        totals = {field: self.now.get(field, 0) + sum(self.by_field.get(field, {}).values())
                  for field in {*self.now, *self.by_field}}
        return sorted((field for field, total in totals.items() if total), key=lambda field: (-totals[field], field))

    def in_month(self, month: date) -> int:
        """Everything that falls due in a month."""
        return sum(months.get(month, 0) for months in self.by_field.values())


@dataclass(frozen=True)
class Analysis:
    """The whole picture of a scope."""

    scope: Filter
    kinds: list[KindFigures]
    group_2: KindFigures
    group_1: KindFigures
    demand: Demand


def scope_of(args: Mapping[str, str], today: date) -> Filter:
    """The scope of an address: sector, commune, and `year`: only enterprises surveyed in that year."""
    wanted, year = read_filter(args, today), args.get("year", "")
    if not (year.isascii() and year.isdigit() and 2000 <= int(year[:4]) <= 2199 and len(year) == 4):
        return wanted
    return replace(wanted, among=surveyed(date(int(year), 1, 1), date(int(year), 12, 31)))


def surveyed(first: date, last: date) -> Any:
    """Ids of the enterprises with a finished survey between two days, both included."""
    return sa.select(Survey.customer_id).where(Survey.state == "finished", Survey.visited_on.between(first, last))


def analyse(scope: Filter) -> Analysis:
    """Two counting queries, whatever the number of instruments."""
    legal = legal_kinds(scope.today)
    by_kind: dict[str, Counter[str]] = {}
    for kind, state, number in counted(scope):
        by_kind.setdefault(kind, Counter())[state] += number
    kinds = sorted((_figures(kind, 2 if kind in legal else 1, states) for kind, states in by_kind.items()),
                   key=lambda one: (-one.group, -one.total, one.kind))
    return Analysis(scope, kinds, _sum(kinds, 2), _sum(kinds, 1), _demand(scope, kinds))


def months_ahead(today: date) -> tuple[date, ...]:
    """First days of the months that the next twelve months touch: thirteen, but on the first day of a month."""
    first = today.replace(day=1)
    return tuple(add_months(first, number) for number in range(MONTHS + (today > first)))


def _figures(kind: str, group: int, states: Counter[str]) -> KindFigures:
    return KindFigures(kind, group, states.total(), sum(states[state] for state in IN_DATE), states["overdue"],
                       states["unverified"])


def _sum(kinds: list[KindFigures], group: int) -> KindFigures:
    own = [one for one in kinds if one.group == group]
    return KindFigures("", group, sum(one.total for one in own), sum(one.in_date for one in own),
                       sum(one.overdue for one in own), sum(one.unverified for one in own))


def _demand(scope: Filter, kinds: list[KindFigures]) -> Demand:
    months = months_ahead(scope.today)
    now: Counter[str] = Counter()
    for one in kinds:
        now[FIELD_OF.get(one.kind, "other")] += one.overdue + one.unverified
    by_field: dict[str, Counter[date]] = {}
    for kind, month, number in due_by_month(scope, months):
        by_field.setdefault(FIELD_OF.get(kind, "other"), Counter())[month] += number
    return Demand(months, now, by_field)
