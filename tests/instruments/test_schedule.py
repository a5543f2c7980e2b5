"""Due dates counted from their origin, and limits of use counted from a log."""
from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.schedule import HORIZON, interval_due, nth_due, occurrences, use_due

UNITS = st.sampled_from(["days", "weeks", "months", "years"])
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(("origin", "count", "unit", "n", "due"), [
    (date(2026, 1, 31), 1, "months", 1, date(2026, 2, 28)),
    (date(2026, 1, 31), 1, "months", 2, date(2026, 3, 31)),
    (date(2028, 1, 31), 1, "months", 1, date(2028, 2, 29)),
    (date(2028, 2, 29), 12, "months", 1, date(2029, 2, 28)),
    (date(2028, 2, 29), 1, "years", 4, date(2032, 2, 29)),
    (date(2028, 2, 29), 1, "years", 1, date(2029, 2, 28)),
    (date(2026, 12, 31), 2, "months", 1, date(2027, 2, 28)),
    (date(2026, 11, 30), 3, "months", 1, date(2027, 2, 28)),
    (date(2026, 12, 28), 1, "weeks", 1, date(2027, 1, 4)),
    (date(2024, 2, 29), 365, "days", 1, date(2025, 2, 28)),
    (date(2096, 2, 29), 1, "years", 4, date(2100, 2, 28)),
])
def test_dates_of_a_series_are_counted_from_its_origin(origin: date, count: int, unit: str, n: int, due: date) -> None:
    assert nth_due(origin, count, unit, n) == due  # type: ignore[arg-type]


@given(DAYS, st.integers(1, 48))
def test_a_month_keeps_the_day_or_takes_its_last(origin: date, months: int) -> None:
    due = interval_due(origin, months, "months")
    assert (due.year * 12 + due.month) - (origin.year * 12 + origin.month) == months
    assert due.day == min(origin.day, calendar.monthrange(due.year, due.month)[1])


@given(DAYS, st.integers(1, 30), UNITS, st.integers(0, 900), st.integers(0, 900))
def test_occurrences_are_exactly_the_due_days_of_the_window(origin: date, count: int, unit: str, start: int,
                                                            length: int) -> None:
    first = origin + timedelta(days=start)
    last = first + timedelta(days=length)
    slow, n = [], 1
    while (day := nth_due(origin, count, unit, n)) <= last:  # type: ignore[arg-type]
        slow += [day] if day >= first else []
        n += 1
    assert list(occurrences(origin, count, unit, first, last)) == slow  # type: ignore[arg-type]


def test_a_limit_of_use_is_due_on_the_day_that_the_log_reaches_it() -> None:
    log = [(date(2026, 3, 1), Decimal("20")), (date(2026, 2, 1), Decimal("70.5")), (date(2026, 4, 1), Decimal("10")),
           (date(2026, 1, 1), Decimal("500"))]  # the origin's own day counts to the time before
    found = use_due(date(2026, 1, 1), Decimal(90), log, date(2026, 5, 1))
    assert (found.used, found.reached_on, found.due_on) == (Decimal("100.5"), date(2026, 3, 1), date(2026, 3, 1))


def test_before_that_it_is_forecast_from_the_use_so_far() -> None:
    found = use_due(date(2026, 1, 1), Decimal(100), [(date(2026, 1, 20), Decimal(25))], date(2026, 2, 10))  # 40 days
    assert (found.reached_on, found.due_on) == (None, date(2026, 1, 1) + timedelta(days=160))


def test_what_stands_still_is_forecast_at_the_horizon() -> None:
    found = use_due(date(2026, 1, 1), Decimal(100), [], date(2026, 2, 10))
    assert (found.used, found.due_on) == (Decimal(0), date(2026, 1, 1) + HORIZON)


@given(DAYS, st.integers(1, 500), st.lists(st.tuples(st.integers(0, 800), st.integers(1, 60)), max_size=30))
def test_reaching_the_limit_agrees_with_a_running_sum(origin: date, limit: int, entries: list[tuple[int, int]]) -> None:
    log = [(origin + timedelta(days=day), Decimal(amount)) for day, amount in entries]
    today = origin + timedelta(days=800)
    found = use_due(origin, Decimal(limit), log, today)
    by_day = [sum(amount for when, amount in entries if 0 < when <= day) for day in range(801)]
    reached = next((origin + timedelta(days=day) for day, total in enumerate(by_day) if total >= limit), None)
    assert (found.used, found.reached_on) == (by_day[-1], reached)
    assert found.due_on == reached or (reached is None and found.due_on >= min(today, origin + HORIZON))
