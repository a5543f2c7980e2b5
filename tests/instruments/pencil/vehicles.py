"""Taximeters."""

from __future__ import annotations

import math

from tests.instruments.pencil.common import INF, ROOT3, Plain, Row, at, combine, fields, typed


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


def taximeter_fares(o: Plain) -> list[float]:
    """What each trip costs by the tariff, driven metre by metre: the opening fare, then the price of the stage that the
    car is in."""
    f, due = fields(o, opening_distance=0, tier_1=30, price_wait=0), []
    for point in range(1, 4):
        metres = round(typed(o["readings"], "fare", point, "shown")[0] * 1000)
        waited = (typed(o["readings"], "fare", point, "waited") or [0.0])[0]
        paid = f["opening_fare"] + f["price_wait"] * waited
        for metre in range(metres):
            if metre >= f["opening_distance"] * 1000:
                paid += (f["price_1"] if metre < f["tier_1"] * 1000 else f["price_2"]) / 1000
        due.append(paid)
    return due
