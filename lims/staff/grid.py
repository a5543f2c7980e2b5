"""Person × procedure on a day: who may do what, as one table with people across."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lims.auth.models import User
from lims.staff.catalogue import KnownProcedure
from lims.staff.models import ACTIVITIES, Authorisation
from lims.staff.overview import Matrix, MatrixField


@dataclass(frozen=True)
class GridRow:
    """One procedure: {person's id: authorisations in the order perform, review, approve}."""

    procedure: KnownProcedure
    held: dict[int, list[Authorisation]]


@dataclass(frozen=True)
class Grid:
    """The rows by field, and the people who hold anything in them, by name."""

    fields: list[tuple[MatrixField, list[GridRow]]]
    people: list[User]


def grid(found: Matrix, shown: Sequence[MatrixField], person: int | None = None) -> Grid:
    """The fields as a filter left them; only that person's column where one is given."""
    fields = [(one, [_row(row.procedure, row.granted, person) for row in one.rows]) for one in shown]
    holders = {user_id for _field, rows in fields for row in rows for user_id in row.held}
    return Grid(fields, [one for one in found.people if one.id in holders])


def _row(procedure: KnownProcedure, granted: dict[str, list[Authorisation]], person: int | None) -> GridRow:
    held: dict[int, list[Authorisation]] = {}
    for activity in ACTIVITIES:
        for one in granted.get(activity, []):
            if person is None or one.user_id == person:
                held.setdefault(one.user_id, []).append(one)
    return GridRow(procedure, held)
