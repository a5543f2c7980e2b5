"""What a verification is of: of two of one instrument, whether they speak of the same thing.

An instrument may be verified under several items of the list (a monitor for its pressure and for its ECG), or beside
the list for another quantity. Only a verification of the same thing takes the place of an earlier one or tells that
it no longer holds (TT 23/2013 Art. 19-22: certificates are of an instrument under its item of the list).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from instruments.kinds import all_kinds
from instruments.procedure import Procedure
from lims.customers.models import Instrument
from lims.jobs import procedures
from lims.jobs.models import JobItem
from lims.legal import catalogue


@dataclass(frozen=True)
class Subject:
    """The procedure's code, the item of the list ("" outside it) and the quantity that is measured."""

    code: str
    item: str
    quantity: str


def same(one: Subject, other: Subject) -> bool:
    """By one procedure, whatever its edition; else under one item of the list; beside the list, of one quantity."""
    if one.code == other.code:
        return True
    return one.item == other.item if one.item and other.item else one.quantity == other.quantity


def subject_of(item: JobItem) -> Subject:
    """The subject of an item of a job."""
    return _subject(procedures.procedure_of(item), item.instrument.kind)


def legal_item_of(item: JobItem) -> str:
    """Item of the list under which it stands: its procedure's, else that of its kind; "" outside the list."""
    return subject_of(item).item


def _subject(procedure: Procedure, kind: str) -> Subject:
    return Subject(procedure.code, procedure.validity.legal_item or catalogue.item_of(kind) or "", procedure.quantity)


def is_same(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """Condition on two aliases of JobItem of one instrument: `same`, asked of the database."""
    known = {row.id: procedure for row, procedure in procedures.published()}
    listed = sa.select(_told(Instrument.kind, {kind.code: kind.legal_item for kind in all_kinds() if kind.legal_item},
                             sa.literal(""))).where(Instrument.id == one.instrument_id).scalar_subquery()
    codes = {key: procedure.code for key, procedure in known.items()}
    items = {key: procedure.validity.legal_item for key, procedure in known.items() if procedure.validity.legal_item}
    quantities = {key: procedure.quantity for key, procedure in known.items()}
    own_item, other_item = _told(one.procedure_id, items, listed), _told(other.procedure_id, items, listed)
    nothing = sa.literal("")
    return sa.or_(
        _told(one.procedure_id, codes, nothing) == _told(other.procedure_id, codes, nothing),
        sa.case((sa.and_(own_item != "", other_item != ""), own_item == other_item), else_=_told(
            one.procedure_id, quantities, nothing) == _told(other.procedure_id, quantities, nothing)))


def _told(column: Any, words: Mapping[Any, str | None], otherwise: Any) -> Any:
    return sa.case(dict(words), value=column, else_=otherwise) if words else otherwise
