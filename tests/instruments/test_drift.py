"""Drift of a standard over its certificates: line, prediction, interval proposals (ILAC-G24:2022)."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from instruments.drift import LONGEST_DAYS, Calibration, fitted_line, predicted_due, proposals, shortest

HISTORY = (
    Calibration(date(2022, 3, 1), 0.000, 0.010), Calibration(date(2023, 3, 1), 0.004, 0.012),
    Calibration(date(2024, 3, 1), 0.009, 0.010), Calibration(date(2025, 3, 1), 0.012, 0.008),
)


def test_the_line_is_the_weighted_one_of_numpy() -> None:
    line = fitted_line(HISTORY)
    assert line is not None
    x = np.array([(one.on - HISTORY[-1].on).days for one in HISTORY], dtype=float)
    u = np.array([one.U / one.k for one in HISTORY])
    (slope, level), covariance = np.polyfit(x, [one.value for one in HISTORY], 1, w=1 / u, cov="unscaled")
    assert line.level == pytest.approx(level, rel=1e-9)
    assert line.slope_per_year == pytest.approx(slope * 365.25, rel=1e-9)
    ahead = line.at(date(2026, 3, 1))
    t = 365.0
    assert ahead.value == pytest.approx(level + slope * t, rel=1e-9)
    expected = 2 * np.sqrt(covariance[1, 1] + 2 * t * covariance[0, 1] + t * t * covariance[0, 0])
    assert pytest.approx(expected, rel=1e-9) == ahead.U


def test_scatter_beyond_the_stated_U_widens_the_band() -> None:
    wild = [Calibration(one.on, one.value + shift, one.U)
            for one, shift in zip(HISTORY, (0.05, -0.05, 0.05, -0.05), strict=True)]
    line = fitted_line(wild)
    assert line is not None
    assert line.scatter_ratio > 5


def test_one_certificate_gives_no_line_and_no_interval_but_the_reason() -> None:
    assert fitted_line(HISTORY[:1]) is None
    found = proposals(HISTORY[:1], interval_days=365, limit=0.02, in_tolerance=0, tested=0)
    assert [one.days for one in found] == [None] * 4
    assert all(one.text.vi and one.text.en for one in found)
    assert shortest(found) is None


def test_no_method_goes_beyond_the_legal_cap() -> None:
    free = proposals(HISTORY, interval_days=365, limit=0.05, in_tolerance=30, tested=30, target_reliability=0.8)
    held = proposals(HISTORY, interval_days=365, limit=0.05, in_tolerance=30, tested=30, target_reliability=0.8,
                     cap_days=365)
    assert max(one.days or 0 for one in free) > 365
    assert max(one.days or 0 for one in held) == 365
    assert {one.method for one in held if one.capped} == {one.method for one in free if (one.days or 0) > 365}
    assert all((one.days or 0) <= LONGEST_DAYS for one in free)


def test_the_staircase_shortens_after_a_large_step() -> None:
    jump = (*HISTORY[:3], Calibration(date(2025, 3, 1), 0.027, 0.008))
    stairs = {one.method: one for one in proposals(jump, interval_days=365, limit=0.02, in_tolerance=3, tested=3)}
    assert stairs["staircase"].days == 219  # 365 · 0.6, after 90 % of the limit
    assert stairs["staircase"].data["drift"] == pytest.approx(0.018)


def test_the_predicted_due_date_comes_first_where_the_drift_is_fast_and_never_postpones() -> None:
    fixed = date(2026, 3, 1)
    assert predicted_due(HISTORY, 1.0, fixed) == fixed
    early = predicted_due(HISTORY, 0.012, fixed)
    assert early is not None
    assert early < fixed
    assert predicted_due(HISTORY[:2], 0.012, fixed) == fixed
    line = fitted_line(HISTORY)
    assert line is not None
    reach = [abs(line.at(early + timedelta(days=days)).value - 0.012) + line.at(early + timedelta(days=days)).U
             for days in (0, 2)]
    assert reach[0] <= 0.012 <= reach[1]
