"""Measures the uncertainty engine: every figure beside a hand-written floor, and beside other programs where installed.

    .venv/bin/python benchmarks/engine.py

The other programs run in `.venv-peers` (made by `benchmarks/peers.sh`); without it their figures are left out, and the
table says so. A goal holds for a machine that does nothing else; the ratios are of one run on one machine.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtrit

from uncertainty import Budget, Coverage, Input, MonteCarlo, calculate, compile_model, evaluate, propagate_points
from uncertainty.distributions import Normal, Rectangular, StudentT
from uncertainty.monte_carlo import MonteCarloOutput, Question
from uncertainty.simulation import simulate
from uncertainty.validity import numerical_tolerance

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".venv-peers" / "bin" / "python"
TRIALS = 1_000_000
POINTS = 10_000
Row = dict[str, Any]

GAUGE_MODEL = "ls + d - ls*(da*th + al*dt)"
GAUGE_DRAWN = (
    Input.of("ls", StudentT(50000623.0, 25.0, 18.0)),
    Input.of("d", StudentT(215.0, 9.7, 25.6)),
    Input.of("da", Rectangular(0.0, 1e-6)),
    Input.of("th", Normal(-0.1, 0.41)),
    Input.of("al", Rectangular(11.5e-6, 2e-6)),
    Input.of("dt", Rectangular(0.0, 0.05)),
)
LINEAR = tuple(Input.normal(name, 0.0, 1.0) for name in "abcd")


def best(work: Callable[[], Any], repeats: int, number: int = 1) -> float:
    """Seconds of the fastest of several repeats: what the machine's other work disturbed least."""
    work()
    found = []
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(number):
            work()
        found.append((time.perf_counter() - started) / number)
    return min(found)


def best_pair(work: Callable[[], Any], floor: Callable[[], Any], repeats: int, number: int = 1) -> tuple[float, float]:
    """The same for two pieces of work in turn, so that both meet the same disturbances."""
    pairs = [(best(work, 1, number), best(floor, 1, number)) for _ in range(repeats)]
    return min(ours for ours, _ in pairs), min(theirs for _, theirs in pairs)


def extra_megabytes(work: Callable[[], Any]) -> float:
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def first_order() -> Row:
    """GUM H.1: value, u, contributions, effective degrees of freedom, k and U."""
    budget = Budget(
        GAUGE_MODEL,
        (
            Input.normal("ls", 50000623.0, 25.0, dof=18),
            Input.normal("d", 215.0, 9.7, dof=25.6),
            Input.rectangular("da", 0.0, 1e-6, dof=50),
            Input.normal("th", -0.1, 0.41),
            Input.rectangular("al", 11.5e-6, 2e-6),
            Input.rectangular("dt", 0.0, 0.05, dof=2),
        ),
        coverage=Coverage(0.99),
    )
    third = 1.0 / math.sqrt(3.0)

    def by_hand() -> tuple[Any, ...]:
        ls, d, da, th, al, dt = 50000623.0, 215.0, 0.0, -0.1, 11.5e-6, 0.0
        value = ls + d - ls * (da * th + al * dt)
        parts = (
            (1.0 - da * th - al * dt) * 25.0,
            9.7,
            -ls * th * 1e-6 * third,
            -ls * da * 0.41,
            -ls * dt * 2e-6 * third,
            -ls * al * 0.05 * third,
        )
        u = math.hypot(*parts)
        dof = u**4 / (parts[0] ** 4 / 18 + parts[1] ** 4 / 25.6 + parts[2] ** 4 / 50 + parts[5] ** 4 / 2)
        k = -float(stdtrit(math.floor(dof), 0.005))
        return value, u, parts, dof, k, k * u

    assert by_hand()[1] == evaluate(budget, lean=True).outputs[0].standard_uncertainty
    return row(
        "first_order_h1",
        "GUM H.1 first-order budget",
        *best_pair(lambda: evaluate(budget, lean=True), by_hand, 200, 50),
        goal="≤ 12 × hand-coded, ≤ 1/5 of GTC",
        holds=lambda ratio, peers: ratio <= 12.0 and peers.get("GTC", math.inf) >= 5.0,
    )


