"""Rules of the yearly plan: targets met or not on a day, numbers that the printed result leaves out."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lims.plans import rules
from lims.plans.rules import Standing

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
COUNTS = st.decimals(0, 500, places=0)


@pytest.mark.parametrize(("value", "comparator", "quantity", "today", "expected"), [
    (30, "=", 30, date(2026, 6, 1), Standing.MET),
    (31, "=", 30, date(2026, 6, 1), Standing.MISSED),  # an exact number that was passed cannot be met any more
    (26, "=", 30, LAST, Standing.ON_COURSE),  # the last day still counts
    (26, "=", 30, LAST + timedelta(days=1), Standing.MISSED),
    (2, ">=", 2, FIRST, Standing.MET),
    (0, ">=", 2, date(2026, 3, 31), Standing.ON_COURSE),
    (0, ">=", 2, date(2026, 4, 15), Standing.BEHIND),  # more than a quarter of its time without a result
    (1, ">=", 2, date(2026, 9, 1), Standing.ON_COURSE),
    (2, ">", 2, LAST + timedelta(days=1), Standing.MISSED),
    (1, "<=", 2, date(2026, 9, 1), Standing.ON_COURSE),  # a ceiling is met only when its time is over
    (2, "<=", 2, LAST + timedelta(days=1), Standing.MET),
    (3, "<=", 2, FIRST, Standing.MISSED),
    (2, "<", 2, FIRST, Standing.MISSED),
])
def test_where_a_target_stands(value: int, comparator: str, quantity: int, today: date, expected: Standing) -> None:
    assert rules.standing(Decimal(value), comparator, Decimal(quantity), FIRST, LAST, today) is expected


def test_what_nothing_counts_is_unknown_at_the_end_too() -> None:
    assert rules.standing(None, ">=", Decimal(1), FIRST, LAST, LAST) is Standing.UNKNOWN
    assert rules.standing(None, ">=", Decimal(1), FIRST, LAST, LAST + timedelta(days=1)) is Standing.UNKNOWN


@given(COUNTS, COUNTS, st.sampled_from([">=", ">", "=", "<=", "<"]), st.integers(0, 364))
def test_after_the_end_a_target_is_met_exactly_when_its_comparison_holds(
        value: Decimal, quantity: Decimal, comparator: str, day: int) -> None:
    ended = rules.standing(value, comparator, quantity, FIRST, LAST, LAST + timedelta(days=1))
    assert ended is (Standing.MET if rules.holds(value, comparator, quantity) else Standing.MISSED)
    during = rules.standing(value, comparator, quantity, FIRST, LAST, FIRST + timedelta(days=day))
    if during is Standing.MISSED:  # what is given up during the year cannot be met at its end
        assert ended is Standing.MISSED or value < quantity


@given(COUNTS, COUNTS, st.integers(0, 364))
def test_doing_more_never_makes_a_floor_worse(value: Decimal, quantity: Decimal, day: int) -> None:
    order = [Standing.MISSED, Standing.BEHIND, Standing.ON_COURSE, Standing.MET]
    today = FIRST + timedelta(days=day)
    less, more = (rules.standing(one, ">=", quantity, FIRST, LAST, today) for one in (value, value + 1))
    assert order.index(more) >= order.index(less)


def test_an_item_stands_as_its_worst_target() -> None:
    assert rules.worst([Standing.MET, Standing.BEHIND, Standing.ON_COURSE]) is Standing.BEHIND
    assert rules.worst([Standing.MET, Standing.MET]) is Standing.MET
    assert rules.worst([]) is Standing.UNKNOWN


def test_a_number_that_the_printed_result_leaves_out_is_named() -> None:
    wanted = {"Doanh nghiệp": Decimal(30), "Báo cáo": Decimal(1)}
    assert rules.unstated(wanted, "BC kết quả khảo sát") == ["Doanh nghiệp"]
    assert rules.unstated(wanted, "BC khảo sát 30 doanh nghiệp") == []
    assert rules.unstated({"Chương trình": Decimal(2)}, "02 chương trình được ban hành") == []
    assert rules.unstated({"Doanh nghiệp": Decimal(30)}, "300 phiếu") == ["Doanh nghiệp"]


@pytest.mark.parametrize(("standings", "ends_on", "expected"), [
    ([Standing.MET], date(2026, 12, 31), False), ([Standing.MET], date(2027, 12, 31), True),
    ([Standing.MET, Standing.MISSED], date(2026, 12, 31), True), ([], date(2026, 12, 31), False)])
def test_what_goes_over_into_the_next_year(standings: list[Standing], ends_on: date, expected: bool) -> None:
    assert rules.carried(standings, ends_on, 2026) is expected
