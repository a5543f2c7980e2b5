"""The shipped procedures recomputed without the product: formulas written again by hand, differentiated by differences.

Nothing here imports the product. `Rows` of a table are (value, u, effective degrees of freedom) in the unit of the
budget; readings come as the plain JSON of a READINGS file. The coverage factor is Student's for 95.45 %, degrees of
freedom truncated (JCGM 100:2008, G.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import mean, stdev
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


def _listed(observations: Plain, key: str, default: list[float]) -> list[float]:
    text = observations["instrument"].get(key)
    return [float(item) for item in text.split(";")] if text else default


def scale_calibration(o: Plain) -> dict[str, list[Row]]:
    """EURAMET cg-18: E = I − m; weights of one certificate add up linearly, here one line of it per load."""
    f, r = fields(o, drift_factor=1), o["readings"]
    class_rel = {"F1": 5e-6, "F2": 1.6e-5, "M1": 5e-5}[o["instrument"].get("weights_class", "M1")]
    repeats = typed(r, "rep", 1, "ind")
    positions = [typed(r, "ecc", point, "ind")[0] for point in range(1, 6)]
    ecc = max(abs(one - positions[0]) for one in positions)
    loads = _listed(o, "test_loads", [f["max_capacity"] * share / 4 for share in range(5)])
    rows = []
    for point, load in enumerate(loads, 1):
        indicated = typed(r, "main", point, "ind")[0]
        correction, u_ref = _load(o["standards"]["ref"], load)
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


def _load(standard: Plain, load: float) -> tuple[float, float]:
    """Correction and u of a load: the largest weights first, all added."""
    rest, correction, u = load, 0.0, 0.0
    for point in sorted(standard["points"], key=lambda point: -point["nominal"]):
        number = math.floor(rest / point["nominal"] + 1e-9)
        rest -= number * point["nominal"]
        correction += number * point["correction"]
        u += number * point["U"] / 2
    assert abs(rest) < 1e-9
    return correction, u


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
    for point, load in enumerate(_listed(o, "test_loads", [f["min_capacity"], top / 4, top / 2, 3 * top / 4, top]), 1):
        correction, u_ref = _load(o["standards"]["ref"], load)
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


def pressure_gauge(o: Plain) -> dict[str, list[Row]]:
    """EURAMET cg-17: mean of up and down less the reference with its head of oil, in bar."""
    f, r, standard = fields(o, height=0, range_min=0), o["readings"], o["standards"]["ref"]
    fraction = 0.2 if o["instrument"].get("indication_kind", "dial") == "dial" else 1
    top = f["range_max"]
    rows = []
    for point, nominal in enumerate([top * share / 5 for share in range(6)], 1):
        up, down = typed(r, "main", point, "up"), typed(r, "main", point, "down")
        correction, u_ref = at(standard, nominal)
        b = max(max(up) - min(up), max(down) - min(down))
        rows.append(
            combine(
                lambda x, dr, db, dh, s, dd, ds, g, z, dg: x + dr + db + dh - s - dd - ds - 868.8 / 1e5 * g * z - dg,
                x=((mean(up) + mean(down)) / 2, 0),
                dr=(0, fraction * f["division"] / 2 / ROOT3),
                db=(0, b / 2 / ROOT3),
                dh=(0, abs(mean(up) - mean(down)) / 2 / ROOT3),
                s=(nominal + correction, u_ref),
                dd=(0, standard["drift"] / ROOT3),
                ds=(0, standard["resolution"] / 2 / ROOT3),
                g=(9.79, 0.01 / ROOT3),
                z=(f["height"], 0.005 / ROOT3),
                dg=(0, 1e-4 * nominal / ROOT3),
            )
        )
    return {"main": rows}


def sphygmomanometer(o: Plain) -> dict[str, list[Row]]:
    """Indication set, the reference read up and down; error = indication − (mean reading + correction), mmHg."""
    f, r, standard = fields(o, division=2, range_max=300), o["readings"], o["standards"]["ref"]
    fraction = 0.5 if o["instrument"].get("model_kind", "mechanical") == "mechanical" else 1
    rows = []
    for point, nominal in enumerate((0, 50, 100, 150, 200, 250, f["range_max"]), 1):
        up, down = typed(r, "main", point, "up")[0], typed(r, "main", point, "down")[0]
        correction, u_ref = at(standard, nominal)
        u = math.sqrt(
            u_ref**2
            + (
                (fraction * f["division"] / 2) ** 2
                + (abs(up - down) / 2) ** 2
                + standard["drift"] ** 2
                + (standard["resolution"] / 2) ** 2
            )
            / 3
        )
        rows.append((nominal - (up + down) / 2 - correction, u, INF))
    return {"main": rows}


def thermometer_bath(o: Plain) -> dict[str, list[Row]]:
    """Differences of readings taken in turns, with the emergent column (mercury 1.6e-4, organic 1e-3 per °C)."""
    f = fields(o, readable_part=1, emergent=0, stem_temperature=25, bath_uniformity=0.01, bath_stability=0.005)
    r, standard = o["readings"], o["standards"]["ref"]
    k = {"digital": 0, "mercury": 1.6e-4, "alcohol": 1e-3}[o["instrument"].get("thermometer_kind", "digital")]
    rows = []
    for point, nominal in enumerate(_listed(o, "test_points", [0, 50, 100]), 1):
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
    for point, nominal in enumerate(_listed(o, "test_points", [0, 50, 100]), 1):
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
        correction, u = at(_in(o["standards"]["balance"], 1e3), nominal)
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


def _in(standard: Plain, factor: float) -> Plain:
    """A certificate in another unit."""
    return {
        **standard,
        "points": [
            {key: value if key == "k" else value * factor for key, value in point.items()}
            for point in standard["points"]
        ],
    }


def volumetric_measure(o: Plain) -> dict[str, list[Row]]:
    """Volume at 20 °C in mL from g."""
    f, r = fields(o, gamma=4.77e-5, neck_half=2, drain_half=2), o["readings"]
    masses = [b - a for a, b in zip(typed(r, "main", 1, "empty"), typed(r, "main", 1, "full"), strict=True)]
    balance = at(o["standards"]["balance"], 1000 * f["nominal_volume"])
    more = [f["neck_half"] / ROOT3, f["drain_half"] / ROOT3]
    return {"main": [_volume(o, masses, f["balance_step"], balance, f["gamma"], 0.1, more)]}


def _length(o: Plain, table: str, points: list[float], span: float, extra: list[float], division: float) -> list[Row]:
    """Indication less the blocks under it, in µm; blocks wrung together add up linearly."""
    rows = []
    for point, nominal in enumerate(points, 1):
        ind = typed(o["readings"], table, point, "ind")
        correction, u_ref = _load(o["standards"]["ref"], nominal)
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
        "outside": _listed(o, "outside_points", shares),
        "inside": _listed(o, "inside_points", []),
        "depth": _listed(o, "depth_points", []),
    }
    return {
        table: _length(o, table, found, f["temperature_span"], [1000 * f["mechanical"]], f["division"])
        for table, found in points.items()
        if found
    }


def micrometer(o: Plain) -> dict[str, list[Row]]:
    """The same without Abbe offset, with the faces' flatness."""
    f = fields(o, temperature_span=1, flatness=1)
    points = _listed(o, "test_points", [2.5, 5.1, 7.7, 10.3, 12.9, 15, 17.6, 20.2, 22.8, 25])
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


