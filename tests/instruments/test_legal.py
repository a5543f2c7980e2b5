"""The dated list of group-2 instruments, validity, and the catalogue of kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.kinds import all_kinds, kind
from instruments.legal import (
    LegalRow,
    Reading,
    changes,
    ended_by,
    legal_rows,
    may_carry_verdict,
    row_on,
    valid_until,
)

D = date


def period_on(item: str, on: date) -> LegalRow:
    row = row_on(legal_rows(), item, on)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("item", "on", "months"),
    [
        ("31", D(2026, 4, 14), 12),
        ("11", D(2025, 1, 1), 24),
        ("14", D(2025, 1, 1), 12),
        ("16a", D(2025, 1, 1), 24),
        ("16b", D(2025, 1, 1), 12),
        ("34c", D(2025, 1, 1), 12),
        ("43d", D(2025, 1, 1), 36),
        ("44", D(2025, 1, 1), 60),
        ("23b", D(2025, 1, 1), 36),
        ("43a", D(2024, 10, 14), 60),
        ("69a", D(2024, 10, 15), 60),
        ("21b", D(2026, 4, 15), 60),
    ],
)
def test_the_edition_of_the_verification_date_gives_the_period(item: str, on: date, months: int) -> None:
    """Periods of the codified table (TT 23/2013 as amended by TT 07/2019, TT 03/2024, TT 04/2026)."""
    assert period_on(item, on).cycle_months == months


def test_a_tape_measure_is_verified_once_and_has_no_end_of_validity() -> None:
    row = period_on("1a", D(2025, 1, 1))
    assert row.cycle_months is None
    assert row.regimes == ("initial",)


@pytest.mark.parametrize(("item", "on"), [("69a", D(2024, 10, 14)), ("43a", D(2024, 10, 15)), ("999", D(2025, 1, 1))])
def test_outside_its_dates_an_item_is_not_in_the_list(item: str, on: date) -> None:
    assert row_on(legal_rows(), item, on) is None


def test_no_two_rows_of_one_item_are_in_force_on_one_day() -> None:
    rows = legal_rows()
    edges = {day for row in rows for day in (row.effective_from, row.effective_to) if day is not None}
    double = [
        (day, row.item) for day in edges for row in rows
        if row.in_force(day) and sum(other.item == row.item and other.in_force(day) for other in rows) > 1
    ]  # fmt: skip
    assert double == []
    assert len({row.key for row in rows}) == len(rows)


def test_every_row_of_the_edition_of_2026_waits_for_confirmation() -> None:
    rows = [row for row in legal_rows() if row.in_force(D(2026, 4, 15))]
    assert len(rows) == 90
    assert not any(may_carry_verdict(row) for row in rows)


def test_an_unconfirmed_row_carries_a_verdict_only_once_its_own_key_is_confirmed() -> None:
    row = period_on("31", D(2026, 11, 23))
    assert row.key == "31@2026-04-15"
    assert not may_carry_verdict(row, {"32@2026-04-15", "31@2020-01-01"})
    assert may_carry_verdict(row, {"31@2026-04-15"})
    assert may_carry_verdict(period_on("31", D(2026, 4, 14)))


def test_type_approval_is_known_unknown_or_not_needed() -> None:
    assert period_on("19", D(2025, 1, 1)).type_approval is True
    assert period_on("31", D(2025, 1, 1)).type_approval is False
    assert period_on("31", D(2026, 11, 23)).type_approval is None
    assert period_on("31", D(2026, 11, 23)).regimes is None


def test_validity_is_the_same_day_or_the_end_of_the_month_and_says_which() -> None:
    assert valid_until(D(2026, 8, 31), 6).on == D(2027, 2, 28)
    assert valid_until(D(2026, 11, 23), 12).on == D(2027, 11, 23)
    assert valid_until(D(2026, 11, 23), 12, "end_of_month").on == D(2027, 11, 30)
    assert "12 tháng" in valid_until(D(2026, 11, 23), 12).rule.vi
    assert "tháng thứ 12" in valid_until(D(2026, 11, 23), 12, "end_of_month").rule.vi


def test_a_period_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        valid_until(D(2026, 1, 1), 0)


def test_every_kind_of_group_2_names_an_item_of_the_list_in_force() -> None:
    items = {row.item for row in legal_rows() if row.in_force(D(2026, 11, 23))}
    assert [entry.code for entry in all_kinds() if entry.legal_item and entry.legal_item not in items] == []


def test_kinds_are_found_by_code() -> None:
    assert kind("dial_pressure_gauge").legal_item == "31"
    assert kind("calliper").legal_item is None
    with pytest.raises(KeyError):
        kind("teapot")


DAYS = st.dates(D(2012, 1, 1), D(2032, 12, 31))


def table(*starts: tuple[date, bool]) -> tuple[list[LegalRow], list[date]]:
    """Rows of one item, one for each edition, and the first days of those that replace the whole table."""
    pattern = period_on("31", D(2025, 1, 1))
    rows = [replace(pattern, effective_from=first, effective_to=None, cycle_months=place + 1)
            for place, (first, _whole) in enumerate(starts)]  # fmt: skip
    return rows, [first for first, whole in starts if whole]


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, st.booleans()), min_size=1, max_size=6, unique_by=lambda one: one[0]), DAYS)
def test_on_every_day_the_edition_that_began_last_decides(starts: list[tuple[date, bool]], on: date) -> None:
    rows, whole = table(*starts)
    found = row_on([ended_by(row, whole) for row in rows], "31", on)
    begun = [first for first, _whole in starts if first <= on]
    assert (found.effective_from if found else None) == max(begun, default=None)


@settings(deadline=None)
@given(DAYS, DAYS, DAYS)
def test_a_table_that_leaves_an_item_out_ends_it_the_day_before(first: date, replaced: date, on: date) -> None:
    (row,), _whole = table((first, True))
    ended = ended_by(row, [first, replaced])
    assert ended.in_force(on) == (first <= on and (replaced <= first or on < replaced))


@settings(deadline=None)
@given(DAYS, st.integers(1, 240))
def test_validity_never_ends_in_another_month_than_the_period_says(on: date, months: int) -> None:
    until = valid_until(on, months).on
    assert (until.year - on.year) * 12 + until.month - on.month == months
    assert until.day <= on.day
    assert valid_until(on, months, "end_of_month").on >= until


def test_a_reading_stands_in_the_place_of_what_was_transcribed() -> None:
    row = period_on("31", D(2026, 11, 23))
    read = Reading(False, ("initial", "periodic"), 24, evidence=("certificate",)).of(row)
    assert (read.complete, read.cycle_months, read.told_by) == (True, 24, ("certificate",))
    assert (read.serves("periodic"), read.serves("after_repair"), read.serves("other")) == (True, False, True)
    assert not read.serves("counter")
    assert read.key == row.key


def test_without_a_period_the_mark_stands_alone() -> None:
    assert period_on("1a", D(2025, 1, 1)).told_by == ("mark",)
    assert period_on("31", D(2025, 1, 1)).told_by == ("certificate", "sticker")


def test_the_known_changes_of_2026_are_listed() -> None:
    old = [row for row in legal_rows() if row.in_force(D(2026, 4, 14))]
    new = [row for row in legal_rows() if row.in_force(D(2026, 4, 15))]
    longer = {one.item for one in changes(old, new) if "cycle" in one.what}
    assert {"4", "5", "6", "7", "9", "10", "21b"} <= longer
    assert {one.item for one in changes(old, new) if one.what == ("added",)} >= {"27b", "43a"}
    assert not list(changes(new, new))
