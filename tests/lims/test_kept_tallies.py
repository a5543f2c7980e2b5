"""The kept tallies equal what is counted from the schedules after any change of the register; the pages show them."""
from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lims.equipment import listing, plan, plan_overview, tally
from lims.equipment.models import STATES, Schedule, Standard
from lims.shared import clock
from lims.shared.db import session, write
from tests.lims.people import person
from tests.lims.standards import registered

SOON = st.integers(-40, 400)
INTERVALS = st.sampled_from([(10, "days"), (2, "weeks"), (1, "months"), (6, "months"), (1, "years"), (300, "uses")])
STEPS = st.lists(st.one_of(
    st.tuples(st.just("state"), st.integers(0, 5), st.sampled_from(STATES)),
    st.tuples(st.just("quantity"), st.integers(0, 5), st.sampled_from(["mass", "pressure"])),
    st.tuples(st.just("custodian"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("due"), st.integers(0, 17), st.one_of(st.none(), SOON)),
    st.tuples(st.just("interval"), st.integers(0, 17), INTERVALS),
    st.tuples(st.just("cost"), st.integers(0, 17), st.sampled_from([None, Decimal("1200000"), Decimal("0.5")])),
    st.tuples(st.just("active"), st.integers(0, 17), st.booleans()),
    st.tuples(st.just("new"), st.integers(0, 5), SOON), st.tuples(st.just("gone"), st.integers(0, 17), st.none()),
), min_size=1, max_size=12)


def six(by: Any) -> None:
    """Standards with three schedules each."""
    for number in range(6):
        row = registered(by, f"CH-{number}", months=6 if number % 2 else 12)
        with write("test.more", actor=("", "test")) as current:
            for duty in ("intermediate_check", "maintenance"):
                current.add(Schedule(standard_id=row.id, duty=duty, interval_count=1, interval_unit="months",
                                     due_on=clock.today() + timedelta(days=5 * number), provider="Viện Đo lường"))


def step(kind: str, at: int, value: Any, by_id: int) -> None:
    """One change of the register, past every rule of its services."""
    with write("test.step", actor=("", "test")) as current:
        standards = current.scalars(sa.select(Standard).order_by(Standard.id)).unique().all()
        lines = current.scalars(sa.select(Schedule).order_by(Schedule.id)).all()
        line = lines[at % len(lines)]
        if kind == "state":
            standards[at].state = value
        elif kind == "quantity":
            standards[at].quantity = value
        elif kind == "custodian":
            standards[at].custodian_id = by_id if value else None
        elif kind == "due":
            line.due_on = None if value is None else clock.today() + timedelta(days=value)
            line.last_done_on = None if value is None else line.due_on - timedelta(days=181)  # type: ignore[operator]
        elif kind == "interval":
            line.interval_count, line.interval_unit = value
        elif kind == "cost":
            line.cost = value
        elif kind == "active":
            line.active = value
        elif kind == "new":
            label = f"thêm {len(lines)} {value} {lines[-1].id}"
            current.add(Schedule(standard_id=standards[at].id, duty="maintenance", label=label, interval_count=3,
                                 interval_unit="months", due_on=clock.today() + timedelta(days=value)))
        elif (line.duty, line.label) != ("calibration", ""):
            current.delete(line)


def test_the_tallies_equal_the_count_after_any_changes(app_on_both: Any) -> None:
    by = person("quality_manager")
    six(by)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS, st.integers(0, 14))
    def changed(steps: list[tuple[str, int, Any]], ahead: int) -> None:
        for kind, at, value in steps:
            step(kind, at, value, by.id)
        assert tally.kept(session()) == tally.counted(session())
        shown_as_listed(ahead)
        lights_as_listed(by.id)
        session().rollback()

    changed()


def shown_as_listed(ahead: int) -> None:
    """The months counted in groups are those of the plan listed line by line, and what is shown stands in it."""
    today = clock.today()
    first = plan.add_months(today.replace(day=1), ahead)
    last = plan.add_months(first, 3) - timedelta(days=1)
    lines = plan.planned(first, last, today)
    found = plan_overview.overview(first, 3, today)
    assert found.days == Counter(line.on for line in lines)
    assert found.months == plan.months(lines, first, 3)
    assert (found.providers, found.cost) == (plan.by_provider(lines), sum(line.cost or 0 for line in lines))
    few = plan_overview.shown(found, dict.fromkeys(found.days, 2))
    assert {day: len(some) for day, some in few.items()} == {day: min(2, n) for day, n in found.days.items()}
    assert {line for some in few.values() for line in some} <= set(lines)
    every = plan_overview.shown(found, dict(found.days))
    assert sorted((line for some in every.values() for line in some), key=plan.order) == lines


def lights_as_listed(by_id: int) -> None:
    """The lights of a filter are those of its lines."""
    for other in ({}, {"quantity": "mass"}, {"custodian": by_id}, {"state": "in_use"}, {"text": "ch"},
                  {"quantity": "pressure", "custodian": by_id}):
        wanted = listing.Filter(today=clock.today(), window=45, **other)
        lines = listing.everything(wanted)
        found = listing.tally(wanted)
        assert found.lights.pop("") == len(lines)
        assert {light: n for light, n in found.lights.items() if n} == Counter(line.light for line in lines)
        months = Counter(line.due_on.replace(day=1) for line in lines if line.due_on and line.due_on >= clock.today())
        assert dict(found.months) == {first: months[first] for first, _n in found.months}


def test_a_tally_that_was_lost_is_made_again(app_on_both: Any) -> None:
    six(person("quality_manager"))
    with write("test.lose", actor=("", "test")) as current:
        current.execute(sa.update(tally.RecallTally).values(number=99))
        current.execute(sa.delete(tally.DutyLine))
    faults = [fault.partition(":")[0] for fault in tally.out_of_step(session())]
    assert faults == [*(f"duty_line {number}" for number in range(1, len(faults))), "recall_tally"]
    assert len(faults) > 6
    with write("test.rebuild", actor=("", "test")) as current:
        tally.rebuild(current)
    assert not list(tally.out_of_step(session()))
    assert listing.tally(listing.Filter(today=date(2026, 11, 23), window=45)).lights[""] == 6
