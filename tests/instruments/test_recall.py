"""Due dates, states, alert stages and the recall list."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.recall import (
    STAGES,
    RecallItem,
    Stage,
    due_date,
    due_state,
    recall_list,
    stage_due,
)

D = date


@pytest.mark.parametrize(
    ("origin", "months", "due"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2023, 8, 31), 6, D(2024, 2, 29)),
        (D(2026, 8, 31), 6, D(2027, 2, 28)),
        (D(2026, 12, 15), 1, D(2027, 1, 15)),
        (D(2026, 3, 31), 3, D(2026, 6, 30)),
        (D(2099, 12, 31), 2, D(2100, 2, 28)),
        (D(1999, 12, 31), 2, D(2000, 2, 29)),
        (D(2026, 11, 23), 12, D(2027, 11, 23)),
        (D(2026, 11, 23), 18, D(2028, 5, 23)),
    ],
)
def test_months_are_calendar_months_with_the_last_day_of_a_shorter_one(origin: date, months: int, due: date) -> None:
    assert due_date(origin, months=months) == due


def _step_by_step(origin: date, months: int) -> date:
    """Independent: walk to the first of each following month, then as many days as the wanted month has."""
    first = origin.replace(day=1)
    for _ in range(months):
        first = (first + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=origin.day - 1), last)


def test_four_hundred_dates_agree_with_walking_month_by_month() -> None:
    """Every month end, leap days and the days beside them, over periods in legal use."""
    ends = [D(2027, month, 1) - timedelta(days=offset) for month in range(2, 13) for offset in (1, 2, 0)]
    leap = [D(year, month, day) for year in (2000, 2024, 2028) for month, day in ((2, 28), (2, 29), (3, 1))]
    cases = list(product([*ends, *leap], (1, 3, 6, 12, 18, 24, 36, 48, 60, 72)))
    assert len(cases) >= 400
    assert [case for case in cases if due_date(case[0], months=case[1]) != _step_by_step(*case)] == []


def test_days_are_plain_days() -> None:
    assert due_date(D(2024, 2, 28), days=2) == D(2024, 3, 1)


@pytest.mark.parametrize(("months", "days"), [(0, 0), (1, 1), (-1, 0), (0, -5), (-12, 30)])
def test_an_interval_is_months_or_days_and_positive(months: int, days: int) -> None:
    with pytest.raises(ValueError, match="interval"):
        due_date(D(2026, 1, 1), months=months, days=days)


def test_later_due_dates_are_counted_from_the_origin_not_from_the_clamped_one() -> None:
    assert [due_date(D(2026, 1, 31), months=n) for n in (1, 2, 3)] == [D(2026, 2, 28), D(2026, 3, 31), D(2026, 4, 30)]


@settings(max_examples=100, deadline=None)
@given(st.dates(D(1990, 1, 1), D(2090, 1, 1)), st.integers(1, 120))
def test_a_due_date_is_later_and_never_past_the_wanted_month(origin: date, months: int) -> None:
    due = due_date(origin, months=months)
    assert due > origin
    assert (due.year * 12 + due.month) - (origin.year * 12 + origin.month) == months
    assert due.day <= origin.day


@pytest.mark.parametrize(
    ("days_left", "state"),
    [(61, "in_date"), (60, "due_soon"), (1, "due_soon"), (0, "due_soon"), (-1, "overdue"), (-400, "overdue")],
)
def test_a_standard_is_usable_on_its_due_date_and_overdue_the_day_after(days_left: int, state: str) -> None:
    today = D(2026, 11, 23)
    assert due_state(today + timedelta(days=days_left), today) == state


@pytest.mark.parametrize(
    ("days_left", "sent", "stage"),
    [
        (61, (), None),
        (60, (), "60"),
        (59, ("60",), None),
        (45, (), "60"),
        (30, ("60",), "30"),
        (10, ("60",), "30"),
        (7, ("60", "30"), "7"),
        (0, ("60", "30", "7"), "0"),
        (-1, ("60", "30", "7", "0"), "overdue"),
        (-90, ("overdue",), None),
        (-1, (), "overdue"),
        (5, ("overdue",), None),
    ],
)
def test_the_stage_of_today_is_announced_once(days_left: int, sent: tuple[Stage, ...], stage: Stage | None) -> None:
    today = D(2026, 11, 23)
    assert stage_due(today + timedelta(days=days_left), today, sent) == stage


@settings(max_examples=60, deadline=None)
@given(st.sets(st.integers(-40, 80), min_size=1))
def test_however_often_it_runs_each_stage_is_sent_at_most_once_and_in_order(days_run: set[int]) -> None:
    due = D(2026, 11, 23)
    sent: list[Stage] = []
    for days_left in sorted(days_run, reverse=True):
        for _ in range(2):
            stage = stage_due(due, due - timedelta(days=days_left), sent)
            if stage is not None:
                sent.append(stage)
    assert sent == sorted(set(sent), key=STAGES.index)


def test_the_recall_list_has_what_is_due_most_urgent_first_and_no_retired_one() -> None:
    on = D(2026, 11, 23)
    items = [
        RecallItem("in time", D(2027, 6, 1), "in_use"),
        RecallItem("soon", D(2026, 12, 23), "in_use"),
        RecallItem("last day", D(2026, 12, 23), "quarantined"),
        RecallItem("late", D(2026, 11, 22), "out_for_calibration"),
        RecallItem("never", None, "in_use"),
        RecallItem("gone", D(2020, 1, 1), "retired"),
    ]
    lines = recall_list(items, on, within_days=30)
    assert [(line.item.key, line.due_state, line.days_left) for line in lines] == [
        ("never", "overdue", None),
        ("late", "overdue", -1),
        ("last day", "due_soon", 30),
        ("soon", "due_soon", 30),
    ]
