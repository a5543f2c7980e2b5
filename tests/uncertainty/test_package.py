"""The package as others import it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import uncertainty


def test_the_public_names_are_found_where_they_are_said_to_be() -> None:
    for name in uncertainty._PLACES:
        assert getattr(uncertainty, name) is not None
        assert name in dir(uncertainty)


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = uncertainty.nothing


def test_importing_the_package_loads_no_numerical_library_and_a_budget_no_statistics() -> None:
    program = (
        "import sys, uncertainty\n"
        "assert 'numpy' not in sys.modules and 'scipy' not in sys.modules\n"
        "from uncertainty import calculate\n"
        "calculate('budget', {'model': 'a', 'inputs': {'a': {'readings': [1, 2, 3]}}})\n"
        "assert 'scipy.stats' not in sys.modules and 'flask' not in sys.modules and 'sqlalchemy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_example_of_the_package_runs() -> None:
    """GUM H.2: Z = V/I = 254.26 Ω."""
    budget = uncertainty.Budget(
        "V/I", (uncertainty.Input.normal("V", 4.999, 0.0032), uncertainty.Input.normal("I", 0.019661, 9.5e-6)), unit="Ω"
    )
    (result,) = uncertainty.evaluate(budget).outputs
    assert result.value == pytest.approx(254.26, abs=0.005)
