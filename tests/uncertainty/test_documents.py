"""Reading documents: JSON and TOML, and the numbers that get in."""

from __future__ import annotations

import pytest

from uncertainty.calc import calculate
from uncertainty.document_text import load_document
from uncertainty.documents import Reader, checked_number
from uncertainty.errors import Fault, FaultList, InputError, InputErrors


def test_json_and_toml_give_the_same_document() -> None:
    expected = {"budget": 1, "inputs": {"a": {"readings": [1.5, 2.0]}}}
    assert load_document('{"budget": 1, "inputs": {"a": {"readings": [1.5, 2.0]}}}', "x.json") == expected
    assert load_document("budget = 1\n[inputs.a]\nreadings = [1.5, 2.0]\n", "x.toml") == expected


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [
        ('{"a": {"b": [1, NaN]}}', "x.json", "a.b.1"),
        ('{"a": Infinity}', "x.json", "a"),
        ('{"a": -Infinity}', "x.json", "a"),
        ('{"a": 1e400}', "x.json", "a"),
        ('{"a": -1e400}', "x.json", "a"),
        ('{"a": 1e-400}', "x.json", "a"),
        ('{"a": ' + "9" * 5000 + "}", "x.json", "a"),
        ('{"a": 1, "a": 2}', "x.json", "a"),
        ("a = nan", "x.toml", "a"),
        ("a = [1.0, inf]", "x.toml", "a.1"),
        ("a = 1e400", "x.TOML", "a"),
        ("[1]", "x.json", ""),
        ("", "x.json", ""),
        ('{"a": 1,}', "x.json", ""),
        ('{"a": 01}', "x.json", ""),
        ("[" * 100_000, "x.json", ""),
        ("a = 1\na = 2", "x.toml", ""),
    ],
)
def test_what_is_no_document_of_finite_numbers_is_refused_with_its_place(text: str, name: str, path: str) -> None:
    with pytest.raises(InputError) as caught:
        load_document(text, name)
    assert caught.value.path == path


def test_zeros_and_the_smallest_numbers_are_read() -> None:
    assert load_document('{"a": [0.0, 0e5, -0.0, 5e-324]}', "x.json") == {"a": [0.0, 0.0, 0.0, 5e-324]}


@pytest.mark.parametrize("raw", [True, None, "12", [], {}, float("nan"), float("inf"), 10**400])
def test_a_number_is_a_finite_number(raw: object) -> None:
    with pytest.raises(InputError, match="expected a"):
        checked_number(raw, "x")


def test_every_fault_of_a_document_is_reported_with_its_own_message() -> None:
    document = {
        "model": "a + sqrt(",
        "inputs": {"a": {"value": "1", "standard_uncertainty": 1}, "b": {"value": 1}},
        "coverage": {"probability": 95},
        "monte_carlo": {"trials": 1e6},
        "reporting": {"digits": 5},
        "correlations": [{"between": ["a"], "r": 2}],
    }
    with pytest.raises(InputErrors) as caught:
        calculate("budget", document)
    assert [fault.path for fault in caught.value.faults] == [
        "model",
        "inputs.a.value",
        "inputs.b",
        "correlations.0.between",
        "coverage.probability",
        "reporting.digits",
        "monte_carlo.trials",
    ]
    assert str(caught.value).count("\n") == 6


def test_unknown_keys_are_named_with_the_known_ones() -> None:
    with pytest.raises(InputErrors) as caught:
        Reader({"a": 1, "colour": 2, "size": 3}, "top", ("a", "b"))
    assert [fault.path for fault in caught.value.faults] == ["top.colour", "top.size"]
    assert caught.value.en == "unknown key; known here: a, b"


def test_a_reader_gives_checked_values() -> None:
    reader = Reader({"n": 3, "x": 2.5, "t": "text", "f": True, "m": [[1, 2], [3, 4]], "z": None}, "", tuple("nxtfmzq"))
    assert reader.integer("n") == 3
    assert reader.number("x", at_least=2.5, at_most=2.5) == 2.5
    assert reader.text("t") == "text"
    assert reader.flag("f", False)
    assert reader.matrix("m") == [[1.0, 2.0], [3.0, 4.0]]
    assert reader.optional_number("z") is None
    assert reader.number("q", 7.0) == 7.0
    assert list(reader) == ["n", "x", "t", "f", "m", "z"]


@pytest.mark.parametrize("raw", [1.0, True, "1", None])
def test_a_whole_number_is_written_as_one(raw: object) -> None:
    with pytest.raises(InputError, match="whole number"):
        Reader({"n": raw}, "", ("n",)).integer("n")


def test_rows_of_a_matrix_have_one_length() -> None:
    with pytest.raises(InputError) as caught:
        Reader({"m": [[1, 2], [3]]}, "", ("m",)).matrix("m")
    assert caught.value.path == "m.1"


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="budget, conformity, interval, fit, anova, comparison"):
        calculate("magic", {})


@pytest.mark.parametrize("version", [2, "1", True, 1.0, None])
def test_another_format_version_is_refused(version: object) -> None:
    with pytest.raises(InputError) as caught:
        calculate("budget", {"budget": version, "model": "1", "inputs": {}})
    assert caught.value.path == "budget"


def test_a_fault_reads_as_place_and_message() -> None:
    error = InputError("inputs.a", vi="sai", en="wrong")
    assert (str(error), error.path, error.vi, error.en) == ("inputs.a: wrong", "inputs.a", "sai", "wrong")
    assert error.faults == (Fault("inputs.a", "sai", "wrong"),)
    assert str(Fault("", "sai", "wrong")) == "wrong"


def test_a_list_of_faults_raises_only_when_there_is_one() -> None:
    faults = FaultList()
    with faults.gathering():
        pass
    faults.raise_if_any()
    with faults.gathering():
        raise InputError("a", vi="sai", en="wrong")
    with pytest.raises(InputErrors, match="a: wrong"):
        faults.raise_if_any()
