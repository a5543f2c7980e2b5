"""Thermometers in a bath, platinum resistance thermometers."""

from __future__ import annotations

import math
from statistics import mean, stdev

from tests.instruments.pencil.common import INF, ROOT3, Plain, Row, at, combine, fields, listed, typed


def thermometer_bath(o: Plain) -> dict[str, list[Row]]:
    """Differences of readings taken in turns, with the emergent column (mercury 1.6e-4, organic 1e-3 per °C)."""
    f = fields(o, readable_part=1, emergent=0, stem_temperature=25, bath_uniformity=0.01, bath_stability=0.005)
    r, standard = o["readings"], o["standards"]["ref"]
    k = {"digital": 0, "mercury": 1.6e-4, "alcohol": 1e-3}[o["instrument"].get("thermometer_kind", "digital")]
    rows = []
    for point, nominal in enumerate(listed(o, "test_points", [0, 50, 100]), 1):
        std, ind = typed(r, "main", point, "std"), typed(r, "main", point, "ind")
        diff = [b - a for a, b in zip(std, ind, strict=True)]
        correction, u_ref = at(standard, nominal)
        rows.append(
            combine(
                lambda d, k, n, x, s, dr, c, dd, ds, du, db: d + k * n * (x - s) + dr - c - dd - ds - du - db,
                d=(mean(diff), stdev(diff) / math.sqrt(len(diff)), len(diff) - 1),
                k=(k, 0.1 * k / ROOT3),
                n=(f["emergent"], 0.1 * f["emergent"] / ROOT3),
                x=(mean(ind), 0),
                s=(f["stem_temperature"], 2 / ROOT3),
                dr=(0, f["readable_part"] * f["division"] / 2 / ROOT3),
                c=(correction, u_ref),
                dd=(0, standard["drift"] / ROOT3),
                ds=(0, standard["resolution"] / 2 / ROOT3),
                du=(0, f["bath_uniformity"] / ROOT3),
                db=(0, f["bath_stability"] / ROOT3),
            )
        )
    return {"main": rows}


def iec60751(t: float, r0: float) -> float:
    """Resistance of IEC 60751, Ω; the cubic term below 0 °C only."""
    c = -4.183e-12 * (t - 100) * t**3 if t < 0 else 0.0
    return r0 * (1 + 3.9083e-3 * t - 5.775e-7 * t * t + c)


def pt100(o: Plain) -> dict[str, list[Row]]:
    """Error (R − R(t))/(dR/dt); the slope by differences of the table, not by a formula."""
    f, r, standard = (
        fields(o, r0_nominal=100, bath_uniformity=0.015, bridge_rel=2e-5, self_heating=0.005),
        o["readings"],
        o["standards"]["ref"],
    )
    rows = []
    for point, nominal in enumerate(listed(o, "test_points", [0, 50, 100]), 1):
        std, res = typed(r, "main", point, "std"), typed(r, "main", point, "res")
        correction, u_ref = at(standard, nominal)
        t, r0 = mean(std) + correction, f["r0_nominal"]
        slope = (iec60751(t + 1e-4, r0) - iec60751(t - 1e-4, r0)) / 2e-4
        n = len(res)
        parts = [
            (stdev(res) / math.sqrt(n) / slope, n - 1),
            (f["bridge_rel"] / 2 * mean(res) / slope, INF),
            (math.sqrt(u_ref**2 + stdev(std) ** 2 / n), INF),
            ((standard["drift"] + standard["resolution"] / 2) / ROOT3, INF),
            (f["bath_uniformity"] / ROOT3, INF),
            (f["self_heating"] / ROOT3, INF),
        ]
        u = math.sqrt(sum(part**2 for part, _ in parts))
        dof = u**4 / sum(part**4 / freedom for part, freedom in parts) if parts[0][0] else INF
        rows.append(((mean(res) - iec60751(t, r0)) / slope, u, dof))
    return {"main": rows}
