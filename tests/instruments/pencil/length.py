"""Callipers, micrometers, gauge blocks."""

from __future__ import annotations

import math
from statistics import mean

from tests.instruments.pencil.common import INF, ROOT3, Plain, Row, at, fields, listed, made_up, typed


def _length(o: Plain, table: str, points: list[float], span: float, extra: list[float], division: float) -> list[Row]:
    """Indication less the blocks under it, in µm; blocks wrung together add up linearly."""
    rows = []
    for point, nominal in enumerate(points, 1):
        ind = typed(o["readings"], table, point, "ind")
        correction, u_ref = made_up(o["standards"]["ref"], nominal)
        parts = [
            1000 * u_ref,
            nominal * 11.5e-3 * span / ROOT3,
            1000 * division / 2 / ROOT3,
            1000 * (max(ind) - min(ind)) / 2 / ROOT3,
            *(part / ROOT3 for part in extra),
        ]
        value = 1000 * (mean(ind) - nominal - correction)
        rows.append((value, math.sqrt(sum(part**2 for part in parts)), INF))
    return rows


def calliper_jaws(o: Plain) -> dict[str, list[Row]]:
    """EA-4/02 S10 at the three measuring faces, µm."""
    f = fields(o, mechanical=0.05, temperature_span=2)
    shares = [f["range_max"] * share / 5 for share in range(1, 6)]
    points = {
        "outside": listed(o, "outside_points", shares),
        "inside": listed(o, "inside_points", []),
        "depth": listed(o, "depth_points", []),
    }
    return {
        table: _length(o, table, found, f["temperature_span"], [1000 * f["mechanical"]], f["division"])
        for table, found in points.items()
        if found
    }


def micrometer(o: Plain) -> dict[str, list[Row]]:
    """The same without Abbe offset, with the faces' flatness."""
    f = fields(o, temperature_span=1, flatness=1)
    points = listed(o, "test_points", [2.5, 5.1, 7.7, 10.3, 12.9, 15, 17.6, 20.2, 22.8, 25])
    return {"main": _length(o, "main", points, f["temperature_span"], [f["flatness"]], f["division"])}


def gauge_block(o: Plain) -> dict[str, list[Row]]:
    """EA-4/02 S4, nm; δα·Δt by the product of both u."""
    f = fields(
        o,
        pooled_s=12,
        comparator=32,
        temperature_difference=0.05,
        alpha_difference=2e-6,
        temperature_deviation=0.5,
        variation=6.7,
    )
    length, standard = f["nominal_length"], o["standards"]["ref"]
    diffs = typed(o["readings"], "main", 1, "diff")
    correction, u_ref = at(standard, length)
    parts = [
        u_ref * 1e6,
        standard["drift"] * 1e6 / ROOT3,
        f["pooled_s"] / math.sqrt(len(diffs)),
        f["comparator"] / ROOT3,
        length * 1e6 * 11.5e-6 * f["temperature_difference"] / ROOT3,
        length * 1e6 * f["alpha_difference"] / math.sqrt(6) * f["temperature_deviation"] / ROOT3,
        f["variation"] / ROOT3,
    ]
    return {"main": [(correction * 1e6 + mean(diffs), math.sqrt(sum(part**2 for part in parts)), INF)]}
