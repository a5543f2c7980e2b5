"""Control charts of intermediate checks: Shewhart limits, the eight rules of Nelson, and the E_n criterion.

Nelson, L. S.: The Shewhart control chart - tests for special causes. J. Qual. Technol. 16 (1984) 237-239.
ISO 7870-2:2013 uses the same zones: C within 1 sigma of the centre line, B within 2, A within 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from instruments.words import Words

RULES: dict[int, Words] = {
    1: Words("một điểm ngoài 3σ", "one point beyond 3σ"),
    2: Words("chín điểm liên tiếp cùng một phía đường tâm", "nine points in a row on one side of the centre line"),
    3: Words("sáu điểm liên tiếp cùng tăng hoặc cùng giảm", "six points in a row steadily rising or falling"),
    4: Words("mười bốn điểm liên tiếp lên xuống xen kẽ", "fourteen points in a row alternating up and down"),
    5: Words("hai trong ba điểm ngoài 2σ cùng một phía", "two of three points beyond 2σ on one side"),
    6: Words("bốn trong năm điểm ngoài 1σ cùng một phía", "four of five points beyond 1σ on one side"),
    7: Words("mười lăm điểm liên tiếp trong 1σ", "fifteen points in a row within 1σ"),
    8: Words("tám điểm liên tiếp đều ngoài 1σ, cả hai phía", "eight points in a row beyond 1σ, on both sides"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule is met by the points from `first` through `last` (places in the sequence, counted from 0)."""

    rule: int
    first: int
    last: int


def violations(
    values: Sequence[float], centre: float, sigma: float, rules: Collection[int] = tuple(RULES)
) -> tuple[Violation, ...]:
    """Every place at which a rule is met, by place, then rule. `values` are in the order of time, sigma > 0.

    A rule is reported at the point that completes it; a point exactly on a line of a zone lies inside the zone, one on
    the centre line on neither side. Rules 5 and 6 name a point only if it lies beyond its zone itself.
    """
    if not sigma > 0:
        raise ValueError("sigma must be greater than 0")
    scores = [(value - centre) / sigma for value in values]
    found = [
        Violation(rule, last - span + 1, last)
        for rule, (length, test) in _TESTS.items()
        if rule in rules
        for last in range(len(scores))
        for span in [min(length, last + 1) if rule in _COUNTED else length]
        if span <= last + 1 and test(scores[last - span + 1 : last + 1])
    ]
    return tuple(sorted(found, key=lambda one: (one.last, one.rule)))


def _same_side(scores: Sequence[float]) -> bool:
    return all(score > 0 for score in scores) or all(score < 0 for score in scores)


def _steady(scores: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(scores)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternating(scores: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(scores)]
    return all(before * after < 0 for before, after in pairwise(steps))


def _some_beyond(scores: Sequence[float], count: int, zone: float) -> bool:
    """Whether the last point and enough of the others lie beyond the zone on one side."""
    return any(
        sign * scores[-1] > zone and sum(sign * score > zone for score in scores) >= count for sign in (1.0, -1.0)
    )


def _both_sides_beyond(scores: Sequence[float]) -> bool:
    return all(abs(score) > 1 for score in scores) and min(scores) < 0 < max(scores)


_COUNTED = (5, 6)
"""Rules of "some of the last points": they can be met before the window is full."""
_TESTS: dict[int, tuple[int, Callable[[Sequence[float]], bool]]] = {
    1: (1, lambda scores: abs(scores[0]) > 3),
    2: (9, _same_side),
    3: (6, _steady),
    4: (14, _alternating),
    5: (3, lambda scores: _some_beyond(scores, 2, 2.0)),
    6: (5, lambda scores: _some_beyond(scores, 4, 1.0)),
    7: (15, lambda scores: all(abs(score) < 1 for score in scores)),
    8: (8, _both_sides_beyond),
}


@dataclass(frozen=True, slots=True)
class CheckLimits:
    """What a check is judged by, all in one unit.

    `sigma` (of a mean of the check's readings) makes it a Shewhart chart with `rules`; without it the check standard's
    U and the laboratory's own U make an E_n. `action_limit`: greatest permitted |mean - centre|, where one is stated.
    """

    centre: float
    sigma: float | None = None
    rules: tuple[int, ...] = (1,)
    reference_uncertainty: float | None = None
    own_uncertainty: float | None = None
    action_limit: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check showed. `fails`: it is an action signal; otherwise a warning."""

    code: str
    """"nelson_1" … "nelson_8", "en", "action_limit"."""
    fails: bool
    text: Words


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The judgement: `score` is (mean - centre)/sigma, or E_n."""

    mean: float
    score: float | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return not any(finding.fails for finding in self.findings)


def judge_check(readings: Sequence[float], limits: CheckLimits, earlier: Sequence[float] = ()) -> CheckOutcome:
    """Judge one check by the mean of its readings; `earlier` are the means of the checks before it, oldest first.

    Only rules that the new point completes are reported; those not among `limits.rules` are warnings. `earlier` are
    to be means under the same centre and sigma. Raises ValueError without readings.
    """
    if not readings:
        raise ValueError("no readings")
    mean = math.fsum(readings) / len(readings)
    findings: list[Finding] = []
    score: float | None = None
    if limits.sigma is not None:
        score = (mean - limits.centre) / limits.sigma
        points = [*earlier, mean]
        for one in violations(points, limits.centre, limits.sigma):
            if one.last == len(points) - 1:
                findings.append(Finding(f"nelson_{one.rule}", one.rule in limits.rules, RULES[one.rule]))
    else:
        spread = math.hypot(limits.reference_uncertainty or 0.0, limits.own_uncertainty or 0.0)
        if not spread > 0:
            raise ValueError("neither sigma nor an uncertainty is given")
        score = (mean - limits.centre) / spread
        if abs(score) > 1:
            findings.append(Finding("en", True, Words(f"|En| = {abs(score):.2f} lớn hơn 1".replace(".", ","),
                                                      f"|En| = {abs(score):.2f} exceeds 1")))  # fmt: skip
    if limits.action_limit is not None and abs(mean - limits.centre) > limits.action_limit:
        findings.append(Finding("action_limit", True, Words("vượt giới hạn hành động", "beyond the action limit")))
    return CheckOutcome(mean, score, tuple(findings))
