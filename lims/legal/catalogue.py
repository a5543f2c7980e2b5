"""The group-2 list as it holds on a day: editions and rows of the database, with what was read of them in the original.

A row carries a legal verdict when it was read in its source with all of its marks, here or before it was shipped.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from instruments.kinds import all_kinds
from instruments.kinds import kind as kind_of
from instruments.legal import (
    REGIMES,
    UNCONFIRMED,
    Evidence,
    LegalRow,
    Reading,
    Regime,
    ended_by,
    row_on,
)
from instruments.procedure import Procedure
from instruments.words import Words
from lims.legal.models import CatalogueRow, LegalEdition, LegalReading
from lims.shared.db import session
from lims.shared.errors import NotFound

FLAGS = {"x": True, "-": False}


@dataclass(frozen=True)
class LegalBasis:
    """The list's row for an instrument on the day of verification, as it was read."""

    row: LegalRow
    document: str
    """Number of the circular whose table it is."""
    reading: LegalReading | None = None
    """The newest comparison with the original; None where the row was shipped as read."""

    @property
    def may_carry_verdict(self) -> bool:
        """Whether a legal verdict may rest on it: every mark known, and read by somebody who is named."""
        return self.row.complete and (self.reading is not None or self.row.state != UNCONFIRMED)

    @property
    def confirmed_by(self) -> str:
        """The document of the reading, as printed; empty when the row was shipped as read."""
        return self.reading.document if self.reading else ""

    def serves(self, regime: str) -> bool:
        """Whether the list foresees this regime; a request for another reason stands outside the list."""
        return self.row.serves(regime)


def basis_on(item: str | None, on: date) -> LegalBasis | None:
    """The row of a legal item on a day, as it was read; None for an instrument outside the list (group 1)."""
    if not item:
        return None
    found = {basis.row.key: basis for basis in bases(CatalogueRow.item == item)}
    row = row_on((basis.row for basis in found.values()), item, on)
    return None if row is None else found[row.key]


def unserved(kind: str, legal_item: str | None, regime: str, on: date) -> Words | None:
    """Why the list of the day does not foresee this regime for a kind of instrument; None where it does."""
    basis = basis_on(legal_item or item_of(kind), on)
    if basis is None:
        if regime != "counter":
            return None
        return Words("Kiểm định đối chứng chỉ có với phương tiện đo nhóm 2 mà luật nêu.",
                     "A counter-verification exists only for the group-2 instruments that the law names.")
    if basis.serves(regime):
        return None
    return Words(f"Mục {basis.row.item} của {basis.document} không có chế độ này.",
                 f"Item {basis.row.item} of {basis.document} does not foresee this regime.")


def in_force(on: date) -> list[LegalBasis]:
    """Every row in force on a day, in the order of the list."""
    found = bases(sa.or_(CatalogueRow.effective_from.is_(None), CatalogueRow.effective_from <= on))
    items = dict.fromkeys(basis.row.item for basis in found)
    by_key = {basis.row.key: basis for basis in found}
    rows = [row_on((basis.row for basis in found), item, on) for item in items]
    return sorted((by_key[row.key] for row in rows if row is not None), key=lambda basis: place(basis.row.item))


def waiting(on: date) -> list[LegalBasis]:
    """Rows in force on the day that cannot carry a verdict yet."""
    return [basis for basis in in_force(on) if not basis.may_carry_verdict]


def of_edition(edition_id: int) -> list[LegalBasis]:
    """The rows of one edition in the order of the list."""
    return sorted(bases(CatalogueRow.edition_id == edition_id), key=lambda basis: place(basis.row.item))


def by_key(key: str) -> LegalBasis:
    """One row of any edition, or NotFound."""
    found = bases(CatalogueRow.key == key)
    if not found:
        raise NotFound("Danh mục không có dòng này.", "The list has no such row.", "row_key")
    return found[0]


def before(row: LegalRow) -> LegalBasis | None:
    """The row of the same item that held on the day before this one began."""
    return before_each([row]).get(row.key)


def before_each(rows: Sequence[LegalRow]) -> dict[str, LegalBasis]:
    """Key of a row -> the row before it, of those that have one; three questions to the database for all of them."""
    of_item: dict[str, list[LegalBasis]] = {}
    for basis in bases(CatalogueRow.item.in_({row.item for row in rows})):
        of_item.setdefault(basis.row.item, []).append(basis)
    found = {row.key: max((basis for basis in of_item.get(row.item, []) if _precedes(basis.row, row)),
                          key=_begins, default=None) for row in rows}
    return {key: basis for key, basis in found.items() if basis is not None}


