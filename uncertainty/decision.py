"""Decision rules of conformity: a result, its limits and a guard band (ILAC-G8:09/2019, JCGM 106:2012)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isclose, isfinite

from uncertainty.limits import Limits
from uncertainty.risk import conformance_probability, nonconformance_probability


class DecisionRule(StrEnum):
    """How the measurement uncertainty enters the decision (ILAC-G8:09/2019, clause 4.2)."""

    SIMPLE = "simple"
    """Acceptance limits are the tolerance limits, w = 0."""
    GUARDED = "guarded"
    """w = U."""
    GUARDED_R = "guarded_r"
    """w = r·U; a negative r moves the acceptance limits outwards (rejection only beyond doubt)."""
    FOUR_STATE = "four_state"
    """w = U on both sides of each limit: pass, conditional pass, conditional fail, fail."""


class Verdict(StrEnum):
    """What is stated of the item."""

    PASS = "pass"
    FAIL = "fail"
    CONDITIONAL_PASS = "conditional_pass"
    CONDITIONAL_FAIL = "conditional_fail"

    @property
    def accepts(self) -> bool:
        """Whether the item is stated to conform, with or without condition."""
        return self in (Verdict.PASS, Verdict.CONDITIONAL_PASS)


@dataclass(frozen=True, slots=True)
class Conformity:
    """One result judged against its limits."""

    conformance_probability: float
    specific_risk: float
    """Probability that the decision is wrong: 1 − p_c where the item is accepted, p_c where it is rejected."""
    decision: Verdict
    acceptance: Limits
    """Acceptance zone; of the four-state rule, its pass zone. Crossed limits mean that nothing can pass."""
    guard_band: float | None
    """w in the quantity's unit; None when the two limits were moved by different amounts."""


def guard_band(rule: DecisionRule, expanded_uncertainty: float, r: float = 1.0) -> float:
    """w of a rule in the unit of U; `r` acts in the rule `guarded_r` alone. OverflowError beyond the doubles."""
    if rule is DecisionRule.SIMPLE:
        return 0.0
    w = r * expanded_uncertainty if rule is DecisionRule.GUARDED_R else expanded_uncertainty
    if not isfinite(w):
        raise OverflowError("a guard band beyond the range of a double")
    return w


def guard_band_between(limits: Limits, acceptance: Limits) -> float | None:
    """w that makes `acceptance` from `limits`; None when the two sides were moved by different amounts."""
    bands = []
    if isfinite(limits.lower) or isfinite(acceptance.lower):
        bands.append(acceptance.lower - limits.lower)
    if isfinite(limits.upper) or isfinite(acceptance.upper):
        bands.append(limits.upper - acceptance.upper)
    return bands[0] if all(isclose(band, bands[0], rel_tol=1e-9) for band in bands) and isfinite(bands[0]) else None


def decide(
    value: float,
    standard_uncertainty: float,
    limits: Limits,
    rule: DecisionRule = DecisionRule.SIMPLE,
    *,
    r: float = 1.0,
    coverage_factor: float = 2.0,
) -> Conformity:
    """Judge `value` with standard uncertainty u ≥ 0 against `limits`, all in one unit, with U = k·u.

    A value on an acceptance limit is accepted. An empty acceptance zone rejects everything.
    """
    w = guard_band(rule, coverage_factor * standard_uncertainty, r)
    acceptance = limits.shrunk(w)
    verdict = _verdict(value, standard_uncertainty, limits, w, rule)
    return _judged(value, standard_uncertainty, limits, acceptance, w, verdict)


def decide_within(value: float, standard_uncertainty: float, limits: Limits, acceptance: Limits) -> Conformity:
    """Judge `value` by acceptance limits that were agreed as such: accepted inside them, rejected outside."""
    verdict = Verdict.PASS if acceptance.contains(value, standard_uncertainty) else Verdict.FAIL
    return _judged(value, standard_uncertainty, limits, acceptance, guard_band_between(limits, acceptance), verdict)


def _judged(
    value: float, u: float, limits: Limits, acceptance: Limits, w: float | None, verdict: Verdict
) -> Conformity:
    conforming = conformance_probability(value, u, limits)
    wrong = nonconformance_probability(value, u, limits) if verdict.accepts else conforming
    return Conformity(conforming, wrong, verdict, acceptance, w)


def _verdict(value: float, u: float, limits: Limits, w: float, rule: DecisionRule) -> Verdict:
    acceptance = limits.shrunk(w)
    if acceptance.is_empty(u):
        return Verdict.FAIL
    if acceptance.contains(value, u):
        return Verdict.PASS
    if rule is not DecisionRule.FOUR_STATE or not limits.shrunk(-w).contains(value, u):
        return Verdict.FAIL
    return Verdict.CONDITIONAL_PASS if limits.contains(value, u) else Verdict.CONDITIONAL_FAIL
