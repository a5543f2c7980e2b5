"""Judging rows and the whole sheet: criteria against limits, the worst counts."""

from __future__ import annotations

from collections.abc import Iterable

from instruments.evaluation import Judged, RowVerdict
from instruments.procedure_model import Decision
from instruments.words import Words
from uncertainty.decision import DecisionRule as EngineRule
from uncertainty.decision import decide
from uncertainty.limits import Limits

LIMIT_GRACE = 1e-9
"""Share of a limit within which a value is on it: 2 − 1,84 is 0,16 whatever its last binary digit."""

_WORST_FIRST: tuple[RowVerdict, ...] = ("fail", "conditional_fail", "conditional_pass", "pass")


def judge_plainly(
    key: str, label: Words, unit: str, value: float, lower: float | None, upper: float | None, *, judged: bool
) -> Judged:
    """Simple acceptance: inside the limits, ends included (None: open). `judged` False states nothing."""
    verdict: RowVerdict = "not_stated"
    if judged and not (lower is None and upper is None):
        grace = LIMIT_GRACE * max(abs(lower or 0.0), abs(upper or 0.0))
        inside = (lower is None or value >= lower - grace) and (upper is None or value <= upper + grace)
        verdict = "pass" if inside else "fail"
    return Judged(key, label, unit, value, lower, upper, verdict)


def judge_result(
    key: str,
    label: Words,
    unit: str,
    value: float,
    U: float,
    k: float,
    lower: float | None,
    upper: float | None,
    *,
    rule: str | None,
    decision: Decision,
) -> Judged:
    """The reported result by the decision rule (ILAC-G8:09/2019) with its U = k·u; no rule or no limit: not stated."""
    verdict: RowVerdict = "not_stated"
    if rule is not None and not (lower is None and upper is None):
        limits = Limits(
            *(end if end is not None else open_end for end, open_end in zip((lower, upper), _OPEN, strict=True))
        )
        found = decide(value, U / k, limits, EngineRule(rule), r=decision.r, coverage_factor=k)
        verdict = found.decision.value
    return Judged(key, label, unit, value, lower, upper, verdict)


def worst(verdicts: Iterable[RowVerdict]) -> RowVerdict:
    """The worst verdict that was stated; not_stated when none was."""
    found = set(verdicts)
    for verdict in _WORST_FIRST:
        if verdict in found:
            return verdict
    return "not_stated"


_OPEN = (float("-inf"), float("inf"))
