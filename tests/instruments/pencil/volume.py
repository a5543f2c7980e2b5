"""Pipettes, measures, fuel dispensers, water meters."""

from __future__ import annotations

import math
from statistics import mean, stdev

from tests.instruments.pencil.common import ROOT3, Plain, Row, air, at, combine, fields, in_unit, room, typed, water


def _volume(
    o: Plain,
    masses: list[float],
    step: float,
    balance: tuple[float, float],
    gamma: float,
    water_half: float,
    more: list[float],
    evaporation: float = 0.0,
) -> Row:
    """Volume at 20 °C of a mass of water weighed in air, with u and ν_eff."""
    (tw, tw_half), (ta, ta_half), (h, h_half), (p, p_half) = (
        room(o, key) for key in ("water_temperature", "temperature", "humidity", "pressure")
    )
    n = len(masses)

    def volume(m: float, dm: float, dr: float, ev: float, tw: float, ta: float, h: float, p: float, g: float) -> float:
        rho = air(p, h, ta)
        return (m + dm + dr + ev) * 1000 / (water(tw) - rho) * (1 - rho / 8000) * (1 - g * (tw - 20))

    value, u, dof = combine(
        volume,
        m=(mean(masses), stdev(masses) / math.sqrt(n), n - 1),
        dm=balance,
        dr=(0, step / math.sqrt(6)),
        ev=(evaporation, evaporation / 2 / ROOT3),
        tw=(tw, (tw_half + water_half) / ROOT3),
        ta=(ta, (ta_half + 0.5) / ROOT3),
        h=(h, (h_half + 5) / ROOT3),
        p=(p, (p_half + 1) / ROOT3),
        g=(gamma, 0.1 * gamma / ROOT3),
    )
    total = math.sqrt(u**2 + sum(part**2 for part in more))
    return value, total, dof * (total / u) ** 4


def micropipette(o: Plain) -> dict[str, list[Row]]:
    """ISO 8655-6: systematic error = mean volume at 20 °C − set volume, µL from mg."""
    f, r = fields(o, evaporation=0, expansion=2.4e-4), o["readings"]
    rows = []
    for point, share in enumerate((0.1, 0.5, 1.0), 1):
        nominal = share * f["nominal_volume"]
        correction, u = at(in_unit(o["standards"]["balance"], 1e3), nominal)
        value, total, dof = _volume(
            o,
            typed(r, "main", point, "m"),
            f["balance_step"],
            (correction, u),
            f["expansion"],
            0.2,
            [7e-4 * nominal],
            f["evaporation"],
        )
        rows.append((value - nominal, total, dof))
    return {"main": rows}


def volumetric_measure(o: Plain) -> dict[str, list[Row]]:
    """Volume at 20 °C in mL from g."""
    f, r = fields(o, gamma=4.77e-5, neck_half=2, drain_half=2), o["readings"]
    masses = [b - a for a, b in zip(typed(r, "main", 1, "empty"), typed(r, "main", 1, "full"), strict=True)]
    balance = at(o["standards"]["balance"], 1000 * f["nominal_volume"])
    more = [f["neck_half"] / ROOT3, f["drain_half"] / ROOT3]
    return {"main": [_volume(o, masses, f["balance_step"], balance, f["gamma"], 0.1, more)]}


def fuel_dispenser(o: Plain) -> dict[str, list[Row]]:
    """Error in per cent of the volume in the standard measure at its temperature."""
    f, r = (
        fields(o, volume=20, min_delivery=2, division=0.01, gamma=4.77e-5, neck_half=2.5, pooled_s=0.05, drain_half=3),
        o["readings"],
    )
    beta = {"petrol": 0.0012, "diesel": 0.00084}[o["instrument"].get("product", "petrol")]
    found = {}
    for table, volume in (("q_max_test", f["volume"]), ("q_min_test", f["volume"]), ("min_test", f["min_delivery"])):
        standard = next(one for one in o["standards"]["ref"] if one["points"][0]["nominal"] == volume)
        correction, u_ref = at(standard, volume)
        ind, meas, temp = (typed(r, table, 1, name) for name in ("ind", "meas", "t_measure"))
        errors = [
            100 * (i / ((m + correction) * (1 + f["gamma"] * (t - 20))) - 1)
            for i, m, t in zip(ind, meas, temp, strict=True)
        ]
        n = len(errors)
        found[table] = [
            combine(
                lambda i, di, v, ds, dn, dd, g, t, dt, dr: (  # type: ignore[misc]
                    100 * ((i + di) * (1 + beta * dt) / ((v + ds + dn + dd) * (1 + g * (t - 20))) - 1) + dr
                ),
                i=(mean(ind), 0),
                di=(0, f["division"] / 2 / ROOT3),
                v=(mean(meas) + correction, u_ref),
                ds=(0, standard["drift"] / ROOT3),
                dn=(0, f["neck_half"] / 1000 / ROOT3),
                dd=(0, f["drain_half"] / 1000 / ROOT3),
                g=(f["gamma"], 0.1 * f["gamma"] / ROOT3),
                t=(mean(temp), 0.3 / ROOT3),
                dt=(0, 0.1 / ROOT3),
                dr=(0, f["pooled_s"] / math.sqrt(n)),
            )
        ]
    return found


def water_meter(o: Plain) -> dict[str, list[Row]]:
    """Volumetric bench: 100·(V_i − V_a)/V_a."""
    f, r, standard = (
        fields(o, division=0.05, gamma=4.77e-5, leak_half=0.005, low_volume=10, high_volume=100),
        o["readings"],
        o["standards"]["ref"],
    )
    t, t_half = room(o, "temperature")
    rows = []
    for point, volume in enumerate((f["low_volume"], f["low_volume"], f["high_volume"]), 1):
        start, end, tank = (typed(r, "main", point, name)[0] for name in ("start", "end", "tank"))
        correction, u_ref = at(standard, volume)
        rows.append(
            combine(
                lambda i, d1, d2, v, dd, dl, g, t: 100 * ((i + d1 + d2) / ((v + dd + dl) * (1 + g * (t - 20))) - 1),
                i=(end - start, 0),
                d1=(0, f["division"] / 2 / ROOT3),
                d2=(0, f["division"] / 2 / ROOT3),
                v=(tank + correction, u_ref),
                dd=(0, (standard["drift"] + standard["resolution"] / 2) / ROOT3),
                dl=(0, f["leak_half"] / ROOT3),
                g=(f["gamma"], 0.1 * f["gamma"] / ROOT3),
                t=(t, (t_half + 0.5) / ROOT3),
            )
        )
    return {"main": rows}
