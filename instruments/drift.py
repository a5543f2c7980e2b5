"""How a standard drifted from one calibration to the next, where it will be, and what interval follows (ILAC-G24:2022).

One point of the standard over its certificates: value and U on each day. The interval methods are those of
`uncertainty.recalibration`; what they need is taken from the history, and each proposal shows it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from instruments.words import Words
from uncertainty.errors import InputError
from uncertainty.points import Points
from uncertainty.polynomial_fit import fit_polynomial
from uncertainty.recalibration import control_chart, drift_interval, reliability_tested_interval, staircase

LONGEST_DAYS = 3660
"""Ten years; a longer interval is never proposed."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The point as one certificate states it: deviation from nominal and U = k·u, in the spread unit."""

    on: date
    value: float
    U: float
    k: float = 2.0
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """Where the fitted line is on a day, with its expanded uncertainty (k = 2) widened by the scatter."""

    on: date
    value: float
    U: float


@dataclass(frozen=True, slots=True)
class Line:
    """The line through the calibrations, weights 1/u²: value at the last one, slope per year, and its scatter."""

    last: date
    level: float
    slope_per_year: float
    slope_U: float
    scatter_ratio: float
    """√(χ²/dof), at least 1 (1 with two points): by this every U is widened."""
    covariance: tuple[float, float, float]
    """Variances of level and slope per day, and their covariance, before widening."""

    def at(self, on: date) -> Prediction:
        """Value and U of the line on a day."""
        t = float((on - self.last).days)
        level, slope, both = self.covariance
        variance = level + 2 * t * both + t * t * slope
        value = self.level + self.slope_per_year / DAYS_A_YEAR * t
        return Prediction(on, value, 2 * self.scatter_ratio * math.sqrt(max(variance, 0.0)))


DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Proposal:
    """One method's interval in days; None with the reason why it says nothing. `data` is what it rested on."""

    method: str
    days: int | None
    text: Words
    data: Mapping[str, object] = field(default_factory=dict)
    capped: bool = False


def fitted_line(history: Sequence[Calibration]) -> Line | None:
    """The weighted line through at least two calibrations on different days; None with fewer."""
    days = sorted({one.on for one in history})
    if len(days) < 2:
        return None
    last = days[-1]
    x = [float((one.on - last).days) for one in history]
    fit = fit_polynomial(Points(x, [one.value for one in history], u_y=[one.U / one.k for one in history]))
    assert fit.standard_uncertainties is not None  # uncertainties were given
    ratio = 1.0
    if fit.dof > 0 and fit.chi_squared is not None:
        ratio = max(1.0, math.sqrt(fit.chi_squared / fit.dof))
    (level, slope), (u_level, u_slope) = fit.parameters, fit.standard_uncertainties
    covariance = (u_level**2, u_slope**2, fit.correlation[0][1] * u_level * u_slope)
    return Line(last, level, slope * DAYS_A_YEAR, 2 * ratio * u_slope * DAYS_A_YEAR, ratio, covariance)


def predicted_due(history: Sequence[Calibration], limit: float, due: date | None) -> date | None:
    """First day on which |x(t) − x_last| + U exceeds the limit, if before `due` (from three calibrations on); else due.


    The recall is the earlier of the fixed due date and the predicted one. Without a due date the predicted one; None
    when there is neither.
    """
    if len({one.on for one in history}) < 3:
        return due
    ordered = sorted(history, key=lambda one: one.on)
    found = _charted(ordered, limit)
    if found is None or found > LONGEST_DAYS:
        return due
    predicted = ordered[-1].on + timedelta(days=int(found))
    return predicted if due is None else min(due, predicted)


def proposals(
    history: Sequence[Calibration],
    *,
    interval_days: int,
    limit: float,
    in_tolerance: int,
    tested: int,
    target_reliability: float = 0.95,
    cap_days: int | None = None,
) -> tuple[Proposal, ...]:
    """What the four methods say of the next interval, each at most `cap_days` (a legal cap) and ten years.

    `limit`: greatest permitted change, > 0, in the unit of the history. `in_tolerance` of `tested` calibrations found
    the standard inside it. Never raises for a short history: a method that needs more says so.
    """
    ordered = sorted(history, key=lambda one: one.on)
    longest = LONGEST_DAYS if cap_days is None else min(cap_days, LONGEST_DAYS)
    found = (
        _tested(in_tolerance, tested, interval_days, target_reliability),
        _variables(ordered, limit),
        _chart_proposal(ordered, limit),
        _stairs(ordered, interval_days, limit),
    )
    return tuple(
        one if one.days is None or one.days <= longest else Proposal(one.method, longest, one.text, one.data, True)
        for one in found
    )


