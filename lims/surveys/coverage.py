"""Which rows of the group-2 list the laboratory can verify on a day, and what each of the others lacks.

A row is covered when a published procedure of verification serves it, somebody authorised holds an officer's card of
its field, somebody may approve, every standard that the procedure asks for is there and usable, the body is designated
for it, and the row itself was read in its original."""
from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from instruments.chosen_units import with_units
from instruments.procedure import Procedure
from instruments.procedure_model import StandardSlot
from lims.equipment.selection import Candidate, candidates_of_each
from lims.issue.wording import FIELDS
from lims.jobs import procedures
from lims.legal import designations
from lims.legal.catalogue import LegalBasis, in_force, items_of
from lims.legal.designation_models import Designation
from lims.legal.designations import covers
from lims.shared.db import session
from lims.staff.models import Authorisation, OfficerCard
from lims.staff.officers import names_field
from lims.surveys.coverage_models import Purchase

KINDS = ("procedure", "standard", "person", "card", "approver", "designation", "confirmation")
"""What can be missing, in the order in which it is best got."""


@dataclass(frozen=True)
class Missing:
    """One thing that is missing: of which kind, and which one in both languages."""

    kind: str
    vi: str
    en: str


@dataclass(frozen=True)
class Way:
    """One procedure that serves a row: the standards found for each slot, who may perform, and what is missing."""

    procedure: Procedure
    standards: tuple[str, ...]
    people: tuple[str, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Covered:
    """A row of the list with its best way (fewest things missing), and what was bought for it."""

    basis: LegalBasis
    way: Way | None
    missing: tuple[Missing, ...]
    purchases: tuple[Purchase, ...] = ()

    @property
    def state(self) -> str:
        """"covered", "partly" (a procedure is there), or "none"."""
        if not self.missing:
            return "covered"
        return "none" if self.way is None else "partly"


@dataclass(frozen=True)
class _Day:
    """What is asked many times on one day, asked once."""

    people: Mapping[str, Mapping[str, list[int]]]
    cards: Mapping[int, list[str]]
    names: Mapping[int, str]
    designations: Sequence[Designation]
    offered: Mapping[tuple[str, str], list[Candidate]]
    """By quantity and unit, the standards that may serve, the usable ones first."""


def coverage(on: date, only: Collection[str] | None = None) -> list[Covered]:
    """Every row in force on the day, or only these items, in the order of the list."""
    serving, slots = dict[str, list[Procedure]](), list[StandardSlot]()
    for _version, procedure in procedures.current():
        if procedure.service == "verification" and (items := items_of(procedure)) and (
                only is None or items & set(only)):
            slots += _slots(procedure)
            for item in items:
                serving.setdefault(item, []).append(procedure)
    day = _day(on, slots)
    bought: dict[str, list[Purchase]] = {}
    for one in session().scalars(sa.select(Purchase).order_by(Purchase.id)):
        bought.setdefault(one.item, []).append(one)
    return [_covered(basis, serving.get(basis.row.item, []), day, tuple(bought.get(basis.row.item, ())))
            for basis in in_force(on) if only is None or basis.row.item in only]


def _covered(basis: LegalBasis, serving: Sequence[Procedure], day: _Day, bought: tuple[Purchase, ...]) -> Covered:
    ways = [_way(procedure, basis.row.field, day) for procedure in serving]
    best = min(ways, key=lambda way: len(way.missing), default=None)
    missing = list(best.missing) if best else [Missing("procedure", "quy trình kiểm định", "a verification procedure")]
    if not any(covers(one, basis.row) for one in day.designations):
        missing.append(Missing("designation", "quyết định chỉ định kiểm định mục này",
                               "a decision that designates the body for it"))
    if not basis.may_carry_verdict:
        missing.append(Missing("confirmation", "xác nhận dòng này với văn bản gốc",
                               "the row to be confirmed with its original"))
    return Covered(basis, best, tuple(missing), bought)


def _way(procedure: Procedure, legal_field: str, day: _Day) -> Way:
    able = day.people.get(procedure.code, {})
    performers = able.get("perform", [])
    carded = [user for user in performers if any(names_field(card, legal_field) for card in day.cards.get(user, ()))]
    standards, missing = list[str](), list[Missing]()
    for slot in _slots(procedure):
        offered = day.offered[slot.quantity, slot.unit]
        usable = next((one for one in offered if one.selectable), None)
        if usable is not None:
            standards.append(usable.standard.asset_number)
        else:
            missing.append(_no_standard(slot.label.vi, slot.label.en, offered))
    missing += _no_people(performers, carded, able.get("approve", []), legal_field)
    return Way(procedure, tuple(standards), tuple(day.names.get(user, "") for user in carded), tuple(missing))


def _no_standard(vi: str, en: str, offered: Sequence[Candidate]) -> Missing:
    """A slot without a usable standard, with the reason against the nearest one."""
    if not offered:
        return Missing("standard", f"chuẩn: {vi}", f"standard: {en}")
    nearest = offered[0]
    reason = next(reason for reason in nearest.reasons if reason.hard)
    number = nearest.standard.asset_number
    return Missing("standard", f"chuẩn: {vi} ({number}: {reason.text.vi})",
                   f"standard: {en} ({number}: {reason.text.en})")


def _no_people(performers: Sequence[int], carded: Sequence[int], approvers: Sequence[int],
               legal_field: str) -> Iterator[Missing]:
    if not performers:
        yield Missing("person", "người được giao thực hiện", "somebody authorised to perform")
    elif not carded:
        yield Missing("card", f"thẻ kiểm định viên lĩnh vực {FIELDS.get(legal_field, legal_field)}",
                      f"an officer's card of the field {legal_field}")
    if not approvers:
        yield Missing("approver", "người được phê duyệt", "somebody who may approve")


def _slots(procedure: Procedure) -> tuple[StandardSlot, ...]:
    return tuple(with_units(procedure, {}).standards)


def _day(on: date, slots: Sequence[StandardSlot]) -> _Day:
    people: dict[str, dict[str, list[int]]] = {}
    names: dict[int, str] = {}
    for granted in session().scalars(sa.select(Authorisation).where(
            Authorisation.valid_from <= on, sa.or_(Authorisation.valid_to.is_(None), Authorisation.valid_to >= on))
            .order_by(Authorisation.id)):
        if granted.user.active:
            people.setdefault(granted.procedure_code, {}).setdefault(granted.activity, []).append(granted.user_id)
            names[granted.user_id] = granted.user.full_name
    cards: dict[int, list[str]] = {}
    for card in session().scalars(sa.select(OfficerCard).where(OfficerCard.in_force(on))):
        cards.setdefault(card.user_id, []).append(card.field)
    return _Day(people, cards, names, designations.in_force(on), candidates_of_each(slots, on))
