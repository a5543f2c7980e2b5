"""Hours of use from spans and from an hour meter."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from instruments.use_log import Readout, beyond_sheets, by_meter, hours

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 27)


def span(day: date, begin: str, end: str) -> tuple[date, datetime, datetime]:
    return day, *(datetime.combine(day, datetime.strptime(one, "%H:%M").time()) for one in (begin, end))


def test_devices_measured_at_once_count_their_standard_once() -> None:
    spans = [span(MONDAY, "08:00", "10:00"), span(MONDAY, "09:30", "11:15"), span(MONDAY, "09:00", "09:20"),
             span(TUESDAY, "08:00", "08:30"), span(MONDAY, "14:00", "15:00")]
    assert hours(spans) == [(MONDAY, Decimal("4.25")), (TUESDAY, Decimal("0.50"))]


def test_between_two_readouts_the_meter_counts_and_outside_them_the_log() -> None:
    log = [(MONDAY, Decimal(3)), (TUESDAY, Decimal(1)), (date(2026, 11, 25), Decimal(2)), (FRIDAY, Decimal(5))]
    found = by_meter(log, [Readout(date(2026, 11, 25), Decimal(110)), Readout(MONDAY, Decimal(100))])
    assert found == [(MONDAY, Decimal(3)), (TUESDAY, Decimal("3.33")), (date(2026, 11, 25), Decimal("6.67")),
                     (FRIDAY, Decimal(5))]


def test_use_that_nobody_counted_stands_on_the_day_of_the_readout_and_a_new_meter_begins_anew() -> None:
    readouts = [Readout(MONDAY, Decimal(100)), Readout(TUESDAY, Decimal(104)), Readout(FRIDAY, Decimal(2))]
    assert by_meter([], readouts) == [(TUESDAY, Decimal(4))]
    assert by_meter([(FRIDAY, Decimal(1))], readouts) == [(TUESDAY, Decimal(4)), (FRIDAY, Decimal(1))]


def test_of_what_was_typed_before_sheets_counted_only_what_goes_beyond_them_counts() -> None:
    typed = [(MONDAY, Decimal(2)), (MONDAY, Decimal(3)), (TUESDAY, Decimal(1)), (FRIDAY, Decimal(-2))]
    counted = [(MONDAY, Decimal(1)), (MONDAY, Decimal(1)), (TUESDAY, Decimal(4)), (FRIDAY, Decimal(1))]
    assert beyond_sheets(typed, counted) == [(MONDAY, Decimal(3)), (FRIDAY, Decimal(-2))]
    assert beyond_sheets(typed[:1], []) == [(MONDAY, Decimal(2))]