def many_points() -> Row:
    """10 000 points of a model with 8 inputs: values, combined uncertainties and sensitivities."""
    model = compile_model("l*(1 + al*(t - t0)) + d - p*q/s", ("l", "al", "t", "t0", "d", "p", "q", "s"))
    rng = np.random.default_rng(1)
    columns = [rng.uniform(1.0, 2.0, POINTS) for _ in range(8)]
    u = [0.01] * 8

    def by_hand() -> tuple[Any, ...]:
        length, al, t, t0, d, p, q, s = columns
        difference = t - t0
        expansion = 1.0 + al * difference
        quotient = p / s
        value = length * expansion + d - quotient * q
        by_t = length * al
        by_q = -quotient
        by_p = -q / s
        gradient = (expansion, length * difference, by_t, -by_t, 1.0, by_p, by_q, quotient * q / s)
        total = 0.0
        for sensitivity, spread in zip(gradient, u, strict=True):
            total = total + (sensitivity * spread) ** 2
        return value, np.sqrt(total), gradient

    found = propagate_points(model, columns, u)
    assert np.allclose(found[1], by_hand()[1], rtol=1e-12)
    return row(
        "many_points",
        "10 000 points × 8 inputs",
        *best_pair(lambda: propagate_points(model, columns, u), by_hand, 60, 3),
        goal="≤ 1.5 × numpy by hand, ≥ 1000 × faster than uncertainties",
        holds=lambda ratio, peers: ratio <= 1.5 and peers.get("uncertainties", math.inf) >= 1000.0,
    )


def monte_carlo(name: str, title: str, formula: str, inputs: tuple[Input, ...], draw: Callable[..., Any]) -> Row:
    """10⁶ trials against drawing the same numbers, one numpy evaluation and one partition."""
    model = compile_model(formula, [item.name for item in inputs])
    settings, questions = MonteCarlo(trials=TRIALS), [Question(0.95, 0.95)]
    ends = [round(0.025 * TRIALS), round(0.975 * TRIALS)]

    def floor() -> Any:
        values = draw(np.random.default_rng(1))
        values.partition(ends)
        return values[ends]

    def work() -> Any:
        return simulate(model, inputs, None, settings, questions)

    found = row(
        name,
        title,
        *best_pair(work, floor, 15),
        goal="≤ 1.2 × floor, ahead of suncal and MetroloPy, ≤ 30 MB",
        holds=lambda ratio, peers: ratio <= 1.2 and all(peer > 1.0 for peer in peers.values()),
    )
    found["extra_megabytes"] = extra_megabytes(work)
    found["one_thread_seconds"] = best(lambda: simulate(model, inputs, None, settings, questions, threads=1), 5)
    found["holds"] = found["holds"] and found["extra_megabytes"] <= 30.0
    return found


def draw_gauge(rng: np.random.Generator) -> Any:
    ls = 50000623.0 + 25.0 * rng.standard_t(18, TRIALS)
    d = 215.0 + 9.7 * rng.standard_t(25.6, TRIALS)
    da = rng.uniform(-1e-6, 1e-6, TRIALS)
    th = rng.normal(-0.1, 0.41, TRIALS)
    al = rng.uniform(9.5e-6, 13.5e-6, TRIALS)
    dt = rng.uniform(-0.05, 0.05, TRIALS)
    return ls + d - ls * (da * th + al * dt)


def draw_linear(rng: np.random.Generator) -> Any:
    a, b, c, d = (rng.normal(0.0, 1.0, TRIALS) for _ in range(4))
    return a + b + c + d


def two_digits(runs: int) -> Row:
    """A result to two stable digits: how long it takes, and in how many runs all of it is right."""
    cases = [
        # The true values of the gauge: 4.3·10⁹ quasi-random points, standard error 2·10⁻⁴ nm.
        (GAUGE_MODEL, GAUGE_DRAWN, (25.0, 9.7, 2.9, 0.0, 0.0, 16.6), None),
        ("a + b + c + d", LINEAR, (1.0, 1.0, 1.0, 1.0), (0.0, 2.0, -3.9199280, 3.9199280)),
    ]
    rows = []
    for formula, inputs, importance, truth in cases:
        model = compile_model(formula, [item.name for item in inputs])
        known = truth or reference(model, inputs)
        seconds, right = [], 0
        for seed in range(runs):
            started = time.perf_counter()
            settings = MonteCarlo(digits=2, seed=seed)
            (found,) = simulate(model, inputs, None, settings, [Question(0.95, 0.95)], importance=importance).outputs
            seconds.append(time.perf_counter() - started)
            assert isinstance(found, MonteCarloOutput)
            results = (found.mean, found.standard_deviation, *found.symmetric)
            delta = numerical_tolerance(known[1])
            right += all(abs((a or 0.0) - b) <= delta for a, b in zip(results, known, strict=True))
        rows.append((float(np.median(seconds)), right / runs))
    return {
        "name": "two_digits",
        "title": f"two-digit result, {runs} runs of GUM H.1 and of a sum",
        "seconds": max(seconds for seconds, _ in rows),
        "right": min(right for _, right in rows),
        "goal": "≤ 20 ms, right in ≥ 95 % of the runs",
        "holds": max(seconds for seconds, _ in rows) <= 0.020 and min(right for _, right in rows) >= 0.95,
    }