def _precedes(one: LegalRow, row: LegalRow) -> bool:
    begun = row.effective_from
    return one.key != row.key and begun is not None and (one.effective_from or date.min) < begun


def _begins(basis: LegalBasis) -> date:
    return basis.row.effective_from or date.min


def editions() -> Sequence[LegalEdition]:
    """Every edition, newest first."""
    return session().scalars(sa.select(LegalEdition).order_by(LegalEdition.in_force_from.desc(),
                                                              LegalEdition.id.desc())).all()


def items_of(procedure: Procedure) -> set[str]:
    """Items of the list that a procedure serves: its own, and those of its kinds of instrument."""
    named = {procedure.validity.legal_item, *(item_of(kind) for kind in procedure.kinds)}
    return {item for item in named if item}


def item_of(kind: str) -> str | None:
    """The item of a kind of instrument; None for group 1 and for a kind that the catalogue does not know."""
    try:
        return kind_of(kind).legal_item
    except KeyError:
        return None


def kinds_of(items: Iterable[str]) -> list[str]:
    """Kinds of instrument that stand under these items."""
    wanted = set(items)
    return [kind.code for kind in all_kinds() if kind.legal_item in wanted]


def place(item: str) -> tuple[int, str]:
    """Where an item stands in the list: "16b" after "16a", "9" before "10"."""
    digits = "".join(sign for sign in item if sign.isdigit() and sign.isascii())[:6]
    number = len(item) - len(item.lstrip("0123456789"))
    return (int(item[:number]) if number else int(digits or 0), item[number:])


def as_read() -> list[LegalRow]:
    """Every row of every edition with its last day; one that may carry a verdict is no longer "unconfirmed"."""
    return [replace(basis.row, state="confirmed") if basis.may_carry_verdict and basis.row.state == UNCONFIRMED
            else basis.row for basis in bases()]


def bases(*conditions: Any) -> list[LegalBasis]:
    """Rows of the database that meet these conditions, each as it was read and with its last day."""
    found = session().scalars(sa.select(CatalogueRow).where(*conditions).order_by(CatalogueRow.id)).all()
    replaced = session().scalars(sa.select(LegalEdition.in_force_from).where(LegalEdition.whole)).all()
    read = _readings([f"row:{row.key}" for row in found])
    return [_basis(row, read.get(f"row:{row.key}"), replaced) for row in found]


def _basis(stored: CatalogueRow, reading: LegalReading | None, replaced: Sequence[date]) -> LegalBasis:
    row = ended_by(legal_row(stored), replaced)
    return LegalBasis(row if reading is None else values_of(reading).of(row), stored.edition.document, reading)


def legal_row(stored: CatalogueRow) -> LegalRow:
    """The row as transcribed."""
    return LegalRow(
        item=stored.item, name=Words(stored.name_vi, stored.name_en), field=stored.field,
        type_approval=FLAGS.get(stored.type_approval), regimes=_regimes(stored), cycle_months=stored.cycle_months,
        dlvn=stored.dlvn, effective_from=stored.effective_from, effective_to=stored.effective_to, state=stored.state,
        source=Words(stored.source_vi, stored.source_en), note=Words(stored.note_vi, stored.note_en),
        counter=stored.counter, evidence=evidence_of(stored.evidence))


def evidence_of(text: str) -> tuple[Evidence, ...]:
    """Of "certificate,sticker" the two words; () for an empty text."""
    return tuple(word for word in ("certificate", "sticker", "mark") if word in text.split(","))


def values_of(reading: LegalReading) -> Reading:
    """The stored values of a reading."""
    kept = reading.read_values
    return Reading(
        type_approval=bool(kept["type_approval"]), cycle_months=kept["cycle_months"], name=str(kept.get("name", "")),
        regimes=tuple(regime for regime in REGIMES if regime in kept["regimes"]),
        evidence=evidence_of(",".join(kept.get("evidence", ()))))


def _regimes(stored: CatalogueRow) -> tuple[Regime, ...] | None:
    flags = {regime: FLAGS.get(getattr(stored, regime)) for regime in REGIMES}
    if None in flags.values():
        return None
    return tuple(regime for regime in REGIMES if flags[regime])


def _readings(subjects: Sequence[str]) -> dict[str, LegalReading]:
    """Subject -> its newest reading."""
    if not subjects:
        return {}
    query = sa.select(LegalReading).order_by(LegalReading.revision)
    if len(subjects) <= 100:
        query = query.where(LegalReading.subject.in_(subjects))
    return {reading.subject: reading for reading in session().scalars(query)}
