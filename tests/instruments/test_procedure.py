"""A procedure file is read whole, and every fault is told with its line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.library import shipped_names, shipped_text
from instruments.procedure import Fault, ProcedureError, load_procedure, procedure_digest
from instruments.run import check_text
from instruments.toml_lines import line_of, value_lines
from tests.instruments.sample_procedure import TEXT, sample


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(ProcedureError) as refused:
        load_procedure(text, "file.toml")
    return refused.value.faults


def line(fragment: str, text: str = TEXT) -> int:
    """Line on which a fragment first stands."""
    return text[: text.index(fragment)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ('edition = "1"', 'editoin = "1"', "procedure.editoin", "did you mean edition?"),
        ('service = "calibration"', 'service = "calibrate"', "procedure.service", "did you mean calibration?"),
        ("version = 3", "version = 3.5", "procedure.version", "expected an integer"),
        ('en = "Trial" }\nservice', 'eng = "Trial" }\nservice', "procedure.title.eng", "no such key"),
        ('formula = "(up + down)/2"', 'formula = "(up + dwon)/2"', "tables[1].derived[0].formula", "dwon"),
        ('formula = "(up + down)/2"', 'formula = "(up + down/2"', "tables[1].derived[0].formula", "ends early"),
        ('formula = "(up + down)/2"', "formula = \"__import__('os')\"", "tables[1].derived[0].formula", "character"),
        ('model = "I - S + a*dt + d"', 'model = "I - S + a*dt"', "tables[1].result.inputs[4].name", "does not use d"),
        ('model = "I - S + a*dt + d"', 'model = "I - S + a*dt + d + x"', "tables[1].result.model", "x is not among"),
        ('"1000*ref_drift"', '"ref_dirft"', "tables[1].result.inputs[4].half_width", "did you mean ref_drift?"),
        ('of = "r_s"', 'of = "r_sd"', "tables[0].summary[0].of", "did you mean r_s?"),
        ('key = "down"', 'key = "up"', "tables[1].readings[1].key", "taken already"),
        ('key = "down"', 'key = "sqrt"', "tables[1].readings[1].key", "is a function"),
        ('key = "down"', 'key = "độ"', "tables[1].readings[1].key", "is not a name"),
        ('key = "ref"', f'key = "{"r" * 25}"', "standards[0].key", "is not a name"),
        ("at_least = 3", "at_least = 9", "tables[0].readings[0].at_least", "expected an integer, 1 to 4"),
        ("{ at = 50, value", "{ at = 20, value", "lookups[1].rows", "ascending"),
        ('"0.5" = 0.5, "1" = 1', '"0.5" = 0.5, "2" = 1', "lookups[0]", "2 is not among the choices"),
        ('field = "grade"', 'field = "range_max"', "lookups[0].field", "not a field of type choice"),
        ("probability = 0.9545", "probability = 95.45", "coverage.probability", "between 0 and 1"),
        ('take = "max"', 'take = "median"', "tables[0].summary[0].take", "expected one of"),
        ("percent = [0, 50, 100]", 'percent = [0, "half"]', "tables[1].points.percent[1]", "expected a number"),
        ("within = \"max(0.1, 0.01*nominal)\"", "", "tables[1].readings[0]", "belong together"),
        ('factor = 0.001', "factor = -1", "tables[1].result.factor", "positive"),
        ('show = "result"', 'show = "resutl"', "tables[1].columns[1].show", "did you mean result?"),
        ('expanded_uncertainty = "1000*ref_U"', 'half_width = "1"', "tables[1].result.inputs[1]", "exactly one way"),
        ("alpha\"\nvalue = 11.5e-6", 'alpha"\nvalue = "11.5"', "constants[0].value", "expected a number"),
        ('standard = "ref"', 'standard = "rif"', "tables[1].result.inputs[1].standard", "did you mean ref?"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_path_and_a_hint(old: str, new: str, path: str, says: str) -> None:
    assert TEXT.count(old) >= 1
    text = TEXT.replace(old, new, 1)
    found = [fault for fault in faults(text) if fault.path == path]
    assert found, [(fault.path, fault.en) for fault in faults(text)]
    assert says in found[0].en
    assert found[0].vi


def test_the_line_is_that_of_the_faulty_value() -> None:
    wrong = TEXT.replace('half_width = "1000*ref_drift"', 'half_width = "ref_dirft"')
    assert [fault.line for fault in faults(wrong)] == [line("ref_drift")]
    row = TEXT.replace("{ at = 50, value = 0.006 }", '{ at = 50, value = "x" }')
    assert [fault.line for fault in faults(row)] == [line("{ at = 50")]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = TEXT.replace('unit = "mm"\ntype = "number"', 'unti = "mm"\ntype = "numbr"').replace(
        "probability", "probabilty"
    )
    found = faults(text)
    assert len(found) >= 3
    assert [fault.line for fault in found] == sorted(fault.line for fault in found)


def test_broken_toml_names_its_line() -> None:
    text = TEXT.replace("version = 3", "version = = 3")
    (fault,) = faults(text)
    assert fault.line == line("version = 3")
    assert str(ProcedureError("file.toml", (fault,))).startswith(f"file.toml:{fault.line}: ")


@pytest.mark.parametrize(
    "text", ["", "a = 1", "[" * 4000, "x = " + "[" * 3000, "tables = 1\nfields = [1, 2]", "a" * 400_000]
)
def test_what_is_no_procedure_at_all_is_refused_without_a_crash(text: str) -> None:
    assert faults(text)


def test_a_verification_needs_limits_and_a_rule() -> None:
    text = TEXT.replace('service = "calibration"', 'service = "verification"')
    assert [fault.path for fault in faults(text)] == ["decision"]
    assert load_procedure(text + '\n[decision]\nrule = "simple"\n').service == "verification"


def test_readings_alone_need_two_of_them_or_a_pooled_s() -> None:
    text = TEXT.replace('value = "1000*mean"\nstandard_uncertainty = "1000*s_rep"', 'readings = "up"')
    assert ["needs at least 2 readings" in fault.en for fault in faults(text)] == [True]


def test_the_digest_ignores_line_ends_and_blanks_but_no_character_of_content() -> None:
    assert procedure_digest(TEXT.replace("\n", "  \r\n")) == procedure_digest(TEXT + "\n\n")
    assert procedure_digest(TEXT) != procedure_digest(TEXT.replace("11.5e-6", "11.6e-6"))
    assert sample().digest == procedure_digest(TEXT)


def test_the_standards_that_a_table_needs_are_known_before_any_reading() -> None:
    assert [table.standards for table in sample().tables] == [(), ("ref",)]


def test_what_is_looked_up_by_key_must_exist() -> None:
    assert sample().table("main").key == "main"
    assert sample().field("grade").type == "choice"
    with pytest.raises(KeyError):
        sample().table("x")
    with pytest.raises(KeyError):
        sample().field("x")


@pytest.mark.parametrize("name", shipped_names())
def test_every_value_of_a_file_has_a_line_and_it_is_the_right_one(name: str) -> None:
    text = shipped_text(name)
    lines = value_lines(text)
    rows = text.split("\n")
    for path, value in _leaves(tomllib.loads(text), ()):
        if isinstance(value, str) and isinstance(path[-1], str):
            assert value.split("\n")[0] in rows[lines[path] - 1], path


def _leaves(value: object, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], object]]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaves(item, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, item in enumerate(value) for leaf in _leaves(item, (*path, at))]
    return [(path, value)]


def test_strings_comments_and_brackets_do_not_mislead_the_lines() -> None:
    text = 'a = """x\n[b]\n"""\n[c] # [d]\n"e f" = \'#\'\ng = [ # one\n  1,\n  { h = "]" },\n]\nk.l = 2\n'
    lines = value_lines(text)
    assert (lines[("c",)], lines[("c", "e f")], lines[("c", "g", 1, "h")], lines[("c", "k", "l")]) == (4, 5, 8, 10)
    assert line_of(lines, ("c", "g", 1, "missing")) == 8
    assert line_of(lines, ("nowhere",)) == 1


DAMAGE = ("", "[", "]", '"', "=", "\n", "x", "{", "'''", ",", "1e400", "-", "#", "nan", "true")


@settings(max_examples=120, deadline=None)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 30), st.sampled_from(DAMAGE))
def test_a_damaged_file_is_refused_with_lines_or_read_but_never_crashes(at: int, cut: int, put: str) -> None:
    text = TEXT[:at] + put + TEXT[at + cut :]
    told = check_text(text, "damaged.toml")
    assert all(1 <= int(line.split(":")[1]) <= text.count("\n") + 1 for line in told)
