"""Multimeters."""

from __future__ import annotations

import math

from tests.instruments.pencil.common import INF, Plain, Row, at, listed


def multimeter(o: Plain) -> dict[str, list[Row]]:
    """EA-4/02 S9 for each function; the resolution is one unit of the last digit typed."""
    found = {}
    for key, standard in o["standards"].items():
        table = key.removeprefix("s_")
        rows = []
        for point, nominal in enumerate(listed(o, f"{table}_points", [1, 10, 100, 600]), 1):
            text = o["readings"][f"{table}/{point}/ind/1"]
            step = 10.0 ** -len(text.partition(".")[2])
            correction, u_ref = at(standard, nominal)
            u = math.sqrt(u_ref**2 + ((step / 2) ** 2 + standard["drift"] ** 2) / 3)
            rows.append((float(text) - nominal - correction, u, INF))
        found[table] = rows
    return found
