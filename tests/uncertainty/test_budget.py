"""Budgets by the law of propagation: published results, closed forms, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uncertainty.budget import Budget, Result
from uncertainty.correlation import Correlation
from uncertainty.coverage import Coverage
from uncertainty.distributions import Rectangular
from uncertainty.errors import InputError
from uncertainty.evaluation import evaluate
from uncertainty.inputs import Input
from uncertainty.model import compile_model
from uncertainty.propagation import propagate_points

GAUGE_BLOCK = (
    Input.normal("ls", 50000623.0, 25.0, dof=18),
    Input.normal("d", 215.0, 9.7, dof=25.6),
    Input.rectangular("da", 0.0, 1e-6, dof=50),
    Input.normal("th", -0.1, 0.41),
    Input.rectangular("al", 11.5e-6, 2e-6),
    Input.rectangular("dt", 0.0, 0.05, dof=2),
)
GAUGE_MODEL = "ls + d - ls*(da*th + al*dt)"


def one(budget: Budget, *, lean: bool = False) -> Result:
    (result,) = evaluate(budget, lean=lean).outputs
    return result


def of(model: str, *inputs: Input, correlations: tuple[Correlation, ...] = ()) -> Result:
    return one(Budget(model, inputs, correlations))


def test_the_end_gauge_of_the_gum() -> None:
    """GUM H.1: 50 000 838 nm, u_c = 32 nm, 16 degrees of freedom, k = 2.92, U_99 = 93 nm; 34 nm with second order."""
    result = one(Budget(GAUGE_MODEL, GAUGE_BLOCK, coverage=Coverage(0.99)))
    assert result.value == pytest.approx(50_000_838, abs=0.5)
    assert result.standard_uncertainty == pytest.approx(32, abs=0.5)
    assert result.expansion.dof_used == 16
    assert result.expansion.coverage_factor == pytest.approx(2.92, abs=0.005)
    assert result.expansion.expanded_uncertainty == pytest.approx(93, abs=1)
    assert result.second_order is not None
    assert result.second_order.standard_uncertainty == pytest.approx(34, abs=0.5)


def test_the_rows_of_the_end_gauge() -> None:
    """GUM table H.1: contributions 25, 9.7, 2.9, 0, 0 and 16.6 nm."""
    rows = {row.input: row for row in one(Budget(GAUGE_MODEL, GAUGE_BLOCK)).contributions}
    contributions = [rows[name].contribution for name in ("ls", "d", "da", "th", "al", "dt")]
    assert contributions == pytest.approx([25, 9.7, 2.9, 0, 0, 16.6], abs=0.05)
    assert list(rows) == ["ls", "dt", "d", "da", "th", "al"]
    assert sum(row.share for row in rows.values()) == pytest.approx(1.0, rel=1e-14)


def test_fully_correlated_inputs_that_cancel_have_no_uncertainty() -> None:
    result = of(
        "a - b",
        Input.normal("a", 10, 0.3),
        Input.normal("b", 9, 0.3),
        correlations=(Correlation("a", "b", 1.0),),
    )
    assert result.standard_uncertainty == 0.0
    assert [row.share for row in result.contributions] == [0.0, 0.0]


def test_shares_hold_the_covariances_and_may_be_negative() -> None:
    """share_a = a(a + r·b)/u² with a = 3, b = -1, r = 0.5: 7.5/7 and -0.5/7."""
    result = of("a - b", Input.normal("a", 0, 3), Input.normal("b", 0, 1), correlations=(Correlation("a", "b", 0.5),))
    assert [row.share for row in result.contributions] == pytest.approx([7.5 / 7, -0.5 / 7], rel=1e-12)


def test_inputs_of_one_source_are_added_before_they_are_combined() -> None:
    result = of(
        "a - b + c",
        Input.normal("a", 5, 0.3, source="W1"),
        Input.normal("b", 2, 0.1, source="W1"),
        Input.normal("c", 0, 0.2),
    )
    assert result.standard_uncertainty == pytest.approx(math.sqrt(0.2**2 + 0.2**2), rel=1e-14)


@pytest.mark.parametrize("size", [1e-200, 1e-160, 1.0, 1e150, 1e200])
def test_extreme_sizes_neither_overflow_nor_vanish(size: float) -> None:
    inputs = (Input.normal("a", 0, 3 * size, dof=5), Input.normal("b", 0, 4 * size, dof=5))
    for correlations in ((), (Correlation("a", "b", 0.0), Correlation("b", "a", 0.0))):
        result = of("a + b", *inputs, correlations=correlations)
        assert result.standard_uncertainty == pytest.approx(5 * size, rel=1e-14)
        assert result.effective_dof == pytest.approx(625 / (81 / 5 + 256 / 5), rel=1e-12)


def test_a_derivative_that_does_not_exist_leaves_no_first_order() -> None:
    result = of("sqrt(x) + y", Input.rectangular("x", 0, 1), Input.normal("y", 1, 1))
    assert result.value == 1.0
    assert result.standard_uncertainty is None
    assert result.expansion.expanded_uncertainty is None
    assert any("does not exist" in note.en for note in result.notes)


def test_a_derivative_that_does_not_exist_does_not_matter_without_spread() -> None:
    result = of("sqrt(x) + y", Input.constant("x", 0), Input.normal("y", 1, 0.5))
    assert result.standard_uncertainty == 0.5


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("abs(x)", "kink exactly at the estimate"),
        ("max(x, 0.1) + y", "kink within 3 standard uncertainties"),
        ("x", "y: the model does not use it"),
        ("x**2 + 0*y", "first-order uncertainty is 0 although"),
    ],
)
def test_what_a_reader_must_know_is_noted(model: str, words: str) -> None:
    result = of(model, Input.rectangular("x", 0, 1), Input.normal("y", 1, 0.1))
    assert any(words in note.en for note in result.notes)


def test_a_kink_far_away_is_not_noted() -> None:
    assert of("max(x, 0)", Input.normal("x", 1, 0.1)).notes == ()


def test_a_value_beside_the_middle_of_its_limits_is_noted() -> None:
    result = of("x", Input.of("x", Rectangular(1.0, 1.0), value=0.5))
    assert result.value == 0.5
    assert any("not the mean 1" in note.en for note in result.notes)


def test_second_order_of_a_product_of_two_zeros() -> None:
    """GUM 5.1.2 note: u = u_x·u_y where the first order is 0."""
    second = of("x*y", Input.normal("x", 0, 0.1), Input.normal("y", 0, 0.2)).second_order
    assert second is not None
    assert second.value == 0.0
    assert second.standard_uncertainty == pytest.approx(0.02, rel=1e-14)


def test_second_order_with_correlation_gives_the_shift_only() -> None:
    """E(xy) = x·y + r·u_x·u_y."""
    result = of("x*y", Input.normal("x", 2, 0.1), Input.normal("y", 3, 0.2), correlations=(Correlation("x", "y", 0.5),))
    assert result.second_order is not None
    assert result.second_order.value == pytest.approx(6.01, rel=1e-14)
    assert result.second_order.standard_uncertainty is None
    assert any("correlated" in note.en for note in result.notes)


def test_second_order_that_does_not_exist_is_noted() -> None:
    result = of("x**1.5", Input.normal("x", 0, 1))
    assert result.second_order is not None
    assert result.second_order.value is None
    assert any("second or third derivative does not exist" in note.en for note in result.notes)


def test_second_order_of_a_negative_variance_is_noted() -> None:
    """Near 0, f·f''' of sin is almost -1, and u⁴ outgrows u²."""
    result = of("sin(x)", Input.normal("x", 0.1, 3))
    assert result.second_order is not None
    assert result.second_order.value is not None
    assert result.second_order.standard_uncertainty is None


def test_lean_leaves_out_the_second_order() -> None:
    result = one(Budget("x", (Input.normal("x", 1, 1),)), lean=True)
    assert result.second_order is None
    assert result.standard_uncertainty == 1.0


@pytest.mark.parametrize("r", [1.2, -1.0001])
def test_a_coefficient_beyond_one_is_refused(r: float) -> None:
    with pytest.raises(InputError, match=r"correlations\.0\.r"):
        of("a + b", Input.normal("a", 0, 1), Input.normal("b", 0, 1), correlations=(Correlation("a", "b", r),))


def test_coefficients_that_contradict_each_other_are_refused() -> None:
    inputs = [Input.normal(name, 0, 1) for name in "abc"]
    pairs = (Correlation("a", "b", 0.9), Correlation("b", "c", 0.9), Correlation("a", "c", -0.9))
    with pytest.raises(InputError, match="not positive semidefinite"):
        of("a + b + c", *inputs, correlations=pairs)
    with pytest.raises(InputError, match="already has r"):
        of("a + b", *inputs[:2], correlations=(Correlation("a", "b", 0.5), Correlation("b", "a", 0.4)))


def test_an_input_named_twice_is_refused() -> None:
    with pytest.raises(InputError, match="appears twice"):
        of("a", Input.normal("a", 0, 1), Input.normal("a", 0, 1))


MODEL = "a*b/c + sin(a)*c"
spreads = st.tuples(*[st.floats(1e-3, 0.5)] * 3)


def budget_of(u: tuple[float, float, float], names: str = "abc") -> Budget:
    values = {"a": 1.2, "b": 0.7, "c": 2.5}
    dofs = {"a": 5.0, "b": math.inf, "c": 12.0}
    stated = dict(zip("abc", u, strict=True))
    return Budget(MODEL, tuple(Input.normal(n, values[n], stated[n], dof=dofs[n]) for n in names))


@given(spreads, st.floats(1e-6, 1e6))
@settings(max_examples=30, deadline=None)
def test_scaling_all_spreads_scales_the_uncertainty(u: tuple[float, float, float], factor: float) -> None:
    before, after = one(budget_of(u), lean=True), one(budget_of(tuple(factor * x for x in u)), lean=True)  # type: ignore[arg-type]
    assert after.standard_uncertainty == pytest.approx(factor * (before.standard_uncertainty or 0.0), rel=1e-12)
    assert after.effective_dof == pytest.approx(before.effective_dof, rel=1e-9)


@given(spreads, st.permutations("abc"))
@settings(max_examples=30, deadline=None)
def test_the_order_of_inputs_does_not_matter(u: tuple[float, float, float], order: list[str]) -> None:
    before, after = one(budget_of(u)), one(budget_of(u, "".join(order)))
    assert after.standard_uncertainty == pytest.approx(before.standard_uncertainty, rel=1e-13)
    assert after.effective_dof == pytest.approx(before.effective_dof, rel=1e-12)
    assert before.second_order is not None
    assert after.second_order is not None
    assert after.second_order[:2] == pytest.approx(before.second_order[:2], rel=1e-12)
    assert {row.input for row in after.contributions} == set("abc")


@given(spreads)
@settings(max_examples=30, deadline=None)
def test_an_input_without_spread_or_effect_changes_nothing(u: tuple[float, float, float]) -> None:
    before = one(budget_of(u))
    more = (*budget_of(u).inputs, Input.normal("z", 0.0, 0.0, dof=3), Input.normal("w", 5.0, 2.0, dof=2))
    after = one(Budget(f"{MODEL} + z + 0*w", more))
    assert after.value == before.value
    assert after.standard_uncertainty == pytest.approx(before.standard_uncertainty, rel=1e-14)
    assert after.effective_dof == pytest.approx(before.effective_dof, rel=1e-12)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.lists(st.floats(-2, 2), min_size=9, max_size=9))
@settings(max_examples=30, deadline=None)
def test_the_variance_is_that_of_the_covariance_matrix(gradient: list[float], entries: list[float]) -> None:
    """u² = cᵀΣc for any covariance matrix Σ = MMᵀ."""
    factor = np.array(entries).reshape(3, 3) + 0.1 * np.eye(3)
    covariance = factor @ factor.T
    u = np.sqrt(np.diag(covariance))
    inputs = tuple(Input.normal(name, 1.0, float(size)) for name, size in zip("abc", u, strict=True))
    pairs = tuple(
        Correlation("abc"[i], "abc"[j], float(np.clip(covariance[i, j] / (u[i] * u[j]), -1, 1)))
        for i in range(3)
        for j in range(i)
    )
    c = np.array(gradient)
    result = of("({})*a + ({})*b + ({})*c".format(*(f"{x:.17g}" for x in c)), *inputs, correlations=pairs)
    assert result.standard_uncertainty == pytest.approx(math.sqrt(max(0.0, c @ covariance @ c)), rel=1e-6, abs=1e-7)


def test_many_points_at_once_are_the_points_one_by_one() -> None:
    names = ("a", "b", "c")
    rng = np.random.default_rng(3)
    values = [rng.uniform(0.5, 2.0, 20) for _ in names]
    spreads: list[float | np.ndarray] = [0.1, rng.uniform(0.01, 0.1, 20), 0.0]
    found, combined, sensitivities = propagate_points(compile_model(MODEL, names), values, spreads)
    for point in range(20):
        inputs = tuple(
            Input.normal(name, float(value[point]), float(np.broadcast_to(u, 20)[point]))
            for name, value, u in zip(names, values, spreads, strict=True)
        )
        result = of(MODEL, *inputs)
        assert found[point] == pytest.approx(result.value, rel=1e-13)
        assert combined[point] == pytest.approx(result.standard_uncertainty, rel=1e-12)
    assert len(sensitivities) == 3


def test_the_correlation_of_outputs_of_the_impedance() -> None:
    """GUM H.2 table H.4: r(R, X) = -0.588, r(R, Z) = -0.485, r(X, Z) = 0.993."""
    u = (0.0032093613071761794, 9.471008394041336e-06, 0.0007520638270785368)
    inputs = tuple(
        Input.normal(name, value, size, dof=4)
        for name, value, size in zip(("V", "I", "phi"), (4.999, 0.019661, 1.04446), u, strict=True)
    )
    pairs = (
        Correlation("V", "I", -0.35531121981751196),
        Correlation("V", "phi", 0.8576242108399619),
        Correlation("I", "phi", -0.6451112176892567),
    )
    result = evaluate(Budget({"R": "V/I*cos(phi)", "X": "V/I*sin(phi)", "Z": "V/I"}, inputs, pairs))
    assert result.correlations[0][1] == pytest.approx(-0.588, abs=6e-4)
    assert result.correlations[0][2] == pytest.approx(-0.485, abs=6e-4)
    assert result.correlations[1][2] == pytest.approx(0.993, abs=6e-4)
    assert result.region is None


@pytest.mark.parametrize(("r", "rectangle"), [(0.0, 2.236), (0.5, 2.212), (0.999999, 1.961)])
def test_the_coverage_region_of_two_normal_results(r: float, rectangle: float) -> None:
    """JCGM 102:2011 9.2: k_ellipse = 2.45 at 95 %; at r = 0.5 the square is Dunnett's two-sided point."""
    inputs = (Input.normal("a", 0, 1), Input.normal("b", 0, 1))
    budget = Budget({"A": "a", "B": "b"}, inputs, (Correlation("a", "b", r),), Coverage(0.95))
    region = evaluate(budget).region
    assert region is not None
    assert region.k_ellipse == pytest.approx(2.4477, abs=1e-4)
    assert region.k_rectangle == pytest.approx(rectangle, abs=1e-3)


def test_fully_correlated_outputs_have_no_region() -> None:
    result = evaluate(Budget({"A": "a", "B": "2*a"}, (Input.normal("a", 0, 1),)))
    assert result.region is None
    assert result.correlations[0][1] == 1.0
    assert any("fully correlated" in note.en for note in result.notes)
    without = evaluate(Budget({"A": "a", "B": "0*a"}, (Input.normal("a", 0, 1),)))
    assert math.isnan(without.correlations[0][1])
    assert without.notes
