"""Which standards may serve a slot of a worksheet on a day, and why the others may not (features A4, A5)."""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import sqlalchemy as sa

from instruments.eligibility import Candidate as Facts
from instruments.eligibility import Need, Reason, reasons_against
from instruments.procedure_model import StandardSlot
from instruments.sheet import SlotNeed
from instruments.traceability import Link, chain_faults
from lims.equipment import facts
from lims.equipment.chain import links_above, load
from lims.equipment.facts import as_standard_data, certificate_on
from lims.equipment.models import Standard, StandardCertificate, StandardStateChange
from lims.equipment.states import state_at
from lims.shared.clock import LOCAL_ZONE
from lims.shared.db import session
from lims.shared.errors import Invalid

__all__ = ["Candidate", "as_standard_data", "assess", "candidates", "certificate_on", "require_selectable"]


@dataclass(frozen=True)
class Candidate:
    """A standard offered for a slot. `certificate` is the one whose values count on the day."""

    standard: Standard
    certificate: StandardCertificate | None
    reasons: tuple[Reason, ...]
    """Hard ones first; empty when nothing stands against it."""
    selectable: bool
    """No hard reason. With soft ones a person with `standards.override` may choose it, giving a reason."""

    @property
    def needs_override(self) -> bool:
        return self.selectable and bool(self.reasons)


def candidates(slot: SlotNeed | StandardSlot, on: date) -> list[Candidate]:
    """Every standard of the slot's quantity: free ones first, then soft reasons, then hard, each by asset number.

    A `SlotNeed` (from `instruments.sheet.layout`) also compares range and U. Retired standards are left out.
    """
    rows = load(Standard.quantity == slot.quantity, Standard.state != "retired")
    return sorted(_judge(rows, slot, on),
                  key=lambda one: (not one.selectable, one.needs_override, one.standard.asset_number))


def assess(standard_ids: Collection[int], slot: SlotNeed | StandardSlot, on: date) -> dict[int, Candidate]:
    """The same judgement for standards already chosen (preflight), whatever their quantity or state, by id."""
    return {one.standard.id: one for one in _judge(load(Standard.id.in_(standard_ids)), slot, on)}


def require_selectable(standard_id: int, slot: SlotNeed | StandardSlot, on: date) -> Candidate:
    """The standard judged for the slot. Raises Invalid at `standard`, naming the reasons, when one is hard."""
    found = assess([standard_id], slot, on).get(standard_id)
    if found is None:
        raise Invalid("Không có chuẩn này.", "No such standard.", "standard")
    if not found.selectable:
        hard = [reason.text for reason in found.reasons if reason.hard]
        name = found.standard.asset_number
        raise Invalid(f"Không dùng được {name}: " + "; ".join(text.vi for text in hard) + ".",
                      f"{name} cannot be used: " + "; ".join(text.en for text in hard) + ".", "standard")
    return found


def _judge(rows: list[Standard], slot: SlotNeed | StandardSlot, on: date) -> list[Candidate]:
    need = _need(slot, on)
    changes = _changes([row.id for row in rows])
    chain = links_above(rows)
    end = datetime.combine(on, time.max, tzinfo=LOCAL_ZONE)
    judged = []
    for row in rows:
        reasons = reasons_against(
            Facts(asset_number=row.asset_number, quantity=row.quantity,
                  state=state_at(row.state, changes.get(row.id, ()), end), certificates=facts.spans(row, slot.unit),
                  chain_ok=not _broken_above(row.asset_number, on, chain)), need)
        judged.append(Candidate(row, certificate_on(row, on), reasons, not any(reason.hard for reason in reasons)))
    return judged


def _need(slot: SlotNeed | StandardSlot, on: date) -> Need:
    if isinstance(slot, SlotNeed):
        return Need(on, slot.quantity, slot.unit, slot.lower, slot.upper, slot.u_at_most)
    return Need(on, slot.quantity, slot.unit)


def _changes(standard_ids: list[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    query = sa.select(StandardStateChange.standard_id, StandardStateChange.at, StandardStateChange.state).where(
        StandardStateChange.standard_id.in_(standard_ids))
    for standard_id, at, state in session().execute(query):
        found.setdefault(standard_id, []).append((at, state))
    return found


def _broken_above(asset_number: str, on: date, chain: Mapping[str, tuple[Link, ...]]) -> bool:
    """Whether the chain fails anywhere; the standard's own missing or ended certificate has a reason of its own."""
    return any(fault.standard != asset_number or fault.code not in ("uncertified", "expired")
               for fault in chain_faults(asset_number, on, chain))
