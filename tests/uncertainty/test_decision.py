"""Decision rules of ILAC-G8:09/2019 at and between their limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.decision import DecisionRule, Verdict, decide, decide_within, guard_band_between
from uncertainty.limits import Limits

TWO_SIDED = Limits(9.9, 10.1)


@pytest.mark.parametrize(
    ("guard_in_u", "risk"),
    [(3.0, 9.866e-10), (1.5, 1.350e-3), (1.0, 2.275e-2), (0.83, 4.846e-2), (0.0, 0.5)],
)
def test_the_risk_at_a_guarded_limit_is_that_of_the_rule(guard_in_u: float, risk: float) -> None:
    """ILAC-G8:09/2019 table 1: 6 sigma, 3 sigma, w = U, ISO 14253-1:2017, simple acceptance (k = 2, one limit)."""
    at_the_limit = decide(10.1 - guard_in_u * 0.02, 0.01, Limits(upper=10.1), DecisionRule.GUARDED_R, r=guard_in_u)
    assert at_the_limit.decision is Verdict.PASS
    assert at_the_limit.specific_risk == pytest.approx(risk, rel=2e-4, abs=0)


def test_the_uncritical_rule_rejects_only_beyond_u() -> None:
    """ILAC-G8:09/2019 table 1, w = −U: the risk of a false reject is below 2.5 %."""
    rejected = decide(10.1200001, 0.01, Limits(upper=10.1), DecisionRule.GUARDED_R, r=-1)
    assert rejected.decision is Verdict.FAIL
    assert rejected.specific_risk == pytest.approx(2.275e-2, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (10.00, "pass"),
        (10.02, "pass"),
        (10.0201, "conditional_pass"),
        (10.10, "conditional_pass"),
        (10.1001, "conditional_fail"),
        (10.18, "conditional_fail"),
        (10.1801, "fail"),
        (9.98, "pass"),
        (9.9799, "conditional_pass"),
        (9.90, "conditional_pass"),
        (9.8999, "conditional_fail"),
        (9.82, "conditional_fail"),
        (9.8199, "fail"),
    ],
)
def test_four_states_change_at_the_limit_and_at_u_on_both_sides_of_it(value: float, verdict: str) -> None:
    assert decide(value, 0.04, TWO_SIDED, DecisionRule.FOUR_STATE).decision == verdict


@pytest.mark.parametrize(
    ("rule", "r", "verdict"), [("simple", 1, "pass"), ("guarded", 1, "fail"), ("guarded_r", 0.5, "pass")]
)
def test_the_same_value_passes_or_fails_by_the_rule(rule: str, r: float, verdict: str) -> None:
    assert decide(10.05, 0.04, TWO_SIDED, DecisionRule(rule), r=r).decision == verdict


def test_a_conditional_fail_is_a_rejection_and_its_risk_a_false_reject() -> None:
    judged = decide(10.11, 0.04, TWO_SIDED, DecisionRule.FOUR_STATE)
    assert judged.specific_risk == judged.conformance_probability


def test_a_conditional_pass_is_an_acceptance_and_its_risk_a_false_accept() -> None:
    judged = decide(10.09, 0.04, TWO_SIDED, DecisionRule.FOUR_STATE)
    assert judged.decision is Verdict.CONDITIONAL_PASS
    assert judged.specific_risk == pytest.approx(1 - judged.conformance_probability)


def test_one_limit_leaves_the_other_side_open() -> None:
    """JCGM 106:2012 7.3.3: a zener diode of −5.47 V, u = 0.05 V, below −5.40 V with 92 %."""
    judged = decide(-5.47, 0.05, Limits(upper=-5.40))
    assert judged.conformance_probability == pytest.approx(0.92, abs=0.005)
    assert decide(-1e9, 0.05, Limits(upper=-5.40)).decision is Verdict.PASS


@pytest.mark.parametrize("rule", ["guarded", "four_state"])
def test_nothing_passes_an_empty_acceptance_zone(rule: str) -> None:
    judged = decide(10.0, 0.06, TWO_SIDED, DecisionRule(rule))
    assert judged.acceptance.is_empty()
    assert judged.decision is Verdict.FAIL


def test_a_zone_of_one_value_is_not_empty() -> None:
    assert decide(10.0, 0.05, TWO_SIDED, DecisionRule.GUARDED).decision is Verdict.PASS


@pytest.mark.parametrize("value", [0.1 + 0.2, 0.3])
def test_the_last_binary_digit_does_not_decide(value: float) -> None:
    assert decide(value, 0.0, Limits(upper=0.3)).decision is Verdict.PASS


def test_agreed_acceptance_limits_decide_by_themselves() -> None:
    judged = decide_within(10.06, 0.02, TWO_SIDED, Limits(9.95, 10.05))
    assert (judged.decision, judged.guard_band) == (Verdict.FAIL, pytest.approx(0.05))


def test_sides_moved_differently_have_no_common_guard_band() -> None:
    assert guard_band_between(TWO_SIDED, Limits(9.95, 10.1)) is None
    assert guard_band_between(TWO_SIDED, Limits(upper=10.05)) is None


@settings(max_examples=100, deadline=None)
@given(
    value=st.floats(-3, 3),
    u=st.floats(1e-3, 1),
    half=st.floats(0.1, 2),
    rule=st.sampled_from(DecisionRule),
    power=st.integers(-40, 40),
)
def test_a_decision_depends_neither_on_the_unit_nor_on_the_sign(
    value: float, u: float, half: float, rule: DecisionRule, power: int
) -> None:
    scale = 2.0**power
    here = decide(value, u, Limits(-half, half), rule)
    there = decide(-value * scale, u * scale, Limits(-half * scale, half * scale), rule)
    assert there.decision == here.decision
    assert there.conformance_probability == pytest.approx(here.conformance_probability, rel=1e-9, abs=1e-300)


@settings(max_examples=100, deadline=None)
@given(value=st.floats(-3, 3), u=st.floats(1e-3, 0.2), k=st.floats(1, 3))
def test_a_guarded_pass_is_a_simple_pass_and_never_a_four_state_fail(value: float, u: float, k: float) -> None:
    limits = Limits(-1, 1)
    guarded, simple, four = (
        decide(value, u, limits, rule, coverage_factor=k).decision
        for rule in (DecisionRule.GUARDED, DecisionRule.SIMPLE, DecisionRule.FOUR_STATE)
    )
    assert (guarded is Verdict.PASS) == (four is Verdict.PASS)
    assert (simple is Verdict.PASS) == four.accepts
