"""What the recomputations share: combining inputs by differences, certificates read at a point, air and water."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from scipy.special import stdtrit

Plain = Mapping[str, Any]
Row = tuple[float, float, float]
Given = tuple[float, float] | tuple[float, float, float]
INF = math.inf
ROOT3 = math.sqrt(3)


def combine(f: Callable[..., float], **inputs: Given) -> Row:
    """Value, u and ν_eff of f; each input is (estimate, u) or (estimate, u, ν)."""
    values = {name: given[0] for name, given in inputs.items()}
    variance, fourth = 0.0, 0.0
    for name, given in inputs.items():
        u, dof = given[1], (given[2] if len(given) > 2 else INF)
        if u == 0:
            continue
        step = u * 1e-4
        slope = (f(**{**values, name: values[name] + step}) - f(**{**values, name: values[name] - step})) / (2 * step)
        variance += (slope * u) ** 2
        fourth += (slope * u) ** 4 / dof
    u = math.sqrt(variance)
    return f(**values), u, (u**4 / fourth if fourth > 0 else INF)


def coverage_factor(dof: float) -> float:
    """t for 95.45 % with truncated degrees of freedom."""
    return 2.0000024438996027 if dof > 1e6 else float(stdtrit(math.floor(dof), 0.97725))


def typed(readings: Plain, table: str, point: int, column: str) -> list[float]:
    """The repeats that were typed in a cell's column."""
    found = [readings.get(f"{table}/{point}/{column}/{repeat}") for repeat in range(1, 51)]
    return [float(text) for text in found if text is not None]


def at(standard: Plain, x: float) -> tuple[float, float]:
    """Correction and u of a certificate at x, straight lines between its points."""
    points = sorted(standard["points"], key=lambda point: float(point["nominal"]))
    pairs = [
        (
            p["nominal"],
            p.get("correction", p.get("value", 0) - p["nominal"] if "value" in p else 0),
            p["U"] / p.get("k", 2),
        )
        for p in points
    ]
    for (x0, c0, u0), (x1, c1, u1) in zip(pairs, [*pairs[1:], pairs[-1]], strict=True):
        if math.isclose(x, x0, abs_tol=1e-12):
            return c0, u0
        if x0 < x < x1:
            share = (x - x0) / (x1 - x0)
            return c0 + share * (c1 - c0), u0 + share * (u1 - u0)
    raise ValueError(x)


def air(p: float, h: float, t: float) -> float:
    """OIML R 111-1:2004, E.3-1, kg/m³."""
    return (0.34848 * p - 0.009 * h * math.exp(0.061 * t)) / (273.15 + t)


def water(t: float) -> float:
    """Tanaka et al. 2001, kg/m³."""
    return 999.974950 * (1 - (t - 3.983035) ** 2 * (t + 301.797) / (522528.9 * (t + 69.34881)))


def room(observations: Plain, key: str) -> tuple[float, float]:
    """Mean and half span of a condition."""
    start, end = (float(observations["environment"][f"{key}/{when}"]) for when in ("start", "end"))
    return (start + end) / 2, abs(start - end) / 2


def fields(observations: Plain, **defaults: float) -> dict[str, float]:
    """Number fields as typed, the defaults of the procedure beneath."""
    found = dict(defaults)
    for key, text in observations["instrument"].items():
        try:
            found[key] = float(text)
        except ValueError:
            continue
    return found


def listed(observations: Plain, key: str, default: list[float]) -> list[float]:
    text = observations["instrument"].get(key)
    return [float(item) for item in text.split(";")] if text else default


def in_unit(standard: Plain, factor: float) -> Plain:
    """A certificate in another unit."""
    return {
        **standard,
        "points": [
            {key: value if key == "k" else value * factor for key, value in point.items()}
            for point in standard["points"]
        ],
    }


def made_up(standard: Plain, load: float) -> tuple[float, float]:
    """Correction and u of a load: the largest weights first, all added."""
    rest, correction, u = load, 0.0, 0.0
    for point in sorted(standard["points"], key=lambda point: -point["nominal"]):
        number = math.floor(rest / point["nominal"] + 1e-9)
        rest -= number * point["nominal"]
        correction += number * point["correction"]
        u += number * point["U"] / 2
    assert abs(rest) < 1e-9
    return correction, u
