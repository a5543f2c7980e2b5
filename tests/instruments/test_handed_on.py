"""A change of a reference reaches what was calibrated with it: the same amount at the same point, and its U."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.handed_on import handed_on
from instruments.observations import StandardData, StandardPoint
from instruments.recompute import assumed

MM = {"unit": "mm", "spread_unit": "µm"}


def data(name: str, *points: StandardPoint, unit: str = "bar", spread_unit: str | None = None) -> StandardData:
    return StandardData(name, f"{name}.1", unit, points, spread_unit=spread_unit)


REFERENCE = data("P", StandardPoint(0, 0.002, value=0.0), StandardPoint(10, 0.004, value=10.002))
CHILD = data("C", StandardPoint(0, 0.010, value=0.001), StandardPoint(5, 0.012, value=5.003))


@given(st.floats(-1, 1), st.floats(0, 10))
def test_a_shift_moves_every_value_by_itself_and_leaves_U(shift: float, nominal: float) -> None:
    child = data("C", StandardPoint(nominal, 0.01, value=nominal + 0.001))
    (point,) = handed_on(child, REFERENCE, assumed(REFERENCE, shift)).points
    assert point.value == pytest.approx(nominal + 0.001 + shift, abs=1e-12)
    assert pytest.approx(0.01, rel=1e-12) == point.U


def test_nothing_changes_where_the_reference_did_not() -> None:
    assert handed_on(CHILD, REFERENCE, REFERENCE) == CHILD


def test_between_the_points_of_the_reference_the_change_is_interpolated() -> None:
    after = data("P", StandardPoint(0, 0.002, value=0.0), StandardPoint(10, 0.004, value=10.022))
    first, second = handed_on(CHILD, REFERENCE, after).points
    assert first.value == pytest.approx(0.001)
    assert second.value == pytest.approx(5.013)


def test_variances_add_by_their_difference_and_a_drift_as_a_rectangle() -> None:
    wider = data("P", StandardPoint(0, 0.008, value=0.0), StandardPoint(10, 0.008, value=10.002))
    first = handed_on(CHILD, REFERENCE, wider).points[0]
    assert pytest.approx(0.005**2 + 0.004**2 - 0.001**2) == (first.U / 2) ** 2
    drifted = handed_on(CHILD, REFERENCE, assumed(REFERENCE, half_width=0.03)).points[0]
    assert pytest.approx(0.005**2 + 0.03**2 / 3) == (drifted.U / 2) ** 2


def test_corrections_in_another_unit_move_in_that_unit() -> None:
    reference = data("P", StandardPoint(25, 0.1, correction=0.05), **MM)
    child = data("C", StandardPoint(25, 0.2, correction=-0.10), **MM)
    (point,) = handed_on(child, reference, assumed(reference, 0.04)).points
    assert point.correction == pytest.approx(-0.06)


def test_what_cannot_be_told_is_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        handed_on(data("C", StandardPoint(20, 0.01, value=20.0)), REFERENCE, REFERENCE)
    with pytest.raises(ValueError, match="its certificate is in bar"):
        handed_on(data("C", StandardPoint(20, 0.01, value=20.0), unit="g"), REFERENCE, REFERENCE)
