"""Capability of an instrument for a tolerance, and the gaps of a measurement."""
from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.measurement_assurance import Capability, Standing, capability, gaps

TODAY, UNTIL = date(2026, 11, 23), date(2027, 12, 31)
POSITIVE = st.decimals(Decimal("0.001"), Decimal(1000), places=3)
GOOD = Standing(True, "verification", "pass", date(2028, 1, 1), True)


def test_ratio_and_index_of_a_known_case() -> None:
    """T = 1 bar, U = 0,08 bar (k = 2): TUR = 1/0,16 = 6,25; C_m = 1/(4 × 0,04) = 6,25."""
    found = capability(Decimal("7.5"), Decimal("8.5"), expanded=Decimal("0.08"))
    assert (found.ratio, found.index) == (pytest.approx(6.25), pytest.approx(6.25))


def test_the_permissible_error_stands_for_u_where_nothing_better_is_known() -> None:
    """MPE = 0,16: u = 0,16/√3 = 0,0924, U = 0,1848; T = 0,2: TUR = 0,2/0,3695 = 0,541."""
    found = capability(Decimal("11.9"), Decimal("12.1"), expanded=None, permissible=Decimal("0.16"))
    assert found.expanded == pytest.approx(0.184752)
    assert found.ratio == pytest.approx(0.541266, rel=1e-5)
    better = capability(Decimal("11.9"), Decimal("12.1"), expanded=Decimal("0.05"), permissible=Decimal("0.16"))
    assert better.expanded == pytest.approx(0.05)


@given(POSITIVE, POSITIVE, POSITIVE)
def test_the_ratio_is_of_u_at_k_two_whatever_factor_the_certificate_has(width: Decimal, expanded: Decimal,
                                                                     factor: Decimal) -> None:
    found = capability(Decimal(0), width, expanded=expanded, factor=factor)
    assert found.ratio is not None
    assert found.index is not None
    assert isclose(found.ratio, float(width / (4 * expanded / factor)), rel_tol=1e-12)
    assert isclose(found.ratio, found.index, rel_tol=1e-12)
    assert isclose(capability(Decimal(0), width, expanded=None, permissible=expanded).index or 0,
                   float(width) * sqrt(3) / (4 * float(expanded)), rel_tol=1e-12)


@given(POSITIVE)
def test_one_limit_has_no_ratio_and_is_no_small_one(expanded: Decimal) -> None:
    found = capability(None, Decimal(5), expanded=expanded)
    assert (found.ratio, found.index) == (None, None)
    assert gaps(GOOD, found, has_tolerance=True, wanted_ratio=Decimal(4), today=TODAY, until=UNTIL) == ()


@pytest.mark.parametrize(("lower", "upper", "expanded"), [("2", "1", "1"), ("1", "1", "1"), ("0", "1", "0"),
                                                         ("0", "1", "-1"), ("0", "1", "NaN")])
def test_numbers_that_say_nothing_are_refused(lower: str, upper: str, expanded: str) -> None:
    with pytest.raises((ValueError, ArithmeticError)):
        capability(Decimal(lower), Decimal(upper), expanded=Decimal(expanded))


@pytest.mark.parametrize(("instrument", "gap"), [
    (None, "no_instrument"), (Standing(False, "", "", None, True), "out_of_use"),
    (Standing(True, "", "", None, False), "never_checked"),
    (Standing(True, "calibration", "pass", UNTIL, True), "never_checked"),
    (Standing(True, "verification", "fail", None, True), "failed"),
    (Standing(True, "verification", "pass", TODAY - timedelta(days=1), True), "overdue"),
    (Standing(True, "verification", "pass", TODAY, True), "ends_within"),
    (Standing(True, "calibration", "pass", UNTIL, False), "ends_within")])
def test_each_gap_of_an_instrument_is_found(instrument: Standing | None, gap: str) -> None:
    fine = Capability(0.1, 10.0, 10.0)
    assert gaps(instrument, fine, has_tolerance=True, wanted_ratio=Decimal(4), today=TODAY, until=UNTIL) == (gap,)


def test_gaps_of_the_numbers_are_found() -> None:
    def found(capable: Capability, tolerance: bool = True) -> tuple[str, ...]:
        return gaps(GOOD, capable, has_tolerance=tolerance, wanted_ratio=Decimal(4), today=TODAY, until=UNTIL)

    assert found(Capability(0.1, 4.0, 4.0)) == ()
    assert found(Capability(0.1, 3.999, 3.999)) == ("small_ratio",)
    assert found(Capability(None, None, None)) == ("no_uncertainty",)
    assert found(Capability(None, None, None), False) == ("no_tolerance",)