def reference(model: Any, inputs: tuple[Input, ...]) -> tuple[float, float, float, float]:
    """Mean, standard deviation and symmetric ends as the average of 40 long runs."""
    found = []
    for seed in range(1000, 1040):
        settings = MonteCarlo(digits=3, seed=seed)
        (output,) = simulate(model, inputs, None, settings, [Question(0.95, 0.95)]).outputs
        assert isinstance(output, MonteCarloOutput)
        found.append((output.mean, output.standard_deviation, *output.symmetric))
    mean, deviation, low, high = np.mean(found, axis=0).tolist()
    return mean, deviation, low, high


def worksheet_point() -> Row:
    """One point of a worksheet: the document of GUM H.1, read, checked and calculated without texts."""
    cases = json.loads((ROOT / "tests/uncertainty/cases/calculations.json").read_text(encoding="utf-8"))
    document = next(case["input"] for case in cases if case["id"] == "gum-h1-first")
    seconds = best(lambda: calculate("budget", document, lean=True), 200, 5)
    return {
        "name": "worksheet_point",
        "title": "GUM H.1 as a document, lean",
        "seconds": seconds,
        "goal": "≤ 0.5 ms",
        "holds": seconds <= 0.0005,
    }


def importing() -> Row:
    program = "import time; started = time.perf_counter(); import uncertainty; print(time.perf_counter() - started)"
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    seconds = min(float(run.stdout) for run in runs)
    program = program.replace("import uncertainty;", "from uncertainty import evaluate;")
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in range(5)
    ]
    return {
        "name": "import",
        "title": "import uncertainty",
        "seconds": seconds,
        "with_evaluate_seconds": min(float(run.stdout) for run in runs),
        "goal": "≤ 0.25 s",
        "holds": seconds <= 0.25,
    }


PEER_FIGURES: dict[str, Any] = {}


def row(
    name: str, title: str, seconds: float, floor: float, *, goal: str, holds: Callable[[float, dict[str, float]], bool]
) -> Row:
    peers = PEER_FIGURES.get(name, {})
    ratios = {program: figures["seconds"] / seconds for program, figures in peers.items() if "seconds" in figures}
    return {
        "name": name,
        "title": title,
        "seconds": seconds,
        "floor_seconds": floor,
        "ratio_to_floor": seconds / floor,
        "peers": peers,
        "times_faster_than": ratios,
        "goal": goal,
        "holds": holds(seconds / floor, ratios),
    }


def peers() -> dict[str, Any]:
    """Figures of the other programs, measured now; empty when they are not installed."""
    if not PEERS.exists():
        return {}
    command = [str(PEERS), "-W", "ignore", str(ROOT / "benchmarks" / "peers_run.py")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return figures


def table(rows: list[Row], installed: bool) -> str:
    lines = []
    for found in rows:
        parts = [f"{1e3 * found['seconds']:.3f} ms"]
        if "ratio_to_floor" in found:
            parts.append(f"{found['ratio_to_floor']:.2f} × the floor of {1e3 * found['floor_seconds']:.3f} ms")
        parts += [f"{times:.1f} × faster than {name}" for name, times in found.get("times_faster_than", {}).items()]
        if "extra_megabytes" in found:
            parts.append(f"{found['extra_megabytes']:.0f} MB")
        if "right" in found:
            parts.append(f"right in {100 * found['right']:.1f} %")
        verdict = "holds" if found["holds"] else "MISSED"
        lines.append(f"{found['title']:<55} {'; '.join(parts)}   [{found['goal']}: {verdict}]")
    if not installed:
        lines.append("other programs: not installed (benchmarks/peers.sh installs them)")
    return "\n".join(lines)


def measure(runs: int = 300) -> tuple[list[Row], str]:
    """All rows and their readable table; `runs` counts the runs of the two-digit result."""
    figures = peers()
    PEER_FIGURES.update(figures)
    rows = [
        first_order(),
        many_points(),
        monte_carlo("monte_carlo_h1", "Monte Carlo, 10⁶ trials of GUM H.1", GAUGE_MODEL, GAUGE_DRAWN, draw_gauge),
        monte_carlo("monte_carlo_linear", "Monte Carlo, 10⁶ trials of a sum", "a + b + c + d", LINEAR, draw_linear),
        two_digits(runs),
        worksheet_point(),
        importing(),
    ]
    return rows, table(rows, bool(figures))


if __name__ == "__main__":
    print(measure()[1])