def multimeter(o: Plain) -> dict[str, list[Row]]:
    """EA-4/02 S9 for each function; the resolution is one unit of the last digit typed."""
    found = {}
    for key, standard in o["standards"].items():
        table = key.removeprefix("s_")
        rows = []
        for point, nominal in enumerate(_listed(o, f"{table}_points", [1, 10, 100, 600]), 1):
            text = o["readings"][f"{table}/{point}/ind/1"]
            step = 10.0 ** -len(text.partition(".")[2])
            correction, u_ref = at(standard, nominal)
            u = math.sqrt(u_ref**2 + ((step / 2) ** 2 + standard["drift"] ** 2) / 3)
            rows.append((float(text) - nominal - correction, u, INF))
        found[table] = rows
    return found


def taximeter(o: Plain) -> dict[str, list[Row]]:
    """Distance in per cent of the measured track, waiting time in seconds."""
    f, r = fields(o, distance_step=1, reaction=1), o["readings"]
    track, clock = o["standards"]["ref"], o["standards"]["clock"]
    distance, waiting = [], []
    for point, nominal in enumerate((1000, 2000, 5000), 1):
        reference, ind = (typed(r, "distance", point, name)[0] for name in ("ref_reading", "ind"))
        correction, u_ref = at(track, nominal)
        distance.append(
            combine(
                lambda i, di, dr, s, c, dd, q: 100 * ((i + di + dr) / (s + dd + c) * (1 + q) - 1),
                i=(ind, 0),
                di=(0, f["distance_step"] / 2 / ROOT3),
                dr=(0, f["reaction"] / ROOT3),
                s=(reference, 0),
                c=(correction, u_ref),
                dd=(0, (track["drift"] + 0.001 * nominal) / ROOT3),
                q=(0, 0.003 / ROOT3),
            )
        )
    for point, nominal in enumerate((300, 600), 1):
        reference, ind = (typed(r, "waiting", point, name)[0] for name in ("ref_time", "ind"))
        step = 10.0 ** -len(o["readings"][f"waiting/{point}/ind/1"].partition(".")[2])
        correction, u_ref = at(clock, nominal)
        u = math.sqrt(u_ref**2 + ((step / 2) ** 2 + clock["drift"] ** 2 + 0.1**2) / 3)
        waiting.append((ind - reference - correction, u, INF))
    return {"distance": distance, "waiting": waiting}


PENCIL: dict[str, Callable[[Plain], dict[str, list[Row]]]] = {
    "calliper-jaws": calliper_jaws,
    "fuel-dispenser": fuel_dispenser,
    "gauge-block": gauge_block,
    "micrometer": micrometer,
    "micropipette": micropipette,
    "multimeter": multimeter,
    "pressure-gauge-calibration": pressure_gauge,
    "pt100": pt100,
    "scale-calibration": scale_calibration,
    "scale-verification": scale_verification,
    "sphygmomanometer": sphygmomanometer,
    "taximeter": taximeter,
    "thermometer-bath": thermometer_bath,
    "volumetric-measure": volumetric_measure,
    "water-meter": water_meter,
    "weight-verification": weight_verification,
}
"""Name of a shipped procedure -> its recomputation."""
