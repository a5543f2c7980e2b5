"""Times the work of `benchmarks/engine.py` with other programs; runs in the virtual environment of `peers.sh`.

Prints one JSON object: work -> program -> {"seconds": …, "extra_megabytes": …, "version": …}.
"""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np

TRIALS = 1_000_000
POINTS = 10_000


def best(work: Callable[[], Any], repeats: int, number: int = 1) -> float:
    work()
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(number):
            work()
        found.append((time.perf_counter() - started) / number)
    return min(found)


def extra_megabytes(work: Callable[[], Any]) -> float:
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def gtc_budget() -> dict[str, Any]:
    import GTC
    from GTC import reporting, rp, ureal

    inputs = [
        (50000623.0, 25.0, 18),
        (215.0, 9.7, 25.6),
        (0.0, 1e-6 / 3**0.5, 50),
        (-0.1, 0.41, float("inf")),
        (11.5e-6, 2e-6 / 3**0.5, float("inf")),
        (0.0, 0.05 / 3**0.5, 2),
    ]

    def work() -> tuple[Any, ...]:
        ls, d, da, th, al, dt = (ureal(*stated) for stated in inputs)
        y = ls + d - ls * (da * th + al * dt)
        k = reporting.k_factor(GTC.dof(y), 99)
        return (
            GTC.value(y),
            GTC.uncertainty(y),
            rp.budget(y, influences=[ls, d, da, th, al, dt], trim=0),
            k,
            k * GTC.uncertainty(y),
        )

    return {"seconds": best(work, 200, 10), "version": version("GTC")}


def uncertainties_points() -> dict[str, Any]:
    from uncertainties import unumpy

    rng = np.random.default_rng(1)
    columns = [rng.uniform(1.0, 2.0, POINTS) for _ in range(8)]

    def work() -> Any:
        length, al, t, t0, d, p, q, s = (unumpy.uarray(column, 0.01) for column in columns)
        y = length * (1 + al * (t - t0)) + d - p * q / s
        return unumpy.nominal_values(y), unumpy.std_devs(y), [one.derivatives for one in y]

    return {"seconds": best(work, 1), "version": version("uncertainties")}


def suncal_gauge() -> dict[str, Any]:
    import suncal

    model = suncal.Model("y = ls + d - ls*(da*th + al*dt)")
    model.var("ls").measure(50000623).typeb(dist="t", std=25, df=18)
    model.var("d").measure(215).typeb(dist="t", std=9.7, df=25.6)
    model.var("da").measure(0).typeb(dist="uniform", a=1e-6)
    model.var("th").measure(-0.1).typeb(dist="normal", std=0.41)
    model.var("al").measure(11.5e-6).typeb(dist="uniform", a=2e-6)
    model.var("dt").measure(0).typeb(dist="uniform", a=0.05)
    return _suncal(model)


def suncal_linear() -> dict[str, Any]:
    import suncal

    model = suncal.Model("y = a + b + c + d")
    for name in "abcd":
        model.var(name).measure(0).typeb(dist="normal", std=1)
    return _suncal(model)


def _suncal(model: Any) -> dict[str, Any]:
    def work() -> Any:
        found = model.monte_carlo(samples=TRIALS)
        return found.expand("y", conf=0.95)

    return {"seconds": best(work, 5), "extra_megabytes": extra_megabytes(work), "version": version("suncal")}


def metrolopy_gauge() -> dict[str, Any]:
    from metrolopy import NormalDist, TDist, UniformDist, gummy

    def make() -> Any:
        ls, d = gummy(TDist(50000623.0, 25.0, 18)), gummy(TDist(215.0, 9.7, 25.6))
        da, th = gummy(UniformDist(center=0, half_width=1e-6)), gummy(NormalDist(-0.1, 0.41))
        al, dt = gummy(UniformDist(center=11.5e-6, half_width=2e-6)), gummy(UniformDist(center=0, half_width=0.05))
        return ls + d - ls * (da * th + al * dt)

    return _metrolopy(make)


def metrolopy_linear() -> dict[str, Any]:
    from metrolopy import NormalDist, gummy

    return _metrolopy(lambda: sum(gummy(NormalDist(0.0, 1.0)) for _ in range(4)))


def _metrolopy(make: Callable[[], Any]) -> dict[str, Any]:
    from metrolopy import gummy

    def work() -> Any:
        y = make()
        y.p = 0.95
        gummy.simulate([y], n=TRIALS)
        return y.xsim, y.usim, y.cisim

    return {"seconds": best(work, 5), "extra_megabytes": extra_megabytes(work), "version": version("metrolopy")}


WORKS: dict[str, dict[str, Callable[[], dict[str, Any]]]] = {
    "first_order_h1": {"GTC": gtc_budget},
    "many_points": {"uncertainties": uncertainties_points},
    "monte_carlo_h1": {"suncal": suncal_gauge, "MetroloPy": metrolopy_gauge},
    "monte_carlo_linear": {"suncal": suncal_linear, "MetroloPy": metrolopy_linear},
}


def main() -> None:
    found: dict[str, dict[str, Any]] = {}
    for name, programs in WORKS.items():
        found[name] = {}
        for program, work in programs.items():
            try:
                found[name][program] = work()
            except Exception as error:
                found[name][program] = {"failed": f"{type(error).__name__}: {error}"}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
