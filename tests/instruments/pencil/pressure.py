"""Pressure gauges and sphygmomanometers."""

from __future__ import annotations

import math
from statistics import mean

from tests.instruments.pencil.common import INF, ROOT3, Plain, Row, at, combine, fields, typed


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


def digital_gauge(o: Plain) -> dict[str, list[Row]]:
    """The same budget for a display, which is read to its step."""
    return pressure_gauge({**o, "instrument": {**o["instrument"], "indication_kind": "digital"}})


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
