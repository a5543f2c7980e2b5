"""Propagation of distributions: closed forms, independence of threads, bounded memory, missing moments."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty import distributions as d
from uncertainty.correlation import Correlation, correlation_matrix
from uncertainty.inputs import Input
from uncertainty.model import compile_model
from uncertainty.monte_carlo import Failed, MonteCarlo, MonteCarloOutput, MonteCarloRun, Question
from uncertainty.order_statistics import OrderedValues, quantile, symmetric_ranks
from uncertainty.sampling import Sampler
from uncertainty.simulation import simulate
from uncertainty.trials import BLOCK, _Trials
from uncertainty.validity import numerical_tolerance, validate

HALF = Question(0.95, 0.95)
FORTY_THOUSAND = MonteCarlo(trials=40_000)


def run(
    model: str | dict[str, str],
    *inputs: Input,
    settings: MonteCarlo = FORTY_THOUSAND,
    correlations: tuple[Correlation, ...] = (),
    question: Question = HALF,
    threads: int | None = None,
) -> MonteCarloRun:
    compiled = compile_model(model, [item.name for item in inputs])
    matrix = correlation_matrix(inputs, correlations)
    return simulate(compiled, inputs, matrix, settings, [question] * len(compiled.outputs), threads=threads)


def only(found: MonteCarloRun) -> MonteCarloOutput:
    (output,) = found.outputs
    assert isinstance(output, MonteCarloOutput)
    return output


GAUGE = (
    Input.of("ls", d.StudentT(50000623.0, 25.0, 18.0)),
    Input.of("d", d.StudentT(215.0, 9.7, 25.6)),
    Input.rectangular("da", 0.0, 1e-6),
    Input.normal("th", -0.1, 0.41),
    Input.rectangular("al", 11.5e-6, 2e-6),
    Input.rectangular("dt", 0.0, 0.05),
)
GAUGE_MODEL = "ls + d - ls*(da*th + al*dt)"


@pytest.mark.parametrize("settings", [MonteCarlo(trials=100_000), MonteCarlo(digits=2)], ids=["trials", "digits"])
@pytest.mark.parametrize("correlated", [False, True])
def test_the_bytes_do_not_depend_on_the_number_of_threads(settings: MonteCarlo, correlated: bool) -> None:
    correlations = (Correlation("ls", "dt", 0.4), Correlation("d", "th", -0.5)) if correlated else ()
    model = {"y": GAUGE_MODEL, "z": "th*d"}
    runs = [run(model, *GAUGE, settings=settings, correlations=correlations, threads=threads) for threads in (1, 2, 5)]
    assert runs[0].outputs == runs[1].outputs == runs[2].outputs
    assert runs[0].region == runs[1].region == runs[2].region
    assert runs[0].correlation is not None
    assert runs[1].correlation is not None
    assert np.array_equal(runs[0].correlation, runs[1].correlation)


def test_another_seed_gives_other_numbers_within_their_error() -> None:
    first, second = (only(run(GAUGE_MODEL, *GAUGE, settings=MonteCarlo(trials=40_000, seed=seed))) for seed in (1, 2))
    assert first.symmetric != second.symmetric
    assert first.symmetric == pytest.approx(second.symmetric, abs=6.0 * first.numerical_error)


@pytest.mark.parametrize(
    ("distribution", "low", "high"),
    [
        (d.Normal(1, 2), 1 - 2 * 1.959964, 1 + 2 * 1.959964),
        (d.Rectangular(1, 2), 1 - 1.9, 1 + 1.9),
        (d.Triangular(0, 1), -(1 - math.sqrt(0.05)), 1 - math.sqrt(0.05)),
        (d.Arcsine(0, 1), -math.sin(0.475 * math.pi), math.sin(0.475 * math.pi)),
        (d.Exponential(2), -2 * math.log(0.975), -2 * math.log(0.025)),
        (d.StudentT(0, 1, 3), -3.18245, 3.18245),
        (d.Lognormal(0, 1), math.exp(-1.959964), math.exp(1.959964)),
    ],
    ids=str,
)
def test_the_interval_of_one_input_is_that_of_its_distribution(
    distribution: d.Distribution, low: float, high: float
) -> None:
    found = only(run("x", Input.of("x", distribution)))
    assert found.symmetric == pytest.approx((low, high), abs=6.0 * found.numerical_error)


@given(
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.lists(st.floats(0.1, 2), min_size=3, max_size=3),
    st.floats(-0.9, 0.9),
)
@settings(max_examples=10, deadline=None)
def test_a_linear_model_of_normal_inputs_has_the_first_order_uncertainty(
    c: list[float], u: list[float], r: float
) -> None:
    """Standard errors: u/√M for the mean, u/√(2M) for u; 6 of them leave one failure in 10⁹."""
    trials = 20_000
    inputs = [Input.normal(name, 1.0, size) for name, size in zip("abc", u, strict=True)]
    model = "({})*a + ({})*b + ({})*c".format(*(f"{x:.17g}" for x in c))
    variance = sum((x * y) ** 2 for x, y in zip(c, u, strict=True)) + 2 * r * c[0] * u[0] * c[1] * u[1]
    expected = math.sqrt(max(variance, 0.0))
    found = only(run(model, *inputs, settings=MonteCarlo(trials), correlations=(Correlation("a", "b", r),)))
    assert found.mean == pytest.approx(sum(c), abs=6 * expected / math.sqrt(trials) + 1e-9)
    assert found.standard_deviation == pytest.approx(expected, rel=6 / math.sqrt(2 * trials), abs=1e-9)


def test_correlated_inputs_of_any_shape_keep_their_shape() -> None:
    """The coefficient of the normal scores r gives rectangular inputs (6/π)·asin(r/2)."""
    inputs = (Input.rectangular("a", 0.0, 1.0), Input.rectangular("b", 0.0, 1.0))
    found = run({"A": "a", "B": "b"}, *inputs, correlations=(Correlation("a", "b", 0.8),))
    for output in found.outputs:
        assert isinstance(output, MonteCarloOutput)
        assert output.symmetric == pytest.approx((-0.95, 0.95), abs=6 * output.numerical_error)
    assert found.correlation is not None
    assert found.correlation[0, 1] == pytest.approx(6 / math.pi * math.asin(0.4), abs=0.02)


def test_fully_correlated_inputs_move_together() -> None:
    inputs = (Input.of("a", d.StudentT(1.0, 1.0, 4.0), source="S"), Input.normal("b", 1.0, 1.0, source="S"))
    found = only(run("a - a + b - b", *inputs))
    assert found.standard_deviation == 0.0
    same = (Input.normal("a", 1.0, 0.5, source="S"), Input.normal("b", 2.0, 0.5, source="S"))
    assert only(run("a - b", *same)).standard_deviation == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("dof", "mean", "deviation"), [(0.8, False, False), (1.0, False, False), (2.0, True, False), (2.5, True, True)]
)
@pytest.mark.parametrize("settings", [MonteCarlo(trials=5_000), MonteCarlo(digits=1)], ids=["trials", "digits"])
def test_moments_that_do_not_exist_are_not_stated(
    dof: float, mean: bool, deviation: bool, settings: MonteCarlo
) -> None:
    found = only(run("x + y", Input.of("x", d.StudentT(0, 1, dof)), Input.normal("y", 0, 1), settings=settings))
    assert (found.mean is not None, found.standard_deviation is not None) == (mean, deviation)
    assert all(map(math.isfinite, found.symmetric))


def test_a_missing_moment_of_an_input_that_is_not_used_does_not_matter() -> None:
    found = only(run("y", Input.of("x", d.StudentT(0, 1, 1)), Input.normal("y", 0, 1)))
    assert found.standard_deviation == pytest.approx(1.0, rel=0.05)


@pytest.mark.parametrize("settings", [MonteCarlo(trials=10_000), MonteCarlo(digits=2)], ids=["trials", "digits"])
def test_a_model_without_a_value_in_some_trials_has_no_distribution(settings: MonteCarlo) -> None:
    (output,) = run("log(x)", Input.normal("x", 1.0, 1.0), settings=settings).outputs
    assert isinstance(output, Failed)
    assert output.without_value / output.trials == pytest.approx(0.1587, abs=0.02)


def test_a_constant_model_has_a_point_for_its_interval() -> None:
    found = only(run("3 + 0*x", Input.normal("x", 0.0, 1.0)))
    assert found.symmetric == found.shortest == (3.0, 3.0)
    assert found.standard_deviation == 0.0


def test_the_coverage_of_a_window_is_counted() -> None:
    found = only(run("x", Input.rectangular("x", 0.0, 1.0), question=Question(0.9, 0.99, (-0.5, 0.25))))
    assert found.part_inside == pytest.approx(0.375, abs=0.015)
    assert found.coverage_interval == pytest.approx((-0.99, 0.99), abs=0.005)
    assert found.symmetric == pytest.approx((-0.9, 0.9), abs=0.02)


def test_the_region_of_two_independent_normals() -> None:
    """JCGM 102: √χ²₂(0.95) = 2.448 and 2.236 without correlation."""
    region = run({"A": "a", "B": "b"}, Input.normal("a", 0, 1), Input.normal("b", 5, 2)).region
    assert region == pytest.approx((2.448, 2.236), abs=0.04)


def test_the_numerical_error_is_the_scatter_of_the_ends() -> None:
    inputs = (Input.normal("x", 0.0, 1.0),)
    runs = [only(run("x", *inputs, settings=MonteCarlo(trials=2_000, seed=seed))) for seed in range(60)]
    scatter = np.std([found.symmetric[1] for found in runs])
    assert np.mean([found.numerical_error for found in runs]) == pytest.approx(scatter, rel=0.4)


def test_ten_million_trials_stay_within_memory() -> None:
    """One process of its own: its peak must stay under 150 MB, interpreter and libraries included."""
    program = (
        "from uncertainty.calc import calculate\n"
        "inputs = {'a': {'value': 0, 'half_width': 1}, 'b': {'value': 0, 'half_width': 1}}\n"
        "found = calculate('budget', {'model': 'a + b', 'inputs': inputs, 'coverage': {'probability': 0.95},\n"
        "    'monte_carlo': {'trials': 10_000_000}})['monte_carlo']\n"
        "print(found['symmetric'][1], found['shortest'][1] - found['shortest'][0])\n"
        "peak = [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')]\n"
        "print(peak[0])\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    end, length, peak = answer.split()
    assert float(end) == pytest.approx(1.5527864, abs=0.002)
    assert float(length) == pytest.approx(2 * 1.5527864, abs=0.003)
    assert int(peak) * 1024 < 150e6  # VmHWM: ru_maxrss would begin with that of the process that forked


def test_trials_made_again_are_the_trials_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"A": "a*b", "B": "a - b"}
    inputs = (Input.normal("a", 1, 0.1), Input.rectangular("b", 2, 0.3))
    kept = run(model, *inputs)
    monkeypatch.setattr("uncertainty.trials._KEPT", 1_000)
    again = run(model, *inputs)
    assert again.outputs == kept.outputs
    assert again.region == kept.region


def test_trials_counted_in_bins_give_the_interval_of_the_ordered_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"A": "a*b", "B": "exp(a) - b"}
    inputs = (Input.normal("a", 1, 0.3), Input.rectangular("b", 2, 0.3))
    settings = MonteCarlo(trials=200_000)
    question = Question(0.95, 0.8, (1.0, 2.0))
    ordered = run(model, *inputs, settings=settings, question=question)
    for name, number in (("MAX_ORDERED", 150_000), ("_KEPT", 1_000), ("_PILOT", 50_000)):
        monkeypatch.setattr(f"uncertainty.trials.{name}", number)
    binned = [run(model, *inputs, settings=settings, question=question, threads=threads) for threads in (1, 3)]
    assert binned[0].outputs == binned[1].outputs
    assert binned[0].region == pytest.approx(ordered.region, rel=0.01)
    for found, expected in zip(binned[0].outputs, ordered.outputs, strict=True):
        assert isinstance(found, MonteCarloOutput)
        assert isinstance(expected, MonteCarloOutput)
        error = expected.numerical_error
        assert found.symmetric == pytest.approx(expected.symmetric, abs=0.1 * error)
        assert found.coverage_interval == pytest.approx(expected.coverage_interval, abs=0.1 * error)
        assert found.shortest[1] - found.shortest[0] == pytest.approx(
            expected.shortest[1] - expected.shortest[0], abs=0.2 * error
        )
        assert found.part_inside == pytest.approx(expected.part_inside, abs=1e-4)
        assert found.numerical_error == pytest.approx(error, rel=0.3)
        assert (found.mean, found.standard_deviation) == (expected.mean, expected.standard_deviation)


def test_a_long_run_without_a_value_in_some_trials_has_no_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, number in (("MAX_ORDERED", 10_000), ("_KEPT", 1_000), ("_PILOT", 10_000)):
        monkeypatch.setattr(f"uncertainty.trials.{name}", number)
    (output,) = run("sqrt(x)", Input.normal("x", 1.0, 1.0)).outputs
    assert isinstance(output, Failed)


@pytest.mark.parametrize(
    ("count", "probability", "ranks"),
    [(1000, 0.95, (24, 974, 950)), (1001, 0.95, (24, 975, 951)), (1_000_000, 0.9545, (22749, 977249, 954500))],
)
def test_the_ranks_of_the_symmetric_interval(count: int, probability: float, ranks: tuple[int, int, int]) -> None:
    """JCGM 101 7.7.2 (ranks here from 0): q = pM, and the lower end has rank (M - q)/2, rounded up."""
    assert symmetric_ranks(count, probability) == ranks


def test_the_moments_are_those_of_all_trials() -> None:
    names = ("a", "b")
    inputs = (Input.normal("a", 1e6, 0.1), Input.rectangular("b", 2, 0.3))
    model = compile_model({"A": "a*b", "B": "a - b"}, names)
    trials = _Trials(model, Sampler(inputs, None, names), 3 * BLOCK + 100, 5, 2)
    assert trials._kept is not None
    assert trials.moments.mean == pytest.approx(trials._kept.mean(axis=1), rel=1e-13)
    assert trials.moments.covariance == pytest.approx(np.cov(trials._kept), rel=1e-9)
    few = _Trials(model, Sampler(inputs, None, names), 100, 5, 1)
    assert few._kept is not None
    assert few.moments.covariance == pytest.approx(np.cov(few._kept), rel=1e-9)


@given(st.integers(100, 5000), st.floats(0.05, 0.99))
@settings(max_examples=60, deadline=None)
def test_the_interval_covers_its_part_of_the_values(count: int, probability: float) -> None:
    values = np.random.default_rng(count).normal(size=count)
    ordered = np.sort(values)
    found = OrderedValues(values.copy(), probability)
    low, high = found.symmetric
    ranks = symmetric_ranks(count, probability)
    assert (low, high) == (ordered[ranks.low], ordered[ranks.high])
    inside = math.floor(probability * count + 0.5)
    lengths = ordered[inside:] - ordered[: count - inside]
    shortest = found.shortest
    assert shortest[1] - shortest[0] == pytest.approx(lengths.min(), rel=1e-12)
    assert found.symmetric_at(0.5) == tuple(ordered[list(symmetric_ranks(count, 0.5)[:2])])
    assert found.part_inside(low, high) == pytest.approx((inside + 1) / count)
    assert quantile(values.copy(), probability) == ordered[max(inside, 1) - 1]


@pytest.mark.parametrize(
    ("u", "digits", "delta"),
    [(32.0, 2, 0.5), (0.0294, 2, 0.0005), (99.4, 2, 0.5), (99.6, 2, 5.0), (1.0, 2, 0.05), (1.0, 1, 0.5), (0.0, 2, 0.0)],
)
def test_the_numerical_tolerance(u: float, digits: int, delta: float) -> None:
    """JCGM 101 7.9.2: half a unit of the last significant digit of u."""
    assert numerical_tolerance(u, digits) == pytest.approx(delta, rel=1e-12)


def test_the_validation_of_the_mass_calibration() -> None:
    """JCGM 101 9.3.2.2 table 6: [1.1285, 1.3395] mg against [1.0834, 1.3825] mg by Monte Carlo, not validated."""
    found = validate(1.2340, 0.1055, 0.0539, (1.0834, 1.3825), 0.0)
    assert (found.d_low, found.d_high) == pytest.approx((0.0451, 0.0430), abs=1e-9)
    assert found.delta == 0.0005
    assert not found.valid


def accuracy(model: str, inputs: tuple[Input, ...], truth: tuple[float, float, float, float], runs: int) -> float:
    """Part of the runs to two digits in which mean, standard deviation and both ends are right to the tolerance."""
    delta = numerical_tolerance(truth[1])
    right = 0
    for seed in range(runs):
        found = only(run(model, *inputs, settings=MonteCarlo(digits=2, seed=seed)))
        results = (found.mean, found.standard_deviation, *found.symmetric)
        right += all(abs((a or 0.0) - b) <= delta for a, b in zip(results, truth, strict=True))
    return right / runs


def test_two_stable_digits_are_right() -> None:
    """At least 38 of 40 runs, for a sum and for a strongly curved model with known results."""
    four = tuple(Input.normal(name, 0.0, 1.0) for name in "abcd")
    assert accuracy("a + b + c + d", four, (0.0, 2.0, -3.919928, 3.919928), 40) >= 0.95
    u, squares = 0.005, (Input.normal("x", 0.0, 0.005), Input.normal("y", 0.0, 0.005))
    truth = (2 * u * u, 2 * u * u, -2 * u * u * math.log(0.975), -2 * u * u * math.log(0.025))
    assert accuracy("x**2 + y**2", squares, truth, 40) >= 0.95


def test_more_inputs_than_the_lattice_has_dimensions() -> None:
    inputs = tuple(Input.rectangular(f"x{i}", 0.0, 1.0) for i in range(80))
    found = only(run("+".join(item.name for item in inputs), *inputs, settings=MonteCarlo(digits=1)))
    assert found.standard_deviation == pytest.approx(math.sqrt(80 / 3), rel=0.02)


def test_digits_that_cannot_be_reached_are_reported() -> None:
    """The ratio of two centred normals has no moments: its standard deviation never settles."""
    found = only(run("a/b", Input.normal("a", 0, 1), Input.normal("b", 1e-9, 1), settings=MonteCarlo(digits=2)))
    assert not found.stable
    assert found.symmetric == pytest.approx((-12.706, 12.706), rel=0.02)
