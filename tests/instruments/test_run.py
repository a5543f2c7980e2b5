"""READINGS.json and the two commands for procedure files."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from instruments.library import load_shipped, read_cases, reference_cases, shipped_text
from instruments.procedure import ProcedureError
from instruments.run import ReadingsError, check_text, read_observations, readable, run
from uncertainty.errors import InputError

NAME = "multimeter-dc"


def readings() -> dict[str, Any]:
    cases = json.loads((files("instruments") / "procedures" / "cases" / f"{NAME}.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = cases["cases"][0]["observations"]
    return found


def faults(document: object) -> list[str]:
    with pytest.raises(ReadingsError) as refused:
        read_observations(document if isinstance(document, str) else json.dumps(document), load_shipped(NAME))
    return [path for path, _, _ in refused.value.faults]


def test_a_procedure_and_its_readings_give_the_published_result() -> None:
    """EA-4/02 S9: E = 0,10 V, U = 0,05 V, k = 1,65."""
    row = run(shipped_text(NAME), f"{NAME}.toml", json.dumps(readings())).tables[0].rows[0]
    assert (row.value_text, row.U_text, row.k_text) == ("0.10", "0.05", "1.65")


def test_readings_keep_the_digits_typed() -> None:
    found = read_observations(json.dumps({**readings(), "readings": {"main/1/ind/1": "100.10"}}), load_shipped(NAME))
    (number,) = found.readings.values()
    assert str(number.value) == "100.10"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"readings": {"main/1/ind/1": 100.1}}, "readings.main/1/ind/1"),
        ({"readings": {"main/1/ind/1": None}}, "readings.main/1/ind/1"),
        ({"readings": {"main/1/ind/1": "100,1"}}, "readings.main/1/ind/1"),
        ({"readings": {"main/1/ind/1": "nan"}}, "readings.main/1/ind/1"),
        ({"readings": {"main/2/ind/1": "100.1"}}, "readings.main/2/ind/1"),
        ({"readings": []}, "readings"),
        ({"instrument": {"resolution": 0.1}}, "instrument.resolution"),
        ({"instrument": {"resolutoin": "0.1"}}, "instrument.resolutoin"),
        ({"checks": {"external": "ok"}}, "checks.external"),
        ({"environment": {"temperature": "20"}}, "environment.temperature"),
        ({"decision_rule": "maybe"}, "decision_rule"),
        ({"cmc": {"main/1": -1}}, "cmc.main/1"),
        ({"standards": {"ref": {"asset_number": "A"}}}, "standards.ref.certificate_number"),
        ({"standards": {"other": {}}}, "standards.other"),
        ({"extra": 1}, "extra"),
        ({"observations": 2}, "observations"),
    ],
)
def test_a_wrong_file_names_the_json_path(change: dict[str, Any], path: str) -> None:
    assert path in faults({**readings(), **change})


def test_all_faults_are_told_at_once() -> None:
    wrong = {**readings(), "checks": {"external": 1, "x": "pass"}, "environment": {"humidity/start": "much"}}
    assert faults(wrong) == ["checks.external", "checks.x", "environment.humidity/start"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"cmc": {"main/1": NaN}}', '{"checks": {}, "checks": {}}'])
def test_what_is_no_such_document_is_refused(text: str) -> None:
    assert faults(text) != []


def test_check_says_file_line_and_fault_or_nothing() -> None:
    assert check_text(shipped_text(NAME), "a.toml") == ()
    (line,) = check_text(shipped_text(NAME).replace('model = "ViX - VS', 'model = "ViX - VSS'), "a.toml")[:1]
    assert line.startswith("a.toml:")
    assert "tables[0].result" in line


def test_a_broken_procedure_is_refused_before_the_readings_are_read() -> None:
    with pytest.raises(ProcedureError):
        run("x = 1", "x.toml", "{")


def test_the_readable_form_is_a_table_with_vietnamese_words_and_commas() -> None:
    text = readable(run(shipped_text(NAME), f"{NAME}.toml", json.dumps(readings())))
    assert "QT-DI-01, phiên bản 1: xong, không công bố sự phù hợp" in text
    assert "+0,10" in text
    assert "0,05" in text


def test_the_readable_form_says_what_is_missing_and_what_failed() -> None:
    empty = readable(run(shipped_text(NAME), f"{NAME}.toml", '{"instrument": {"resolution": "0.1"}}'))
    assert "chờ số đọc Số chỉ" in empty
    gauge = load_shipped("dial-pressure-gauge")
    failing = reference_cases("dial-pressure-gauge")[1]
    from instruments.evaluate import evaluate

    text = readable(evaluate(gauge, failing.observations))
    assert "không đạt" in text
    assert "Chưa xác nhận với văn bản gốc: nội dung của ĐLVN 08:2011" in text


def test_a_wrong_case_file_is_refused_by_path() -> None:
    with pytest.raises(InputError) as refused:
        read_cases('{"cases": [{"name": "a"}]}', load_shipped(NAME))
    assert refused.value.path == "cases.0.source"
