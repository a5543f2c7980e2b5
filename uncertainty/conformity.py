"""The document of `lims calc conformity`: one result, or a whole population, against limits (docs/engine.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import inf, isfinite

from uncertainty import risk
from uncertainty.decision import Conformity, DecisionRule, decide, decide_within, guard_band, guard_band_between
from uncertainty.documents import Reader, open_document
from uncertainty.errors import InputError
from uncertainty.limits import Limits
from uncertainty.notes import note
from uncertainty.number_range import within_doubles
from uncertainty.priors import GammaPrior, NormalPrior, Prior, RectangularPrior


@within_doubles
def calculate_document(document: Mapping[str, object]) -> dict[str, object]:
    """Result of a `conformity` document; `InputError` names what is wrong."""
    case = _read(document)
    notes = _remarks(case)
    judged = None if case.value is None else _judge(case, case.value)
    result: dict[str, object] = {
        "conformance_probability": judged and judged.conformance_probability,
        "specific_risk": judged and judged.specific_risk,
        "decision": judged and judged.decision.value,
        "acceptance": _ends(case.acceptance),
        "guard_band": case.guard_band,
        "measurement_capability_index": risk.measurement_capability_index(case.uncertainty, case.limits),
        "test_uncertainty_ratio": risk.uncertainty_ratio(case.expanded_uncertainty, case.limits),
    }
    if case.prior is not None:
        result.update(_over_all_items(case, case.prior, notes))
    if case.target is not None:
        result["acceptance_for_target"] = _for_target(case, *case.target, notes)
    return {**result, "notes": notes}


@dataclass(frozen=True, slots=True)
class _Case:
    """A checked document."""

    limits: Limits
    value: float | None
    uncertainty: float
    """u that makes the guard band: that of the result, else that of the measurement."""
    coverage_factor: float
    rule: DecisionRule | None
    """None when the document names acceptance limits and no rule."""
    r: float
    r_is_given: bool
    agreed_acceptance: Limits | None
    prior: Prior | None
    measurement_uncertainty: float
    target: tuple[str, float] | None

    @property
    def expanded_uncertainty(self) -> float:
        return self.coverage_factor * self.uncertainty

    @property
    def guard_band(self) -> float | None:
        if self.rule is not None:
            return guard_band(self.rule, self.expanded_uncertainty, self.r)
        assert self.agreed_acceptance is not None
        return guard_band_between(self.limits, self.agreed_acceptance)

    @property
    def acceptance(self) -> Limits:
        if self.rule is not None:
            return self.limits.shrunk(guard_band(self.rule, self.expanded_uncertainty, self.r))
        assert self.agreed_acceptance is not None
        return self.agreed_acceptance


def _judge(case: _Case, value: float) -> Conformity:
    if case.rule is None:
        return decide_within(value, case.uncertainty, case.limits, case.acceptance)
    return decide(value, case.uncertainty, case.limits, case.rule, r=case.r, coverage_factor=case.coverage_factor)


def _remarks(case: _Case) -> list[str]:
    notes: list[str] = []
    if case.value is None:
        notes.append(note("không có giá trị đo nên không kết luận", "no measured value, so nothing is decided"))
    if not case.limits.is_two_sided:
        notes.append(
            note(
                "giới hạn một phía: phía không có giới hạn, C_m và TUR là null",
                "one-sided limit: the side without a limit, C_m and TUR are null",
            )
        )
    elif case.uncertainty == 0:
        notes.append(note("u = 0: C_m và TUR vô hạn nên là null", "u = 0: C_m and TUR are infinite, hence null"))
    if case.guard_band is None:
        notes.append(
            note(
                "hai giới hạn chấp nhận dịch khác nhau: guard_band là null",
                "the acceptance limits are moved by different amounts: guard_band is null",
            )
        )
    if case.acceptance.is_empty(case.uncertainty):
        notes.append(
            note(
                "miền chấp nhận rỗng (dải bảo vệ rộng hơn nửa dung sai): không kết quả nào đạt",
                "the acceptance zone is empty (the guard band is wider than half the tolerance): nothing can pass",
            )
        )
    if case.r_is_given and case.rule is not DecisionRule.GUARDED_R:
        notes.append(
            note("r chỉ dùng với quy tắc guarded_r", "r acts in the rule guarded_r alone; here it is not used")
        )
    if case.rule is DecisionRule.SIMPLE and 3 * case.expanded_uncertainty > case.limits.width / 2:
        notes.append(
            note(
                "U lớn hơn 1/3 nửa dung sai: chấp nhận đơn giản kém tin cậy (ILAC-G8:09/2019)",
                "U exceeds 1/3 of half the tolerance: simple acceptance is weak here (ILAC-G8:09/2019)",
            )
        )
    if case.rule is not None and case.agreed_acceptance is not None:
        notes.append(
            note(
                "kết luận theo quy tắc quyết định; rủi ro toàn cục theo giới hạn chấp nhận đã nêu",
                "the decision follows the decision rule; the global risk follows the stated acceptance limits",
            )
        )
    return notes


def _over_all_items(case: _Case, prior: Prior, notes: list[str]) -> dict[str, object]:
    acceptance = case.agreed_acceptance or case.acceptance
    risks = risk.global_risk(prior, case.measurement_uncertainty, case.limits, acceptance)
    if risks.conditional_consumer_risk is None:
        notes.append(
            note(
                "không vật nào được chấp nhận nên không có rủi ro có điều kiện",
                "nothing is ever accepted, so there is no conditional consumer's risk",
            )
        )
    result: dict[str, object] = {"global": asdict(risks)}
    if case.value is not None and case.measurement_uncertainty > 0:
        after = risk.posterior(prior, case.value, case.measurement_uncertainty, case.limits)
        if after is None:
            notes.append(note("giá trị đo trái với tiên nghiệm", "the measured value contradicts the prior"))
        result["posterior"] = after and asdict(after)
    return result


def _for_target(case: _Case, kind: str, target: float, notes: list[str]) -> dict[str, object]:
    if kind == "specific_risk":
        w = risk.guard_band_for_specific_risk(case.uncertainty, case.limits, target)
    else:
        assert case.prior is not None  # checked when the document was read
        solve = risk.acceptance_for_consumer_risk if kind == "consumer_risk" else risk.acceptance_for_producer_risk
        w = solve(case.prior, case.measurement_uncertainty, case.limits, target)
    if w is None:
        notes.append(
            note(
                f"không có giới hạn chấp nhận nào cho {kind} = {target:g}",
                f"no acceptance limits give {kind} = {target:g}",
            )
        )
        return {"lower": None, "upper": None, "guard_band": None}
    if w < 0:
        notes.append(
            note(
                "giới hạn chấp nhận cho mục tiêu nằm ngoài giới hạn dung sai",
                "the acceptance limits for the target lie outside the tolerance limits",
            )
        )
    return {**_ends(case.limits.shrunk(w)), "guard_band": w}


def _ends(limits: Limits) -> dict[str, object]:
    return {
        "lower": limits.lower if isfinite(limits.lower) else None,
        "upper": limits.upper if isfinite(limits.upper) else None,
    }


_KEYS = (
    "title",
    "note",
    "unit",
    "value",
    "standard_uncertainty",
    "coverage_factor",
    "limits",
    "decision_rule",
    "r",
    "acceptance",
    "prior",
    "measurement",
    "solve_acceptance_for",
)
_TARGETS = ("consumer_risk", "producer_risk", "specific_risk")
_PRIOR_KEYS = {
    "normal": ("mean", "standard_deviation"),
    "gamma": ("shape", "scale"),
    "rectangular": ("lower", "upper", "mean", "half_width"),
}


def _read(document: Mapping[str, object]) -> _Case:
    reader = open_document(document, "conformity", _KEYS)
    limits = _read_limits(reader, "limits")
    measurement = reader.optional_child("measurement", ("standard_uncertainty",))
    prior = _read_prior(reader) if "prior" in reader else None
    if (prior is None) != (measurement is None):
        missing = "prior" if prior is None else "measurement"
        raise InputError(
            missing,
            vi="thiếu: prior và measurement đi cùng nhau",
            en="missing: prior and measurement are given together",
        )
    value = reader.number("value") if "value" in reader or prior is None else None
    own = None if value is None and "standard_uncertainty" not in reader else _uncertainty(reader)
    measured = 0.0 if measurement is None else _uncertainty(measurement)
    agreed = _read_limits(reader, "acceptance") if "acceptance" in reader else None
    named = "decision_rule" in reader or agreed is None
    case = _Case(
        limits=limits,
        value=value,
        uncertainty=measured if own is None else own,
        coverage_factor=reader.number("coverage_factor", 2.0, above=0),
        rule=DecisionRule(reader.choice("decision_rule", tuple(DecisionRule), "simple")) if named else None,
        r=reader.number("r", 1.0),
        r_is_given="r" in reader,
        agreed_acceptance=agreed,
        prior=prior,
        measurement_uncertainty=measured,
        target=_read_target(reader) if "solve_acceptance_for" in reader else None,
    )
    if case.target is not None and case.target[0] != "specific_risk" and prior is None:
        raise InputError(
            "prior",
            vi="thiếu: rủi ro toàn cục cần prior và measurement",
            en="missing: a global risk needs prior and measurement",
        )
    return case


def _uncertainty(reader: Reader) -> float:
    return reader.number("standard_uncertainty", at_least=0)


def _read_limits(reader: Reader, key: str) -> Limits:
    sides = reader.child(key, ("lower", "upper"))
    lower, upper = sides.optional_number("lower"), sides.optional_number("upper")
    if lower is None and upper is None:
        raise InputError(sides.path, vi="cần lower, upper hoặc cả hai", en="expected lower, upper or both")
    if lower is not None and upper is not None and not lower < upper:
        raise InputError(
            sides.path,
            vi=f"lower ({lower:g}) phải nhỏ hơn upper ({upper:g})",
            en=f"lower ({lower:g}) must be less than upper ({upper:g})",
        )
    return Limits(-inf if lower is None else lower, inf if upper is None else upper)


def _read_prior(reader: Reader) -> Prior:
    every = tuple(dict.fromkeys(key for keys in _PRIOR_KEYS.values() for key in keys))
    distribution = reader.child("prior", ("distribution", *every)).choice("distribution", tuple(_PRIOR_KEYS))
    prior = reader.child("prior", ("distribution", *_PRIOR_KEYS[distribution]))
    if distribution == "normal":
        return NormalPrior(prior.number("mean"), prior.number("standard_deviation", above=0))
    if distribution == "gamma":
        return GammaPrior(prior.number("shape", above=0), prior.number("scale", above=0))
    if "half_width" in prior:
        if "lower" in prior or "upper" in prior:
            raise InputError(
                prior.path,
                vi="chỉ nêu một cách: lower và upper, hoặc mean và half_width",
                en="state it one way: lower and upper, or mean and half_width",
            )
        centre, half_width = prior.number("mean"), prior.number("half_width", above=0)
        return RectangularPrior(centre - half_width, centre + half_width)
    lower = prior.number("lower")
    return RectangularPrior(lower, prior.number("upper", above=lower))


def _read_target(reader: Reader) -> tuple[str, float]:
    target = reader.child("solve_acceptance_for", _TARGETS)
    given = [kind for kind in _TARGETS if kind in target]
    if len(given) != 1:
        words = ", ".join(_TARGETS)
        raise InputError(target.path, vi=f"cần đúng một trong: {words}", en=f"expected exactly one of: {words}")
    return given[0], target.number(given[0], above=0, below=1)