def shortest(found: Sequence[Proposal]) -> int | None:
    """The most careful of the proposals; None when no method could say anything."""
    return min((one.days for one in found if one.days is not None), default=None)


def _tested(in_tolerance: int, tested: int, interval_days: int, target: float) -> Proposal:
    data = {"in_tolerance": in_tolerance, "tested": tested, "interval_days": interval_days, "target": target}
    if tested < 1:
        return _silent("A3", "chưa có lần hiệu chuẩn nào so được với lần trước",
                       "no calibration yet that can be compared with one before", data)
    found = reliability_tested_interval(in_tolerance, tested, interval_days, target)
    return Proposal("A3", max(1, found.recommended_days), Words(
        f"{in_tolerance} trong {tested} lần còn trong giới hạn; mục tiêu {target:.0%}",
        f"{in_tolerance} of {tested} found within limits; target {target:.0%}"), data)


def _variables(ordered: Sequence[Calibration], limit: float) -> Proposal:
    days = [float((after.on - before.on).days) for before, after in pairwise(ordered)]
    drift = [after.value - before.value for before, after in pairwise(ordered)]
    data: dict[str, object] = {"days": days, "drift": drift}
    if len(days) < 2:
        return _silent("variables", "cần ít nhất ba lần hiệu chuẩn", "at least three calibrations are needed", data)
    initial = ordered[-1].U / ordered[-1].k
    target = math.hypot(initial, limit / math.sqrt(3))
    data |= {"u0": initial, "target": target}
    try:
        found = drift_interval(days, drift, 1, initial, target)
    except InputError as wrong:
        return _silent("variables", wrong.vi, wrong.en, data)
    if found.recommended_days is None:
        return Proposal("variables", LONGEST_DAYS, Words(
            "độ không đảm bảo không chạm mục tiêu", "the uncertainty never reaches the target"), data)
    return Proposal("variables", max(1, int(min(found.recommended_days, LONGEST_DAYS))), Words(
        "u(t) của đường trôi chạm mục tiêu", "u(t) of the drift reaches its target"), data)


def _chart_proposal(ordered: Sequence[Calibration], limit: float) -> Proposal:
    data: dict[str, object] = {"limit": limit, "calibrations": len(ordered)}
    if len({one.on for one in ordered}) < 3:
        return _silent("control_chart", "cần ít nhất ba lần hiệu chuẩn", "at least three calibrations are needed", data)
    found = _charted(ordered, limit)
    if found is None:
        return Proposal("control_chart", LONGEST_DAYS, Words(
            "đường trôi và dải U không chạm giới hạn", "the drift line and its band never reach the limit"), data)
    return Proposal("control_chart", max(1, int(min(found, LONGEST_DAYS))), Words(
        "đường trôi cộng dải U chạm giới hạn", "the drift line and its band reach the limit"), data)


def _charted(ordered: Sequence[Calibration], limit: float) -> float | None:
    first = ordered[0].on
    return control_chart([float((one.on - first).days) for one in ordered], [one.value for one in ordered],
                         [2 * one.U / one.k for one in ordered], limit).recommended_days  # fmt: skip


def _stairs(ordered: Sequence[Calibration], interval_days: int, limit: float) -> Proposal:
    if len(ordered) < 2:
        return _silent("staircase", "cần hai lần hiệu chuẩn", "two calibrations are needed", {"limit": limit})
    drift = ordered[-1].value - ordered[-2].value
    found = staircase(interval_days, drift, limit)
    share = abs(drift) / limit
    step_vi, step_en = ("kéo dài ×1,25", "longer ×1.25") if found.is_longer else ("rút ngắn ×0,6", "shorter ×0.6")
    text = Words(f"lần cuối trôi {share:.0%} giới hạn: {step_vi}", f"last drift {share:.0%} of the limit: {step_en}")
    return Proposal("staircase", found.recommended_days, text,
                    {"drift": drift, "limit": limit, "interval_days": interval_days})


def _silent(method: str, vi: str, en: str, data: Mapping[str, object]) -> Proposal:
    return Proposal(method, None, Words(vi, en), data)
