"""Weighing instruments and weights."""

from __future__ import annotations

import math
from statistics import mean, stdev

from tests.instruments.pencil.common import (
    INF,
    ROOT3,
    Plain,
    Row,
    air,
    at,
    combine,
    fields,
    listed,
    made_up,
    room,
    typed,
)


def scale_calibration(o: Plain) -> dict[str, list[Row]]:
    """EURAMET cg-18: E = I − m; weights of one certificate add up linearly, here one line of it per load."""
    f, r = fields(o, drift_factor=1), o["readings"]
    class_rel = {"F1": 5e-6, "F2": 1.6e-5, "M1": 5e-5}[o["instrument"].get("weights_class", "M1")]
    repeats = typed(r, "rep", 1, "ind")
    positions = [typed(r, "ecc", point, "ind")[0] for point in range(1, 6)]
    ecc = max(abs(one - positions[0]) for one in positions)
    loads = listed(o, "test_loads", [f["max_capacity"] * share / 4 for share in range(5)])
    rows = []
    for point, load in enumerate(loads, 1):
        indicated = typed(r, "main", point, "ind")[0]
        correction, u_ref = made_up(o["standards"]["ref"], load)
        rows.append(
            combine(
                lambda i, dl, d0, dr, dc, m, dd, db: i + dl + dr + dc - d0 - m - dd - db,
                i=(indicated, 0),
                dl=(0, f["d"] / 2 / ROOT3),
                d0=(0, f["d"] / 2 / ROOT3),
                dr=(0, stdev(repeats), len(repeats) - 1),
                dc=(0, indicated * ecc / (2 * f["ecc_load"]) / ROOT3),
                m=(load + correction, u_ref),
                dd=(0, f["drift_factor"] * 2 * u_ref / ROOT3),
                db=(0, (1.5e-5 + class_rel / 4) * load / ROOT3),
            )
        )
    return {"main": rows}


def scale_usage(o: Plain) -> dict[str, float]:
    """EURAMET cg-18, 7.4 and 7.5: a weighing in use without corrections, k = 2, and the smallest load that is exact
    enough; nothing is left of the usage line E = a1·R than what is added to U."""
    f, rows = fields(o, safety=2, use_rel=0), scale_calibration(o)["main"]
    readings = [typed(o["readings"], "main", point, "ind")[0] for point in range(1, len(rows) + 1)]
    weights = [1 / row[1] ** 2 for row in rows]
    inverse = sum(w * r * r for w, r in zip(weights, readings, strict=True))
    a1 = sum(w * r * row[0] for w, r, row in zip(weights, readings, rows, strict=True)) / inverse
    positions = [typed(o["readings"], "ecc", point, "ind")[0] for point in range(1, 6)]
    ecc = max(abs(one - positions[0]) for one in positions) / (2 * f["ecc_load"] * ROOT3)

    def u_gl(reading: float) -> float:
        at_rest = 2 * (f["d"] / 2 / ROOT3) ** 2 + stdev(typed(o["readings"], "rep", 1, "ind")) ** 2
        share = ecc**2 + (f["use_rel"] / 100 / ROOT3) ** 2 + 1 / inverse
        return 2 * math.sqrt(at_rest + share * reading**2) + abs(a1) * reading

    top, need = f["max_capacity"], f["required"] / 100
    alpha, beta = u_gl(0), (u_gl(top) - u_gl(0)) / top
    found = {"alpha_gl": alpha, "beta_gl": beta, "u_gl_max": u_gl(top)}
    return found | ({"m_min": f["safety"] * alpha / (need - f["safety"] * beta)} if need > f["safety"] * beta else {})


def scale_verification(o: Plain) -> dict[str, list[Row]]:
    """OIML R 76-1, A.4.4.3: P = I + e/2 − ΔL, E = P − L, less E0; mean of both directions."""
    f, r = fields(o, drift_factor=1, zero_load=0), o["readings"]
    e = f["e"]

    def before_rounding(table: str, point: int, column: str, added: str, repeat: int = 0) -> float:
        dl = typed(r, table, point, added)
        return typed(r, table, point, column)[repeat] + e / 2 - (dl[repeat] if dl else e / 2)

    e0 = before_rounding("zero", 1, "ind", "dl") - f["zero_load"]
    p = [before_rounding("rep", 1, "ind", "dl", repeat) for repeat in range(len(typed(r, "rep", 1, "ind")))]
    top = f["max_capacity"]
    rows = []
    for point, load in enumerate(listed(o, "test_loads", [f["min_capacity"], top / 4, top / 2, 3 * top / 4, top]), 1):
        correction, u_ref = made_up(o["standards"]["ref"], load)
        both = [before_rounding("main", point, way, f"dl_{way}") for way in ("up", "down")]
        rows.append(
            combine(
                lambda i, da, dr, m, dd, e0: i + da + dr - m - dd - e0,
                i=(mean(both), 0),
                da=(0, 0.05 * e / ROOT3),
                dr=(0, (max(p) - min(p)) / 2 / ROOT3),
                m=(load + correction, u_ref),
                dd=(0, f["drift_factor"] * 2 * u_ref / ROOT3),
                e0=(e0, 0.05 * e / ROOT3),
            )
        )
    return {"main": rows}


def weight_verification(o: Plain) -> dict[str, list[Row]]:
    """OIML R 111-1, annex C, with the buoyancy terms of C.6.3 (reference calibrated at 1.2 kg/m³)."""
    f = fields(o, density=7950, density_half=140, ref_density=8000, ref_density_half=30, balance_effects=0)
    table = o["instrument"].get("scheme", "ABBA").lower()
    columns = {name: typed(o["readings"], table, 1, name) for name in ("a1", "b1", "b2", "a2")}
    b2s = columns["b2"] or columns["b1"]
    cycles = [
        (b1 + b2 - a1 - a2) / 2 for a1, b1, b2, a2 in zip(columns["a1"], columns["b1"], b2s, columns["a2"], strict=True)
    ]
    nominal, standard = f["nominal_mass"], o["standards"]["ref"]
    correction, u_ref = at(standard, nominal)
    (t, t_half), (h, h_half), (p, p_half) = (room(o, key) for key in ("temperature", "humidity", "pressure"))
    rho = air(p, h, t)
    step = 1e-4
    u_air = math.hypot(
        (air(p + step, h, t) - air(p - step, h, t)) / (2 * step) * (p_half + 1) / ROOT3,
        (air(p, h + step, t) - air(p, h - step, t)) / (2 * step) * (h_half + 5) / ROOT3,
        (air(p, h, t + step) - air(p, h, t - step)) / (2 * step) * (t_half + 0.5) / ROOT3,
        2e-4 * rho,
    )
    r_t, r_r = f["density"], f["ref_density"]
    u_b = math.sqrt(
        (nominal * (r_r - r_t) / (r_r * r_t) * u_air) ** 2
        + (nominal * (rho - 1.2)) ** 2 * (f["density_half"] / 2) ** 2 / r_t**4
        + (nominal * (rho - 1.2)) ** 2 * (f["ref_density_half"] / 2) ** 2 / r_r**4
    )
    u = math.sqrt(
        u_ref**2
        + standard.get("drift", 0) ** 2 / 3
        + f["pooled_s"] ** 2 / len(cycles)
        + f["balance_step"] ** 2 / 6
        + f["balance_effects"] ** 2 / 3
        + u_b**2
    )
    value = nominal + correction + mean(cycles) + (rho - 1.2) * (1 / r_t - 1 / r_r) * nominal
    return {table: [(value, u, INF)]}
