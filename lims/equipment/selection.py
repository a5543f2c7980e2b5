"""Which standards may serve a slot of a worksheet on a day, and why the others may not (features A4, A5)."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

import sqlalchemy as sa

from instruments.eligibility import Candidate as Facts
from instruments.eligibility import Need, Reason, reasons_against
from instruments.procedure_model import StandardSlot
from instruments.sheet import SlotNeed
from instruments.traceability import Link, chain_faults
from instruments.words import Words
from lims.equipment import facts
from lims.equipment.chain import links_above, load
from lims.equipment.facts import as_standard_data, certificate_on, rests_on_parts
from lims.equipment.models import Standard, StandardCertificate, StandardFunction, StandardStateChange
from lims.equipment.reservations import reserved_by
from lims.equipment.states import state_at
from lims.shared.clock import LOCAL_ZONE
from lims.shared.db import session
from lims.shared.errors import Invalid

__all__ = ["ANYWHERE", "Candidate", "Circumstances", "as_standard_data", "assess", "candidates", "candidates_of_each",
           "certificate_on", "require_selectable"]


@dataclass(frozen=True)
class Circumstances:
    """Who measures (None: reservations are not asked about), and what was read at the place: "temperature" in °C,
    "humidity" in %."""

    user_id: int | None = None
    conditions: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)


ANYWHERE = Circumstances()


@dataclass(frozen=True)
class Candidate:
    """A standard offered for a slot. `certificate` is the one whose values count on the day; None where there is none,
    or where those of its `parts` count, which then are all."""

    standard: Standard
    certificate: StandardCertificate | None
    reasons: tuple[Reason, ...]
    """Hard ones first; empty when nothing stands against it."""
    function: StandardFunction | None
    """Which of its functions serves; None: its first."""
    selectable: bool
    """No hard reason. With soft ones a person with `standards.override` may choose it, giving a reason."""
    parts: Sequence[facts.Borne] = ()

    @property
    def needs_override(self) -> bool:
        return self.selectable and bool(self.reasons)

    @property
    def certificate_id(self) -> int | None:
        """The certificate that a sheet notes with it; None for a set whose parts are noted with theirs."""
        return None if self.certificate is None else self.certificate.id

    @property
    def borne(self) -> Sequence[facts.Borne]:
        """Whose certificates give its values on the day: its own or those of its parts; none where one is missing."""
        return self.parts if self.certificate is None else [(self.standard, self.certificate)]

    @property
    def until(self) -> date | None:
        """Last day of use under the certificates that count; the first end among those of its parts."""
        return facts.first_end(self.borne)

    def counts_other_than(self, certificate_id: int | None) -> bool:
        """Whether other values count on the day than those of this certificate (None: of the parts)."""
        return bool(self.borne) and self.certificate_id != certificate_id


def candidates(slot: SlotNeed | StandardSlot, on: date, around: Circumstances = ANYWHERE) -> list[Candidate]:
    """Every standard with the slot's quantity: free ones first, then soft reasons, then hard, each by asset number.

    A `SlotNeed` (from `instruments.sheet.layout`) also compares range and U. Retired standards are left out. What is
    reserved for somebody else, or not made for the conditions `around`, has a soft reason against it.
    """
    rows = _of_quantities([slot.quantity])
    return _in_order(_judge(rows, _need(slot, on), around, _known_of(rows, on, around)))


def candidates_of_each(slots: Collection[StandardSlot], on: date) -> dict[tuple[str, str], list[Candidate]]:
    """By quantity and unit what `candidates` gives for each slot; the register is read once for all of them."""
    rows = _of_quantities({slot.quantity for slot in slots})
    known, found = _known_of(rows, on, ANYWHERE), dict[tuple[str, str], list[Candidate]]()
    for slot in slots:
        if (slot.quantity, slot.unit) not in found:
            own = [row for row in rows if row.quantity == slot.quantity or any(
                one.active and one.quantity == slot.quantity for one in row.functions)]
            found[slot.quantity, slot.unit] = _in_order(_judge(own, _need(slot, on), ANYWHERE, known))
    return found


def assess(standard_ids: Collection[int], slot: SlotNeed | StandardSlot, on: date,
           around: Circumstances = ANYWHERE) -> dict[int, Candidate]:
    """The same judgement for standards already chosen (preflight), whatever their quantity or state, by id."""
    rows = load(Standard.id.in_(standard_ids))
    return {one.standard.id: one for one in _judge(rows, _need(slot, on), around, _known_of(rows, on, around))}


def require_selectable(standard_id: int, slot: SlotNeed | StandardSlot, on: date,
                       around: Circumstances = ANYWHERE) -> Candidate:
    """The standard judged for the slot. Raises Invalid at `standard`, naming the reasons, when one is hard."""
    found = assess([standard_id], slot, on, around).get(standard_id)
    if found is None:
        raise Invalid("Không có chuẩn này.", "No such standard.", "standard")
    if not found.selectable:
        hard = [reason.text for reason in found.reasons if reason.hard]
        name = found.standard.asset_number
        raise Invalid(f"Không dùng được {name}: " + "; ".join(text.vi for text in hard) + ".",
                      f"{name} cannot be used: " + "; ".join(text.en for text in hard) + ".", "standard")
    return found


@dataclass(frozen=True)
class _Known:
    """What the register says of some standards on a day beside their own rows."""

    end: datetime
    parts: Mapping[int, list[Standard]]
    changes: Mapping[int, list[tuple[datetime, str]]]
    kept: Mapping[int, str]
    chain: Mapping[str, tuple[Link, ...]]


def _of_quantities(quantities: Collection[str]) -> list[Standard]:
    further = sa.exists().where(StandardFunction.standard_id == Standard.id, StandardFunction.active,
                                StandardFunction.quantity.in_(quantities))
    return load(sa.or_(Standard.quantity.in_(quantities), further), Standard.state != "retired")


def _in_order(found: list[Candidate]) -> list[Candidate]:
    return sorted(found, key=lambda one: (not one.selectable, one.needs_override, one.standard.asset_number))


def _known_of(rows: list[Standard], on: date, around: Circumstances) -> _Known:
    parts = _parts([row.id for row in rows])
    return _Known(
        datetime.combine(on, time.max, tzinfo=LOCAL_ZONE), parts,
        _changes([row.id for row in [*rows, *(part for found in parts.values() for part in found)]]),
        {} if around.user_id is None else reserved_by([row.id for row in rows], on, around.user_id),
        links_above(rows))


def _judge(rows: list[Standard], need: Need, around: Circumstances, known: _Known) -> list[Candidate]:
    judged = []
    for row in rows:
        by_parts = rests_on_parts(row, need.on)
        faults = tuple(fault for part in known.parts.get(row.id, ())
                       for fault in _part_faults(part, need.on, known.changes, known.end, by_parts))
        own = Facts(asset_number=row.asset_number, quantity=row.quantity,
                    state=state_at(row.state, known.changes.get(row.id, ()), known.end), certificates=(),
                    part_faults=faults, reserved_by=known.kept.get(row.id),
                    environment_ok=_suits(row, around.conditions))
        judged.append(min((_function(row, function, own, need, known.chain) for function in _functions(row, need)),
                          key=lambda one: (not one.selectable, len(one.reasons))))
    return judged


def _functions(row: Standard, need: Need) -> list[StandardFunction | None]:
    """The functions that measure the quantity; the first one when none does, so that a reason can be given."""
    found: list[StandardFunction | None] = [one for one in row.functions
                                            if one.active and one.quantity == need.quantity]
    return [None, *found] if row.quantity == need.quantity or not found else found


def _function(row: Standard, function: StandardFunction | None, own: Facts, need: Need,
              chain: Mapping[str, tuple[Link, ...]]) -> Candidate:
    on, function_id = need.on, function.id if function else None
    links = {**chain, row.asset_number: facts.links(row, function_id)}
    by_parts = function is None and rests_on_parts(row, on)
    parts = facts.borne_by(row, on) if by_parts else []
    given = replace(own, quantity=function.quantity if function else row.quantity,
                    certificates=facts.span_of_parts(parts, need.unit) if by_parts
                    else facts.spans(row, need.unit, function_id),
                    chain_ok=not _broken_above(row, row.parts if by_parts else (), on, links))
    reasons = reasons_against(given, need)
    return Candidate(row, certificate_on(row, on, function_id), reasons, function,
                     not any(reason.hard for reason in reasons), parts)


def _parts(standard_ids: list[int]) -> dict[int, list[Standard]]:
    found: dict[int, list[Standard]] = {}
    for part in load(Standard.part_of_id.in_(standard_ids), Standard.state != "retired"):
        if part.part_of_id is not None:
            found.setdefault(part.part_of_id, []).append(part)
    return found


def _part_faults(part: Standard, on: date, changes: Mapping[int, list[tuple[datetime, str]]],
                 end: datetime, certified: bool) -> Iterator[Words]:
    """A part is asked about its state, and about its due date when it has certificates of its own; `certified`: it must
    have one."""
    state = state_at(part.state, changes.get(part.id, ()), end)
    if state != "in_use":
        yield Words(f"bộ phận {part.asset_number} {_STATE_WORDS[state].vi}",
                    f"its part {part.asset_number} is {_STATE_WORDS[state].en}")
    certificates = [certificate_on(part, on, function_id)
                    for function_id in {row.function_id for row in facts.standing(part.certificates)}]
    if (certificates or certified) and not any(certificates):
        yield Words(f"bộ phận {part.asset_number} chưa có giấy chứng nhận vào ngày đo",
                    f"its part {part.asset_number} has no certificate yet on that day")
    for certificate in certificates:
        until = facts.valid_through(part, certificate) if certificate else None
        if until is not None and until < on:
            yield Words(f"bộ phận {part.asset_number} hết hạn ngày {until:%d/%m/%Y}",
                        f"its part {part.asset_number} was due on {until:%d/%m/%Y}")


def _suits(row: Standard, conditions: Mapping[str, Sequence[Decimal]]) -> bool:
    """Whether everything read at the place lies inside the conditions of the standard."""
    limits = {"temperature": (row.temperature_low, row.temperature_high),
              "humidity": (row.humidity_low, row.humidity_high)}
    return all((low is None or value >= low) and (high is None or value <= high)
               for kind, (low, high) in limits.items() for value in conditions.get(kind, ()))


_STATE_WORDS = {
    "out_for_calibration": Words("đang gửi hiệu chuẩn", "out for calibration"),
    "quarantined": Words("đang cách ly", "quarantined"),
    "out_of_service": Words("ngừng sử dụng", "out of service"),
    "retired": Words("đã thanh lý", "retired"),
}


def _need(slot: SlotNeed | StandardSlot, on: date) -> Need:
    if isinstance(slot, SlotNeed):
        return Need(on, slot.quantity, slot.unit, slot.lower, slot.upper, slot.u_at_most, slot.u_limits)
    return Need(on, slot.quantity, slot.unit)


def _changes(standard_ids: list[int]) -> Mapping[int, list[tuple[datetime, str]]]:
    found: dict[int, list[tuple[datetime, str]]] = {}
    query = sa.select(StandardStateChange.standard_id, StandardStateChange.at, StandardStateChange.state).where(
        StandardStateChange.standard_id.in_(standard_ids)).order_by(StandardStateChange.id)
    for standard_id, at, state in session().execute(query):
        found.setdefault(standard_id, []).append((at, state))
    return found


def _broken_above(row: Standard, parts: Iterable[Standard], on: date, chain: Mapping[str, tuple[Link, ...]]) -> bool:
    """Whether the chain fails anywhere; missing or ended certificates of the standard itself, and of the parts that
    give its values, have reasons of their own."""
    own = {row.asset_number, *(part.asset_number for part in parts)}
    return any(fault.standard not in own or fault.code not in ("uncertified", "expired")
               for fault in chain_faults(row.asset_number, on, chain))
