"""Which standards may serve on the measuring day; nobody can choose one that may not (features A4, A5, A7)."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from instruments.library import load_shipped, shipped_names
from instruments.sheet import SlotNeed
from instruments.words import Words
from lims.equipment import certificates
from lims.equipment.selection import (
    Candidate,
    as_standard_data,
    assess,
    candidates,
    candidates_of_each,
    require_selectable,
)
from lims.equipment.service import change_state
from lims.equipment.states import STATES, TRANSITIONS, require_transition, state_at
from lims.equipment.table import TypedRow
from lims.equipment.words import QUANTITY, STATE
from lims.shared.db import write
from lims.shared.errors import Conflict, Invalid
from tests.lims.counting import statements_of
from tests.lims.people import person
from tests.lims.standards import PRESSURE, certified, registered

DAY = date(2026, 11, 23)
SLOT = SlotNeed(key="ref", label=Words("Áp kế chuẩn", "Reference gauge"), quantity="pressure", unit="bar", lower=0.0,
                upper=16.0, u_at_most=0.01, min_count=1, max_count=1)


def only(on: date = DAY, slot: SlotNeed = SLOT) -> Candidate:
    (found,) = candidates(slot, on)
    return found


def codes(on: date = DAY, slot: SlotNeed = SLOT) -> list[str]:
    return [reason.code for reason in only(on, slot).reasons]


def test_a_standard_in_order_is_offered_with_the_values_of_the_day(app_on_both: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by, drift_half_width=Decimal("0.002"), resolution=Decimal("0.001"), mpe=Decimal("0.008"))
    old = certified(gauge, by, date(2025, 8, 14))
    new = certified(gauge, by, date(2026, 8, 14), rows=(PRESSURE[0], TypedRow("16", "16,003", "0,005", "2,02")))
    assert [(only(day).certificate, only(day).reasons) for day in (date(2026, 8, 13), DAY)] == [(old, ()), (new, ())]
    data = as_standard_data(gauge, new)
    assert (data.asset_number, data.certificate_number, data.drift, data.resolution, data.mpe) == (
        "CH-AS-014", new.number, 0.002, 0.001, 0.008)
    assert [(point.nominal, point.value, point.U, point.k) for point in data.points] == [
        (0.0, 0.0, 0.004, 2.0), (16.0, 16.003, 0.005, 2.02)]


def test_many_slots_are_judged_as_each_alone_with_one_reading_of_the_register(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 8, 14))
    certified(registered(by, "CH-AS-021"), by, date(2025, 8, 14))  # overdue
    part = registered(by, "CH-AS-030")
    change_state(part.id, "quarantined", "rơi", expected="in_use", by=by)
    with write("test.part", actor=("", "test")):
        part.part_of_id = gauge.id
    registered(by, "CH-KL-001", quantity="mass", unit="g")
    slots = [slot for name in shipped_names() for slot in load_shipped(name).standards]
    assert {"pressure", "mass"} < {slot.quantity for slot in slots}
    together = candidates_of_each(slots, DAY)
    for slot in slots:
        assert together[slot.quantity, slot.unit] == candidates(slot, DAY), slot.label.en
    assert [one.reasons[0].code for one in together["pressure", "bar"]] == ["part", "overdue", "state"]
    few = [slot for slot in slots if slot.quantity == "pressure"]
    assert statements_of(lambda: candidates_of_each(slots, DAY)) == statements_of(
        lambda: candidates_of_each(few, DAY))


def test_a_standard_serves_through_its_due_date_and_not_after(app: Any) -> None:
    by = person("quality_manager")
    certified(registered(by), by, date(2025, 11, 23))
    assert (codes(date(2026, 11, 23)), codes(date(2026, 11, 24))) == ([], ["overdue"])


HARD = {
    "uncertified": (date(2026, 8, 13), SLOT),
    "overdue": (date(2027, 8, 15), SLOT),
    "out_of_range": (DAY, replace(SLOT, upper=16.1)),
    "wrong_unit": (DAY, replace(SLOT, unit="°C")),
}


@pytest.mark.parametrize("code", HARD)
def test_a_hard_reason_cannot_be_overridden(app: Any, code: str) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 8, 14))
    day, slot = HARD[code]
    found = only(day, slot)
    assert ([reason.code for reason in found.reasons], found.selectable) == ([code], False)
    with pytest.raises(Invalid, match="cannot be used"):
        require_selectable(gauge.id, slot, day)


def test_a_soft_reason_can_be_overridden(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 8, 14))
    slot = replace(SLOT, u_at_most=0.003)
    found = require_selectable(gauge.id, slot, DAY)
    assert ([reason.code for reason in found.reasons], found.needs_override) == (["requirement"], True)


def test_ranges_and_U_are_compared_in_the_unit_of_the_slot(app: Any) -> None:
    by = person("quality_manager")
    certified(registered(by), by, date(2026, 8, 14))
    kilopascal = replace(SLOT, unit="kPa", upper=1600.0, u_at_most=0.41)
    assert (codes(slot=kilopascal), codes(slot=replace(kilopascal, u_at_most=0.39))) == ([], ["requirement"])


def test_the_register_may_narrow_the_range_of_the_certificate(app: Any) -> None:
    by = person("quality_manager")
    certified(registered(by, range_low=Decimal(0), range_high=Decimal(10)), by, date(2026, 8, 14))
    assert codes() == ["out_of_range"]


@pytest.mark.parametrize("state", ["out_for_calibration", "quarantined", "out_of_service"])
def test_a_standard_out_of_use_is_greyed_with_its_state(app_on_both: Any, state: str) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    certified(gauge, by, date(2026, 8, 14))
    change_state(gauge.id, state, "lý do", expected="in_use", by=by)
    assert ([reason.params["state"] for reason in only().reasons], only().selectable) == ([state], False)


def test_a_corrected_certificate_no_longer_counts_for_any_day(app: Any) -> None:
    by = person("quality_manager")
    gauge = registered(by)
    wrong = certified(gauge, by, date(2026, 8, 14))
    certificates.void_certificate(gauge.id, wrong.id, "nhầm chuẩn", by=by)
    assert (codes(), only().certificate) == (["uncertified"], None)


def test_a_chain_broken_above_keeps_a_standard_back(app_on_both: Any) -> None:
    by = person("quality_manager")
    top, gauge = registered(by, "CH-AS-001", quantity="other"), registered(by)
    certified(top, by, date(2025, 1, 10))
    certified(gauge, by, date(2026, 8, 14), route="internal", parent_ids=[top.id])
    assert codes() == ["chain"]
    certified(top, by, date(2026, 1, 10))
    assert codes() == []


def test_free_standards_come_first_then_those_held_back(app: Any) -> None:
    by = person("quality_manager")
    for number, day in (("C", date(2024, 1, 1)), ("B", date(2026, 8, 14)), ("A", date(2024, 1, 1))):
        certified(registered(by, number), by, day)
    assert [one.standard.asset_number for one in candidates(SLOT, DAY)] == ["B", "A", "C"]


def test_a_standard_of_another_quantity_is_not_offered_and_is_refused_when_scanned(app: Any) -> None:
    by = person("quality_manager")
    weight = registered(by, quantity="mass")
    certified(weight, by, date(2026, 8, 14))
    assert candidates(SLOT, DAY) == []
    assert [reason.code for reason in assess([weight.id], SLOT, DAY)[weight.id].reasons] == ["wrong_quantity"]


def test_offering_many_standards_asks_no_more_questions_than_offering_few(app: Any) -> None:
    by = person("quality_manager")
    for number in range(2):
        certified(registered(by, f"A-{number}"), by, date(2026, 8, 14))
    few = statements_of(lambda: candidates(SLOT, DAY))
    by = person("head")
    for number in range(4):
        certified(registered(by, f"B-{number}"), by, date(2026, 8, 14))
    assert statements_of(lambda: candidates(SLOT, DAY)) == few


# ---- states ----

EARLY, LATE = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 25, tzinfo=UTC)
END = datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(("current", "changes", "counts"), [
    ("in_use", [], "in_use"),
    ("out_for_calibration", [(EARLY, "in_use"), (LATE, "out_for_calibration")], "in_use"),
    ("in_use", [(EARLY, "out_for_calibration"), (LATE, "in_use")], "out_for_calibration"),
    ("quarantined", [(EARLY, "in_use"), (LATE, "quarantined")], "quarantined"),
    ("retired", [(EARLY, "in_use"), (LATE, "retired")], "in_use"),
    ("in_use", [(LATE, "in_use")], "in_use")])
def test_the_state_of_the_measuring_day_counts_but_suspicion_reaches_back(
        current: str, changes: list[tuple[datetime, str]], counts: str) -> None:
    assert state_at(current, changes, END) == counts


def test_every_state_has_words_and_a_way_out() -> None:
    assert set(STATES) == set(STATE) == set(TRANSITIONS)
    assert all(TRANSITIONS.values())


@pytest.mark.parametrize(("source", "target"), [("retired", "in_use"), ("in_use", "in_use"), ("in_use", "lost")])
def test_an_impossible_step_is_refused(source: str, target: str) -> None:
    with pytest.raises(Conflict):
        require_transition(source, target)


def test_the_register_knows_the_quantity_of_every_slot_of_the_shipped_procedures() -> None:
    slots: Mapping[str, set[str]] = {
        name: {slot.quantity for slot in load_shipped(name).standards} for name in shipped_names()}
    assert set().union(*slots.values()) <= set(QUANTITY)
