"""Measures: figures of the work that plans and reports count with, each one a query with the list behind it.

A feature registers its measures in its `init_app`; whoever shows a figure asks for it by code and links to its list.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from lims.shared.db import session

MEASURES = "measures"
PAGE = 50


@dataclass(frozen=True)
class Period:
    """Days of a target, both inclusive; what lies after `today` has not happened."""

    first: date
    last: date
    today: date

    @property
    def until(self) -> date:
        """The last day that can be counted."""
        return min(self.last, self.today)


@dataclass(frozen=True)
class Line:
    """One thing that a figure counts: `key` orders the list (unique, descending), `counts` tells whether it is in."""

    key: int
    on: date | None
    code: str
    text: str
    detail: str = ""
    url: str = ""
    counts: bool = True


@dataclass(frozen=True)
class Measure:
    """A figure. `title` and `unit` are lazy words; `value` gives the figure of a period (None: nothing to speak of);
    `lines(period, below, size)` the things counted whose key is less than `below`, highest first.

    `share`: the figure is a percentage of the list, whose lines say which of them count."""

    code: str
    title: Any
    unit: Any
    value: Callable[[Period], Decimal | None]
    lines: Callable[[Period, int | None, int], list[Line]]
    share: bool = False


def register(app: Flask, *measures: Measure) -> None:
    """Make measures known; a code belongs to one measure. Raises ValueError for a second one."""
    known: dict[str, Measure] = app.extensions.setdefault(MEASURES, {})
    for measure in measures:
        if measure.code in known:
            raise ValueError(f"two measures have the code {measure.code!r}")
        known[measure.code] = measure


def measure(code: str) -> Measure | None:
    """The measure of that code; None where the feature that counts it is not there."""
    return current_app.extensions.get(MEASURES, {}).get(code)


def all_measures() -> list[Measure]:
    """Every measure, in the order of their codes."""
    known: dict[str, Measure] = current_app.extensions.get(MEASURES, {})
    return [known[code] for code in sorted(known)]


Rows = tuple[Any, Any, Callable[[Any], Line]]
"""A query, its key column, and what makes a line of a row."""
Query = Callable[[Period], Rows]
Values = tuple[Callable[[Period], Decimal | None], Callable[[Period, int | None, int], list[Line]]]


def counted(query: Query) -> Values:
    """Value and list of one query: (rows, their key column, row -> line)."""
    def value(period: Period) -> Decimal:
        rows, key, _line = query(period)
        return Decimal(session().scalar(sa.select(sa.func.count()).select_from(
            rows.with_only_columns(key).subquery())) or 0)

    def lines(period: Period, below: int | None, size: int) -> list[Line]:
        rows, key, line = query(period)
        if below is not None:
            rows = rows.where(key < below)
        return [line(row) for row in session().execute(rows.order_by(key.desc()).limit(size))]

    return value, lines
