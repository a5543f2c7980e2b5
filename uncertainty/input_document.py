"""Reading one input of a budget document: its spread is stated in exactly one way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from uncertainty import distributions as d
from uncertainty.coverage import coverage_factor
from uncertainty.documents import Reader, wrong_kind
from uncertainty.errors import InputError
from uncertainty.expression import check_name
from uncertainty.inputs import Input
from uncertainty.type_a import TypeA, evaluate_pooled, evaluate_readings

DISTRIBUTIONS = (
    "normal",
    "rectangular",
    "triangular",
    "trapezoidal",
    "arcsine",
    "student_t",
    "exponential",
    "lognormal",
    "gamma",
    "curvilinear_trapezoid",
    "constant",
    "sample",
)


class _Way(NamedTuple):
    """One way of stating a spread."""

    keys: tuple[str, ...]
    distributions: tuple[str, ...]
    """The distributions it goes with; the first is the default."""


_FROM_U = ("normal", "student_t", "rectangular", "triangular", "trapezoidal", "arcsine")
_BOUNDED = ("rectangular", "triangular", "trapezoidal", "arcsine", "curvilinear_trapezoid")
_WAYS = {
    "standard": _Way(("standard_uncertainty",), _FROM_U),
    "expanded": _Way(("expanded_uncertainty", "coverage_factor", "probability"), _FROM_U),
    "half_width": _Way(("half_width",), _BOUNDED),
    "limits": _Way(("lower", "upper"), _BOUNDED),
    "scale": _Way(("scale",), ("student_t",)),
    "readings": _Way(("readings", "pooled_standard_deviation"), ("student_t", "normal")),
    "values": _Way(("values",), ("sample",)),
    "lognormal": _Way(("mu", "sigma"), ("lognormal",)),
    "gamma": _Way(("shape", "scale"), ("gamma",)),
    "constant": _Way(("constant",), ("constant",)),
    "value": _Way((), ("constant", "exponential")),
}
_WAYS_OF = {
    key: [name for name, way in _WAYS.items() if key in way.keys]
    for key in dict.fromkeys(key for way in _WAYS.values() for key in way.keys)
}
_RELATIVE = ("standard", "expanded", "half_width", "scale", "readings")
_OWN = {"beta": "trapezoidal", "half_width_uncertainty": "curvilinear_trapezoid"}
_KNOWN = (
    "value",
    "distribution",
    *dict.fromkeys(key for way in _WAYS.values() for key in way.keys),
    *_OWN,
    "dof",
    "unit",
    "note",
    "relative",
    "source",
    "check_units",
)


def read_input(name: str, raw: object, path: str) -> Input:
    """One input from its JSON object; every fault is an `InputError` at the key it concerns."""
    check_name(name, path)
    reader = Reader(raw, path, _KNOWN)
    way = _stated_way(reader)
    kind = _distribution(reader, way)
    _check_companions(reader, way, kind)
    try:
        estimate, distribution, dof, observations = _MAKERS[way](reader, kind)
        return Input(
            name,
            estimate,
            distribution.standard_uncertainty,
            dof,
            distribution,
            unit=reader.text("unit", ""),
            source=_source(reader),
            note=reader.text("note", ""),
            observations=observations,
        )
    except (OverflowError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            path, vi="các số này vượt quá phạm vi tính được", en="these numbers are beyond the range of calculation"
        ) from None


class _Made(NamedTuple):
    estimate: float
    distribution: d.Distribution
    dof: float
    observations: tuple[float, ...] | None = None


def _stated_way(reader: Reader) -> str:
    found = list(dict.fromkeys([way for key in reader for way in _WAYS_OF.get(key, ())]))
    if "gamma" in found and "scale" in found:
        # `scale` belongs to both; `shape`, or the distribution's name, tells.
        gamma = "shape" in reader or ("distribution" in reader and reader.raw("distribution") == "gamma")
        found.remove("scale" if gamma else "gamma")
    if len(found) > 1:
        ways = ", ".join(key for name in found for key in _WAYS[name].keys if key in reader)
        raise InputError(
            reader.path,
            vi=f"độ phân tán được nêu theo {len(found)} cách ({ways}); chỉ giữ một",
            en=f"the spread is stated in {len(found)} ways ({ways}); keep one",
        )
    return found[0] if found else "value"


def _distribution(reader: Reader, way: str) -> str:
    allowed = _WAYS[way].distributions
    if "distribution" not in reader:
        if way == "value":
            raise InputError(
                reader.path,
                vi='chưa nêu độ phân tán; hằng số cần "distribution": "constant"',
                en='no spread is stated; a constant needs "distribution": "constant"',
            )
        return allowed[0]
    kind = reader.choice("distribution", DISTRIBUTIONS)
    if kind not in allowed:
        keys = " + ".join(key for key in _WAYS[way].keys if key in reader) or "value"
        needed = sorted({" + ".join(_needed(name)) for name, other in _WAYS.items() if kind in other.distributions})
        raise InputError(
            reader.at("distribution"),
            vi=f"{kind} không đi với {keys}; cần {' hoặc '.join(needed)}",
            en=f"{kind} does not go with {keys}; expected {' or '.join(needed)}",
        )
    return kind


def _needed(way: str) -> tuple[str, ...]:
    return {"expanded": ("expanded_uncertainty",), "readings": ("readings",)}.get(way, _WAYS[way].keys or ("value",))


def _check_companions(reader: Reader, way: str, kind: str) -> None:
    for key, owner in _OWN.items():
        if key in reader and kind != owner:
            raise InputError(
                reader.at(key),
                vi=f"chỉ dùng với phân bố {owner}, ở đây là {kind}",
                en=f"belongs to the distribution {owner}, here it is {kind}",
            )
    reader.flag("check_units", False)
    if not reader.flag("relative", False):
        return
    if way not in _RELATIVE or (way == "readings" and "pooled_standard_deviation" not in reader):
        raise InputError(
            reader.at("relative"),
            vi="không có số nào để hiểu theo tương đối (cần u, U, half_width, scale hoặc s gộp)",
            en="no number here can be relative (expected u, U, half_width, scale or a pooled standard deviation)",
        )


def _from_standard(reader: Reader, kind: str) -> _Made:
    value = reader.number("value")
    u = reader.number("standard_uncertainty", at_least=0.0) * _factor(reader, value)
    return _scaled(reader, kind, value, u)


def _from_expanded(reader: Reader, kind: str) -> _Made:
    value = reader.number("value")
    expanded = reader.number("expanded_uncertainty", at_least=0.0) * _factor(reader, value)
    if "coverage_factor" in reader and "probability" in reader:
        raise InputError(
            reader.at("probability"),
            vi="chỉ nêu coverage_factor hoặc probability",
            en="state either coverage_factor or probability, not both",
        )
    if "probability" in reader:
        k = coverage_factor(reader.number("probability", above=0.0, below=1.0), _dof(reader))
        if math.isinf(k):
            raise InputError(
                reader.at("dof"),
                vi="bậc tự do quá nhỏ: hệ số phủ vượt quá phạm vi số",
                en="too few degrees of freedom: the coverage factor is beyond the range of numbers",
            )
    else:
        k = reader.number("coverage_factor", above=0.0)
    return _scaled(reader, kind, value, expanded / k)


def _from_half_width(reader: Reader, kind: str) -> _Made:
    value = reader.number("value")
    factor = _factor(reader, value)
    half_width = reader.number("half_width", at_least=0.0) * factor
    return _Made(value, _bounded(reader, kind, value, half_width, factor), _dof(reader))


def _from_limits(reader: Reader, kind: str) -> _Made:
    lower = reader.number("lower")
    upper = reader.number("upper", at_least=lower)
    centre, half_width = 0.5 * lower + 0.5 * upper, 0.5 * upper - 0.5 * lower
    value = reader.number("value", centre, at_least=lower, at_most=upper)
    return _Made(value, _bounded(reader, kind, centre, half_width, 1.0), _dof(reader))


def _from_scale(reader: Reader, kind: str) -> _Made:
    value = reader.number("value")
    return _scaled(reader, kind, value, reader.number("scale", at_least=0.0) * _factor(reader, value))


def _from_readings(reader: Reader, kind: str) -> _Made:
    if "value" in reader:
        raise InputError(
            reader.at("value"), vi="giá trị là trung bình của readings", en="the value is the mean of the readings"
        )
    if "readings" not in reader:
        raise InputError(
            reader.at("readings"),
            vi="pooled_standard_deviation cần readings",
            en="pooled_standard_deviation needs readings",
        )
    readings = tuple(reader.numbers("readings", at_least=1 if "pooled_standard_deviation" in reader else 2))
    made = _evaluated(reader, readings)
    explicit = kind if "distribution" in reader else None
    normal = explicit == "normal" if explicit else ("pooled_standard_deviation" in reader and math.isinf(made.dof))
    if normal:
        return _Made(made.mean, d.Normal(made.mean, made.standard_uncertainty), made.dof, readings)
    if math.isinf(made.dof):
        raise _dof_needed(reader)
    return _Made(made.mean, d.StudentT(made.mean, made.standard_uncertainty, made.dof), made.dof, readings)


def _evaluated(reader: Reader, readings: tuple[float, ...]) -> TypeA:
    if "pooled_standard_deviation" in reader:
        pooled = reader.number("pooled_standard_deviation", at_least=0.0)
        made = evaluate_pooled(readings, pooled, _dof(reader))
        factor = _factor(reader, made.mean)
        return made._replace(standard_uncertainty=made.standard_uncertainty * factor)
    made = evaluate_readings(readings)
    if "dof" in reader and _dof(reader) != made.dof:
        raise InputError(
            reader.at("dof"),
            vi=f"{len(readings)} số đọc có {made.dof:g} bậc tự do; bậc tự do khác chỉ đi với pooled_standard_deviation",
            en=f"{len(readings)} readings have {made.dof:g} degrees of freedom; others go with a"
            " pooled_standard_deviation",
        )
    return made


def _from_values(reader: Reader, kind: str) -> _Made:
    if "value" in reader:
        raise InputError(
            reader.at("value"), vi="giá trị là trung bình của values", en="the value is the mean of the values"
        )
    distribution = d.Sample(tuple(reader.numbers("values", at_least=2)))
    return _Made(distribution.mean, distribution, _dof(reader))


def _from_lognormal(reader: Reader, kind: str) -> _Made:
    distribution = d.Lognormal(reader.number("mu"), reader.number("sigma", at_least=0.0))
    return _Made(reader.number("value", distribution.mean, above=0.0), distribution, _dof(reader))


def _from_gamma(reader: Reader, kind: str) -> _Made:
    distribution = d.Gamma(reader.number("shape", above=0.0), reader.number("scale", above=0.0))
    return _Made(reader.number("value", distribution.mean, at_least=0.0), distribution, _dof(reader))


def _from_constant(reader: Reader, kind: str) -> _Made:
    if "value" in reader:
        raise InputError(
            reader.at("value"), vi="giá trị đã nêu ở constant", en="the value is already stated by constant"
        )
    return _constant(reader.number("constant"))


def _from_value(reader: Reader, kind: str) -> _Made:
    if kind == "constant":
        return _constant(reader.number("value"))
    value = reader.number("value", above=0.0)
    return _Made(value, d.Exponential(value), _dof(reader))


_MAKERS: dict[str, Callable[[Reader, str], _Made]] = {
    "standard": _from_standard,
    "expanded": _from_expanded,
    "half_width": _from_half_width,
    "limits": _from_limits,
    "scale": _from_scale,
    "readings": _from_readings,
    "values": _from_values,
    "lognormal": _from_lognormal,
    "gamma": _from_gamma,
    "constant": _from_constant,
    "value": _from_value,
}


def _constant(value: float) -> _Made:
    return _Made(value, d.Constant(value), math.inf)


def _scaled(reader: Reader, kind: str, value: float, u: float) -> _Made:
    """The distribution of a kind about a value with a given standard uncertainty (a scale for Student's t)."""
    dof = _dof(reader)
    match kind:
        case "normal":
            return _Made(value, d.Normal(value, u), dof)
        case "student_t":
            if math.isinf(dof):
                raise _dof_needed(reader)
            return _Made(value, d.StudentT(value, u, dof), dof)
        case "rectangular":
            return _Made(value, d.Rectangular(value, u * math.sqrt(3.0)), dof)
        case "triangular":
            return _Made(value, d.Triangular(value, u * math.sqrt(6.0)), dof)
        case "arcsine":
            return _Made(value, d.Arcsine(value, u * math.sqrt(2.0)), dof)
    beta = _beta(reader)
    return _Made(value, d.Trapezoidal(value, u * math.sqrt(6.0 / (1.0 + beta**2)), beta), dof)


def _bounded(reader: Reader, kind: str, centre: float, half_width: float, factor: float) -> d.Distribution:
    match kind:
        case "rectangular":
            return d.Rectangular(centre, half_width)
        case "triangular":
            return d.Triangular(centre, half_width)
        case "arcsine":
            return d.Arcsine(centre, half_width)
        case "trapezoidal":
            return d.Trapezoidal(centre, half_width, _beta(reader))
    uncertainty = reader.number("half_width_uncertainty", at_least=0.0) * factor
    if uncertainty > half_width:
        raise InputError(
            reader.at("half_width_uncertainty"),
            vi=f"phải nhiều nhất bằng nửa độ rộng {half_width:g}",
            en=f"must be at most the half-width {half_width:g}",
        )
    return d.CurvilinearTrapezoid(centre, half_width, uncertainty)


def _beta(reader: Reader) -> float:
    return reader.number("beta", at_least=0.0, at_most=1.0)


def _dof(reader: Reader) -> float:
    """Degrees of freedom: a number above 0; infinite when missing, null or "infinite"."""
    if "dof" not in reader or reader.raw("dof") in (None, "infinite"):
        return math.inf
    raw = reader.raw("dof")
    if isinstance(raw, str):
        raise wrong_kind(reader.at("dof"), raw, vi='một số dương hoặc "infinite"', en='a positive number or "infinite"')
    return reader.number("dof", above=0.0)


def _dof_needed(reader: Reader) -> InputError:
    return InputError(
        reader.at("dof"),
        vi="phân bố student_t cần số bậc tự do hữu hạn",
        en="the distribution student_t needs finite degrees of freedom",
    )


def _factor(reader: Reader, value: float) -> float:
    if not reader.flag("relative", False):
        return 1.0
    if value == 0.0:
        raise InputError(
            reader.at("relative"),
            vi="giá trị bằng 0 thì độ không đảm bảo tương đối không có nghĩa",
            en="a relative uncertainty has no meaning for the value 0",
        )
    return abs(value)


def _source(reader: Reader) -> str | None:
    if "source" not in reader:
        return None
    source = reader.text("source").strip()
    if not source:
        raise InputError(reader.at("source"), vi="cần tên nguồn", en="expected the name of a source")
    return source
