"""What an edition changes against the list before it, and which instruments of customers each change touches."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from instruments.legal import RowChange
from instruments.legal import changes as changes_of
from lims.customers.models import Instrument
from lims.legal import catalogue
from lims.legal.models import LegalEdition
from lims.shared.db import session
from lims.shared.errors import NotFound


@dataclass(frozen=True)
class Touching:
    """A change with the kinds of instrument under its item and how many of them customers own."""

    change: RowChange
    kinds: tuple[str, ...]
    owned: int


def edition(edition_id: int) -> LegalEdition:
    """The edition, or NotFound."""
    found = session().get(LegalEdition, edition_id)
    if found is None:
        raise NotFound("Không có bảng này.", "No such edition.")
    return found


def against_the_one_before(shown: LegalEdition) -> list[Touching]:
    """Changes of this edition against the rows that held on the day before it, in the order of its rows."""
    new = [basis.row for basis in catalogue.of_edition(shown.id)]
    old = [basis.row for basis in catalogue.in_force(shown.in_force_from - timedelta(days=1))]
    if not shown.whole:  # it leaves alone what it does not name
        named = {row.item for row in new}
        old = [row for row in old if row.item in named]
    found = list(changes_of(old, new)) if old else []
    owned = _owned()
    lines = []
    for change in found:
        kinds = tuple(catalogue.kinds_of([change.item]))
        lines.append(Touching(change, kinds, sum(owned.get(kind, 0) for kind in kinds)))
    return lines


def instruments_under(item: str, after: int = 0, limit: int = 50) -> list[Instrument]:
    """Instruments of customers under an item, by number in the register, after the one with this id."""
    kinds = catalogue.kinds_of([item])
    query = sa.select(Instrument).where(Instrument.kind.in_(kinds), Instrument.id > after)
    return list(session().scalars(query.order_by(Instrument.id).limit(limit)))


def _owned() -> dict[str, int]:
    rows = session().execute(sa.select(Instrument.kind, sa.func.count()).group_by(Instrument.kind))
    return {row[0]: row[1] for row in rows}
