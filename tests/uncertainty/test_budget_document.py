"""Budgets as documents: the fields of the answer, its nulls and their reasons, the coverage methods, the texts."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from uncertainty.calc import KINDS, as_table, calculate
from uncertainty.errors import InputError

TOP = {
    "value", "standard_uncertainty", "effective_dof", "dof_used", "coverage_factor", "coverage_probability",
    "expanded_uncertainty", "interval", "method_used", "contributions", "second_order", "monte_carlo", "reported",
    "notes",
}  # fmt: skip
ROW = {"input", "value", "standard_uncertainty", "dof", "distribution", "sensitivity", "contribution", "share"}
SIMULATED = {
    "trials", "seed", "mean", "standard_deviation", "symmetric", "shortest", "numerical_error", "gum_valid", "d_low",
    "d_high", "delta",
}  # fmt: skip


def budget(model: Any = "x + y", **changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "budget": 1,
        "title": "Test",
        "quantity": {"name": "E", "unit": "kPa"},
        "model": model,
        "inputs": {
            "x": {"value": 10.0, "standard_uncertainty": 0.3, "dof": 8, "unit": "kPa"},
            "y": {"value": -0.5, "half_width": 0.2, "unit": "kPa"},
        },
    }
    return {**document, **changes}


def answer(document: dict[str, Any], **options: Any) -> dict[str, Any]:
    found = calculate("budget", document, **options)
    json.dumps(found, allow_nan=False)
    return found


def notes(found: dict[str, Any]) -> str:
    return "\n".join(found["notes"])


def test_the_answer_has_the_agreed_fields() -> None:
    found = answer(budget(monte_carlo={"trials": 2000}))
    assert set(found) >= TOP
    assert set(found["contributions"][0]) >= ROW
    assert set(found["monte_carlo"]) == SIMULATED
    assert set(found["second_order"]) == {"value", "standard_uncertainty"}
    assert set(found["reported"]) == {"value", "expanded_uncertainty", "coverage_factor", "text_vi", "text_en"}


def test_defaults_are_k_for_9545_truncated_and_no_simulation() -> None:
    found = answer(budget())
    assert found["coverage_probability"] == 0.9545
    assert found["dof_used"] == math.floor(found["effective_dof"])
    assert found["method_used"] == "student_t"
    assert found["monte_carlo"] is None
    assert found["interval"] == pytest.approx(
        [found["value"] - found["expanded_uncertainty"], found["value"] + found["expanded_uncertainty"]]
    )


def test_infinite_degrees_of_freedom_are_null() -> None:
    found = answer(budget("y"))
    assert found["effective_dof"] is None
    assert found["dof_used"] is None
    assert found["coverage_factor"] == pytest.approx(2.0, abs=1e-5)
    assert found["contributions"][0]["dof"] is None


def test_the_rule_for_the_degrees_of_freedom_is_followed() -> None:
    effective = answer(budget())["effective_dof"]
    assert answer(budget(coverage={"dof_rule": "interpolate"}))["dof_used"] == effective
    assert answer(budget(coverage={"dof_rule": "infinite"}))["dof_used"] is None


def test_the_stated_texts_have_the_digits_of_the_uncertainty() -> None:
    found = answer(budget())
    assert found["reported"]["value"] == "9.50"
    assert found["reported"]["expanded_uncertainty"] == "0.73"
    assert found["reported"]["coverage_factor"] == "2.28"
    assert found["reported"]["text_vi"] == "E = (9,50 ± 0,73)\u00a0kPa; k = 2,28; xác suất phủ 95,45\u00a0%"
    assert found["reported"]["text_en"] == "E = (9.50 ± 0.73)\u00a0kPa; k = 2.28; coverage probability 95.45\u00a0%"


def test_one_digit_and_a_cmc_are_reported_as_asked() -> None:
    assert answer(budget(reporting={"digits": 1}))["reported"]["expanded_uncertainty"] == "0.7"
    found = answer(budget(reporting={"cmc": 1.2}))
    assert found["reported"]["expanded_uncertainty"] == "1.2"
    assert found["expanded_uncertainty"] < 1.2
    assert "CMC" in notes(found)
    assert answer(budget(reporting={"digits": 2, "cmc": None}))["reported"]["expanded_uncertainty"] == "0.73"


def test_the_dominant_method_names_its_form() -> None:
    """EA-4/02 S9: k = 1.65 at 95 %."""
    inputs = {
        "dV": {"value": 0, "half_width": 0.05},
        "dVS": {"value": 0, "half_width": 0.011},
        "VS": {"value": 100, "standard_uncertainty": 0.001},
    }
    document = {"model": "100.1 - VS + dV - dVS", "inputs": inputs}
    coverage = {"probability": 0.95, "method": "dominant"}
    found = answer({**document, "coverage": coverage})
    assert found["method_used"] == "dominant_rectangular"
    assert found["coverage_factor"] == pytest.approx(0.95 * math.sqrt(3))
    assert found["dof_used"] is None
    simulated = answer({**document, "coverage": coverage, "monte_carlo": {"trials": 20_000}})
    assert "% of the Monte Carlo trials" in notes(simulated)


def test_without_a_dominant_component_student_t_is_used_and_noted() -> None:
    found = answer(budget(coverage={"method": "dominant"}))
    assert found["method_used"] == "student_t"
    assert found["dof_used"] is not None
    assert "No component dominates" in notes(found)


def test_the_monte_carlo_method_states_its_interval() -> None:
    found = answer(budget("x**2", coverage={"method": "monte_carlo"}, monte_carlo={"trials": 20_000, "seed": 5}))
    low, high = found["interval"]
    assert found["interval"] == found["monte_carlo"]["symmetric"]
    assert found["expanded_uncertainty"] == pytest.approx(0.5 * (high - low))
    assert found["coverage_factor"] == pytest.approx(found["expanded_uncertainty"] / found["standard_uncertainty"])
    assert (found["method_used"], found["dof_used"]) == ("monte_carlo", None)
    assert "coverage interval [" in found["reported"]["text_en"]


def test_the_interval_belongs_to_the_coverage_probability() -> None:
    coverage = {"method": "monte_carlo", "probability": 0.99}
    found = answer(budget("y", coverage=coverage, monte_carlo={"trials": 20_000, "probability": 0.5}))
    assert found["interval"] == pytest.approx([-0.5 - 0.198, -0.5 + 0.198], abs=0.003)
    assert found["monte_carlo"]["symmetric"] == pytest.approx([-0.6, -0.4], abs=0.01)


def test_auto_takes_student_t_where_it_holds_and_monte_carlo_where_not() -> None:
    normal = {"x": {"value": 1, "standard_uncertainty": 0.1}}
    valid = answer({"model": "x", "inputs": normal, "coverage": {"method": "auto"}})
    assert valid["monte_carlo"]["gum_valid"]
    assert valid["method_used"] == "student_t"
    curved = answer({"model": "exp(20*x)", "inputs": normal, "coverage": {"method": "auto"}})
    assert not curved["monte_carlo"]["gum_valid"]
    assert curved["method_used"] == "monte_carlo"


def test_without_first_order_uncertainty_there_is_no_factor() -> None:
    found = answer(
        {
            "model": "x*y",
            "inputs": {name: {"value": 0, "standard_uncertainty": 1} for name in "xy"},
            "coverage": {"method": "monte_carlo"},
            "monte_carlo": {"trials": 20_000},
        }
    )
    assert found["standard_uncertainty"] == 0.0
    assert found["coverage_factor"] is None
    assert found["expanded_uncertainty"] > 1.0
    assert "no coverage factor k = U/u" in notes(found)
    assert found["reported"]["coverage_factor"] is None


def test_a_missing_derivative_gives_nulls_with_their_reason() -> None:
    inputs = {"x": {"lower": 0, "upper": 1, "value": 0}}
    found = answer({"model": "sqrt(x)", "inputs": inputs, "monte_carlo": {"trials": 5000}})
    for field in ("standard_uncertainty", "expanded_uncertainty", "coverage_factor", "interval", "reported"):
        assert found[field] is None
    assert found["contributions"][0]["sensitivity"] is None
    assert found["contributions"][0]["share"] is None
    assert found["monte_carlo"]["standard_deviation"] == pytest.approx(math.sqrt(1 / 2 - 4 / 9), rel=0.05)
    assert found["monte_carlo"]["gum_valid"] is False
    assert found["monte_carlo"]["delta"] is None
    assert "does not exist" in notes(found)


def test_a_variance_that_does_not_exist_is_null_with_its_reason() -> None:
    found = answer({"model": "x", "inputs": {"x": {"readings": [1.0, 2.0, 3.0]}}, "monte_carlo": {"trials": 5000}})
    assert found["monte_carlo"]["standard_deviation"] is None
    assert found["monte_carlo"]["mean"] is not None
    assert "has no variance" in notes(found)


def test_trials_without_a_value_leave_no_simulation_or_are_refused_where_it_is_needed() -> None:
    document = {"model": "log(x)", "inputs": {"x": {"value": 1, "standard_uncertainty": 1}}}
    found = answer({**document, "monte_carlo": {"trials": 1000}})
    assert found["monte_carlo"] is None
    assert "no finite value in" in notes(found)
    for method in ("monte_carlo", "auto"):
        with pytest.raises(InputError, match="no finite value in"):
            answer({**document, "coverage": {"method": method}, "monte_carlo": {"trials": 1000}})


def test_several_outputs_stand_by_name_with_their_correlations() -> None:
    found = answer(budget({"A": "x + y", "B": "x - y"}, monte_carlo={"trials": 5000}))
    assert set(found["outputs"]) == {"A", "B"}
    assert set(found["outputs"]["A"]) >= TOP
    assert found["output_correlations"]["A"]["B"] == found["output_correlations"]["B"]["A"]
    assert found["output_correlations"]["A"]["A"] == pytest.approx(1.0)
    assert set(found["coverage_region"]) >= {"k_ellipse", "k_rectangle"}
    assert found["outputs"]["A"]["monte_carlo"]["seed"] == 1


def test_one_named_output_stands_by_its_name() -> None:
    found = answer(budget({"A": "x + y"}))
    assert found["outputs"]["A"]["value"] == 9.5
    assert "coverage_region" not in found


def test_an_undefined_correlation_of_outputs_is_null_with_its_reason() -> None:
    found = answer(budget({"A": "x", "B": "3"}))
    assert found["output_correlations"]["A"]["B"] is None
    assert found["coverage_region"] is None
    assert "no correlation coefficient" in notes(found)


def test_the_seed_of_the_call_comes_before_that_of_the_document() -> None:
    document = budget(monte_carlo={"trials": 2000, "seed": 4})
    assert answer(document)["monte_carlo"]["seed"] == 4
    assert answer(document, seed=9)["monte_carlo"]["seed"] == 9
    assert answer(document, seed=9) == answer(budget(monte_carlo={"trials": 2000, "seed": 9}))
    assert answer(budget(coverage={"method": "monte_carlo"}), seed=9)["monte_carlo"]["seed"] == 9
    assert answer(budget(), seed=9)["monte_carlo"] is None


def test_the_same_document_gives_the_same_bytes() -> None:
    document = budget(monte_carlo={"trials": 30_000}, coverage={"method": "auto"})
    assert json.dumps(answer(document)) == json.dumps(answer(document))


def test_lean_leaves_out_texts_and_second_order_only() -> None:
    full, lean = answer(budget()), answer(budget(), lean=True)
    assert lean["second_order"] is None
    assert lean["reported"] is None
    assert set(lean) == set(full)
    for field in ("value", "standard_uncertainty", "expanded_uncertainty", "coverage_factor", "effective_dof"):
        assert lean[field] == full[field]


def test_a_simulation_to_two_digits_says_its_error() -> None:
    found = answer(budget(monte_carlo={"digits": 2}))
    assert found["monte_carlo"]["numerical_error"] < found["monte_carlo"]["delta"]
    assert found["monte_carlo"]["trials"] >= 1000


def test_willinks_form_is_named() -> None:
    inputs = {name: {"value": 1, "standard_uncertainty": 0.1, "dof": 5} for name in "xy"}
    found = answer({"model": "x + y", "inputs": inputs, "correlations": [{"between": ["x", "y"], "r": 0.5}]})
    assert "Willink" in notes(found)


def test_units_are_checked_when_asked() -> None:
    answer(budget(check_units=True))
    wrong = budget(check_units=True)
    wrong["inputs"]["y"]["unit"] = "°C"
    with pytest.raises(InputError, match="kPa and °C"):
        answer(wrong)
    answer({**wrong, "check_units": False})
    by_input = budget()
    by_input["inputs"]["y"] |= {"unit": "°C", "check_units": True}
    with pytest.raises(InputError, match="kPa and °C"):
        answer(by_input)


BAD = [
    (budget(model=5), "model"),
    (budget(model={}), "model"),
    (budget(model={"x": "y"}), "model.x"),
    (budget(model={"sqrt": "x"}), "model.sqrt"),
    (budget(model={"A": "x", "B": 5}), "model.B"),
    (budget(model={"A": "B", "B": "A"}), "model.A"),
    (budget(model="x + z"), "model"),
    (budget(model="1/(x - x)"), "model"),
    (budget(inputs=[]), "inputs"),
    (budget(inputs={"x": 5}), "inputs.x"),
    (budget(inputs={"pi": {"constant": 3}}), "inputs.pi"),
    (budget(title=5), "title"),
    (budget(quantity="E"), "quantity"),
    (budget(colour="red"), "colour"),
    (budget(correlations={}), "correlations"),
    (budget(correlations=[{"between": ["x", "q"], "r": 0.1}]), "correlations.0.between.1"),
    (budget(correlations=[{"between": ["x", "x"], "r": 0.1}]), "correlations.0.between"),
    (budget(correlations=[{"between": ["x", "y"], "r": 1.1}]), "correlations.0.r"),
    (budget(coverage={"probability": 0}), "coverage.probability"),
    (budget(coverage={"probability": 1}), "coverage.probability"),
    (budget(coverage={"probability": 101}), "coverage.probability"),
    (budget(coverage={"dof_rule": "round"}), "coverage.dof_rule"),
    (budget(coverage={"method": "gut"}), "coverage.method"),
    (budget(coverage={"k": 2}), "coverage.k"),
    (budget(monte_carlo={"trials": 99}), "monte_carlo.trials"),
    (budget(monte_carlo={"trials": 10**9 + 1}), "monte_carlo.trials"),
    (budget(monte_carlo={"trials": 1000.0}), "monte_carlo.trials"),
    (budget(monte_carlo={"trials": 1000, "digits": 2}), "monte_carlo.digits"),
    (budget(monte_carlo={"digits": 4}), "monte_carlo.digits"),
    (budget(monte_carlo={"seed": -1}), "monte_carlo.seed"),
    (budget(monte_carlo={"probability": 1}), "monte_carlo.probability"),
    (budget(reporting={"digits": 3}), "reporting.digits"),
    (budget(reporting={"cmc": -1}), "reporting.cmc"),
    (budget(check_units="yes"), "check_units"),
]


@pytest.mark.parametrize(("document", "path"), BAD, ids=[path for _, path in BAD])
def test_a_wrong_budget_is_refused_at_its_place_in_both_languages(document: dict[str, Any], path: str) -> None:
    with pytest.raises(InputError) as caught:
        calculate("budget", document)
    assert caught.value.path == path
    assert caught.value.vi != caught.value.en


@pytest.mark.parametrize("key", ["model", "inputs"])
def test_a_required_part_is_named(key: str) -> None:
    document = budget()
    del document[key]
    with pytest.raises(InputError) as caught:
        calculate("budget", document)
    assert caught.value.path == key


def test_the_table_of_a_budget_reads_in_both_languages() -> None:
    found = answer(budget(monte_carlo={"trials": 1000}))
    vietnamese, english = as_table("budget", found, "vi"), as_table("budget", found, "en")
    assert "E = (9,50 ± 0,73)" in vietnamese
    assert "Bảng độ không đảm bảo đo" in vietnamese
    assert "chữ nhật" in vietnamese
    assert "9,5\n" in vietnamese
    assert "Uncertainty budget" in english
    assert "rectangular" in english
    assert vietnamese.endswith("\n")
    assert not vietnamese.endswith("\n\n")


def test_the_table_of_several_outputs_names_them() -> None:
    text = as_table("budget", answer(budget({"A": "x + y", "B": "x - y"})), "en")
    assert "\n  A\n" in text
    assert "Coverage region of the two results" in text


def test_every_kind_has_a_table() -> None:
    documents: dict[str, dict[str, Any]] = {
        "budget": budget(),
        "conformity": {"value": 1.0, "standard_uncertainty": 0.1, "limits": {"upper": 2.0}},
        "interval": {"method": "A3", "in_tolerance": 15, "tested": 20, "interval_days": 365, "target_reliability": 0.9},
        "fit": {"model": "line", "x": [1, 2, 3], "y": [1.1, 1.9, 3.2], "predict": [4]},
        "anova": {"groups": [[1, 2, 3], [2, 3, 5]]},
        "comparison": {
            "lab": {"value": 1, "expanded_uncertainty": 0.1},
            "reference": {"value": 1.05, "expanded_uncertainty": 0.1},
        },
    }
    assert set(documents) == set(KINDS)
    for kind, document in documents.items():
        for language in ("vi", "en"):
            assert len(as_table(kind, calculate(kind, document), language).splitlines()) > 3
